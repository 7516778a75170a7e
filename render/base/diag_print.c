/* A diagnostic on a terminal: the place, the words, the line with what is meant underlined. */
#include "render/base/diag_print.h"

#include "render/base/context.h"

static const struct {
    const char *name;
    const char *color;
} kinds[] = {
    [DIAG_ERROR] = { "error", "\033[1;31m" },
    [DIAG_WARNING] = { "warning", "\033[1;33m" },
    [DIAG_NOTE] = { "note", "\033[1;36m" },
    [DIAG_HINT] = { "hint", "\033[1;32m" },
};

static const char *const classes[] = {
    [DIAG_INPUT] = "input",
    [DIAG_REFUSED] = "refused",
    [DIAG_SURROUNDINGS] = "surroundings",
};

/* How much of the line from `at` on is the thing meant: a quoted string, a template
 * action, or a word. */
static size_t extent(str line, size_t at)
{
    str rest = str_skip(line, at);
    if (rest.len == 0)
        return 0;
    if (rest.at[0] == '"' || rest.at[0] == '\'') {
        ptrdiff_t close = str_find_char(str_skip(rest, 1), rest.at[0]);
        return close < 0 ? rest.len : (size_t)close + 2;
    }
    size_t n = 0;
    while (n < rest.len && !str_has_char(S(" \t,]}:\"'|()"), rest.at[n]))
        n++;
    /* A colon inside a word (an image's tag) belongs to it; before a space it ends a key. */
    while (n + 1 < rest.len && rest.at[n] == ':' && !str_has_char(S(" \t,]}"), rest.at[n + 1])) {
        n++;
        while (n < rest.len && !str_has_char(S(" \t,]}:\"'"), rest.at[n]))
            n++;
    }
    return n ? n : 1;
}

static void print_line(struct buf *out, const struct place *p, struct diag_style style)
{
    enum { WIDEST = 160 };
    str line = p->source;
    size_t cut = 0;
    if (p->in_line > WIDEST - 40)
        cut = p->in_line - 60;
    /* Never begin or end inside a character. */
    while (cut < line.len && ((unsigned char)line.at[cut] & 0xC0) == 0x80)
        cut++;
    str shown = str_slice(line, cut, cut + WIDEST);
    size_t at = p->in_line - cut;
    size_t marked = extent(shown, at);
    buf_format(out, "%5u | ", p->line);
    for (size_t i = 0; i < shown.len; i++)
        buf_char(out, (unsigned char)shown.at[i] < ' ' && shown.at[i] != '\t' ? ' ' : shown.at[i]);
    buf_str(out, S("\n      | "));
    for (size_t i = 0; i < at && i < shown.len; i++) {
        if (((unsigned char)shown.at[i] & 0xC0) != 0x80)
            buf_char(out, shown.at[i] == '\t' ? '\t' : ' ');
    }
    buf_str(out, str_from(style.color ? "\033[1;31m" : ""));
    size_t width = utf8_count(str_slice(shown, at, at + marked));
    buf_char(out, '^');
    buf_repeat(out, '~', width > 1 ? width - 1 : 0);
    buf_str(out, str_from(style.color ? "\033[0m\n" : "\n"));
}

/* Messages may hold bytes of the input; a terminal must not obey them. */
static void print_bytes(struct buf *out, str message)
{
    for (size_t i = 0; i < message.len; i++) {
        unsigned char c = (unsigned char)message.at[i];
        if (c < ' ' && c != '\n' && c != '\t')
            buf_format(out, "\\x%02x", c);
        else
            buf_char(out, (char)c);
    }
}

/* A name of a million letters is not shown whole. */
static void print_message(struct buf *out, str message)
{
    enum { LONGEST = 16384, HEAD = 1024, TAIL = 256 };
    if (message.len <= LONGEST) {
        print_bytes(out, message);
        return;
    }
    size_t head = HEAD, tail = message.len - TAIL;
    while (((unsigned char)message.at[head] & 0xC0) == 0x80)
        head--;
    while (tail < message.len && ((unsigned char)message.at[tail] & 0xC0) == 0x80)
        tail++;
    print_bytes(out, str_slice(message, 0, head));
    buf_format(out, "[... %zu bytes ...]", tail - head);
    print_bytes(out, str_skip(message, tail));
}

static void print_one(struct context *cx, struct buf *out, const struct diag *d,
                      struct diag_style style)
{
    struct place p;
    bool placed = text_place(cx, d->pos, &p);
    if (placed)
        buf_format(out, "%.*s:%u:%u: ", STR(p.name), p.line, p.column);
    buf_format(out, "%s%s:%s ", style.color ? kinds[d->kind].color : "", kinds[d->kind].name,
               style.color ? "\033[0m" : "");
    print_message(out, d->message);
    buf_char(out, '\n');
    if (placed && (d->kind == DIAG_ERROR || d->kind == DIAG_WARNING))
        print_line(out, &p, style);
}

static void json_string(struct buf *out, str s)
{
    buf_char(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c == '"' || c == '\\')
            buf_format(out, "\\%c", c);
        else if (c < ' ' || c == 0x7F)
            buf_format(out, "\\u%04x", c);
        else
            buf_char(out, (char)c);
    }
    buf_char(out, '"');
}

static void print_json(struct context *cx, struct buf *out, const struct diag *d)
{
    struct place p;
    buf_format(out, "{\"kind\":\"%s\"", kinds[d->kind].name);
    if (d->kind == DIAG_ERROR)
        buf_format(out, ",\"class\":\"%s\"", classes[d->class_]);
    if (text_place(cx, d->pos, &p)) {
        buf_str(out, S(",\"file\":"));
        json_string(out, p.name);
        buf_format(out, ",\"line\":%u,\"column\":%u", p.line, p.column);
    }
    buf_str(out, S(",\"message\":"));
    json_string(out, d->message);
    buf_str(out, S("}\n"));
}

void diag_print(struct context *cx, struct buf *out, struct diag_style style)
{
    bool hidden = false; /* hints and notes go with the warning they explain */
    for (const struct diag *d = cx->diags.first; d; d = d->next) {
        if (d->kind == DIAG_ERROR || d->kind == DIAG_WARNING)
            hidden = d->kind == DIAG_WARNING && style.no_warnings;
        if (hidden)
            continue;
        if (style.json)
            print_json(cx, out, d);
        else
            print_one(cx, out, d, style);
    }
}
