/* IP addresses: what Go answered, in testdata/ip/ip.tsv. */
#include "render/base/ip.h"

#include "tests/table.h"

static void ip_row(struct context *cx, struct row *row)
{
    struct ip ip;
    str why;
    if (!ip_parse(cx->arena, row->cell[0], &ip, &why))
        expect_answer(row, why);
    else if (ip.six)
        expect_answer(row, str_format(cx->arena, "6 %.*s", STR(ip.zone)));
    else
        expect_answer(row, S("4"));
}

START_TEST(every_row_is_as_go_says)
{
    struct context *cx = test_context();
    table_each(cx, "ip/ip.tsv", ip_row);
    context_free(cx);
}
END_TEST

TCase *ip_tests(void)
{
    TCase *t = tcase_create("ip");
    tcase_add_test(t, every_row_is_as_go_says);
    return t;
}
