/* From a plan to a pull request.
 *
 * Where the remote is at no forge that is known, a text as git request-pull makes it is
 * printed, for a mail or for pasting. */
#include "promote/pull_request.h"

#include <stdlib.h>

#include "promote/push.h"
#include "promote/report.h"
#include "render/source/fetch.h"

enum { TEXT_MOST = 256 * 1024 };

/* CI works at a commit without a branch, and says the branch in variables. */
static bool find_base(struct context *cx, const struct plan *plan, struct pull_request_place *out)
{
    /* Some name tags and merges of pull requests, too, so these are taken by whole names. */
    static const struct {
        const char *name;
        str prefix;
    } variables[] = { { "CI_COMMIT_BRANCH", S("") },  { "GITHUB_REF", S("refs/heads/") },
                      { "BITBUCKET_BRANCH", S("") },  { "BUILD_SOURCEBRANCH", S("refs/heads/") },
                      { "GIT_BRANCH", S("origin/") }, { "BRANCH_NAME", S("") } };
    out->base = plan->base_name;
    if (!str_eq(plan->base_name, plan->base))
        return true;
    out->base = plan->row->request.base;
    for (size_t i = 0; i < countof(variables) && !out->base.len; i++) {
        str value = str_from(getenv(variables[i].name));
        if (str_starts(value, variables[i].prefix))
            out->base = str_skip(value, variables[i].prefix.len);
    }
    if (out->base.len)
        return true;
    report(cx, plan->row->pos, "it is not known which branch the pull request is for");
    hint(cx, NOWHERE, "pullRequest: {base: main} in hoist.yaml says it");
    return false;
}

bool pull_request_prepare(struct context *cx, const struct plan *plan, str remote,
                          struct pull_request_place *out)
{
    const struct pull_request_row *row = &plan->row->request;
    *out = (struct pull_request_place){ .remote = remote };
    if (!push_address(cx, plan->request->repository, remote, &out->url) || !find_base(cx, plan, out)
        || !forge_of(cx, out->url, row->forge, row->forge_pos, &out->forge, &out->known))
        return false;
    return !out->known || forge_has_token(cx, &out->forge);
}

static bool write_body(struct context *cx, void *who, struct buf *out, size_t most, bool html)
{
    const struct plan *plan = who;
    return report_body(cx, out, plan, (struct report_style){ most, html });
}

static struct forge_wish wish_of(struct context *cx, const struct pull_request_place *place,
                                 const struct plan *plan)
{
    const struct pull_request_row *row = &plan->row->request;
    struct forge_wish w = { .branch = plan->row->branch,
                            .base = place->base,
                            .title = row->title,
                            .title_begin = row->title,
                            .title_end = S(""),
                            .labels = row->labels,
                            .reviewers = row->reviewers,
                            .draft = row->draft,
                            .body = write_body,
                            .who = (void *)plan };
    if (w.title.len)
        return w;
    w.title = report_title(cx, plan);
    w.title_begin = S("Promote ");
    w.title_end =
        str_format(cx->arena, " from %.*s to %.*s", STR(plan->from->name), STR(plan->to->name));
    return w;
}

/* As git request-pull says it. */
static bool request_text(struct context *cx, const struct pull_request_place *place,
                         const struct plan *plan, struct buf *out)
{
    struct forge_wish w = wish_of(cx, place, plan);
    buf_format(out,
               "%.*s\n\nThe following changes since commit %.*s\n\nare on a branch of the"
               " repository at\n\n  %.*s %.*s\n\nto be merged into %.*s.\n\n",
               STR(w.title), STR(plan->base), STR(fetch_public(cx, place->url)), STR(w.branch),
               STR(w.base));
    return report_body(cx, out, plan, (struct report_style){ TEXT_MOST, false });
}

bool pull_request_publish(struct context *cx, const struct pull_request_place *place,
                          const struct plan *plan, struct buf *said)
{
    static const char *const words[] = {
        [FORGE_CREATED] = "opened", [FORGE_UPDATED] = "updated", [FORGE_SAME] = "is as it should be"
    };
    struct forge_result result;
    if (!place->known) {
        buf_format(said, "\nno forge is known at '%.*s'; this is what to send:\n\n",
                   STR(fetch_public(cx, place->url)));
        return request_text(cx, place, plan, said);
    }
    struct forge_wish w = wish_of(cx, place, plan);
    if (!forge_publish(cx, &place->forge, &w, &result)) {
        hint(cx, NOWHERE, "the branch is pushed; the same command again opens the pull request");
        return false;
    }
    if (result.outcome == FORGE_NOTHING)
        buf_format(said, "no pull request: '%.*s' already has what '%.*s' holds\n", STR(w.base),
                   STR(w.branch));
    else
        buf_format(said, "pull request %s: %.*s\n", words[result.outcome], STR(result.url));
    return true;
}

bool pull_request_withdraw(struct context *cx, const struct pull_request_place *place,
                           const struct plan *plan, struct buf *said)
{
    struct push_request look = { .repository = plan->request->repository,
                                 .remote = place->remote,
                                 .branch = plan->row->branch,
                                 .base = plan->base,
                                 .rule = BRANCH_OURS,
                                 .forge = plan->row->request.forge };
    struct forge_result result;
    bool there, ours;
    if (!place->known)
        return true;
    if (!push_look(cx, &look, &there, &ours))
        return false;
    if (there && !ours) {
        warn(cx, NOWHERE, "people have committed to '%.*s', so what is open for it stays open",
             STR(look.branch));
        return true;
    }
    str comment =
        str_format(cx->arena, "`%.*s` already runs what this would promote, so it is closed.",
                   STR(plan->to->name));
    if (!forge_withdraw(cx, &place->forge, look.branch, place->base, comment, &result))
        return false;
    if (result.outcome == FORGE_CLOSED)
        buf_format(said, "pull request closed: %.*s\n", STR(result.url));
    return true;
}

bool pull_request_preview(struct context *cx, const struct pull_request_place *place,
                          const struct plan *plan, struct buf *said)
{
    if (!place->known)
        return request_text(cx, place, plan, said);
    struct forge_wish w = wish_of(cx, place, plan);
    const struct forge_row *row = place->forge.row;
    buf_format(said, "\nwould open or renew a pull request at %.*s, into %.*s:\n\n%.*s\n\n",
               STR(row->title), STR(w.base), STR(w.title));
    return report_body(cx, said, plan, (struct report_style){ row->body_most, row->html });
}
