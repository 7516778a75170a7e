/* Walking folders: order, filters, links. */
#include "render/source/walk.h"

#include "tests/source/tree.h"

static str walked(struct context *cx, const char *path, const struct walk_filter *filter)
{
    struct source *disk = source_disk(cx, S(""));
    struct folder *folder = source_folder(cx, disk, str_from(path), NOWHERE);
    struct listing found;
    if (!folder_walk(cx, folder, NOWHERE, filter, &found))
        return S("failed");
    str *paths = NEW_ARRAY(cx->arena, str, found.len + 1);
    for (uint32_t i = 0; i < found.len; i++)
        paths[i] = found.at[i].name;
    return str_join(cx->arena, paths, found.len, S(" "));
}

static bool skip_hidden(void *who, str path, enum file_kind kind)
{
    ++*(int *)who;
    return str_starts(path, S(".")) || (kind == FILE_PLAIN && str_ends(path, S(".txt")));
}

START_TEST(a_folder_is_walked_in_the_order_of_names)
{
    tree_make("mkdir -p t/b/c t/.git; touch t/a t/b/c/y t/b/z t/b.yaml t/c.txt t/.git/x\n"
              "ln -s b t/link; ln -s b.yaml t/d\n");
    struct context *cx = test_context();
    int asked = 0;
    struct walk_filter filter = { skip_hidden, &asked };
    expect_str(walked(cx, "t", NULL), ".git/x a b/c/y b/z b.yaml c.txt d link/c/y link/z");
    expect_str(walked(cx, "t", &filter), "a b/c/y b/z b.yaml d link/c/y link/z");
    ck_assert_int_eq(asked, 13);
    expect_said(cx, "");
    context_free(cx);
    tree_remove();
}
END_TEST

START_TEST(links_that_lead_back_or_away_are_reported)
{
    tree_make("mkdir -p t/b away s; ln -s .. t/b/up; touch t/x; ln -s ../away s/out\n");
    struct context *cx = test_context();
    expect_str(walked(cx, "t", NULL), "failed");
    expect_said(cx, "error: the link 'b/up' in 't' leads back to where it is\n");
    expect_str(walked(cx, "s", NULL), "failed");
    expect_said(cx, "error: security; folder 'out' is not in or below 's'\n");
    context_free(cx);
    tree_remove();
}
END_TEST

START_TEST(many_links_to_one_place_end_at_the_limit_of_files)
{
    tree_make("mkdir t; cd t; for i in $(seq 40); do mkdir d$i; done; i=1\n"
              "while [ $i -lt 40 ]; do n=$((i + 1)); ln -s ../d$n d$i/a; ln -s ../d$n d$i/b\n"
              "i=$n; done\n");
    struct context *cx = test_context();
    cx->limits.max[LIMIT_FILES] = 1000;
    expect_str(walked(cx, "t", NULL), "failed");
    expect_said(cx, "error: more than 1000 files: this limit stops what would not end\n");
    context_free(cx);
    tree_remove();
}
END_TEST

TCase *walk_tests(void)
{
    TCase *t = tcase_create("walk");
    tcase_add_test(t, a_folder_is_walked_in_the_order_of_names);
    tcase_add_test(t, links_that_lead_back_or_away_are_reported);
    tcase_add_test(t, many_links_to_one_place_end_at_the_limit_of_files);
    return t;
}
