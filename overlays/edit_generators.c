/* Edits of `configMapGenerator` and `secretGenerator`. An entry is found by its name and its
 * namespace, where none is "default". */
#include "overlays/edit_file.h"
#include "overlays/env_file.h"

static bool same_namespace(str a, str b)
{
    return str_eq(a.len ? a : S("default"), b.len ? b : S("default"));
}

static struct node *find(struct edit_file *f, const struct edit_generator *g)
{
    const struct node *list = node_get_text(f->cx, f->file, g->field);
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        struct node *item = list->items[i];
        if (node_is(item, NODE_MAP) && str_eq(node_get_str(item, KEY_NAME), g->name)
            && same_namespace(node_get_str(item, KEY_NAMESPACE), g->namespace_))
            return item;
    }
    return NULL;
}

static void add_words(struct edit_file *f, struct node *item, str field,
                      const struct strings *words)
{
    for (uint32_t i = 0; i < words->len; i++)
        node_push(f->cx, edit_list_of(f, item, field), node_string(f->cx, words->at[i]));
}

/* Can it be made as it now stands? kustomize tries before it writes. */
static bool can_be_made(struct edit_file *f, const struct node *item, struct folder *inside,
                        const char *what)
{
    struct overlay o = { .folder = inside, .text = f->text, .file = f->file };
    struct pairs pairs = { 0 };
    diag_enter(f->cx, NOWHERE, what);
    bool ok = pairs_read(f->cx, &o, item, &pairs);
    diag_leave(f->cx);
    return ok;
}

static struct node *add_new(struct edit_file *f, const struct edit_generator *g)
{
    struct node *item = node_map(f->cx);
    edit_put(f, item, S("name"), g->name);
    edit_put(f, item, S("namespace"), g->namespace_);
    edit_put(f, item, S("type"), g->type);
    node_push(f->cx, edit_list_of(f, f->file, g->field), item);
    return item;
}

bool edit_add_generator(struct edit_file *f, const struct edit_generator *g, struct folder *inside)
{
    struct node *item = find(f, g);
    if (!item)
        item = add_new(f, g);
    edit_follow_env(f, item);
    if (g->behavior.len)
        edit_put(f, item, S("behavior"), g->behavior);
    add_words(f, item, S("literals"), &g->literals);
    add_words(f, item, S("files"), &g->files);
    if (g->env.len)
        node_push(f->cx, edit_list_of(f, item, S("envs")), node_string(f->cx, g->env));
    if (g->no_suffix_hash) {
        /* kustomize puts new options in the place of those that were there. */
        struct node *options = node_map(f->cx);
        node_set(f->cx, options, KEY(DISABLE_NAME_SUFFIX_HASH), node_bool(f->cx, true));
        node_set(f->cx, item, KEY(OPTIONS), options);
    }
    return can_be_made(f, item, inside, "failed to create it");
}

/* Literals. */

static bool split_literal(struct edit_file *f, str literal, struct pos pos, str *key, str *value)
{
    if (!str_cut(literal, '=', key, value) || str_has_char(*value, '='))
        return report(f->cx, pos,
                      "failed to update resource: invalid format: literal values must be "
                      "specified in the key=value format");
    return true;
}

/* A key that stands there twice ends up with one value. */
static bool set_literal(struct edit_file *f, struct node *list, str literal)
{
    str key, value, old_key, old_value;
    bool found = false;
    if (!split_literal(f, literal, NOWHERE, &key, &value))
        return false;
    for (uint32_t i = list->len; i-- > 0;) {
        struct node *old = list->items[i];
        if (!split_literal(f, old->text, old->pos, &old_key, &old_value))
            return false;
        if (!str_eq(old_key, key))
            continue;
        if (found) {
            node_remove_at(list, i);
            continue;
        }
        found = true;
        if (str_eq(old->text, literal))
            continue;
        struct node *item = node_string(f->cx, literal);
        item->pos = old->pos;
        node_put(f->cx, list, i, item);
    }
    return found || report(f->cx, list->pos, "key '%.*s' not found in resource", STR(key));
}

bool edit_set_generator(struct edit_file *f, const struct edit_generator *g, struct folder *inside)
{
    struct node *item = find(f, g);
    if (!item)
        return report(f->cx, NOWHERE, "unable to find %.*s with name \"%.*s\"", STR(g->noun),
                      STR(g->name));
    struct node *list = g->literals.len ? edit_list_of(f, item, S("literals")) : NULL;
    for (uint32_t i = 0; i < g->literals.len; i++) {
        if (!set_literal(f, list, g->literals.at[i]))
            return false;
    }
    if (g->new_namespace.len)
        edit_put(f, item, S("namespace"), g->new_namespace);
    return can_be_made(f, item, inside, "failed to create it");
}

/* Removing. */

static bool remove_named(struct edit_file *f, const struct edit_generator *g)
{
    struct node *list = node_get_text(f->cx, f->file, g->field);
    bool found = false;
    for (const struct node *item; (item = find(f, g));) {
        for (uint32_t i = list->len; i-- > 0;) {
            if (list->items[i] == item)
                node_remove_at(list, i);
        }
        found = true;
    }
    return found;
}

bool edit_remove_generators(struct edit_file *f, const struct edit_generator *g,
                            const struct strings *names)
{
    str noun = str_eq(g->noun, S("Secret")) ? S("secret") : S("configmap");
    struct strings missing = { 0 };
    for (uint32_t i = 0; i < names->len; i++) {
        struct edit_generator one = *g;
        one.name = names->at[i];
        if (!remove_named(f, &one))
            strings_add(f->cx, &missing, one.name);
    }
    if (missing.len == names->len)
        return report(f->cx, NOWHERE,
                      "no specified %.*s(s) were found in the kustomization.yaml file", STR(noun));
    for (uint32_t i = 0; i < missing.len; i++)
        warn(f->cx, NOWHERE, "%.*s %.*s doesn't exist in kustomization file", STR(noun),
             STR(missing.at[i]));
    edit_drop_empty(f, f->file, g->field);
    return true;
}
