/* Names of documents. */
#include "render/doc/identity.h"

void api_version_split(str api_version, str *group, str *version)
{
    if (!str_cut(api_version, '/', group, version)) {
        *version = api_version;
        *group = S("");
    }
}

struct identity identity_of(const struct node *document)
{
    const struct node *metadata = node_get(document, KEY_METADATA);
    struct identity id = { .gvk.kind = node_get_str(document, KEY_KIND),
                           .name = node_get_str(metadata, KEY_NAME),
                           .namespace_ = node_get_str(metadata, KEY_NAMESPACE) };
    api_version_split(node_get_str(document, KEY_API_VERSION), &id.gvk.group, &id.gvk.version);
    return id;
}

static str effective(str namespace_)
{
    return str_eq(namespace_, S("default")) ? S("") : namespace_;
}

bool identity_equal(struct identity a, struct identity b)
{
    return str_eq(a.name, b.name) && str_eq(a.gvk.kind, b.gvk.kind)
           && str_eq(a.gvk.group, b.gvk.group) && str_eq(a.gvk.version, b.gvk.version)
           && str_eq(effective(a.namespace_), effective(b.namespace_));
}

str identity_print(struct arena *a, struct identity id)
{
    str group = id.gvk.group.len ? id.gvk.group : S("[noGrp]");
    str version = id.gvk.version.len ? id.gvk.version : S("[noVer]");
    str kind = id.gvk.kind.len ? id.gvk.kind : S("[noKind]");
    str name = id.name.len ? id.name : S("[noName]");
    str ns = id.namespace_.len ? id.namespace_ : S("[noNs]");
    return str_format(a, "%.*s.%.*s.%.*s/%.*s.%.*s", STR(kind), STR(version), STR(group), STR(name),
                      STR(ns));
}
