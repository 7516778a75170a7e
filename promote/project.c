/* hoist.yaml, field by field. An unknown key is an error: a misspelt requirement must never
 * be one that nobody checks. */
#include "promote/project.h"

#include "promote/application.h"
#include "promote/registries.h"
#include "render/base/suggest.h"
#include "render/doc/scalar.h"
#include "render/doc/yaml_read.h"

static const str project_file = { "hoist.yaml", 10 };

static const str top_keys[] = { S("apiVersion"), S("kind"),     S("environments"),
                                S("promotions"), S("policies"), S("registries") };
static const str environment_keys[] = { S("name"),        S("path"),    S("application"),
                                        S("branch"),      S("release"), S("namespace"),
                                        S("values"),      S("set"),     S("kubeVersion"),
                                        S("apiVersions"), S("overlay") };
static const str promotion_keys[] = { S("from"),    S("to"),     S("images"),
                                      S("require"), S("branch"), S("pullRequest") };
static const str require_keys[] = { S("digest"), S("registry"), S("signatures"), S("attestations"),
                                    S("argocd"), S("soak"),     S("command") };
static const str pull_request_keys[] = { S("forge"),     S("base"),  S("labels"),
                                         S("reviewers"), S("draft"), S("title") };

bool project_check_keys(struct context *cx, const struct node *map, const str *known, size_t n,
                        const char *what)
{
    if (!node_is(map, NODE_MAP))
        return report(cx, map->pos, "%s must be a map, not %s", what, node_kind_name(map));
    bool ok = true;
    for (uint32_t i = 0; i < map->len; i++) {
        str key = map->entries[i].key->text;
        bool found = false;
        for (size_t k = 0; k < n; k++)
            found |= str_eq(key, known[k]);
        if (found)
            continue;
        ok = report(cx, map->entries[i].pos, "%s has no field '%.*s'", what, STR(key));
        ptrdiff_t near = suggest(key, known, n);
        if (near >= 0)
            hint(cx, NOWHERE, "did you mean '%.*s'?", STR(known[near]));
    }
    return ok;
}

#define CHECK_KEYS(cx, map, known, what)                                                           \
    project_check_keys((cx), (map), (known), countof(known), (what))

/* A text field; absent is empty. False when it is something else. */
static bool text_field(struct context *cx, const struct node *map, const char *name, str *out)
{
    const struct node *n = node_get_text(cx, map, str_from(name));
    *out = S("");
    if (!n || n->kind == NODE_NULL)
        return true;
    if (!node_is_scalar(n))
        return report(cx, n->pos, "'%s' must be a text, not %s", name, node_kind_name(n));
    *out = n->text;
    return true;
}

static bool needed(struct context *cx, const struct node *map, const char *name, str *out)
{
    if (!text_field(cx, map, name, out))
        return false;
    return out->len || report(cx, map->pos, "'%s' is missing", name);
}

static bool text_list(struct context *cx, const struct node *list, const char *name)
{
    if (list && list->kind != NODE_LIST)
        return report(cx, list->pos, "'%s' must be a list, not %s", name, node_kind_name(list));
    for (uint32_t i = 0; list && i < list->len; i++) {
        const struct node *n = list->items[i];
        if (!node_is_scalar(n) || !n->text.len)
            return report(cx, n->pos, "'%s' holds texts, not %s", name, node_kind_name(n));
    }
    return true;
}

static bool read_values(struct context *cx, struct environment_row *row, const struct node *n)
{
    const struct node *list = node_get_text(cx, n, S("values"));
    if (!text_list(cx, list, "values"))
        return false;
    for (uint32_t i = 0; list && i < list->len; i++) {
        ARENA_PUSH(cx->arena, row->values, row->value_count, row->value_cap);
        row->values[row->value_count++] =
            (struct value_name){ list->items[i]->text, list->items[i]->pos };
    }
    return true;
}

static bool read_chart_fields(struct context *cx, struct environment_row *row, const struct node *n)
{
    row->set = node_get_text(cx, n, S("set"));
    row->api_versions = node_get_text(cx, n, S("apiVersions"));
    if (row->set && row->set->kind != NODE_MAP && !text_list(cx, row->set, "set"))
        return false;
    return text_field(cx, n, "release", &row->release)
           && text_field(cx, n, "namespace", &row->namespace_)
           && text_field(cx, n, "kubeVersion", &row->kube_version)
           && text_field(cx, n, "overlay", &row->overlay)
           && text_list(cx, row->api_versions, "apiVersions") && read_values(cx, row, n);
}

/* An Application says all that a chart is told. */
static bool check_application(struct context *cx, const struct node *n)
{
    static const str own[] = { S("name"), S("application"), S("branch") };
    for (uint32_t i = 0; i < n->len; i++) {
        bool may = false;
        for (size_t k = 0; k < countof(own); k++)
            may |= str_eq(n->entries[i].key->text, own[k]);
        if (!may)
            return report(cx, n->entries[i].pos, "'%.*s' is for the Application to say",
                          STR(n->entries[i].key->text));
    }
    return true;
}

static bool read_environment(struct context *cx, struct project *p, const struct node *n)
{
    struct environment_row row = { .pos = n->pos };
    if (!CHECK_KEYS(cx, n, environment_keys, "an environment") || !needed(cx, n, "name", &row.name)
        || !text_field(cx, n, "path", &row.path) || !text_field(cx, n, "branch", &row.branch)
        || !text_field(cx, n, "application", &row.application) || !read_chart_fields(cx, &row, n))
        return false;
    const struct environment_row *same = project_find(p, row.name);
    if (same) {
        report(cx, n->pos, "the environment '%.*s' is here twice", STR(row.name));
        note(cx, same->pos, "it is first named here");
        return false;
    }
    if (!row.path.len && !row.application.len)
        return report(cx, n->pos, "'path' is missing");
    if (row.application.len && !check_application(cx, n))
        return false;
    project_add(cx, p, row);
    return true;
}

/* What must hold before anything is written. `false` asks for nothing. */
static bool read_require(struct context *cx, struct promotion_row *row, const struct node *n)
{
    if (!n)
        return true;
    if (!CHECK_KEYS(cx, n, require_keys, "'require'"))
        return false;
    for (uint32_t i = 0; i < n->len; i++) {
        const struct entry *e = &n->entries[i];
        bool no = e->value->kind == NODE_BOOL && !scalar_true(e->value->text);
        if (e->key == KEY(DIGEST)) {
            if (e->value->kind != NODE_BOOL)
                return report(cx, e->value->pos, "'digest' must be true or false");
            row->digest = !no;
        } else if (!no) {
            ARENA_PUSH(cx->arena, row->checks, row->check_count, row->check_cap);
            row->checks[row->check_count++] =
                (struct requirement){ e->key->text, e->value, e->pos };
        }
    }
    return true;
}

static bool known_name(struct context *cx, const struct project *p, const struct node *n,
                       const char *name, str value)
{
    if (project_find(p, value))
        return true;
    const struct node *at = node_get_text(cx, n, str_from(name));
    report(cx, at->pos, "no environment is called '%.*s'", STR(value));
    return false;
}

static bool read_images(struct context *cx, struct promotion_row *row, const struct node *n)
{
    row->images = n;
    if (!n)
        return true;
    if (n->kind != NODE_LIST)
        return report(cx, n->pos, "'images' must be a list of patterns, not %s", node_kind_name(n));
    for (uint32_t i = 0; i < n->len; i++) {
        if (!node_is_scalar(n->items[i]))
            return report(cx, n->items[i]->pos, "a pattern must be a text, not %s",
                          node_kind_name(n->items[i]));
    }
    return true;
}

static bool read_words(struct context *cx, const struct node *map, const char *name,
                       const struct node **out)
{
    const struct node *n = node_get_text(cx, map, str_from(name));
    *out = NULL;
    if (!n || n->kind == NODE_NULL)
        return true;
    if (n->kind != NODE_LIST)
        return report(cx, n->pos, "'%s' must be a list of texts, not %s", name, node_kind_name(n));
    for (uint32_t i = 0; i < n->len; i++) {
        if (!node_is_scalar(n->items[i]))
            return report(cx, n->items[i]->pos, "'%s' must hold texts, not %s", name,
                          node_kind_name(n->items[i]));
    }
    *out = n;
    return true;
}

static bool read_pull_request(struct context *cx, struct pull_request_row *row,
                              const struct node *n)
{
    if (!n || n->kind == NODE_NULL)
        return true;
    if (!CHECK_KEYS(cx, n, pull_request_keys, "'pullRequest'")
        || !text_field(cx, n, "forge", &row->forge) || !text_field(cx, n, "base", &row->base)
        || !text_field(cx, n, "title", &row->title) || !read_words(cx, n, "labels", &row->labels)
        || !read_words(cx, n, "reviewers", &row->reviewers))
        return false;
    const struct node *forge = node_get_text(cx, n, S("forge"));
    const struct node *draft = node_get_text(cx, n, S("draft"));
    row->forge_pos = forge ? forge->pos : n->pos;
    if (draft && draft->kind != NODE_BOOL)
        return report(cx, draft->pos, "'draft' must be true or false");
    row->draft = draft && scalar_true(draft->text);
    return true;
}

static str default_branch(struct context *cx, str from, str to)
{
    return str_format(cx->arena, "hoist/promote/%.*s-to-%.*s", STR(from), STR(to));
}

static bool read_promotion(struct context *cx, struct project *p, const struct node *n)
{
    struct promotion_row row = { .pos = n->pos };
    if (!CHECK_KEYS(cx, n, promotion_keys, "a promotion") || !needed(cx, n, "from", &row.from)
        || !needed(cx, n, "to", &row.to) || !text_field(cx, n, "branch", &row.branch)
        || !known_name(cx, p, n, "from", row.from) || !known_name(cx, p, n, "to", row.to)
        || !read_images(cx, &row, node_get(n, KEY(IMAGES)))
        || !read_require(cx, &row, node_get_text(cx, n, S("require"))))
        return false;
    if (!read_pull_request(cx, &row.request, node_get_text(cx, n, S("pullRequest"))))
        return false;
    if (!row.branch.len)
        row.branch = default_branch(cx, row.from, row.to);
    ARENA_PUSH(cx->arena, p->promotions, p->promotion_count, p->promotion_cap);
    p->promotions[p->promotion_count++] = row;
    return true;
}

static bool read_list(struct context *cx, struct project *p, const struct node *root,
                      const char *name,
                      bool (*each)(struct context *, struct project *, const struct node *))
{
    const struct node *list = node_get_text(cx, root, str_from(name));
    if (!list || list->kind == NODE_NULL)
        return true;
    if (list->kind != NODE_LIST)
        return report(cx, list->pos, "'%s' must be a list, not %s", name, node_kind_name(list));
    bool ok = true;
    for (uint32_t i = 0; i < list->len; i++)
        ok = each(cx, p, list->items[i]) && ok;
    return ok;
}

static bool read_fields(struct context *cx, struct project *p)
{
    struct node *root = yaml_read(cx, p->text, YAML_GO3);
    if (!root || !CHECK_KEYS(cx, root, top_keys, "hoist.yaml"))
        return false;
    const struct node *version = node_get(root, KEY_API_VERSION);
    if (!str_eq(node_get_str(root, KEY_API_VERSION), S("hoist/v1")))
        return report(cx, version ? version->pos : root->pos, "'apiVersion' must be hoist/v1");
    p->policies = node_get_text(cx, root, S("policies"));
    if (!registries_read(cx, p, node_get_text(cx, root, S("registries"))))
        return false;
    return read_list(cx, p, root, "environments", read_environment)
           && read_list(cx, p, root, "promotions", read_promotion);
}

void project_add(struct context *cx, struct project *p, struct environment_row row)
{
    ARENA_PUSH(cx->arena, p->environments, p->environment_count, p->environment_cap);
    p->environments[p->environment_count++] = row;
}

struct project *project_read(struct context *cx, struct folder *folder)
{
    struct project *p = NEW(cx->arena, struct project);
    p->folder = folder;
    if (folder_kind(cx, folder, project_file) != FILE_PLAIN)
        return project_by_convention(cx, p) ? p : NULL;
    p->text = folder_read(cx, folder, project_file, NOWHERE);
    if (!p->text || !read_fields(cx, p))
        return NULL;
    for (uint32_t i = 0; i < p->environment_count; i++)
        application_follow(cx, folder, &p->environments[i]);
    return p;
}

const struct environment_row *project_find(const struct project *p, str name)
{
    for (uint32_t i = 0; i < p->environment_count; i++) {
        if (str_eq(p->environments[i].name, name))
            return &p->environments[i];
    }
    return NULL;
}

const struct environment_row *project_environment(struct context *cx, const struct project *p,
                                                  str name)
{
    const struct environment_row *row = project_find(p, name);
    if (row)
        return row;
    str *names = NEW_ARRAY(cx->arena, str, p->environment_count);
    for (uint32_t i = 0; i < p->environment_count; i++)
        names[i] = p->environments[i].name;
    report(cx, NOWHERE, "no environment is called '%.*s'", STR(name));
    ptrdiff_t near = suggest(name, names, p->environment_count);
    if (near >= 0)
        hint(cx, p->environments[near].pos, "did you mean '%.*s'?", STR(names[near]));
    else if (p->environment_count)
        hint(cx, NOWHERE, "there are: %.*s",
             STR(str_join(cx->arena, names, p->environment_count, S(", "))));
    else
        hint(cx, NOWHERE, "a hoist.yaml names them, or folders in 'overlays' do");
    return NULL;
}

struct promotion_row *project_promotion(struct context *cx, const struct project *p, str from,
                                        str to)
{
    for (uint32_t i = 0; i < p->promotion_count; i++) {
        if (str_eq(p->promotions[i].from, from) && str_eq(p->promotions[i].to, to))
            return &p->promotions[i];
    }
    struct promotion_row *row = NEW(cx->arena, struct promotion_row);
    *row = (struct promotion_row){ .from = from, .to = to };
    row->branch = default_branch(cx, from, to);
    return row;
}
