/* The forms in which manifests leave. Of documents with one name in one namespace, the
 * last one's file stays, as with kustomize. */
#include "cli/manifests.h"

#include "cli/output.h"
#include "render/doc/identity.h"
#include "render/doc/json_write.h"
#include "render/doc/yaml_write.h"
#include "schema/kinds.h"

bool manifests_yaml(struct context *cx, struct buf *out, const struct documents *docs)
{
    for (uint32_t i = 0; i < docs->len; i++) {
        if (i)
            buf_str(out, S("---\n"));
        if (!yaml_write(cx, out, docs->at[i]))
            return false;
    }
    return true;
}

bool manifests_json(struct context *cx, struct buf *out, const struct documents *docs)
{
    for (uint32_t i = 0; i < docs->len; i++) {
        if (!json_write(cx, out, docs->at[i], (struct json_style){ .keep_html = true }))
            return false;
        buf_char(out, '\n');
    }
    return true;
}

/* The namespace that kustomize sorts a document under; empty for cluster-scoped kinds. */
static str shelf_of(const struct node *document, struct identity id)
{
    str api_version = node_get_str(document, KEY_API_VERSION);
    if (kind_scope(api_version, id.gvk.kind) == SCOPE_CLUSTER)
        return S("");
    return id.namespace_.len ? id.namespace_ : S("default");
}

static bool several_namespaces(const struct documents *docs)
{
    str first = S("");
    for (uint32_t i = 0; i < docs->len; i++) {
        str shelf = shelf_of(docs->at[i], identity_of(docs->at[i]));
        if (shelf.len && first.len && !str_eq(shelf, first))
            return true;
        if (shelf.len)
            first = shelf;
    }
    return false;
}

static void add_part(struct buf *name, str part)
{
    if (!part.len)
        return;
    if (name->len)
        buf_char(name, '_');
    for (size_t i = 0; i < part.len; i++) {
        char c = part.at[i];
        buf_char(name, c >= 'A' && c <= 'Z' ? (char)(c | 32) : c);
    }
}

static bool file_name(struct context *cx, const struct node *document, bool with_namespace,
                      str *name)
{
    struct identity id = identity_of(document);
    struct buf b;
    buf_init(&b, cx->arena, 64);
    if (with_namespace)
        add_part(&b, shelf_of(document, id));
    add_part(&b, id.gvk.group);
    add_part(&b, id.gvk.version);
    add_part(&b, id.gvk.kind);
    add_part(&b, id.name);
    buf_str(&b, S(".yaml"));
    *name = buf_take(&b);
    if (str_has_char(*name, '/'))
        return report(cx, document->pos, "'%.*s' can't be the name of a file", STR(*name));
    return true;
}

bool manifests_files(struct context *cx, str folder, const struct documents *docs)
{
    bool with_namespace = several_namespaces(docs);
    str *names = NEW_ARRAY(cx->arena, str, docs->len);
    str *bytes = NEW_ARRAY(cx->arena, str, docs->len);
    for (uint32_t i = 0; i < docs->len; i++) {
        struct buf b;
        buf_init(&b, cx->arena, 1024);
        if (!file_name(cx, docs->at[i], with_namespace, &names[i])
            || !yaml_write(cx, &b, docs->at[i]))
            return false;
        bytes[i] = buf_take(&b);
    }
    for (uint32_t i = 0; i < docs->len; i++) {
        str path = str_format(cx->arena, "%.*s/%.*s", STR(folder), STR(names[i]));
        if (!output_file(cx, path, bytes[i]))
            return false;
    }
    return true;
}
