/* Argo CD: the source runs what its commit says, and is well.
 *
 * The Application as a whole is judged in argocd_status.c. Of an image it is asked whether live
 * pods run another version of it beside the promised one; one that no live pod has (a Job that
 * has ended, a CronJob that waits) is judged by the commit alone. */
#include "promote/argocd_status.h"
#include "promote/timeline.h"

static bool is_same(struct image_ref a, struct image_ref b)
{
    return str_eq(a.tag, b.tag) && str_eq(a.digest, b.digest);
}

static bool check_pods(struct context *cx, const struct argocd_status *app,
                       const struct requirement *r, const struct candidate *c, bool *seen)
{
    *seen = false;
    for (uint32_t i = 0; app->images && i < app->images->len; i++) {
        const struct node *n = app->images->items[i];
        struct image_ref ref;
        if (!node_is_scalar(n) || !image_ref_try(cx, n->text, &ref)
            || !image_ref_same_name(ref, c->ref))
            continue;
        *seen = true;
        if (is_same(ref, c->ref))
            continue;
        report_refused(cx, r->pos, "'%.*s' still runs '%.*s'", STR(app->name), STR(n->text));
        note(cx, c->pos, "it is to run '%.*s'", STR(image_ref_print(cx->arena, c->ref)));
        return false;
    }
    return true;
}

/* What the last sync brought, where that was another commit: the same image? */
static bool read_operation(struct context *cx, const struct check_scene *s,
                           const struct argocd_status *app, struct past_set *out)
{
    struct timeline_request request = { .repository = s->repository,
                                        .folder = s->folder,
                                        .environment = s->source->name,
                                        .rules = s->rules,
                                        .tip = app->operation };
    struct timeline *t = timeline_begin(cx, &request);
    if (!t)
        return false;
    timeline_now(t, out);
    return true;
}

static bool check_operation(struct context *cx, const struct past_set *operation,
                            const struct requirement *r, const struct argocd_status *app,
                            const struct candidate *c)
{
    const struct image_ref *ref = past_image(operation, c->ref);
    if (ref && is_same(*ref, c->ref))
        return true;
    return report_refused(cx, r->pos, "the last sync of '%.*s' was of another version of '%.*s'",
                          STR(app->name), STR(c->ref.name));
}

static str evidence_of(struct context *cx, const struct argocd_status *app, bool seen)
{
    return str_format(cx->arena, "synced and healthy at %.*s%s",
                      STR(str_slice(app->revision, 0, 12)), seen ? "" : ", in no live pod");
}

void check_argocd(struct context *cx, struct checking *c, const struct requirement *r, uint32_t at)
{
    const struct argocd_status *app = c->scene->argocd;
    struct past_set operation = { 0 };
    if (app->state.state != CHECK_PASSED) {
        check_all(c, at, app->state);
        return;
    }
    bool other = app->operation.len && !app->hydrated && !str_eq(app->operation, app->revision);
    const struct diag *last = cx->diags.last;
    if (other && !read_operation(cx, c->scene, app, &operation)) {
        check_fail_all(cx, c, at, last);
        return;
    }
    for (uint32_t i = 0; i < c->images->len; i++) {
        const struct candidate *image = &c->images->at[i];
        bool seen;
        last = cx->diags.last;
        if (check_pods(cx, app, r, image, &seen)
            && (!other || check_operation(cx, &operation, r, app, image)))
            check_pass(&image->results[at], evidence_of(cx, app, seen));
        else
            check_fail(cx, &image->results[at], last);
    }
}
