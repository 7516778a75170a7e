/* Places in values, in trees as files have them. */
#include "promote/value_site.h"

#include "render/base/buf.h"

static void print(struct buf *b, const struct value_path *path)
{
    if (path->outer)
        print(b, path->outer);
    if (!path->key) {
        buf_format(b, "[%u]", path->index);
        return;
    }
    if (path->outer)
        buf_char(b, '.');
    /* As --set has it. */
    for (size_t i = 0; i < path->key->text.len; i++) {
        char c = path->key->text.at[i];
        if (strchr(".,=[", c))
            buf_char(b, '\\');
        buf_char(b, c);
    }
}

str value_path_print(struct context *cx, const struct value_path *path)
{
    struct buf b;
    buf_init(&b, cx->arena, 64);
    print(&b, path);
    return buf_take(&b);
}

struct node *value_path_node(const struct node *tree, const struct value_path *path)
{
    const struct node *outer = path->outer ? value_path_node(tree, path->outer) : tree;
    if (path->key)
        return node_get(outer, path->key);
    return node_is(outer, NODE_LIST) && path->index < outer->len ? outer->items[path->index] : NULL;
}

/* The map in which the last key stands; NULL when a list or a text is in the way. */
static struct node *map_for(struct context *cx, struct node *tree, const struct value_path *path)
{
    if (!path->outer)
        return tree;
    struct node *there = value_path_node(tree, path->outer);
    if (node_is(there, NODE_MAP))
        return there;
    if (!path->outer->key || (there && there->kind != NODE_NULL))
        return NULL;
    struct node *outer = map_for(cx, tree, path->outer);
    struct node *made = outer ? node_map(cx) : NULL;
    if (made)
        node_set(cx, outer, path->outer->key, made);
    return made;
}

bool value_path_put(struct context *cx, struct node *tree, const struct value_path *path, str text)
{
    struct node *there = value_path_node(tree, path);
    if (node_is(there, NODE_STRING)) {
        there->text = text;
        return true;
    }
    struct node *map = path->key ? map_for(cx, tree, path) : NULL;
    if (!map || (there && !node_is_scalar(there)))
        return false;
    node_set(cx, map, path->key, node_string(cx, text));
    return true;
}

void value_path_remove(struct node *tree, const struct value_path *path)
{
    struct node *outer = path->outer ? value_path_node(tree, path->outer) : tree;
    if (path->key && node_is(outer, NODE_MAP))
        node_remove(outer, path->key);
}
