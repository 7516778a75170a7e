/* Which Application an environment is: of those in its file, and of those that the ApplicationSets
 * in it make, the one that is called as the environment; else the one whose name ends in a hyphen
 * and that, as "shop-staging"; else the one that begins so. One alone is meant whatever its name. */
#include "promote/application.h"

#include "promote/application_tree.h"

bool application_is(const struct node *n)
{
    return str_eq(node_get_str(n, KEY(KIND)), S("Application"))
           && str_starts(node_get_str(n, KEY_API_VERSION), S("argoproj.io/"));
}

static str name_of(const struct node *n)
{
    return node_get_str(node_get(n, KEY(METADATA)), KEY_NAME);
}

/* Candidates. */

struct candidate_list {
    struct candidate_row {
        str name;
        const struct node *document;
        struct generated *generated;
    } * at;
    uint32_t len;
    uint32_t cap;
};

static void add(struct context *cx, struct candidate_list *all, struct candidate_row row)
{
    ARENA_PUSH(cx->arena, all->at, all->len, all->cap);
    all->at[all->len++] = row;
}

static bool add_set(struct context *cx, struct environment *env, struct folder *top,
                    const struct node *document, struct candidate_list *all)
{
    if (!env->aside) {
        env->aside = source_edited(cx, top->source);
        environment_reads_from(cx, env, env->aside);
    }
    struct folder *own = source_folder(cx, env->aside, top->path, document->pos);
    struct application_set *set = own ? application_set_read(cx, own, document) : NULL;
    for (uint32_t i = 0; set && i < set->len; i++)
        add(cx, all, (struct candidate_row){ set->at[i].name, NULL, &set->at[i] });
    return set;
}

static bool add_document(struct context *cx, struct environment *env, struct folder *top,
                         const struct node *n, struct candidate_list *all)
{
    if (application_set_is(n))
        return add_set(cx, env, top, n, all);
    if (application_is(n))
        add(cx, all, (struct candidate_row){ name_of(n), n, NULL });
    return true;
}

/* `kubectl get` prints several in a List. */
static bool find_all(struct context *cx, struct environment *env, struct folder *top,
                     const struct documents *documents, struct candidate_list *all)
{
    for (uint32_t i = 0; i < documents->len; i++) {
        const struct node *n = documents->at[i];
        const struct node *items = node_get_text(cx, n, S("items"));
        bool list = str_ends(node_get_str(n, KEY(KIND)), S("List")) && node_is(items, NODE_LIST);
        for (uint32_t k = 0; list && k < items->len; k++) {
            if (!add_document(cx, env, top, items->items[k], all))
                return false;
        }
        if (!list && !add_document(cx, env, top, n, all))
            return false;
    }
    return true;
}

/* The choice. */

/* How well a name fits: exactly, at its end, at its beginning, not at all. */
static int likeness(str application, str environment)
{
    if (str_eq(application, environment))
        return 3;
    if (application.len <= environment.len)
        return 0;
    if (str_ends(application, environment)
        && application.at[application.len - environment.len - 1] == '-')
        return 2;
    return str_starts(application, environment) && application.at[environment.len] == '-';
}

static void hint_names(struct context *cx, const struct candidate_list *all)
{
    enum { MOST = 12 };
    str *names = NEW_ARRAY(cx->arena, str, all->len);
    for (uint32_t i = 0; i < all->len; i++)
        names[i] = all->at[i].name;
    uint32_t n = all->len < MOST ? all->len : MOST;
    hint(cx, NOWHERE, "there are: %.*s%s", STR(str_join(cx->arena, names, n, S(", "))),
         n < all->len ? ", …" : "");
}

static const struct candidate_row *choose(struct context *cx, const struct environment_row *row,
                                          const struct candidate_list *all)
{
    const struct candidate_row *found = NULL;
    uint32_t called = 0;
    int best = 1;
    for (uint32_t i = 0; i < all->len; i++) {
        int fits = likeness(all->at[i].name, row->name);
        if (fits < best)
            continue;
        called = fits > best ? 1 : called + 1;
        best = fits;
        found = &all->at[i];
    }
    if (all->len == 1)
        return all->at;
    if (called == 1)
        return found;
    if (!all->len) {
        report(cx, row->pos, "'%.*s' holds no Application", STR(row->application));
        return NULL;
    }
    report(cx, row->pos, "'%.*s' holds several Applications, and %s '%.*s'", STR(row->application),
           called ? "more than one is called" : "none is called", STR(row->name));
    hint_names(cx, all);
    return NULL;
}

static bool find_sources(struct context *cx, struct application *app)
{
    const struct node *spec = node_get_text(cx, app->document, S("spec"));
    const struct node *many = node_get_text(cx, spec, S("sources"));
    const struct node *one = node_get_text(cx, spec, S("source"));
    const struct node *dry =
        node_get_text(cx, node_get_text(cx, spec, S("sourceHydrator")), S("drySource"));
    app->namespace_ = application_text(cx, node_get_text(cx, spec, S("destination")), "namespace");
    app->project = application_text(cx, spec, "project");
    if (node_is(many, NODE_LIST) && many->len) {
        app->sources = (const struct node *const *)many->items;
        app->source_count = many->len;
        return true;
    }
    const struct node **single = NEW(cx->arena, const struct node *);
    *single = node_is(dry, NODE_MAP) ? dry : one;
    app->sources = single;
    app->source_count = 1;
    return node_is(*single, NODE_MAP)
           || report(cx, app->document->pos, "the Application '%.*s' has no source",
                     STR(app->name));
}

/* On disk the top is where .git is; any other tree is the repository's own. */
static struct folder *find_top(struct context *cx, struct folder *project)
{
    struct source *src = project->source;
    if (src->closed)
        return source_folder(cx, src, S("."), NOWHERE);
    for (str up = project->real; up.len;) {
        if (source_kind(cx, src, source_join(cx->arena, up, S(".git"))) != FILE_NONE)
            return str_eq(up, project->real) ? project : source_folder(cx, src, up, NOWHERE);
        ptrdiff_t slash = str_find_last(up, '/');
        up = str_slice(up, 0, slash < 0 ? 0 : (size_t)slash);
    }
    return project;
}

/* An Application that is not on its sources' branch is only read. */
static bool find_home(struct context *cx, struct environment *env, struct application *app)
{
    const struct folder *home = env->row->home;
    app->top = find_top(cx, app->folder);
    app->branch = env->row->branch;
    if (!home || home == app->folder)
        return app->top;
    struct source *aside = source_edited(cx, home->source);
    aside->far = true;
    environment_reads_from(cx, env, aside);
    app->home = source_folder(cx, aside, home->path, env->row->pos);
    app->home_top = app->home ? find_top(cx, app->home) : NULL;
    return app->top && app->home_top;
}

bool application_find(struct context *cx, struct folder *project, struct environment *env,
                      struct application *out)
{
    struct documents documents = { 0 };
    struct candidate_list all = { 0 };
    *out = (struct application){ .folder = project };
    environment_reads_from(cx, env, project->source);
    if (!find_home(cx, env, out))
        return false;
    struct folder *from = out->home ? out->home : project;
    struct text *text = source_read(
        cx, from->source, source_join(cx->arena, from->path, env->row->application), env->row->pos);
    if (!text || !yaml_read_all(cx, text, YAML_GO2, &documents)
        || !find_all(cx, env, out->home ? out->home_top : out->top, &documents, &all))
        return false;
    const struct candidate_row *row = choose(cx, env->row, &all);
    if (!row)
        return false;
    out->name = row->name;
    out->generated = row->generated;
    out->document = row->generated ? application_set_make(cx, row->generated) : row->document;
    return out->document && find_sources(cx, out);
}

/* Is there a revision that might be a branch beside the usual ones? Most Applications need no
 * second look. */
static bool names_revision(str bytes)
{
    static const str field = { "targetRevision:", 15 };
    for (ptrdiff_t at; (at = str_find(bytes, field)) >= 0;) {
        str rest = str_skip(bytes, (size_t)at + field.len), line;
        bytes = rest;
        str_next_line(&rest, &line);
        str word = str_trim_chars(str_trim(line), S("'\""));
        if (word.len && !str_eq(word, S("HEAD")) && !str_eq(word, S("main"))
            && !str_eq(word, S("master")))
            return true;
    }
    return false;
}

void application_follow(struct context *cx, struct folder *project, struct environment_row *row)
{
    struct environment env = { .name = row->name, .row = row, .project = project };
    struct application app;
    if (!row->application.len || row->branch.len)
        return;
    struct diags before = cx->diags;
    struct text *text = source_read(
        cx, project->source, source_join(cx->arena, project->path, row->application), row->pos);
    if (text && names_revision(text->bytes) && application_find(cx, project, &env, &app))
        row->branch = application_branch(cx, &app);
    diag_take_back(cx, before);
    if (row->branch.len)
        row->home = project;
}
