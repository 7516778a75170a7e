/* Differences for a person: a line for each document, below it a line for each field.
 *
 *     ~ Deployment web (n)  rolls out pods, scales
 *         spec.replicas:       2 → 3
 *         spec.template...:    web:1 → web:2
 */
#include "promote/diff_lines.h"
#include "promote/impact.h"
#include "render/base/plain.h"

enum { WIDE = 100, SHORT_MOST = 32, ALIGN_MOST = 48, LINES_AROUND = 2 };

enum paint { PAINT_ADDED, PAINT_REMOVED, PAINT_CHANGED, PAINT_DIM, PAINT_TITLE, PAINT_GRAVE };

struct tree {
    struct context *cx;
    struct buf *out;
    struct diff_style style;
    uint32_t indent; /* of the paths */
    size_t align;    /* how wide they are printed */
};

static void paint(struct tree *t, enum paint color)
{
    static const char *const codes[] = { "\033[32m", "\033[31m", "\033[33m",
                                         "\033[2m",  "\033[1m",  "\033[1;31m" };
    if (t->style.color)
        buf_str(t->out, str_from(codes[color]));
}

static void unpaint(struct tree *t)
{
    if (t->style.color)
        buf_str(t->out, S("\033[0m"));
}

static void painted(struct tree *t, enum paint color, str text)
{
    paint(t, color);
    plain_print(t->out, text);
    unpaint(t);
}

static enum paint paint_of(char mark)
{
    return mark == '-' ? PAINT_REMOVED : mark == '+' ? PAINT_ADDED : PAINT_DIM;
}

static void value_line(void *who, char mark, str text)
{
    struct tree *t = who;
    buf_repeat(t->out, ' ', t->indent + 4);
    if (mark == '~') {
        painted(t, PAINT_DIM, S("\xE2\x8B\xAF"));
    } else {
        paint(t, paint_of(mark));
        buf_char(t->out, mark);
        buf_char(t->out, ' ');
        plain_print(t->out, text);
        unpaint(t);
    }
    buf_char(t->out, '\n');
}

/* Fields. */

/* A path, "path:" wide enough for its neighbours, with the mark of its side if it has one. */
static void path(struct tree *t, const struct diff_change *c, bool value)
{
    char mark = c->kind == DIFF_ADDED ? '+' : c->kind == DIFF_REMOVED ? '-' : ' ';
    buf_repeat(t->out, ' ', mark == ' ' ? t->indent : t->indent - 2);
    paint(t, mark == ' ' ? PAINT_CHANGED : paint_of(mark));
    if (mark != ' ') {
        buf_char(t->out, mark);
        buf_char(t->out, ' ');
    }
    plain_print(t->out, c->path.len ? c->path : S("(the whole document)"));
    unpaint(t);
    if (!value)
        return;
    buf_char(t->out, ':');
    size_t width = utf8_count(c->path);
    buf_repeat(t->out, ' ', 1 + (width < t->align ? t->align - width : 0));
}

/* The values on one line, or empty. */
static str short_old(struct tree *t, const struct diff_change *c)
{
    return c->from ? diff_value(t->cx->scratch, c, c->from) : S("");
}

static bool is_inline(struct tree *t, const struct diff_change *c)
{
    if (diff_remark(c).len)
        return true;
    if (c->format || c->lines || (c->from && !diff_is_short(c->from))
        || (c->to && !diff_is_short(c->to)))
        return false;
    str old = short_old(t, c), new_ = c->to ? diff_value(t->cx->scratch, c, c->to) : S("");
    uint32_t wide = t->style.width > 40 ? t->style.width : WIDE;
    size_t values = old.len + new_.len;
    return c->kind != DIFF_CHANGED || values <= SHORT_MOST || c->path.len + values + 9 <= wide;
}

static void inline_value(struct tree *t, const struct diff_change *c)
{
    str remark = diff_remark(c);
    if (remark.len) {
        painted(t, PAINT_DIM, remark);
        return;
    }
    if (c->from)
        painted(t, PAINT_REMOVED, diff_value(t->cx->scratch, c, c->from));
    if (c->from && c->to)
        buf_str(t->out, S(" \xE2\x86\x92 "));
    if (c->to)
        painted(t, PAINT_ADDED, diff_value(t->cx->scratch, c, c->to));
}

static size_t widest_path(struct tree *t, const struct diff_changes *c)
{
    size_t widest = 0;
    for (uint32_t i = 0; i < c->len; i++) {
        size_t width =
            diff_is_own(&c->at[i]) && is_inline(t, &c->at[i]) ? utf8_count(c->at[i].path) : 0;
        if (width > widest && width <= ALIGN_MOST)
            widest = width;
    }
    return widest;
}

static bool changes(struct tree *t, const struct diff_changes *c);

/* What differs in a document that a text holds stands below the text's path. */
static bool inside(struct tree *t, const struct diff_change *c)
{
    size_t align = t->align;
    painted(t, PAINT_DIM, str_format(t->cx->scratch, " (%s)", c->format));
    buf_char(t->out, '\n');
    t->indent += 4;
    bool ok = changes(t, &c->inside);
    t->indent -= 4;
    t->align = align;
    return ok;
}

static bool change(struct tree *t, const struct diff_change *c)
{
    bool short_ = is_inline(t, c);
    path(t, c, short_);
    if (c->format && !short_)
        return inside(t, c);
    if (short_)
        inline_value(t, c);
    buf_char(t->out, '\n');
    return short_ || diff_lines(t->cx, c, LINES_AROUND, value_line, t);
}

static bool changes(struct tree *t, const struct diff_changes *c)
{
    bool ok = true;
    t->align = widest_path(t, c);
    for (uint32_t i = 0; ok && i < c->len; i++)
        ok = !diff_is_own(&c->at[i]) || change(t, &c->at[i]);
    return ok;
}

/* Documents. */

static void impact(struct tree *t, uint32_t bits)
{
    if (!bits)
        return;
    buf_str(t->out, S("  "));
    painted(t, impact_is_grave(bits) ? PAINT_GRAVE : PAINT_DIM, impact_words(t->cx->scratch, bits));
}

static void title(struct tree *t, const struct diff_document *d)
{
    static const char *const marks[] = {
        [DIFF_CHANGED] = "~ ", [DIFF_ADDED] = "+ ", [DIFF_REMOVED] = "- "
    };
    static const enum paint colors[] = {
        [DIFF_CHANGED] = PAINT_CHANGED, [DIFF_ADDED] = PAINT_ADDED, [DIFF_REMOVED] = PAINT_REMOVED
    };
    painted(t, colors[d->kind], str_from(marks[d->kind]));
    painted(t, PAINT_TITLE, diff_title(t->cx->scratch, d->id));
    str was = diff_was(t->cx->scratch, d);
    if (was.len) {
        buf_str(t->out, S(", was "));
        plain_print(t->out, was);
    }
    impact(t, d->impact);
    buf_char(t->out, '\n');
    str named_by = t->style.summary ? S("") : diff_named_by(t->cx->scratch, d);
    if (named_by.len) {
        buf_str(t->out, S("    "));
        painted(t, PAINT_DIM, named_by);
        buf_char(t->out, '\n');
    }
}

static bool document(struct tree *t, const struct diff_document *d)
{
    struct mark before = arena_mark(t->cx->scratch);
    title(t, d);
    bool ok = t->style.summary || changes(t, diff_shown_changes(d));
    arena_rewind(t->cx->scratch, before);
    return ok;
}

static void names(struct tree *t, str text)
{
    if (!text.len)
        return;
    buf_str(t->out, S("    "));
    painted(t, PAINT_DIM, text);
    buf_char(t->out, '\n');
}

/* What many documents have is said once, before them. */
static bool common(struct tree *t, const struct diff *d)
{
    bool ok = true;
    t->align = 0;
    for (uint32_t i = 0; ok && i < d->common_len; i++) {
        struct mark before = arena_mark(t->cx->scratch);
        if (!d->common[i].follows) {
            painted(t, PAINT_CHANGED, S("~ "));
            painted(t, PAINT_TITLE,
                    str_format(t->cx->scratch, "%u documents", d->common[i].documents));
            impact(t, d->common[i].change->impact);
            buf_char(t->out, '\n');
            names(t, diff_common_names(t->cx->scratch, &d->common[i]));
        }
        ok = change(t, d->common[i].change);
        arena_rewind(t->cx->scratch, before);
    }
    return ok;
}

static void summary(struct tree *t, const struct diff *d)
{
    str rest = diff_rest(t->cx->scratch, d);
    buf_format(t->out, "%s%u changed, %u added, %u removed, %.*s", d->len ? "\n" : "", d->changed,
               d->added, d->removed, STR(rest));
    if (d->quiet.len)
        buf_str(t->out, S("; --all shows them"));
    buf_char(t->out, '\n');
}

bool diff_write_tree(struct context *cx, struct buf *out, const struct diff *d,
                     struct diff_style style)
{
    struct tree t = { .cx = cx, .out = out, .style = style, .indent = 4 };
    if (!common(&t, d))
        return false;
    for (uint32_t i = 0; i < d->len; i++) {
        if (diff_has_own_change(d->at[i]) && !document(&t, d->at[i]))
            return false;
    }
    summary(&t, d);
    return true;
}
