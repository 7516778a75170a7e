/* Images of a chart, set by the values that decide them.
 *
 * A digest goes where the chart has a place for one; else a tag takes it along, "v1@sha256:…".
 * What the digest hides stays readable: the tag that stood beside it becomes the new one. */
#include "promote/pin.h"

static struct node *tree_of(struct context *cx, struct pins *pins, struct value_layer *layer,
                            struct text *text)
{
    const struct node *before = value_layer_tree(cx, layer);
    for (uint32_t i = 0; i < pins->tree_count; i++) {
        const struct pinned_tree *t = &pins->trees[i];
        if (t->text == text && t->holder == layer->holder
            && (!before || t->before->pos.offset == before->pos.offset))
            return t->after;
    }
    ARENA_PUSH(cx->arena, pins->trees, pins->tree_count, pins->tree_cap);
    struct pinned_tree *t = &pins->trees[pins->tree_count++];
    *t = (struct pinned_tree){ text, before, before ? node_copy(cx, before) : node_map(cx),
                               layer->holder };
    return t->after;
}

/* One more parameter, in the Application or in what overrides it. */
static bool add_parameter(struct context *cx, struct pins *pins, struct pinned_file *file,
                          const struct environment_part *part, const struct value_path *path,
                          str value)
{
    const struct node *section = node_get_text(cx, part->source, S("helm"));
    const struct node *list = node_get_text(cx, section, S("parameters"));
    const struct key *key = intern(cx->keys, S("parameters"));
    struct node *item = node_map(cx), *own;
    node_add(cx, item, KEY_NAME, node_string(cx, value_path_print(cx, path)));
    node_add(cx, item, intern(cx->keys, S("value")), node_string(cx, value));
    node_add(cx, item, intern(cx->keys, S("forceString")), node_bool(cx, true));
    if (node_is(list, NODE_LIST) && list->len && text_of(cx, list->pos) == file->text)
        return edit_append(file->edits, list, item);
    if (list && list->len)
        return report(cx, list->pos, "these parameters are in the way of '%.*s'",
                      STR(value_path_print(cx, path)));
    if (node_is(section, NODE_MAP) && section->len) {
        own = pins_field(cx, pins, file->text, section, key->text, node_list);
    } else {
        struct node *made = pins_field(cx, pins, file->text, part->source, S("helm"), node_map);
        own = node_get(made, key);
        if (!own)
            node_set(cx, made, key, own = node_list(cx));
    }
    node_push(cx, own, item);
    return true;
}

/* A setting of a list says its key too. */
static bool set_setting(struct context *cx, struct pinned_file *file,
                        const struct value_layer *layer, str value)
{
    if (!layer->value)
        return report(cx, layer->pos, "this setting has no text that could be edited");
    if (str_eq(layer->value->text, layer->set)) {
        str key, old;
        str_cut(layer->set, '=', &key, &old);
        value = str_format(cx->arena, "%.*s=%.*s", STR(key), STR(value));
    }
    return edit_scalar(file->edits, layer->value, value);
}

static bool set_value(struct context *cx, struct pins *pins, struct environment_part *part,
                      const struct value_path *path, str value)
{
    struct value_target target;
    if (!value_target_find(cx, pins->env, part, pins->others, path, &target))
        return false;
    struct pinned_file *file = pins_file(cx, pins, target.text, target.real);
    if (!file)
        return false;
    if (target.parameter.parameter)
        return pin_parameter(cx, file, &target.parameter, value);
    if (!target.layer)
        return add_parameter(cx, pins, file, part, path, value);
    if (target.layer->kind == LAYER_SET)
        return set_setting(cx, file, target.layer, value);
    struct node *tree = tree_of(cx, pins, target.layer, target.text);
    return value_path_put(cx, tree, path, value)
           || report(cx, target.layer->pos, "'%.*s' can't be set here",
                     STR(value_path_print(cx, path)));
}

/* Does the environment itself say something there, in a tree that can be edited? */
static bool says_itself(struct context *cx, const struct pins *pins, struct environment_part *part,
                        const struct value_path *path)
{
    struct value_target target;
    diag_mute(cx);
    bool found = value_target_find(cx, pins->env, part, pins->others, path, &target);
    diag_unmute(cx);
    if (!found || !target.layer || target.layer->kind == LAYER_SET)
        return false;
    const struct node *tree = value_layer_tree(cx, target.layer);
    const struct node *there = tree ? value_path_node(tree, path) : NULL;
    return there && node_is_scalar(there) && there->kind != NODE_NULL && there->text.len;
}

static bool set_digest(struct context *cx, struct pins *pins, struct environment_part *part,
                       const struct value_site *site, struct image_ref ref)
{
    str digest = site->bare_digest ? str_trim_prefix(ref.digest, S("sha256:")) : ref.digest;
    str tag = ref.tag.len ? ref.tag : pins->remark;
    if (!set_value(cx, pins, part, site->digest, digest))
        return false;
    if (!site->tag || !tag.len || (!site->tag_stays && !says_itself(cx, pins, part, site->tag)))
        return true;
    return set_value(cx, pins, part, site->tag, tag);
}

/* A digest that would hide the tag goes; where something stands below it, it becomes empty. */
static bool drop_digest(struct context *cx, struct pins *pins, struct environment_part *part,
                        const struct value_path *path)
{
    struct value_target target;
    if (!value_target_find(cx, pins->env, part, pins->others, path, &target))
        return false;
    if (target.parameter.parameter || value_stays_without(cx, part, target.layer, path))
        return set_value(cx, pins, part, path, S(""));
    struct pinned_file *file = pins_file(cx, pins, target.text, target.real);
    if (file)
        value_path_remove(tree_of(cx, pins, target.layer, target.text), path);
    return file;
}

static bool set_tag(struct context *cx, struct pins *pins, struct environment_part *part,
                    const struct value_site *site, struct image_ref ref)
{
    if (!set_value(cx, pins, part, site->tag, ref.tag))
        return false;
    return !site->digest || !says_itself(cx, pins, part, site->digest)
           || drop_digest(cx, pins, part, site->digest);
}

bool pin_values(struct context *cx, struct pins *pins, struct environment_part *part,
                const struct value_site *site, struct image_ref image, struct image_ref ref)
{
    if (site->whole) {
        struct image_ref whole = ref;
        whole.name = site->name;
        return set_value(cx, pins, part, site->whole, image_ref_print(cx->arena, whole));
    }
    if (ref.digest.len && site->digest)
        return set_digest(cx, pins, part, site, ref);
    if (!site->tag)
        return report(cx, NOWHERE, "no value of the chart decides the tag of '%.*s'",
                      STR(ref.name));
    if (!ref.digest.len)
        return set_tag(cx, pins, part, site, ref);
    str tag = ref.tag.len ? ref.tag : image_ref_tag(image);
    return set_value(cx, pins, part, site->tag,
                     str_format(cx->arena, "%.*s@%.*s", STR(tag), STR(ref.digest)));
}
