/* Differences for the body of a pull request: a line that counts them, then a section for
 * each document.
 *
 * Forges limit a body by its bytes, so sections are dropped whole, from the first that does
 * not fit, and a last line says how many. Whatever stands in a manifest is text here: values
 * stand in code blocks with a fence longer than any of theirs, names are escaped. */
#include "promote/diff_lines.h"
#include "promote/impact.h"
#include "render/base/encode.h"
#include "render/base/plain.h"

enum { LINES_AROUND = 2, NOTE_ROOM = 160 };

struct page {
    struct context *cx;
    struct buf *out;
    struct diff_style style;
    uint32_t dropped;
};

/* Code blocks. */

struct block {
    struct buf *out;
    size_t ticks; /* the longest run of '`' at the beginning of a line */
};

static void block_line(struct block *b, char mark, str text)
{
    size_t ticks = 0;
    for (size_t i = 0; i < text.len; i++) {
        ticks = text.at[i] == '`' ? ticks + 1 : 0;
        if (ticks > b->ticks)
            b->ticks = ticks;
    }
    buf_char(b->out, mark);
    buf_char(b->out, ' ');
    plain_print(b->out, text);
    buf_char(b->out, '\n');
}

static void value_line(void *who, char mark, str text)
{
    if (mark == '~')
        block_line(who, ' ', S("\xE2\x8B\xAF"));
    else
        block_line(who, mark == '@' ? ' ' : mark, text);
}

static bool change(struct page *p, struct block *b, const struct diff_change *c)
{
    struct mark before = arena_mark(p->cx->scratch);
    str remark = diff_remark(c);
    str head = str_format(p->cx->scratch, "@@ %.*s @@%s%.*s", STR(c->path), remark.len ? " " : "",
                          STR(remark));
    for (str one; str_next_line(&head, &one);) {
        plain_print(b->out, one);
        buf_char(b->out, '\n');
    }
    arena_rewind(p->cx->scratch, before);
    return diff_lines(p->cx, c, LINES_AROUND, value_line, b);
}

static void fenced(struct buf *out, const struct block *b)
{
    size_t fence = b->ticks < 3 ? 3 : b->ticks + 1;
    buf_repeat(out, '`', fence);
    buf_str(out, S("diff\n"));
    buf_str(out, buf_view(b->out));
    buf_repeat(out, '`', fence);
    buf_char(out, '\n');
}

/* Sections. */

/* A name as code: in HTML where sections fold, else between backticks. */
static void code(struct page *p, struct buf *out, str text)
{
    buf_str(out, p->style.no_html ? S("`") : S("<code>"));
    for (size_t i = 0; i < text.len;) {
        size_t from = i;
        bool odd = plain_hides(utf8_next(text, &i)) || text.at[from] == '`';
        str one = str_slice(text, from, i);
        if (odd)
            buf_char(out, ' ');
        else if (p->style.no_html)
            buf_str(out, one);
        else
            encode_html(out, one);
    }
    buf_str(out, p->style.no_html ? S("`") : S("</code>"));
}

static void section_begin(struct page *p, struct buf *out, const char *word, str name, str was)
{
    buf_str(out, p->style.summary   ? S("- ")
                 : p->style.no_html ? S("\n#### ")
                                    : S("\n<details><summary>"));
    buf_format(out, "%s ", word);
    code(p, out, name);
    if (was.len) {
        buf_str(out, S(", was "));
        code(p, out, was);
    }
}

static void section_head_end(struct page *p, struct buf *out)
{
    buf_str(out, p->style.summary ? S("\n") : p->style.no_html ? S("\n\n") : S("</summary>\n\n"));
}

static void section_end(struct page *p, struct buf *out)
{
    buf_str(out, p->style.no_html ? S("") : S("\n</details>\n"));
}

/* A section is kept whole or not at all; after the first that does not fit, none is. */
static void keep(struct page *p, struct buf *section)
{
    uint64_t budget = p->style.budget;
    bool fits = budget == 0 || p->out->len + section->len + NOTE_ROOM <= budget;
    if (p->dropped || !fits)
        p->dropped++;
    else
        buf_str(p->out, buf_view(section));
}

static bool document_block(struct page *p, struct block *b, const struct diff_document *d)
{
    if (d->kind != DIFF_CHANGED)
        return diff_document_lines(p->cx, d, value_line, b);
    const struct diff_changes *all = diff_shown_changes(d);
    for (uint32_t i = 0; i < all->len; i++) {
        if (diff_is_own(&all->at[i]) && !change(p, b, &all->at[i]))
            return false;
    }
    return true;
}

static void words(struct buf *out, str text)
{
    if (text.len)
        buf_format(out, " \xC2\xB7 %.*s", STR(text));
}

static bool document(struct page *p, const struct diff_document *d)
{
    struct arena *a = p->cx->arena;
    struct buf section, lines;
    buf_init(&section, a, 512);
    buf_init(&lines, a, 512);
    struct block b = { .out = &lines };
    section_begin(p, &section, diff_kind_names[d->kind], diff_title(a, d->id), diff_was(a, d));
    words(&section, impact_words(a, d->impact));
    section_head_end(p, &section);
    str named_by = diff_named_by(a, d);
    if (p->style.summary) {
        keep(p, &section);
        return true;
    }
    if (!document_block(p, &b, d))
        return false;
    if (named_by.len) {
        code(p, &section, named_by);
        buf_str(&section, S("\n\n"));
    }
    fenced(&section, &b);
    section_end(p, &section);
    keep(p, &section);
    return true;
}

/* What many documents have in common: a section for all that the same ones have. */
static bool common(struct page *p, const struct diff *d)
{
    struct arena *a = p->cx->arena;
    for (uint32_t i = 0; i < d->common_len;) {
        const struct diff_common *first = &d->common[i];
        struct buf section, lines;
        buf_init(&section, a, 512);
        buf_init(&lines, a, 512);
        struct block b = { .out = &lines };
        uint32_t impact = 0;
        do {
            impact |= d->common[i].change->impact;
            if (!change(p, &b, d->common[i].change))
                return false;
        } while (++i < d->common_len && d->common[i].follows);
        section_begin(p, &section, "the same in", str_format(a, "%u documents", first->documents),
                      S(""));
        words(&section, impact_words(a, impact));
        section_head_end(p, &section);
        str names = diff_common_names(a, first);
        if (!p->style.summary && names.len) {
            code(p, &section, names);
            buf_str(&section, S("\n\n"));
        }
        if (!p->style.summary) {
            fenced(&section, &b);
            section_end(p, &section);
        }
        keep(p, &section);
    }
    return true;
}

static void counts(struct page *p, const struct diff *d)
{
    struct buf *out = p->out;
    if (d->len)
        buf_format(out, "**%u changed, %u added, %u removed**", d->changed, d->added, d->removed);
    else
        buf_str(out, S("No difference"));
    str rest = diff_rest(p->cx->arena, d);
    buf_format(out, ", %.*s\n", STR(rest));
    if (p->style.summary && d->len)
        buf_char(out, '\n');
}

bool diff_write_markdown(struct context *cx, struct buf *out, const struct diff *d,
                         struct diff_style style)
{
    struct buf body;
    buf_init(&body, cx->arena, 4096);
    struct page p = { .cx = cx, .out = &body, .style = style };
    counts(&p, d);
    if (!common(&p, d))
        return false;
    for (uint32_t i = 0; i < d->len; i++) {
        if (diff_has_own_change(d->at[i]) && !document(&p, d->at[i]))
            return false;
    }
    if (p.dropped)
        buf_format(&body, "\n*%u section%s more: too long to be shown here.*\n", p.dropped,
                   p.dropped == 1 ? "" : "s");
    buf_str(out, buf_view(&body));
    return true;
}
