/* The names are few, and so are the configurations. */
#include "overlays/field_names.h"

#include <strings.h>

static const str names[] = {
    S("annotations"),
    S("annotationSelector"),
    S("behavior"),
    S("cloud"),
    S("count"),
    S("create"),
    S("delimiter"),
    S("digest"),
    S("envs"),
    S("fieldPath"),
    S("fieldPaths"),
    S("fieldSpecs"),
    S("filePathPosition"),
    S("files"),
    S("group"),
    S("imageTag"),
    S("index"),
    S("jsonOp"),
    S("kind"),
    S("kubernetesService"),
    S("labels"),
    S("labelSelector"),
    S("literals"),
    S("metadata"),
    S("name"),
    S("namespace"),
    S("newName"),
    S("newTag"),
    S("options"),
    S("patch"),
    S("patches"),
    S("path"),
    S("paths"),
    S("prefix"),
    S("projectId"),
    S("reject"),
    S("replacements"),
    S("replica"),
    S("select"),
    S("selector"),
    S("serviceAccount"),
    S("source"),
    S("sourceValue"),
    S("suffix"),
    S("tagSuffix"),
    S("target"),
    S("targetFilePath"),
    S("targets"),
    S("type"),
    S("unsetOnly"),
    S("value"),
    S("version"),
};

static const struct key *folded(struct context *cx, const struct key *key)
{
    for (size_t i = 0; i < countof(names); i++) {
        if (key->text.len == names[i].len
            && strncasecmp(key->text.at, names[i].at, names[i].len) == 0)
            return intern(cx->keys, names[i]);
    }
    return key;
}

void field_names_fold(struct context *cx, struct node *n)
{
    for (uint32_t i = 0; n->kind == NODE_MAP && i < n->len; i++) {
        struct entry *e = &n->entries[i];
        e->key = folded(cx, e->key);
        if (e->key != KEY_LABELS && e->key != KEY_ANNOTATIONS)
            field_names_fold(cx, e->value);
    }
    for (uint32_t i = 0; n->kind == NODE_LIST && i < n->len; i++)
        field_names_fold(cx, n->items[i]);
}
