/* Values: what maps keep, and what counts as the same. */
#include "tests/expect.h"

#include "render/template/value.h"

static const struct key *key(struct context *cx, int i)
{
    return intern(cx->keys, str_format(cx->arena, "key%d", i));
}

START_TEST(a_map_grows_and_shrinks)
{
    struct context *cx = test_context();
    struct dict *d = dict_new(cx->arena, 0);
    for (int i = 0; i < 1000; i++)
        dict_set(cx->arena, d, key(cx, i), value_int(i));
    for (int i = 0; i < 1000; i += 2)
        ck_assert(dict_remove(d, key(cx, i)));
    ck_assert_uint_eq(d->len, 500);
    for (int i = 0; i < 1000; i++) {
        const struct dict_entry *e = dict_find(d, key(cx, i));
        ck_assert_int_eq(e != NULL, i % 2);
        ck_assert(!e || e->value.i == i);
    }
    const struct dict_entry *sorted = dict_sorted(d);
    for (uint32_t i = 1; i < d->len; i++)
        ck_assert_int_lt(str_cmp(sorted[i - 1].key->text, sorted[i].key->text), 0);
    ck_assert_ptr_nonnull(dict_find(d, key(cx, 777)));
    context_free(cx);
}
END_TEST

START_TEST(a_copy_is_apart)
{
    struct context *cx = test_context();
    struct dict *inner = dict_new(cx->arena, 1);
    dict_set(cx->arena, inner, key(cx, 1), value_int(1));
    struct value items[] = { value_map(inner), value_string(S("x")) };
    struct value list = value_list(items, countof(items));
    struct value copy = value_copy(cx->arena, list);
    ck_assert(value_equal(list, copy));
    dict_set(cx->arena, inner, key(cx, 1), value_int(2));
    ck_assert(!value_equal(list, copy));
    context_free(cx);
}
END_TEST

START_TEST(types_count)
{
    ck_assert(!value_equal(value_int(1), value_int64(1)));
    ck_assert(!value_equal(value_list(NULL, 0), value_list_of(TYPE_STRINGS, NULL, 0)));
    ck_assert(value_equal(value_list(NULL, 0), value_list(NULL, 0)));
    ck_assert(!value_equal(value_map(NULL), NIL));
}
END_TEST

TCase *value_tests(void)
{
    TCase *t = tcase_create("value");
    tcase_add_test(t, a_map_grows_and_shrinks);
    tcase_add_test(t, a_copy_is_apart);
    tcase_add_test(t, types_count);
    return t;
}
