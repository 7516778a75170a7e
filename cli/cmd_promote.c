/* hoist promote: a plan, a commit on a branch of its own, a push. */
#include "cli/author.h"
#include "cli/commands.h"
#include "promote/push.h"
#include "promote/report.h"

enum { ATTEMPTS = 4 };

struct promote_flags {
    bool dry_run;
    bool push;
    str remote;
    struct words only;
    struct words exclude;
};

static const struct option options[] = {
    { 'n', "dry-run", NULL, "write nothing, and say what would be written", OPTION_FLAG,
      offsetof(struct promote_flags, dry_run) },
    { 0, "push", NULL, "push the branch", OPTION_FLAG, offsetof(struct promote_flags, push) },
    { 0, "remote", "NAME", "where to (origin)", OPTION_TEXT,
      offsetof(struct promote_flags, remote) },
    { 0, "only", "NAME", "promote this image alone; a name, its last part or a pattern",
      OPTION_LIST, offsetof(struct promote_flags, only) },
    { 0, "exclude", "NAME", "leave this image as it is", OPTION_LIST,
      offsetof(struct promote_flags, exclude) },
    { 0 },
};

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

static bool push_plan(struct context *cx, struct call *call, const struct plan *plan,
                      const struct commit_result *result, bool *again)
{
    const struct promote_flags *flags = call->options;
    struct push_request p = { plan->request->repository,
                              flags->remote.len ? flags->remote : S("origin"),
                              plan->row->branch,
                              result->commit,
                              plan->base,
                              BRANCH_OURS };
    struct push_result pushed;
    if (!push_branch(cx, &p, &pushed))
        return false;
    *again = pushed.outcome == PUSH_BEHIND;
    if (!*again)
        buf_format(call->out, "%.*s: %s\n", STR(p.remote),
                   pushed.outcome == PUSH_DONE ? "pushed" : "has it already");
    return true;
}

static void say_dry(struct call *call, const struct plan *plan)
{
    buf_format(call->out, "\nwould commit to %.*s, on %.*s at %.*s:\n", STR(plan->row->branch),
               STR(plan->base_name), STR(str_slice(plan->base, 0, 12)));
    for (uint32_t i = 0; i < plan->change_count; i++)
        buf_format(call->out, "  %.*s\n", STR(plan->changes[i].path));
}

/* One attempt on what the branches are now; `again` when one of them moved meanwhile. */
static bool attempt(struct context *cx, struct call *call, const struct plan_request *request,
                    bool *again)
{
    const struct promote_flags *flags = call->options;
    struct plan plan;
    struct commit_result result;
    *again = false;
    if (!plan_make(cx, request, &plan))
        return false;
    print_plan(cx, call, &plan);
    call->answer_is_no = plan.checked == CHECK_FAILED;
    if (plan.checked != CHECK_PASSED)
        return true;
    if (!plan.change_count) {
        buf_format(call->out, "\n'%.*s' already runs it\n", STR(plan.to->name));
        return true;
    }
    if (flags->dry_run) {
        say_dry(call, &plan);
        return true;
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
    return !flags->push || push_plan(cx, call, &plan, &result, again);
}

static bool run(struct context *cx, struct call *call)
{
    const struct promote_flags *flags = call->options;
    struct plan_request request = {
        .repository = repository_open(cx, S("."), NOWHERE),
        .from = call->operands.at[0],
        .to = call->operands.at[1],
        .only = { flags->only.at, flags->only.len },
        .exclude = { flags->exclude.at, flags->exclude.len },
    };
    cx->switches.deterministic = true;
    if (!request.repository || !find_folder(cx, request.repository, &request.folder))
        return false;
    for (int i = 0; i < ATTEMPTS; i++) {
        size_t printed = call->out->len;
        bool again;
        if (!attempt(cx, call, &request, &again))
            return false;
        if (!again)
            return true;
        call->out->len = printed;
    }
    return report_surroundings(cx, NOWHERE, "the branches kept moving; nothing was promoted");
}

const struct command cmd_promote = {
    .name = "promote",
    .operands = "FROM TO",
    .summary = "carry the verified images of one environment over to another, on a branch",
    .about =
        "Both environments are read from commits, never from the working tree, which stays as it\n"
        "is. Their images are resolved and checked as hoist.yaml requires, the pins of TO are\n"
        "edited and TO is rendered again: nothing but the promised images may differ. Then one\n"
        "commit is written, with its receipt, and the promotion's branch is moved to it.",
    .options = options,
    .options_size = sizeof(struct promote_flags),
    .run = run,
};
