/* Two lists of documents to a list of differences. */
#include "promote/diff.h"

#include "promote/match.h"
#include "promote/sequence.h"
#include "render/doc/json_write.h"
#include "schema/merge_keys.h"

struct differ {
    struct context *cx;
    struct merge_schema *schema;
    struct diff_options options;
    const struct matches *matches;
    struct diff_document *document;
    struct buf path;
    bool secret; /* the values of a Secret are being compared */
};

/* Where kubectl keeps a copy of the whole object, a Secret's values too. */
static const str last_applied = { "kubectl.kubernetes.io/last-applied-configuration", 48 };
_Static_assert(sizeof "kubectl.kubernetes.io/last-applied-configuration" == 49, "its length");

static void compare(struct differ *d, const struct node *from, const struct node *to,
                    struct merge_type type);

/* Paths. */

static void path_key(struct differ *d, str key)
{
    bool quoted = key.len == 0;
    for (size_t i = 0; i < key.len; i++)
        quoted |= str_has_char(S(".[]/ \""), key.at[i]);
    if (quoted)
        buf_str(&d->path, S("["));
    else if (d->path.len)
        buf_char(&d->path, '.');
    if (quoted)
        json_write_string(&d->path, key, true);
    else
        buf_str(&d->path, key);
    if (quoted)
        buf_char(&d->path, ']');
}

static struct diff_change *add_change(struct differ *d, enum diff_kind kind,
                                      const struct node *from, const struct node *to)
{
    struct diff_document *doc = d->document;
    ARENA_PUSH(d->cx->arena, doc->changes, doc->len, doc->cap);
    struct diff_change *c = &doc->changes[doc->len++];
    *c = (struct diff_change){ .kind = kind, .from = from, .to = to, .secret = d->secret };
    c->path = str_dup(d->cx->arena, buf_view(&d->path));
    return c;
}

/* Folding. */

static bool is_noise_key(str key)
{
    return str_eq(key, S("helm.sh/chart")) || str_starts(key, S("checksum/"))
           || str_eq(key, S("app.kubernetes.io/version"));
}

static bool is_noise(const struct differ *d, const struct key *map, str key)
{
    return !d->options.all && (map == KEY_LABELS || map == KEY_ANNOTATIONS) && is_noise_key(key);
}

/* Scalars that differ because the document they name is called otherwise on the other side. */
static bool follows_rename(const struct differ *d, const struct node *from, const struct node *to)
{
    return !d->options.all && from->kind == NODE_STRING && to->kind == NODE_STRING
           && matches_renamed(d->matches, from->text, to->text);
}

/* Maps. */

static bool is_last_applied(const struct differ *d, str key)
{
    return diff_is_secret(d->document->to) && str_eq(key, last_applied);
}

static void compare_entry(struct differ *d, const struct key *map, const struct key *key,
                          const struct node *from, const struct node *to, struct merge_type type)
{
    if (is_noise(d, map, key->text)) {
        bool same = from && to && node_equal(from, to);
        d->document->folded += !same;
        return;
    }
    size_t before = d->path.len;
    bool secret = d->secret;
    bool top = before == 0 && (key == KEY(DATA) || key == KEY(STRING_DATA));
    d->secret |= (top && diff_is_secret(d->document->to)) || is_last_applied(d, key->text);
    path_key(d, key->text);
    if (from && to)
        compare(d, from, to, type);
    else
        add_change(d, from ? DIFF_REMOVED : DIFF_ADDED, from, to);
    d->path.len = before;
    d->secret = secret;
}

static const struct key *last_key(const struct differ *d)
{
    str path = buf_view(&d->path);
    ptrdiff_t dot = str_find_last(path, '.');
    return intern_find(d->cx->keys, dot < 0 ? path : str_skip(path, (size_t)dot + 1));
}

static void compare_maps(struct differ *d, const struct node *from, const struct node *to,
                         struct merge_type type)
{
    const struct key *map = last_key(d);
    for (uint32_t i = 0; i < from->len; i++) {
        const struct entry *e = &from->entries[i];
        compare_entry(d, map, e->key, e->value, node_get(to, e->key),
                      merge_type_field(d->schema, type, e->key));
    }
    for (uint32_t i = 0; i < to->len; i++) {
        const struct entry *e = &to->entries[i];
        if (!node_entry(from, e->key))
            compare_entry(d, map, e->key, NULL, e->value, type);
    }
}

/* Lists of maps with a key: items are matched by it, wherever they stand. */

/* Items by the text of one field; false when an item lacks it or two share it. Of the old
 * side a renamed document's name counts as the new one. */
static bool index_items(struct differ *d, const struct node *list, const struct key *key, bool old,
                        struct map *out)
{
    *out = (struct map){ .arena = d->cx->scratch };
    for (uint32_t i = 0; i < list->len; i++) {
        const struct node *value = node_get(list->items[i], key);
        if (!value || !node_is_scalar(value))
            return false;
        bool follow = old && !d->options.all;
        str text = follow ? matches_new_name(d->matches, value->text) : value->text;
        if (map_find(out, text))
            return false;
        map_put(out, text, list->items[i]);
    }
    return true;
}

/* The field that tells the items of both lists apart: the schema's, else their names. */
static const struct key *list_key(struct differ *d, const struct node *from, const struct node *to,
                                  struct merge_type type, struct map index[2])
{
    struct merge_list merge = merge_type_list(d->schema, type);
    for (size_t i = 0; i <= merge.len; i++) {
        str name = i < merge.len ? merge_list_key(merge, i) : S("name");
        const struct key *key = intern_find(d->cx->keys, name);
        if (key && index_items(d, from, key, true, &index[0])
            && index_items(d, to, key, false, &index[1]))
            return key;
    }
    return NULL;
}

static void compare_item(struct differ *d, const struct key *key, str value,
                         const struct node *from, const struct node *to, struct merge_type type)
{
    size_t before = d->path.len;
    buf_format(&d->path, "[%.*s=%.*s]", STR(key->text), STR(value));
    if (from && to)
        compare(d, from, to, type);
    else
        add_change(d, from ? DIFF_REMOVED : DIFF_ADDED, from, to);
    d->path.len = before;
}

/* Do the items that both have stand in the same order? */
static bool same_order(const struct map *from, const struct map *to)
{
    uint32_t j = 0;
    for (uint32_t i = 0; i < from->len; i++) {
        if (!map_find(to, from->entries[i].key))
            continue;
        while (j < to->len && !map_find(from, to->entries[j].key))
            j++;
        if (j == to->len || !str_eq(from->entries[i].key, to->entries[j++].key))
            return false;
    }
    return true;
}

static void compare_keyed(struct differ *d, const struct key *key, const struct map index[2],
                          const struct node *from, const struct node *to, struct merge_type type)
{
    struct merge_type element = merge_type_element(d->schema, type);
    if (!same_order(&index[0], &index[1]))
        add_change(d, DIFF_ORDER, from, to);
    for (uint32_t i = 0; i < index[0].len; i++) {
        str value = index[0].entries[i].key;
        compare_item(d, key, value, index[0].entries[i].value, map_get(&index[1], value), element);
    }
    for (uint32_t i = 0; i < index[1].len; i++) {
        str value = index[1].entries[i].key;
        if (!map_find(&index[0], value))
            compare_item(d, key, value, NULL, index[1].entries[i].value, element);
    }
}

/* Other lists: the longest common subsequence, and what differs between its members. */

/* Equal items get equal numbers; a renamed document's old name counts as the new one. */
static uint32_t *number_items(struct differ *d, const struct node *list, struct map *known)
{
    uint32_t *out = NEW_ARRAY(d->cx->scratch, uint32_t, list->len);
    for (uint32_t i = 0; i < list->len; i++) {
        struct buf b;
        buf_init(&b, d->cx->scratch, 64);
        const struct node *item = list->items[i];
        if (node_is_scalar(item))
            buf_format(&b, "%d%.*s", item->kind, STR(matches_new_name(d->matches, item->text)));
        else
            json_write(d->cx, &b, item, (struct json_style){ 0 });
        struct map_entry *e = map_entry(known, buf_take(&b));
        if (!e->value)
            e->value = (void *)(uintptr_t)known->len;
        out[i] = (uint32_t)(uintptr_t)e->value;
    }
    return out;
}

static void compare_place(struct differ *d, uint32_t at, const struct node *from,
                          const struct node *to, struct merge_type element)
{
    size_t before = d->path.len;
    buf_format(&d->path, "[%u]", at);
    if (from && to)
        compare(d, from, to, element);
    else
        add_change(d, from ? DIFF_REMOVED : DIFF_ADDED, from, to);
    d->path.len = before;
}

/* Items [i, i2) became [j, j2): what stands opposite each other has changed. */
static void compare_gap(struct differ *d, const struct node *from, uint32_t i, uint32_t i2,
                        const struct node *to, uint32_t j, uint32_t j2, struct merge_type element)
{
    while (i < i2 && j < j2 && !node_is_scalar(from->items[i]) && !node_is_scalar(to->items[j])) {
        compare_place(d, j, from->items[i], to->items[j], element);
        i++;
        j++;
    }
    for (; i < i2; i++)
        compare_place(d, i, from->items[i], NULL, element);
    for (; j < j2; j++)
        compare_place(d, j, NULL, to->items[j], element);
}

static void compare_sequences(struct differ *d, const struct node *from, const struct node *to,
                              struct merge_type type)
{
    struct arena *scratch = d->cx->scratch;
    struct map known = { .arena = scratch };
    uint32_t *a = number_items(d, from, &known);
    uint32_t *b = number_items(d, to, &known);
    int32_t *match = NEW_ARRAY(scratch, int32_t, from->len);
    sequence_match(scratch, a, from->len, b, to->len, match);
    struct merge_type element = merge_type_element(d->schema, type);
    uint32_t i = 0, j = 0;
    for (uint32_t k = 0; k < from->len; k++) {
        if (match[k] < 0)
            continue;
        compare_gap(d, from, i, k, to, j, (uint32_t)match[k], element);
        i = k + 1;
        j = (uint32_t)match[k] + 1;
    }
    compare_gap(d, from, i, from->len, to, j, to->len, element);
}

static void compare_lists(struct differ *d, const struct node *from, const struct node *to,
                          struct merge_type type)
{
    struct map index[2];
    const struct key *key = list_key(d, from, to, type, index);
    if (key)
        compare_keyed(d, key, index, from, to, type);
    else
        compare_sequences(d, from, to, type);
}

static void compare(struct differ *d, const struct node *from, const struct node *to,
                    struct merge_type type)
{
    if (from->kind == NODE_MAP && to->kind == NODE_MAP) {
        compare_maps(d, from, to, type);
    } else if (from->kind == NODE_LIST && to->kind == NODE_LIST) {
        compare_lists(d, from, to, type);
    } else if (follows_rename(d, from, to)) {
        d->document->folded++;
    } else if (!node_equal(from, to)) {
        bool text = from->kind == NODE_STRING && to->kind == NODE_STRING;
        bool lines = text && (str_has_char(from->text, '\n') || str_has_char(to->text, '\n'));
        add_change(d, DIFF_CHANGED, from, to)->lines = lines;
    }
}

/* Documents. */

/* A document that was matched by less than its name is called otherwise on purpose. */
static void compare_document(struct differ *d, struct diff_document *doc)
{
    d->document = doc;
    d->path.len = 0;
    struct mark before = arena_mark(d->cx->scratch);
    compare(d, doc->from, doc->to,
            merge_type_of_kind(d->schema, node_get_str(doc->to, KEY_API_VERSION),
                               node_get_str(doc->to, KEY_KIND)));
    arena_rewind(d->cx->scratch, before);
}

static void add_document(struct differ *d, struct diff *diff, const struct node *from,
                         const struct node *to)
{
    struct diff_document doc = { .from = from, .to = to };
    doc.kind = !from ? DIFF_ADDED : !to ? DIFF_REMOVED : DIFF_CHANGED;
    doc.id = identity_of(to ? to : from);
    doc.old = identity_of(from ? from : to);
    if (from && to) {
        compare_document(d, &doc);
        diff->same += doc.len == 0 && doc.folded == 0;
        diff->folded += doc.len == 0 && doc.folded > 0;
        if (doc.len == 0)
            return;
    }
    diff->changed += doc.kind == DIFF_CHANGED;
    diff->added += doc.kind == DIFF_ADDED;
    diff->removed += doc.kind == DIFF_REMOVED;
    ARENA_PUSH(d->cx->arena, diff->at, diff->len, diff->cap);
    diff->at[diff->len++] = doc;
}

/* What stands in at least this many documents, and in a third of those that changed or in
 * their labels and annotations, is said once. */
enum { COMMON_LEAST = 5 };

static str common_key(struct context *cx, const struct diff_change *c)
{
    bool plain = c->from && c->to && node_is_scalar(c->from) && node_is_scalar(c->to);
    if (c->kind != DIFF_CHANGED || !plain || c->secret || c->lines)
        return S("");
    return str_format(cx->scratch, "%.*s\n%d%.*s\n%d%.*s", STR(c->path), c->from->kind,
                      STR(c->from->text), c->to->kind, STR(c->to->text));
}

/* Calls visit for each change that could be a common one. */
static void each_tally(struct context *cx, struct diff *diff, struct map *tallies,
                       void (*visit)(struct context *, struct diff *, struct diff_change *,
                                     struct diff_common *))
{
    for (uint32_t i = 0; i < diff->len; i++) {
        for (uint32_t k = 0; k < diff->at[i].len; k++) {
            struct diff_change *c = &diff->at[i].changes[k];
            str key = common_key(cx, c);
            if (!key.len)
                continue;
            struct map_entry *e = map_entry(tallies, key);
            if (!e->value)
                e->value = NEW(cx->scratch, struct diff_common);
            visit(cx, diff, c, e->value);
        }
    }
}

static void count(struct context *cx, struct diff *diff, struct diff_change *c,
                  struct diff_common *tally)
{
    (void)cx;
    (void)diff;
    tally->change = tally->change ? tally->change : c;
    tally->documents++;
}

static void mark(struct context *cx, struct diff *diff, struct diff_change *c,
                 struct diff_common *tally)
{
    bool label =
        str_has(c->path, S("metadata.labels")) || str_has(c->path, S("metadata.annotations"));
    c->common =
        tally->documents >= COMMON_LEAST && (label || tally->documents * 3 >= diff->changed);
    if (!c->common || tally->change != c)
        return;
    ARENA_PUSH(cx->arena, diff->common, diff->common_len, diff->common_cap);
    diff->common[diff->common_len++] = *tally;
}

static void find_common(struct context *cx, struct diff *diff)
{
    struct mark before = arena_mark(cx->scratch);
    struct map tallies = { .arena = cx->scratch };
    each_tally(cx, diff, &tallies, count);
    each_tally(cx, diff, &tallies, mark);
    arena_rewind(cx->scratch, before);
}

struct diff *diff_documents(struct context *cx, const struct documents *from,
                            const struct documents *to, struct diff_options options)
{
    struct matches matches;
    matches_find(cx, from, to, &matches);
    struct differ d = { .cx = cx, .options = options, .matches = &matches };
    d.schema = merge_schema_builtin(cx);
    buf_init(&d.path, cx->arena, 256);
    struct diff *diff = NEW(cx->arena, struct diff);
    for (uint32_t i = 0; i < to->len; i++)
        add_document(&d, diff, matches.from[i], to->at[i]);
    for (uint32_t i = 0; i < matches.left_len; i++)
        add_document(&d, diff, matches.left[i], NULL);
    if (!options.all)
        find_common(cx, diff);
    return diff;
}

bool diff_has_own_change(const struct diff_document *d)
{
    bool own = d->kind != DIFF_CHANGED;
    for (uint32_t i = 0; i < d->len; i++)
        own |= !d->changes[i].common;
    return own;
}

/* Secrets. */

bool diff_is_secret(const struct node *document)
{
    return str_eq(node_get_str(document, KEY_KIND), S("Secret"))
           && str_eq(node_get_str(document, KEY_API_VERSION), S("v1"));
}

static void mask(struct context *cx, struct node *values, const struct node *other, str changed)
{
    for (uint32_t i = 0; i < values->len; i++) {
        const struct node *theirs = node_get(other, values->entries[i].key);
        bool differs = theirs && !node_equal(values->entries[i].value, theirs);
        values->entries[i].value = node_string(cx, differs ? changed : S("(secret)"));
    }
}

const struct node *diff_shown(struct context *cx, const struct node *document,
                              const struct node *other, bool is_new)
{
    if (!diff_is_secret(document))
        return document;
    struct node *shown = node_copy(cx, document);
    str changed = is_new ? S("(secret, new value)") : S("(secret, old value)");
    const struct key *const fields[] = { KEY(DATA), KEY(STRING_DATA) };
    for (size_t i = 0; i < countof(fields); i++) {
        struct node *values = node_get(shown, fields[i]);
        if (node_is(values, NODE_MAP))
            mask(cx, values, node_get(other, fields[i]), changed);
        else if (values)
            node_set(cx, shown, fields[i], node_string(cx, S("(secret)")));
    }
    struct node *annotations = node_get(node_get(shown, KEY_METADATA), KEY_ANNOTATIONS);
    if (node_is(annotations, NODE_MAP))
        node_remove(annotations, intern(cx->keys, last_applied));
    return shown;
}
