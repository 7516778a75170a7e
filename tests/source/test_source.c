/* Paths, and trees that are closed: literals and edits over them. */
#include "tests/source/tree.h"

START_TEST(paths_are_joined_and_cleaned)
{
    static const struct {
        str folder, path, want;
    } rows[] = {
        { S("."), S("a"), S("a") },
        { S("."), S(""), S(".") },
        { S("."), S("./a//b/."), S("a/b") },
        { S("a"), S(".."), S(".") },
        { S("a"), S("../.."), S("..") },
        { S("a/b"), S("../../../c"), S("../c") },
        { S(".."), S("../a"), S("../../a") },
        { S("../x"), S("../../a"), S("../../a") },
        { S("a/b"), S("c/../d"), S("a/b/d") },
        { S("/a"), S("../../.."), S("/") },
        { S("/"), S("a"), S("/a") },
        { S("a"), S("/x/./y/../z/"), S("/x/z") },
        { S("a"), S("...x"), S("a/...x") },
        { S("a"), S("..x/..y"), S("a/..x/..y") },
    };
    struct context *cx = test_context();
    for (size_t i = 0; i < countof(rows); i++)
        expect_same(source_join(cx->arena, rows[i].folder, rows[i].path), rows[i].want);
    context_free(cx);
}
END_TEST

static struct source *sample(struct context *cx)
{
    struct source *mem = source_mem(cx, S("mem:"));
    ck_assert(source_mem_put(cx, mem, S("base/a.yaml"), S("a"), NOWHERE));
    ck_assert(source_mem_put(cx, mem, S("over/b.yaml"), S("b"), NOWHERE));
    ck_assert(source_mem_put(cx, mem, S("over/sub/c.yaml"), S("c"), NOWHERE));
    return mem;
}

START_TEST(a_file_read_twice_is_one_text)
{
    struct context *cx = test_context();
    struct source *mem = sample(cx);
    struct folder *over = source_folder(cx, mem, S("over"), NOWHERE);
    struct text *text = folder_read(cx, over, S("sub/c.yaml"), NOWHERE);
    expect_text(text, "c");
    expect_str(text->name, "mem:over/sub/c.yaml");
    ck_assert_ptr_eq(source_read(cx, mem, S("./over/sub/../sub/c.yaml"), NOWHERE), text);
    str path;
    ck_assert(source_path(mem, text, &path));
    expect_str(path, "over/sub/c.yaml");
    context_free(cx);
}
END_TEST

START_TEST(a_folder_reads_only_what_is_below_it_and_enters_any)
{
    struct context *cx = test_context();
    struct source *mem = sample(cx);
    struct folder *over = source_folder(cx, mem, S("over"), NOWHERE);
    ck_assert_ptr_null(folder_read(cx, over, S("../base/a.yaml"), NOWHERE));
    expect_said(cx, "error: security; file 'mem:base/a.yaml' is not in or below 'mem:over'\n");
    struct folder *base = folder_enter(cx, over, S("../base"), NOWHERE);
    expect_text(folder_read(cx, base, S("a.yaml"), NOWHERE), "a");
    /* Having been read does not open it to others. */
    ck_assert_ptr_null(folder_read(cx, over, S("../base/a.yaml"), NOWHERE));
    expect_said(cx, "error: security; file 'mem:base/a.yaml' is not in or below 'mem:over'\n");
    mem->unfenced = true;
    expect_text(folder_read(cx, over, S("../base/a.yaml"), NOWHERE), "a");
    context_free(cx);
}
END_TEST

START_TEST(a_closed_tree_has_nothing_above_its_top)
{
    struct context *cx = test_context();
    struct source *mem = sample(cx);
    struct folder *over = source_folder(cx, mem, S("over"), NOWHERE);
    mem->unfenced = true;
    ck_assert_ptr_null(folder_read(cx, over, S("../../etc/passwd"), NOWHERE));
    expect_said(cx, "error: security; 'mem:../etc/passwd' leads out of its tree\n");
    ck_assert_ptr_null(folder_read(cx, over, S("/etc/passwd"), NOWHERE));
    expect_said(cx, "error: security; 'mem:/etc/passwd' leads out of its tree\n");
    ck_assert_ptr_null(folder_enter(cx, over, S("../.."), NOWHERE));
    expect_said(cx, "error: security; 'mem:..' leads out of its tree\n");
    ck_assert_int_eq(folder_kind(cx, over, S("../..")), FILE_NONE);
    ck_assert_ptr_nonnull(folder_enter(cx, over, S(".."), NOWHERE));
    expect_said(cx, "");
    context_free(cx);
}
END_TEST

START_TEST(what_is_missing_or_of_the_wrong_kind_is_said)
{
    struct context *cx = test_context();
    struct source *mem = sample(cx);
    struct folder *over = source_folder(cx, mem, S("over"), NOWHERE);
    ck_assert_ptr_null(folder_read(cx, over, S("sub"), NOWHERE));
    expect_said(cx, "error: 'mem:over/sub' is a folder; a file is needed here\n");
    ck_assert_ptr_null(folder_enter(cx, over, S("b.yaml"), NOWHERE));
    expect_said(cx, "error: 'mem:over/b.yaml' is a file; a folder is needed here\n");
    ck_assert_ptr_null(folder_read(cx, over, S("sub/c.yml"), NOWHERE));
    expect_said(cx, "error: no file or folder 'mem:over/sub/c.yml'\n"
                    "hint: did you mean 'c.yaml'?\n");
    ck_assert_ptr_null(folder_read(cx, over, S("b.yaml/c"), NOWHERE));
    expect_said(cx, "error: no file or folder 'mem:over/b.yaml/c'\n");
    ck_assert_ptr_null(folder_read(cx, over, ((str){ "a\0b", 3 }), NOWHERE));
    expect_said(cx, "error: a path is too long or holds a zero byte\n");
    struct text *text;
    ck_assert_int_eq(folder_take(cx, over, S("sub"), NOWHERE, &text), FILE_FOLDER);
    ck_assert_int_eq(folder_take(cx, over, S("b.yaml"), NOWHERE, &text), FILE_PLAIN);
    expect_text(text, "b");
    ck_assert_int_eq(folder_kind(cx, over, S("sub")), FILE_FOLDER);
    ck_assert_int_eq(folder_kind(cx, over, S("./b.yaml")), FILE_PLAIN);
    ck_assert_int_eq(folder_kind(cx, over, S("x")), FILE_NONE);
    expect_said(cx, "");
    context_free(cx);
}
END_TEST

START_TEST(a_path_without_end_is_refused)
{
    struct context *cx = test_context();
    struct folder *top = source_folder(cx, sample(cx), S("."), NOWHERE);
    size_t n = 1 << 20;
    char *path = arena_alloc(cx->arena, n);
    for (size_t i = 0; i < n; i++)
        path[i] = "a/"[i & 1];
    ck_assert_ptr_null(folder_read(cx, top, ((str){ path, n }), NOWHERE));
    ck_assert_ptr_null(folder_read(cx, top, ((str){ path, 4000 }), NOWHERE));
    context_free(cx);
}
END_TEST

START_TEST(a_listing_is_sorted)
{
    struct context *cx = test_context();
    struct source *mem = sample(cx);
    ck_assert(source_mem_put(cx, mem, S("over/a.yaml"), S(""), NOWHERE));
    ck_assert(source_mem_put(cx, mem, S("over/b.yaml"), S("again"), NOWHERE));
    struct listing names;
    ck_assert(folder_list(cx, source_folder(cx, mem, S("over"), NOWHERE), NOWHERE, &names));
    ck_assert_uint_eq(names.len, 3);
    expect_str(names.at[0].name, "a.yaml");
    expect_str(names.at[1].name, "b.yaml");
    expect_str(names.at[2].name, "sub");
    ck_assert_int_eq(names.at[2].kind, FILE_FOLDER);
    expect_text(source_read(cx, mem, S("over/b.yaml"), NOWHERE), "again");
    context_free(cx);
}
END_TEST

START_TEST(a_literal_keeps_to_its_tree)
{
    struct context *cx = test_context();
    struct source *mem = sample(cx);
    ck_assert(!source_mem_put(cx, mem, S("../x"), S(""), NOWHERE));
    ck_assert(!source_mem_put(cx, mem, S("/x"), S(""), NOWHERE));
    ck_assert(!source_mem_put(cx, mem, S("a/../.."), S(""), NOWHERE));
    ck_assert(!source_mem_put(cx, mem, S("a/.."), S(""), NOWHERE));
    ck_assert(!source_mem_put(cx, mem, S("over"), S(""), NOWHERE));
    ck_assert(!source_mem_put(cx, mem, S("over/b.yaml/x"), S(""), NOWHERE));
    expect_said(cx, "error: '../x' leads out of its tree\n"
                    "error: '/x' leads out of its tree\n"
                    "error: 'a/../..' leads out of its tree\n"
                    "error: 'a/..' leads out of its tree\n"
                    "error: 'over' can't be both a file and a folder\n"
                    "error: 'over/b.yaml/x' can't be both a file and a folder\n");
    context_free(cx);
}
END_TEST

START_TEST(edits_stand_before_the_original)
{
    struct context *cx = test_context();
    struct source *mem = sample(cx);
    struct text *before = source_read(cx, mem, S("over/b.yaml"), NOWHERE);
    struct source *edited = source_edited(cx, mem);
    ck_assert(source_edit(cx, edited, S("over/b.yaml"), S("new"), NOWHERE));
    ck_assert(source_edit(cx, edited, S("over/d.yaml"), S("more"), NOWHERE));
    struct folder *over = source_folder(cx, edited, S("over"), NOWHERE);
    struct text *after = folder_read(cx, over, S("b.yaml"), NOWHERE);
    expect_text(after, "new");
    expect_same(after->name, before->name);
    expect_text(folder_read(cx, over, S("d.yaml"), NOWHERE), "more");
    expect_text(folder_read(cx, over, S("sub/c.yaml"), NOWHERE), "c");
    expect_text(source_read(cx, mem, S("over/b.yaml"), NOWHERE), "b");
    ck_assert_int_eq(source_kind(cx, mem, S("over/d.yaml")), FILE_NONE);
    ck_assert(source_edit(cx, edited, S("over/b.yaml"), S("newer"), NOWHERE));
    expect_text(folder_read(cx, over, S("b.yaml"), NOWHERE), "newer");
    struct listing names;
    ck_assert(folder_list(cx, over, NOWHERE, &names));
    ck_assert_uint_eq(names.len, 3);
    ck_assert(!source_edit(cx, edited, S("none/x"), S(""), NOWHERE));
    expect_said(cx, "error: no file or folder 'mem:none/x'\n");
    ck_assert(!source_edit(cx, edited, S("over"), S(""), NOWHERE));
    expect_said(cx, "error: 'mem:over' is a folder; a file is needed here\n");
    context_free(cx);
}
END_TEST

START_TEST(what_is_asked_is_remembered_also_in_vain)
{
    struct context *cx = test_context();
    struct source *mem = source_mem(cx, S("m:"));
    struct listing names;
    ck_assert(source_mem_put(cx, mem, S("a/b.yaml"), S("b"), NOWHERE));
    struct folder *f = source_folder(cx, mem, S("a"), NOWHERE);
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(folder_kind(cx, f, S("c.yaml")), FILE_NONE);
    ck_assert_int_eq(folder_kind(cx, f, S("b.yaml")), FILE_PLAIN);
    ck_assert(folder_list(cx, f, NOWHERE, &names));
    const struct looked *absent = map_get(&mem->looks, S("/a/c.yaml"));
    const struct looked *there = map_get(&mem->looks, S("/a/b.yaml"));
    const struct listing *list = map_get(&mem->lists, S("/a"));
    ck_assert(absent && absent->kind == FILE_NONE);
    ck_assert(there && there->kind == FILE_PLAIN && there->target.len == 0);
    ck_assert(list && list->len == 1);
    expect_str(list->at[0].name, "b.yaml");
    ck_assert_ptr_null(map_get(&mem->texts, S("/a/b.yaml")));
    context_free(cx);
}
END_TEST

TCase *source_tests(void)
{
    TCase *t = tcase_create("source");
    tcase_add_test(t, paths_are_joined_and_cleaned);
    tcase_add_test(t, a_file_read_twice_is_one_text);
    tcase_add_test(t, a_folder_reads_only_what_is_below_it_and_enters_any);
    tcase_add_test(t, a_closed_tree_has_nothing_above_its_top);
    tcase_add_test(t, what_is_missing_or_of_the_wrong_kind_is_said);
    tcase_add_test(t, a_path_without_end_is_refused);
    tcase_add_test(t, a_listing_is_sorted);
    tcase_add_test(t, a_literal_keeps_to_its_tree);
    tcase_add_test(t, edits_stand_before_the_original);
    tcase_add_test(t, what_is_asked_is_remembered_also_in_vain);
    return t;
}
