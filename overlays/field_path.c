/* kustomize has two walkers, and they differ: one finds the source of a replacement, the other
 * its targets. Neither enters null; what the second makes below a null is lost. */
#include "overlays/field_path.h"

#include "render/base/number.h"
#include "render/base/suggest.h"
#include "render/doc/scalar.h"
#include "render/doc/yaml_write.h"

static struct field_path new_path(struct context *cx, str text, struct pos pos, struct path path)
{
    struct field_path p = { .text = text, .pos = pos, .path = path };
    p.patterns = NEW_ARRAY(cx->arena, struct regex *, path.len);
    return p;
}

struct field_path field_path_dotted(struct context *cx, str text, struct pos pos)
{
    return new_path(cx, text, pos, path_dotted(cx->arena, text));
}

struct field_path field_path_slashed(struct context *cx, str text, struct pos pos)
{
    return new_path(cx, text, pos, path_slashed(cx->arena, text));
}

static bool is_number(str part, int64_t *out)
{
    return number_int(part, 10, 64, out) == NUMBER_OK;
}

static bool is_item(str part)
{
    return str_starts(part, S("[")) && str_ends(part, S("]"));
}

static bool split_item(struct context *cx, const struct field_path *p, str part, str *field,
                       str *value)
{
    if (str_cut(str_trim_suffix(str_trim_prefix(part, S("[")), S("]")), '=', field, value))
        return true;
    return report(cx, p->pos, "'%.*s' in '%.*s' must be [field=value] or [=value]", STR(part),
                  STR(p->text));
}

static bool expect(struct context *cx, const struct field_path *p, const struct node *n,
                   enum node_kind kind, str part)
{
    if (n->kind == kind || n->kind == NODE_NULL)
        return true;
    report(cx, p->pos, "'%.*s' in '%.*s' looks into %s, not %s", STR(part), STR(p->text),
           node_kind_name(n), kind == NODE_MAP ? "a map" : "a list");
    note(cx, n->pos, "%s stands here", node_kind_name(n));
    return false;
}

/* A scalar whose text alone will say what kind it is. */
static struct node *new_scalar(struct context *cx, const struct field_path *p, str text)
{
    struct node *n = text.len ? node_plain(cx, text) : node_string(cx, text);
    n->flags |= NODE_UNTAGGED;
    n->pos = p->pos;
    return n;
}

/* It stands where the path asks for it. */
static struct node *new_node(struct context *cx, const struct field_path *p, enum node_kind kind)
{
    if (kind != NODE_MAP && kind != NODE_LIST)
        return new_scalar(cx, p, S(""));
    struct node *n = kind == NODE_MAP ? node_map(cx) : node_list(cx);
    n->pos = p->pos;
    return n;
}

/* What stands before a part. */
static enum node_kind kind_before(const struct path *path, uint32_t at, enum node_kind last)
{
    int64_t index;
    if (at == path->len || path->parts[at].len == 0)
        return last;
    if (is_item(path->parts[at]) || (is_number(path->parts[at], &index) && index >= 0))
        return NODE_LIST;
    return NODE_MAP;
}

static struct node *new_item(struct context *cx, const struct field_path *p, str field, str value)
{
    if (field.len == 0)
        return new_scalar(cx, p, value);
    struct node *item = new_node(cx, p, NODE_MAP);
    node_add(cx, item, intern(cx->keys, field), new_scalar(cx, p, value));
    return item;
}

static str scalar_text(const struct node *n)
{
    return node_is_scalar(n) ? n->text : S("");
}

/* One field. */

struct getter {
    struct context *cx;
    const struct field_path *p;
    bool make;
    struct missed *missed;
};

static bool get_index(struct getter *g, str part, int64_t index, struct node **n)
{
    const struct node *list = *n;
    if (!expect(g->cx, g->p, list, NODE_LIST, part))
        return false;
    *n = NULL;
    if (list->kind == NODE_NULL || (uint64_t)index >= list->len)
        return true;
    *n = list->items[index];
    return true;
}

static bool get_last(struct getter *g, struct node **n)
{
    if (node_is(*n, NODE_LIST) && (*n)->len == 0)
        return report(g->cx, g->p->pos, "'-' in '%.*s' asks for the last item of an empty list",
                      STR(g->p->text));
    return get_index(g, S("-"), (*n)->kind == NODE_LIST ? (*n)->len - 1 : 0, n);
}

static bool get_item(struct getter *g, str part, struct node **n)
{
    struct context *cx = g->cx;
    struct node *list = *n;
    str field, value;
    if (!split_item(cx, g->p, part, &field, &value) || !expect(cx, g->p, list, NODE_LIST, part))
        return false;
    const struct key *key = intern(cx->keys, field);
    for (uint32_t i = 0; list->kind == NODE_LIST && i < list->len; i++) {
        const struct node *is = field.len ? node_get(list->items[i], key) : list->items[i];
        if (is && str_eq(scalar_text(is), value)) {
            *n = list->items[i];
            return true;
        }
    }
    *n = g->make ? new_item(cx, g->p, field, value) : NULL;
    if (*n && list->kind == NODE_LIST)
        node_push(cx, list, *n);
    return true;
}

static bool get_field(struct getter *g, str part, uint32_t at, struct node **n)
{
    struct node *map = *n;
    if (!expect(g->cx, g->p, map, NODE_MAP, part))
        return false;
    const struct key *key = intern(g->cx->keys, part);
    *n = node_get(map, key);
    if (*n || map->kind == NODE_NULL)
        return true;
    *g->missed = (struct missed){ map, part };
    if (!g->make)
        return true;
    *n = new_node(g->cx, g->p, kind_before(&g->p->path, at + 1, NODE_STRING));
    node_add(g->cx, map, key, *n);
    return true;
}

static bool get_part(struct getter *g, uint32_t at, struct node **n)
{
    str part = str_trim(g->p->path.parts[at]);
    int64_t index;
    if (part.len == 0)
        return true;
    if (is_number(part, &index) && index < 0)
        return report(g->cx, g->p->pos, "array index %.*s in '%.*s' cannot be negative", STR(part),
                      STR(g->p->text));
    if (is_number(part, &index))
        return get_index(g, part, index, n);
    if (str_eq(part, S("-")))
        return get_last(g, n);
    if (str_eq(part, S("*")))
        return report(g->cx, g->p->pos, "'*' in '%.*s' is for targets: here one field is wanted",
                      STR(g->p->text));
    return is_item(part) ? get_item(g, part, n) : get_field(g, part, at, n);
}

bool field_path_get(struct context *cx, const struct field_path *p, struct node *document,
                    bool make, struct node **out, struct missed *missed)
{
    struct missed none;
    struct getter g = { cx, p, make, missed ? missed : &none };
    *g.missed = (struct missed){ 0 };
    *out = document;
    if (make && p->path.len >= cx->limits.max[LIMIT_DEPTH])
        return report(cx, p->pos, "the path has more than %llu parts",
                      (unsigned long long)cx->limits.max[LIMIT_DEPTH]);
    for (uint32_t i = 0; *out && i < p->path.len; i++) {
        if (!get_part(&g, i, out))
            return false;
    }
    return true;
}

/* All fields. */

struct matcher {
    struct context *cx;
    const struct field_path *p;
    enum node_kind make;
    struct matches *out;
};

static bool match(struct matcher *m, struct node *n, uint32_t at);

static bool match_field(struct matcher *m, struct node *map, uint32_t at)
{
    str part = m->p->path.parts[at];
    if (part.len == 0)
        return report(m->cx, m->p->pos, "the path '%.*s' has an empty part", STR(m->p->text));
    if (!expect(m->cx, m->p, map, NODE_MAP, part))
        return false;
    const struct key *key = intern(m->cx->keys, part);
    struct node *n = node_get(map, key);
    if (n)
        return match(m, n, at + 1);
    if (map->kind == NODE_MAP && !m->out->missed.map)
        m->out->missed = (struct missed){ map, part };
    if (m->make == NODE_NULL)
        return true;
    n = new_node(m->cx, m->p, kind_before(&m->p->path, at + 1, m->make));
    if (map->kind == NODE_MAP)
        node_add(m->cx, map, key, n);
    return match(m, n, at + 1);
}

static bool match_index(struct matcher *m, struct node *list, uint32_t at, int64_t index)
{
    str part = m->p->path.parts[at];
    if (!expect(m->cx, m->p, list, NODE_LIST, part))
        return false;
    uint32_t len = list->kind == NODE_LIST ? list->len : 0;
    if (index < len)
        return match(m, list->items[index], at + 1);
    if (index > len || m->make == NODE_NULL) {
        report(m->cx, m->p->pos, "index %.*s in '%.*s' is too large for a list of %u", STR(part),
               STR(m->p->text), len);
        note(m->cx, list->pos, "the list stands here");
        return false;
    }
    struct node *n = new_node(m->cx, m->p, kind_before(&m->p->path, at + 1, m->make));
    if (list->kind == NODE_LIST)
        node_push(m->cx, list, n);
    return match(m, n, at + 1);
}

/* As it would be printed: a quoted text has its quotes. */
static str printed(struct context *cx, const struct node *n)
{
    struct buf b;
    if (!node_is_scalar(n)) {
        buf_init(&b, cx->scratch, 256);
        return yaml_write(cx, &b, n) ? str_trim(buf_view(&b)) : S("");
    }
    if (n->style == STYLE_SINGLE)
        return str_format(cx->scratch, "'%.*s'",
                          STR(str_replace_all(cx->scratch, n->text, S("'"), S("''"))));
    bool forced = n->kind == NODE_STRING && n->style == STYLE_PLAIN
                  && scalar_resolve(n->text, YAML_GO3).kind != NODE_STRING;
    return n->style == STYLE_DOUBLE || forced ? str_format(cx->scratch, "\"%.*s\"", STR(n->text))
                                              : str_trim(n->text);
}

static bool pattern_matches(struct matcher *m, uint32_t at, str pattern, const struct node *n,
                            bool *yes)
{
    struct regex **regex = &m->p->patterns[at];
    str error;
    if (!*regex) {
        *regex = regex_compile(m->cx->arena, pattern, &error);
        if (!*regex)
            return report(m->cx, m->p->pos, "%.*s", STR(error));
        regex_watch(*regex, m->cx);
    }
    struct mark before = arena_mark(m->cx->scratch);
    *yes = regex_matches(m->cx->scratch, *regex, printed(m->cx, n));
    arena_rewind(m->cx->scratch, before);
    return limit_count(m->cx, LIMIT_STEPS, 1, m->p->pos);
}

static void add_match(struct matcher *m, struct node *n)
{
    ARENA_PUSH(m->cx->arena, m->out->at, m->out->len, m->out->cap);
    m->out->at[m->out->len++] = n;
}

static bool visit_items(struct matcher *m, struct node *list, uint32_t at, str field, str pattern)
{
    const struct key *key = intern(m->cx->keys, field);
    uint32_t len = list->kind == NODE_LIST ? list->len : 0;
    for (uint32_t i = 0; i < len; i++) {
        struct node *item = list->items[i];
        const struct node *is = field.len ? node_get(item, key) : item;
        bool yes = false;
        if (is && !pattern_matches(m, at, pattern, is, &yes))
            return false;
        /* What follows "[=value]" is not looked at: field_path.cases: "behind a scalar" */
        if (yes && field.len == 0)
            add_match(m, item);
        else if (yes && !match(m, item, at + 1))
            return false;
    }
    return true;
}

static bool match_items(struct matcher *m, struct node *list, uint32_t at)
{
    str part = m->p->path.parts[at], field, pattern;
    uint32_t before = m->out->len;
    if (!split_item(m->cx, m->p, part, &field, &pattern)
        || !expect(m->cx, m->p, list, NODE_LIST, part) || !visit_items(m, list, at, field, pattern))
        return false;
    if (m->out->len > before || m->make == NODE_NULL)
        return true;
    if (list->kind == NODE_NULL)
        list = node_list(m->cx);
    node_push(m->cx, list, new_item(m->cx, m->p, field, pattern));
    if (!visit_items(m, list, at, field, pattern))
        return false;
    return m->out->len > before
           || report(m->cx, m->p->pos, "an item made for '%.*s' does not match it", STR(part));
}

static bool match_every(struct matcher *m, struct node *list, uint32_t at)
{
    if (!expect(m->cx, m->p, list, NODE_LIST, S("*")))
        return false;
    for (uint32_t i = 0; list->kind == NODE_LIST && i < list->len; i++) {
        if (!match(m, list->items[i], at + 1))
            return false;
    }
    return true;
}

static bool match_part(struct matcher *m, struct node *n, uint32_t at)
{
    str part = m->p->path.parts[at];
    int64_t index;
    if (is_number(part, &index) && index >= 0)
        return match_index(m, n, at, index);
    if (is_item(part))
        return match_items(m, n, at);
    return str_eq(part, S("*")) ? match_every(m, n, at) : match_field(m, n, at);
}

static bool match(struct matcher *m, struct node *n, uint32_t at)
{
    if (at == m->p->path.len) {
        add_match(m, n);
        return true;
    }
    if (!limit_count(m->cx, LIMIT_STEPS, 1, m->p->pos)
        || !limit_enter(m->cx, LIMIT_DEPTH, m->p->pos))
        return false;
    bool ok = match_part(m, n, at);
    limit_leave(m->cx, LIMIT_DEPTH);
    return ok;
}

bool field_path_match(struct context *cx, const struct field_path *p, struct node *document,
                      enum node_kind make, struct matches *out)
{
    struct matcher m = { cx, p, make, out };
    *out = (struct matches){ 0 };
    return match(&m, document, 0);
}

void missed_hint(struct context *cx, const struct missed *missed)
{
    if (!node_is(missed->map, NODE_MAP))
        return;
    str *names = NEW_ARRAY(cx->arena, str, missed->map->len);
    for (uint32_t i = 0; i < missed->map->len; i++)
        names[i] = missed->map->entries[i].key->text;
    ptrdiff_t near = suggest(missed->name, names, missed->map->len);
    if (near >= 0 && !str_eq(names[near], missed->name))
        hint(cx, missed->map->entries[near].pos, "did you mean '%.*s'?", STR(names[near]));
}
