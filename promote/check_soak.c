/* Soak: the source has run the image, unchanged, for this long.
 *
 *     soak: 30m
 *
 * With `argocd` it counts from the deployment that brought the image, or from when the
 * Application became healthy if that was later; else from the commit on the source's branch
 * that brought it, by the committer's clock, which proves less: a commit is no deployment. */
#include "promote/argocd_status.h"
#include "promote/timeline.h"
#include "render/base/buf.h"
#include "render/base/gotime.h"

struct soak {
    struct context *cx;
    const struct checking *checking;
    const struct requirement *r;
    int64_t seconds; /* that are asked for */
    uint32_t at;
};

/* Since when an image has run. */
struct since {
    int64_t when;
    bool changed; /* the walk back has met another version */
    bool shallow; /* the clone ends there: it may well be longer */
};

static bool read_duration(struct context *cx, const struct requirement *r, int64_t *seconds)
{
    int64_t ns;
    str error;
    if (!node_is_scalar(r->how) || !duration_parse(cx->scratch, r->how->text, &ns, &error)
        || ns <= 0)
        return report(cx, r->how->pos, "'soak' must be a duration such as 30m");
    *seconds = ns / 1000000000;
    return true;
}

static str for_people(struct context *cx, int64_t seconds)
{
    struct buf b;
    buf_init(&b, cx->arena, 32);
    duration_print(&b, seconds * 1000000000);
    str shown = buf_take(&b);
    if (str_ends(shown, S("m0s")))
        shown = str_slice(shown, 0, shown.len - 2);
    return str_ends(shown, S("h0m")) ? str_slice(shown, 0, shown.len - 2) : shown;
}

static str date_of(struct context *cx, int64_t when)
{
    struct buf b;
    buf_init(&b, cx->arena, 32);
    gotime_print(&b, (struct gotime){ when, 0, &zone_utc }, GOTIME_RFC3339);
    return buf_take(&b);
}

static bool same_version(const struct past_set *set, const struct candidate *c)
{
    const struct image_ref *ref = past_image(set, c->ref);
    return ref && str_eq(ref->tag, c->ref.tag) && str_eq(ref->digest, c->ref.digest);
}

static void judge(const struct soak *s, const struct candidate *c, const struct since *since)
{
    struct context *cx = s->cx;
    struct check_result *result = &c->results[s->at];
    const struct diag *last = cx->diags.last;
    int64_t age = cx->now - since->when;
    str name = s->checking->row->from;
    if (age >= s->seconds) {
        check_pass(result, str_format(cx->arena, "since %.*s", STR(date_of(cx, since->when))));
        return;
    }
    if (since->shallow && !since->changed) {
        report_surroundings(cx, s->r->pos,
                            "how long '%.*s' has run '%.*s' is older than this clone", STR(name),
                            STR(c->ref.name));
        hint(cx, NOWHERE, "git fetch --unshallow brings what was before");
    } else {
        report_refused(cx, c->pos, "'%.*s' runs '%.*s' only since %.*s", STR(name),
                       STR(image_ref_print(cx->arena, c->ref)), STR(date_of(cx, since->when)));
        hint(cx, s->r->pos, "%.*s are asked for: it is time in %.*s",
             STR(for_people(cx, s->seconds)), STR(for_people(cx, s->seconds - age)));
    }
    check_fail(cx, result, last);
}

static struct timeline_request request_for(const struct soak *s, str tip)
{
    const struct check_scene *scene = s->checking->scene;
    return (struct timeline_request){ .repository = scene->repository,
                                      .folder = scene->folder,
                                      .environment = scene->source->name,
                                      .rules = scene->rules,
                                      .tip = tip };
}

/* One set further back: who had the image there too has had it for longer. */
static bool count_set(const struct soak *s, struct since *since, const struct past_set *set,
                      int64_t when)
{
    const struct candidates *images = s->checking->images;
    bool any = false;
    for (uint32_t i = 0; i < images->len; i++) {
        if (since[i].changed)
            continue;
        since[i].changed = !set->rendered || !same_version(set, &images->at[i]);
        since[i].shallow = set->before == BEFORE_SHALLOW;
        if (!since[i].changed)
            since[i].when = when;
        any |= !since[i].changed;
    }
    return any;
}

/* From Git. Nothing has run before it was committed, so "now" where there is no commit yet. */
static bool count_commits(const struct soak *s, struct since *since)
{
    struct timeline_request request = request_for(s, s->checking->scene->commit);
    request.since = s->cx->now - s->seconds;
    struct timeline *t = timeline_begin(s->cx, &request);
    struct past_set set;
    if (!t)
        return false;
    while (timeline_next(t, &set) && count_set(s, since, &set, set.when))
        ;
    return !diag_failed(s->cx) || !limit_is_late(s->cx);
}

/* From Argo CD: the unbroken run of deployments that ends with the last. One whose commit is
 * not here ends it. */
static bool count_deployments(const struct soak *s, const struct argocd_status *app,
                              struct since *since)
{
    struct context *cx = s->cx;
    if (!app->run_count || app->hydrated)
        return report_surroundings(cx, s->r->pos,
                                   "Argo CD's history does not tell since when '%.*s' runs this",
                                   STR(app->name));
    for (uint32_t i = app->run_count; i-- > 0;) {
        struct past_set set = { 0 };
        struct timeline_request request = request_for(s, app->runs[i].revision);
        diag_mute(cx);
        struct timeline *t = timeline_begin(cx, &request);
        diag_unmute(cx);
        if (t)
            timeline_now(t, &set);
        int64_t when = app->runs[i].deployed;
        if (!count_set(s, since, &set, when > app->healthy_since ? when : app->healthy_since))
            break;
    }
    return true;
}

static bool count(const struct soak *s, struct since *since)
{
    const struct check_scene *scene = s->checking->scene;
    if (scene->argocd && scene->argocd->state.state != CHECK_PASSED)
        return report_surroundings(s->cx, s->r->pos, "how long it has run is for Argo CD to say");
    if (!scene->repository)
        return report_surroundings(s->cx, s->r->pos,
                                   "without Git nobody knows how long it has run");
    return scene->argocd ? count_deployments(s, scene->argocd, since) : count_commits(s, since);
}

void check_soak(struct context *cx, struct checking *c, const struct requirement *r, uint32_t at)
{
    struct soak s = { .cx = cx, .checking = c, .r = r, .at = at };
    struct since *since = NEW_ARRAY(cx->arena, struct since, c->images->len);
    for (uint32_t i = 0; i < c->images->len; i++)
        since[i].when = cx->now;
    const struct diag *last = cx->diags.last;
    if (!read_duration(cx, r, &s.seconds) || !count(&s, since)) {
        check_fail_all(cx, c, at, last);
        return;
    }
    for (uint32_t i = 0; i < c->images->len; i++)
        judge(&s, &c->images->at[i], &since[i]);
}
