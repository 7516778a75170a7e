/* From generators to Applications: a template, that of the generator laid over it, filled in with
 * each set of parameters; then `templatePatch`, filled in too, laid over the result. */
#include "promote/application_set.h"

#include "overlays/kustomization.h"
#include "promote/generator.h"
#include "render/doc/yaml_read.h"

static bool is_of_argocd(const struct node *document, str kind)
{
    return str_eq(node_get_str(document, KEY(KIND)), kind)
           && str_starts(node_get_str(document, KEY_API_VERSION), S("argoproj.io/"));
}

bool application_set_is(const struct node *document)
{
    return node_is(document, NODE_MAP) && is_of_argocd(document, S("ApplicationSet"));
}

static bool is_empty(const struct node *n)
{
    return n->kind == NODE_NULL || (!node_is_scalar(n) && !n->len)
           || (n->kind == NODE_STRING && !n->text.len);
}

/* What `over` says stays, what it does not say comes from `under`; lists are not joined. */
static struct node *complete(struct context *cx, const struct node *over, const struct node *under)
{
    if (!over || is_empty(over))
        return under ? node_copy(cx, under) : NULL;
    struct node *out = node_copy(cx, over);
    for (uint32_t i = 0; out->kind == NODE_MAP && node_is(under, NODE_MAP) && i < under->len; i++) {
        const struct entry *e = &under->entries[i];
        node_set(cx, out, e->key, complete(cx, node_get(out, e->key), e->value));
    }
    return out;
}

static bool add_one(struct context *cx, struct application_set *set, const struct node *template,
                    const struct node *params)
{
    const struct node *name = node_get(node_get(template, KEY(METADATA)), KEY_NAME);
    struct generated g = { .set = set, .params.node = params, .template = template };
    if (!node_is(name, NODE_STRING))
        return report(cx, template->pos, "the template's Application has no name");
    if (!fill_text(cx, &set->fill, name, &g.params, &g.name))
        return false;
    if (map_find(&set->names, g.name))
        return report(cx, name->pos, "two Applications are called '%.*s'", STR(g.name));
    map_put(&set->names, g.name, NULL);
    ARENA_PUSH(cx->arena, set->at, set->len, set->cap);
    set->at[set->len++] = g;
    return true;
}

static bool add_generator(struct context *cx, struct application_set *set,
                          const struct node *template, const struct node *entry)
{
    struct param_sets params = { 0 };
    str name;
    const struct node *generator = generator_of(cx, entry, &name);
    if (!generator || !generator_run(cx, set, entry, &params))
        return false;
    const struct node *own = complete(cx, node_get_text(cx, generator, S("template")), template);
    for (uint32_t i = 0; i < params.len; i++) {
        if (!add_one(cx, set, own, params.at[i]))
            return false;
    }
    return true;
}

struct application_set *application_set_read(struct context *cx, struct folder *top,
                                             const struct node *document)
{
    struct application_set *set = NEW(cx->arena, struct application_set);
    const struct node *spec = node_get_text(cx, document, S("spec"));
    const struct node *template = node_get_text(cx, spec, S("template"));
    const struct node *generators = node_get_text(cx, spec, S("generators"));
    *set = (struct application_set){ .document = document, .top = top, .names.arena = cx->arena };
    if (!node_is(template, NODE_MAP) || !node_is(generators, NODE_LIST)) {
        report(cx, document->pos, "an ApplicationSet needs 'generators' and a 'template'");
        return NULL;
    }
    if (!fill_begin(cx, spec, &set->fill))
        return NULL;
    diag_enter(cx, document->pos, "in this ApplicationSet");
    bool ok = true;
    for (uint32_t i = 0; ok && i < generators->len; i++)
        ok = add_generator(cx, set, template, generators->items[i]);
    diag_leave(cx);
    return ok ? set : NULL;
}

/* The Application. */

/* Lists, too, are replaced; null takes a field away. */
static void lay_over(struct context *cx, struct node *under, const struct node *over)
{
    for (uint32_t i = 0; i < over->len; i++) {
        const struct entry *e = &over->entries[i];
        struct node *there = node_get(under, e->key);
        if (e->value->kind == NODE_NULL)
            node_remove(under, e->key);
        else if (node_is(there, NODE_MAP) && e->value->kind == NODE_MAP)
            lay_over(cx, there, e->value);
        else
            node_set(cx, under, e->key, node_copy(cx, e->value));
    }
}

/* The project is not for a patch to say. */
static bool patch(struct context *cx, struct generated *g, struct node *application)
{
    const struct node *spec = node_get_text(cx, g->set->document, S("spec"));
    const struct node *text = node_get_text(cx, spec, S("templatePatch"));
    const struct key *project = intern(cx->keys, S("project")), *at = intern(cx->keys, S("spec"));
    str filled;
    if (!text || text->kind == NODE_NULL)
        return true;
    if (text->kind != NODE_STRING)
        return report(cx, text->pos, "'templatePatch' must be a text, not %s",
                      node_kind_name(text));
    if (!fill_text(cx, &g->set->fill, text, &g->params, &filled))
        return false;
    struct node said = *text;
    said.text = filled;
    const struct node *tree = yaml_read(cx, text_of_scalar(cx, &said), YAML_GO2);
    if (!tree || tree->kind == NODE_NULL)
        return tree;
    if (tree->kind != NODE_MAP)
        return report(cx, text->pos, "'templatePatch' must hold a map, not %s",
                      node_kind_name(tree));
    struct node *own = node_get(node_get(application, at), project);
    lay_over(cx, application, tree);
    if (own && node_is(node_get(application, at), NODE_MAP))
        node_set(cx, node_get(application, at), project, own);
    return true;
}

struct node *application_set_make(struct context *cx, struct generated *g)
{
    /* Without parameters nothing is filled in. */
    struct node *made = g->params.node->len ? fill_tree(cx, &g->set->fill, g->template, &g->params)
                                            : node_copy(cx, g->template);
    if (!made)
        return NULL;
    node_set(cx, made, KEY(KIND), node_string(cx, S("Application")));
    node_set(cx, made, KEY_API_VERSION, node_string(cx, S("argoproj.io/v1alpha1")));
    return patch(cx, g, made) ? made : NULL;
}
