/* Which entries are repositories, as kustomize itself answered: tests/oracle/remote_addresses. */
#include "overlays/remote_address.h"

#include "render/source/source.h"
#include "tests/expect.h"

START_TEST(entries_are_taken_as_kustomize_takes_them)
{
    struct context *cx = test_context();
    struct source *disk = source_disk(cx, S(""));
    struct text *table =
        source_read(cx, disk, S(TESTDATA "/overlays/remote_addresses.txt"), NOWHERE);
    ck_assert(table != NULL);
    str rest = table->bytes, line;
    uint32_t count = 0;
    while (str_next_line(&rest, &line)) {
        struct remote_address a;
        str entry, want, got = S("");
        str_cut(line, '\t', &entry, &want);
        if (remote_address_parse(cx->arena, entry, &a))
            got = str_format(cx->arena, "%.*s\t%.*s", STR(a.repository),
                             STR(a.revision.len ? a.revision : S("HEAD")));
        ck_assert_msg(str_eq(got, want), "%.*s: got '%.*s', want '%.*s'", STR(entry), STR(got),
                      STR(want));
        count++;
    }
    ck_assert_uint_gt(count, 60);
    context_free(cx);
}
END_TEST

START_TEST(questions_behind_an_address)
{
    struct context *cx = test_context();
    struct remote_address a;
    ck_assert(remote_address_parse(cx->arena, S("github.com/o/r/x/y"), &a));
    expect_str(a.folder, "x/y");
    ck_assert_uint_eq(a.timeout_ns, 27000000000u);
    ck_assert(a.submodules);
    ck_assert(remote_address_parse(cx->arena, S("github.com/o/r?timeout=90&submodules=f"), &a));
    ck_assert_uint_eq(a.timeout_ns, 90000000000u);
    ck_assert(!a.submodules);
    ck_assert(remote_address_parse(cx->arena, S("github.com/o/r?timeout=1m5s&submodules=no"), &a));
    ck_assert_uint_eq(a.timeout_ns, 65000000000u);
    ck_assert(a.submodules);
    ck_assert(remote_address_parse(cx->arena, S("github.com/o/r?timeout=-1"), &a));
    ck_assert_uint_eq(a.timeout_ns, 27000000000u);
    context_free(cx);
}
END_TEST

TCase *remote_address_tests(void)
{
    TCase *tc = tcase_create("remote_address");
    tcase_add_test(tc, entries_are_taken_as_kustomize_takes_them);
    tcase_add_test(tc, questions_behind_an_address);
    return tc;
}
