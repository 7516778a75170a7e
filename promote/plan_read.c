/* What a plan stands on: the commits of both sides, the project at the base, the environments as they
 * are rendered there. */
#include "promote/plan_parts.h"

#include "promote/argocd.h"
#include "promote/history.h"

/* The working directory as seen from the top of the tree, else the nearest folder above that
 * holds a hoist.yaml. */
static bool find_folder(struct context *cx, struct repository *repository, str *folder)
{
    struct source *disk = source_disk(cx, S(""));
    struct source *head = disk ? source_git(cx, repository, S("HEAD"), NOWHERE) : NULL;
    if (!head)
        return false;
    str top = repository_worktree(repository);
    str below = str_starts(disk->here, top) ? str_skip(disk->here, top.len) : S("");
    *folder = top.len && below.len > 1 ? str_skip(below, 1) : S(".");
    for (str up = *folder; up.len;) {
        if (source_kind(cx, head, source_join(cx->arena, up, S("hoist.yaml"))) == FILE_PLAIN) {
            *folder = up;
            break;
        }
        ptrdiff_t slash = str_find_last(up, '/');
        up = slash < 0 ? str_eq(up, S(".")) ? S("") : S(".") : str_slice(up, 0, (size_t)slash);
    }
    return true;
}

bool plan_open(struct context *cx, struct plan_request *request)
{
    request->repository = repository_open(cx, S("."), NOWHERE);
    return request->repository && find_folder(cx, request->repository, &request->folder);
}

/* Messages name the branch, and the commit only where there is none. */
static struct folder *folder_at(struct context *cx, const struct plan_request *r, str commit,
                                str name)
{
    struct source *src = source_git(cx, r->repository, commit, NOWHERE);
    if (!src)
        return NULL;
    bool hex = str_eq(name, commit);
    src->name = str_format(cx->arena, "%.*s:", STR(hex ? str_slice(commit, 0, 12) : name));
    return source_folder(cx, src, r->folder, NOWHERE);
}

static struct project *project_at(struct context *cx, const struct plan_request *r, str commit,
                                  str name)
{
    struct folder *folder = folder_at(cx, r, commit, name);
    return folder ? project_read(cx, folder) : NULL;
}

/* A branch by its name; a clone may have only its remote's. */
static bool find_branch(struct context *cx, struct plan *p, str branch, str *commit)
{
    str remote = str_concat(cx->arena, S("origin/"), branch);
    str local = str_concat(cx->arena, S("refs/heads/"), branch);
    diag_mute(cx);
    bool found = revision_commit(cx, p->request->repository, local, NOWHERE, commit)
                 || revision_commit(cx, p->request->repository, remote, NOWHERE, commit);
    diag_unmute(cx);
    return found || revision_commit(cx, p->request->repository, branch, p->row->pos, commit);
}

/* The commit that the promotion will stand on: the target's own branch, the one that the
 * pull request is for, else where HEAD is. */
static bool find_base(struct context *cx, struct plan *p)
{
    const struct environment_row *to = project_find(p->project, p->request->to);
    p->base_name = to->branch.len ? to->branch : p->row->request.base;
    if (!p->base_name.len && !head_branch(cx, p->request->repository, &p->base_name))
        return false;
    if (p->base_name.len)
        return find_branch(cx, p, p->base_name, &p->base);
    if (!revision_commit(cx, p->request->repository, S("HEAD"), NOWHERE, &p->base))
        return false;
    p->base_name = p->base;
    return true;
}

/* A rollback is checked as what leads to the environment. */
static const struct promotion_row *row_back(struct context *cx, const struct project *p, str name)
{
    struct promotion_row *row = NEW(cx->arena, struct promotion_row);
    for (uint32_t i = 0; i < p->promotion_count; i++) {
        if (str_eq(p->promotions[i].to, name))
            *row = p->promotions[i];
    }
    row->from = row->to = name;
    row->branch = str_concat(cx->arena, S("hoist/rollback/"), name);
    return row;
}

static bool find_row(struct context *cx, struct plan *p)
{
    const struct plan_request *r = p->request;
    if (!project_environment(cx, p->project, r->from)
        || !project_environment(cx, p->project, r->to))
        return false;
    if (r->back)
        p->row = row_back(cx, p->project, r->to);
    else if (str_eq(r->from, r->to))
        return report(cx, NOWHERE, "'%.*s' cannot be promoted to itself", STR(r->from));
    else
        p->row = project_promotion(cx, p->project, r->from, r->to);
    return true;
}

bool plan_read_project(struct context *cx, struct plan *p)
{
    const struct plan_request *r = p->request;
    str head;
    if (!revision_commit(cx, r->repository, S("HEAD"), NOWHERE, &head))
        return false;
    p->project = project_at(cx, r, head, S("HEAD"));
    if (!p->project || !find_row(cx, p) || !find_base(cx, p))
        return false;
    const struct environment_row *to = project_find(p->project, p->request->to);
    /* What the base says counts, but for an Application that is not there. */
    if (str_eq(p->base, head) || to->home)
        return true;
    p->project = project_at(cx, r, p->base, p->base_name);
    return p->project && find_row(cx, p);
}

/* Each environment reads from a source of its own, which then tells what it has read. */
struct environment *plan_render(struct context *cx, struct plan *p,
                                const struct environment_row *row, str commit, str name)
{
    struct folder *folder = folder_at(cx, p->request, commit, name);
    return folder ? environment_render(cx, folder, row) : NULL;
}

static bool report_unknown(struct context *cx, const struct plan *p, const struct requirement *r,
                           str revision)
{
    report_surroundings(cx, r->pos,
                        "the commit that Argo CD has synced, %.*s, is not in this repository",
                        STR(str_slice(revision, 0, 40)));
    hint(cx, NOWHERE, "git fetch brings it, if '%.*s' is where Argo CD looks",
         STR(p->request->from));
    return false;
}

/* What Argo CD has synced is what has proved itself, wherever the branch is by now. */
static bool ask_argocd(struct context *cx, struct plan *p)
{
    const struct requirement *r = requirement_find(p->row, S("argocd"));
    if (!r)
        return true;
    struct argocd_status *app = argocd_read(cx, &p->scene, r);
    p->scene.argocd = app;
    if (!app->revision.len)
        return true;
    str commit;
    diag_mute(cx);
    bool found = revision_commit(cx, p->request->repository, app->revision, NOWHERE, &commit);
    diag_unmute(cx);
    if (found && str_eq(commit, app->revision)) {
        p->source = p->source_name = commit;
        return true;
    }
    const struct diag *last = cx->diags.last;
    if (app->state.state == CHECK_PASSED && !report_unknown(cx, p, r, app->revision))
        check_fail(cx, &app->state, last);
    return true;
}

/* Its own branch; HEAD's, where only the target has one ("main -> production"); else the base. */
static bool find_source_commit(struct context *cx, struct plan *p,
                               const struct environment_row *row)
{
    const struct environment_row *to = project_find(p->project, p->request->to);
    p->source = p->base;
    p->source_name = row->branch.len ? row->branch : p->base_name;
    if (row->branch.len)
        return find_branch(cx, p, row->branch, &p->source);
    if (!to || !to->branch.len)
        return true;
    if (!revision_commit(cx, p->request->repository, S("HEAD"), NOWHERE, &p->source)
        || !head_branch(cx, p->request->repository, &p->source_name))
        return false;
    p->source_name = p->source_name.len ? p->source_name : p->source;
    return true;
}

static bool find_revision(struct context *cx, const struct plan *p, str *commit)
{
    const struct plan_request *r = p->request;
    bool follows = false;
    if (!revision_commit(cx, r->repository, r->revision, NOWHERE, commit)
        || !commit_follows(cx, r->repository, p->base, *commit, &follows))
        return false;
    return follows
           || report(cx, NOWHERE, "'%.*s' is no commit in the past of '%.*s'", STR(r->revision),
                     STR(p->base_name));
}

/* A set that the target ran, as it was then, and the receipt that brought it. */
static bool find_past(struct context *cx, struct plan *p)
{
    const struct plan_request *r = p->request;
    struct timeline_request request = { .repository = r->repository,
                                        .folder = r->folder,
                                        .environment = r->to,
                                        .rules = p->base,
                                        .tip = p->base };
    struct history_set *set = NEW(cx->arena, struct history_set);
    if (r->revision.len ? !find_revision(cx, p, &request.tip) || !history_at(cx, &request, set)
                        : !history_before(cx, &request, set))
        return false;
    if (!set->past.rendered)
        return report(cx, NOWHERE, "'%.*s' does not render at '%.*s'", STR(r->to),
                      STR(r->revision));
    p->source = p->source_name = set->past.commit;
    p->scene = (struct check_scene){ .repository = r->repository,
                                     .folder = r->folder,
                                     .rules = p->base,
                                     .source = project_find(p->project, r->to),
                                     .commit = p->source,
                                     .recorded = set->recorded ? &set->receipt : NULL,
                                     .back = true };
    if (r->force.len) {
        struct promotion_row *unchecked = NEW(cx->arena, struct promotion_row);
        *unchecked = *p->row;
        unchecked->check_count = 0;
        unchecked->digest = false;
        p->row = unchecked;
    }
    return true;
}

bool plan_find_source(struct context *cx, struct plan *p)
{
    if (p->request->back)
        return find_past(cx, p);
    const struct environment_row *row = project_find(p->project, p->request->from);
    if (!find_source_commit(cx, p, row))
        return false;
    p->scene = (struct check_scene){ .repository = p->request->repository,
                                     .folder = p->request->folder,
                                     .rules = p->base,
                                     .source = row };
    if (!ask_argocd(cx, p))
        return false;
    p->scene.commit = p->source;
    return true;
}

bool plan_render_source(struct context *cx, struct plan *p)
{
    if (!plan_find_source(cx, p))
        return false;
    p->from = plan_render(cx, p, p->scene.source, p->source, p->source_name);
    return p->from;
}

static void add_environment(struct context *cx, struct environments *list, struct environment *e)
{
    ARENA_PUSH(cx->arena, list->at, list->len, list->cap);
    list->at[list->len++] = e;
}

/* Environments on the target's branch that the edit could reach. */
bool plan_render_others(struct context *cx, struct plan *p)
{
    const struct environment_row *to = project_find(p->project, p->request->to);
    for (uint32_t i = 0; i < p->project->environment_count; i++) {
        const struct environment_row *row = &p->project->environments[i];
        if (row == to || !str_eq(row->branch, to->branch))
            continue;
        bool is_source = str_eq(row->name, p->request->from) && str_eq(p->source, p->base);
        struct environment *e =
            is_source ? p->from : plan_render(cx, p, row, p->base, p->base_name);
        if (!e)
            return false;
        add_environment(cx, &p->others, e);
    }
    return true;
}

bool plan_place(struct context *cx, const struct plan_request *request, struct plan *out)
{
    *out = (struct plan){ .request = request };
    return plan_read_project(cx, out);
}

bool plan_base_moved(struct context *cx, const struct plan *plan, bool *moved)
{
    struct plan now = *plan;
    if (!find_branch(cx, &now, plan->base_name, &now.base))
        return false;
    *moved = !str_eq(now.base, plan->base);
    return true;
}
