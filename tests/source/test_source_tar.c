/* Archives: what is unpacked, and what is refused. */
#include "tests/source/tree.h"

static struct source *unpack(struct context *cx, const char *path)
{
    return source_tar(cx, str_from(path), tree_bytes(cx, path), NOWHERE);
}

START_TEST(an_archive_is_a_tree)
{
    tree_make("mkdir -p web/templates; printf n >web/Chart.yaml; printf t >web/templates/a.yaml\n"
              ": >web/empty; printf u >web/\303\251.yaml\n"
              "tar czf web.tgz web; tar cf web.tar ./web\n"
              "tar czf pax.tgz --format=pax web; tar czf ustar.tgz --format=ustar web\n");
    static const char *const names[] = { "web.tgz", "web.tar", "pax.tgz", "ustar.tgz" };
    for (size_t i = 0; i < countof(names); i++) {
        struct context *cx = test_context();
        struct source *src = unpack(cx, names[i]);
        ck_assert_msg(src, "%.*s", STR(test_diagnostics(cx)));
        struct folder *web = source_folder(cx, src, S("web"), NOWHERE);
        struct text *chart = folder_read(cx, web, S("Chart.yaml"), NOWHERE);
        expect_text(chart, "n");
        expect_same(chart->name, str_format(cx->arena, "%s:web/Chart.yaml", names[i]));
        expect_text(folder_read(cx, web, S("templates/a.yaml"), NOWHERE), "t");
        expect_text(folder_read(cx, web, S("empty"), NOWHERE), "");
        expect_text(folder_read(cx, web, S("\303\251.yaml"), NOWHERE), "u");
        struct listing found;
        ck_assert(folder_list(cx, web, NOWHERE, &found));
        ck_assert_uint_eq(found.len, 4);
        expect_said(cx, "");
        context_free(cx);
    }
    tree_remove();
}
END_TEST

static const struct {
    const char *make; /* the archive "x" */
    str said;
} hostile[] = {
    { "ln -s /etc/passwd l; tar czf x l\n",
      S("error: archive 'x': 'l' is a link; archives with links are not unpacked\n") },
    { "echo a >a; ln a b; tar cf x a b\n",
      S("error: archive 'x': 'b' is a link; archives with links are not unpacked\n") },
    { "mkdir d; echo a >a; cd d; tar cPf ../x ../a\n",
      S("error: archive 'x': '../a' has '..' in its name\n") },
    { "echo a >a; tar cf x --transform 's,^,b/../,' -P a\n",
      S("error: archive 'x': 'b/../a' has '..' in its name\n") },
    { "echo a >a; tar cPf x --transform 's,^,/tmp/,' a\n",
      S("error: archive 'x': '/tmp/a' has an absolute name\n") },
    { "mkfifo p; tar cf x p\n", S("error: archive 'x': 'p' is neither a file nor a folder\n") },
    { "echo a >a; tar cf x a --transform 's,^,'$(printf 'd/%.0s' $(seq 101))',' a\n",
      S("is in too many folders\n") },
    { "echo a >a; echo c >c; tar cf x --transform 's,^c,a/b,' a c\n",
      S("'a/b' can't be both a file and a folder\n") },
    { "truncate -s 60M a; cp a b; tar czf x a b\n",
      S("error: archive 'x': 'b' is beyond the limit of 100 MiB for all files\n") },
    { "head -c 30000 /dev/urandom >a; tar czf y a; head -c 20000 y >x\n",
      S("error: cannot unpack 'x': ") },
    { "echo 'kind: Pod' >x\n", S("error: cannot unpack 'x': Unrecognized archive format\n") },
    { ": >x\n", S("error: cannot unpack 'x': ") },
};

START_TEST(a_hostile_archive_is_refused)
{
    tree_make(hostile[_i].make);
    struct context *cx = test_context();
    ck_assert_ptr_null(unpack(cx, "x"));
    str said = test_diagnostics(cx);
    ck_assert_msg(str_has(said, hostile[_i].said), "%.*s", STR(said));
    ck_assert_int_eq(diag_exit_status(cx), 2);
    context_free(cx);
    tree_remove();
}
END_TEST

TCase *source_tar_tests(void)
{
    TCase *t = tcase_create("source_tar");
    tcase_set_timeout(t, 30);
    tcase_add_test(t, an_archive_is_a_tree);
    tcase_add_loop_test(t, a_hostile_archive_is_refused, 0, countof(hostile));
    return t;
}
