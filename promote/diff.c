/* Two lists of documents to a list of differences. */
#include "promote/diff.h"

#include <inttypes.h>

#include "promote/diff_binary.h"
#include "promote/diff_fields.h"
#include "promote/diff_rules.h"
#include "promote/diff_schema.h"
#include "promote/impact.h"
#include "promote/manifest_name.h"

/* Secrets. */

bool diff_is_secret(const struct node *document)
{
    return str_eq(node_get_str(document, KEY_KIND), S("Secret"))
           && str_eq(node_get_str(document, KEY_API_VERSION), S("v1"));
}

static struct node *masked(struct context *cx, const struct node *value, const struct node *theirs,
                           bool is_new)
{
    bool differs = theirs && !node_equal(value, theirs);
    return node_string(cx, !differs ? S("(secret)")
                           : is_new ? S("(secret, new value)")
                                    : S("(secret, old value)"));
}

static void mask_field(struct context *cx, struct node *map, const struct key *key,
                       const struct node *other, bool is_new)
{
    struct entry *e = node_entry(map, key);
    const struct node *theirs = node_get(other, key);
    if (!e)
        return;
    if (e->value->kind != NODE_MAP) {
        e->value = masked(cx, e->value, theirs, is_new);
        return;
    }
    for (uint32_t i = 0; i < e->value->len; i++) {
        struct entry *value = &e->value->entries[i];
        value->value = masked(cx, value->value, node_get(theirs, value->key), is_new);
    }
}

const struct node *diff_shown(struct context *cx, const struct node *document,
                              const struct node *other, bool is_new)
{
    if (!document || !diff_is_secret(document))
        return document;
    struct node *copy = node_copy(cx, document);
    mask_field(cx, copy, KEY(DATA), other, is_new);
    mask_field(cx, copy, KEY(STRING_DATA), other, is_new);
    struct node *meta = node_get(copy, KEY_METADATA);
    struct node *annotations = node_get(meta, KEY_ANNOTATIONS);
    const struct node *theirs = node_get(node_get(other, KEY_METADATA), KEY_ANNOTATIONS);
    if (node_is(annotations, NODE_MAP))
        mask_field(cx, annotations, intern(cx->keys, S(LAST_APPLIED)), theirs, is_new);
    return copy;
}

/* Documents. */

static void compare_document(struct differ *d, struct diff_document *doc)
{
    d->document = doc;
    d->out = &doc->changes;
    d->path.len = d->pointer.len = 0;
    d->map = NULL;
    struct mark before = arena_mark(d->cx->scratch);
    diff_values(d, doc->from, doc->to,
                merge_type_of_kind(d->schema, node_get_str(doc->to, KEY_API_VERSION),
                                   node_get_str(doc->to, KEY_KIND)));
    arena_rewind(d->cx->scratch, before);
    if (!d->options.all && diff_schema_is_for(doc))
        diff_schema_fold(doc);
    for (uint32_t i = 0; i < doc->changes.len; i++)
        doc->folded += doc->changes.at[i].fold != FOLD_NOT;
}

static void push(struct context *cx, struct diff_list *list, struct diff_document *doc)
{
    ARENA_PUSH(cx->arena, list->at, list->len, list->cap);
    list->at[list->len++] = doc;
}

static void list_document(struct context *cx, struct diff *diff, struct diff_document *doc)
{
    if (doc->kind == DIFF_CHANGED && doc->folded == doc->changes.len) {
        push(cx, &diff->quiet, doc);
        return;
    }
    diff->changed += doc->kind == DIFF_CHANGED;
    diff->added += doc->kind == DIFF_ADDED;
    diff->removed += doc->kind == DIFF_REMOVED;
    ARENA_PUSH(cx->arena, diff->at, diff->len, diff->cap);
    diff->at[diff->len++] = doc;
}

static void add_document(struct differ *d, struct diff *diff, const struct node *from,
                         const struct node *to, enum match_how how)
{
    struct identity id = identity_of(to ? to : from);
    if (!diff_wanted(&d->options, id))
        return;
    bool same = from && to && node_equal(from, to);
    diff->same += same;
    if (same && diff->spread[0] == diff->spread[1])
        return;
    struct diff_document *doc = NEW(d->cx->arena, struct diff_document);
    *doc = (struct diff_document){ .how = how, .id = id };
    doc->kind = !from ? DIFF_ADDED : !to ? DIFF_REMOVED : DIFF_CHANGED;
    doc->old = identity_of(from ? from : to);
    doc->from = diff_shown(d->cx, from, to, false);
    doc->to = diff_shown(d->cx, to, from, true);
    if (same) {
        push(d->cx, &diff->same_files, doc);
        return;
    }
    if (doc->kind == DIFF_CHANGED)
        compare_document(d, doc);
    impact_judge(doc);
    list_document(d->cx, diff, doc);
}

/* Who names a generated document is told under it. */
static void attach_references(const struct matches *m, struct diff *diff)
{
    for (uint32_t i = 0; i < diff->len; i++) {
        struct diff_document *doc = diff->at[i];
        const struct rename *r =
            doc->kind == DIFF_CHANGED ? matches_renamed(m, doc->old.name, doc->id.name) : NULL;
        doc->references = r && r->generated ? r->references : NULL;
    }
}

/* What stands in at least this many documents, and in a third of those that changed or in
 * their labels and annotations, is said once. */
enum { COMMON_LEAST = 5 };

/* "spec.containers[*].image": what tells items apart on the way is not what happens to them. Empty
 * for a path with a number: that of one list is not that of another. */
static str common_path(struct arena *a, str path)
{
    struct buf b;
    buf_init(&b, a, path.len);
    for (str rest = path, inner, item; rest.len; rest = item) {
        ptrdiff_t open = str_find_char(rest, '[');
        str after = open < 0 ? S("") : str_skip(rest, (size_t)open);
        bool whole = str_cut(after, ']', &inner, &item);
        bool quoted = str_has_char(inner, '"');
        if (whole && !quoted && !str_has_char(inner, '='))
            return S("");
        if (!whole || quoted || !item.len) {
            buf_str(&b, rest);
            break;
        }
        buf_format(&b, "%.*s[*]", STR(str_slice(rest, 0, (size_t)open)));
    }
    return buf_take(&b);
}

/* Small enough to be said in a few lines. */
static bool is_small(const struct node *n, uint32_t *left)
{
    for (uint32_t i = 0; !node_is_scalar(n) && i < n->len; i++) {
        if (!*left || !is_small(n->kind == NODE_MAP ? n->entries[i].value : n->items[i], left))
            return false;
    }
    return (*left)-- > 0 && (!node_is_scalar(n) || n->text.len < 200);
}

static bool add_value(struct buf *key, const struct node *n)
{
    uint32_t left = 30;
    if (n && !is_small(n, &left))
        return false;
    if (n)
        buf_format(key, "\n%d %" PRIx64, n->kind, diff_hash(n));
    if (n && node_is_scalar(n))
        buf_str(key, n->text);
    return true;
}

static str common_key(struct context *cx, const struct diff_change *c)
{
    struct buf key;
    if (c->kind == DIFF_ORDER || c->secret || c->lines || c->format || c->fold)
        return S("");
    str path = common_path(cx->scratch, c->path);
    if (!path.len)
        return S("");
    buf_init(&key, cx->scratch, 128);
    buf_str(&key, path);
    buf_char(&key, c->kind == DIFF_CHANGED ? '~' : c->from ? '-' : '+');
    return add_value(&key, c->from) && add_value(&key, c->to) ? buf_take(&key) : S("");
}

/* Calls visit for each change that could be a common one. */
static void each_tally(struct context *cx, struct diff *diff, struct map *tallies,
                       void (*visit)(struct context *, struct diff *, struct diff_change *,
                                     struct diff_common *, uint32_t document))
{
    for (uint32_t i = 0; i < diff->len; i++) {
        for (uint32_t k = 0; k < diff->at[i]->changes.len; k++) {
            struct diff_change *c = &diff->at[i]->changes.at[k];
            str key = common_key(cx, c);
            if (!key.len)
                continue;
            struct map_entry *e = map_entry(tallies, key);
            if (!e->value)
                e->value = NEW(cx->scratch, struct diff_common);
            visit(cx, diff, c, e->value, i);
        }
    }
}

static void count(struct context *cx, struct diff *diff, struct diff_change *c,
                  struct diff_common *tally, uint32_t document)
{
    (void)cx;
    if (tally->change && tally->last == document)
        return;
    if (tally->documents < DIFF_NAMED_MOST)
        tally->named[tally->documents] = diff->at[document];
    tally->last = document;
    tally->change = tally->change ? tally->change : c;
    tally->documents++;
    tally->who = (tally->who ^ document) * 0x9e3779b97f4a7c15u;
}

static void mark(struct context *cx, struct diff *diff, struct diff_change *c,
                 struct diff_common *tally, uint32_t document)
{
    (void)document;
    bool label =
        str_has(c->path, S("metadata.labels")) || str_has(c->path, S("metadata.annotations"));
    c->common =
        tally->documents >= COMMON_LEAST && (label || tally->documents * 3 >= diff->changed);
    if (!c->common || tally->change != c)
        return;
    ARENA_PUSH(cx->arena, diff->common, diff->common_len, diff->common_cap);
    uint32_t n = diff->common_len++;
    struct diff_change *shown = NEW(cx->arena, struct diff_change);
    *shown = *c;
    shown->path = common_path(cx->arena, c->path);
    diff->common[n] = *tally;
    diff->common[n].change = shown;
    diff->common[n].follows = n && diff->common[n - 1].who == tally->who
                              && diff->common[n - 1].documents == tally->documents;
}

static void find_common(struct context *cx, struct diff *diff)
{
    if (diff->changed < COMMON_LEAST)
        return;
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
    buf_init(&d.pointer, cx->arena, 256);
    struct diff *diff = NEW(cx->arena, struct diff);
    diff->spread[0] = manifests_spread(from);
    diff->spread[1] = manifests_spread(to);
    for (uint32_t i = 0; i < to->len; i++)
        add_document(&d, diff, matches.from[i], to->at[i], matches.how[i]);
    for (uint32_t i = 0; i < matches.left_len; i++)
        add_document(&d, diff, matches.left[i], NULL, MATCH_NAME);
    attach_references(&matches, diff);
    if (!options.all)
        find_common(cx, diff);
    for (uint32_t i = 0; i < diff->len && !options.all; i++) {
        if (diff_schema_is_for(diff->at[i]))
            diff_schema_show(cx, diff->at[i]);
        else if (diff_rules_are_in(diff->at[i]))
            diff_rules_show(cx, diff->at[i]);
        else if (diff_binary_is_in(diff->at[i]))
            diff_binary_show(cx, diff->at[i]);
    }
    return diff;
}

bool diff_has_own_change(const struct diff_document *d)
{
    bool own = d->kind != DIFF_CHANGED;
    const struct diff_changes *all = diff_shown_changes(d);
    for (uint32_t i = 0; i < all->len; i++)
        own |= diff_is_own(&all->at[i]);
    return own;
}
