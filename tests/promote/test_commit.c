/* Commits beside the working tree, and pushes, in real repositories that git looks at. */
#include <unistd.h>

#include "promote/push.h"
#include "tests/source/tree.h"

static const char repository[] =
    "mkdir repo; cd repo\n"
    "git init -q -b main\n"
    "mkdir sub\n"
    "printf 'one\\n' >sub/a.yaml; printf 'run\\n' >b.sh; chmod +x b.sh\n"
    "git add . && git commit -qm first\n"
    "printf 'dirty\\n' >>sub/a.yaml; printf 'staged\\n' >c; git add c\n"
    "git status --porcelain >../before\n";

static void begin(void)
{
    tree_make(repository);
    ck_assert_int_eq(chdir("repo"), 0);
}

static struct commit_request request_for(struct context *cx, struct repository *repo)
{
    static const struct tree_change changes[] = { { S("sub/a.yaml"), S("two\n") },
                                                  { S("b.sh"), S("walk\n") } };
    struct commit_request r = { .repository = repo, .branch = S("hoist/promote/x-to-y") };
    r.changes = changes;
    r.len = countof(changes);
    r.message = S("Promote\n\n" PROMOTION_TRAILER " x -> y\n");
    r.log = S("hoist");
    r.author = r.committer = (struct author){ S("P"), S("p@x.example"), 1700000000, 60 };
    ck_assert(revision_commit(cx, repo, S("main"), NOWHERE, &r.base));
    return r;
}

static enum commit_outcome make(struct context *cx, const struct commit_request *r,
                                struct commit_result *result)
{
    bool ok = commit_make(cx, r, result);
    ck_assert_msg(ok, "%.*s", STR(test_diagnostics(cx)));
    return result->outcome;
}

START_TEST(a_commit_touches_nothing_else)
{
    begin();
    struct context *cx = test_context();
    struct repository *repo = repository_open(cx, S("."), NOWHERE);
    struct commit_request r = request_for(cx, repo);
    struct commit_result result;
    ck_assert_int_eq(make(cx, &r, &result), COMMIT_MADE);
    expect_str(result.previous, "");
    tree_run(
        "git status --porcelain | diff ../before -\n"
        "git fsck --strict 2>&1 | diff /dev/null -\n"
        "test \"$(git log -1 --format=%an/%at/%ct hoist/promote/x-to-y)\" = P/1700000000/1700000000\n"
        "test \"$(git show hoist/promote/x-to-y:sub/a.yaml)\" = two\n"
        "git ls-tree hoist/promote/x-to-y b.sh | grep -q ^100755\n"
        "test \"$(git rev-parse hoist/promote/x-to-y^)\" = \"$(git rev-parse main)\"\n"
        "test \"$(git for-each-ref | wc -l)\" = 2\n");
    str first = result.commit;
    ck_assert_int_eq(make(cx, &r, &result), COMMIT_THERE);
    expect_same(result.commit, first);
    context_free(cx);
    tree_remove();
}
END_TEST

START_TEST(our_own_commit_is_replaced)
{
    begin();
    struct context *cx = test_context();
    struct repository *repo = repository_open(cx, S("."), NOWHERE);
    struct commit_request r = request_for(cx, repo);
    struct commit_result result;
    make(cx, &r, &result);
    str first = result.commit;
    struct tree_change other = { S("b.sh"), S("crawl\n") };
    r.changes = &other;
    r.len = 1;
    ck_assert_int_eq(make(cx, &r, &result), COMMIT_MADE);
    expect_same(result.previous, first);
    tree_run("test \"$(git rev-list --count hoist/promote/x-to-y)\" = 2\n");
    context_free(cx);
    tree_remove();
}
END_TEST

START_TEST(commits_of_people_stay)
{
    begin();
    tree_run("export GIT_AUTHOR_DATE='@1 +0000'\n"
             "export GIT_COMMITTER_DATE='@1 +0000'\n"
             "git branch hoist/promote/x-to-y $(git commit-tree -p main -m mine main^{tree})\n"
             "git rev-parse hoist/promote/x-to-y >../tip\n");
    struct context *cx = test_context();
    struct repository *repo = repository_open(cx, S("."), NOWHERE);
    struct commit_request r = request_for(cx, repo);
    struct commit_result result;
    ck_assert(!commit_make(cx, &r, &result));
    ck_assert_int_eq(diag_exit_status(cx), 1);
    tree_run("git rev-parse hoist/promote/x-to-y | diff ../tip -\n");
    context_free(cx);
    tree_remove();
}
END_TEST

START_TEST(a_checked_out_branch_stays)
{
    begin();
    tree_run("git stash -q; git switch -qc hoist/promote/x-to-y\n");
    struct context *cx = test_context();
    struct repository *repo = repository_open(cx, S("."), NOWHERE);
    struct commit_request r = request_for(cx, repo);
    struct commit_result result;
    ck_assert(!commit_make(cx, &r, &result));
    expect_said(cx, "error: the branch 'hoist/promote/x-to-y' is checked out in a working tree\n"
                    "hint: git switch - leaves it\n");
    context_free(cx);
    tree_remove();
}
END_TEST

START_TEST(bare_clones_and_linked_worktrees)
{
    begin();
    tree_run("git clone -q --bare . ../bare.git; git worktree add -q ../linked -b side main\n");
    static const char *const folders[] = { "../bare.git", "../linked" };
    struct context *cx = test_context();
    for (size_t i = 0; i < countof(folders); i++) {
        struct repository *repo = repository_open(cx, str_from(folders[i]), NOWHERE);
        struct commit_request r = request_for(cx, repo);
        struct commit_result result;
        ck_assert_int_eq(make(cx, &r, &result), COMMIT_MADE);
    }
    tree_run("git -C ../bare.git fsck --strict --no-dangling\n"
             "git status --porcelain | diff ../before -\n"
             "git -C ../linked status --porcelain | diff /dev/null -\n"
             "git show hoist/promote/x-to-y:sub/a.yaml | grep -q two\n"
             "git -C ../bare.git show hoist/promote/x-to-y:sub/a.yaml | grep -q two\n"
             "rm -rf ../bare.git ../linked\n");
    context_free(cx);
    tree_remove();
}
END_TEST

static enum push_outcome push(struct context *cx, const struct commit_request *r,
                              const struct commit_result *result)
{
    struct push_request p = { r->repository,  S("origin"), r->branch,
                              result->commit, r->base,     BRANCH_OURS };
    struct push_result out;
    ck_assert_msg(push_branch(cx, &p, &out), "%.*s", STR(test_diagnostics(cx)));
    return out.outcome;
}

START_TEST(a_push_is_repeated_and_replaced)
{
    begin();
    tree_run(
        "git clone -q --bare . ../bare.git; git remote add origin \"file://$PWD/../bare.git\"\n");
    struct context *cx = test_context();
    struct repository *repo = repository_open(cx, S("."), NOWHERE);
    struct commit_request r = request_for(cx, repo);
    struct commit_result result;
    make(cx, &r, &result);
    ck_assert_int_eq(push(cx, &r, &result), PUSH_DONE);
    ck_assert_int_eq(push(cx, &r, &result), PUSH_THERE);
    r.len = 1;
    make(cx, &r, &result);
    ck_assert_int_eq(push(cx, &r, &result), PUSH_DONE);
    tree_run("test \"$(git -C ../bare.git rev-parse hoist/promote/x-to-y)\" = "
             "\"$(git rev-parse hoist/promote/x-to-y)\"\n"
             "rm -rf ../bare.git\n");
    context_free(cx);
    tree_remove();
}
END_TEST

START_TEST(a_push_leaves_the_commits_of_people)
{
    begin();
    tree_run(
        "git clone -q --bare . ../bare.git; git remote add origin \"file://$PWD/../bare.git\"\n"
        "cd ../bare.git\n"
        "git branch hoist/promote/x-to-y $(git commit-tree -p main -m mine main^{tree})\n"
        "git rev-parse hoist/promote/x-to-y >../tip\n");
    struct context *cx = test_context();
    struct repository *repo = repository_open(cx, S("."), NOWHERE);
    struct commit_request r = request_for(cx, repo);
    struct commit_result result;
    make(cx, &r, &result);
    struct push_request p = { repo, S("origin"), r.branch, result.commit, r.base, BRANCH_OURS };
    struct push_result out;
    ck_assert(!push_branch(cx, &p, &out));
    ck_assert_int_eq(diag_exit_status(cx), 1);
    tree_run("git -C ../bare.git rev-parse hoist/promote/x-to-y | diff ../tip -\n"
             "rm -rf ../bare.git\n");
    context_free(cx);
    tree_remove();
}
END_TEST

TCase *commit_tests(void)
{
    TCase *t = tcase_create("commit");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_commit_touches_nothing_else);
    tcase_add_test(t, our_own_commit_is_replaced);
    tcase_add_test(t, commits_of_people_stay);
    tcase_add_test(t, a_checked_out_branch_stays);
    tcase_add_test(t, bare_clones_and_linked_worktrees);
    tcase_add_test(t, a_push_is_repeated_and_replaced);
    tcase_add_test(t, a_push_leaves_the_commits_of_people);
    return t;
}
