/* Option rows: each kind in each way to write it, and nested rows. */
#include "cli/options.h"
#include "tests/expect.h"

struct inner {
    struct words files;
};

struct flags {
    bool quick, loud;
    str name, shape, mode;
    struct words each, parts;
    int64_t count;
    uint64_t wait_ns;
    struct inner inner;
};

static const struct option inner_rows[] = {
    { 'f', "file", "FILE", "a file", OPTION_LIST, offsetof(struct inner, files) },
    { 0 },
};

static const struct option rows[] = {
    { 'q', "quick", NULL, "soon", OPTION_FLAG, offsetof(struct flags, quick) },
    { 'l', "loud", NULL, NULL, OPTION_FLAG, offsetof(struct flags, loud) },
    { 'n', "name", "NAME", "a name", OPTION_TEXT, offsetof(struct flags, name) },
    { 0, "shape", "round|square", "a shape", OPTION_CHOICE, offsetof(struct flags, shape) },
    { 0, "mode", "MODE", "a mode", OPTION_OPTIONAL, offsetof(struct flags, mode) },
    { 'e', "each", "WORD", "one more", OPTION_LIST, offsetof(struct flags, each) },
    { 0, "parts", "WORD,...", "some more", OPTION_COMMAS, offsetof(struct flags, parts) },
    { 'c', "count", "N", "how many", OPTION_NUMBER, offsetof(struct flags, count) },
    { 0, "wait", "TIME", "how long", OPTION_DURATION, offsetof(struct flags, wait_ns) },
    OPTION_ROWS_OF(inner_rows, struct flags, inner),
    { 0 },
};

struct parsing {
    struct context *cx;
    struct flags flags;
    str operands; /* joined by spaces */
    bool ok;
};

/* Takes a line apart at its spaces; "_" stands for an empty word. */
static struct parsing parse(str line)
{
    struct parsing p = { .cx = test_context() };
    struct words words = { 0 }, operands = { 0 };
    str word;
    while (line.len && str_next_field(&line, ' ', &word))
        words_add(p.cx->arena, &words, str_eq(word, S("_")) ? S("") : word);
    struct parser parser = { .cx = p.cx, .sets = { { rows, &p.flags } }, .line = &words };
    enum parsed what;
    while ((what = options_next(&parser, &word)) == PARSED_OPERAND)
        words_add(p.cx->arena, &operands, word);
    p.ok = what == PARSED_END;
    p.operands = str_join(p.cx->arena, operands.at, operands.len, S(" "));
    return p;
}

static str joined(struct parsing *p, const struct words *words)
{
    return str_join(p->cx->arena, words->at, words->len, S(" "));
}

START_TEST(options_may_stand_anywhere)
{
    struct parsing p = parse(S("a -q b --name=x c"));
    ck_assert(p.ok);
    expect_str(p.operands, "a b c");
    ck_assert(p.flags.quick);
    expect_str(p.flags.name, "x");
    context_free(p.cx);
}
END_TEST

START_TEST(values_in_every_spelling)
{
    static const str lines[] = {
        { "--name v", 8 }, { "--name=v", 8 }, { "-n v", 4 },  { "-nv", 3 },     { "-n=v", 4 },
        { "-qn v", 5 },    { "-qnv", 4 },     { "-qn=v", 5 }, { "-nw -nv", 7 },
    };
    for (size_t i = 0; i < countof(lines); i++) {
        struct parsing p = parse(lines[i]);
        ck_assert_msg(p.ok, "%.*s", STR(lines[i]));
        expect_str(p.flags.name, "v");
        expect_str(p.operands, "");
        context_free(p.cx);
    }
}
END_TEST

START_TEST(a_value_may_look_like_anything)
{
    struct parsing p = parse(S("--name -q --each=a=b -e --"));
    ck_assert(p.ok);
    expect_str(p.flags.name, "-q");
    ck_assert(!p.flags.quick);
    expect_same(joined(&p, &p.flags.each), S("a=b --"));
    context_free(p.cx);
}
END_TEST

START_TEST(an_empty_value_is_given)
{
    struct parsing p = parse(S("--name= --shape=round"));
    ck_assert(p.ok);
    ck_assert_ptr_nonnull(p.flags.name.at);
    ck_assert_uint_eq(p.flags.name.len, 0);
    expect_str(p.flags.shape, "round");
    context_free(p.cx);
    p = parse(S("--name _"));
    ck_assert(p.ok);
    ck_assert_ptr_nonnull(p.flags.name.at);
    context_free(p.cx);
    p = parse(S(""));
    ck_assert(p.ok);
    ck_assert_ptr_null(p.flags.name.at);
    context_free(p.cx);
}
END_TEST

START_TEST(lists_grow_and_commas_split)
{
    struct parsing p = parse(S("-e a,b --each c --parts d,e --parts=f --parts= -f x --file=y"));
    ck_assert(p.ok);
    expect_same(joined(&p, &p.flags.each), S("a,b c"));
    expect_same(joined(&p, &p.flags.parts), S("d e f"));
    expect_same(joined(&p, &p.flags.inner.files), S("x y"));
    context_free(p.cx);
}
END_TEST

START_TEST(an_optional_value_needs_its_sign)
{
    struct parsing p = parse(S("--mode x"));
    ck_assert(p.ok);
    ck_assert_ptr_nonnull(p.flags.mode.at);
    ck_assert_uint_eq(p.flags.mode.len, 0);
    expect_str(p.operands, "x");
    context_free(p.cx);
    p = parse(S("--mode=x"));
    expect_str(p.flags.mode, "x");
    context_free(p.cx);
}
END_TEST

START_TEST(hyphens_that_are_operands)
{
    struct parsing p = parse(S("- -- -q --name"));
    ck_assert(p.ok);
    expect_str(p.operands, "- -q --name");
    ck_assert(!p.flags.quick);
    context_free(p.cx);
}
END_TEST

START_TEST(flags_are_said_and_unsaid)
{
    struct parsing p = parse(S("-q -q=false --loud=T"));
    ck_assert(p.ok);
    ck_assert(!p.flags.quick);
    ck_assert(p.flags.loud);
    context_free(p.cx);
}
END_TEST

START_TEST(numbers_and_times)
{
    struct parsing p = parse(S("-c -12 --wait 1h1m1.5s"));
    ck_assert(p.ok);
    ck_assert_int_eq(p.flags.count, -12);
    ck_assert_uint_eq(p.flags.wait_ns, 3661500000000u);
    context_free(p.cx);
}
END_TEST

static const struct {
    const char *line;
    const char *said;
} mistakes[] = {
    { "--nane=x", "error: unknown option '--nane'\nhint: did you mean '--name'?\n" },
    { "--fil x", "error: unknown option '--fil'\nhint: did you mean '--file'?\n" },
    { "--entirely-else", "error: unknown option '--entirely-else'\n" },
    { "-x", "error: unknown option '-x'\n" },
    { "-qx", "error: unknown option '-x' in '-qx'\n" },
    { "-\xC3\xA9", "error: unknown option '-\xC3\xA9'\n" },
    { "--name", "error: --name needs a value: NAME\n" },
    { "-qn", "error: --name needs a value: NAME\n" },
    { "--shape=squar", "error: unknown value of --shape 'squar'\nhint: did you mean 'square'?\n"
                       "hint: known are round, square\n" },
    { "--shape=", "error: unknown value of --shape ''\nhint: known are round, square\n" },
    { "--quick=maybe", "error: --quick takes true or false, not 'maybe'\n" },
    { "-c 1x", "error: --count takes a whole number, not '1x'\n" },
    { "-c -", "error: --count takes a whole number, not '-'\n" },
    { "-c 9223372036854775808",
      "error: --count takes a whole number, not '9223372036854775808'\n" },
    { "--wait 5", "error: --wait takes a time such as 90s or 5m, not '5'\n" },
    { "--wait -5s", "error: --wait takes a time such as 90s or 5m, not '-5s'\n" },
};

START_TEST(a_mistake_is_said_with_a_way_out)
{
    struct parsing p = parse(str_from(mistakes[_i].line));
    ck_assert(!p.ok);
    expect_same(test_diagnostics(p.cx), str_from(mistakes[_i].said));
    context_free(p.cx);
}
END_TEST

TCase *options_tests(void)
{
    TCase *tests = tcase_create("options");
    tcase_add_test(tests, options_may_stand_anywhere);
    tcase_add_test(tests, values_in_every_spelling);
    tcase_add_test(tests, a_value_may_look_like_anything);
    tcase_add_test(tests, an_empty_value_is_given);
    tcase_add_test(tests, lists_grow_and_commas_split);
    tcase_add_test(tests, an_optional_value_needs_its_sign);
    tcase_add_test(tests, hyphens_that_are_operands);
    tcase_add_test(tests, flags_are_said_and_unsaid);
    tcase_add_test(tests, numbers_and_times);
    tcase_add_loop_test(tests, a_mistake_is_said_with_a_way_out, 0, countof(mistakes));
    return tests;
}
