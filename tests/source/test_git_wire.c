/* Git's protocol from those who do not keep to it. */
#include "render/source/git_wire.h"

#include "tests/source/tree.h"

#define OBJECT "0123456789012345678901234567890123456789"

START_TEST(a_greeting_of_either_version)
{
    struct context *cx = test_context();
    struct wire_refs refs;
    ck_assert(wire_greeting(cx,
                            S("001e# service=git-upload-pack\n0000"
                              "0044" OBJECT " HEAD\0shallow ofs-delta\n"
                              "003d" OBJECT " refs/heads/main\n"
                              "003d" OBJECT " refs/tags/v1^{}\n0000"),
                            NOWHERE, &refs));
    ck_assert(refs.shallow && refs.offsets && !refs.version2);
    ck_assert_uint_eq(refs.len, 2);
    expect_str(wire_find(&refs, S("main")), OBJECT);
    expect_str(wire_find(&refs, S("")), OBJECT);
    expect_str(wire_find(&refs, S("v1")), "");
    ck_assert(wire_greeting(cx, S("000eversion 2\n0012fetch=shallow\n0000"), NOWHERE, &refs));
    ck_assert(refs.version2 && refs.shallow);
    context_free(cx);
}
END_TEST

/* Nothing crashes, and each is one report. */
START_TEST(what_is_not_git)
{
    static const str answers[] = {
        S(""),
        S("<html>"),
        S("0"),
        S("zzzz"),
        S("ffff" OBJECT),
        S("0004"),
        S("0003"),
        S("0008abcd0000"),
        S("003f" OBJECT " HEAD"),
        S("00000000000000000000000"),
    };
    struct context *cx = test_context();
    for (size_t i = 0; i < countof(answers); i++) {
        struct wire_refs refs;
        str pack, copy = str_dup(cx->arena, answers[i]);
        bool whole = wire_greeting(cx, copy, NOWHERE, &refs);
        ck_assert(whole || diag_failed(cx));
        refs.version2 = i % 2;
        whole = wire_pack(cx, &refs, copy, NOWHERE, &pack) || wire_listed(cx, copy, NOWHERE, &refs);
        ck_assert(whole || diag_failed(cx));
    }
    context_free(cx);
}
END_TEST

START_TEST(what_it_says_is_repeated_without_control_characters)
{
    struct context *cx = test_context();
    struct wire_refs refs;
    ck_assert(!wire_greeting(cx, S("0013ERR no\33[31mway\n"), NOWHERE, &refs));
    expect_said(cx, "error: the repository answers: no [31mway\n");
    ck_assert(
        !wire_greeting(cx, S("000eversion 2\n0019object-format=sha256\n0000"), NOWHERE, &refs));
    expect_said(cx, "error: the repository names its objects by sha256; only sha1 is known\n");
    context_free(cx);
}
END_TEST

TCase *git_wire_tests(void)
{
    TCase *tc = tcase_create("git_wire");
    tcase_add_test(tc, a_greeting_of_either_version);
    tcase_add_test(tc, what_is_not_git);
    tcase_add_test(tc, what_it_says_is_repeated_without_control_characters);
    return tc;
}
