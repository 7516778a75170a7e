/* Every environment is rendered as it is; the base, where that has read something else.
 *
 * One on a branch of its own is what the revision's tree has in its place only for who compares that
 * branch, or asks for that environment: no other change reaches it. */
#include "promote/diff_revision.h"

#include "promote/affected.h"
#include "render/source/git.h"

struct revisions {
    struct context *cx;
    const struct diff_request *request;
    struct folder *head; /* the project's, on disk … */
    struct folder *base; /* … and in the revision */
    struct project *head_project;
    struct project *base_project;
    struct repository *repository;
    str commit;
    struct diff_set *out;
};

/* The two projects. */

/* The project's folder in the revision. */
static bool open_base(struct revisions *r)
{
    struct context *cx = r->cx;
    str base = r->request->base;
    r->repository = repository_open(cx, S("."), NOWHERE);
    if (!r->repository || !revision_commit(cx, r->repository, base, NOWHERE, &r->commit))
        return false;
    str top = repository_worktree(r->repository);
    if (!top.len)
        return report(cx, NOWHERE, "a bare repository has nothing to compare with '%.*s'",
                      STR(base));
    struct source *src = source_git(cx, r->repository, r->commit, NOWHERE);
    if (!src)
        return false;
    src->name = str_concat(cx->arena, base, S(":"));
    str below =
        str_trim_chars(str_trim_prefix(r->head->real, str_trim_suffix(top, S("/"))), S("/"));
    r->base = source_folder(cx, src, below.len ? below : S("."), NOWHERE);
    return r->base != NULL;
}

static bool open_projects(struct revisions *r)
{
    struct source *disk = source_disk(r->cx, S(""));
    r->head = disk ? source_folder(r->cx, disk, S("."), NOWHERE) : NULL;
    return r->head && open_base(r) && (r->head_project = project_read(r->cx, r->head))
           && (r->base_project = project_read(r->cx, r->base));
}

static bool is_asked_for(const struct diff_request *request, str name)
{
    for (uint32_t i = 0; i < request->only_len; i++) {
        if (str_eq(request->only[i], name))
            return true;
    }
    return request->only_len == 0;
}

static bool is_elsewhere(const struct environment *env)
{
    return env->project->source->closed;
}

static bool find_affected(struct revisions *r, struct environment *env,
                          const struct environment_row *row, bool *out)
{
    struct affected a = { .row = row, .env = env };
    *out = r->request->only_len > 0;
    if (is_elsewhere(env))
        return true;
    if (!affected_since(r->cx, &a, r->head_project, r->repository, r->commit))
        return false;
    *out = a.len > 0;
    return true;
}

/* A revision without a hoist.yaml, from before there was one or of a branch for one environment,
 * has the environments whose files it has. */
static const struct environment_row *row_at_base(struct revisions *r,
                                                 const struct environment_row *row)
{
    const struct environment_row *base = project_find(r->base_project, row->name);
    if (base || r->base_project->text)
        return base;
    bool there = row->path.len && folder_kind(r->cx, r->base, row->path) != FILE_NONE;
    for (uint32_t i = 0; there && i < row->value_count; i++)
        there = folder_kind(r->cx, r->base, row->values[i].path) == FILE_PLAIN;
    return there ? row : NULL;
}

bool diff_sides_hold(struct context *cx, const struct environment *from,
                     const struct environment *to)
{
    if (!from->documents.len == !to->documents.len)
        return true;
    report(cx, NOWHERE, "'%.*s' renders to no document, '%.*s' to %u",
           STR(from->documents.len ? to->name : from->name),
           STR(from->documents.len ? from->name : to->name),
           from->documents.len + to->documents.len);
    return false;
}

static void add_section(struct revisions *r, str name, const struct environment *old,
                        const struct environment *new_)
{
    static const struct documents nothing;
    struct context *cx = r->cx;
    struct diff *d = diff_documents(cx, old ? &old->documents : &nothing,
                                    new_ ? &new_->documents : &nothing, r->request->options);
    if (old && new_ && !d->len && !d->quiet.len) {
        r->out->unaffected++;
        return;
    }
    ARENA_PUSH(cx->arena, r->out->at, r->out->len, r->out->cap);
    struct diff_section *s = &r->out->at[r->out->len++];
    *s = (struct diff_section){ .name = name, .diff = d };
    s->from_name = str_format(cx->arena, "%.*s:%.*s", STR(r->request->base), STR(name));
    s->to_name = name;
}

static bool compare_row(struct revisions *r, const struct environment_row *row)
{
    if (!is_asked_for(r->request, row->name))
        return true;
    const struct environment_row *base = row_at_base(r, row);
    struct folder *folder = affected_folder(r->cx, r->head, row, r->request->base);
    struct environment *new_ = folder ? environment_render(r->cx, folder, row) : NULL, *old = NULL;
    bool affected = true;
    if (!new_ || ((base || is_elsewhere(new_)) && !find_affected(r, new_, row, &affected)))
        return false;
    if (!affected) {
        r->out->unaffected++;
        return true;
    }
    if (base && !(old = environment_render(r->cx, r->base, base)))
        return false;
    if (old && !diff_sides_hold(r->cx, old, new_))
        return false;
    add_section(r, row->name, old, new_);
    return true;
}

/* Environments that are no more. */
static bool compare_gone(struct revisions *r, const struct environment_row *row)
{
    if (!is_asked_for(r->request, row->name) || project_find(r->head_project, row->name))
        return true;
    struct environment *old = environment_render(r->cx, r->base, row);
    if (!old)
        return false;
    add_section(r, row->name, old, NULL);
    return true;
}

static bool are_known(struct revisions *r)
{
    for (uint32_t i = 0; i < r->request->only_len; i++) {
        str name = r->request->only[i];
        if (!project_find(r->base_project, name)
            && !project_environment(r->cx, r->head_project, name))
            return false;
    }
    return true;
}

bool diff_revision(struct context *cx, const struct diff_request *request, struct diff_set *out)
{
    *out = (struct diff_set){ .several = true };
    struct revisions r = { .cx = cx, .request = request, .out = out };
    if (!open_projects(&r) || !are_known(&r))
        return false;
    const struct project *head = r.head_project, *base = r.base_project;
    if (!head->environment_count && !base->environment_count)
        return report(cx, NOWHERE, "there are no environments here: hoist.yaml names them");
    bool ok = true;
    for (uint32_t i = 0; i < head->environment_count; i++)
        ok = compare_row(&r, &head->environments[i]) && ok;
    for (uint32_t i = 0; i < base->environment_count; i++)
        ok = compare_gone(&r, &base->environments[i]) && ok;
    return ok;
}
