/* Helm takes Go's sentence apart at ": " and puts the pieces on lines of their own, one
 * block for each template on the way in. Names that contain its separators confuse it;
 * the cuts are made at the same places here. failures.cases */
#include "render/template/failure.h"

#include "render/base/buf.h"

/* What stood around the words of a chart's author. */
#define SAID       "HELM_ERR_START"
#define SAID_AFTER "HELM_ERR_END"

struct block {
    str place;
    str doing;
    str message;
};

/* Cuts `s` at the first `sep`. */
static bool cut(str s, str sep, str *before, str *after)
{
    ptrdiff_t at = str_find(s, sep);
    *before = at < 0 ? s : str_slice(s, 0, (size_t)at);
    *after = at < 0 ? (str){ 0 } : str_skip(s, (size_t)at + sep.len);
    return at >= 0;
}

static struct block block_of(str sentence)
{
    str rest = str_trim_prefix(sentence, S("template: "));
    str place, doing, after;
    if (str_starts(rest, S("no template ")) || !cut(rest, S(": executing "), &place, &doing))
        return (struct block){ .message = sentence };
    ptrdiff_t at = str_find(doing, S(" at <"));
    size_t from = at < 0 ? 0 : (size_t)at;
    ptrdiff_t end = str_find(str_skip(doing, from), S(">: "));
    if (end < 0)
        return (struct block){ .message = sentence };
    size_t until = from + (size_t)end;
    struct block b = { place, str_slice(doing, 0, until), (str){ 0 } };
    cut(str_skip(doing, until + 3), S(" template:"), &b.message, &after);
    b.message = str_trim(b.message);
    return b;
}

static bool same(struct block a, struct block b)
{
    return str_eq(a.place, b.place) && str_eq(a.doing, b.doing) && str_eq(a.message, b.message);
}

static void print_block(struct buf *out, struct block b)
{
    if (b.place.at)
        buf_format(out, "%.*s\n  executing %.*s>:\n    ", STR(b.place), STR(b.doing));
    buf_format(out, "%.*s\n", STR(b.message));
}

/* "template: PLACE: …": the place of a sentence, and what follows. */
static str place_of(str sentence, str *rest)
{
    str first, place, tail;
    cut(sentence, S(": "), &first, &tail);
    cut(tail, S(": "), &place, rest);
    return place;
}

static str helm_parse(struct arena *a, str sentence)
{
    str rest;
    str place = place_of(sentence, &rest);
    str last = sentence;
    for (str before, after; cut(last, S(": "), &before, &after);)
        last = after;
    return str_format(a, "parse error at (%.*s): %.*s", STR(place), STR(last));
}

static bool author_said(str sentence, str *place, str *said)
{
    str rest, before;
    *place = place_of(sentence, &rest);
    if (!cut(rest, S(SAID), &before, said))
        return false;
    ptrdiff_t end = -1;
    for (size_t i = 0; i + sizeof SAID_AFTER - 1 <= said->len; i++) {
        if (str_starts(str_skip(*said, i), S(SAID_AFTER)))
            end = (ptrdiff_t)i;
    }
    if (end < 0)
        return false;
    said->len = (size_t)end;
    return true;
}

str failure_sentence(struct arena *a, const struct failure *f)
{
    struct buf b;
    buf_init(&b, a, 256);
    for (; f; f = f->inner)
        buf_str(&b, f->words);
    return buf_take(&b);
}

str failure_helm(struct arena *a, const struct failure *f)
{
    str place, said;
    str sentence = failure_sentence(a, f);
    if (f->parsing)
        return helm_parse(a, sentence);
    if (author_said(sentence, &place, &said))
        return str_format(a, "execution error at (%.*s): %.*s", STR(place), STR(said));
    for (const struct failure *i = f; i; i = i->inner) {
        if (i->foreign)
            return sentence;
    }
    struct buf b;
    buf_init(&b, a, 256);
    struct block before = { 0 };
    for (const struct failure *i = f; i; i = i->inner) {
        struct block block = block_of(i->words);
        if (i == f || !same(block, before))
            print_block(&b, block);
        before = block;
    }
    return str_trim(buf_view(&b));
}
