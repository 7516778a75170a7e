/* Helm looks for the words in one line of a version's name, full name, description and keywords;
 * the part that the match begins in is its rank. */
#include "render/chart/search.h"

#include <stdlib.h>

#include "render/base/map.h"
#include "render/base/unicode.h"

#define BETWEEN '\v'

static str field(struct context *cx, const struct node *map, const char *name)
{
    const struct node *n = node_get_text(cx, map, str_from(name));
    return n && node_is_scalar(n) && n->kind != NODE_NULL ? n->text : S("");
}

static void print_line(struct context *cx, struct buf *out, str repository, const struct node *n)
{
    const struct node *keywords = node_get_text(cx, n, S("keywords"));
    str name = field(cx, n, "name");
    buf_format(out, "%.*s%c%.*s/%.*s%c%.*s%c", STR(name), BETWEEN, STR(repository), STR(name),
               BETWEEN, STR(field(cx, n, "description")), BETWEEN);
    for (uint32_t i = 0; node_is(keywords, NODE_LIST) && i < keywords->len; i++) {
        if (node_is_scalar(keywords->items[i]))
            buf_format(out, "%s%.*s", i ? " " : "", STR(keywords->items[i]->text));
    }
}

static str lower(struct arena *a, str s)
{
    struct buf b;
    buf_init(&b, a, s.len + 8);
    for (size_t i = 0; i < s.len;)
        buf_rune(&b, rune_lower(utf8_next(s, &i)));
    return buf_take(&b);
}

/* Where the line matches, or -1; *line becomes what was looked at. */
static ptrdiff_t find(struct context *cx, const struct chart_search *s, str *line)
{
    if (s->pattern) {
        struct span *spans =
            NEW_ARRAY(cx->scratch, struct span, regex_groups(s->pattern) + (size_t)1);
        return regex_find(cx->scratch, s->pattern, *line, 0, spans) ? spans[0].from : -1;
    }
    if (!s->words.len)
        return 0;
    *line = lower(cx->scratch, *line);
    return str_find(*line, lower(cx->scratch, s->words));
}

static bool matches(struct context *cx, const struct chart_search *s, str repository,
                    const struct index_entry *entry, uint32_t *rank)
{
    struct mark before = arena_mark(cx->scratch);
    struct buf b;
    buf_init(&b, cx->scratch, 256);
    print_line(cx, &b, repository, entry->node);
    str line = buf_take(&b);
    ptrdiff_t at = find(cx, s, &line);
    *rank = 0;
    for (ptrdiff_t i = 0; i < at; i++)
        *rank += line.at[i] == BETWEEN;
    arena_rewind(cx->scratch, before);
    return at >= 0;
}

void chart_search_add(struct context *cx, struct chart_search *s, str repository,
                      const struct chart_index *index)
{
    for (uint32_t i = 0; index->entries && i < index->entries->len; i++) {
        str key = index->entries->entries[i].key->text;
        str name = str_format(cx->arena, "%.*s/%.*s", STR(repository), STR(key));
        struct index_entries all;
        if (!index_entries(cx, index, key, &all))
            continue;
        for (uint32_t k = 0; k < all.len; k++) {
            uint32_t rank;
            if (!all.at[k].is_version || !semver_range_has(s->range, &all.at[k].parsed)
                || !matches(cx, s, repository, &all.at[k], &rank))
                continue;
            ARENA_PUSH(cx->arena, s->at, s->len, s->cap);
            s->at[s->len++] = (struct chart_match){ name, all.at[k], rank };
        }
    }
}

static int compare(const void *x, const void *y)
{
    const struct chart_match *a = x, *b = y;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    int names = str_cmp(a->name, b->name);
    return names ? names : semver_compare(&b->entry.parsed, &a->entry.parsed);
}

void chart_search_end(struct context *cx, struct chart_search *s)
{
    struct map known = { .arena = cx->arena };
    uint32_t kept = 0;
    if (s->len)
        qsort(s->at, s->len, sizeof *s->at, compare);
    for (uint32_t i = 0; i < s->len && !s->every; i++) {
        struct chart_match *m = &s->at[i];
        if (map_get(&known, m->name))
            continue;
        map_put(&known, m->name, m);
        s->at[kept++] = *m;
    }
    s->len = s->every ? s->len : kept;
}
