/* Reading, comparing and renewing cases. */
#include "tests/cases.h"

#include <stdio.h>
#include <stdlib.h>

#include "render/base/buf.h"
#include "render/source/source.h"

struct cases {
    struct test_case *at;
    uint32_t len, cap;
    str head; /* what stands before the first case */
};

static struct part *last_part(struct cases *all)
{
    struct test_case *c = all->len ? &all->at[all->len - 1] : NULL;
    return c && c->len ? &c->parts[c->len - 1] : NULL;
}

static void take_line(struct context *cx, struct cases *all, const char *file, int number, str line,
                      size_t whole)
{
    if (str_starts(line, S("== "))) {
        ARENA_PUSH(cx->arena, all->at, all->len, all->cap);
        all->at[all->len++] =
            (struct test_case){ .file = file, .line = number, .title = str_skip(line, 3) };
    } else if (all->len && str_starts(line, S("-- "))) {
        struct test_case *c = &all->at[all->len - 1];
        ARENA_PUSH(cx->arena, c->parts, c->len, c->cap);
        c->parts[c->len++] =
            (struct part){ .name = str_skip(line, 3), .body = { line.at + whole, 0 } };
    } else if (last_part(all)) {
        last_part(all)->body.len += whole;
    } else if (!all->len) {
        all->head.len += whole;
    }
}

static struct cases read_cases(struct context *cx, const char *file, str bytes)
{
    struct cases all = { .head = { bytes.at, 0 } };
    int number = 0;
    while (bytes.len) {
        str rest = bytes, line;
        str_next_line(&rest, &line);
        size_t whole = rest.at ? (size_t)(rest.at - bytes.at) : bytes.len;
        take_line(cx, &all, file, ++number, line, whole);
        bytes = str_skip(bytes, whole);
    }
    return all;
}

struct part *case_part(struct test_case *c, const char *name)
{
    for (uint32_t i = 0; i < c->len; i++) {
        if (str_eq(c->parts[i].name, str_from(name)))
            return &c->parts[i];
    }
    return NULL;
}

str case_body(struct test_case *c, const char *name)
{
    struct part *p = case_part(c, name);
    return p ? p->body : S("");
}

void case_answer(struct test_case *c, const char *name, str got)
{
    struct part *p = case_part(c, name);
    if (!p)
        return;
    p->answered = true;
    char *kept = malloc(got.len + 1);
    memcpy(kept, got.at, got.len);
    p->answer = (str){ kept, got.len };
}

/* Cases are parted by a blank line, which is none of the last part's. */
static str trimmed(const struct part *p, bool last_of_case)
{
    str body = p->body;
    if (last_of_case && (str_ends(body, S("\n\n")) || str_eq(body, S("\n"))))
        body.len--;
    return body;
}

static bool differs(struct test_case *c, bool final)
{
    bool bad = false;
    for (uint32_t i = 0; i < c->len; i++) {
        struct part *p = &c->parts[i];
        str want = trimmed(p, i + 1 == c->len && !final);
        bool answer = str_starts(p->name, S("want")) || str_starts(p->name, S("error"))
                      || str_eq(p->name, S("warning"));
        if (!answer || (p->answered && str_eq(p->answer, want)))
            continue;
        bad = true;
        printf("%s:%d: %.*s: %.*s\n--- got\n%.*s--- want\n%.*s---\n", c->file, c->line,
               STR(c->title), STR(p->name), STR(p->answer), STR(want));
    }
    return bad;
}

static void write_cases(const char *file, struct cases *all)
{
    FILE *f = fopen(file, "w");
    ck_assert_ptr_nonnull(f);
    fprintf(f, "%.*s", STR(all->head));
    for (uint32_t i = 0; i < all->len; i++) {
        struct test_case *c = &all->at[i];
        bool final = i + 1 == all->len;
        fprintf(f, "== %.*s\n", STR(c->title));
        for (uint32_t k = 0; k < c->len; k++) {
            struct part *p = &c->parts[k];
            bool last = k + 1 == c->len;
            fprintf(f, "-- %.*s\n", STR(p->name));
            fwrite(p->answered ? p->answer.at : p->body.at, 1,
                   p->answered ? p->answer.len : p->body.len, f);
            if (p->answered && last && !final)
                fputc('\n', f);
        }
    }
    fclose(f);
}

void cases_run(const char *name, void (*run)(struct context *cx, struct test_case *c))
{
    struct context *cx = test_context();
    str file = str_format(cx->arena, "testdata/%s", name);
    struct text *text = source_read(cx, source_disk(cx, S("")), file, NOWHERE);
    ck_assert_msg(text, "no %s", name);
    struct cases all = read_cases(cx, str_cstr(cx->arena, file), text->bytes);
    ck_assert_uint_gt(all.len, 0);
    uint32_t bad = 0;
    for (uint32_t i = 0; i < all.len; i++) {
        struct context *own = test_context();
        run(own, &all.at[i]);
        context_free(own);
    }
    if (getenv("UPDATE"))
        write_cases(str_cstr(cx->arena, file), &all);
    else
        for (uint32_t i = 0; i < all.len; i++)
            bad += differs(&all.at[i], i + 1 == all.len);
    fflush(stdout);
    ck_assert_msg(bad == 0, "%s: %u of %u cases differ", name, bad, all.len);
    for (uint32_t i = 0; i < all.len; i++) {
        for (uint32_t k = 0; k < all.at[i].len; k++) {
            if (all.at[i].parts[k].answered)
                free((void *)(uintptr_t)all.at[i].parts[k].answer.at);
        }
    }
    context_free(cx);
}
