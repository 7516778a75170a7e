/* Nodes: what the index of a long map must keep. */
#include "render/doc/node.h"
#include "tests/expect.h"

enum { KEYS = 1000 };

static const struct key *key_of(struct context *cx, int i)
{
    return intern(cx->keys, str_format(cx->scratch, "k%d", i));
}

START_TEST(a_long_map_finds_what_is_left_in_it)
{
    struct context *cx = test_context();
    struct node *map = node_map(cx);
    for (int i = 0; i < KEYS; i++)
        node_add(cx, map, key_of(cx, i), node_int(cx, i));
    for (int i = 0; i < KEYS; i += 1 + i % 3)
        ck_assert(node_remove(map, key_of(cx, i)) && !node_remove(map, key_of(cx, i)));
    for (uint32_t i = 0; i < map->len; i++)
        ck_assert_ptr_eq(node_entry(map, map->entries[i].key), &map->entries[i]);
    ck_assert_ptr_null(node_get(map, key_of(cx, 0)));
    node_add(cx, map, key_of(cx, 0), node_int(cx, 7));
    expect_str(node_get_str(map, key_of(cx, 0)), "7");
    while (map->len)
        ck_assert(node_remove(map, map->entries[map->len / 2].key));
    ck_assert_ptr_null(node_get(map, key_of(cx, 2)));
    context_free(cx);
}
END_TEST

TCase *node_tests(void)
{
    TCase *t = tcase_create("node");
    tcase_add_test(t, a_long_map_finds_what_is_left_in_it);
    return t;
}
