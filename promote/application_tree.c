/* A repoURL is this repository's when one of its remotes has that address, whatever way it is
 * reached by, or, in a fork or a mirror, the same name while the path is here. A repository without
 * remotes is taken for every repoURL.
 *
 * In this repository HEAD, the default branch and the one that is checked out mean the tree that is
 * being read: so a change can be looked at before it is merged. Any other branch, tag, commit or
 * range of versions is read from Git. */
#include "promote/application_tree.h"

#include "promote/commit.h"
#include "render/base/semver.h"
#include "render/source/git_places.h"
#include "render/source/submodules.h"

/* What is being read. */
struct here {
    struct repository *repository; /* NULL: none */
    str commit;                    /* "" on disk */
    str branch;                    /* checked out; "" for none, and where a commit is read */
    str usual;                     /* the default branch */
    struct git_names addresses;
};

static void find_repository(struct context *cx, struct source *src, const struct folder *project,
                            struct here *here)
{
    str revision;
    if (source_git_revision(src, &here->repository, &revision)) {
        if (!revision_commit(cx, here->repository, revision, NOWHERE, &here->commit))
            here->repository = NULL;
    } else if (!src->closed) {
        here->repository = repository_open(cx, project->real, NOWHERE);
        if (here->repository && !head_branch(cx, here->repository, &here->branch))
            here->branch = S("");
    }
}

static const struct here *find_here(struct context *cx, struct application *app)
{
    if (app->here)
        return app->here;
    struct here *here = NEW(cx->arena, struct here);
    struct folder *read = app->home ? app->home : app->folder;
    struct diags before = cx->diags;
    *here = (struct here){ 0 };
    find_repository(cx, source_original(read->source), read, here);
    if (here->repository && !repository_addresses(cx, here->repository, &here->addresses))
        here->repository = NULL;
    if (here->repository)
        here->usual = repository_default_branch(cx, here->repository);
    diag_take_back(cx, before);
    return app->here = here;
}

/* Whose. */

static bool is_ours(struct context *cx, const struct application *app, const struct here *here,
                    const struct node *source)
{
    str url = application_text(cx, source, "repoURL");
    str path = str_trim_chars(application_text(cx, source, "path"), S("/"));
    bool named = false;
    if (!here->repository || !here->addresses.len || !url.len)
        return true;
    for (uint32_t i = 0; i < here->addresses.len; i++) {
        if (git_address_same(here->addresses.at[i], url))
            return true;
        named |= str_eq(git_address_name(here->addresses.at[i]), git_address_name(url));
    }
    return named && path.len && folder_kind(cx, app->top, path) == FILE_FOLDER;
}

/* Revisions. */

static bool is_here(const struct here *here, str revision)
{
    if (!revision.len || str_eq(revision, S("HEAD")) || !here->repository)
        return true;
    if (here->usual.len ? str_eq(revision, here->usual)
                        : str_eq(revision, S("main")) || str_eq(revision, S("master")))
        return true;
    return str_eq(revision, here->branch);
}

static bool find_branch(struct context *cx, const struct here *here, str name, str *commit)
{
    str local = str_concat(cx->arena, S("refs/heads/"), name);
    str remote = str_concat(cx->arena, S("refs/remotes/origin/"), name);
    struct diags before = cx->diags;
    bool found = revision_commit(cx, here->repository, local, NOWHERE, commit)
                 || revision_commit(cx, here->repository, remote, NOWHERE, commit);
    diag_take_back(cx, before);
    return found;
}

static bool is_range(str revision)
{
    return str_has_char(revision, '*') || str_has_char(revision, '>') || str_has_char(revision, '<')
           || str_has_char(revision, '^') || str_has_char(revision, '~')
           || str_ends(revision, S(".x"));
}

/* The highest tag that is in a range. */
static str highest_tag(struct context *cx, const struct here *here, str range)
{
    struct git_names tags;
    struct semver best = { 0 }, v;
    str error, found = S("");
    const struct semver_range *r = semver_range_parse(cx->arena, range, &error);
    if (!r || !repository_tags(cx, here->repository, &tags))
        return found;
    for (uint32_t i = 0; i < tags.len; i++) {
        if (!semver_parse(cx->arena, tags.at[i], &v, &error) || !semver_range_has(r, &v)
            || (found.len && semver_compare(&v, &best) <= 0))
            continue;
        best = v;
        found = tags.at[i];
    }
    return found;
}

static bool find_commit(struct context *cx, const struct here *here, str revision, str *commit)
{
    str name = str_trim_prefix(revision, S("refs/heads/"));
    if (find_branch(cx, here, name, commit))
        return true;
    struct diags before = cx->diags;
    str tag = is_range(revision) ? highest_tag(cx, here, revision) : revision;
    bool found = tag.len && revision_commit(cx, here->repository, tag, NOWHERE, commit);
    diag_take_back(cx, before);
    return found;
}

static struct folder *top_of(struct context *cx, struct source *src, struct pos from)
{
    struct folder *top = src ? source_folder(cx, src, S("."), from) : NULL;
    if (top)
        src->far = true;
    return top;
}

static struct folder *at_revision(struct context *cx, const struct application *app,
                                  const struct here *here, const struct node *at)
{
    str commit;
    if (!find_commit(cx, here, at->text, &commit)) {
        report(cx, at->pos, "this repository has no branch, tag or commit '%.*s'", STR(at->text));
        hint(cx, NOWHERE, "git fetch may bring it");
        return NULL;
    }
    if (str_eq(commit, here->commit))
        return app->top;
    struct source *src = source_git(cx, here->repository, commit, at->pos);
    if (src)
        src->name = str_concat(cx->arena, at->text, S(":"));
    return top_of(cx, src, at->pos);
}

/* Elsewhere: fetched once, so that all that is rendered is of one commit. */
static struct folder *from_elsewhere(struct context *cx, const struct here *here,
                                     const struct node *source)
{
    const struct node *at = node_get_text(cx, source, S("repoURL"));
    struct git_remote_tree tree = { .url = application_text(cx, source, "repoURL"),
                                    .revision = application_text(cx, source, "targetRevision"),
                                    .submodules = true };
    struct map *fetched = repository_fetched(here->repository);
    str key = str_format(cx->arena, "%.*s\n%.*s", STR(tree.url), STR(tree.revision));
    struct source *src = map_get(fetched, key);
    if (str_eq(tree.revision, S("HEAD")))
        tree.revision = S("");
    if (src)
        return top_of(cx, src, at->pos);
    diag_enter(cx, at->pos, "of another repository, as this Application's source");
    src = fetch_git_whole(cx, &tree, at->pos);
    diag_leave(cx);
    if (src)
        map_put(fetched, key, src);
    return top_of(cx, src, at->pos);
}

struct folder *application_tree(struct context *cx, struct application *app,
                                const struct node *source)
{
    const struct node *at = node_get_text(cx, source, S("targetRevision"));
    str revision = application_text(cx, source, "targetRevision");
    if (!application_text(cx, source, "repoURL").len && !revision.len)
        return app->top;
    const struct here *here = find_here(cx, app);
    if (!is_ours(cx, app, here, source))
        return from_elsewhere(cx, here, source);
    /* hoist.yaml names a branch of its own, or this is the branch that was followed. */
    if (app->branch.len && (!app->home || str_eq(app->branch, revision)))
        return app->top;
    if (is_here(here, revision))
        return app->home ? app->home_top : app->top;
    return at_revision(cx, app, here, at);
}

str application_branch(struct context *cx, struct application *app)
{
    str branch = S(""), commit;
    for (uint32_t i = 0; i < app->source_count; i++) {
        const struct node *source = app->sources[i];
        str revision = application_text(cx, source, "targetRevision");
        bool files =
            application_text(cx, source, "path").len || application_text(cx, source, "ref").len;
        if (application_text(cx, source, "chart").len || !files)
            continue;
        const struct here *here = find_here(cx, app);
        if (!is_ours(cx, app, here, source))
            continue;
        if (is_here(here, revision) || (branch.len && !str_eq(branch, revision))
            || !find_branch(cx, here, revision, &commit) || str_eq(commit, here->commit))
            return S("");
        branch = revision;
    }
    return branch;
}
