/* Every document is read once: Helm refuses what is no YAML and sorts by kind. */
#include "render/chart/manifest.h"

#include <stdlib.h>
#include <strings.h>

#include "render/template/template.h"
#include "render/template/yaml_words.h"
#include "render/chart/compat.h"
#include "schema/orders.h"

void manifests_add(struct context *cx, struct manifests *m, str path,
                   const struct rendered *rendered)
{
    struct text *text = text_add(cx, path, rendered->bytes);
    text->pieces = rendered->pieces;
    text->piece_count = rendered->piece_count;
    ARENA_PUSH(cx->arena, m->files, m->file_count, m->file_cap);
    m->files[m->file_count++] = (struct rendered_file){ path, text };
}

static struct manifest *push(struct context *cx, struct manifests *m)
{
    ARENA_PUSH(cx->arena, m->at, m->len, m->cap);
    m->at[m->len] = (struct manifest){ 0 };
    return &m->at[m->len++];
}

static bool is_manifest_file(str path)
{
    return str_ends(path, S(".yaml")) || str_ends(path, S(".yml")) || str_ends(path, S(".json"));
}

void manifests_add_crds(struct context *cx, struct manifests *m, const struct chart *chart)
{
    for (uint32_t i = 0; i < chart->files.len; i++) {
        const struct chart_file *f = &chart->files.at[i];
        if (!str_starts(f->path, S("crds/")) || !is_manifest_file(f->path))
            continue;
        struct manifest *crd = push(cx, m);
        crd->path =
            str_format(cx->arena, "%.*s/%.*s", STR(chart_full_path(cx, chart)), STR(f->path));
        crd->content = f->text->bytes;
        crd->text = f->text;
        crd->crd = true;
    }
    for (uint32_t i = 0; i < chart->chart_count; i++)
        manifests_add_crds(cx, m, chart->charts[i]);
}

/* What Go's regular expressions call \s. */
static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

bool manifest_split(struct manifest_splitter *splitter, str *document)
{
    str s = splitter->rest;
    bool begun = splitter->begun;
    if (!s.at)
        return false;
    splitter->begun = true;
    for (size_t line = 0;;) {
        if ((line > 0 || !begun) && str_starts(str_skip(s, line), S("---"))) {
            size_t end = line;
            size_t next = line + 3;
            while (end > 0 && is_blank(s.at[end - 1]))
                end--;
            while (next < s.len && is_blank(s.at[next]))
                next++;
            *document = str_slice(s, 0, end);
            splitter->rest = str_skip(s, next);
            return true;
        }
        ptrdiff_t end = str_find_char(str_skip(s, line), '\n');
        if (end < 0)
            break;
        line += (size_t)end + 1;
    }
    *document = s;
    splitter->rest = (str){ NULL, 0 };
    return true;
}

static bool is_known_hook(str name)
{
    static const str hooks[] = { S("pre-install"),  S("post-install"),  S("pre-delete"),
                                 S("post-delete"),  S("pre-upgrade"),   S("post-upgrade"),
                                 S("pre-rollback"), S("post-rollback"), S("test"),
                                 S("test-success") };
    for (size_t i = 0; i < countof(hooks); i++) {
        if (hooks[i].len == name.len && strncasecmp(hooks[i].at, name.at, name.len) == 0)
            return true;
    }
    return false;
}

/* False for a hook of an unknown kind, which Helm leaves out. */
static bool read_hooks(struct manifest *m, str events)
{
    str event;
    m->hook = true;
    while (str_next_field(&events, ',', &event)) {
        event = str_trim(event);
        if (!is_known_hook(event))
            return false;
        m->test |= event.len >= 4 && strncasecmp(event.at, "test", 4) == 0;
    }
    return true;
}

/* The types that Helm decodes a manifest's head to, as Go prints them. */
#define HEAD_TYPE        "value of type util.SimpleHead"
#define TEXT_TYPE(field) "struct field " field " of type string"
#define METADATA_TYPE                                                                              \
    "struct field SimpleHead.metadata of type struct { Name string \"json:\\\"name\\\"\"; "        \
    "Annotations map[string]string \"json:\\\"annotations\\\"\" }"
#define ANNOTATIONS_TYPE "struct field .metadata.annotations of type map[string]string"

static bool wrong_type(struct context *cx, const struct node *n, const char *field,
                       const char *wanted, const char *type, str *go)
{
    static const char *const kinds[] = {
        [NODE_NULL] = "null",    [NODE_BOOL] = "bool",     [NODE_INT] = "number",
        [NODE_FLOAT] = "number", [NODE_STRING] = "string", [NODE_LIST] = "array",
        [NODE_MAP] = "object"
    };
    *go = str_format(cx->lasting,
                     "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal %s into "
                     "Go %s",
                     kinds[n->kind], type);
    return report(cx, n->pos, "%s must be %s, not %s", field, wanted, node_kind_name(n));
}

/* Numbers and booleans pass for text. */
static bool check_text(struct context *cx, const struct node *n, const char *field,
                       const char *type, str *go)
{
    return !n || node_is_scalar(n) || wrong_type(cx, n, field, "a string", type, go);
}

static bool check_map(struct context *cx, const struct node *n, const char *field, const char *type,
                      str *go)
{
    return !n || n->kind == NODE_MAP || n->kind == NODE_NULL
           || wrong_type(cx, n, field, "a map", type, go);
}

/* The few fields that Helm decodes, with the types that it decodes them to. */
static bool check_head(struct context *cx, const struct node *n, str *go)
{
    const struct node *metadata = node_get(n, KEY_METADATA);
    const struct node *annotations = node_get(metadata, KEY_ANNOTATIONS);
    if (!check_map(cx, n, "a manifest", HEAD_TYPE, go)
        || !check_text(cx, node_get(n, KEY_KIND), "kind", TEXT_TYPE("SimpleHead.kind"), go)
        || !check_text(cx, node_get(n, KEY_API_VERSION), "apiVersion",
                       TEXT_TYPE("SimpleHead.apiVersion"), go)
        || !check_map(cx, metadata, "metadata", METADATA_TYPE, go)
        || !check_text(cx, node_get(metadata, KEY_NAME), "metadata.name",
                       TEXT_TYPE(".metadata.name"), go)
        || !check_map(cx, annotations, "metadata.annotations", ANNOTATIONS_TYPE, go))
        return false;
    for (uint32_t i = 0; node_is(annotations, NODE_MAP) && i < annotations->len; i++) {
        if (!check_text(cx, annotations->entries[i].value, "an annotation",
                        TEXT_TYPE(".metadata.annotations"), go))
            return false;
    }
    return true;
}

static const struct diag *said_since(const struct context *cx, const struct diag *last)
{
    return last ? last->next : cx->diags.first;
}

/* What Helm wants to know of a document. *keep is false for what it leaves out. */
static bool look_at(struct context *cx, struct text *part, struct manifest *m, bool *keep, str *go)
{
    struct documents all = { 0 };
    const struct diag *last = cx->diags.last;
    *keep = true;
    if (!yaml_read_all(cx, part, YAML_GO2, &all)) {
        str words = yaml_words(cx, part->bytes, said_since(cx, last));
        *go = str_format(cx->lasting, "error converting YAML to JSON: %.*s", STR(words));
        return false;
    }
    const struct node *document = all.len ? all.at[0] : NULL;
    if (!document || document->kind == NODE_NULL)
        return true;
    if (!check_head(cx, document, go))
        return false;
    const struct node *annotations = node_get(node_get(document, KEY_METADATA), KEY_ANNOTATIONS);
    const struct node *hook = node_get_text(cx, annotations, S("helm.sh/hook"));
    m->kind = node_get_str(document, KEY_KIND);
    *keep = !hook || read_hooks(m, hook->text);
    return true;
}

/* The document is forgotten when it was looked at, unless something was said about it. */
static bool look_briefly(struct context *cx, struct text *part, struct manifest *m, bool *keep,
                         str *go)
{
    struct mark before = arena_mark(cx->brief);
    const struct diag *said = cx->diags.last;
    cx->arena = cx->brief;
    bool ok = look_at(cx, part, m, keep, go);
    cx->arena = cx->lasting;
    if (said != cx->diags.last)
        return ok;
    m->kind = str_dup(cx->arena, m->kind);
    text_forget(part);
    arena_rewind(cx->brief, before);
    return ok;
}

static bool add_document(struct context *cx, struct manifests *m, const struct rendered_file *f,
                         str content, str *go)
{
    struct text *part = text_add(cx, f->path, content);
    struct manifest found = { .path = f->path, .content = content, .text = part };
    bool keep;
    part->cut_from = (struct pos){ f->text->id, (uint32_t)(content.at - f->text->bytes.at) };
    if (!look_briefly(cx, part, &found, &keep, go))
        return false;
    found.rank = chart_compat_knows_kind(chart_compat(cx), found.kind)
                     ? helm_install_rank(found.kind)
                     : HELM_RANK_UNKNOWN;
    if (keep)
        *push(cx, m) = found;
    return true;
}

static bool split_file(struct context *cx, struct manifests *m, const struct rendered_file *f,
                       str *go)
{
    struct manifest_splitter splitter = { .rest = str_trim(f->text->bytes) };
    str document;
    while (manifest_split(&splitter, &document)) {
        if (document.len && !add_document(cx, m, f, document, go))
            return false;
    }
    return true;
}

static int by_path(const void *a, const void *b)
{
    const struct rendered_file *x = a;
    const struct rendered_file *y = b;
    return str_cmp(x->path, y->path);
}

/* CRDs, manifests, hooks; kinds that Helm does not know come last, by name. */
static int order(const struct manifest *x, const struct manifest *y)
{
    int m = x->crd ? 0 : x->hook ? 2 : 1;
    int n = y->crd ? 0 : y->hook ? 2 : 1;
    if (m != n)
        return m - n;
    if (x->crd)
        return 0;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->rank == HELM_RANK_UNKNOWN ? str_cmp(x->kind, y->kind) : 0;
}

/* A merge sort, as equal ones keep their order. */
static void sort_range(struct manifest *at, struct manifest *spare, uint32_t n)
{
    if (n < 2)
        return;
    uint32_t half = n / 2;
    sort_range(at, spare, half);
    sort_range(at + half, spare, n - half);
    memcpy(spare, at, half * sizeof *at);
    for (uint32_t i = 0, j = half, k = 0; i < half; k++)
        at[k] = j < n && order(&at[j], &spare[i]) < 0 ? at[j++] : spare[i++];
}

bool manifests_sort(struct context *cx, struct manifests *m, str *helm)
{
    if (m->file_count)
        qsort(m->files, m->file_count, sizeof *m->files, by_path);
    for (uint32_t i = 0; i < m->file_count; i++) {
        str go = S("");
        if (split_file(cx, m, &m->files[i], &go))
            continue;
        *helm = str_format(cx->arena, "YAML parse error on %.*s%s%.*s", STR(m->files[i].path),
                           go.len ? ": " : "", STR(go));
        return false;
    }
    sort_range(m->at, NEW_ARRAY(cx->arena, struct manifest, m->len / 2 + 1), m->len);
    return true;
}

void manifest_print(struct buf *out, const struct manifest *m)
{
    buf_format(out, "---\n# Source: %.*s\n", STR(m->path));
    buf_str(out, m->content);
    buf_char(out, '\n');
}
