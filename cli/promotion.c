/* A plan, a commit on a branch of its own, a push; again when a branch has moved meanwhile. */
#include "cli/promotion.h"

#include "cli/author.h"
#include "promote/pull_request.h"
#include "promote/push.h"
#include "promote/report.h"

enum { ATTEMPTS = 4 };

const struct option promotion_options[] = {
    { 'n', "dry-run", NULL, "write nothing, and say what would be written", OPTION_FLAG,
      offsetof(struct promotion_flags, dry_run) },
    { 0, "push", NULL, "push the branch", OPTION_FLAG, offsetof(struct promotion_flags, push) },
    { 0, "pr", NULL, "push, and open or renew the pull request; print its address", OPTION_FLAG,
      offsetof(struct promotion_flags, pr) },
    { 0, "remote", "NAME", "where to (origin)", OPTION_TEXT,
      offsetof(struct promotion_flags, remote) },
    { 0 },
};

static void print_plan(struct context *cx, struct call *call, const struct plan *plan)
{
    report_images(cx, call->out, plan);
    if (!plan->diff)
        return;
    buf_char(call->out, '\n');
    diff_write_tree(
        cx, call->out, plan->diff,
        (struct diff_style){ plan->to->name, plan->to->name, call->terminal->color_out });
}

static bool commit_plan(struct context *cx, const struct plan *plan, struct commit_result *result)
{
    struct buf message;
    buf_init(&message, cx->arena, 4096);
    struct commit_request r = {
        .repository = plan->request->repository,
        .base = plan->base,
        .branch = plan->row->branch,
        .rule = BRANCH_OURS,
        .changes = plan->changes,
        .len = plan->change_count,
        .log = str_format(cx->arena, "hoist: promote %.*s to %.*s", STR(plan->from->name),
                          STR(plan->to->name)),
    };
    if (!authors_read(cx, &r.author, &r.committer) || !report_message(cx, &message, plan))
        return false;
    r.message = buf_take(&message);
    return commit_make(cx, &r, result);
}

static str remote_of(const struct promotion_flags *flags)
{
    return flags->remote.len ? flags->remote : S("origin");
}

static bool push_plan(struct context *cx, struct call *call, const struct promotion_flags *flags,
                      const struct plan *plan, const struct commit_result *result, bool *again)
{
    struct push_request p = { plan->request->repository,
                              remote_of(flags),
                              plan->row->branch,
                              result->commit,
                              plan->base,
                              BRANCH_OURS,
                              plan->row->request.forge };
    struct push_result pushed;
    if (!push_branch(cx, &p, &pushed))
        return false;
    *again = pushed.outcome == PUSH_BEHIND;
    if (!*again)
        buf_format(call->out, "%.*s: %s\n", STR(p.remote),
                   pushed.outcome == PUSH_DONE ? "pushed" : "has it already");
    return true;
}

static void say_dry(struct call *call, const struct promotion_flags *flags, const struct plan *plan)
{
    buf_format(call->out, "\nwould commit to %.*s, on %.*s at %.*s:\n", STR(plan->row->branch),
               STR(plan->base_name), STR(str_slice(plan->base, 0, 12)));
    for (uint32_t i = 0; i < plan->change_count; i++)
        buf_format(call->out, "  %.*s\n", STR(plan->changes[i].path));
    if (flags->push || flags->pr)
        buf_format(call->out, "would push it to %.*s\n", STR(remote_of(flags)));
}

/* One attempt on what the branches are now; `again` when one of them moved meanwhile. */
static bool attempt(struct context *cx, struct call *call, const struct plan_request *request,
                    const struct promotion_flags *flags, bool *again)
{
    struct plan plan;
    struct commit_result result;
    struct pull_request_place place;
    *again = false;
    if (!plan_make(cx, request, &plan))
        return false;
    print_plan(cx, call, &plan);
    call->answer_is_no = plan.checked == CHECK_FAILED;
    if (plan.checked != CHECK_PASSED)
        return true;
    if (flags->pr && !pull_request_prepare(cx, &plan, remote_of(flags), &place))
        return false;
    if (!plan.change_count) {
        buf_format(call->out, "\n'%.*s' already runs it\n", STR(plan.to->name));
        return !flags->pr || flags->dry_run || pull_request_withdraw(cx, &place, &plan, call->out);
    }
    if (flags->dry_run) {
        say_dry(call, flags, &plan);
        return !flags->pr || pull_request_preview(cx, &place, &plan, call->out);
    }
    if (!plan_base_moved(cx, &plan, again) || *again)
        return *again;
    if (!commit_plan(cx, &plan, &result))
        return false;
    *again = result.outcome == COMMIT_MOVED;
    if (*again)
        return true;
    buf_format(call->out, "\n%.*s: %s %.*s, on %.*s\n", STR(plan.row->branch),
               result.outcome == COMMIT_MADE ? "commit" : "nothing has changed since",
               STR(str_slice(result.commit, 0, 12)), STR(plan.base_name));
    if (!flags->push && !flags->pr)
        return true;
    if (!push_plan(cx, call, flags, &plan, &result, again) || *again)
        return *again;
    return !flags->pr || pull_request_publish(cx, &place, &plan, call->out);
}

bool promotion_run(struct context *cx, struct call *call, const struct plan_request *request,
                   const struct promotion_flags *flags)
{
    for (int i = 0; i < ATTEMPTS; i++) {
        size_t printed = call->out->len;
        bool again;
        if (!attempt(cx, call, request, flags, &again))
            return false;
        if (!again)
            return true;
        call->out->len = printed;
    }
    return report_surroundings(cx, NOWHERE, "the branches kept moving; nothing was promoted");
}
