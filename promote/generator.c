/* Generators: a list, folders and files of the repository, and two ways of joining what others
 * make. Those that ask a cluster, a forge or a service are refused, never left out.
 *
 * A parameter is a node that stands where the list or the file says it, so that it can be edited
 * there. For Go's templates parameters are a tree; without them a flat map of texts, in which
 * "a.b" is the field b of a, and "path[0]" the first part of a path. */
#include "promote/generator.h"

#include "overlays/kustomization.h"
#include "render/doc/yaml_read.h"

bool params_keep(struct context *cx, struct param_sets *out, const struct node *params)
{
    ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
    out->at[out->len++] = params;
    return true;
}

void params_put(struct context *cx, struct node *map, str key, struct node *value)
{
    node_set(cx, map, intern(cx->keys, key), value);
}

str params_dotted(struct context *cx, str before, str name)
{
    return before.len ? str_format(cx->arena, "%.*s.%.*s", STR(before), STR(name)) : name;
}

/* A tree as a flat map of texts. */
void params_flatten(struct context *cx, struct node *out, const struct node *n, str name)
{
    if (node_is_scalar(n)) {
        struct node *text = node_string(cx, fill_print(cx, n));
        text->pos = n->pos;
        params_put(cx, out, name, text);
        return;
    }
    for (uint32_t i = 0; i < n->len; i++) {
        if (n->kind == NODE_MAP)
            params_flatten(cx, out, n->entries[i].value,
                           params_dotted(cx, name, n->entries[i].key->text));
        else
            params_flatten(cx, out, n->items[i],
                           params_dotted(cx, name, str_format(cx->arena, "%u", i)));
    }
}

const struct node *params_list(struct context *cx, const struct node *map, const char *field)
{
    const struct node *n = node_get_text(cx, map, str_from(field));
    return node_is(n, NODE_LIST) ? n : NULL;
}

str params_text(struct context *cx, const struct node *map, const char *field)
{
    const struct node *n = node_get_text(cx, map, str_from(field));
    return n && n->kind != NODE_NULL && node_is_scalar(n) ? n->text : S("");
}

/* list. */

static bool put_texts(struct context *cx, struct node *out, const struct node *map, str before)
{
    for (uint32_t i = 0; i < map->len; i++) {
        const struct entry *e = &map->entries[i];
        if (!before.len && str_eq(e->key->text, S("values")) && e->value->kind == NODE_MAP) {
            if (!put_texts(cx, out, e->value, S("values")))
                return false;
        } else if (e->value->kind != NODE_STRING) {
            return report(cx, e->value->pos,
                          "'%.*s' must be a text where 'goTemplate' is not true, not %s",
                          STR(e->key->text), node_kind_name(e->value));
        } else {
            params_put(cx, out, params_dotted(cx, before, e->key->text), node_copy(cx, e->value));
        }
    }
    return true;
}

static bool add_element(struct context *cx, const struct application_set *set,
                        const struct node *element, struct param_sets *out)
{
    if (element->kind != NODE_MAP)
        return report(cx, element->pos, "an element must be a map, not %s",
                      node_kind_name(element));
    if (set->fill.go)
        return params_keep(cx, out, element);
    struct node *flat = node_map(cx);
    return put_texts(cx, flat, element, S("")) && params_keep(cx, out, flat);
}

/* Elements in a text are taken as they are, also where 'goTemplate' is not true. */
static bool add_elements_yaml(struct context *cx, const struct node *text, struct param_sets *out)
{
    const struct node *all = yaml_read(cx, text_of_scalar(cx, text), YAML_GO2);
    if (!all || all->kind == NODE_NULL)
        return all;
    if (all->kind != NODE_LIST)
        return report(cx, text->pos, "'elementsYaml' must hold a list, not %s",
                      node_kind_name(all));
    for (uint32_t i = 0; i < all->len; i++) {
        if (all->items[i]->kind != NODE_MAP)
            return report(cx, text->pos, "an element must be a map, not %s",
                          node_kind_name(all->items[i]));
        params_keep(cx, out, all->items[i]);
    }
    return true;
}

static bool run_list(struct context *cx, const struct application_set *set,
                     const struct node *generator, struct param_sets *out)
{
    const struct node *elements = params_list(cx, generator, "elements");
    const struct node *text = node_get_text(cx, generator, S("elementsYaml"));
    for (uint32_t i = 0; elements && i < elements->len; i++) {
        if (!add_element(cx, set, elements->items[i], out))
            return false;
    }
    return !node_is(text, NODE_STRING) || add_elements_yaml(cx, text, out);
}

/* Others. */

static bool run_cluster(struct context *cx, const struct application_set *set,
                        const struct node *generator, struct param_sets *out)
{
    (void)set, (void)out;
    report(cx, generator->pos, "this generator needs a cluster, so its Applications are not known");
    hint(cx, NOWHERE,
         "'kubectl get application -o yaml' gives them to a file that 'application' "
         "can name");
    return false;
}

static bool run_service(struct context *cx, const struct application_set *set,
                        const struct node *generator, struct param_sets *out)
{
    (void)set, (void)out;
    return report(cx, generator->pos,
                  "this generator asks a service, so its Applications are not known");
}

static const struct {
    const char *name;
    generator_fn *run;
} generators[] = {
    { "list", run_list },           { "git", generator_git },
    { "matrix", generator_matrix }, { "merge", generator_merge },
    { "clusters", run_cluster },    { "clusterDecisionResource", run_cluster },
    { "scmProvider", run_service }, { "pullRequest", run_service },
    { "plugin", run_service },
};

static generator_fn *find(str name)
{
    for (size_t i = 0; i < countof(generators); i++) {
        if (str_eq(name, str_from(generators[i].name)))
            return generators[i].run;
    }
    return NULL;
}

const struct node *generator_of(struct context *cx, const struct node *entry, str *name)
{
    const struct node *found = NULL;
    for (uint32_t i = 0; node_is(entry, NODE_MAP) && i < entry->len; i++) {
        const struct entry *e = &entry->entries[i];
        if (str_eq(e->key->text, S("selector")))
            continue;
        if (!find(e->key->text) || found) {
            report(cx, e->pos,
                   found ? "one entry of 'generators' is one generator, so not '%.*s' too"
                         : "there is no generator '%.*s'",
                   STR(e->key->text));
            return NULL;
        }
        found = e->value;
        *name = e->key->text;
    }
    if (node_is(found, NODE_MAP))
        return found;
    report(cx, entry->pos, "this is no generator");
    return NULL;
}

/* Selectors. */

static bool holds_value(const struct node *values, const struct node *value)
{
    for (uint32_t i = 0; value && node_is(values, NODE_LIST) && i < values->len; i++) {
        if (node_is_scalar(values->items[i]) && str_eq(values->items[i]->text, value->text))
            return true;
    }
    return false;
}

static bool meets(struct context *cx, const struct node *expression, const struct node *flat,
                  bool *ok)
{
    const struct node *value = node_get_text(cx, flat, params_text(cx, expression, "key"));
    const struct node *values = node_get_text(cx, expression, S("values"));
    str operator_ = params_text(cx, expression, "operator");
    if (str_eq(operator_, S("In")))
        return holds_value(values, value);
    if (str_eq(operator_, S("NotIn")))
        return !holds_value(values, value);
    if (str_eq(operator_, S("Exists")))
        return value;
    if (str_eq(operator_, S("DoesNotExist")))
        return !value;
    *ok = report(cx, expression->pos, "a selector has no operator '%.*s'", STR(operator_));
    return false;
}

/* All parameters are its labels, flat: "path.basename". */
static bool selects(struct context *cx, const struct node *selector, const struct node *params,
                    bool *ok)
{
    const struct node *labels = node_get_text(cx, selector, S("matchLabels"));
    const struct node *expressions = params_list(cx, selector, "matchExpressions");
    struct node *flat = node_map(cx);
    params_flatten(cx, flat, params, S(""));
    for (uint32_t i = 0; node_is(labels, NODE_MAP) && i < labels->len; i++) {
        const struct node *value = node_get(flat, labels->entries[i].key);
        const struct node *wanted = labels->entries[i].value;
        if (!value || !node_is_scalar(wanted) || !str_eq(value->text, wanted->text))
            return false;
    }
    for (uint32_t i = 0; expressions && i < expressions->len; i++) {
        if (!meets(cx, expressions->items[i], flat, ok))
            return false;
    }
    return true;
}

bool generator_run(struct context *cx, const struct application_set *set, const struct node *entry,
                   struct param_sets *out)
{
    struct param_sets all = { 0 };
    str name;
    bool ok = true;
    const struct node *generator = generator_of(cx, entry, &name);
    const struct node *selector = node_get_text(cx, entry, S("selector"));
    if (!generator || !find(name)(cx, set, generator, &all))
        return false;
    for (uint32_t i = 0; ok && i < all.len; i++) {
        if (!node_is(selector, NODE_MAP) || selects(cx, selector, all.at[i], &ok))
            params_keep(cx, out, all.at[i]);
    }
    return ok;
}
