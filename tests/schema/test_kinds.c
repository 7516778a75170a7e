/* Kinds: scopes as kustomize knows them, releases as Kubernetes lists them. */
#include <stdlib.h>

#include "schema/kinds.h"
#include "tests/schema/rows.h"

static enum scope scope_of(str letter)
{
    return str_eq(letter, S("N"))   ? SCOPE_NAMESPACED
           : str_eq(letter, S("C")) ? SCOPE_CLUSTER
                                    : SCOPE_UNKNOWN;
}

START_TEST(every_scope_is_found)
{
    struct context *cx = test_context();
    int asked = 0;
    for (struct rows r = rows_open(cx, "kustomize-types.tsv"); rows_next(&r);) {
        if (!str_eq(r.at[0], S("K")) && !str_eq(r.at[0], S("S")))
            continue;
        ck_assert_msg(kind_scope(r.at[1], r.at[2]) == scope_of(r.at[3]), "%.*s %.*s", STR(r.at[1]),
                      STR(r.at[2]));
        asked++;
    }
    ck_assert_int_eq(asked, 280);
    context_free(cx);
}
END_TEST

START_TEST(a_kind_newer_than_kustomize_has_no_scope)
{
    ck_assert_int_eq(kind_scope(S("v1"), S("Node")), SCOPE_CLUSTER);
    ck_assert_int_eq(kind_scope(S("v2"), S("Node")), SCOPE_UNKNOWN);
    ck_assert_int_eq(
        kind_scope(S("admissionregistration.k8s.io/v1"), S("ValidatingAdmissionPolicy")),
        SCOPE_UNKNOWN);
    ck_assert_int_eq(kind_scope(S(""), S("")), SCOPE_UNKNOWN);
}
END_TEST

static unsigned minor(struct context *cx, str version)
{
    str digits = str_trim_prefix(version, S("1."));
    return version.len ? (unsigned)atoi(str_cstr(cx->arena, digits)) : 0;
}

START_TEST(every_release_is_found)
{
    struct context *cx = test_context();
    int asked = 0;
    for (struct rows r = rows_open(cx, "lifecycle.tsv"); rows_next(&r); asked++) {
        struct kind_facts k;
        ck_assert_msg(kind_find(r.at[0], r.at[1], &k), "%.*s %.*s", STR(r.at[0]), STR(r.at[1]));
        expect_same(k.api_version, r.at[0]);
        expect_same(k.kind, r.at[1]);
        ck_assert_int_eq(k.scope, scope_of(r.at[2]));
        expect_same(k.plural, r.at[3]);
        ck_assert_uint_eq(k.served_first, minor(cx, r.at[4]));
        ck_assert_uint_eq(k.served_last, minor(cx, r.at[5]));
        ck_assert_uint_eq(k.introduced, minor(cx, r.at[6]));
        ck_assert_uint_eq(k.deprecated, minor(cx, r.at[7]));
        ck_assert_uint_eq(k.removed, minor(cx, r.at[8]));
        expect_same(k.replacement, r.at[9]);
    }
    ck_assert_int_eq(asked, 195);
    context_free(cx);
}
END_TEST

START_TEST(a_kind_that_never_was_is_not_found)
{
    struct kind_facts k;
    ck_assert(!kind_find(S("v1"), S("Deployment"), &k));
    ck_assert(!kind_find(S("apps/v1"), S("deployment"), &k));
}
END_TEST

TCase *kinds_tests(void)
{
    TCase *t = tcase_create("kinds");
    tcase_add_test(t, every_scope_is_found);
    tcase_add_test(t, a_kind_newer_than_kustomize_has_no_scope);
    tcase_add_test(t, every_release_is_found);
    tcase_add_test(t, a_kind_that_never_was_is_not_found);
    return t;
}
