/* Hash tables and interned names. */
#include "render/base/map.h"

#include "tests/expect.h"

START_TEST(a_map_keeps_the_order_of_insertion)
{
    struct context *cx = test_context();
    struct map m = { .arena = cx->arena };
    ck_assert_ptr_null(map_get(&m, S("nothing")));
    for (uintptr_t i = 0; i < 5000; i++)
        map_put(&m, str_format(cx->arena, "key %zu", (size_t)i), (void *)(i + 1));
    ck_assert_ptr_eq(map_put(&m, S("key 7"), (void *)99), (void *)8);
    ck_assert_uint_eq(m.len, 5000);
    expect_str(m.entries[7].key, "key 7");
    ck_assert_ptr_eq(map_get(&m, S("key 7")), (void *)99);
    ck_assert_ptr_eq(map_get(&m, S("key 4999")), (void *)5000);
    ck_assert_ptr_null(map_get(&m, S("key 5000")));
    context_free(cx);
}
END_TEST

START_TEST(equal_names_are_one_pointer)
{
    struct context *cx = test_context();
    ck_assert_ptr_eq(intern(cx->keys, S("metadata")), KEY_METADATA);
    const struct key *mine = intern(cx->keys, S("mine"));
    for (int i = 0; i < 3000; i++)
        intern(cx->keys, str_format(cx->arena, "name %d", i));
    ck_assert_ptr_eq(intern(cx->keys, S("mine")), mine);
    ck_assert_ptr_null(intern_find(cx->keys, S("never seen")));
    context_free(cx);
}
END_TEST

TCase *map_tests(void)
{
    TCase *t = tcase_create("map");
    tcase_add_test(t, a_map_keeps_the_order_of_insertion);
    tcase_add_test(t, equal_names_are_one_pointer);
    return t;
}
