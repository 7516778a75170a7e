/* Patterns: what is compared without a machine is what the machine would say. */
#include "overlays/pattern.h"
#include "render/base/keys.h"
#include "render/base/regex.h"
#include "tests/expect.h"

static const str patterns[] = {
    S("web"),         S("(web|worker)"), S("web|worker"), S("(web|)"),        S("(|)"),
    S("()"),          S("(web)(er)"),    S(".*-web"),     S(".*web"),         S("w(eb|orker)"),
    S("(web|w.*er)"), S("w?eb"),         S("[wx]eb"),     S("(?i).*WEB"),     S("(?i:w)eb"),
    S(".*\\.web"),    S("w\\x65b"),      S("\\Qw|eb\\E"), S(".*|x-web"),      S("we{1,2}b"),
    S("web$"),        S("^web"),         S("^(web|eb)$"), S("(web|worker)$"), S("a.*(b|web)-web"),
};

static const str texts[] = {
    S(""),      S("web"),    S("worker"), S("eb"),      S("WEB"),  S("a-web"),
    S("a.web"), S("a-WEB"),  S("x-web"),  S("web-web"), S("weeb"), S("weber"),
    S("w|eb"),  S("ab-web"), S("webweb"), S("web\n"),
};

static bool machine_says(struct context *cx, str pattern, str text)
{
    str error;
    struct regex *whole =
        regex_compile(cx->arena, str_format(cx->arena, "^(?:%.*s)$", STR(pattern)), &error);
    ck_assert_msg(whole != NULL, "%.*s: %.*s", STR(pattern), STR(error));
    return regex_matches(cx->scratch, whole, text);
}

START_TEST(a_pattern_matches_what_its_expression_matches)
{
    struct context *cx = test_context();
    for (size_t i = 0; i < countof(patterns); i++) {
        struct node *map = node_map(cx);
        struct pattern p;
        node_add(cx, map, KEY_NAME, node_string(cx, patterns[i]));
        ck_assert(pattern_read(cx, map, KEY_NAME, &p));
        for (size_t j = 0; j < countof(texts); j++) {
            bool wanted = machine_says(cx, patterns[i], texts[j]);
            ck_assert_msg(pattern_matches(cx, &p, texts[j]) == wanted, "'%.*s' of '%.*s': not %d",
                          STR(patterns[i]), STR(texts[j]), wanted);
        }
    }
    context_free(cx);
}
END_TEST

TCase *pattern_tests(void)
{
    TCase *t = tcase_create("pattern");
    tcase_add_test(t, a_pattern_matches_what_its_expression_matches);
    return t;
}
