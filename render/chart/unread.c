/* Of a map in which nothing is read the map is named, of others the entries. A chart's own defaults
 * are its author's business, and so are the values of a chart that is turned off.
 *
 * What a template would read on another condition is no mistake: a values file may say
 * {ingress: {enabled: false, host: x}}. So a value whose name stands in a part of a template that
 * did not run, after the same name or after none, is left alone; and so is what stands beside an
 * "enabled" that is false. */
#include "render/chart/unread.h"

#include <stdlib.h>

#include "render/base/map.h"
#include "render/base/suggest.h"
#include "render/doc/yaml_read.h"
#include "render/template/print.h"

struct found {
    struct pos value; /* as the entry has it */
    struct pos key;
    str path;               /* "image.tag" */
    str name;               /* its last part … */
    const struct dict *map; /* … and where it stands */
};

struct maps {
    struct dict **at;
    uint32_t len;
    uint32_t cap;
};

struct unread {
    struct context *cx;
    struct watch *watch;
    const struct chart *top;
    struct dict *values;
    struct maps globals; /* of every chart: one global is in all of them */
    struct maps charts;  /* the values of every chart */
    struct map idle;     /* names in what did not run: "image.tag", or "tag" after anything */
    struct found *at;
    uint32_t len;
    uint32_t cap;
};

static str join(struct unread *u, str path, str name)
{
    if (!path.len)
        return name;
    return str_format(u->cx->arena, "%.*s.%.*s", STR(path), STR(name));
}

/* Whose values are they? */

static bool is_default(const struct chart *chart, const struct text *text)
{
    const struct text *own = chart->values_text;
    if (own && (own == text || str_eq(own->bytes, text->bytes)))
        return true;
    for (uint32_t i = 0; i < chart->chart_count; i++) {
        if (is_default(chart->charts[i], text))
            return true;
    }
    return false;
}

static bool is_said(const struct unread *u, struct pos pos)
{
    const struct text *text = text_of(u->cx, pos);
    return text && !is_default(u->top, text);
}

/* What is read without a template. */

static const struct dict_entry *read_key(struct unread *u, const struct dict *d, str name)
{
    const struct key *key = intern_find(u->cx->keys, name);
    const struct dict_entry *e = dict_find(d, key);
    watch_read(u->watch, d, key, e);
    return e;
}

static void read_path(struct unread *u, const struct dict *d, str path)
{
    str part;
    while (d && str_next_field(&path, '.', &part)) {
        const struct dict_entry *e = read_key(u, d, part);
        d = e && e->value.kind == VALUE_MAP ? e->value.dict : NULL;
    }
}

static void read_dependency(struct unread *u, const struct dict *d, const struct dependency *one)
{
    str rest = str_trim(one->condition), path;
    while (rest.len && str_next_field(&rest, ',', &path))
        read_path(u, d, path);
    for (uint32_t i = 0; one->tags.kind == VALUE_LIST && i < one->tags.len; i++) {
        str tag = print_text(u->cx->arena, one->tags.items[i]);
        read_path(u, u->values, str_concat(u->cx->arena, S("tags."), tag));
    }
}

static void maps_add(struct unread *u, struct maps *maps, struct dict *d)
{
    ARENA_PUSH(u->cx->arena, maps->at, maps->len, maps->cap);
    maps->at[maps->len++] = d;
}

static bool maps_have(const struct maps *maps, const struct dict *d)
{
    for (uint32_t i = 0; i < maps->len; i++) {
        if (maps->at[i] == d)
            return true;
    }
    return false;
}

static void read_chart(struct unread *u, const struct chart *chart, struct dict *d)
{
    uint32_t count = chart->dependency_count + chart->disabled_count;
    for (uint32_t i = 0; i < count; i++) {
        read_dependency(u, d, &chart->dependencies[i]);
        read_key(u, d, chart->dependencies[i].name);
        if (i >= chart->dependency_count)
            watch_whole(u->watch, dict_get_text(u->cx, d, chart->dependencies[i].name));
    }
    const struct dict_entry *global = read_key(u, d, S("global"));
    maps_add(u, &u->charts, d);
    if (global && global->value.kind == VALUE_MAP)
        maps_add(u, &u->globals, global->value.dict);
    for (uint32_t i = 0; i < chart->chart_count; i++) {
        const struct dict_entry *e = read_key(u, d, chart->charts[i]->name);
        if (e && e->value.kind == VALUE_MAP && e->value.dict)
            read_chart(u, chart->charts[i], e->value.dict);
    }
}

/* What might be read. */

static void take_idle(void *who, str before, str name)
{
    struct unread *u = who;
    if (!name.len)
        return;
    if (before.len)
        name = str_format(u->cx->arena, "%.*s.%.*s", STR(before), STR(name));
    if (!map_find(&u->idle, name))
        map_put(&u->idle, name, u);
}

/* What stands before a name in a template: the name of the map that it is in. Empty where that is
 * an item of a list or has none. */
static str name_before(const struct unread *u, const struct dict *map, str path, str name)
{
    str outer, before;
    if (maps_have(&u->charts, map))
        return S("Values");
    if (path.len <= name.len + 1)
        return S("");
    path = str_slice(path, 0, path.len - name.len - 1);
    return str_cut_last(path, '.', &outer, &before) ? before : path;
}

static bool is_idle(struct unread *u, const struct dict *map, str path, str name)
{
    if (map_find(&u->idle, name))
        return true;
    struct mark mark = arena_mark(u->cx->scratch);
    str before = name_before(u, map, path, name);
    str both = str_format(u->cx->scratch, "%.*s.%.*s", STR(before), STR(name));
    bool found = map_find(&u->idle, both) != NULL;
    arena_rewind(u->cx->scratch, mark);
    return found;
}

/* Looking for the others. */

static bool any_read(const struct unread *u, struct value v, uint32_t depth)
{
    for (uint32_t i = 0; v.kind == VALUE_LIST && i < v.len; i++) {
        if (depth > VALUE_DEPTH || any_read(u, v.items[i], depth + 1))
            return true;
    }
    for (uint32_t i = 0; v.kind == VALUE_MAP && v.dict && i < v.dict->len; i++) {
        const struct dict_entry *e = &v.dict->entries[i];
        if (depth > VALUE_DEPTH || (e->pos.text && watch_has(u->watch, e->pos))
            || any_read(u, e->value, depth + 1))
            return true;
    }
    return false;
}

static void add(struct unread *u, const struct dict *map, const struct dict_entry *e, str path)
{
    for (uint32_t i = 0; i < u->len; i++) {
        if (memcmp(&u->at[i].value, &e->pos, sizeof e->pos) == 0)
            return;
    }
    ARENA_PUSH(u->cx->arena, u->at, u->len, u->cap);
    u->at[u->len++] = (struct found){ e->pos, e->pos, path, e->key->text, map };
}

/* {enabled: false, …}: the rest waits for another day. */
static bool is_off(const struct unread *u, struct value v)
{
    const struct dict_entry *e = dict_find(v.dict, intern_find(u->cx->keys, S("enabled")));
    return e && e->value.kind == VALUE_BOOL && !e->value.b && watch_has(u->watch, e->pos);
}

static void look(struct unread *u, struct value v, str path, uint32_t depth)
{
    if (depth > VALUE_DEPTH || (v.kind == VALUE_MAP && is_off(u, v)))
        return;
    for (uint32_t i = 0; v.kind == VALUE_LIST && i < v.len; i++)
        look(u, v.items[i], str_format(u->cx->arena, "%.*s[%u]", STR(path), i), depth + 1);
    for (uint32_t i = 0; v.kind == VALUE_MAP && v.dict && i < v.dict->len; i++) {
        const struct dict_entry *e = &v.dict->entries[i];
        str name = join(u, path, e->key->text);
        bool unread =
            !watch_has(u->watch, e->pos) && is_said(u, e->pos) && !any_read(u, e->value, 0);
        if (unread && !is_idle(u, v.dict, name, e->key->text))
            add(u, v.dict, e, name);
        else if (!unread)
            look(u, e->value, name, depth + 1);
    }
}

/* An entry's place is that of its value; a person looks for the key. */

static void place_keys(struct unread *u, uint32_t text, const struct node *n)
{
    for (uint32_t i = 0; !node_is_scalar(n) && i < n->len; i++) {
        const struct node *value = n->kind == NODE_MAP ? n->entries[i].value : n->items[i];
        for (uint32_t k = 0; n->kind == NODE_MAP && k < u->len; k++) {
            struct found *f = &u->at[k];
            if (f->value.text == text && value->pos.offset == f->value.offset
                && str_eq(n->entries[i].key->text, f->name))
                f->key = (struct pos){ text, n->entries[i].pos.offset };
        }
        place_keys(u, text, value);
    }
}

static void find_keys(struct unread *u)
{
    uint32_t last = 0;
    for (uint32_t i = 0; i < u->len; i++) {
        struct documents all = { 0 };
        struct text *text = text_of(u->cx, u->at[i].value);
        if (text->id == last)
            continue;
        last = text->id;
        diag_mute(u->cx);
        if (yaml_read_all(u->cx, text, YAML_GO2, &all)) {
            for (uint32_t k = 0; k < all.len; k++)
                place_keys(u, text->id, all.at[k]);
        }
        diag_unmute(u->cx);
    }
}

/* Saying it. */

/* The nearest name that is read in one of these maps. */
static bool near_read(struct unread *u, const struct found *f, struct maps maps, str *name)
{
    for (uint32_t i = 0; i < maps.len; i++) {
        str *names;
        uint32_t count = watch_names(u->watch, u->cx->arena, maps.at[i], &names);
        ptrdiff_t near = suggest(f->name, names, count);
        if (near < 0)
            continue;
        *name = names[near];
        return true;
    }
    return false;
}

/* The same of those that would be read on another condition. */
static bool near_idle(struct unread *u, const struct found *f, str *name)
{
    str before = str_concat(u->cx->arena, name_before(u, f->map, f->path, f->name), S("."));
    str *names = NEW_ARRAY(u->cx->arena, str, u->idle.len + 1);
    uint32_t count = 0;
    for (uint32_t i = 0; i < u->idle.len; i++) {
        if (str_starts(u->idle.entries[i].key, before))
            names[count++] = str_skip(u->idle.entries[i].key, before.len);
    }
    ptrdiff_t near = suggest(f->name, names, count);
    if (near >= 0)
        *name = names[near];
    return near >= 0;
}

static void hint_near(struct unread *u, const struct found *f)
{
    struct dict *one = (struct dict *)f->map;
    struct maps maps = maps_have(&u->globals, one) ? u->globals : (struct maps){ &one, 1, 1 };
    str name;
    if (!near_read(u, f, maps, &name) && !near_idle(u, f, &name))
        return;
    const struct dict_entry *e = dict_find(one, intern_find(u->cx->keys, name));
    str path = str_slice(f->path, 0, f->path.len - f->name.len);
    hint(u->cx, e ? e->pos : NOWHERE, "did you mean '%.*s%.*s'?", STR(path), STR(name));
}

static void say(struct unread *u, const struct found *f)
{
    if (u->cx->switches.strict)
        report(u->cx, f->key, "no template reads '%.*s'", STR(f->path));
    else
        warn(u->cx, f->key, "no template reads '%.*s'", STR(f->path));
    hint_near(u, f);
}

/* An error only of what the user can say otherwise. */
static void say_float(const struct unread *u, const struct watch_float *f)
{
    struct context *cx = u->cx;
    str printed = print_text(cx->arena, value_float(f->number));
    if (cx->switches.strict && is_said(u, f->said))
        report(cx, f->said, "the integer %.0f is printed as %.*s", f->number, STR(printed));
    else
        warn(cx, f->said, "the integer %.0f is printed as %.*s", f->number, STR(printed));
    note(cx, f->printed, "it is printed here");
    hint(cx, NOWHERE, "in quotes it is a text, which is printed as it is");
}

static int by_place(const void *x, const void *y)
{
    const struct found *a = x, *b = y;
    if (a->value.text != b->value.text)
        return a->value.text < b->value.text ? -1 : 1;
    return a->value.offset < b->value.offset ? -1 : a->value.offset > b->value.offset;
}

bool unread_say(struct context *cx, struct watch *w, const struct template_set *set,
                const struct chart *chart, struct dict *values)
{
    struct unread u = { .cx = cx, .watch = w, .top = chart, .values = values };
    struct watch_floats floats = watch_floats(w);
    uint32_t errors = cx->diags.errors;
    u.idle.arena = cx->arena;
    template_unrun(set, take_idle, &u);
    read_chart(&u, chart, values);
    look(&u, value_map(values), S(""), 0);
    if (u.len)
        qsort(u.at, u.len, sizeof *u.at, by_place);
    find_keys(&u);
    for (uint32_t i = 0; i < u.len; i++)
        say(&u, &u.at[i]);
    for (uint32_t i = 0; i < floats.len; i++)
        say_float(&u, &floats.at[i]);
    return cx->diags.errors == errors;
}
