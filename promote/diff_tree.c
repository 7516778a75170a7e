/* Differences for a person: a line for each document, below it a line for each field.
 *
 *     ~ Deployment prod-web (inventory-production)
 *         spec.replicas: 2 → 3
 */
#include "promote/diff.h"
#include "promote/hunks.h"
#include "render/doc/edit_print.h"
#include "render/doc/yaml_write.h"

enum { WIDE = 100, LINES_AROUND = 2 };

enum paint { PAINT_ADDED, PAINT_REMOVED, PAINT_CHANGED, PAINT_DIM };

struct tree {
    struct context *cx;
    struct buf *out;
    struct diff_style style;
};

static void paint(struct tree *t, enum paint color)
{
    static const char *const codes[] = { "\033[32m", "\033[31m", "\033[33m", "\033[2m" };
    if (t->style.color)
        buf_str(t->out, str_from(codes[color]));
}

static void unpaint(struct tree *t)
{
    if (t->style.color)
        buf_str(t->out, S("\033[0m"));
}

static void line(struct tree *t, uint32_t indent, enum paint color, char mark, str text)
{
    buf_repeat(t->out, ' ', indent);
    paint(t, color);
    buf_char(t->out, mark);
    buf_char(t->out, ' ');
    buf_str(t->out, text);
    unpaint(t);
    buf_char(t->out, '\n');
}

static str scalar(struct tree *t, const struct node *n)
{
    struct buf b;
    buf_init(&b, t->cx->scratch, 64);
    edit_print_scalar(&b, n, STYLE_PLAIN);
    return buf_take(&b);
}

/* A whole value below its path, as YAML. */
static bool block(struct tree *t, const struct node *n, uint32_t indent, enum paint color,
                  char mark)
{
    struct buf b;
    buf_init(&b, t->cx->scratch, 256);
    if (!yaml_write(t->cx, &b, n))
        return false;
    str rest = buf_take(&b);
    for (str one; str_next_line(&rest, &one);)
        line(t, indent, color, mark, one);
    return true;
}

static bool is_short(const struct node *n)
{
    return node_is_scalar(n) || n->len == 0;
}

/* A field that is on one side alone. */
static bool one_sided(struct tree *t, const struct diff_change *c)
{
    bool added = c->kind == DIFF_ADDED;
    const struct node *n = added ? c->to : c->from;
    enum paint color = added ? PAINT_ADDED : PAINT_REMOVED;
    char mark = added ? '+' : '-';
    bool lines = n->kind == NODE_STRING && str_has_char(n->text, '\n');
    if (c->secret)
        line(t, 4, color, mark, str_format(t->cx->scratch, "%.*s (secret)", STR(c->path)));
    else if (is_short(n) && !lines)
        line(t, 4, color, mark,
             str_format(t->cx->scratch, "%.*s: %.*s", STR(c->path),
                        STR(node_is_scalar(n)      ? scalar(t, n)
                            : n->kind == NODE_LIST ? S("[]")
                                                   : S("{}"))));
    else {
        line(t, 4, color, mark, c->path);
        return block(t, n, 8, color, mark);
    }
    return true;
}

static void hunk(void *who, const struct hunk *h)
{
    struct tree *t = who;
    for (uint32_t i = 0; i < h->len; i++) {
        char mark = h->lines[i].mark;
        line(t, 8,
             mark == '-'   ? PAINT_REMOVED
             : mark == '+' ? PAINT_ADDED
                           : PAINT_DIM,
             mark, h->lines[i].text);
    }
}

static bool changed(struct tree *t, const struct diff_change *c)
{
    bool inline_ = node_is_scalar(c->from) && node_is_scalar(c->to) && !c->lines;
    str from = inline_ ? scalar(t, c->from) : S("");
    str to = inline_ ? scalar(t, c->to) : S("");
    inline_ &= c->path.len + from.len + to.len <= WIDE;
    buf_repeat(t->out, ' ', 4);
    paint(t, PAINT_CHANGED);
    buf_str(t->out, c->path);
    unpaint(t);
    if (c->secret) {
        buf_str(t->out, S(": differs (secret)\n"));
        return true;
    }
    if (inline_)
        buf_format(t->out, ": %.*s \xE2\x86\x92 %.*s", STR(from), STR(to));
    buf_char(t->out, '\n');
    if (c->lines)
        diff_hunks(t->cx, c->from->text, c->to->text, LINES_AROUND, hunk, t);
    else if (!inline_)
        return block(t, c->from, 8, PAINT_REMOVED, '-') && block(t, c->to, 8, PAINT_ADDED, '+');
    return true;
}

static bool change(struct tree *t, const struct diff_change *c)
{
    switch (c->kind) {
    case DIFF_CHANGED:
        return changed(t, c);
    case DIFF_ORDER:
        buf_format(t->out, "    %.*s: the same items in another order\n", STR(c->path));
        return true;
    case DIFF_ADDED:
    case DIFF_REMOVED:
        return one_sided(t, c);
    }
    return false;
}

static bool document(struct tree *t, const struct diff_document *d)
{
    static const char marks[] = { [DIFF_CHANGED] = '~', [DIFF_ADDED] = '+', [DIFF_REMOVED] = '-' };
    static const enum paint colors[] = {
        [DIFF_CHANGED] = PAINT_CHANGED, [DIFF_ADDED] = PAINT_ADDED, [DIFF_REMOVED] = PAINT_REMOVED
    };
    struct mark before = arena_mark(t->cx->scratch);
    struct buf b;
    buf_init(&b, t->cx->scratch, 128);
    buf_format(&b, "%.*s %.*s", STR(d->id.gvk.kind), STR(d->id.name));
    if (d->id.namespace_.len)
        buf_format(&b, " (%.*s)", STR(d->id.namespace_));
    if (!str_eq(d->id.name, d->old.name))
        buf_format(&b, ", was %.*s", STR(d->old.name));
    line(t, 0, colors[d->kind], marks[d->kind], buf_take(&b));
    bool ok = true;
    for (uint32_t i = 0; ok && i < d->len; i++)
        ok = d->changes[i].common || change(t, &d->changes[i]);
    arena_rewind(t->cx->scratch, before);
    return ok;
}

/* What many documents have is said once, before them. */
static bool common(struct tree *t, const struct diff *d)
{
    bool ok = true;
    for (uint32_t i = 0; ok && i < d->common_len; i++) {
        struct mark before = arena_mark(t->cx->scratch);
        line(t, 0, PAINT_CHANGED, '~',
             str_format(t->cx->scratch, "%u documents", d->common[i].documents));
        ok = change(t, d->common[i].change);
        arena_rewind(t->cx->scratch, before);
    }
    return ok;
}

static void summary(struct tree *t, const struct diff *d)
{
    buf_format(t->out, "%s%u changed, %u added, %u removed, %u the same", d->len ? "\n" : "",
               d->changed, d->added, d->removed, d->same + d->folded);
    if (d->folded)
        buf_format(t->out, " (of %u only a label or a reference differs; --all shows them)",
                   d->folded);
    buf_char(t->out, '\n');
}

bool diff_write_tree(struct context *cx, struct buf *out, const struct diff *d,
                     struct diff_style style)
{
    struct tree t = { cx, out, style };
    if (!common(&t, d))
        return false;
    for (uint32_t i = 0; i < d->len; i++) {
        if (diff_has_own_change(&d->at[i]) && !document(&t, &d->at[i]))
            return false;
    }
    summary(&t, d);
    return true;
}
