/* An environment is affected when a file that it reads, or what a folder of such a file holds,
 * is not the same in the base.
 *
 * The second catches files that are gone, or that have come and are not read yet, wherever a
 * name alone decides: templates of a chart, manifests of a folder. A link may lead anywhere,
 * so it counts as a difference. */
#include "promote/diff_revision.h"

#include "render/source/git.h"

struct revisions {
    struct context *cx;
    const struct diff_request *request;
    struct folder *head; /* the project's, on disk … */
    struct folder *base; /* … and in the revision */
    struct project *head_project;
    struct project *base_project;
    str top; /* of the working tree: "/home/you/shop/" */
    struct diff_set *out;
};

/* What is read, there and here. */

static bool same_file(struct revisions *r, str real, const struct text *text)
{
    if (!text || !str_starts(real, r->top))
        return true;
    str path = str_skip(real, r->top.len);
    struct source *base = r->base->source;
    if (source_kind(r->cx, base, path) != FILE_PLAIN)
        return false;
    struct text *old = source_read(r->cx, base, path, NOWHERE);
    return old && str_eq(old->bytes, text->bytes);
}

static bool same_names(const struct listing *a, const struct listing *b)
{
    for (uint32_t i = 0; i < a->len && a->len == b->len; i++) {
        const struct listed *x = &a->at[i], *y = &b->at[i];
        if (!str_eq(x->name, y->name) || x->kind != y->kind || x->kind == FILE_LINK)
            return false;
    }
    return a->len == b->len;
}

static bool list(struct revisions *r, struct source *src, str path, struct listing *out)
{
    struct folder *folder = source_folder(r->cx, src, path, NOWHERE);
    return folder && folder_list(r->cx, folder, NOWHERE, out);
}

static bool same_folder(struct revisions *r, struct source *src, str real)
{
    if (!str_starts(real, r->top))
        return true;
    str path = str_skip(real, r->top.len);
    struct listing here = { 0 }, there = { 0 };
    if (source_kind(r->cx, r->base->source, path.len ? path : S(".")) != FILE_FOLDER)
        return false;
    return list(r, src, real, &here) && list(r, r->base->source, path.len ? path : S("."), &there)
           && same_names(&here, &there);
}

/* Ignored files and the repository itself are in no revision. */
static bool is_affected_by(struct revisions *r, struct source *src, struct map *folders)
{
    for (uint32_t i = 0; i < src->texts.len; i++) {
        str real = src->texts.entries[i].key, folder, name;
        if (!same_file(r, real, src->texts.entries[i].value))
            return true;
        if (!str_cut_last(real, '/', &folder, &name) || map_find(folders, folder))
            continue;
        map_put(folders, folder, src);
        if (!same_folder(r, src, folder))
            return true;
    }
    return false;
}

static bool is_affected(struct revisions *r, const struct environment *env)
{
    struct map folders = { .arena = r->cx->arena };
    for (uint32_t i = 0; i < env->source_count; i++) {
        /* A branch of its own is read at that branch, whatever is checked out. */
        if (!env->sources[i]->closed && is_affected_by(r, env->sources[i], &folders))
            return true;
    }
    return false;
}

/* The two projects. */

static bool open_base(struct revisions *r)
{
    struct context *cx = r->cx;
    struct repository *repository = repository_open(cx, S("."), NOWHERE);
    struct source *src = repository ? source_git(cx, repository, r->request->base, NOWHERE) : NULL;
    if (!src)
        return false;
    src->name = str_concat(cx->arena, r->request->base, S(":"));
    str top = repository_worktree(repository);
    if (!top.len)
        return report(cx, NOWHERE, "a bare repository has nothing to compare with '%.*s'",
                      STR(r->request->base));
    r->top = str_ends(top, S("/")) ? top : str_concat(cx->arena, top, S("/"));
    str real = str_concat(cx->arena, r->head->real, S("/"));
    str below = str_starts(real, r->top) ? str_skip(real, r->top.len) : S("");
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

/* Each environment has a source of its own, which tells what it has read. */
static struct environment *render_here(struct revisions *r, const struct environment_row *row)
{
    struct source *disk = source_disk(r->cx, S(""));
    struct folder *folder = disk ? source_folder(r->cx, disk, S("."), NOWHERE) : NULL;
    folder = folder ? environment_folder(r->cx, folder, row) : NULL;
    return folder ? environment_render(r->cx, folder, row) : NULL;
}

static bool is_asked_for(const struct diff_request *request, str name)
{
    for (uint32_t i = 0; i < request->only_len; i++) {
        if (str_eq(request->only[i], name))
            return true;
    }
    return request->only_len == 0;
}

/* hoist.yaml says more of an environment than its path. */
static bool same_project(const struct revisions *r)
{
    const struct text *a = r->head_project->text, *b = r->base_project->text;
    return (!a && !b) || (a && b && str_eq(a->bytes, b->bytes));
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
    const struct environment_row *base = project_find(r->base_project, row->name);
    struct environment *new_ = render_here(r, row), *old = NULL;
    if (!new_)
        return false;
    if (base && same_project(r) && !is_affected(r, new_)) {
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
