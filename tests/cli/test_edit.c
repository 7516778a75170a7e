/* kustomize edit and create in a folder of files: testdata/cli/edit_*.cases. */
#include <stdio.h>
#include <unistd.h>

#include "render/base/buf.h"
#include "tests/cases.h"
#include "tests/source/tree.h"

static void write_file(struct context *cx, str path, str body)
{
    str folder, name;
    if (str_cut_last(path, '/', &folder, &name))
        tree_run(str_cstr(cx->arena, str_format(cx->arena, "mkdir -p '%.*s'\n", STR(folder))));
    FILE *f = fopen(str_cstr(cx->arena, path), "w");
    ck_assert_ptr_nonnull(f);
    fwrite(body.at, 1, body.len, f);
    fclose(f);
}

/* What the lines print, both ends together. */
static str output_of(struct context *cx, str lines)
{
    str setup =
        str_format(cx->arena, "kustomize() { '%s' kustomize \"$@\" || echo \"status $?\"; }\n%.*s",
                   HOIST_PROGRAM, STR(lines));
    write_file(cx, S("../lines"), setup);
    FILE *shell = popen("exec env -i PATH=\"$PATH\" LSAN_OPTIONS=\"$LSAN_OPTIONS\""
                        " HOME=/nonexistent LC_ALL=C sh ../lines 2>&1",
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

static void edit_case(struct context *cx, struct test_case *c)
{
    char before[4096];
    ck_assert_ptr_nonnull(getcwd(before, sizeof before));
    tree_make("mkdir work\n");
    ck_assert_int_eq(chdir("work"), 0);
    for (uint32_t i = 0; i < c->len; i++) {
        const struct part *p = &c->parts[i];
        if (!str_eq(p->name, S("command")) && !str_starts(p->name, S("want")))
            write_file(cx, p->name, p->body);
    }
    case_answer(c, "want", output_of(cx, case_body(c, "command")));
    tree_remove();
    ck_assert_int_eq(chdir(before), 0);
}

static const char *const files[] = { "cli/edit_add.cases",    "cli/edit_argocd.cases",
                                     "cli/edit_create.cases", "cli/edit_fix.cases",
                                     "cli/edit_layout.cases", "cli/edit_remove.cases",
                                     "cli/edit_set.cases" };

START_TEST(edit_cases)
{
    cases_run(files[_i], edit_case);
}
END_TEST

TCase *edit_tests(void)
{
    TCase *t = tcase_create("edit");
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, edit_cases, 0, (int)countof(files));
    return t;
}
