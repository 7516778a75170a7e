/* Strategic merge: kustomize's own answers first, then what a vector in JSON cannot say. */
#include <stdio.h>

#include "overlays/patch_merge.h"
#include "render/base/buf.h"
#include "render/doc/json_read.h"
#include "render/doc/json_write.h"
#include "render/doc/origin.h"
#include "render/doc/yaml_read.h"
#include "render/doc/yaml_write.h"
#include "tests/expect.h"

static str vectors(struct context *cx)
{
    FILE *file = fopen(TESTDATA "/overlays/smp-vectors.jsonl", "rb");
    ck_assert_ptr_nonnull(file);
    struct buf b;
    buf_init(&b, cx->arena, 1 << 18);
    for (int c; (c = getc(file)) != EOF;)
        buf_char(&b, (char)c);
    fclose(file);
    return buf_take(&b);
}

static str print(struct context *cx, const struct node *n)
{
    struct buf b;
    buf_init(&b, cx->arena, 1024);
    ck_assert(json_write(cx, &b, n, (struct json_style){ .keep_html = true }));
    return buf_take(&b);
}

/* "" when the vector's answer came, else what came instead. */
static str run_vector(struct context *cx, struct node *vector)
{
    struct node *base = node_get_text(cx, vector, S("base"));
    struct node *patch = node_get_text(cx, vector, S("patch"));
    struct node *want = node_get_text(cx, vector, S("result"));
    const struct node *error = node_get_text(cx, vector, S("error"));
    str before = print(cx, patch);
    if (!patch_merge(cx, merge_schema_builtin(cx), &base, patch))
        return error ? S("") : test_diagnostics(cx);
    if (!str_eq(before, print(cx, patch)))
        return S("the patch was changed");
    if (!base)
        return node_get_text(cx, vector, S("deleted")) ? S("") : S("deleted");
    if (!want || !str_eq(print(cx, base), print(cx, want)))
        return print(cx, base);
    return S("");
}

START_TEST(every_vector_has_its_answer)
{
    struct context *cx = test_context();
    str rest = vectors(cx);
    int count = 0, failed = 0;
    for (str line; str_next_line(&rest, &line) && line.len; count++) {
        struct context *own = test_context();
        struct node *vector = json_read(own, text_add(own, S("vector"), line));
        ck_assert_ptr_nonnull(vector);
        str got = run_vector(own, vector);
        if (got.len) {
            printf("smp-vectors.jsonl:%d: %.*s\n got: %.*s\nwant: %.*s\n", count + 1,
                   STR(node_get_str(vector, intern(own->keys, S("note")))), STR(got),
                   STR(print(own, vector)));
            failed++;
        }
        context_free(own);
    }
    ck_assert_int_eq(failed, 0);
    ck_assert_int_eq(count, 293);
    context_free(cx);
}
END_TEST

TCase *patch_merge_tests(void)
{
    TCase *t = tcase_create("patch_merge");
    tcase_add_test(t, every_vector_has_its_answer);
    return t;
}
