/* Folders on disk: links, fences, what is no file. */
#include <sys/stat.h>
#include <unistd.h>

#include "tests/source/tree.h"

#define REPOSITORY                                                                                 \
    "mkdir -p repo/base repo/over/sub out\n"                                                       \
    "printf a >repo/base/a.yaml; printf b >repo/over/b.yaml; printf o >out/o.yaml\n"               \
    "cd repo/over\n"                                                                               \
    "ln -s ../base/a.yaml link.yaml; ln -s ../b.yaml sub/inner.yaml\n"                             \
    "ln -s ../../out outdir; ln -s nowhere dangling; ln -s loop loop\n"                            \
    "ln -s ../over/sub/../b.yaml around.yaml; ln -s /etc/passwd passwd\n"

START_TEST(names_are_as_the_user_writes_them)
{
    tree_make(REPOSITORY);
    ck_assert_int_eq(chdir("repo/over"), 0);
    struct context *cx = test_context();
    struct source *disk = source_disk(cx, S(""));
    struct folder *here = source_folder(cx, disk, S("."), NOWHERE);
    expect_text(folder_read(cx, here, S("b.yaml"), NOWHERE), "b");
    expect_str(folder_read(cx, here, S("./b.yaml"), NOWHERE)->name, "b.yaml");
    struct folder *base = folder_enter(cx, here, S("../base"), NOWHERE);
    expect_str(base->path, "../base");
    expect_str(folder_read(cx, base, S("a.yaml"), NOWHERE)->name, "../base/a.yaml");
    struct folder *again = folder_enter(cx, base, S("../over"), NOWHERE);
    ck_assert(folder_holds(again, here) && folder_holds(here, again));
    ck_assert(folder_holds(folder_enter(cx, base, S(".."), NOWHERE), base));
    ck_assert(!folder_holds(base, here));
    str whole = str_concat(cx->arena, tree_path(), S("/out"));
    struct folder *out = source_folder(cx, disk, whole, NOWHERE);
    expect_same(folder_read(cx, out, S("o.yaml"), NOWHERE)->name,
                str_concat(cx->arena, whole, S("/o.yaml")));
    context_free(cx);
    tree_remove();
}
END_TEST

/* The answers of kustomize 5.7.1 on the same tree. */
START_TEST(links_are_followed_before_the_fence_is_looked_at)
{
    tree_make(REPOSITORY);
    ck_assert_int_eq(chdir("repo"), 0);
    struct context *cx = test_context();
    struct source *disk = source_disk(cx, S(""));
    struct folder *over = source_folder(cx, disk, S("over"), NOWHERE);
    expect_text(folder_read(cx, over, S("sub/inner.yaml"), NOWHERE), "b");
    expect_text(folder_read(cx, over, S("around.yaml"), NOWHERE), "b");
    expect_text(folder_read(cx, over, S("outdir/../b.yaml"), NOWHERE), "b");
    expect_text(folder_read(cx, over, S("nosub/../b.yaml"), NOWHERE), "b");
    expect_text(folder_read(cx, over, str_concat(cx->arena, over->real, S("/b.yaml")), NOWHERE),
                "b");
    ck_assert_ptr_null(folder_read(cx, over, S("link.yaml"), NOWHERE));
    str want = str_format(cx->arena,
                          "error: security; file 'over/link.yaml' is not in or below 'over'\n"
                          "note: links lead to '%.*s/repo/base/a.yaml'\n",
                          STR(tree_path()));
    expect_same(test_diagnostics(cx), want);
    cx->diags.first = cx->diags.last = NULL;
    ck_assert_ptr_null(folder_read(cx, over, S("../base/a.yaml"), NOWHERE));
    expect_said(cx, "error: security; file 'base/a.yaml' is not in or below 'over'\n");
    ck_assert_ptr_null(folder_read(cx, over, S("outdir/o.yaml"), NOWHERE));
    cx->diags.first = cx->diags.last = NULL;
    ck_assert_ptr_null(folder_read(cx, over, S("dangling"), NOWHERE));
    expect_said(cx, "error: no file or folder 'over/dangling'\n"
                    "note: it is, or goes through, a link to 'nowhere'\n");
    ck_assert_ptr_null(folder_read(cx, over, S("loop"), NOWHERE));
    expect_said(cx, "error: 'over/loop' goes through too many links\n");
    disk->unfenced = true;
    expect_text(folder_read(cx, over, S("link.yaml"), NOWHERE), "a");
    expect_text(folder_read(cx, over, S("outdir/o.yaml"), NOWHERE), "o");
    context_free(cx);
    tree_remove();
}
END_TEST

START_TEST(a_linked_folder_is_where_it_really_is)
{
    tree_make(REPOSITORY "printf 'x' >../../out/x\n");
    ck_assert_int_eq(chdir("repo"), 0);
    struct context *cx = test_context();
    struct source *disk = source_disk(cx, S(""));
    struct folder *over = source_folder(cx, disk, S("over"), NOWHERE);
    struct folder *out = folder_enter(cx, over, S("outdir"), NOWHERE);
    ck_assert_ptr_nonnull(out);
    expect_same(out->path, str_concat(cx->arena, tree_path(), S("/out")));
    expect_text(folder_read(cx, out, S("x"), NOWHERE), "x");
    struct folder *back = folder_enter(cx, out, S("../repo/base"), NOWHERE);
    expect_text(folder_read(cx, back, S("a.yaml"), NOWHERE), "a");
    struct listing names;
    ck_assert(folder_list(cx, over, NOWHERE, &names));
    ck_assert_uint_eq(names.len, 8);
    expect_str(names.at[0].name, "around.yaml");
    ck_assert_int_eq(names.at[0].kind, FILE_PLAIN);
    ck_assert_int_eq(names.at[2].kind, FILE_NONE); /* dangling */
    expect_str(names.at[5].name, "outdir");
    ck_assert_int_eq(names.at[5].kind, FILE_FOLDER);
    context_free(cx);
    tree_remove();
}
END_TEST

START_TEST(a_top_is_never_left)
{
    tree_make(REPOSITORY);
    struct context *cx = test_context();
    struct source *disk = source_disk(cx, S("repo"));
    disk->unfenced = true;
    struct folder *over = source_folder(cx, disk, S("repo/over"), NOWHERE);
    expect_text(folder_read(cx, over, S("../base/a.yaml"), NOWHERE), "a");
    expect_text(folder_read(cx, over, S("link.yaml"), NOWHERE), "a");
    static const char *const outside[] = { "passwd", "../../out/o.yaml", "outdir/o.yaml",
                                           "/etc/passwd" };
    for (size_t i = 0; i < countof(outside); i++)
        ck_assert_ptr_null(folder_read(cx, over, str_from(outside[i]), NOWHERE));
    ck_assert_ptr_null(folder_enter(cx, over, S("outdir"), NOWHERE));
    ck_assert_ptr_null(folder_enter(cx, over, S("../../out"), NOWHERE));
    ck_assert_ptr_null(source_folder(cx, disk, S("."), NOWHERE));
    ck_assert_int_eq(folder_kind(cx, over, S("outdir")), FILE_NONE);
    ck_assert_int_eq(source_kind(cx, disk, S("/etc/passwd")), FILE_NONE);
    for (struct diag *d = cx->diags.first; d; d = d->next)
        ck_assert(str_starts(d->message, S("security; '")));
    ck_assert_uint_eq(cx->diags.errors, 7);
    context_free(cx);
    tree_remove();
}
END_TEST

START_TEST(a_pipe_in_a_folder_is_refused_without_waiting)
{
    tree_make("mkfifo pipe; mkdir d; printf x >d/x; : >empty\n");
    struct context *cx = test_context();
    struct source *disk = source_disk(cx, S(""));
    struct folder *here = source_folder(cx, disk, S("."), NOWHERE);
    ck_assert_ptr_null(folder_read(cx, here, S("pipe"), NOWHERE));
    expect_said(cx, "error: 'pipe' is neither a file nor a folder\n");
    expect_text(folder_read(cx, here, S("empty"), NOWHERE), "");
    context_free(cx);
    tree_remove();
}
END_TEST

START_TEST(what_the_user_names_may_be_a_pipe)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], "a: 1\n", 5), 5);
    close(ends[1]);
    struct context *cx = test_context();
    struct source *disk = source_disk(cx, S(""));
    str path = str_format(cx->arena, "/dev/fd/%d", ends[0]);
    struct text *text = source_read(cx, disk, path, NOWHERE);
    expect_text(text, "a: 1\n");
    expect_same(text->name, path);
    close(ends[0]);
    context_free(cx);
}
END_TEST

START_TEST(a_file_without_permission_is_a_failure_of_the_surroundings)
{
    if (geteuid() == 0)
        return;
    tree_make("printf a >a; chmod 000 a\n");
    struct context *cx = test_context();
    struct source *disk = source_disk(cx, S(""));
    ck_assert_ptr_null(source_read(cx, disk, S("a"), NOWHERE));
    expect_str(test_diagnostics(cx), "error: cannot read 'a': Permission denied\n");
    ck_assert_int_eq(diag_exit_status(cx), 3);
    context_free(cx);
    tree_remove();
}
END_TEST

TCase *source_disk_tests(void)
{
    TCase *t = tcase_create("source_disk");
    tcase_add_test(t, names_are_as_the_user_writes_them);
    tcase_add_test(t, links_are_followed_before_the_fence_is_looked_at);
    tcase_add_test(t, a_linked_folder_is_where_it_really_is);
    tcase_add_test(t, a_top_is_never_left);
    tcase_add_test(t, a_pipe_in_a_folder_is_refused_without_waiting);
    tcase_add_test(t, what_the_user_names_may_be_a_pipe);
    tcase_add_test(t, a_file_without_permission_is_a_failure_of_the_surroundings);
    return t;
}
