/* Orders: the ranks that the rows give, and what the rows do not name. */
#include <stdlib.h>

#include "schema/orders.h"
#include "tests/schema/rows.h"

START_TEST(every_rank_is_found)
{
    struct context *cx = test_context();
    size_t versions = 0;
    for (struct rows r = rows_open(cx, "orders.tsv"); rows_next(&r);) {
        int rank = atoi(str_cstr(cx->arena, r.at[1]));
        if (str_eq(r.at[0], S("kustomize-legacy-first")))
            ck_assert_int_eq(legacy_rank(r.at[2]), rank - 22);
        else if (str_eq(r.at[0], S("kustomize-legacy-last")))
            ck_assert_int_eq(legacy_rank(r.at[2]), rank + 1);
        else if (str_eq(r.at[0], S("helm-install")))
            ck_assert_int_eq(helm_install_rank(r.at[2]), rank);
        else if (str_eq(r.at[0], S("helm-uninstall")))
            ck_assert_int_eq(helm_uninstall_rank(r.at[2]), rank);
        else if (str_eq(r.at[0], S("helm-apiversion")))
            expect_same(helm_api_version(versions++), r.at[2]);
        else if (str_eq(r.at[0], S("helm-default")))
            expect_same(helm_default(r.at[1]), r.at[2]);
        else
            ck_abort_msg("%.*s: no such table", STR(r.at[0]));
    }
    ck_assert_uint_eq(helm_api_version_count(), versions);
    context_free(cx);
}
END_TEST

START_TEST(other_kinds_stand_between_or_last)
{
    ck_assert_int_eq(legacy_rank(S("Widget")), 0);
    ck_assert_int_lt(legacy_rank(S("Namespace")), legacy_rank(S("Deployment")));
    ck_assert_int_lt(legacy_rank(S("PodDisruptionBudget")), 0);
    ck_assert_int_gt(legacy_rank(S("MutatingWebhookConfiguration")), 0);
    ck_assert_int_eq(helm_install_rank(S("Widget")), HELM_RANK_UNKNOWN);
    ck_assert_int_eq(helm_uninstall_rank(S("")), HELM_RANK_UNKNOWN);
    expect_str(helm_default(S("nothing")), "");
}
END_TEST

TCase *orders_tests(void)
{
    TCase *t = tcase_create("orders");
    tcase_add_test(t, every_rank_is_found);
    tcase_add_test(t, other_kinds_stand_between_or_last);
    return t;
}
