/* Revisions: resolved, read without a checkout, links kept in the tree. */
#include <stdlib.h>
#include <unistd.h>

#include "render/source/git.h"
#include "tests/source/tree.h"

#define INIT "git init -q -b main repo; cd repo; git config gc.auto 0\n"
#define COMMIT                                                                                     \
    "mkdir -p k8s/base k8s/over; printf a1 >k8s/base/a.yaml; printf b1 >k8s/over/b.yaml\n"         \
    "ln -s ../base/a.yaml k8s/over/link.yaml; ln -s base k8s/linked\n"                             \
    "ln -s ../../../etc/passwd k8s/over/out; ln -s /etc/passwd k8s/over/abs; ln -s loop loop\n"    \
    "git add -A; git commit -qm one; git tag -a -m v1 v1\n"                                        \
    "printf a2 >k8s/base/a.yaml; git commit -qam two; printf a3 >k8s/base/a.yaml\n"

static struct source *revision(struct context *cx, const char *folder, const char *name)
{
    struct repository *repository = repository_open(cx, str_from(folder), NOWHERE);
    ck_assert_ptr_nonnull(repository);
    return source_git(cx, repository, str_from(name), NOWHERE);
}

START_TEST(words_are_split_at_the_colon)
{
    static const struct {
        str word, revision, path;
        bool split;
    } rows[] = {
        { S("main:k8s/over"), S("main"), S("k8s/over"), true },
        { S("HEAD~2:"), S("HEAD~2"), S(""), true },
        { S("HEAD^{/fix: x}:k8s"), S("HEAD^{/fix: x}"), S("k8s"), true },
        { S("main@{2024-01-01 10:00}:a:b"), S("main@{2024-01-01 10:00}"), S("a:b"), true },
        { S("k8s/over"), S(""), S(""), false },
        { S(":k8s"), S(""), S(""), false },
        { S("https://github.com/acme/x"), S(""), S(""), false },
        { S("}:a"), S("}"), S("a"), true },
    };
    for (size_t i = 0; i < countof(rows); i++) {
        str name, path;
        ck_assert_int_eq(revision_split(rows[i].word, &name, &path), rows[i].split);
        if (!rows[i].split)
            continue;
        expect_same(name, rows[i].revision);
        expect_same(path, rows[i].path);
    }
}
END_TEST

START_TEST(a_revision_is_read_without_a_checkout)
{
    tree_make(INIT COMMIT);
    struct context *cx = test_context();
    struct source *main = revision(cx, "repo", "main");
    struct text *text = source_read(cx, main, S("k8s/base/a.yaml"), NOWHERE);
    expect_text(text, "a2");
    expect_str(text->name, "main:k8s/base/a.yaml");
    expect_text(source_read(cx, revision(cx, "repo/k8s", "v1"), S("k8s/base/a.yaml"), NOWHERE),
                "a1");
    expect_text(
        source_read(cx, revision(cx, "repo", "HEAD~1^{tree}"), S("k8s/base/a.yaml"), NOWHERE),
        "a1");
    struct folder *k8s = source_folder(cx, main, S("k8s"), NOWHERE);
    struct listing names;
    ck_assert(folder_list(cx, k8s, NOWHERE, &names));
    ck_assert_uint_eq(names.len, 3);
    expect_str(names.at[1].name, "linked");
    ck_assert_int_eq(names.at[1].kind, FILE_FOLDER);
    ck_assert(folder_list(cx, source_folder(cx, main, S("."), NOWHERE), NOWHERE, &names));
    ck_assert_uint_eq(names.len, 2);
    context_free(cx);
    tree_remove();
}
END_TEST

START_TEST(links_are_followed_in_the_tree_alone)
{
    tree_make(INIT COMMIT);
    struct context *cx = test_context();
    struct source *main = revision(cx, "repo", "main");
    struct folder *over = source_folder(cx, main, S("k8s/over"), NOWHERE);
    ck_assert_ptr_null(folder_read(cx, over, S("link.yaml"), NOWHERE));
    expect_said(cx, "error: security; file 'main:k8s/over/link.yaml' is not in or below "
                    "'main:k8s/over'\n"
                    "note: links lead to 'main:k8s/base/a.yaml'\n");
    main->unfenced = true;
    expect_text(folder_read(cx, over, S("link.yaml"), NOWHERE), "a2");
    expect_text(source_read(cx, main, S("k8s/linked/a.yaml"), NOWHERE), "a2");
    expect_str(source_folder(cx, main, S("k8s/linked"), NOWHERE)->path, "k8s/base");
    ck_assert_ptr_null(folder_read(cx, over, S("out"), NOWHERE));
    expect_said(cx, "error: security; 'main:k8s/over/out' leads out of its tree\n");
    ck_assert_ptr_null(folder_read(cx, over, S("abs"), NOWHERE));
    expect_said(cx, "error: security; 'main:k8s/over/abs' leads out of its tree\n");
    ck_assert_ptr_null(source_read(cx, main, S("loop"), NOWHERE));
    expect_said(cx, "error: 'main:loop' goes through too many links\n");
    ck_assert_ptr_null(source_read(cx, main, S("k8s/base/a.yml"), NOWHERE));
    expect_said(cx, "error: no file or folder 'main:k8s/base/a.yml'\n"
                    "hint: did you mean 'a.yaml'?\n");
    context_free(cx);
    tree_remove();
}
END_TEST

START_TEST(bare_repositories_and_linked_worktrees_hold_folders_too)
{
    tree_make(INIT COMMIT "cd ..; git clone -q --bare repo bare.git\n"
                          "git -C repo worktree add -q -b side ../side v1\n");
    struct context *cx = test_context();
    expect_text(source_read(cx, revision(cx, "bare.git", "main"), S("k8s/base/a.yaml"), NOWHERE),
                "a2");
    struct repository *side = repository_open(cx, S("side/k8s"), NOWHERE);
    expect_same(repository_worktree(side), str_concat(cx->arena, tree_path(), S("/side")));
    struct source *head = source_git(cx, side, S("HEAD"), NOWHERE);
    expect_text(source_read(cx, head, S("k8s/base/a.yaml"), NOWHERE), "a1");
    expect_str(repository_worktree(repository_open(cx, S("bare.git"), NOWHERE)), "");
    context_free(cx);
    tree_remove();
}
END_TEST

START_TEST(a_word_names_a_path_or_the_same_path_in_a_revision)
{
    tree_make(INIT COMMIT);
    ck_assert_int_eq(chdir("repo/k8s"), 0);
    struct context *cx = test_context();
    struct source *disk = source_disk(cx, S(""));
    static const struct {
        str word, name;
        str bytes;
    } rows[] = {
        { S("base/a.yaml"), S("base/a.yaml"), S("a3") },
        { S("main:base/a.yaml"), S("main:k8s/base/a.yaml"), S("a2") },
        { S("v1:../k8s/base/a.yaml"), S("v1:k8s/base/a.yaml"), S("a1") },
        { S("v1:/k8s/base/a.yaml"), S("v1:k8s/base/a.yaml"), S("a1") },
    };
    for (size_t i = 0; i < countof(rows); i++) {
        struct source *src;
        str path;
        ck_assert(source_named(cx, disk, rows[i].word, NOWHERE, &src, &path));
        struct text *text = source_read(cx, src, path, NOWHERE);
        ck_assert_ptr_nonnull(text);
        expect_same(text->name, rows[i].name);
        expect_same(text->bytes, rows[i].bytes);
    }
    context_free(cx);
    tree_remove();
}
END_TEST

START_TEST(what_is_wrong_with_a_revision_is_said)
{
    tree_make("mkdir none\n" INIT COMMIT "git tag blob main:k8s/base/a.yaml\n");
    struct context *cx = test_context();
    struct repository *repo = repository_open(cx, S("repo"), NOWHERE);
    ck_assert_ptr_null(source_git(cx, repo, S("mian"), NOWHERE));
    expect_said(cx, "error: the repository has no revision 'mian'\n"
                    "hint: did you mean 'main'?\n");
    ck_assert_ptr_null(source_git(cx, repo, S("blob"), NOWHERE));
    expect_said(cx, "error: 'blob' is no commit or tree\n");
    ck_assert_ptr_null(source_git(cx, repo, S("-x..y"), NOWHERE));
    expect_said(cx, "error: the repository has no revision '-x..y'\n");
    str commit;
    ck_assert(!revision_commit(cx, repo, S("HEAD^{tree}"), NOWHERE, &commit));
    expect_said(cx, "error: 'HEAD^{tree}' is no commit\n");
    ck_assert(revision_commit(cx, repo, S("v1"), NOWHERE, &commit));
    ck_assert_uint_eq(commit.len, 40);
    ck_assert_ptr_null(repository_open(cx, S("none"), NOWHERE));
    expect_said(cx, "error: 'none' is in no Git repository\n");
    context_free(cx);
    tree_remove();
}
END_TEST

START_TEST(submodules_and_hostile_trees_are_refused)
{
    tree_make(
        INIT COMMIT
        "commit=$(git rev-parse HEAD); blob=$(git rev-parse HEAD:k8s/base/a.yaml)\n"
        "git update-index --add --cacheinfo 160000,$commit,sub; git commit -qm sub\n"
        /* A tree with the entry "..", which no Git command would write. */
        "octal=$(for i in $(printf %s $blob | sed 's/../0x& /g'); do printf '\\\\%o' $i; done)\n"
        "printf \"100644 ..\\\\000$octal\" >../raw\n"
        "tree=$(git hash-object -t tree --literally -w ../raw)\n"
        "git tag bad $(git commit-tree -m bad $tree)\n"
        /* A missing object. */
        "printf gone >gone; git add gone; git commit -qm gone\n"
        "id=$(git rev-parse HEAD:gone)\n"
        "rm -f .git/objects/$(printf %s $id | cut -c1-2)/$(printf %s $id | cut -c3-)\n");
    struct context *cx = test_context();
    struct source *main = revision(cx, "repo", "main");
    ck_assert_ptr_null(source_read(cx, main, S("sub"), NOWHERE));
    expect_said(cx, "error: 'main:sub' is a submodule, which is no part of the tree\n");
    ck_assert_int_eq(source_kind(cx, main, S("sub")), FILE_NONE);
    ck_assert_ptr_null(source_read(cx, main, S("gone"), NOWHERE));
    ck_assert_int_eq(diag_exit_status(cx), 3);
    expect_str(cx->diags.first->message, "the repository lacks the bytes of 'main:gone'");
    cx->diags.first = cx->diags.last = NULL;
    struct source *bad = revision(cx, "repo", "bad");
    struct listing names;
    ck_assert(!folder_list(cx, source_folder(cx, bad, S("."), NOWHERE), NOWHERE, &names));
    expect_said(cx, "error: the Git tree 'bad:.' holds the name '..'\n");
    context_free(cx);
    tree_remove();
}
END_TEST

/* As Git does, libgit2 opens nothing that belongs to another user. */
START_TEST(the_repository_of_another_user_is_not_opened)
{
    if (geteuid() != 0)
        return;
    tree_make(INIT COMMIT "cd ..; chown -R 12345 repo\n");
    struct context *cx = test_context();
    ck_assert_ptr_null(repository_open(cx, S("repo"), NOWHERE));
    expect_str(cx->diags.first->message, "the Git repository at 'repo' belongs to another user");
    ck_assert_int_eq(diag_exit_status(cx), 3);
    context_free(cx);
    tree_remove();
}
END_TEST

START_TEST(partial_and_sparse_clones_are_opened)
{
    tree_make(INIT COMMIT "git config uploadpack.allowFilter true; cd ..\n"
                          "git clone -q --filter=blob:none --sparse file://$PWD/repo part\n"
                          "git -C part config extensions.worktreeConfig true\n"
                          "git -C repo config core.repositoryFormatVersion 1\n"
                          "git -C repo config extensions.objectFormat sha256\n");
    struct context *cx = test_context();
    struct source *main = revision(cx, "part", "main");
    ck_assert_int_eq(source_kind(cx, main, S("k8s/base/a.yaml")), FILE_PLAIN);
    ck_assert_ptr_null(source_read(cx, main, S("k8s/base/a.yaml"), NOWHERE));
    expect_said(cx, "error: the repository lacks the bytes of 'main:k8s/base/a.yaml'\n"
                    "hint: a partial clone gets them with git fetch --refetch --no-filter\n");
    ck_assert_ptr_null(repository_open(cx, S("repo"), NOWHERE));
    ck_assert_int_eq(diag_exit_status(cx), 3);
    context_free(cx);
    tree_remove();
}
END_TEST

START_TEST(edits_stand_over_a_revision)
{
    tree_make(INIT COMMIT);
    struct context *cx = test_context();
    struct source *main = revision(cx, "repo", "main");
    struct source *edited = source_edited(cx, main);
    edited->unfenced = true;
    /* Through a link: the file itself is what changes. */
    ck_assert(source_edit(cx, edited, S("k8s/over/link.yaml"), S("new"), NOWHERE));
    struct text *text = source_read(cx, edited, S("k8s/base/a.yaml"), NOWHERE);
    expect_text(text, "new");
    expect_str(text->name, "main:k8s/base/a.yaml");
    expect_text(source_read(cx, main, S("k8s/base/a.yaml"), NOWHERE), "a2");
    context_free(cx);
    tree_remove();
}
END_TEST

TCase *source_git_tests(void)
{
    TCase *t = tcase_create("source_git");
    tcase_set_timeout(t, 30);
    tcase_add_test(t, words_are_split_at_the_colon);
    tcase_add_test(t, a_revision_is_read_without_a_checkout);
    tcase_add_test(t, links_are_followed_in_the_tree_alone);
    tcase_add_test(t, bare_repositories_and_linked_worktrees_hold_folders_too);
    tcase_add_test(t, a_word_names_a_path_or_the_same_path_in_a_revision);
    tcase_add_test(t, what_is_wrong_with_a_revision_is_said);
    tcase_add_test(t, submodules_and_hostile_trees_are_refused);
    tcase_add_test(t, the_repository_of_another_user_is_not_opened);
    tcase_add_test(t, partial_and_sparse_clones_are_opened);
    tcase_add_test(t, edits_stand_over_a_revision);
    return t;
}
