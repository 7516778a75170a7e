/* Fields by their names, whatever their order. */
#include "promote/diff_fields.h"

#include "render/doc/json_write.h"

/* Paths. */

static void path_key(struct differ *d, str key)
{
    bool quoted = key.len == 0;
    for (size_t i = 0; i < key.len; i++)
        quoted |= key.at[i] == '.' || key.at[i] == '[' || key.at[i] == ']' || key.at[i] == '/'
                  || key.at[i] == '"' || (unsigned char)key.at[i] <= ' ';
    if (quoted)
        buf_char(&d->path, '[');
    else if (d->path.len)
        buf_char(&d->path, '.');
    if (quoted)
        json_write_string(&d->path, key, true);
    else
        buf_str(&d->path, key);
    if (quoted)
        buf_char(&d->path, ']');
}

static void pointer_key(struct differ *d, str key)
{
    buf_char(&d->pointer, '/');
    for (size_t i = 0; i < key.len; i++) {
        if (key.at[i] == '~')
            buf_str(&d->pointer, S("~0"));
        else if (key.at[i] == '/')
            buf_str(&d->pointer, S("~1"));
        else
            buf_char(&d->pointer, key.at[i]);
    }
}

/* Folding. */

static bool is_noise_key(str key)
{
    return str_eq(key, S("helm.sh/chart")) || str_has(key, S("checksum"))
           || str_eq(key, S("app.kubernetes.io/version"))
           || str_eq(key, S("controller-gen.kubebuilder.io/version"));
}

static bool is_noise(const struct differ *d, const struct key *map, str key)
{
    return !d->options.all && !d->inside && (map == KEY_LABELS || map == KEY_ANNOTATIONS)
           && is_noise_key(key);
}

struct diff_change *diff_add(struct differ *d, enum diff_kind kind, const struct node *from,
                             const struct node *to)
{
    struct diff_changes *out = d->out;
    ARENA_PUSH(d->cx->arena, out->at, out->len, out->cap);
    struct diff_change *c = &out->at[out->len++];
    *c = (struct diff_change){ .kind = kind, .from = from, .to = to, .secret = d->secret };
    c->path = str_dup(d->cx->arena, buf_view(&d->path));
    c->pointer = str_dup(d->cx->arena, buf_view(&d->pointer));
    if (d->options.ignore_len && diff_ignored(&d->options, c->path))
        c->fold = FOLD_IGNORED;
    return c;
}

static void either(struct differ *d, const struct node *from, const struct node *to,
                   struct merge_type type)
{
    if (from && to)
        diff_values(d, from, to, type);
    else
        diff_add(d, from ? DIFF_REMOVED : DIFF_ADDED, from, to);
}

void diff_item(struct differ *d, uint32_t at, const struct node *from, const struct node *to,
               struct merge_type type)
{
    size_t before = d->pointer.len;
    const struct key *map = d->map;
    d->map = NULL;
    buf_format(&d->pointer, "/%u", at);
    either(d, from, to, type);
    d->pointer.len = before;
    d->map = map;
}

/* Maps. */

/* What is masked: `data` and `stringData` of a Secret, and kubectl's copy of them. */
static bool begins_secret(const struct differ *d, const struct key *key)
{
    bool top = d->path.len == 0 && (key == KEY(DATA) || key == KEY(STRING_DATA));
    bool copy = d->map == KEY_ANNOTATIONS && str_eq(key->text, S(LAST_APPLIED));
    if (d->inside || (!top && !copy))
        return false;
    return diff_is_secret(d->document->from) || diff_is_secret(d->document->to);
}

static void fold_last(struct differ *d, uint32_t before)
{
    for (uint32_t i = before; i < d->out->len; i++) {
        if (!d->out->at[i].fold)
            d->out->at[i].fold = FOLD_NOISE;
    }
}

static void compare_entry(struct differ *d, const struct key *key, const struct node *from,
                          const struct node *to, struct merge_type type)
{
    size_t path = d->path.len, pointer = d->pointer.len;
    bool secret = d->secret;
    const struct key *map = d->map;
    uint32_t changes = d->out->len;
    d->secret |= begins_secret(d, key);
    path_key(d, key->text);
    pointer_key(d, key->text);
    d->map = key;
    either(d, from, to, type);
    d->map = map;
    d->path.len = path;
    d->pointer.len = pointer;
    d->secret = secret;
    if (changes < d->out->len && is_noise(d, map, key->text))
        fold_last(d, changes);
}

static void compare_maps(struct differ *d, const struct node *from, const struct node *to,
                         struct merge_type type)
{
    for (uint32_t i = 0; i < from->len; i++) {
        const struct entry *e = &from->entries[i];
        const struct node *other = i < to->len && to->entries[i].key == e->key
                                       ? to->entries[i].value
                                       : node_get(to, e->key);
        bool scalars = other && node_is_scalar(e->value) && node_is_scalar(other);
        if (scalars && node_equal(e->value, other))
            continue;
        compare_entry(d, e->key, e->value, other, merge_type_field(d->schema, type, e->key));
    }
    for (uint32_t i = 0; i < to->len; i++) {
        const struct entry *e = &to->entries[i];
        if (!node_entry(from, e->key))
            compare_entry(d, e->key, NULL, e->value, type);
    }
}

/* Scalars. */

/* Who names a generated document by its new name is told under that document. */
static void refer(struct differ *d, struct rename *r)
{
    if (!r->generated)
        return;
    if (!r->references)
        r->references = NEW(d->cx->arena, struct diff_references);
    struct diff_references *all = r->references;
    if (all->len && all->at[all->len - 1] == d->document)
        return;
    ARENA_PUSH(d->cx->arena, all->at, all->len, all->cap);
    all->at[all->len++] = d->document;
}

static void compare_scalars(struct differ *d, const struct node *from, const struct node *to)
{
    bool text = from->kind == NODE_STRING && to->kind == NODE_STRING;
    struct rename *r =
        text && !d->options.all ? matches_renamed(d->matches, from->text, to->text) : NULL;
    if (r && !str_eq(buf_view(&d->path), S("metadata.name")))
        refer(d, r);
    if (text && !r)
        diff_texts(d, from, to);
    else {
        struct diff_change *c = diff_add(d, DIFF_CHANGED, from, to);
        if (r && !c->fold)
            c->fold = FOLD_RENAME;
    }
}

void diff_values(struct differ *d, const struct node *from, const struct node *to,
                 struct merge_type type)
{
    if (from->kind == NODE_MAP && to->kind == NODE_MAP)
        compare_maps(d, from, to, type);
    else if (from->kind == NODE_LIST && to->kind == NODE_LIST)
        diff_lists(d, from, to, type);
    else if (!node_equal(from, to)) {
        if (node_is_scalar(from) && node_is_scalar(to))
            compare_scalars(d, from, to);
        else
            diff_add(d, DIFF_CHANGED, from, to);
    }
}
