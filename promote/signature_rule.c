/* Rules of signatures, field by field. */
#include "promote/signature_rule.h"

#include "render/base/glob.h"
#include "render/doc/scalar.h"

static const str fields[] = { S("images"),        S("keys"),        S("threshold"),   S("log"),
                              S("identities"),    S("trustedRoot"), S("annotations"), S("signedAs"),
                              S("predicateType"), S("repository") };
enum { IDENTITY_FIELDS = 4 + 2 * BUILD_CLAIMS };

bool patterns_match(const struct node *patterns, str text)
{
    for (uint32_t i = 0; patterns && i < patterns->len; i++) {
        if (glob_match(patterns->items[i]->text, text) == GLOB_YES)
            return true;
    }
    return false;
}

/* Absent is NULL. */
static bool texts(struct context *cx, const struct node *map, const char *name,
                  const struct node **out)
{
    const struct node *list = node_get_text(cx, map, str_from(name));
    *out = list;
    if (!list)
        return true;
    if (list->kind != NODE_LIST)
        return report(cx, list->pos, "'%s' must be a list, not %s", name, node_kind_name(list));
    for (uint32_t i = 0; i < list->len; i++) {
        if (!node_is(list->items[i], NODE_STRING))
            return report(cx, list->items[i]->pos, "'%s' must hold texts, not %s", name,
                          node_kind_name(list->items[i]));
    }
    return true;
}

static bool text(struct context *cx, const struct node *map, const char *name, str *out)
{
    const struct node *n = node_get_text(cx, map, str_from(name));
    *out = S("");
    if (!n)
        return true;
    if (!node_is(n, NODE_STRING) || !n->text.len)
        return report(cx, n->pos, "'%s' must be a text", name);
    *out = n->text;
    return true;
}

/* A file, or the PEM itself. */
static bool read_key(struct context *cx, const struct project *p, const struct node *n,
                     struct public_keys *keys)
{
    str pem = n->text, name = S("the key of hoist.yaml");
    if (!str_starts(str_trim(pem), S("-----BEGIN"))) {
        struct text *file = folder_read(cx, p->folder, n->text, n->pos);
        if (!file)
            return false;
        pem = file->bytes;
        name = n->text;
    }
    struct public_key *key = public_key_pem(cx, pem, name, n->pos);
    for (uint32_t i = 0; key && i < keys->len; i++) {
        if (str_eq(keys->at[i]->id, key->id))
            return report(cx, n->pos, "'%.*s' is the key '%.*s' once more", STR(name),
                          STR(keys->at[i]->name));
    }
    ARENA_PUSH(cx->arena, keys->at, keys->len, keys->cap);
    keys->at[keys->len] = key;
    keys->len += key != NULL;
    return key;
}

static bool read_keys(struct context *cx, const struct project *p, const struct node *n,
                      struct signature_rule *out)
{
    const struct node *list;
    bool ok = texts(cx, n, "keys", &list);
    for (uint32_t i = 0; ok && list && i < list->len; i++)
        ok = read_key(cx, p, list->items[i], &out->keys);
    const struct node *threshold = node_get_text(cx, n, S("threshold"));
    uint64_t many = 1;
    bool negative = false;
    if (threshold
        && (!node_is(threshold, NODE_INT) || !scalar_int(threshold->text, &negative, &many)
            || negative || many < 1 || many > out->keys.len))
        return ok
               && report(cx, threshold->pos, "'threshold' must be 1 to the number of keys, %u",
                         out->keys.len);
    out->threshold = (uint32_t)many;
    return ok;
}

/* "NAME" or "NAMEPattern"; neither leaves it empty. */
static bool read_wanted(struct context *cx, const struct node *n, str name, struct wanted *out)
{
    str expression, error;
    const char *plain = str_cstr(cx->arena, name);
    const char *pattern = str_cstr(cx->arena, str_concat(cx->arena, name, S("Pattern")));
    if (!text(cx, n, plain, &out->text) || !text(cx, n, pattern, &expression))
        return false;
    if (out->text.len && expression.len)
        return report(cx, n->pos, "an identity needs one of '%s' and '%s'", plain, pattern);
    if (!expression.len)
        return true;
    str whole = str_format(cx->arena, "^(?:%.*s)$", STR(expression));
    out->regex = regex_compile(cx->arena, whole, &error);
    if (!out->regex)
        return report(cx, n->pos, "%.*s", STR(error));
    regex_watch(out->regex, cx);
    return true;
}

static bool check_identity_fields(struct context *cx, const struct node *n)
{
    str known[IDENTITY_FIELDS] = { S("subject"), S("subjectPattern"), S("issuer"),
                                   S("issuerPattern") };
    for (size_t i = 0; i < BUILD_CLAIMS; i++) {
        known[4 + 2 * i] = build_claims[i].name;
        known[5 + 2 * i] = str_concat(cx->arena, build_claims[i].name, S("Pattern"));
    }
    return project_check_keys(cx, n, known, IDENTITY_FIELDS, "an identity");
}

static bool read_identity(struct context *cx, const struct node *n, struct wanted_signer *out)
{
    struct {
        str name;
        struct wanted *wanted;
    } needed[] = { { S("subject"), &out->subject }, { S("issuer"), &out->issuer } };
    *out = (struct wanted_signer){ 0 };
    if (!check_identity_fields(cx, n))
        return false;
    for (size_t i = 0; i < countof(needed); i++) {
        if (!read_wanted(cx, n, needed[i].name, needed[i].wanted))
            return false;
        if (!needed[i].wanted->regex && !needed[i].wanted->text.len)
            return report(cx, n->pos, "an identity needs one of '%.*s' and '%.*sPattern'",
                          STR(needed[i].name), STR(needed[i].name));
    }
    for (size_t i = 0; i < BUILD_CLAIMS; i++) {
        if (!read_wanted(cx, n, build_claims[i].name, &out->claims[i]))
            return false;
    }
    return true;
}

static bool read_identities(struct context *cx, const struct node *n, struct wanted_signers *out)
{
    const struct node *list = node_get_text(cx, n, S("identities"));
    if (list && list->kind != NODE_LIST)
        return report(cx, list->pos, "'identities' must be a list, not %s", node_kind_name(list));
    for (uint32_t i = 0; list && i < list->len; i++) {
        struct wanted_signer id;
        if (!read_identity(cx, list->items[i], &id))
            return false;
        ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
        out->at[out->len++] = id;
    }
    return true;
}

static bool read_root(struct context *cx, const struct project *p, const struct node *n,
                      struct signature_rule *out)
{
    const struct node *log = node_get_text(cx, n, S("log"));
    const struct node *root = node_get_text(cx, n, S("trustedRoot"));
    if (log && log->kind != NODE_BOOL)
        return report(cx, log->pos, "'log' must be true or false");
    out->log = log && scalar_true(log->text);
    if (root) {
        struct text *file =
            node_is(root, NODE_STRING) ? folder_read(cx, p->folder, root->text, root->pos) : NULL;
        out->root = file ? trusted_root_read(cx, file) : NULL;
        return out->root
               || (!node_is(root, NODE_STRING)
                   && report(cx, root->pos, "'trustedRoot' must be a file"));
    }
    if (!out->log && !out->identities.len)
        return true;
    report(cx, n->pos, "'%s' needs 'trustedRoot'", out->log ? "log" : "identities");
    hint(cx, NOWHERE, "a file trusted_root.json says which authorities and logs count");
    return false;
}

static bool read_annotations(struct context *cx, const struct node *n, struct signature_rule *out)
{
    out->annotations = node_get_text(cx, n, S("annotations"));
    if (!out->annotations)
        return true;
    if (out->annotations->kind != NODE_MAP)
        return report(cx, out->annotations->pos, "'annotations' must be a map, not %s",
                      node_kind_name(out->annotations));
    for (uint32_t i = 0; i < out->annotations->len; i++) {
        const struct node *value = out->annotations->entries[i].value;
        if (!node_is_scalar(value))
            return report(cx, value->pos, "an annotation must be a text, not %s",
                          node_kind_name(value));
    }
    return true;
}

static bool read_predicate_type(struct context *cx, const struct node *n, bool attestation,
                                struct signature_rule *out)
{
    const struct node *given = node_get_text(cx, n, S("predicateType"));
    if (!text(cx, n, "predicateType", &out->predicate_type))
        return false;
    if (attestation)
        return given || report(cx, n->pos, "an attestation needs its 'predicateType'");
    return !given || report(cx, given->pos, "'predicateType' belongs to 'attestations'");
}

static bool read_repository(struct context *cx, const struct node *n, struct image_ref *out)
{
    str name;
    const struct node *at = node_get_text(cx, n, S("repository"));
    if (!text(cx, n, "repository", &name) || !name.len)
        return !at;
    if (!image_ref_parse(cx, name, at->pos, out))
        return false;
    return (!out->tag.len && !out->digest.len)
           || report(cx, at->pos, "a repository has neither tag nor digest");
}

static bool read_rule(struct context *cx, const struct project *p, const struct node *n,
                      bool attestation, struct signature_rule *out)
{
    *out = (struct signature_rule){ .pos = n->pos };
    const char *what = attestation ? "an attestation" : "'signatures'";
    if (!project_check_keys(cx, n, fields, countof(fields), what)
        || !read_predicate_type(cx, n, attestation, out) || !texts(cx, n, "images", &out->images)
        || !texts(cx, n, "signedAs", &out->signed_as) || !read_keys(cx, p, n, out)
        || !read_identities(cx, n, &out->identities) || !read_root(cx, p, n, out)
        || !read_annotations(cx, n, out) || !read_repository(cx, n, &out->repository))
        return false;
    return out->keys.len || out->identities.len
           || report(cx, n->pos, "%s must say whose: 'keys' or 'identities'", what);
}

bool signature_rules_read(struct context *cx, const struct project *p, const struct node *how,
                          bool attestations, struct signature_rules *out)
{
    struct node *one = (struct node *)how, *const *items = &one;
    uint32_t len = 1;
    *out = (struct signature_rules){ 0 };
    if (how->kind == NODE_LIST) {
        items = how->items;
        len = how->len;
    }
    if (!len)
        return report(cx, how->pos, "this list asks for nothing");
    bool ok = true;
    for (uint32_t i = 0; i < len; i++) {
        ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
        ok = read_rule(cx, p, items[i], attestations, &out->at[out->len++]) && ok;
    }
    return ok;
}
