/* Characters: a digest over all of them of what Go's unicode package says. */
#include "render/base/unicode.h"

#include "tests/expect.h"

static uint64_t mix(uint64_t h, uint32_t n)
{
    return (h ^ n) * 0x100000001b3u;
}

static uint32_t answers(uint32_t r)
{
    return (uint32_t)(rune_is_letter(r) | rune_is_digit(r) << 1 | rune_is_number(r) << 2
                      | rune_is_upper(r) << 3 | rune_is_lower(r) << 4 | rune_is_title(r) << 5
                      | rune_is_punct(r) << 6 | rune_is_space(r) << 7 | rune_is_print(r) << 8);
}

START_TEST(every_character_is_as_in_go)
{
    uint64_t kinds = 0xcbf29ce484222325u, cases = kinds, folds = kinds;
    for (uint32_t r = 0; r <= RUNE_LAST; r++) {
        kinds = mix(kinds, answers(r));
        cases = mix(mix(mix(cases, rune_upper(r)), rune_lower(r)), rune_title(r));
        folds = mix(folds, rune_fold(r));
    }
    ck_assert_uint_eq(kinds, 0x34a2e77761f6e305u);
    ck_assert_uint_eq(cases, 0x3d7d9f4a58589255u);
    ck_assert_uint_eq(folds, 0xe8864720cce30875u);
}
END_TEST

static void count(void *who, uint32_t first, uint32_t last)
{
    *(uint32_t *)who += last - first + 1;
}

START_TEST(classes_have_as_many_characters_as_in_go)
{
    static const struct {
        const char *name;
        uint32_t count;
    } rows[] = {
        { "L", 136104 },
        { "Lu", 1831 },
        { "LC", 4095 },
        { "C", 965096 },
        { "Cn", 825345 },
        { "Cs", 2048 },
        { "Z", 19 },
        { "Letter", 136104 },
        { "Greek", 518 },
        { "Han", 98408 },
        { "Latin", 1481 },
        { "Any", 1114112 },
        { "ASCII", 128 },
        { "Assigned", 288767 },
        { "Common", 8301 },
        { "Zs", 17 },
        { "Unassigned", 825345 },
        { "M", 2450 },
        { "punct", 842 },
        { "greek", 518 },
        { "lu", 1831 },
        { "Close Punctuation", 77 },
    };
    for (size_t i = 0; i < countof(rows); i++) {
        uint32_t n = 0;
        ck_assert_msg(rune_class(str_from(rows[i].name), count, &n), "%s", rows[i].name);
        ck_assert_msg(n == rows[i].count, "%s: %u", rows[i].name, n);
    }
    ck_assert(!rune_class(S("Old_Italic"), count, &(uint32_t){ 0 }));
    ck_assert(!rune_class(S("Klingon"), count, &(uint32_t){ 0 }));
    ck_assert(!rune_class(S(""), count, &(uint32_t){ 0 }));
}
END_TEST

TCase *unicode_tests(void)
{
    TCase *t = tcase_create("unicode");
    tcase_add_test(t, every_character_is_as_in_go);
    tcase_add_test(t, classes_have_as_many_characters_as_in_go);
    return t;
}
