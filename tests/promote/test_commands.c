/* Commands on small repositories: testdata/promote/commands.cases,
 * pins.cases, checks.cases, explain.cases and affected.cases. A case's files are
 * committed to a new repository, then its lines run in a shell. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "render/base/buf.h"
#include "tests/cases.h"
#include "tests/source/tree.h"

static bool is_file(str name)
{
    return !str_starts(name, S("want")) && !str_eq(name, S("command"));
}

static void write_files(struct context *cx, struct test_case *c)
{
    for (uint32_t i = 0; i < c->len; i++) {
        const struct part *p = &c->parts[i];
        if (!is_file(p->name))
            continue;
        str folder, name;
        if (str_cut_last(p->name, '/', &folder, &name))
            tree_run(str_cstr(cx->arena, str_format(cx->arena, "mkdir -p '%.*s'\n", STR(folder))));
        FILE *f = fopen(str_cstr(cx->arena, p->name), "w");
        ck_assert_ptr_nonnull(f);
        /* The blank line before the next case is none of the file's. */
        str body = str_ends(p->body, S("\n\n")) ? str_slice(p->body, 0, p->body.len - 1) : p->body;
        fwrite(body.at, 1, body.len, f);
        fclose(f);
    }
}

/* What the lines print, both ends together. */
static str output_of(struct context *cx, str lines)
{
    FILE *f = fopen("../lines", "w");
    ck_assert_ptr_nonnull(f);
    fprintf(f, "hoist() { '%s' \"$@\" || echo \"status $?\"; }\n%.*s", HOIST_PROGRAM, STR(lines));
    fclose(f);
    FILE *shell =
        popen("exec env -i PATH=\"$PATH\" LSAN_OPTIONS=\"$LSAN_OPTIONS\" HOME=/nonexistent"
              " LC_ALL=C"
              " GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x.example"
              " GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@x.example"
              " GIT_AUTHOR_DATE='@1700000000 +0000'"
              " GIT_COMMITTER_DATE='@1700000000 +0000' sh ../lines 2>&1",
              "r");
    ck_assert_ptr_nonnull(shell);
    struct buf b;
    buf_init(&b, cx->arena, 1024);
    char bytes[4096];
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, shell)) > 0;)
        buf_str(&b, (str){ bytes, n });
    pclose(shell);
    return buf_take(&b);
}

static void command_case(struct context *cx, struct test_case *c)
{
    char before[4096];
    ck_assert_ptr_nonnull(getcwd(before, sizeof before));
    tree_make("mkdir repo\n");
    ck_assert_int_eq(chdir("repo"), 0);
    write_files(cx, c);
    tree_run("export GIT_AUTHOR_DATE='@1700000000 +0000' GIT_COMMITTER_DATE='@1700000000 +0000'\n"
             "git init -q -b main . && git add . && git commit -qm first\n");
    case_answer(c, "want", output_of(cx, case_body(c, "command")));
    tree_remove();
    ck_assert_int_eq(chdir(before), 0);
}

static const char *const files[] = {
    "promote/commands.cases",      "promote/pins.cases",
    "promote/checks.cases",        "promote/explain.cases",
    "promote/affected.cases",      "promote/policies.cases",
    "promote/diff_commands.cases", "promote/graph.cases",
    "promote/charts.cases",        "promote/applications.cases",
    "promote/validate.cases",      "promote/history.cases",
    "promote/init.cases",          "promote/application_sets.cases",
};

START_TEST(command_cases)
{
    cases_run(files[_i], command_case);
}
END_TEST

TCase *command_tests(void)
{
    TCase *t = tcase_create("commands");
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, command_cases, 0, (int)countof(files));
    return t;
}
