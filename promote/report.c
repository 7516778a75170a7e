/* Tables and messages. Trailers stand last in a message, where Git looks for them. */
#include "promote/report.h"

#include "promote/columns.h"
#include "promote/receipt.h"

enum { DIGEST_SHOWN = 19 };

/* "sha-1a2b3c4", "sha256:1a2b3c4d5e6f…": enough to compare by eye. */
static str short_version(struct context *cx, struct image_ref ref)
{
    if (!ref.digest.len)
        return image_ref_tag(ref);
    str digest = str_slice(ref.digest, 0, DIGEST_SHOWN);
    return str_format(cx->scratch, "%.*s%s%.*s\xE2\x80\xA6", STR(ref.tag), ref.tag.len ? "@" : "",
                      STR(digest));
}

static const struct promise *promise_for(const struct plan *p, const struct candidate *c)
{
    for (uint32_t i = 0; i < p->len; i++) {
        if (p->at[i].candidate == c)
            return &p->at[i];
    }
    return NULL;
}

static str result_text(struct context *cx, const struct check_result *r)
{
    if (r->state == CHECK_PASSED)
        return str_concat(cx->scratch, S("ok: "), r->evidence);
    return r->state == CHECK_FAILED ? S("FAILED") : S("NOT CHECKED");
}

static void image_row(struct context *cx, struct columns *t, const struct plan *p,
                      const struct candidate *c)
{
    const struct promise *promise = promise_for(p, c);
    columns_cell(t, c->ref.name);
    columns_cell(t, short_version(cx, c->ref));
    if (p->to) {
        const struct image *now = image_set_find(&p->to->images, c->ref);
        columns_cell(t, now ? short_version(cx, now->ref) : S("-"));
        columns_cell(t, !promise           ? S("-")
                        : promise->changes ? short_version(cx, promise->after)
                                           : S("the same"));
    }
    for (uint32_t i = 0; i < p->row->check_count; i++) {
        columns_cell(t, result_text(cx, &c->results[i]));
    }
}

static void names_line(struct buf *out, const char *what, const struct str_list *names)
{
    for (uint32_t i = 0; i < names->len; i++)
        buf_format(out, "%s %.*s\n", what, STR(names->at[i]));
}

void report_images(struct context *cx, struct buf *out, const struct plan *p)
{
    struct mark before = arena_mark(cx->scratch);
    struct columns t = { .arena = cx->scratch };
    uint32_t checks = p->row->check_count < 8 ? p->row->check_count : 8;
    t.count = 2 + (p->to ? 2 : 0) + checks;
    columns_cell(&t, S("IMAGE"));
    columns_cell(&t, p->request->back ? S("recorded") : p->from->name);
    if (p->to) {
        columns_cell(&t, p->to->name);
        columns_cell(&t, S("BECOMES"));
    }
    for (uint32_t i = 0; i < checks; i++)
        columns_cell(&t, p->row->checks[i].name);
    for (uint32_t i = 0; i < p->candidates.len; i++)
        image_row(cx, &t, p, &p->candidates.at[i]);
    columns_print(&t, out);
    names_line(out, p->to ? "not promoted:" : "not asked for:", &p->left_out);
    if (p->to) {
        names_line(
            out,
            str_cstr(cx->scratch, str_format(cx->scratch, "only in %.*s:", STR(p->from->name))),
            &p->only_source);
        names_line(
            out, str_cstr(cx->scratch, str_format(cx->scratch, "only in %.*s:", STR(p->to->name))),
            &p->only_target);
    }
    arena_rewind(cx->scratch, before);
}

str report_title(struct context *cx, const struct plan *p)
{
    uint32_t changed = 0;
    for (uint32_t i = 0; i < p->len; i++)
        changed += p->at[i].changes;
    const char *s = changed == 1 ? "" : "s";
    if (p->request->back)
        return str_format(cx->arena, "Roll %u image%s of %.*s back to %.*s", changed, s,
                          STR(p->to->name), STR(str_slice(p->source, 0, 12)));
    return str_format(cx->arena, "Promote %u image%s from %.*s to %.*s", changed, s,
                      STR(p->from->name), STR(p->to->name));
}

bool report_message(struct context *cx, struct buf *out, const struct plan *p)
{
    buf_format(out, "%.*s\n\n", STR(report_title(cx, p)));
    for (uint32_t i = 0; i < p->len; i++) {
        if (!p->at[i].changes)
            continue;
        struct mark before = arena_mark(cx->scratch);
        buf_format(out, "%.*s\n    %.*s -> %.*s", STR(p->at[i].after.name),
                   STR(short_version(cx, p->at[i].before)), STR(short_version(cx, p->at[i].after)));
        if (p->at[i].source.tag.len)
            buf_format(out, " (%.*s)", STR(p->at[i].source.tag));
        buf_char(out, '\n');
        arena_rewind(cx->scratch, before);
    }
    buf_char(out, '\n');
    if (!receipt_write(cx, out, p))
        return false;
    buf_format(out, "\n%s %.*s -> %.*s\n", PROMOTION_TRAILER, STR(p->from->name), STR(p->to->name));
    buf_format(out, "Hoist-Source: %.*s\n", STR(p->source));
    if (p->request->force.len)
        buf_format(out, "Hoist-Forced: %.*s\n", STR(p->request->force));
    return true;
}
