/* The documents become a file that lies beside the kustomization in memory alone, as a
 * post-renderer would put it there. */
#include "promote/overlay_over.h"

#include "overlays/edit_file.h"
#include "overlays/kustomization.h"
#include "render/base/buf.h"
#include "render/doc/yaml_write.h"

static const str below = { "rendered-by-hoist.yaml", 22 };

static bool print_all(struct context *cx, const struct documents *documents, str *bytes)
{
    struct buf b;
    buf_init(&b, cx->arena, 4096);
    for (uint32_t i = 0; i < documents->len; i++) {
        buf_str(&b, S("---\n"));
        if (!yaml_write(cx, &b, documents->at[i]))
            return false;
    }
    *bytes = buf_take(&b);
    return true;
}

/* The file's bytes with the resource at the head of its list. */
static bool with_resource(struct context *cx, struct text *text, str *bytes)
{
    struct edit_file f;
    if (!edit_file_open(cx, text, &f))
        return false;
    node_insert(cx, edit_list_of(&f, f.file, S("resources")), 0, node_string(cx, below));
    return edit_file_close(&f, bytes);
}

bool overlay_over(struct context *cx, struct folder *folder, const struct build_options *options,
                  struct documents *documents)
{
    struct source *edited = source_edited(cx, folder->source);
    struct resources built = { 0 };
    str name, rendered, bytes;
    struct text *text = kustomization_read(cx, folder, NOWHERE, &name);
    if (!text || !print_all(cx, documents, &rendered) || !with_resource(cx, text, &bytes))
        return false;
    if (!source_edit(cx, edited, source_join(cx->arena, folder->path, below), rendered, NOWHERE)
        || !source_edit(cx, edited, source_join(cx->arena, folder->path, name), bytes, NOWHERE))
        return false;
    struct folder *over = source_folder(cx, edited, folder->path, NOWHERE);
    if (!over || !overlay_build(cx, over, options, &built))
        return false;
    documents->len = 0;
    for (uint32_t i = 0; i < built.len; i++) {
        ARENA_PUSH(cx->arena, documents->at, documents->len, documents->cap);
        documents->at[documents->len++] = built.at[i]->node;
    }
    return true;
}
