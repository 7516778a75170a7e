/* Comments are found in the gaps between scalars. One behind something stays there; lines of
 * them belong to what follows, or, when an empty line does, to what stands before. */
#include "render/doc/yaml_again.h"

#include "render/doc/layout.h"
#include "render/doc/scalar.h"
#include "render/doc/yaml_write.h"

#define INDENT 2

struct comment {
    str text;
    uint32_t at;
    uint32_t line;
    uint32_t column;
    bool own; /* it has a line of its own */
    bool printed;
};

/* A level that is open: where its entries stood and where they are printed. */
struct level {
    uint32_t column;
    uint32_t indent;
};

struct writer {
    struct context *cx;
    struct buf *out;
    struct text *text;
    struct comment *comments;
    uint32_t comment_len, comment_cap;
    uint32_t next; /* the first line of comments that is not printed yet */
    uint32_t end;  /* of the document */
    struct level *levels;
    uint32_t level_len, level_cap;
    bool odd; /* something can't be kept */
};

static uint32_t line_of(const struct writer *w, uint32_t at)
{
    struct place place;
    return text_place_here(w->cx, (struct pos){ w->text->id, at }, &place) ? place.line : 0;
}

/* Finding. */

static void add_comment(struct writer *w, uint32_t at, uint32_t end)
{
    str bytes = w->text->bytes;
    ptrdiff_t before = str_find_last(str_slice(bytes, 0, at), '\n');
    str head = str_slice(bytes, (size_t)(before + 1), at);
    ARENA_PUSH(w->cx->arena, w->comments, w->comment_len, w->comment_cap);
    w->comments[w->comment_len++] = (struct comment){
        .text = str_trim(str_slice(bytes, at, end)),
        .at = at,
        .line = line_of(w, at),
        .column = (uint32_t)head.len,
        .own = str_trim(head).len == 0,
    };
}

static void find_in_gap(struct writer *w, uint32_t from, uint32_t to)
{
    str bytes = w->text->bytes;
    for (uint32_t i = from; i < to; i++) {
        if (bytes.at[i] != '#' || (i && !str_has_char(S(" \t\n"), bytes.at[i - 1])))
            continue;
        uint32_t end = i;
        while (end < to && bytes.at[end] != '\n')
            end++;
        add_comment(w, i, end);
        i = end;
    }
}

/* Between a block's "|" and its first line. */
static void find_in_header(struct writer *w, const struct layout *l)
{
    str rest = str_slice(w->text->bytes, l->head, l->end), line;
    str_next_line(&rest, &line);
    find_in_gap(w, l->head, l->head + (uint32_t)line.len);
}

static void find_comments(struct writer *w, const struct layout *l, uint32_t *from)
{
    if (l->anchor.len || l->tag.len || l->style == STYLE_FOLDED || l->form == LAYOUT_ALIAS)
        w->odd = true;
    if (l->form == LAYOUT_SCALAR || l->form == LAYOUT_ALIAS) {
        find_in_gap(w, *from, l->first);
        if (l->style == STYLE_LITERAL)
            find_in_header(w, l);
        *from = l->end > *from ? l->end : *from;
        return;
    }
    uint32_t before = w->comment_len;
    for (uint32_t i = 0; i < l->len; i++)
        find_comments(w, l->children[i], from);
    w->odd = w->odd || (l->flow && w->comment_len > before && w->comments[before].at > l->first);
}

/* Where the first document ends: at a marker, or with the text. */
static uint32_t end_of_document(str bytes, uint32_t from)
{
    str rest = str_skip(bytes, from), line;
    for (size_t at = from; str_next_line(&rest, &line); at = (size_t)(rest.at - bytes.at)) {
        bool begins = at == 0 || bytes.at[at - 1] == '\n';
        if (begins && (str_starts(line, S("---")) || str_starts(line, S("..."))))
            return (uint32_t)at;
        if (!rest.at)
            break;
    }
    return (uint32_t)bytes.len;
}

static bool find_all(struct writer *w)
{
    struct layouts all = { 0 };
    uint32_t from = 0;
    diag_mute(w->cx);
    uint32_t errors = w->cx->diags.errors;
    bool ok = layout_read(w->cx, w->text, &all) && all.len;
    diag_unmute(w->cx);
    w->cx->diags.errors = errors;
    if (!ok)
        return false;
    find_comments(w, all.at[0], &from);
    w->end = end_of_document(w->text->bytes, from);
    find_in_gap(w, from, w->end);
    return !w->odd;
}

/* Printing. */

static void new_line(struct writer *w, uint32_t indent)
{
    buf_char(w->out, '\n');
    buf_repeat(w->out, ' ', indent);
}

/* Lines stand one below the other without an empty one; where that ends. */
static uint32_t end_of_group(const struct writer *w, uint32_t i)
{
    uint32_t last = i;
    for (uint32_t j = i + 1; j < w->comment_len && w->comments[j].own; j++) {
        if (w->comments[j].line != w->comments[last].line + 1)
            break;
        last = j;
    }
    return last + 1;
}

/* The indentation of what a group of lines stands behind. */
static uint32_t indent_before(const struct writer *w, uint32_t column)
{
    uint32_t indent = 0;
    for (uint32_t i = 0; i < w->level_len && w->levels[i].column <= column; i++)
        indent = w->levels[i].indent;
    return indent;
}

static void print_group(struct writer *w, uint32_t from, uint32_t to, uint32_t indent)
{
    bool first = w->out->len == 0 && w->out->flushed == 0;
    for (uint32_t i = from; i < to; i++) {
        if (!first || i > from)
            new_line(w, indent);
        buf_str(w->out, w->comments[i].text);
        w->comments[i].printed = true;
    }
}

/* Is the line before it empty? */
static bool is_parted(const struct writer *w, const struct comment *c)
{
    str before = str_slice(w->text->bytes, 0, c->at - c->column), line;
    before = str_trim_suffix(before, S("\n"));
    ptrdiff_t start = str_find_last(before, '\n');
    line = str_skip(before, (size_t)(start + 1));
    return before.len && str_trim(line).len == 0;
}

/* The lines of comments before a place, which is to be printed at `indent`. Lines with an empty
 * one behind them stand to what is before; not so between two empty ones, nor before the first
 * entry of an inner map or list. */
static void print_before(struct writer *w, uint32_t at, uint32_t indent, bool opens)
{
    uint32_t line = at < w->end ? line_of(w, at) : UINT32_MAX;
    while (w->next < w->comment_len && w->comments[w->next].at < at) {
        const struct comment *c = &w->comments[w->next];
        if (!c->own) {
            w->next++;
            continue;
        }
        uint32_t to = end_of_group(w, w->next);
        bool begins = w->out->len == 0 && w->out->flushed == 0, last = at == w->end;
        bool head =
            opens || w->comments[to - 1].line + 1 == line || (!begins && !last && is_parted(w, c));
        uint32_t stands = head ? indent : indent_before(w, c->column);
        if (last && stands == 0 && is_parted(w, c))
            buf_char(w->out, '\n');
        print_group(w, w->next, to, stands);
        if (!head && !last && (begins || stands == indent))
            buf_char(w->out, '\n');
        w->next = to;
    }
}

/* What is new stands behind the comments that stand in line with what is before it. */
static void print_before_new(struct writer *w, uint32_t depth, uint32_t indent)
{
    bool any = false;
    uint32_t i = w->next;
    while (i < w->comment_len && !w->comments[i].own)
        i++;
    while (i < w->comment_len && depth < w->level_len
           && w->comments[i].column == w->levels[depth].column) {
        w->next = end_of_group(w, i);
        print_group(w, i, w->next, indent);
        i = w->next;
        any = true;
    }
    if (any)
        buf_char(w->out, '\n');
}

/* The comment behind what stands in a line. */
static void print_behind(struct writer *w, const struct pos *pos)
{
    if (pos->text != w->text->id)
        return;
    uint32_t line = line_of(w, pos->offset), low = 0, high = w->comment_len;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (w->comments[middle].line < line)
            low = middle + 1;
        else
            high = middle;
    }
    struct comment *c = &w->comments[low];
    if (low == w->comment_len || c->line != line || c->own || c->printed)
        return;
    buf_char(w->out, ' ');
    buf_str(w->out, c->text);
    c->printed = true;
}

/* A scalar keeps its kind; where its text no longer says which, a tag does. */
static str tag_of(const struct node *n)
{
    static const str tags[] = { S("!!null "), S("!!bool "), S("!!int "), S("!!float ") };
    struct scalar_kind means = scalar_resolve(n->text, YAML_GO3);
    if (n->kind == NODE_STRING)
        return means.flags & NODE_TIMESTAMP ? S("") : S("!!timestamp ");
    return means.kind == n->kind ? S("") : tags[n->kind];
}

static void print_scalar(struct buf *out, const struct node *n, uint32_t indent, bool flow)
{
    if (n->kind == NODE_STRING && !(n->flags & NODE_TIMESTAMP)) {
        yaml_write_styled3(out, n->text, n->style, indent, flow);
        return;
    }
    str tag = tag_of(n);
    buf_str(out, tag);
    if (tag.len && scalar_resolve(n->text, YAML_GO3).kind == NODE_STRING)
        yaml_write_styled3(out, n->text, STYLE_PLAIN, indent, flow);
    else
        buf_str(out, n->text);
}

static void print_key(struct writer *w, const struct entry *e, bool flow)
{
    str bytes = w->text->bytes;
    char first = e->pos.text == w->text->id ? bytes.at[e->pos.offset] : 0;
    enum scalar_style style = first == '"'    ? STYLE_DOUBLE
                              : first == '\'' ? STYLE_SINGLE
                                              : STYLE_PLAIN;
    bool as_written =
        first && style == STYLE_PLAIN && first != '?' && !str_has_char(e->key->text, '\n');
    if (first == '?' || str_has_char(e->key->text, '\n') || e->key->text.len > 120)
        w->odd = true;
    if (as_written)
        buf_str(w->out, e->key->text);
    else
        yaml_write_styled3(w->out, e->key->text, style, 0, flow);
    buf_char(w->out, ':');
}

static void print_flow(struct writer *w, const struct node *n)
{
    if (node_is_scalar(n)) {
        print_scalar(w->out, n, 0, true);
        return;
    }
    buf_char(w->out, n->kind == NODE_MAP ? '{' : '[');
    for (uint32_t i = 0; i < n->len; i++) {
        if (i)
            buf_str(w->out, S(", "));
        if (n->kind == NODE_MAP) {
            print_key(w, &n->entries[i], true);
            buf_char(w->out, ' ');
        }
        print_flow(w, n->kind == NODE_MAP ? n->entries[i].value : n->items[i]);
    }
    buf_char(w->out, n->kind == NODE_MAP ? '}' : ']');
}

static void print_block(struct writer *w, const struct node *n, uint32_t indent, bool begun);

static bool is_block(const struct node *n)
{
    return !node_is_scalar(n) && n->len && !(n->flags & NODE_FLOW);
}

/* A text of several lines has its comment behind the "|". */
static void print_leaf(struct writer *w, const struct node *n, const struct pos *pos,
                       uint32_t indent)
{
    struct buf one;
    if (!node_is_scalar(n)) {
        print_flow(w, n);
        print_behind(w, pos);
        return;
    }
    buf_init(&one, w->cx->arena, 64);
    print_scalar(&one, n, indent, false);
    str text = buf_view(&one), head, rest;
    bool several = str_cut(text, '\n', &head, &rest);
    bool block = several && (str_starts(head, S("|")) || str_has(head, S(" |")));
    buf_str(w->out, block ? head : text);
    print_behind(w, pos);
    if (block) {
        buf_char(w->out, '\n');
        buf_str(w->out, rest);
    }
}

/* The column of a key, or of an item's dash. */
static uint32_t column_of(const struct writer *w, struct pos pos, bool item)
{
    str bytes = w->text->bytes;
    uint32_t at = pos.offset, dash = at;
    while (item && dash && str_has_char(S(" \n"), bytes.at[dash - 1]))
        dash--;
    if (dash && bytes.at[dash - 1] == '-')
        at = dash - 1;
    return at - (uint32_t)(str_find_last(str_slice(bytes, 0, at), '\n') + 1);
}

static void open_level(struct writer *w, uint32_t depth, struct pos pos, bool item, uint32_t indent)
{
    if (pos.text != w->text->id)
        return;
    w->level_len = depth < w->level_len ? depth : w->level_len;
    ARENA_PUSH(w->cx->arena, w->levels, w->level_len, w->level_cap);
    w->levels[w->level_len++] = (struct level){ column_of(w, pos, item), indent };
}

static void print_entry(struct writer *w, const struct entry *e, uint32_t indent)
{
    print_key(w, e, false);
    if (is_block(e->value)) {
        print_behind(w, &e->pos);
        print_block(w, e->value, e->value->kind == NODE_LIST ? indent : indent + INDENT, false);
        return;
    }
    if (!node_is_scalar(e->value) || e->value->kind == NODE_STRING || e->value->text.len)
        buf_char(w->out, ' ');
    print_leaf(w, e->value, &e->pos, indent + INDENT);
}

static void print_item(struct writer *w, const struct node *item, uint32_t indent)
{
    buf_char(w->out, '-');
    if (!node_is_scalar(item) || item->kind == NODE_STRING || item->text.len)
        buf_char(w->out, ' ');
    if (is_block(item))
        print_block(w, item, indent + INDENT, true);
    else
        print_leaf(w, item, &item->pos, indent + INDENT);
}

/* `begun` is for what stands in the line of a dash. */
static void print_block(struct writer *w, const struct node *n, uint32_t indent, bool begun)
{
    uint32_t depth = w->level_len;
    for (uint32_t i = 0; i < n->len; i++) {
        const struct entry *e = n->kind == NODE_MAP ? &n->entries[i] : NULL;
        const struct pos pos = e ? e->pos : n->items[i]->pos;
        bool ours = pos.text == w->text->id;
        if (ours && !(begun && i == 0))
            print_before(w, pos.offset, indent, i == 0 && depth);
        else if (!ours && i)
            print_before_new(w, depth, indent);
        if (!(begun && i == 0) && (w->out->len || w->out->flushed))
            new_line(w, indent);
        open_level(w, depth, pos, !e, indent);
        if (e)
            print_entry(w, e, indent);
        else
            print_item(w, n->items[i], indent);
    }
}

bool yaml_again(struct context *cx, struct buf *out, struct text *text, const struct node *document)
{
    struct writer w = { .cx = cx, .out = out, .text = text };
    if (!find_all(&w) || w.odd)
        return false;
    if (is_block(document))
        print_block(&w, document, 0, false);
    else
        print_leaf(&w, document, &document->pos, 0);
    print_before(&w, w.end, 0, false);
    for (uint32_t i = 0; i < w.comment_len; i++)
        w.odd = w.odd || !w.comments[i].printed;
    return !w.odd;
}
