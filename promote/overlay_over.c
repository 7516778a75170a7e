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

/* Where each part of the printed text comes from. */

struct pieces {
    struct text_piece *at;
    uint32_t len;
    uint32_t cap;
};

static void add_piece(struct context *cx, struct pieces *p, struct pos printed, struct pos from)
{
    if (!from.text || !printed.text)
        return;
    if (p->len && p->at[p->len - 1].offset >= printed.offset)
        return; /* a map begins where its first key does */
    ARENA_PUSH(cx->arena, p->at, p->len, p->cap);
    p->at[p->len++] = (struct text_piece){ printed.offset, from, false };
}

static void add_pieces(struct context *cx, struct pieces *p, const struct node *printed,
                       const struct node *from)
{
    if (printed->kind != from->kind)
        return;
    if (node_is_scalar(printed))
        add_piece(cx, p, printed->pos, from->pos);
    for (uint32_t i = 0; printed->kind == NODE_MAP && i < printed->len; i++) {
        const struct entry *e = &printed->entries[i];
        const struct entry *origin = node_entry(from, e->key);
        if (!origin)
            continue;
        add_piece(cx, p, e->pos, origin->pos);
        add_pieces(cx, p, e->value, origin->value);
    }
    for (uint32_t i = 0; printed->kind == NODE_LIST && i < printed->len && i < from->len; i++)
        add_pieces(cx, p, printed->items[i], from->items[i]);
}

static bool trace(struct context *cx, struct text *text, const struct documents *documents)
{
    struct documents printed = { 0 };
    struct pieces p = { 0 };
    if (!text)
        return true;
    if (!yaml_read_all(cx, text, YAML_GO3, &printed))
        return false;
    for (uint32_t i = 0; i < printed.len && i < documents->len; i++)
        add_pieces(cx, &p, printed.at[i], documents->at[i]);
    text->pieces = p.at;
    text->piece_count = p.len;
    return true;
}

bool overlay_over(struct context *cx, struct folder *folder, const struct build_options *options,
                  struct documents *documents, struct source **files)
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
    /* What was read besides is what stands in the files: what was rendered is none. */
    str real = str_format(cx->arena, "%.*s/%.*s", STR(over->real), STR(below));
    if (!trace(cx, map_put(&edited->texts, real, NULL), documents))
        return false;
    map_put(&edited->texts, str_format(cx->arena, "%.*s/%.*s", STR(over->real), STR(name)), text);
    if (files)
        *files = edited;
    documents->len = 0;
    for (uint32_t i = 0; i < built.len; i++) {
        ARENA_PUSH(cx->arena, documents->at, documents->len, documents->cap);
        documents->at[documents->len++] = built.at[i]->node;
    }
    return true;
}
