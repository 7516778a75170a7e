/* Fields of documents, read, found and written. Items of a list are told apart by the merge key
 * that the schema has for it, else by their names, so that a place stays the same when an item
 * is put in front of it. */
#include "promote/field.h"

#include "render/base/number.h"
#include "render/base/suggest.h"
#include "render/doc/json_read.h"
#include "render/doc/json_write.h"
#include "render/doc/path.h"

static void push(struct context *cx, struct field *f, struct field_step step)
{
    ARENA_PUSH(cx->arena, f->at, f->len, f->cap);
    f->at[f->len++] = step;
}

/* Finding. */

static const struct node *item_with(const struct node *list, const struct key *by, str value)
{
    for (uint32_t i = 0; i < list->len; i++) {
        const struct node *n = node_get(list->items[i], by);
        if (n && node_is_scalar(n) && str_eq(n->text, value))
            return list->items[i];
    }
    return NULL;
}

const struct node *field_step_find(const struct node *n, const struct field_step *s)
{
    if (s->key)
        return node_get(n, s->key);
    if (!node_is(n, NODE_LIST))
        return NULL;
    if (s->by)
        return item_with(n, s->by, s->value);
    return s->index < n->len ? n->items[s->index] : NULL;
}

const struct node *field_find(const struct node *document, const struct field *f)
{
    for (uint32_t i = 0; document && i < f->len; i++)
        document = field_step_find(document, &f->at[i]);
    return document;
}

/* What tells items apart. */

/* Does every item have the field, and each another one? */
static bool tells_apart(const struct node *list, const struct key *key)
{
    for (uint32_t i = 0; i < list->len; i++) {
        const struct node *n = node_get(list->items[i], key);
        if (!n || !node_is_scalar(n) || item_with(list, key, n->text) != list->items[i])
            return false;
    }
    return list->len > 0;
}

static const struct key *list_key(struct context *cx, const struct merge_schema *schema,
                                  struct merge_type type, const struct node *list)
{
    struct merge_list merge = merge_type_list(schema, type);
    for (size_t i = 0; i <= merge.len; i++) {
        str name = i < merge.len ? merge_list_key(merge, i) : S("name");
        const struct key *key = intern_find(cx->keys, name);
        if (key && tells_apart(list, key))
            return key;
    }
    return NULL;
}

static struct merge_type type_of(const struct merge_schema *schema, const struct node *document)
{
    return merge_type_of_kind(schema, node_get_str(document, KEY_API_VERSION),
                              node_get_str(document, KEY_KIND));
}

/* Writing. */

static void print_key(struct buf *b, str key)
{
    bool quoted = key.len == 0;
    for (size_t i = 0; i < key.len; i++)
        quoted |= str_has_char(S(".[]/ \""), key.at[i]);
    if (!quoted) {
        if (b->len)
            buf_char(b, '.');
        buf_str(b, key);
        return;
    }
    buf_char(b, '[');
    json_write_string(b, key, true);
    buf_char(b, ']');
}

str field_print(struct arena *a, const struct field *f)
{
    struct buf b;
    buf_init(&b, a, 64);
    for (uint32_t i = 0; i < f->len; i++) {
        const struct field_step *s = &f->at[i];
        if (s->key)
            print_key(&b, s->key->text);
        else if (s->by)
            buf_format(&b, "[%.*s=%.*s]", STR(s->by->text), STR(s->value));
        else
            buf_format(&b, "[%u]", s->index);
    }
    return buf_take(&b);
}

/* Walking. */

struct walk {
    struct context *cx;
    const struct merge_schema *schema;
    struct field field;
    void (*each)(void *who, const struct field *f, const struct node *value);
    void *who;
};

static void walk(struct walk *w, const struct node *n, struct merge_type type)
{
    if (node_is_scalar(n) || n->len == 0) {
        w->each(w->who, &w->field, n);
        return;
    }
    const struct key *by = NULL;
    struct merge_type element = { 0 };
    if (n->kind == NODE_LIST) {
        by = list_key(w->cx, w->schema, type, n);
        element = merge_type_element(w->schema, type);
    }
    for (uint32_t i = 0; i < n->len; i++) {
        const struct node *below = n->kind == NODE_MAP ? n->entries[i].value : n->items[i];
        struct field_step step = { .index = i, .by = by };
        if (by)
            step.value = node_get_str(below, by);
        if (n->kind == NODE_MAP)
            step = (struct field_step){ .key = n->entries[i].key };
        push(w->cx, &w->field, step);
        walk(w, below, step.key ? merge_type_field(w->schema, type, step.key) : element);
        w->field.len--;
    }
}

void field_each(struct context *cx, const struct node *document,
                void (*each)(void *who, const struct field *f, const struct node *value), void *who)
{
    struct walk w = { .cx = cx, .schema = merge_schema_builtin(cx), .each = each, .who = who };
    walk(&w, document, type_of(w.schema, document));
}

/* Reading. */

struct reader {
    struct context *cx;
    const struct merge_schema *schema;
    const struct node *n; /* where the path has led so far */
    struct merge_type type;
    struct field *out;
    str text; /* the whole, for reports */
};

/* `by` is the field by which an item was asked for, NULL for the one that tells items apart. */
static bool no_field(struct reader *r, const struct key *by, str wanted)
{
    str *names = NEW_ARRAY(r->cx->arena, str, r->n->len + 1);
    uint32_t count = 0;
    for (uint32_t i = 0; r->n->kind == NODE_MAP && i < r->n->len; i++)
        names[count++] = r->n->entries[i].key->text;
    if (r->n->kind == NODE_LIST && !by)
        by = list_key(r->cx, r->schema, r->type, r->n);
    for (uint32_t i = 0; by && i < r->n->len; i++)
        names[count++] = node_get_str(r->n->items[i], by);
    str place = field_print(r->cx->arena, r->out);
    if (place.len)
        report(r->cx, NOWHERE, "'%.*s' has no '%.*s'", STR(place), STR(wanted));
    else
        report(r->cx, NOWHERE, "the document has no field '%.*s'", STR(wanted));
    ptrdiff_t near = suggest(wanted, names, count);
    if (near >= 0 && by)
        hint(r->cx, NOWHERE, "did you mean '[%.*s=%.*s]'?", STR(by->text), STR(names[near]));
    else if (near >= 0)
        hint(r->cx, NOWHERE, "did you mean '%.*s'?", STR(names[near]));
    else if (count)
        hint(r->cx, NOWHERE, "it has: %.*s", STR(str_join(r->cx->arena, names, count, S(", "))));
    return false;
}

static void descend(struct reader *r, struct field_step step, const struct node *to)
{
    r->type = step.key ? merge_type_field(r->schema, r->type, step.key)
                       : merge_type_element(r->schema, r->type);
    push(r->cx, r->out, step);
    r->n = to;
}

static bool take_name(struct reader *r, str name)
{
    const struct key *key = intern_find(r->cx->keys, name);
    const struct node *to = key ? node_get(r->n, key) : NULL;
    if (to)
        descend(r, (struct field_step){ .key = key }, to);
    return to != NULL;
}

/* An item by its number stands for the one that is there now, whatever will stand before it. */
static bool take_index(struct reader *r, str number)
{
    int64_t index;
    if (r->n->kind != NODE_LIST || number_int(number, 10, 32, &index) != NUMBER_OK || index < 0
        || index >= r->n->len)
        return false;
    const struct node *to = r->n->items[index];
    struct field_step step = { .index = (uint32_t)index };
    step.by = list_key(r->cx, r->schema, r->type, r->n);
    if (step.by)
        step.value = node_get_str(to, step.by);
    descend(r, step, to);
    return true;
}

/* "name=app": the value may hold any character, so the longest that fits is meant. */
static bool take_selected(struct reader *r, str *rest)
{
    str by, after;
    if (r->n->kind != NODE_LIST || !str_cut(*rest, '=', &by, &after))
        return false;
    const struct key *key = intern_find(r->cx->keys, by);
    const struct node *best = NULL;
    str value = S("");
    for (uint32_t i = 0; key && i < r->n->len; i++) {
        const struct node *n = node_get(r->n->items[i], key);
        if (!n || !node_is_scalar(n) || !str_starts(after, n->text)
            || !str_starts(str_skip(after, n->text.len), S("]"))
            || (best && n->text.len <= value.len))
            continue;
        best = r->n->items[i];
        value = n->text;
    }
    if (!best)
        return false;
    descend(r, (struct field_step){ .by = key, .value = value }, best);
    *rest = str_skip(after, value.len + 1);
    return true;
}

/* Behind a bracket: a quoted key, a number, or a field and its value. */
static bool take_bracket(struct reader *r, str *rest)
{
    str all = *rest, head, tail;
    if (take_selected(r, rest))
        return true;
    bool quoted = str_starts(all, S("\""));
    ptrdiff_t close = quoted ? str_find(str_skip(all, 1), S("\"]")) : str_find_char(all, ']');
    if (close < 0)
        return report(r->cx, NOWHERE, "'%.*s' lacks a ']'", STR(r->text));
    head = quoted ? str_slice(all, 1, (size_t)close + 1) : str_slice(all, 0, (size_t)close);
    tail = str_skip(all, (size_t)close + (quoted ? 3 : 1));
    *rest = tail;
    if (take_index(r, head) || take_name(r, head))
        return true;
    str field, value;
    if (!str_cut(head, '=', &field, &value))
        return no_field(r, NULL, head);
    return no_field(r, intern_find(r->cx->keys, field), value);
}

/* A name up to a dot or a bracket; when there is none of that name, with the dots behind it, as
 * in "metadata.labels.app.kubernetes.io/name". */
static bool take_dotted(struct reader *r, str *rest)
{
    size_t first = 0;
    for (size_t end = 1; end <= rest->len; end++) {
        bool stop = end == rest->len || rest->at[end] == '.' || rest->at[end] == '[';
        if (!stop)
            continue;
        str name = str_slice(*rest, 0, end);
        if (take_name(r, name) || take_index(r, name)) {
            *rest = str_skip(*rest, end);
            return true;
        }
        first = first ? first : end;
    }
    /* Only a key of a map can have a slash, and dots with it. */
    bool whole = !first || str_has_char(*rest, '/');
    return no_field(r, NULL, str_slice(*rest, 0, whole ? rest->len : first));
}

static bool read_dotted(struct reader *r)
{
    str rest = str_starts(r->text, S(".")) ? str_skip(r->text, 1) : r->text;
    while (rest.len) {
        bool bracket = rest.at[0] == '[';
        if (rest.at[0] == '.' || bracket)
            rest = str_skip(rest, 1);
        if (bracket ? !take_bracket(r, &rest) : !take_dotted(r, &rest))
            return false;
    }
    return true;
}

static bool read_pointer(struct reader *r)
{
    struct path path;
    path_pointer(r->cx->arena, r->text, &path);
    for (uint32_t i = 0; i < path.len; i++) {
        if (!take_name(r, path.parts[i]) && !take_index(r, path.parts[i]))
            return no_field(r, NULL, path.parts[i]);
    }
    return true;
}

bool field_read(struct context *cx, const struct node *document, str text, struct field *out)
{
    *out = (struct field){ 0 };
    struct reader r = { .cx = cx, .n = document, .out = out, .text = text };
    r.schema = merge_schema_builtin(cx);
    r.type = type_of(r.schema, document);
    return str_starts(text, S("/")) ? read_pointer(&r) : read_dotted(&r);
}
