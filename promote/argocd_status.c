/* What an Application's status proves, and what it does not.
 *
 * Synced says that the cluster holds the manifests of status.sync.revision, which is not the
 * branch's tip. Just after a merge it still says so of the commit before, and Healthy is
 * older than a sync for a moment after it; so the last operation must have succeeded, and
 * the comparison must be younger than its end. Conditions that end in "Error" mean that all
 * the rest is an old picture. */
#include "promote/argocd_status.h"

#include "render/base/gotime.h"

struct reading {
    struct context *cx;
    const struct node *spec;
    const struct node *status;
    struct pos from;
    uint32_t source; /* which of spec.sources is this environment's */
    struct argocd_status *out;
};

static const struct node *get(const struct reading *r, const struct node *map, const char *name)
{
    return node_get_text(r->cx, map, str_from(name));
}

static str text(const struct reading *r, const struct node *map, const char *name)
{
    const struct node *n = get(r, map, name);
    return n && node_is_scalar(n) && n->kind != NODE_NULL ? n->text : S("");
}

/* Seconds since 1970; 0 for what is no time. */
static int64_t moment(const struct reading *r, const struct node *map, const char *name)
{
    struct gotime t;
    str error, value = text(r, map, name);
    struct gotime_zones utc = { &zone_utc, &zone_utc };
    if (!value.len || !gotime_parse(r->cx->scratch, GOTIME_RFC3339, value, utc, &t, &error))
        return 0;
    return t.seconds;
}

/* A word of another system, cut to what a message can hold. */
static str word(str s)
{
    str line;
    return str_next_line(&s, &line) ? str_slice(line, 0, 200) : S("nothing");
}

/* The source that renders this environment. */

static bool is_path(const struct reading *r, const struct node *source, str path)
{
    const struct node *said = get(r, source, "path");
    if (!said || !node_is_scalar(said))
        return false;
    return str_eq(source_join(r->cx->scratch, S("."), str_trim_chars(said->text, S("/"))), path);
}

static bool report_elsewhere(const struct reading *r, str path)
{
    report_refused(r->cx, r->from, "the Application '%.*s' renders another path than '%.*s'",
                   STR(r->out->name), STR(path));
    return false;
}

static bool find_source(struct reading *r, str path)
{
    const struct node *hydrator = get(r, r->spec, "sourceHydrator");
    const struct node *sources = get(r, r->spec, "sources");
    const struct node *one = hydrator ? get(r, hydrator, "drySource") : get(r, r->spec, "source");
    r->out->hydrated = hydrator;
    if (!node_is(sources, NODE_LIST) || !sources->len)
        return !path.len || is_path(r, one, path) || report_elsewhere(r, path);
    for (uint32_t i = 0; i < sources->len; i++) {
        r->source = i;
        if (path.len ? is_path(r, sources->items[i], path) : text(r, sources->items[i], "path").len)
            return true;
    }
    return report_elsewhere(r, path);
}

/* `revision`, or `revisions` in the order of the sources. */
static str revision_of(const struct reading *r, const struct node *map)
{
    const struct node *list = get(r, map, "revisions");
    if (!node_is(list, NODE_LIST) || !list->len)
        return text(r, map, "revision");
    if (r->source >= list->len || !node_is_scalar(list->items[r->source]))
        return S("");
    return list->items[r->source]->text;
}

static bool read_revision(struct reading *r)
{
    const struct node *sync = get(r, r->status, "sync");
    r->out->revision = revision_of(r, sync);
    if (r->out->hydrated) {
        const struct node *done =
            get(r, get(r, r->status, "sourceHydrator"), "lastSuccessfulOperation");
        if (!str_eq(text(r, done, "hydratedSHA"), r->out->revision))
            return report_refused(r->cx, r->from, "'%.*s' has not synced what was hydrated last",
                                  STR(r->out->name));
        r->out->revision = text(r, done, "drySHA");
    }
    return r->out->revision.len
           || report_surroundings(r->cx, r->from, "Argo CD does not say what '%.*s' has synced",
                                  STR(r->out->name));
}

/* How it stands. */

static bool check_conditions(const struct reading *r)
{
    const struct node *list = get(r, r->status, "conditions");
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        str type = text(r, list->items[i], "type");
        if (str_ends(type, S("Error")))
            return report_refused(r->cx, r->from, "'%.*s' has the condition %.*s: %.*s",
                                  STR(r->out->name), STR(type),
                                  STR(word(text(r, list->items[i], "message"))));
    }
    return true;
}

static bool check_status(const struct reading *r, const char *part, const char *wanted,
                         const char *what)
{
    str status = text(r, get(r, r->status, part), "status");
    if (str_eq(status, str_from(wanted)))
        return true;
    if (!status.len || str_eq(status, S("Unknown")))
        return report_surroundings(r->cx, r->from, "Argo CD does not know whether '%.*s' is %s",
                                   STR(r->out->name), what);
    return report_refused(r->cx, r->from, "'%.*s' is not %s but %.*s", STR(r->out->name), what,
                          STR(word(status)));
}

/* An Application that was adopted as it ran has had no operation yet. */
static bool check_operation(const struct reading *r)
{
    const struct node *state = get(r, r->status, "operationState");
    if (!node_is(state, NODE_MAP) || !state->len)
        return true;
    str phase = text(r, state, "phase");
    r->out->operation = revision_of(r, get(r, state, "syncResult"));
    if (!str_eq(phase, S("Succeeded")))
        return report_refused(r->cx, r->from, "the last sync of '%.*s' has not succeeded: %.*s",
                              STR(r->out->name), STR(word(phase)));
    int64_t finished = moment(r, state, "finishedAt");
    int64_t compared = moment(r, r->status, "reconciledAt");
    if (finished && compared >= finished)
        return true;
    report_surroundings(r->cx, r->from, "Argo CD has not compared '%.*s' since its last sync",
                        STR(r->out->name));
    hint(r->cx, NOWHERE, "it does so within minutes, or by argocd app get --refresh");
    return false;
}

static void read_runs(const struct reading *r)
{
    const struct node *list = get(r, r->status, "history");
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        struct argocd_run run = { revision_of(r, list->items[i]),
                                  moment(r, list->items[i], "deployedAt") };
        if (!run.revision.len || !run.deployed)
            continue;
        ARENA_PUSH(r->cx->arena, r->out->runs, r->out->run_count, r->out->run_cap);
        r->out->runs[r->out->run_count++] = run;
    }
}

bool argocd_status_read(struct context *cx, const struct node *object, str path, struct pos from,
                        struct argocd_status *out)
{
    struct reading r = { .cx = cx, .from = from, .out = out };
    r.spec = get(&r, object, "spec");
    r.status = get(&r, object, "status");
    out->operation = out->revision = S("");
    if (!node_is(r.spec, NODE_MAP) || !node_is(r.status, NODE_MAP))
        return report_surroundings(cx, from, "Argo CD says nothing of how '%.*s' stands",
                                   STR(out->name));
    const struct node *images = get(&r, get(&r, r.status, "summary"), "images");
    out->images = node_is(images, NODE_LIST) ? images : NULL;
    out->healthy_since = moment(&r, get(&r, r.status, "health"), "lastTransitionTime");
    if (!find_source(&r, path) || !check_conditions(&r)
        || !check_status(&r, "sync", "Synced", "synced") || !read_revision(&r))
        return false;
    read_runs(&r);
    return check_status(&r, "health", "Healthy", "healthy") && check_operation(&r);
}
