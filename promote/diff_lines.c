/* Values as lines, and the sentences that several writers share. */
#include "promote/diff_lines.h"

#include "promote/hunks.h"
#include "promote/impact.h"
#include "render/doc/edit_print.h"
#include "render/doc/yaml_write.h"

const char *const diff_kind_names[] = {
    [DIFF_CHANGED] = "changed",
    [DIFF_ADDED] = "added",
    [DIFF_REMOVED] = "removed",
    [DIFF_ORDER] = "order",
};

struct lines {
    struct context *cx;
    diff_line *each;
    void *who;
    bool first;
};

bool diff_is_short(const struct node *n)
{
    bool scalar = node_is_scalar(n);
    return scalar ? n->kind != NODE_STRING || !str_has_char(n->text, '\n') : n->len == 0;
}

/* Long lines: a picture in base64, a program on one line. What is shown of one begins a little before
 * what differs. */

enum { LINE_MOST = 600, LINE_SHOWN = 200, LINE_BEFORE = 40, PARTNERS_MOST = 32 };

static size_t common_start(str a, str b)
{
    size_t i = 0;
    while (i < a.len && i < b.len && a.at[i] == b.at[i])
        i++;
    return i;
}

static bool goes_on(str text, size_t at)
{
    return at < text.len && ((unsigned char)text.at[at] & 0xC0) == 0x80;
}

static str clipped(struct arena *a, str text, size_t differs)
{
    if (text.len <= LINE_MOST)
        return text;
    size_t from = differs > LINE_BEFORE && differs < text.len ? differs - LINE_BEFORE : 0;
    size_t to = from + LINE_SHOWN < text.len ? from + LINE_SHOWN : text.len;
    while (goes_on(text, from))
        from++;
    while (goes_on(text, to))
        to++;
    return str_format(a, "%s%.*s%s (%zu bytes)", from ? "\xE2\x80\xA6" : "",
                      STR(str_slice(text, from, to)), to < text.len ? "\xE2\x80\xA6" : "",
                      text.len);
}

str diff_value(struct arena *a, const struct diff_change *c, const struct node *n)
{
    if (c->words)
        return n->text;
    if (node_is_scalar(n) && n->text.len > LINE_MOST) {
        const struct node *other = n == c->from ? c->to : c->from;
        str theirs = other && node_is_scalar(other) ? other->text : S("");
        return clipped(a, n->text, common_start(n->text, theirs));
    }
    if (!node_is_scalar(n))
        return n->kind == NODE_LIST ? S("[]") : S("{}");
    struct buf b;
    buf_init(&b, a, 64);
    edit_print_scalar(&b, n, STYLE_PLAIN);
    return buf_take(&b);
}

static bool value_lines(struct lines *l, char mark, const struct diff_change *c,
                        const struct node *n)
{
    if (!n)
        return true;
    str text;
    if (diff_is_short(n)) {
        text = diff_value(l->cx->scratch, c, n);
    } else if (n->kind == NODE_STRING) {
        text = n->text;
    } else {
        struct buf b;
        buf_init(&b, l->cx->scratch, 256);
        if (!yaml_write(l->cx, &b, n))
            return false;
        text = buf_take(&b);
    }
    for (str one; str_next_line(&text, &one);)
        l->each(l->who, mark, clipped(l->cx->scratch, one, 0));
    return true;
}

/* Where a long line differs from the nearest one of the other side. */
static size_t differs_at(const struct hunk *h, uint32_t i)
{
    const struct hunk_line *l = &h->lines[i];
    if (l->text.len <= LINE_MOST || l->mark == ' ')
        return 0;
    for (uint32_t k = 1; k < PARTNERS_MOST; k++) {
        uint32_t other = l->mark == '-' ? i + k : i - k;
        if (other >= h->len || h->lines[other].mark == ' ')
            return 0;
        if (h->lines[other].mark != l->mark)
            return common_start(l->text, h->lines[other].text);
    }
    return 0;
}

static void hunk(void *who, const struct hunk *h)
{
    struct lines *l = who;
    if (!l->first)
        l->each(l->who, '~', S(""));
    l->first = false;
    for (uint32_t i = 0; i < h->len; i++)
        l->each(l->who, h->lines[i].mark,
                clipped(l->cx->scratch, h->lines[i].text, differs_at(h, i)));
}

static bool change_lines(struct lines *l, const struct diff_change *c, uint32_t around)
{
    if (diff_remark(c).len)
        return true;
    if (c->format) {
        bool ok = true;
        for (uint32_t i = 0; ok && i < c->inside.len; i++) {
            const struct diff_change *in = &c->inside.at[i];
            if (in->fold)
                continue;
            str remark = diff_remark(in);
            l->each(l->who, '@',
                    str_format(l->cx->scratch, "%.*s%s%.*s", STR(in->path), remark.len ? ": " : "",
                               STR(remark)));
            ok = change_lines(l, in, around);
        }
        return ok;
    }
    l->first = true;
    if (c->lines)
        diff_hunks(l->cx, c->from->text, c->to->text, around, hunk, l);
    else
        return value_lines(l, '-', c, c->from) && value_lines(l, '+', c, c->to);
    return true;
}

bool diff_lines(struct context *cx, const struct diff_change *c, uint32_t around, diff_line *each,
                void *who)
{
    struct lines l = { cx, each, who, true };
    struct mark before = arena_mark(cx->scratch);
    bool ok = change_lines(&l, c, around);
    arena_rewind(cx->scratch, before);
    return ok;
}

bool diff_document_lines(struct context *cx, const struct diff_document *d, diff_line *each,
                         void *who)
{
    struct diff_change whole = { .kind = d->kind, .from = d->from, .to = d->to };
    return diff_lines(cx, &whole, 0, each, who);
}

str diff_remark(const struct diff_change *c)
{
    if (c->kind == DIFF_ORDER)
        return S("the same items in another order");
    if (!c->secret)
        return S("");
    return c->kind == DIFF_CHANGED ? S("differs (secret)")
           : c->kind == DIFF_ADDED ? S("added (secret)")
                                   : S("removed (secret)");
}

str diff_title(struct arena *a, struct identity id)
{
    str title = str_format(a, "%.*s %.*s", STR(id.gvk.kind), STR(id.name));
    return id.namespace_.len ? str_format(a, "%.*s (%.*s)", STR(title), STR(id.namespace_)) : title;
}

str diff_was(struct arena *a, const struct diff_document *d)
{
    bool kind = !str_eq(d->id.gvk.kind, d->old.gvk.kind);
    bool space = d->how >= MATCH_NAMESPACE && !str_eq(d->id.namespace_, d->old.namespace_);
    if (!kind && !space && str_eq(d->id.name, d->old.name))
        return S("");
    str was = d->old.name;
    if (kind)
        was = str_format(a, "%.*s %.*s", STR(d->old.gvk.kind), STR(was));
    if (space)
        was = str_format(a, "%.*s (%.*s)", STR(was),
                         STR(d->old.namespace_.len ? d->old.namespace_ : S("no namespace")));
    return was;
}

str diff_named_by(struct arena *a, const struct diff_document *d)
{
    enum { NAMES_MOST = 4 };
    const struct diff_references *r = d->references;
    uint32_t impact = 0;
    str all = S("");
    for (uint32_t i = 0; r && i < r->len; i++) {
        impact |= r->at[i]->impact & (1u << IMPACT_ROLLS_OUT | 1u << IMPACT_RECREATES);
        if (i < NAMES_MOST)
            all = str_format(a, "%.*s%s%.*s %.*s", STR(all), i ? ", " : "named by ",
                             STR(r->at[i]->id.gvk.kind), STR(r->at[i]->id.name));
    }
    if (r && r->len > NAMES_MOST)
        all = str_format(a, "%.*s and %u more", STR(all), r->len - NAMES_MOST);
    if (!impact)
        return all;
    return str_format(a, "%.*s: %.*s", STR(all), STR(impact_words(a, impact)));
}

str diff_common_names(struct arena *a, const struct diff_common *c)
{
    struct buf b;
    str kind = S("");
    buf_init(&b, a, 128);
    for (uint32_t i = 0; c->documents <= DIFF_NAMED_MOST && i < c->documents; i++) {
        struct identity id = c->named[i]->id;
        if (str_eq(id.gvk.kind, kind))
            buf_format(&b, ", %.*s", STR(id.name));
        else
            buf_format(&b, "%s%.*s %.*s", i ? "; " : "", STR(id.gvk.kind), STR(id.name));
        kind = id.gvk.kind;
    }
    return buf_take(&b);
}

str diff_rest(struct arena *a, const struct diff *d)
{
    str rest = str_format(a, "%u the same", d->same + d->quiet.len);
    if (!d->quiet.len)
        return rest;
    uint32_t restarted = 0;
    for (uint32_t i = 0; i < d->quiet.len; i++)
        restarted += (d->quiet.at[i]->impact >> IMPACT_ROLLS_OUT) & 1;
    rest = str_format(a, "%.*s (of %u only noise or a reference differs", STR(rest), d->quiet.len);
    if (restarted)
        rest = str_format(a, "%.*s, %u of them roll out pods", STR(rest), restarted);
    return str_concat(a, rest, S(")"));
}
