/* Coalescing as Helm 4 does it. A null of the user removes the default in its place; a null that
 * finds none or another null, and one among the defaults, is a value like any other. */
#include "render/chart/values.h"

#include "render/chart/compat.h"
#include "render/doc/yaml_read.h"
#include "render/template/print.h"

struct dict *values_over(struct context *cx, const struct dict *under, const struct dict *over)
{
    struct dict *out = dict_copy(cx->arena, under);
    for (uint32_t i = 0; i < over->len; i++) {
        const struct dict_entry *e = &over->entries[i];
        const struct dict_entry *mine = dict_find(out, e->key);
        struct value v = e->value;
        if (v.kind == VALUE_MAP && mine && mine->value.kind == VALUE_MAP)
            v = value_map(values_over(cx, mine->value.dict, v.dict));
        dict_set_at(cx->arena, out, e->key, v, e->pos);
    }
    return out;
}

/* Lets no string look at anything but the text. */
static void settle(struct context *cx, struct value *v, str text)
{
    if (v->kind == VALUE_STRING && (v->at < text.at || v->at > text.at + text.len))
        *v = value_string(str_dup(cx->arena, value_str(*v)));
    for (uint32_t i = 0; v->kind == VALUE_LIST && i < v->len; i++)
        settle(cx, (struct value *)&v->items[i], text);
    for (uint32_t i = 0; v->kind == VALUE_MAP && v->dict && i < v->dict->len; i++)
        settle(cx, &v->dict->entries[i].value, text);
}

static bool merge_documents(struct context *cx, struct text *text, const struct documents *all,
                            struct dict **out)
{
    uint32_t count = all->len && chart_compat(cx)->first_document ? 1 : all->len;
    for (uint32_t i = 0; i < count; i++) {
        const struct node *n = all->at[i];
        if (n->kind == NODE_NULL)
            continue;
        if (n->kind != NODE_MAP)
            return report(cx, n->pos, "values must be a map, not %s", node_kind_name(n));
        struct value map = value_from_node(cx, n);
        settle(cx, &map, text->bytes);
        *out = i ? values_over(cx, *out, map.dict) : map.dict;
    }
    return true;
}

/* The documents are forgotten once they are values, unless something was said about them. */
bool values_read(struct context *cx, struct text *text, struct dict **out)
{
    struct documents all = { 0 };
    struct mark before = arena_mark(cx->brief);
    struct arena *ours = cx->arena;
    const struct diag *said = cx->diags.last;
    *out = dict_new(cx->arena, 0);
    cx->arena = cx->brief;
    bool ok = yaml_read_all(cx, text, YAML_GO2, &all);
    cx->arena = ours;
    ok = ok && merge_documents(cx, text, &all, out);
    if (said != cx->diags.last)
        return ok;
    text_forget(text);
    arena_rewind(cx->brief, before);
    return ok;
}

static bool is_table(struct value v)
{
    return v.kind == VALUE_MAP;
}

static bool is_nil(struct value v)
{
    return v.kind == VALUE_NIL;
}

static struct dict *copy_of(struct context *cx, const struct dict *d)
{
    if (!d)
        return dict_new(cx->arena, 0);
    return value_copy(cx->arena, value_map((struct dict *)d)).dict;
}

/* Calls for each key that was there at the beginning; the callee may change the map. */
struct keys {
    const struct key **at;
    uint32_t len;
};

static struct keys keys_of(struct context *cx, const struct dict *d)
{
    struct keys keys = { NEW_ARRAY(cx->arena, const struct key *, d->len), d->len };
    for (uint32_t i = 0; i < d->len; i++)
        keys.at[i] = d->entries[i].key;
    return keys;
}

static void merge_key(struct context *cx, struct dict *dest, const struct dict_entry *src,
                      bool keep_nulls)
{
    const struct dict_entry *mine = dict_find(dest, src->key);
    struct value v = src->value;
    if (mine && !keep_nulls && is_nil(mine->value) && !is_nil(v))
        dict_remove(dest, src->key);
    else if (!mine)
        dict_set_at(cx->arena, dest, src->key, v, src->pos);
    else if (is_table(v) && is_table(mine->value))
        values_tables(cx, mine->value.dict, v.dict, keep_nulls);
    else if (is_table(v))
        warn(cx, mine->pos, "cannot overwrite table with non table for '%.*s'",
             STR(src->key->text));
    else if (is_table(mine->value) && !is_nil(v))
        warn(cx, src->pos, "destination for '%.*s' is a table: this value is ignored",
             STR(src->key->text));
}

void values_tables(struct context *cx, struct dict *dest, struct dict *src, bool keep_nulls)
{
    /* Where nulls are kept, Helm hands them on to the other side, which shows where that is looked at again:
     * dependencies.cases, "two tables imported to one name". */
    for (uint32_t i = 0; keep_nulls && i < dest->len; i++) {
        if (is_nil(dest->entries[i].value))
            dict_set(cx->arena, src, dest->entries[i].key, NIL);
    }
    struct keys keys = keys_of(cx, src);
    for (uint32_t i = 0; i < keys.len; i++) {
        struct dict_entry e = *dict_find(src, keys.at[i]);
        merge_key(cx, dest, &e, keep_nulls);
    }
}

static bool has_child(const struct chart *chart, const struct key *name)
{
    for (uint32_t i = 0; i < chart->chart_count; i++) {
        if (str_eq(chart->charts[i]->name, name->text))
            return true;
    }
    return false;
}

/* One default of a chart under what `v` has. */
static void add_default(struct context *cx, const struct chart *chart, struct dict *v,
                        const struct dict_entry *e, bool keep_nulls)
{
    const struct dict_entry *mine = dict_find(v, e->key);
    struct value val = e->value;
    if (!mine)
        dict_set_at(cx->arena, v, e->key, val, e->pos);
    else if (is_nil(mine->value) && !keep_nulls)
        dict_remove(v, e->key);
    else if (is_table(mine->value) && is_table(val))
        /* A child's nulls stay until its own defaults have met them. */
        values_tables(cx, mine->value.dict, val.dict, keep_nulls || has_child(chart, e->key));
    else if (is_table(mine->value) && !is_nil(val))
        warn(cx, e->pos, "skipped value for '%.*s': not a table", STR(e->key->text));
}

static void add_defaults(struct context *cx, const struct chart *chart, struct dict *v,
                         bool keep_nulls, bool take)
{
    struct dict *defaults = take ? chart->values : copy_of(cx, chart->values);
    struct keys keys = keys_of(cx, defaults);
    for (uint32_t i = 0; i < keys.len; i++) {
        struct dict_entry e = *dict_find(defaults, keys.at[i]);
        add_default(cx, chart, v, &e, keep_nulls);
    }
}

static void add_global(struct context *cx, struct dict *dest, const struct dict_entry *e)
{
    const struct dict_entry *mine = dict_find(dest, e->key);
    struct value v = e->value;
    if (!is_table(v)) {
        if (!mine || !is_table(mine->value))
            dict_set_at(cx->arena, dest, e->key, v, e->pos);
        return;
    }
    struct dict *copy = dict_copy(cx->arena, v.dict);
    if (mine && !is_table(mine->value)) {
        warn(cx, mine->pos, "cannot merge map onto non-map for '%.*s'", STR(e->key->text));
        return;
    }
    if (mine)
        values_tables(cx, copy, mine->value.dict, true);
    dict_set_at(cx->arena, dest, e->key, value_map(copy), e->pos);
}

/* A parent's `global` reaches the child, over the child's own. */
static void pass_globals(struct context *cx, struct dict *child, const struct dict *parent)
{
    const struct key *name = intern(cx->keys, S("global"));
    const struct dict_entry *mine = dict_find(child, name);
    const struct dict_entry *theirs = dict_find(parent, name);
    if ((mine && !is_table(mine->value)) || (theirs && !is_table(theirs->value)))
        return;
    struct dict *dest = mine ? mine->value.dict : dict_new(cx->arena, 0);
    for (uint32_t i = 0; theirs && i < theirs->value.dict->len; i++)
        add_global(cx, dest, &theirs->value.dict->entries[i]);
    dict_set(cx->arena, child, name, value_map(dest));
}

/* In Helm's words, which print the value with a verb for booleans. */
static bool mismatch(struct context *cx, const struct chart *child, const struct dict_entry *e)
{
    struct buf b;
    buf_init(&b, cx->arena, 64);
    print_format(&b, S("%t"), &e->value, 1);
    return report(cx, e->pos, "type mismatch on %.*s: %.*s", STR(child->name), STR(buf_view(&b)));
}

static bool coalesce(struct context *cx, const struct chart *chart, struct dict *v, bool keep_nulls,
                     bool take)
{
    add_defaults(cx, chart, v, keep_nulls, take);
    for (uint32_t i = 0; i < chart->chart_count; i++) {
        const struct chart *child = chart->charts[i];
        const struct key *name = intern(cx->keys, child->name);
        const struct dict_entry *e = dict_find(v, name);
        if (e && !is_table(e->value))
            return mismatch(cx, child, e);
        struct dict *inner = e ? e->value.dict : dict_new(cx->arena, 0);
        if (!e)
            dict_set(cx->arena, v, name, value_map(inner));
        pass_globals(cx, inner, v);
        if (!coalesce(cx, child, inner, keep_nulls, take))
            return false;
    }
    return true;
}

struct dict *values_coalesce(struct context *cx, const struct chart *chart, const struct dict *said,
                             bool keep_nulls)
{
    struct dict *v = copy_of(cx, said);
    return coalesce(cx, chart, v, keep_nulls, false) ? v : NULL;
}

struct dict *values_take(struct context *cx, struct chart *chart, const struct dict *said)
{
    struct dict *v = copy_of(cx, said);
    return coalesce(cx, chart, v, false, true) ? v : NULL;
}

struct dict *values_table(struct context *cx, struct dict *values, str path)
{
    str part;
    while (values && str_next_field(&path, '.', &part)) {
        struct value v = dict_get_text(cx, values, part);
        values = is_table(v) ? v.dict : NULL;
    }
    return values;
}

bool values_path(struct context *cx, struct dict *values, str path, struct value *out)
{
    str folder, name;
    if (str_cut_last(path, '.', &folder, &name))
        values = values_table(cx, values, folder);
    else
        name = path;
    const struct key *key = intern_find(cx->keys, name);
    const struct dict_entry *e = values && key ? dict_find(values, key) : NULL;
    if (!e || is_table(e->value))
        return false;
    *out = e->value;
    return true;
}
