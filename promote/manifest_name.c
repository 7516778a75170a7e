/* Names from a document's identity, in lower case. */
#include "promote/manifest_name.h"

#include "render/base/buf.h"
#include "render/doc/identity.h"
#include "schema/kinds.h"

/* The namespace that kustomize sorts a document under; empty for cluster-scoped kinds. */
static str shelf_of(const struct node *document, struct identity id)
{
    str api_version = node_get_str(document, KEY_API_VERSION);
    if (kind_scope(api_version, id.gvk.kind) == SCOPE_CLUSTER)
        return S("");
    return id.namespace_.len ? id.namespace_ : S("default");
}

bool manifests_spread(const struct documents *docs)
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

str manifest_name(struct arena *a, const struct node *document, bool with_namespace)
{
    struct identity id = identity_of(document);
    struct buf b;
    buf_init(&b, a, 64);
    if (with_namespace)
        add_part(&b, shelf_of(document, id));
    add_part(&b, id.gvk.group);
    add_part(&b, id.gvk.version);
    add_part(&b, id.gvk.kind);
    add_part(&b, id.name);
    buf_str(&b, S(".yaml"));
    return buf_take(&b);
}
