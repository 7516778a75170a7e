/* Words: cases, initials, wrapping and abbreviation.
 *
 * `nospace` and `initials` look at bytes and take each for a character of Latin-1; the functions
 * that change cases look at characters. Broken UTF-8 becomes U+FFFD where a case is changed. */
#include "render/base/unicode.h"
#include "render/template/func.h"

static str text(const struct call *c, uint32_t at)
{
    return value_str(c->args[at]);
}

static struct value result(struct buf *out)
{
    return value_string(buf_take(out));
}

static void start(struct call *c, struct buf *out, str s)
{
    buf_init(out, c->arena, s.len + 16);
}

static struct value each_rune(struct call *c, uint32_t (*change)(uint32_t rune))
{
    str s = text(c, 0);
    struct buf out;
    start(c, &out, s);
    for (size_t at = 0; at < s.len;)
        buf_rune(&out, change(utf8_next(s, &at)));
    return result(&out);
}

static struct value upper(struct call *c)
{
    return each_rune(c, rune_upper);
}

static struct value lower(struct call *c)
{
    return each_rune(c, rune_lower);
}

/* Does a word end here? Letters, digits and '_' go on; beyond ASCII only spaces end it. */
static bool ends_word(uint32_t r)
{
    if (r < 0x80)
        return !(rune_is_letter(r) || rune_is_digit(r) || r == '_');
    return !rune_is_letter(r) && !rune_is_digit(r) && rune_is_space(r);
}

static struct value title(struct call *c)
{
    str s = text(c, 0);
    struct buf out;
    start(c, &out, s);
    uint32_t before = ' ';
    for (size_t at = 0; at < s.len;) {
        uint32_t r = utf8_next(s, &at);
        buf_rune(&out, ends_word(before) ? rune_title(r) : r);
        before = r;
    }
    return result(&out);
}

static struct value untitle(struct call *c)
{
    str s = text(c, 0);
    struct buf out;
    start(c, &out, s);
    bool first = true;
    for (size_t at = 0; at < s.len;) {
        uint32_t r = utf8_next(s, &at);
        bool space = rune_is_space(r);
        buf_rune(&out, first && !space ? rune_lower(r) : r);
        first = space;
    }
    return result(&out);
}

static struct value swapcase(struct call *c)
{
    str s = text(c, 0);
    struct buf out;
    start(c, &out, s);
    bool after_space = true;
    for (size_t at = 0; at < s.len;) {
        uint32_t r = utf8_next(s, &at);
        if (rune_is_upper(r) || rune_is_title(r)) {
            r = rune_lower(r);
            after_space = false;
        } else if (rune_is_lower(r)) {
            r = after_space ? rune_title(r) : rune_upper(r);
            after_space = false;
        } else {
            after_space = rune_is_space(r);
        }
        buf_rune(&out, r);
    }
    return result(&out);
}

static struct value nospace(struct call *c)
{
    str s = text(c, 0);
    struct buf out;
    start(c, &out, s);
    size_t kept = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char byte = (unsigned char)s.at[i];
        if (rune_is_space(byte))
            continue;
        buf_rune(&out, byte);
        kept++;
    }
    return kept == s.len ? c->args[0] : result(&out);
}

static struct value initials(struct call *c)
{
    str s = text(c, 0);
    struct buf out;
    buf_init(&out, c->arena, 16);
    bool gap = true;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char byte = (unsigned char)s.at[i];
        bool space = rune_is_space(byte);
        if (gap && !space)
            buf_rune(&out, byte);
        gap = space;
    }
    return result(&out);
}

static bool is_connector(uint32_t r)
{
    return r == '-' || r == '_' || rune_is_space(r);
}

/* Each word begins with an upper case letter; of a word that begins with several, the others
 * become lower case. Of several connectors the last is dropped. A text of connectors only ends
 * with one more: words.cases, "a lone connector". */
static struct value camelcase(struct call *c)
{
    str s = text(c, 0);
    struct buf out;
    start(c, &out, s);
    size_t at = 0;
    uint32_t before = 0;
    bool capitals = false, begun = false;
    while (at < s.len && !begun) {
        before = utf8_next(s, &at);
        begun = !is_connector(before);
        if (!begun)
            buf_rune(&out, before);
    }
    if (begun) {
        capitals = rune_is_upper(before);
        before = rune_upper(before);
    }
    while (at < s.len) {
        uint32_t r = utf8_next(s, &at);
        bool connected = is_connector(before);
        if (connected && !is_connector(r)) {
            capitals = rune_is_upper(r);
            before = rune_upper(r);
            continue;
        }
        if (!connected && capitals) {
            capitals = rune_is_upper(r);
            if (capitals)
                r = rune_lower(r);
        }
        buf_rune(&out, before);
        before = r;
    }
    if (s.len)
        buf_rune(&out, before);
    return result(&out);
}

enum word_kind {
    WORD_NONE,
    WORD_NUMBER,
    WORD_UPPER,
    WORD_LETTERS,
    WORD_CONNECTOR,
    WORD_PUNCT,
    WORD_OTHER
};

struct word {
    enum word_kind kind;
    str text;
};

/* Ideographs are no letters here: nothing tells where their words end. */
static bool is_letter(uint32_t r)
{
    return rune_is_letter(r) && !(r >= 0x4E00 && r <= 0x9FCC) && !(r >= 0x3400 && r <= 0x4D85)
           && !(r >= 0x20000 && r <= 0x2B81D);
}

static enum word_kind kind_of_rune(uint32_t r)
{
    if (is_connector(r))
        return WORD_CONNECTOR;
    if (rune_is_punct(r))
        return WORD_PUNCT;
    if (rune_is_upper(r))
        return WORD_UPPER;
    if (is_letter(r))
        return WORD_LETTERS;
    return rune_is_number(r) ? WORD_NUMBER : WORD_OTHER;
}

/* The next sound character; broken bytes before it belong to it. False when there is none left,
 * and then all that is left is broken. */
static bool sound_rune(str s, size_t *at, uint32_t *rune)
{
    while (*at < s.len) {
        *rune = utf8_next(s, at);
        if (*rune != 0xFFFD)
            return true;
    }
    return false;
}

/* How far the characters go on that `kind` describes. */
static size_t run_end(str s, size_t at, enum word_kind kind)
{
    uint32_t r = 0;
    for (size_t next = at; at < s.len; at = next) {
        if (!sound_rune(s, &next, &r))
            return s.len;
        if (kind_of_rune(r) != kind)
            return at;
    }
    return at;
}

/* Capitals: "HTTP" of "HTTPServer", for the last one begins the next word; "Server". */
static size_t capitals_end(str s, size_t at)
{
    size_t next = at, last = at;
    uint32_t r = 0;
    if (at == s.len)
        return at;
    if (!sound_rune(s, &next, &r))
        return s.len;
    if (kind_of_rune(r) != WORD_UPPER)
        return is_letter(r) ? run_end(s, next, WORD_LETTERS) : at;
    for (size_t end = next; end < s.len; end = next) {
        if (!sound_rune(s, &next, &r))
            return s.len;
        if (kind_of_rune(r) != WORD_UPPER)
            return is_letter(r) ? last : end;
        last = end;
    }
    return s.len;
}

static struct word next_word(str *rest)
{
    size_t at = 0;
    uint32_t r = 0;
    struct word w = { WORD_NONE, *rest };
    if (sound_rune(*rest, &at, &r)) {
        w.kind = kind_of_rune(r);
        size_t end = w.kind == WORD_UPPER ? capitals_end(*rest, at) : run_end(*rest, at, w.kind);
        w.text = str_slice(*rest, 0, end);
    }
    *rest = str_skip(*rest, w.text.len);
    return w;
}

static void put_word(struct buf *out, struct word w, char connector)
{
    if (w.kind != WORD_UPPER && w.kind != WORD_CONNECTOR) {
        buf_str(out, w.text);
        return;
    }
    for (size_t at = 0; at < w.text.len;) {
        uint32_t r = utf8_next(w.text, &at);
        if (is_connector(r))
            buf_char(out, connector);
        else
            buf_rune(out, rune_is_upper(r) ? rune_lower(r) : r);
    }
}

/* Letters and numbers in a row are one word: "20x". Gives what follows them. */
static struct word put_mixed(struct buf *out, struct word w, str *rest, char connector)
{
    while (w.kind == WORD_LETTERS || w.kind == WORD_NUMBER) {
        put_word(out, w, connector);
        w = next_word(rest);
    }
    return w;
}

static bool parts_words(struct word next)
{
    return next.kind != WORD_CONNECTOR && next.kind != WORD_PUNCT;
}

/* What follows letters: a number belongs to them ("Bld4"), unless letters follow it ("2xx"). */
static struct word after_letters(struct buf *out, struct word next, str *rest, char connector)
{
    if (next.kind != WORD_NUMBER) {
        if (parts_words(next))
            buf_char(out, connector);
        return next;
    }
    if (!rest->len)
        return next;
    struct word number = next;
    next = next_word(rest);
    if (next.kind == WORD_LETTERS) {
        buf_char(out, connector);
        put_word(out, number, connector);
        next = put_mixed(out, next, rest, connector);
        if (next.kind == WORD_NONE)
            return next;
    } else {
        put_word(out, number, connector);
    }
    if (parts_words(next))
        buf_char(out, connector);
    return next;
}

static struct value connected(struct call *c, char connector)
{
    str rest = text(c, 0);
    struct buf out;
    buf_init(&out, c->arena, rest.len + rest.len / 2 + 16);
    struct word w = next_word(&rest);
    while (rest.len) {
        enum word_kind kind = w.kind;
        put_word(&out, w, connector);
        w = next_word(&rest);
        if (kind == WORD_NUMBER) {
            w = put_mixed(&out, w, &rest, connector);
            if (w.kind != WORD_NONE && parts_words(w))
                buf_char(&out, connector);
        } else if (kind != WORD_CONNECTOR && kind != WORD_PUNCT) {
            w = after_letters(&out, w, &rest, connector);
        }
    }
    put_word(&out, w, connector);
    return result(&out);
}

static struct value snakecase(struct call *c)
{
    return connected(c, '_');
}

static struct value kebabcase(struct call *c)
{
    return connected(c, '-');
}

/* Lines of at most `width` bytes, broken at spaces; a longer word stands alone, or is cut. */
static struct value wrapped(struct call *c, int64_t columns, str s, str newline, bool cut)
{
    struct buf out;
    start(c, &out, s);
    size_t width = columns < 1 ? 1 : (size_t)columns;
    while (s.len > width) {
        if (s.at[0] == ' ') {
            s = str_skip(s, 1);
            continue;
        }
        ptrdiff_t space = str_find_last(str_slice(s, 0, width + 1), ' ');
        size_t end = width, skip = 0;
        if (space >= 0) {
            end = (size_t)space;
            skip = 1;
        } else if (!cut) {
            space = str_find_char(str_skip(s, width), ' ');
            if (space < 0)
                break;
            end = width + (size_t)space;
            skip = 1;
        }
        if (!call_room(c, out.len + newline.len + s.len))
            return call_stop(c);
        buf_str(&out, str_slice(s, 0, end));
        buf_str(&out, newline);
        s = str_skip(s, end + skip);
    }
    buf_str(&out, s);
    return result(&out);
}

static struct value wrap(struct call *c)
{
    return wrapped(c, c->args[0].i, text(c, 1), S("\n"), false);
}

static struct value wrap_with(struct call *c)
{
    str newline = text(c, 1);
    return wrapped(c, c->args[0].i, text(c, 2), newline.len ? newline : S("\n"), true);
}

/* At most `width` bytes, dots included; what stands before `from` may be left out, too. */
static struct value abbreviated(struct call *c, str s, int64_t from, int64_t width)
{
    int64_t len = (int64_t)s.len;
    if (len <= width)
        return value_string(s);
    int64_t room = width - 3;
    if (from > len - room)
        from = len - room;
    struct buf out;
    start(c, &out, s);
    if (from <= 4) {
        buf_str(&out, str_slice(s, 0, (size_t)room));
        buf_str(&out, S("..."));
        return result(&out);
    }
    buf_str(&out, S("..."));
    if (from + room < len) {
        buf_str(&out, str_slice(s, (size_t)from, (size_t)(from + room - 3)));
        buf_str(&out, S("..."));
    } else {
        buf_str(&out, str_skip(s, (size_t)(len - room)));
    }
    return result(&out);
}

static struct value abbrev(struct call *c)
{
    if (c->args[0].i < 4)
        return c->args[1];
    return abbreviated(c, text(c, 1), 0, c->args[0].i);
}

static struct value abbrevboth(struct call *c)
{
    int64_t left = c->args[0].i, right = c->args[1].i;
    if (right < 4 || (left > 0 && right < 7))
        return c->args[2];
    return abbreviated(c, text(c, 2), left, right);
}

const struct func word_funcs[] = {
    { "abbrev", "is", abbrev },
    { "abbrevboth", "iis", abbrevboth },
    { "camelcase", "s", camelcase },
    { "initials", "s", initials },
    { "kebabcase", "s", kebabcase },
    { "lower", "s", lower },
    { "nospace", "s", nospace },
    { "snakecase", "s", snakecase },
    { "swapcase", "s", swapcase },
    { "title", "s", title },
    { "untitle", "s", untitle },
    { "upper", "s", upper },
    { "wrap", "is", wrap },
    { "wrapWith", "iss", wrap_with },
    { 0 },
};
