/* Lines of two texts, matched and grouped into hunks. */
#include "promote/hunks.h"

#include "promote/sequence.h"
#include "render/base/map.h"

struct lines {
    str *at;
    uint32_t len;
    bool open; /* the last has no line end */
};

static struct lines split(struct arena *a, str text)
{
    struct lines l = { 0 };
    uint32_t cap = 0;
    l.open = text.len && text.at[text.len - 1] != '\n';
    while (text.len) {
        ptrdiff_t end = str_find_char(text, '\n');
        size_t n = end < 0 ? text.len : (size_t)end;
        ARENA_PUSH(a, l.at, l.len, cap);
        l.at[l.len++] = str_slice(text, 0, n);
        text = str_skip(text, end < 0 ? n : n + 1);
    }
    return l;
}

/* A last line without an end is not the same as one with it. */
static uint32_t *number(struct arena *a, const struct lines *l, struct map *known)
{
    uint32_t *out = NEW_ARRAY(a, uint32_t, l->len);
    for (uint32_t i = 0; i < l->len; i++) {
        bool open = l->open && i + 1 == l->len;
        str text = open ? str_concat(a, l->at[i], S("\n")) : l->at[i];
        struct map_entry *e = map_entry(known, text);
        if (!e->value)
            e->value = (void *)(uintptr_t)known->len;
        out[i] = (uint32_t)(uintptr_t)e->value;
    }
    return out;
}

/* The whole script as marked lines. */
static struct hunk_line *script(struct arena *a, const struct lines *from, const struct lines *to,
                                const int32_t *match, uint32_t *len)
{
    struct hunk_line *out = NEW_ARRAY(a, struct hunk_line, from->len + to->len);
    uint32_t n = 0, j = 0;
    for (uint32_t i = 0; i <= from->len; i++) {
        bool kept = i < from->len && match[i] >= 0;
        if (i < from->len && !kept) {
            out[n++] = (struct hunk_line){ '-', from->at[i], from->open && i + 1 == from->len };
            continue;
        }
        for (uint32_t until = kept ? (uint32_t)match[i] : to->len; j < until; j++)
            out[n++] = (struct hunk_line){ '+', to->at[j], to->open && j + 1 == to->len };
        if (kept)
            out[n++] = (struct hunk_line){ ' ', to->at[j], to->open && j + 1 == to->len };
        j += kept;
    }
    *len = n;
    return out;
}

/* A walk along a script: the line of each text, and where the last hunk ended. */
struct walk {
    const struct hunk_line *lines;
    uint32_t len, at, last;
    uint32_t from, to;
};

static void step(struct walk *w)
{
    char mark = w->lines[w->at++].mark;
    w->from += mark != '+';
    w->to += mark != '-';
}

/* A hunk goes on while differences are no further apart than what is shown around them. */
static bool next_hunk(struct walk *w, uint32_t around, struct hunk *h)
{
    while (w->at < w->len && w->lines[w->at].mark == ' ')
        step(w);
    if (w->at == w->len)
        return false;
    uint32_t lead = w->at - w->last < around ? w->at - w->last : around;
    *h = (struct hunk){ .from = w->from - lead, .to = w->to - lead };
    h->lines = w->lines + w->at - lead;
    uint32_t equal = 0;
    while (w->at < w->len && equal <= 2 * around) {
        equal = w->lines[w->at].mark == ' ' ? equal + 1 : 0;
        step(w);
    }
    uint32_t back = equal > around ? equal - around : 0;
    w->at -= back;
    w->from -= back;
    w->to -= back;
    w->last = w->at;
    h->from_len = w->from - h->from;
    h->to_len = w->to - h->to;
    h->len = (uint32_t)(w->lines + w->at - h->lines);
    return true;
}

void diff_hunks(struct context *cx, str from, str to, uint32_t around,
                void (*each)(void *who, const struct hunk *hunk), void *who)
{
    struct arena *a = cx->scratch;
    struct mark before = arena_mark(a);
    struct lines x = split(a, from), y = split(a, to);
    struct map known = { .arena = a };
    uint32_t *x_numbers = number(a, &x, &known);
    uint32_t *y_numbers = number(a, &y, &known);
    int32_t *match = NEW_ARRAY(a, int32_t, x.len);
    sequence_match(a, x_numbers, x.len, y_numbers, y.len, match);
    struct walk w = { 0 };
    w.lines = script(a, &x, &y, match, &w.len);
    for (struct hunk h; next_hunk(&w, around, &h);)
        each(who, &h);
    arena_rewind(a, before);
}
