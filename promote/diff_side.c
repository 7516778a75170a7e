/* Both sides beside each other, for terminals that are wide enough.
 *
 *     ~ Deployment web (n)
 *       replicas: 2                          │   replicas: 3 */
#include "promote/diff_lines.h"
#include "promote/hunks.h"
#include "promote/impact.h"
#include "render/base/plain.h"
#include "render/doc/yaml_write.h"

enum { WIDTH_LEAST = 60, WIDTH_ELSE = 160, LINES_AROUND = 3 };

struct side {
    struct context *cx;
    struct buf *out;
    struct diff_style style;
    uint32_t column; /* the width of each side */
    bool first;      /* no place of this document was printed yet */
};

static void color(struct side *s, const char *code)
{
    if (s->style.color)
        buf_str(s->out, str_from(code));
}

/* The text as wide as the column, cut with an ellipsis. */
static void cell(struct side *s, str text, const char *code, bool pad)
{
    struct buf plain;
    buf_init(&plain, s->cx->scratch, 128);
    plain_print(&plain, text);
    str rest = buf_take(&plain);
    size_t at = 0, width = 0, fits = 0;
    while (at < rest.len && width < s->column) {
        utf8_next(rest, &at);
        width++;
        fits = width < s->column ? at : fits;
    }
    bool cut = at < rest.len;
    color(s, code);
    str shown = str_slice(rest, 0, cut ? fits : rest.len);
    for (size_t i = 0; i < shown.len; i++)
        buf_char(s->out, shown.at[i] == '\t' ? ' ' : shown.at[i]);
    if (cut)
        buf_str(s->out, S("\xE2\x80\xA6"));
    color(s, "\033[0m");
    if (pad && width < s->column)
        buf_repeat(s->out, ' ', s->column - width);
}

static void row(struct side *s, const struct hunk_line *old, const struct hunk_line *new_)
{
    bool both = old && new_ && old->mark == ' ';
    cell(s, old ? old->text : S(""), both ? "\033[2m" : "\033[31m", true);
    buf_str(s->out, both          ? S(" \xE2\x94\x82")
                    : old && new_ ? S(" \xE2\x89\xA0")
                    : old         ? S(" <")
                                  : S(" >"));
    if (new_ && new_->text.len) {
        buf_char(s->out, ' ');
        cell(s, new_->text, both ? "\033[2m" : "\033[32m", false);
    }
    buf_char(s->out, '\n');
}

/* What goes stands opposite what comes in its place. */
static void hunk(void *who, const struct hunk *h)
{
    struct side *s = who;
    if (!s->first)
        buf_str(s->out, S("\xE2\x8B\xAF\n"));
    s->first = false;
    for (uint32_t i = 0; i < h->len;) {
        if (h->lines[i].mark == ' ') {
            row(s, &h->lines[i], &h->lines[i]);
            i++;
            continue;
        }
        uint32_t old = i, new_;
        while (i < h->len && h->lines[i].mark == '-')
            i++;
        new_ = i;
        while (i < h->len && h->lines[i].mark == '+')
            i++;
        uint32_t left = new_ - old, right = i - new_;
        for (uint32_t k = 0; k < left || k < right; k++)
            row(s, k < left ? &h->lines[old + k] : NULL, k < right ? &h->lines[new_ + k] : NULL);
    }
}

static bool print(struct side *s, const struct node *n, str *out)
{
    struct buf b;
    buf_init(&b, s->cx->scratch, 4096);
    bool ok = !n || yaml_write(s->cx, &b, n);
    *out = buf_take(&b);
    return ok;
}

static void title(struct side *s, const struct diff_document *d)
{
    static const char *const marks[] = {
        [DIFF_CHANGED] = "~ ", [DIFF_ADDED] = "+ ", [DIFF_REMOVED] = "- "
    };
    str was = diff_was(s->cx->scratch, d), words = impact_words(s->cx->scratch, d->impact);
    color(s, "\033[1m");
    buf_str(s->out, str_from(marks[d->kind]));
    plain_print(s->out, diff_title(s->cx->scratch, d->id));
    color(s, "\033[0m");
    buf_str(s->out, was.len ? S(", was ") : S(""));
    plain_print(s->out, was);
    buf_str(s->out, words.len ? S("  ") : S(""));
    buf_str(s->out, words);
    buf_char(s->out, '\n');
}

static bool document(struct side *s, const struct diff_document *d)
{
    struct mark before = arena_mark(s->cx->scratch);
    title(s, d);
    str from, to;
    bool ok = s->style.summary || (print(s, d->from, &from) && print(s, d->to, &to));
    s->first = true;
    if (ok && !s->style.summary) {
        diff_hunks(s->cx, from, to, LINES_AROUND, hunk, s);
        buf_char(s->out, '\n');
    }
    arena_rewind(s->cx->scratch, before);
    return ok;
}

bool diff_write_side(struct context *cx, struct buf *out, const struct diff *d,
                     struct diff_style style)
{
    struct side s = { .cx = cx, .out = out, .style = style };
    uint32_t width = style.width >= WIDTH_LEAST ? style.width : WIDTH_ELSE;
    s.column = (width - 3) / 2;
    for (uint32_t i = 0; i < d->len; i++) {
        if (!document(&s, d->at[i]))
            return false;
    }
    buf_format(out, "%u changed, %u added, %u removed, ", d->changed, d->added, d->removed);
    buf_str(out, diff_rest(cx->arena, d));
    buf_char(out, '\n');
    return true;
}
