/* The plan, step by step. */
#include "promote/plan.h"

#include "promote/registries.h"
#include "promote/argocd.h"
#include "promote/guard.h"
#include "promote/history.h"
#include "promote/policy.h"
#include "render/base/glob.h"

/* Reading. */

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

static bool read_project(struct context *cx, struct plan *p)
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
static struct environment *render(struct context *cx, struct plan *p,
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

static bool find_source(struct context *cx, struct plan *p)
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

static bool render_source(struct context *cx, struct plan *p)
{
    if (!find_source(cx, p))
        return false;
    p->from = render(cx, p, p->scene.source, p->source, p->source_name);
    return p->from;
}

static void add_environment(struct context *cx, struct environments *list, struct environment *e)
{
    ARENA_PUSH(cx->arena, list->at, list->len, list->cap);
    list->at[list->len++] = e;
}

/* Environments on the target's branch that the edit could reach. */
static bool render_others(struct context *cx, struct plan *p)
{
    const struct environment_row *to = project_find(p->project, p->request->to);
    for (uint32_t i = 0; i < p->project->environment_count; i++) {
        const struct environment_row *row = &p->project->environments[i];
        if (row == to || !str_eq(row->branch, to->branch))
            continue;
        bool is_source = str_eq(row->name, p->request->from) && str_eq(p->source, p->base);
        struct environment *e = is_source ? p->from : render(cx, p, row, p->base, p->base_name);
        if (!e)
            return false;
        add_environment(cx, &p->others, e);
    }
    return true;
}

/* Choosing. */

static void add_name(struct context *cx, struct str_list *list, str name)
{
    if (list->len && str_eq(list->at[list->len - 1], name))
        return;
    ARENA_PUSH(cx->arena, list->at, list->len, list->cap);
    list->at[list->len++] = name;
}

/* A name as the command line has it: whole, its last part, or a pattern. */
static bool is_named(const struct names *names, str image)
{
    str path, last;
    if (!str_cut_last(image, '/', &path, &last))
        last = image;
    for (uint32_t i = 0; i < names->len; i++) {
        str name = names->at[i];
        if (str_eq(name, image) || str_eq(name, last) || glob_match(name, image) == GLOB_YES
            || glob_match(name, last) == GLOB_YES)
            return true;
    }
    return false;
}

static bool matches_patterns(const struct node *patterns, str image)
{
    for (uint32_t i = 0; patterns && i < patterns->len; i++) {
        if (glob_match(patterns->items[i]->text, image) == GLOB_YES)
            return true;
    }
    return !patterns;
}

static bool is_wanted(const struct plan *p, str image)
{
    return matches_patterns(p->row->images, image)
           && (!p->request->only.len || is_named(&p->request->only, image))
           && !is_named(&p->request->exclude, image);
}

/* A word of --only or --exclude that names nothing was meant to do something. */
static bool check_names(struct context *cx, const struct plan *p, const struct names *names,
                        const char *option)
{
    bool ok = true;
    for (uint32_t i = 0; i < names->len; i++) {
        bool found = false;
        struct names one = { &names->at[i], 1 };
        for (uint32_t k = 0; k < p->from->images.len; k++)
            found |= is_named(&one, p->from->images.at[k].ref.name);
        if (!found)
            ok = report(cx, NOWHERE, "%s: '%.*s' runs no image '%.*s'", option, STR(p->from->name),
                        STR(names->at[i]));
    }
    return ok;
}

static bool add_candidate(struct context *cx, struct plan *p, const struct image *image)
{
    const struct image *second = p->to ? image_set_next(&p->from->images, image) : NULL;
    if (second) {
        report_refused(cx, image->uses[0].image->pos,
                       "'%.*s' runs two versions of '%.*s', so none can be promoted",
                       STR(p->from->name), STR(image->ref.name));
        note(cx, second->uses[0].image->pos, "the other one stands here");
        return false;
    }
    ARENA_PUSH(cx->arena, p->candidates.at, p->candidates.len, p->candidates.cap);
    p->candidates.at[p->candidates.len++] =
        (struct candidate){ .ref = image->ref, .pos = image->uses[0].image->pos };
    p->candidates.at[p->candidates.len - 1].digest = image->ref.digest;
    return true;
}

static bool choose(struct context *cx, struct plan *p)
{
    bool ok = check_names(cx, p, &p->request->only, "--only")
              && check_names(cx, p, &p->request->exclude, "--exclude");
    const struct image_set *set = &p->from->images;
    for (uint32_t i = 0; i < set->len; i++) {
        const struct image *image = &set->at[i];
        if (p->to && i && image_ref_same_name(image->ref, set->at[i - 1].ref))
            continue;
        if (p->to && !image_set_find(&p->to->images, image->ref))
            add_name(cx, &p->only_source, image->ref.name);
        else if (!is_wanted(p, image->ref.name))
            add_name(cx, &p->left_out, image->ref.name);
        else
            ok = add_candidate(cx, p, image) && ok;
    }
    for (uint32_t i = 0; p->to && i < p->to->images.len; i++) {
        if (!image_set_find(set, p->to->images.at[i].ref))
            add_name(cx, &p->only_target, p->to->images.at[i].ref.name);
    }
    return ok;
}

/* Promising. */

/* By digest alone where that is asked for, else what the source says. */
static bool promise(struct context *cx, struct plan *p, const struct candidate *c)
{
    const struct image *old = image_set_find(&p->to->images, c->ref);
    struct promise promise = { .source = c->ref, .before = old->ref, .candidate = c };
    promise.after = old->ref;
    promise.after.tag = c->ref.tag;
    promise.after.digest = c->ref.digest;
    bool as_it_was = p->request->back && c->ref.digest.len;
    if (p->row->digest && !as_it_was) {
        if (!c->digest.len) {
            report_refused(cx, c->pos, "the digest of '%.*s' is not known", STR(c->ref.name));
            hint(cx, p->row->pos, "'require.registry' says who is asked for it");
            return false;
        }
        promise.after.tag = S("");
        promise.after.digest = c->digest;
    }
    if (!pin_settle(cx, p->to, old, c->ref.tag, &promise.after))
        return false;
    for (const struct image *i = old; i; i = image_set_next(&p->to->images, i))
        promise.changes |=
            !str_eq(i->ref.tag, promise.after.tag) || !str_eq(i->ref.digest, promise.after.digest);
    ARENA_PUSH(cx->arena, p->at, p->len, p->cap);
    p->at[p->len++] = promise;
    return true;
}

static bool promise_all(struct context *cx, struct plan *p)
{
    bool ok = true;
    for (uint32_t i = 0; i < p->candidates.len; i++)
        ok = promise(cx, p, &p->candidates.at[i]) && ok;
    return ok;
}

/* Editing. */

static bool edit(struct context *cx, struct plan *p, struct pins *pins)
{
    *pins = (struct pins){ .env = p->to, .others = &p->others };
    for (uint32_t i = 0; i < p->len; i++) {
        pins->remark = p->at[i].source.tag;
        if (p->at[i].changes && !pins_add(cx, pins, p->at[i].after))
            return false;
    }
    if (!pins_finish(cx, pins))
        return false;
    p->changes = NEW_ARRAY(cx->arena, struct tree_change, pins->len);
    p->change_count = pins->len;
    for (uint32_t i = 0; i < pins->len; i++)
        p->changes[i] = (struct tree_change){ str_trim_prefix(pins->files[i].real, S("/")),
                                              pins->files[i].bytes };
    return true;
}

static struct environment *render_edited(struct context *cx, struct plan *p,
                                         const struct environment_row *row, struct source *original)
{
    struct source *edited = source_edited(cx, original);
    for (uint32_t i = 0; i < p->change_count; i++) {
        if (!source_edit(cx, edited, p->changes[i].path, p->changes[i].bytes, NOWHERE))
            return NULL;
    }
    struct folder *folder = source_folder(cx, edited, p->request->folder, NOWHERE);
    return folder ? environment_render(cx, folder, row) : NULL;
}

/* Comparing. */

static const struct promise *promise_of(const struct plan *p, struct image_ref name)
{
    for (uint32_t i = 0; i < p->len; i++) {
        if (image_ref_same_name(p->at[i].after, name))
            return &p->at[i];
    }
    return NULL;
}

struct keeper {
    struct context *cx;
    const struct plan *plan;
};

static bool keep_promise(void *who, const struct node *container)
{
    struct keeper *k = who;
    struct entry *e = node_entry(container, KEY(IMAGE));
    struct image_ref ref;
    if (!e || !node_is_scalar(e->value) || !image_ref_try(k->cx, e->value->text, &ref))
        return true;
    const struct promise *promise = promise_of(k->plan, ref);
    if (!promise || !promise->changes)
        return true;
    struct image_ref after = promise->after;
    after.name = ref.name;
    e->value = node_string(k->cx, image_ref_print(k->cx->arena, after));
    return true;
}

/* What the target must look like: as before, with the promised images. */
static struct environment *expected(struct context *cx, const struct plan *p)
{
    struct environment *e = NEW(cx->arena, struct environment);
    *e = *p->to;
    e->documents = (struct documents){ 0 };
    struct keeper keeper = { cx, p };
    for (uint32_t i = 0; i < p->to->documents.len; i++) {
        struct node *copy = node_copy(cx, p->to->documents.at[i]);
        containers_each(copy, keep_promise, &keeper);
        ARENA_PUSH(cx->arena, e->documents.at, e->documents.len, e->documents.cap);
        e->documents.at[e->documents.len++] = copy;
    }
    return e;
}

/* The first differences, so that one sees why. */
static bool report_difference(struct context *cx, const struct environment *want,
                              const struct environment *got, const char *what)
{
    report_refused(cx, NOWHERE, "%s '%.*s' would change in more than the promised images", what,
                   STR(got->name));
    const struct diff *d =
        diff_documents(cx, &want->documents, &got->documents, (struct diff_options){ .all = true });
    for (uint32_t i = 0; i < d->len && i < 3; i++) {
        const struct diff_document *doc = d->at[i];
        str path = doc->changes.len ? doc->changes.at[0].path : S("the document itself");
        note(cx, NOWHERE, "%.*s %.*s: %.*s", STR(doc->id.gvk.kind), STR(doc->id.name), STR(path));
    }
    return false;
}

static bool compare_target(struct context *cx, struct plan *p)
{
    const struct environment_row *row = project_find(p->project, p->request->to);
    p->after = render_edited(cx, p, row, p->to->sources[0]);
    if (!p->after)
        return false;
    const struct environment *want = expected(cx, p);
    return environment_same(want, p->after)
           || report_difference(cx, want, p->after, "the environment");
}

static bool is_reached(struct context *cx, const struct plan *p, const struct environment *env)
{
    for (uint32_t i = 0; i < p->change_count; i++) {
        if (environment_reads(env, str_concat(cx->arena, S("/"), p->changes[i].path)))
            return true;
    }
    return false;
}

/* Who has read none of the edited files cannot have changed. */
static bool compare_others(struct context *cx, struct plan *p)
{
    for (uint32_t i = 0; i < p->others.len; i++) {
        struct environment *env = p->others.at[i];
        if (!is_reached(cx, p, env))
            continue;
        struct environment *after =
            render_edited(cx, p, project_find(p->project, env->name), env->sources[0]);
        if (!after)
            return false;
        if (!environment_same(env, after))
            return report_difference(cx, env, after, "the other environment");
    }
    return true;
}

static bool any_change(const struct plan *p)
{
    for (uint32_t i = 0; i < p->len; i++) {
        if (p->at[i].changes)
            return true;
    }
    return false;
}

/* What the target would then hold. A policy that it breaks refuses the promotion. */
static bool obey_policies(struct context *cx, struct plan *p)
{
    struct policies policies;
    struct findings findings;
    if (!policies_read(cx, p->project, &policies))
        return false;
    policies_run(cx, &policies, p->after, &findings);
    if (findings.errors)
        p->checked = CHECK_FAILED;
    return true;
}

static struct registry *registry_again(struct context *cx, const struct plan *p)
{
    const struct node *how = NULL;
    for (uint32_t i = 0; i < p->row->check_count; i++) {
        if (str_eq(p->row->checks[i].name, S("registry")))
            how = p->row->checks[i].how;
    }
    return registry_open(cx, p->project, how);
}

/* A promotion by tag promises a name, and what was checked is what it stood for then: the
 * registry is asked once more, by somebody who remembers nothing. */
static bool tags_hold(struct context *cx, const struct plan *p)
{
    struct registry *registry = NULL;
    bool ok = true;
    for (uint32_t i = 0; i < p->len; i++) {
        const struct candidate *c = p->at[i].candidate;
        struct descriptor now;
        if (!p->at[i].changes || p->at[i].after.digest.len || !c->manifest.digest.len)
            continue;
        if (!registry && !(registry = registry_again(cx, p)))
            return false;
        if (!registry_resolve(cx, registry, c->ref, c->pos, &now))
            ok = false;
        else if (!str_eq(now.digest, c->manifest.digest))
            ok = report_refused(cx, c->pos, "the tag of '%.*s' has moved since it was checked",
                                STR(image_ref_print(cx->arena, c->ref)));
    }
    return ok;
}

bool plan_place(struct context *cx, const struct plan_request *request, struct plan *out)
{
    *out = (struct plan){ .request = request };
    return read_project(cx, out);
}

bool plan_make(struct context *cx, const struct plan_request *request, struct plan *out)
{
    *out = (struct plan){ .request = request };
    if (!read_project(cx, out) || !render_source(cx, out))
        return false;
    out->to = render(cx, out, project_find(out->project, request->to), out->base, out->base_name);
    if (!out->to || !choose(cx, out) || !guards_pass(cx, out))
        return false;
    out->checked = checks_run(cx, out->project, out->row, &out->scene, &out->candidates);
    if (out->checked != CHECK_PASSED)
        return true;
    if (!promise_all(cx, out))
        return false;
    if (!any_change(out))
        return true;
    struct pins pins;
    if (!render_others(cx, out) || !edit(cx, out, &pins) || !compare_target(cx, out)
        || !compare_others(cx, out))
        return false;
    if (!obey_policies(cx, out) || !tags_hold(cx, out))
        return false;
    out->diff =
        diff_documents(cx, &out->to->documents, &out->after->documents, (struct diff_options){ 0 });
    return true;
}

/* Verifying. */

static const struct promotion_row *row_about(const struct project *p,
                                             const struct environment_row *env)
{
    for (int to = 0; to < 2; to++) {
        for (uint32_t i = 0; i < p->promotion_count; i++) {
            const struct promotion_row *row = &p->promotions[i];
            if (str_eq(to ? row->to : row->from, env->name))
                return row;
        }
    }
    return NULL;
}

/* The project on disk; the commits beside it are there for checks that look into the past. */
static bool open_working(struct context *cx, struct plan *p, struct plan_request *request)
{
    struct source *disk = source_disk(cx, S(""));
    struct folder *folder = disk ? source_folder(cx, disk, S("."), NOWHERE) : NULL;
    p->project = folder ? project_read(cx, folder) : NULL;
    if (!p->project)
        return false;
    diag_mute(cx);
    bool commits = plan_open(cx, request)
                   && revision_commit(cx, request->repository, S("HEAD"), NOWHERE, &p->base);
    diag_unmute(cx);
    p->base_name = S("HEAD");
    if (!commits)
        request->repository = NULL;
    return true;
}

static bool has_commits(struct context *cx, const struct plan *p)
{
    static const str names[] = { S("argocd"), S("soak") };
    for (size_t i = 0; i < countof(names); i++) {
        const struct requirement *r = requirement_find(p->row, names[i]);
        if (r && !p->request->repository)
            return report(cx, r->pos, "'%.*s' looks into a Git repository, and here is none",
                          STR(r->name));
    }
    return true;
}

bool plan_verify_begin(struct context *cx, str name, struct plan *out)
{
    struct plan_request *request = NEW(cx->arena, struct plan_request);
    *out = (struct plan){ .request = request };
    request->from = name;
    if (!open_working(cx, out, request))
        return false;
    out->scene.source = project_environment(cx, out->project, name);
    if (!out->scene.source)
        return false;
    const struct promotion_row *row = row_about(out->project, out->scene.source);
    struct promotion_row *own = NEW(cx->arena, struct promotion_row);
    *own = row ? *row : (struct promotion_row){ .from = name, .pos = out->scene.source->pos };
    out->row = own;
    return true;
}

bool plan_verify(struct context *cx, struct plan *out)
{
    const struct environment_row *env = out->scene.source;
    if (!has_commits(cx, out))
        return false;
    if (out->request->repository && !find_source(cx, out))
        return false;
    /* What Argo CD has synced is a commit; else it is what lies there. */
    bool synced = out->scene.argocd && str_eq(out->source, out->source_name);
    struct folder *folder = synced ? NULL : environment_folder(cx, out->project->folder, env);
    if (synced)
        out->from = render(cx, out, env, out->source, out->source_name);
    else if (folder)
        out->from = environment_render(cx, folder, env);
    if (!out->from || !choose(cx, out))
        return false;
    out->checked = checks_run(cx, out->project, out->row, &out->scene, &out->candidates);
    return true;
}

bool plan_base_moved(struct context *cx, const struct plan *plan, bool *moved)
{
    struct plan now = *plan;
    if (!find_branch(cx, &now, plan->base_name, &now.base))
        return false;
    *moved = !str_eq(now.base, plan->base);
    return true;
}
