/* The forms in which manifests leave. Of documents with one name in one namespace, the
 * last one's file stays, as with kustomize. */
#include "cli/manifests.h"

#include "cli/output.h"
#include "promote/manifest_name.h"
#include "render/doc/json_write.h"
#include "render/doc/yaml_write.h"

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

bool manifests_files(struct context *cx, str folder, const struct documents *docs)
{
    bool with_namespace = manifests_spread(docs);
    str *names = NEW_ARRAY(cx->arena, str, docs->len);
    str *bytes = NEW_ARRAY(cx->arena, str, docs->len);
    for (uint32_t i = 0; i < docs->len; i++) {
        struct buf b;
        buf_init(&b, cx->arena, 1024);
        names[i] = manifest_name(cx->arena, docs->at[i], with_namespace);
        if (str_has_char(names[i], '/'))
            return report(cx, docs->at[i]->pos, "'%.*s' can't be the name of a file",
                          STR(names[i]));
        if (!yaml_write(cx, &b, docs->at[i]))
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
