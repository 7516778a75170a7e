/* A kustomization file between its bytes and its tree.
 *
 * The edited text is read again before anyone sees it. Where it cannot be edited in place, as
 * inside an anchor that stands for several places, it is written anew as kustomize always does:
 * the meaning comes before the layout. */
#include "overlays/edit_file.h"

#include "overlays/kustomization.h"
#include "render/doc/edit_tree.h"
#include "render/doc/yaml_read.h"
#include "render/doc/yaml_write.h"

/* The order in which kustomize writes the fields of a new file; the legacy ones that only a file
 * written anew can have stand beside their successors. */
static const str field_order[] = {
    S("apiVersion"),
    S("kind"),
    S("metadata"),
    S("sortOptions"),
    S("resources"),
    S("bases"),
    S("namePrefix"),
    S("nameSuffix"),
    S("namespace"),
    S("crds"),
    S("commonLabels"),
    S("labels"),
    S("commonAnnotations"),
    S("patchesStrategicMerge"),
    S("patchesJson6902"),
    S("patches"),
    S("configMapGenerator"),
    S("secretGenerator"),
    S("helmCharts"),
    S("helmChartInflationGenerator"),
    S("helmGlobals"),
    S("generatorOptions"),
    S("vars"),
    S("images"),
    S("imageTags"),
    S("replacements"),
    S("replicas"),
    S("configurations"),
    S("generators"),
    S("transformers"),
    S("validators"),
    S("components"),
    S("openapi"),
    S("buildMetadata"),
};

/* Parts. */

struct node *edit_list_of(struct edit_file *f, struct node *map, str field)
{
    struct node *list = node_get_text(f->cx, map, field);
    if (!node_is(list, NODE_LIST)) {
        list = node_list(f->cx);
        node_set(f->cx, map, intern(f->cx->keys, field), list);
    }
    return list;
}

struct node *edit_map_of(struct edit_file *f, struct node *map, str field)
{
    struct node *inner = node_get_text(f->cx, map, field);
    if (!node_is(inner, NODE_MAP)) {
        inner = node_map(f->cx);
        node_set(f->cx, map, intern(f->cx->keys, field), inner);
    }
    return inner;
}

void edit_put(struct edit_file *f, struct node *map, str field, str text)
{
    const struct key *key = intern(f->cx->keys, field);
    struct node *old = node_get(map, key);
    if (!text.len)
        node_remove(map, key);
    else if (!node_is(old, NODE_STRING) || !str_eq(old->text, text))
        node_set(f->cx, map, key, node_string(f->cx, text));
}

void edit_drop_empty(struct edit_file *f, struct node *map, str field)
{
    const struct key *key = intern(f->cx->keys, field);
    const struct node *value = node_get(map, key);
    if (value && !node_is_scalar(value) && !value->len)
        node_remove(map, key);
}

/* Opening. */

bool edit_file_open(struct context *cx, struct text *text, struct edit_file *f)
{
    struct documents all = { 0 };
    *f = (struct edit_file){ .cx = cx, .text = text };
    if (!yaml_read_all(cx, text, YAML_GO2, &all))
        return false;
    if (!all.len || all.at[0]->kind == NODE_NULL) {
        f->file = node_map(cx);
        return true;
    }
    f->before = all.at[0];
    f->file = node_copy(cx, f->before);
    return kustomization_check(cx, f->file);
}

/* Closing. */

static bool write_field(struct edit_file *f, struct buf *b, str field)
{
    struct node *value = node_get_text(f->cx, f->file, field);
    if (!value)
        return true;
    struct node *alone = node_map(f->cx);
    node_add(f->cx, alone, intern(f->cx->keys, field), value);
    return yaml_write(f->cx, b, alone);
}

/* In kustomize's own layout, behind what `head` holds. */
static bool write_anew(struct edit_file *f, str head, str *bytes)
{
    struct buf b;
    buf_init(&b, f->cx->arena, 1024);
    buf_str(&b, head);
    if (head.len && head.at[head.len - 1] != '\n')
        buf_char(&b, '\n');
    for (size_t i = 0; i < countof(field_order); i++) {
        if (!write_field(f, &b, field_order[i]))
            return false;
    }
    *bytes = buf_take(&b);
    return true;
}

/* A file that said nothing yet, but for comments. */
static bool write_new(struct edit_file *f, str head, str *bytes)
{
    bool component = str_eq(node_get_str(f->file, KEY_KIND), S("Component"));
    edit_put(f, f->file, S("kind"), component ? S("Component") : S("Kustomization"));
    edit_put(f, f->file, S("apiVersion"),
             component ? S("kustomize.config.k8s.io/v1alpha1")
                       : S("kustomize.config.k8s.io/v1beta1"));
    bool null = str_eq(str_trim(head), S("null")) || str_eq(str_trim(head), S("~"));
    return write_anew(f, null ? S("") : head, bytes);
}

/* Does the text say what it should? */
static bool says(struct edit_file *f, str bytes)
{
    struct documents all = { 0 };
    struct text *text = text_add(f->cx, f->text->name, bytes);
    if (!yaml_read_all(f->cx, text, YAML_GO2, &all) || !all.len || all.at[0]->kind != NODE_MAP)
        return false;
    return kustomization_check(f->cx, all.at[0]) && node_equal(all.at[0], f->file);
}

static bool edit_in_place(struct edit_file *f, str *bytes)
{
    struct edits *e = edits_begin(f->cx, f->text);
    if (!e || !edit_tree(e, f->before, f->file))
        return false;
    *bytes = edits_apply(e);
    return says(f, *bytes);
}

bool edit_file_close(struct edit_file *f, str *bytes)
{
    if (!f->before)
        return write_new(f, f->text->bytes, bytes);
    struct diags before = f->cx->diags;
    if (edit_in_place(f, bytes)) {
        str left = str_trim_suffix(*bytes, S("{}\n"));
        bool only_comments = !f->file->len && f->before->len && left.len < bytes->len;
        return !only_comments || write_new(f, left, bytes);
    }
    const struct diag *why = diag_take_back(f->cx, before);
    struct pos at = why ? why->pos : f->before->pos;
    warn(f->cx, at,
         "the file is written anew, without its comments: this can't be edited in place");
    return write_anew(f, S(""), bytes);
}
