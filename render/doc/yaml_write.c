/* YAML as gopkg.in/yaml.v2 emits it, in one pass over the tree.
 *
 * Every rule here is that emitter's: where a long line may fold, which characters force
 * which quotes, when a block scalar names its indentation, how keys are ordered. */
#include "render/doc/yaml_write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "render/base/number.h"
#include "render/base/unicode.h"
#include "render/doc/fold.h"
#include "render/doc/scalar.h"

enum { BEST_WIDTH = 80, BEST_INDENT = 2, LONGEST_SIMPLE_KEY = 128 };

/* Keys: letters after all else, runs of digits by their value. */

struct digit_run {
    int64_t value;
    size_t end;
};

static struct digit_run digits_at(str s, size_t i, int64_t leading)
{
    struct digit_run run = { leading, i };
    while (run.end < s.len) {
        size_t next = run.end;
        uint32_t rune = utf8_next(s, &next);
        if (!rune_is_digit(rune))
            break;
        run.value = (int64_t)((uint64_t)run.value * 10 + rune - '0');
        run.end = next;
    }
    return run;
}

/* Is there a digit other than 0 directly before offset i? Then a 0 there counts as one
 * of a number, and not as the beginning of one. */
static bool follows_nonzero_digit(str s, size_t i)
{
    while (i > 0 && (unsigned char)s.at[i - 1] < 0x80 && rune_is_digit((uint32_t)s.at[i - 1])) {
        if (s.at[i - 1] != '0')
            return true;
        i--;
    }
    return false;
}

static bool is_ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int yaml_key_order(str a, str b)
{
    size_t i = 0;
    while (i < a.len && i < b.len && a.at[i] == b.at[i])
        i++;
    while (i > 0 && i < a.len && ((unsigned char)a.at[i] & 0xC0) == 0x80)
        i--;
    if (i >= a.len || i >= b.len)
        return a.len < b.len ? -1 : a.len > b.len;
    if (is_ascii_letter(a.at[i]) && is_ascii_letter(b.at[i]))
        return a.at[i] < b.at[i] ? -1 : 1;
    size_t after_a = i;
    size_t after_b = i;
    uint32_t x = utf8_next(a, &after_a);
    uint32_t y = utf8_next(b, &after_b);
    bool x_letter = rune_is_letter(x);
    bool y_letter = rune_is_letter(y);
    if (x_letter && y_letter)
        return x < y ? -1 : 1;
    if (x_letter || y_letter)
        return y_letter ? -1 : 1;
    int64_t leading = (x == '0' || y == '0') && follows_nonzero_digit(a, i);
    struct digit_run m = digits_at(a, i, leading);
    struct digit_run n = digits_at(b, i, leading);
    if (m.value != n.value)
        return m.value < n.value ? -1 : 1;
    if (m.end != n.end)
        return m.end < n.end ? -1 : 1;
    return x < y ? -1 : 1;
}

/* What a string's characters allow. */
struct shape {
    bool plain;   /* may stand unquoted in a block */
    bool single;  /* may stand in single quotes */
    bool literal; /* may stand as a literal block */
    bool tabs;    /* has tabs, which yaml.v2 doesn't let into a block */
    bool lines;   /* has a line break */
};

enum char_class { ORDINARY, SPACE, BREAK, SPECIAL, INDICATOR };

static enum char_class class_of(uint32_t rune)
{
    if (rune == ' ')
        return SPACE;
    if (rune == '\n' || rune == '\r' || rune == 0x85 || rune == 0x2028 || rune == 0x2029)
        return BREAK;
    if (rune >= ' ' && rune < 0x7F)
        return rune == '#' || rune == ':' ? INDICATOR : ORDINARY;
    /* The emitter prints no character beyond the basic plane as it is. */
    bool printable =
        rune >= 0xA0 && rune < 0xFFFE && (rune < 0xD800 || rune > 0xDFFF) && rune != 0xFEFF;
    return printable ? ORDINARY : SPECIAL;
}

/* Where a run of ordinary ASCII ends. */
static size_t end_of_ordinary(str s, size_t i)
{
    while (i < s.len && s.at[i] > ' ' && s.at[i] < 0x7F && s.at[i] != '#' && s.at[i] != ':')
        i++;
    return i;
}

static bool is_break(uint32_t rune)
{
    return class_of(rune) == BREAK;
}

static bool is_blank_at(str s, size_t i)
{
    if (i >= s.len)
        return true;
    uint32_t rune = utf8_next(s, &i);
    return rune == ' ' || rune == '\t' || rune == 0 || is_break(rune);
}

/* A first character that means something by itself, or before a blank. */
static bool opens_an_indicator(str s)
{
    if (str_has_char(S("#,[]{}&*!|>'\"%@`"), s.at[0]))
        return true;
    if (str_has_char(S("?:-"), s.at[0]) && is_blank_at(s, 1))
        return true;
    return str_starts(s, S("---")) || str_starts(s, S("..."));
}

static struct shape shape_of(str s)
{
    struct shape shape = { .plain = true, .single = true, .literal = true };
    bool after_space = false;
    bool after_break = false;
    bool after_blank = true;
    bool space_break = false;
    bool break_space = false;
    bool special = false;
    shape.plain = !opens_an_indicator(s);
    for (size_t i = 0; i < s.len;) {
        size_t at = i;
        uint32_t rune = (unsigned char)s.at[i] < 0x80 ? (unsigned char)s.at[i++] : utf8_next(s, &i);
        enum char_class class_ = class_of(rune);
        if (class_ == ORDINARY) {
            i = end_of_ordinary(s, i);
            after_space = after_break = after_blank = false;
            continue;
        }
        bool edge = at == 0 || i == s.len;
        if (class_ == SPACE) {
            shape.plain = shape.plain && !edge;
            shape.literal = shape.literal && i != s.len;
            break_space = break_space || after_break;
            after_space = true;
            after_break = false;
        } else if (class_ == BREAK) {
            shape.lines = true;
            special = special || rune == '\r' || rune == 0x85;
            space_break = space_break || after_space;
            after_break = true;
            after_space = false;
        } else {
            shape.tabs = shape.tabs || rune == '\t';
            special = special || (class_ == SPECIAL && rune != '\t');
            if ((rune == ':' && at > 0 && is_blank_at(s, i)) || (rune == '#' && after_blank))
                shape.plain = false;
            after_space = after_break = false;
        }
        after_blank = class_ == SPACE || class_ == BREAK || rune == '\t' || rune == 0;
    }
    if (space_break || special)
        shape.single = shape.literal = false;
    if (break_space || shape.tabs)
        shape.single = false;
    shape.plain = shape.plain && shape.single && !shape.lines;
    return shape;
}

static void new_line(struct buf *out, uint32_t indent)
{
    buf_char(out, '\n');
    buf_repeat(out, ' ', indent);
}

/* The length of a line or paragraph separator (U+2028, U+2029) at this place, or 0. They break
 * lines, but stand for themselves, and what follows is indented without a line end. */
static size_t separator_at(str s, size_t i)
{
    str part = str_slice(s, i, i + 3);
    return str_eq(part, S("\xE2\x80\xA8")) || str_eq(part, S("\xE2\x80\xA9")) ? 3 : 0;
}

static bool has_separator(str s)
{
    return str_has_char(s, '\xE2')
           && (str_has(s, S("\xE2\x80\xA8")) || str_has(s, S("\xE2\x80\xA9")));
}

/* A line of a text, or a single-quoted one without its quotes, around its separators. */
static void write_separated(struct buf *out, str s, uint32_t indent, bool quoted)
{
    for (size_t i = 0; i < s.len;) {
        size_t n = separator_at(s, i);
        if (quoted && s.at[i] == '\'')
            buf_char(out, '\'');
        buf_str(out, str_slice(s, i, i + (n ? n : 1)));
        i += n ? n : 1;
        if (n && i < s.len && !separator_at(s, i))
            buf_repeat(out, ' ', indent);
    }
}

static void write_single(struct buf *out, str s, uint32_t indent)
{
    buf_char(out, '\'');
    write_separated(out, s, indent, true);
    buf_char(out, '\'');
}

/* Plain and single-quoted text: a single space beyond the best width becomes a fold. */
static void write_folding(struct buf *out, str s, uint32_t indent, uint32_t column, bool quoted)
{
    bool after_space = false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        bool inner = !quoted || (i > 0 && i + 1 < s.len);
        if (c == ' ' && inner && !after_space && column > BEST_WIDTH
            && !(i + 1 < s.len && s.at[i + 1] == ' ')) {
            new_line(out, indent);
            column = indent;
            after_space = true;
            continue;
        }
        if (quoted && c == '\'') {
            buf_char(out, '\'');
            column++;
        }
        buf_char(out, c);
        column += ((unsigned char)c & 0xC0) != 0x80;
        after_space = c == ' ';
    }
}

static void write_text(struct buf *out, str s, uint32_t indent, uint32_t column, bool quoted)
{
    if (quoted)
        buf_char(out, '\'');
    column += quoted;
    if (quoted && has_separator(s))
        write_separated(out, s, indent, true);
    else if (column + s.len <= BEST_WIDTH && !(quoted && str_has_char(s, '\'')))
        buf_str(out, s);
    else
        write_folding(out, s, indent, column, quoted);
    if (quoted)
        buf_char(out, '\'');
}

/* Prints the escape of a character in double quotes, or nothing when it needs none and
 * not all are wanted. */
static size_t escape(uint32_t rune, bool always, char out[16])
{
    static const char letters[] = "0------abtnvfr-------------e";
    if (rune == '"' || rune == '\\')
        return (size_t)sprintf(out, "\\%c", (int)rune);
    if (rune < sizeof letters - 1 && letters[rune] != '-')
        return (size_t)sprintf(out, "\\%c", letters[rune]);
    if (rune == 0x85)
        return (size_t)sprintf(out, "\\N");
    if (rune == 0x2028 || rune == 0x2029)
        return (size_t)sprintf(out, "\\%c", rune == 0x2028 ? 'L' : 'P');
    enum char_class class_ = class_of(rune);
    if (class_ != SPECIAL && class_ != BREAK && !always)
        return 0;
    const char *format = rune <= 0xFF ? "\\x%02X" : rune <= 0xFFFF ? "\\u%04X" : "\\U%08X";
    return (size_t)sprintf(out, format, rune);
}

static void write_double(struct buf *out, str s, uint32_t indent, uint32_t column, bool folds)
{
    bool after_space = false;
    /* The emitter looks for a byte order mark at the beginning of the text whichever character
     * it is at, so one there escapes them all. extra.yaml-special-characters: "bom" */
    bool always = str_starts(s, S("\xEF\xBB\xBF"));
    buf_char(out, '"');
    column++;
    for (size_t i = 0; i < s.len;) {
        size_t at = i;
        uint32_t rune = utf8_next(s, &i);
        char escaped[16];
        size_t n = escape(rune, always, escaped);
        if (n) {
            buf_str(out, (str){ escaped, n });
            column += (uint32_t)n;
            after_space = false;
        } else if (rune == ' ' && folds && !after_space && column > BEST_WIDTH && at > 0
                   && i < s.len) {
            new_line(out, indent);
            column = indent;
            if (s.at[i] == ' ') {
                buf_char(out, '\\');
                column++;
            }
            after_space = true;
        } else {
            buf_str(out, str_slice(s, at, i));
            column++;
            after_space = rune == ' ';
        }
    }
    buf_char(out, '"');
}

static void write_literal(struct buf *out, str s, uint32_t indent)
{
    buf_char(out, '|');
    if (s.at[0] == ' ' || s.at[0] == '\n')
        buf_format(out, "%d", BEST_INDENT);
    if (s.at[s.len - 1] != '\n')
        buf_char(out, '-');
    else if (s.len == 1 || s.at[s.len - 2] == '\n')
        buf_char(out, '+');
    buf_char(out, '\n');
    str line;
    bool separated = has_separator(s);
    for (str rest = s; rest.len;) {
        bool whole = str_cut(rest, '\n', &line, &rest);
        if (line.len)
            buf_repeat(out, ' ', indent);
        if (separated)
            write_separated(out, line, indent, false);
        else
            buf_str(out, line);
        /* The last line's own break is the caller's. */
        if (whole && rest.len)
            buf_char(out, '\n');
    }
}

/* Short words without anything special, the most common case by far: letters first,
 * then letters, digits and inner punctuation, that spell no word of YAML's. */
static bool is_simple_word(str s)
{
    /* A bit for each character from ' ' on, a word for each 32: letters, digits and "-./_". */
    static const uint32_t inner[] = { 0x03FFE000, 0x87FFFFFE, 0x07FFFFFE };
    if (s.len == 0 || s.len > 60)
        return false;
    char first = s.at[0];
    if (!is_ascii_letter(first) && first != '/')
        return false;
    if (s.len <= 5 && str_has_char(S("yYnNtTfFoO"), first))
        return false;
    bool simple = true;
    for (size_t i = 1; i < s.len; i++) {
        unsigned c = (unsigned char)s.at[i] - ' ';
        simple &= c < 96 && (inner[c / 32] >> c % 32 & 1);
    }
    return simple;
}

static void write_string(struct buf *out, str s, uint32_t indent, uint32_t column, bool key)
{
    if (is_simple_word(s) && column + s.len <= BEST_WIDTH) {
        buf_str(out, s);
        return;
    }
    struct shape shape = s.len ? shape_of(s) : (struct shape){ .plain = true, .single = true };
    bool quotes = scalar_needs_quotes(s);
    if (str_has_char(s, '\n')) {
        if (shape.literal && !shape.tabs && !key)
            write_literal(out, s, indent);
        else
            write_double(out, s, indent, column, !key);
    } else if (!quotes && shape.plain) {
        if (key)
            buf_str(out, s);
        else
            write_text(out, s, indent, column, false);
    } else if (!quotes && shape.single && key) {
        write_single(out, s, indent);
    } else if (!quotes && shape.single) {
        write_text(out, s, indent, column, true);
    } else {
        write_double(out, s, indent, column, !key);
    }
}

/* Documents go through JSON, which is read as YAML again: there the one line break that
 * JSON leaves unescaped, U+0085, folds like any line end in a quoted text. */
static str fold_next_lines(struct arena *a, str s)
{
    const str mark = S("\xC2\x85");
    if (!str_has_char(s, mark.at[0]) || !str_has(s, mark))
        return s;
    struct buf b;
    buf_init(&b, a, s.len);
    for (ptrdiff_t at; (at = str_find(s, mark)) >= 0;) {
        size_t breaks = 0;
        str head = str_slice(s, 0, (size_t)at);
        while (head.len && str_has_char(S(" \t"), head.at[head.len - 1]))
            head.len--;
        buf_str(&b, head);
        for (s = str_skip(s, (size_t)at); str_starts(s, mark); breaks++) {
            s = str_skip(s, mark.len);
            while (s.len && str_has_char(S(" \t"), s.at[0]))
                s = str_skip(s, 1);
        }
        buf_repeat(&b, breaks == 1 ? ' ' : '\n', breaks == 1 ? 1 : breaks - 1);
    }
    buf_str(&b, s);
    return buf_take(&b);
}

void yaml_write_string(struct buf *out, str text, uint32_t indent, uint32_t column)
{
    write_string(out, text, indent, column, false);
}

void yaml_write_string3(struct buf *out, str s, uint32_t indent)
{
    struct shape shape = s.len ? shape_of(s) : (struct shape){ .plain = true, .single = true };
    bool quotes = scalar_needs_quotes(s);
    if (str_has_char(s, '\n') && shape.literal)
        write_literal(out, s, indent);
    else if (!quotes && shape.plain)
        buf_str(out, s);
    else if (!quotes && shape.single && !str_has_char(s, '\n'))
        write_single(out, s, indent);
    else
        write_double(out, s, indent, 0, false);
}

/* Line ends in single quotes stand for spaces, so each run has one more. */
static void write_single_lines(struct buf *out, str s, uint32_t indent)
{
    buf_char(out, '\'');
    for (size_t i = 0; i < s.len;) {
        size_t from = i;
        while (i < s.len && s.at[i] == '\n')
            i++;
        if (i > from) {
            buf_repeat(out, '\n', i - from + 1);
            buf_repeat(out, ' ', i < s.len ? indent : 0);
        }
        for (from = i; i < s.len && s.at[i] != '\n'; i++)
            ;
        write_separated(out, str_slice(s, from, i), indent, true);
    }
    buf_char(out, '\'');
}

void yaml_write_styled3(struct buf *out, str s, enum scalar_style style, uint32_t indent, bool flow)
{
    struct shape shape = s.len ? shape_of(s) : (struct shape){ .plain = true, .single = true };
    struct scalar_kind means = scalar_resolve(s, YAML_GO3);
    bool text = means.kind == NODE_STRING && !(means.flags & NODE_TIMESTAMP);
    bool plain = style == STYLE_PLAIN && text && !shape.lines;
    for (size_t i = 0; flow && i < s.len && shape.plain; i++)
        shape.plain = !str_has_char(S(",?[]{}:"), s.at[i]);
    bool block = style == STYLE_LITERAL || (style == STYLE_PLAIN && shape.lines);
    if (block && shape.literal && s.len && !flow)
        write_literal(out, s, indent);
    else if (plain && shape.plain)
        buf_str(out, s);
    else if ((plain || style == STYLE_SINGLE) && shape.single)
        write_single_lines(out, s, indent);
    else
        write_double(out, s, indent, 0, false);
}

void yaml_write_float(struct buf *out, double value)
{
    char digits[400];
    struct buf json = { .at = digits, .cap = sizeof digits };
    number_print_json(&json, value, 64);
    bool negative;
    uint64_t magnitude;
    /* The emitter reads the JSON text again: what looks like an integer is one. */
    if (scalar_int(buf_view(&json), &negative, &magnitude))
        buf_format(out, "%s%llu", negative ? "-" : "", (unsigned long long)magnitude);
    else
        number_print_float(out, value, 'g', -1, 64);
}

static bool write_float(struct context *cx, struct buf *out, const struct node *n)
{
    double value = scalar_float(n->text);
    if (isinf(value) || isnan(value))
        return report(cx, n->pos, "'%.*s' is no number that JSON can hold", STR(n->text));
    yaml_write_float(out, value);
    return true;
}

static str text_of_string(struct context *cx, const struct node *n)
{
    return n->style == STYLE_FOLDED ? fold_again(cx->arena, n->text) : scalar_canonical(cx, n);
}

static bool write_scalar(struct context *cx, struct buf *out, const struct node *n, uint32_t indent,
                         uint32_t column)
{
    switch (n->kind) {
    case NODE_STRING:
        write_string(out, fold_next_lines(cx->arena, text_of_string(cx, n)), indent, column, false);
        return true;
    case NODE_FLOAT:
        return write_float(cx, out, n);
    default:
        buf_str(out, n->flags & NODE_BLANK ? S("\"\"") : scalar_canonical(cx, n));
        return true;
    }
}

static bool write_block(struct context *cx, struct buf *out, const struct node *n, uint32_t indent);

static bool is_block(const struct node *n)
{
    return !node_is_scalar(n) && n->len > 0;
}

/* A value that stands on the line it begins on: a scalar, or an empty map or list. */
static bool write_inline(struct context *cx, struct buf *out, const struct node *n, uint32_t indent,
                         uint32_t column)
{
    if (node_is_scalar(n))
        return write_scalar(cx, out, n, indent, column);
    buf_str(out, n->kind == NODE_MAP ? S("{}") : S("[]"));
    return true;
}

/* Behind "- " or ": " a block goes on along the same line, two columns in. */
static bool write_along(struct context *cx, struct buf *out, const struct node *n, uint32_t indent)
{
    if (is_block(n))
        return write_block(cx, out, n, indent + BEST_INDENT);
    return write_inline(cx, out, n, indent + BEST_INDENT, indent + BEST_INDENT);
}

static bool write_list(struct context *cx, struct buf *out, const struct node *list,
                       uint32_t indent)
{
    for (uint32_t i = 0; i < list->len; i++) {
        if (i)
            new_line(out, indent);
        buf_str(out, S("- "));
        if (!write_along(cx, out, list->items[i], indent))
            return false;
    }
    return true;
}

static bool is_simple_key(str key)
{
    return key.len <= LONGEST_SIMPLE_KEY && !str_has_char(key, '\n') && !has_separator(key);
}

uint32_t yaml_write_key(struct buf *out, str key, uint32_t indent)
{
    if (is_simple_word(key) && indent + key.len <= BEST_WIDTH) {
        buf_str(out, key);
        buf_char(out, ':');
        return indent + (uint32_t)key.len + 1;
    }
    if (!is_simple_key(key)) {
        buf_str(out, S("? "));
        write_string(out, key, indent + BEST_INDENT, indent + BEST_INDENT, false);
        new_line(out, indent);
        buf_char(out, ':');
        return 0;
    }
    size_t before = out->len + out->flushed;
    write_string(out, key, indent, indent, true);
    buf_char(out, ':');
    /* Columns count characters; a key's bytes are close enough only when it is ASCII. */
    size_t width = out->len + out->flushed - before;
    return indent + (uint32_t)(width - (key.len - utf8_count(key)));
}

static bool write_entry(struct context *cx, struct buf *out, const struct entry *e, uint32_t indent)
{
    uint32_t column = yaml_write_key(out, e->key->text, indent);
    if (column && is_block(e->value)) {
        uint32_t inner = e->value->kind == NODE_LIST ? indent : indent + BEST_INDENT;
        new_line(out, inner);
        return write_block(cx, out, e->value, inner);
    }
    buf_char(out, ' ');
    if (!column)
        return write_along(cx, out, e->value, indent);
    return write_inline(cx, out, e->value, indent + BEST_INDENT, column + 1);
}

static void sort_short(const struct entry **at, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        const struct entry *e = at[i];
        uint32_t j = i;
        for (; j > 0 && yaml_key_order(at[j - 1]->key->text, e->key->text) > 0; j--)
            at[j] = at[j - 1];
        at[j] = e;
    }
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *const *x = a;
    const struct entry *const *y = b;
    return yaml_key_order((*x)->key->text, (*y)->key->text);
}

static bool write_map(struct context *cx, struct buf *out, const struct node *map, uint32_t indent)
{
    enum { SHORT = 24 };
    const struct entry *few[SHORT];
    struct mark before = arena_mark(cx->scratch);
    const struct entry **sorted =
        map->len <= SHORT ? few : NEW_ARRAY(cx->scratch, const struct entry *, map->len);
    for (uint32_t i = 0; i < map->len; i++)
        sorted[i] = &map->entries[i];
    if (map->len <= SHORT)
        sort_short(sorted, map->len);
    else
        qsort(sorted, map->len, sizeof *sorted, compare_entries);
    bool ok = true;
    for (uint32_t i = 0; ok && i < map->len; i++) {
        if (i)
            new_line(out, indent);
        ok = write_entry(cx, out, sorted[i], indent);
    }
    if (out->arena != cx->scratch) /* else the rewind would take the output along */
        arena_rewind(cx->scratch, before);
    return ok;
}

static bool write_block(struct context *cx, struct buf *out, const struct node *n, uint32_t indent)
{
    if (n->kind == NODE_LIST)
        return write_list(cx, out, n, indent);
    if (n->flags & NODE_ODD_KEYS)
        return report(cx, n->pos, "a key of this map is no string, which JSON cannot hold");
    return write_map(cx, out, n, indent);
}

bool yaml_write(struct context *cx, struct buf *out, const struct node *document)
{
    bool ok = is_block(document) ? write_block(cx, out, document, 0)
                                 : write_inline(cx, out, document, BEST_INDENT, 0);
    buf_char(out, '\n');
    return ok;
}
