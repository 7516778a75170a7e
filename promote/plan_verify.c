/* The checks of a promotion alone, on what lies in the working directory. */
#include "promote/plan_parts.h"

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
    if (out->request->repository && !plan_find_source(cx, out))
        return false;
    /* What Argo CD has synced is a commit; else it is what lies there. */
    bool synced = out->scene.argocd && str_eq(out->source, out->source_name);
    struct folder *folder = synced ? NULL : environment_folder(cx, out->project->folder, env);
    if (synced)
        out->from = plan_render(cx, out, env, out->source, out->source_name);
    else if (folder)
        out->from = environment_render(cx, folder, env);
    if (!out->from || !plan_choose(cx, out))
        return false;
    out->checked = checks_run(cx, out->project, out->row, &out->scene, &out->candidates);
    return true;
}
