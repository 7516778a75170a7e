/* Arenas: ceilings, rewinding, cleanups. */
#include "tests/expect.h"

static void count(void *n)
{
    ++*(int *)n;
}

START_TEST(rewinding_runs_the_cleanups_above_the_mark)
{
    struct context *cx = test_context();
    int closed = 0;
    arena_defer(cx->scratch, count, &closed);
    struct mark before = arena_mark(cx->scratch);
    arena_defer(cx->scratch, count, &closed);
    arena_alloc(cx->scratch, 3 << 20);
    arena_rewind(cx->scratch, before);
    ck_assert_int_eq(closed, 1);
    context_free(cx);
    ck_assert_int_eq(closed, 2);
}
END_TEST

START_TEST(the_last_allocation_grows_in_place)
{
    struct context *cx = test_context();
    char *at = arena_alloc(cx->arena, 100);
    memcpy(at, "abc", 3);
    ck_assert_ptr_eq(arena_grow(cx->arena, at, 100, 200), at);
    arena_alloc(cx->arena, 1);
    char *moved = arena_grow(cx->arena, at, 200, 400);
    ck_assert_ptr_ne(moved, at);
    ck_assert_mem_eq(moved, "abc", 3);
    context_free(cx);
}
END_TEST

START_TEST(what_is_large_grows_without_dead_copies_and_goes_with_its_mark)
{
    enum { MANY = 1 << 20 };
    struct context *cx = test_context();
    struct arena *a = cx->arena;
    char *kept = arena_alloc(a, 200 * 1024);
    memset(kept, 'k', 200 * 1024);
    struct mark before = arena_mark(a);
    size_t held = arena_used(a);
    char *at = NULL;
    char *other = arena_alloc(a, 300 * 1024);
    memset(other, 'o', 300 * 1024);
    for (size_t n = 1; n < MANY; n *= 2) {
        at = arena_grow(a, at, n / 2, n);
        memset(at + n / 2, 'x', n - n / 2);
    }
    ck_assert_uint_le(arena_used(a), held + MANY + 800 * 1024);
    for (size_t i = 0; i < MANY / 2; i++)
        ck_assert_int_eq(at[i], 'x');
    kept = arena_grow(a, kept, 200 * 1024, 400 * 1024);
    ck_assert_int_eq(other[300 * 1024 - 1], 'o');
    arena_rewind(a, before);
    ck_assert_int_eq(kept[200 * 1024 - 1], 'k');
    ck_assert_uint_le(arena_used(a), held + 300 * 1024);
    kept = arena_grow(a, kept, 400 * 1024, MANY);
    ck_assert_int_eq(kept[0], 'k');
    context_free(cx);
}
END_TEST

static bool eat(struct context *cx, void *arg)
{
    for (;;)
        *(void **)arg = arena_alloc(cx->arena, 1 << 20);
    return true;
}

START_TEST(a_full_arena_comes_back_as_an_error)
{
    struct context *cx = context_new(&(struct context_options){ .memory = 8 << 20 });
    void *last = NULL;
    ck_assert(!context_run(cx, eat, &last));
    ck_assert_ptr_nonnull(last);
    expect_str(cx->diags.first->message,
               "more than 8 MiB of memory: this limit stops what would not end");
    context_free(cx);
}
END_TEST

TCase *arena_tests(void)
{
    TCase *t = tcase_create("arena");
    tcase_add_test(t, rewinding_runs_the_cleanups_above_the_mark);
    tcase_add_test(t, what_is_large_grows_without_dead_copies_and_goes_with_its_mark);
    tcase_add_test(t, the_last_allocation_grows_in_place);
    tcase_add_test(t, a_full_arena_comes_back_as_an_error);
    return t;
}
