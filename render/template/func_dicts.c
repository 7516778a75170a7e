/* Maps: reading, changing in place, picking, merging.
 *
 * `set`, `unset` and the merges change the map they are given, and whoever holds it sees that.
 * Where Go's order is chance (`keys`, `values`) ours is that of the keys. */
#include "render/template/cast.h"
#include "render/template/func.h"

static str text(const struct call *c, uint32_t at)
{
    return value_str(c->args[at]);
}

static const struct key *known_key(const struct call *c, uint32_t at)
{
    return intern_find(c->cx->keys, text(c, at));
}

static const struct dict_entry *look_up(struct call *c, const struct dict *d, const struct key *key)
{
    const struct dict_entry *e = dict_find(d, key);
    call_reads(c, d, key, e);
    return e;
}

static struct value dict(struct call *c)
{
    struct dict *d = dict_new(c->arena, c->count / 2 + 1);
    for (uint32_t i = 0; i < c->count; i += 2) {
        struct value v = i + 1 < c->count ? c->args[i + 1] : value_string(S(""));
        dict_set_text(c->cx, d, cast_text(c->arena, c->args[i]), v);
    }
    return value_map(d);
}

static struct value get(struct call *c)
{
    const struct dict_entry *e = look_up(c, c->args[0].dict, known_key(c, 1));
    return e ? e->value : value_string(S(""));
}

static struct value set(struct call *c)
{
    if (!c->args[0].dict)
        return call_panic(c, "assignment to entry in nil map", "this takes a map, not nil");
    dict_set_text(c->cx, c->args[0].dict, text(c, 1), c->args[2]);
    return c->args[0];
}

static struct value unset(struct call *c)
{
    if (c->args[0].dict)
        dict_remove(c->args[0].dict, known_key(c, 1));
    return c->args[0];
}

static struct value has_key(struct call *c)
{
    return value_bool(look_up(c, c->args[0].dict, known_key(c, 1)) != NULL);
}

static struct value pluck(struct call *c)
{
    const struct key *key = known_key(c, 0);
    struct value *items = arena_alloc(c->arena, arena_array(c->count, sizeof *items));
    uint32_t n = 0;
    for (uint32_t i = 1; i < c->count; i++) {
        const struct dict_entry *e = look_up(c, c->args[i].dict, key);
        if (e)
            items[n++] = e->value;
    }
    return value_list(items, n);
}

static struct value keys(struct call *c)
{
    uint32_t len = 0, n = 0;
    for (uint32_t i = 0; i < c->count; i++)
        len += c->args[i].dict ? c->args[i].dict->len : 0;
    struct value *items = arena_alloc(c->arena, arena_array(len, sizeof *items));
    for (uint32_t i = 0; i < c->count; i++) {
        struct dict *d = c->args[i].dict;
        const struct dict_entry *entries = d ? dict_sorted(d) : NULL;
        for (uint32_t at = 0; d && at < d->len; at++)
            items[n++] = value_string(entries[at].key->text);
    }
    return value_list_of(TYPE_STRINGS, items, n);
}

static struct value values(struct call *c)
{
    struct dict *d = c->args[0].dict;
    if (!d)
        return value_list(NULL, 0);
    const struct dict_entry *entries = dict_sorted(d);
    struct value *items = arena_alloc(c->arena, arena_array(d->len, sizeof *items));
    for (uint32_t i = 0; i < d->len; i++)
        items[i] = entries[i].value;
    return value_list(items, d->len);
}

static struct value pick(struct call *c)
{
    struct dict *made = dict_new(c->arena, c->count - 1);
    for (uint32_t i = 1; i < c->count; i++) {
        const struct dict_entry *e = look_up(c, c->args[0].dict, known_key(c, i));
        if (e)
            dict_set_at(c->arena, made, e->key, e->value, e->pos);
    }
    return value_map(made);
}

static struct value omit(struct call *c)
{
    const struct dict *from = c->args[0].dict;
    struct dict *made = from ? dict_copy(c->arena, from) : dict_new(c->arena, 0);
    made->fixed = false;
    for (uint32_t i = 1; i < c->count; i++)
        dict_remove(made, known_key(c, i));
    return value_map(made);
}

/* Go's v.(map[string]interface {}): exactly that type. `key` led here; it is empty at first. */
static bool assert_map(struct call *c, struct value v, str key)
{
    if (v.kind == VALUE_MAP && v.type == TYPE_ANY)
        return true;
    str found = v.kind == VALUE_NIL ? S("nil") : value_type_name(v);
    str go = str_format(c->arena,
                        "interface conversion: interface {} is %.*s, not "
                        "map[string]interface {}",
                        STR(found));
    const char *words = str_cstr(c->arena, go);
    if (v.kind == VALUE_MAP) {
        call_panic(c, words, "this takes a plain map, not %.*s", STR(found));
        if (v.type == TYPE_VALUES)
            hint(c->cx, c->pos, ".Values.AsMap is one");
    } else if (key.at) {
        call_panic(c, words, "'%.*s' holds no map, but %.*s", STR(key), STR(found));
    } else {
        call_panic(c, words, "this searches a map, not %.*s", STR(found));
    }
    return false;
}

static struct value dig(struct call *c)
{
    if (c->count < 3)
        return call_fail(c, "dig needs at least three arguments");
    struct value v = c->args[c->count - 1];
    str key = { 0 };
    if (!assert_map(c, v, key))
        return NIL;
    for (uint32_t i = 0; i + 2 < c->count; i++) {
        struct value part = c->args[i];
        str found = part.kind == VALUE_NIL ? S("nil") : value_type_name(part);
        str go = str_format(c->arena, "interface conversion: interface {} is %.*s, not string",
                            STR(found));
        if (part.kind != VALUE_STRING)
            return call_panic(c, str_cstr(c->arena, go), "a key must be a string, not %.*s",
                              STR(found));
    }
    for (uint32_t i = 0; i + 2 < c->count; i++) {
        if (!assert_map(c, v, key))
            return NIL;
        key = text(c, i);
        const struct dict_entry *e = look_up(c, v.dict, known_key(c, i));
        if (!e)
            return c->args[c->count - 2];
        v = e->value;
    }
    return v;
}

/* An entry costs as much as so many steps of a template: shared maps can multiply them. */
enum { STEPS_OF_A_MERGE = 16 };

static bool merge_into(struct call *c, struct dict *to, const struct dict *from, bool overwrite);

/* A time and an object are never empty, whatever they hold. */
static bool is_empty(struct value v)
{
    v = value_plain(v);
    return v.kind != VALUE_COMPLEX && !value_true(v);
}

/* One entry of `from`. A map is merged into the map that stands there; where none stands it is
 * not copied: both maps share it from then on. */
static bool merge_entry(struct call *c, struct dict *to, const struct dict_entry *e, bool overwrite)
{
    struct value v = e->value;
    const struct dict_entry *old = dict_find(to, e->key);
    bool maps = v.kind == VALUE_MAP && old && old->value.kind == VALUE_MAP && old->value.dict;
    if (maps && !merge_into(c, old->value.dict, v.dict, overwrite))
        return false;
    if (maps && old->value.dict->len)
        return true;
    if (overwrite || (v.kind != VALUE_NIL && (!old || is_empty(old->value))))
        dict_set_at(c->arena, to, e->key, v, e->pos);
    return true;
}

static bool merge_into(struct call *c, struct dict *to, const struct dict *from, bool overwrite)
{
    if (!from || to == from)
        return true;
    if (!limit_enter(c->cx, LIMIT_DEPTH, c->pos))
        return false;
    bool ok = true;
    for (uint32_t i = 0; ok && i < from->len; i++)
        ok = limit_count(c->cx, LIMIT_STEPS, STEPS_OF_A_MERGE, c->pos)
             && merge_entry(c, to, &from->entries[i], overwrite);
    limit_leave(c->cx, LIMIT_DEPTH);
    return ok;
}

static struct value merged(struct call *c, bool overwrite)
{
    struct value to = c->args[0];
    for (uint32_t i = 1; i < c->count; i++) {
        if (!c->args[i].dict)
            continue;
        if (!to.dict)
            to.dict = dict_new(c->arena, 0);
        if (!merge_into(c, to.dict, c->args[i].dict, overwrite))
            return call_stop(c);
    }
    return to;
}

static struct value merge(struct call *c)
{
    return merged(c, false);
}

static struct value merge_overwrite(struct call *c)
{
    return merged(c, true);
}

static struct value deep_copy(struct call *c)
{
    if (c->args[0].kind == VALUE_NIL)
        return call_panic(c, "reflect: call of reflect.Value.Type on zero Value",
                          "there is nothing to copy: this is nil");
    return value_copy(c->arena, c->args[0]);
}

const struct func dict_funcs[] = {
    { "deepCopy", ".", deep_copy },
    { "dict", ".*", dict },
    { "dig", ".*", dig },
    { "get", "ms", get },
    { "hasKey", "ms", has_key },
    { "keys", "m*", keys },
    { "merge", "mm*", merge },
    { "mergeOverwrite", "mm*", merge_overwrite },
    { "mustDeepCopy", ".", deep_copy },
    { "mustMerge", "mm*", merge },
    { "mustMergeOverwrite", "mm*", merge_overwrite },
    { "omit", "ms*", omit },
    { "pick", "ms*", pick },
    { "pluck", "sm*", pluck },
    { "set", "ms.", set },
    { "unset", "ms", unset },
    { "values", "m", values },
    { 0 },
};
