/* Differences as a unified diff of the rendered documents, a file for each. */
#include "promote/diff.h"
#include "promote/hunks.h"
#include "render/doc/yaml_write.h"

enum { LINES_AROUND = 3 };

struct unified {
    struct context *cx;
    struct buf *out;
    struct diff_style style;
};

static void range(struct buf *out, char mark, uint32_t at, uint32_t len)
{
    buf_format(out, "%c%u", mark, len ? at + 1 : at);
    if (len != 1)
        buf_format(out, ",%u", len);
}

static void marked(struct unified *u, const struct hunk_line *l)
{
    const char *color = l->mark == '-' ? "\033[31m" : l->mark == '+' ? "\033[32m" : NULL;
    if (u->style.color && color)
        buf_str(u->out, str_from(color));
    buf_char(u->out, l->mark);
    buf_str(u->out, l->text);
    if (u->style.color && color)
        buf_str(u->out, S("\033[0m"));
    buf_char(u->out, '\n');
    if (l->open)
        buf_str(u->out, S("\\ No newline at end of file\n"));
}

static void hunk(void *who, const struct hunk *h)
{
    struct unified *u = who;
    buf_str(u->out, S("@@ "));
    range(u->out, '-', h->from, h->from_len);
    buf_char(u->out, ' ');
    range(u->out, '+', h->to, h->to_len);
    buf_str(u->out, S(" @@\n"));
    for (uint32_t i = 0; i < h->len; i++)
        marked(u, &h->lines[i]);
}

/* As kustomize names the files of --output: apps_v1_deployment_web.yaml. */
static str file_name(struct arena *a, struct identity id)
{
    struct buf b;
    buf_init(&b, a, 64);
    if (id.namespace_.len)
        buf_format(&b, "%.*s_", STR(id.namespace_));
    if (id.gvk.group.len)
        buf_format(&b, "%.*s_", STR(id.gvk.group));
    buf_format(&b, "%.*s_%.*s_%.*s.yaml", STR(id.gvk.version), STR(id.gvk.kind), STR(id.name));
    for (size_t i = 0; i < b.len; i++) {
        if (b.at[i] >= 'A' && b.at[i] <= 'Z')
            b.at[i] = (char)(b.at[i] + ('a' - 'A'));
        else if (b.at[i] == '/' || b.at[i] == ' ')
            b.at[i] = '_';
    }
    return buf_take(&b);
}

static bool print(struct unified *u, const struct node *n, const struct node *other, bool is_new,
                  str *out)
{
    struct buf b;
    buf_init(&b, u->cx->arena, 4096);
    bool ok = !n || yaml_write(u->cx, &b, diff_shown(u->cx, n, other, is_new));
    *out = buf_take(&b);
    return ok;
}

static bool document(struct unified *u, const struct diff_document *d)
{
    str from, to;
    if (!print(u, d->from, d->to, false, &from) || !print(u, d->to, d->from, true, &to))
        return false;
    str old = d->from ? str_concat(u->cx->arena, S("a/"), file_name(u->cx->arena, d->old))
                      : S("/dev/null");
    str new_ =
        d->to ? str_concat(u->cx->arena, S("b/"), file_name(u->cx->arena, d->id)) : S("/dev/null");
    buf_format(u->out, "--- %.*s\n+++ %.*s\n", STR(old), STR(new_));
    diff_hunks(u->cx, from, to, LINES_AROUND, hunk, u);
    return true;
}

bool diff_write_unified(struct context *cx, struct buf *out, const struct diff *d,
                        struct diff_style style)
{
    struct unified u = { cx, out, style };
    for (uint32_t i = 0; i < d->len; i++) {
        if (!document(&u, &d->at[i]))
            return false;
    }
    return true;
}
