/* Byte edits from places: what to replace, where to insert, in which style.
 *
 * A block's new child goes behind the line of its last one, before the comments that
 * follow; a removed one takes its lines with it, but for the comments above. */
#include "render/doc/edit.h"

#include <stdlib.h>

#include "render/base/buf.h"
#include "render/doc/edit_print.h"
#include "render/doc/layout.h"

struct edit {
    uint32_t from;
    uint32_t to;
    uint32_t order;
    str bytes;
};

struct edits {
    struct context *cx;
    struct text *text;
    str bytes;
    struct layouts documents;
    uint32_t list_indent;
    struct edit *at;
    uint32_t len;
    uint32_t cap;
};

/* Lines. */

static uint32_t line_start(const struct edits *e, uint32_t at)
{
    while (at > 0 && e->bytes.at[at - 1] != '\n')
        at--;
    return at == 0 && str_starts(e->bytes, S("\xEF\xBB\xBF")) ? 3 : at;
}

/* Behind the line end that closes what ends here. */
static uint32_t next_line(const struct edits *e, uint32_t end)
{
    if (end > 0 && e->bytes.at[end - 1] == '\n')
        return end;
    while (end < e->bytes.len && e->bytes.at[end] != '\n')
        end++;
    return end < e->bytes.len ? end + 1 : end;
}

static uint32_t column_of(const struct edits *e, uint32_t at)
{
    return at - line_start(e, at);
}

static bool begins_line(const struct edits *e, uint32_t at)
{
    uint32_t start = line_start(e, at);
    return str_trim(str_slice(e->bytes, start, at)).len == 0;
}

/* The file's own line end: that of the line before, else of its first. */
static str line_ending(const struct edits *e, uint32_t at)
{
    while (at > 0 && e->bytes.at[at - 1] != '\n')
        at--;
    ptrdiff_t first = str_find_char(e->bytes, '\n');
    size_t end = at ? at - 1 : first > 0 ? (size_t)first : 0;
    return end > 0 && e->bytes.at[end - 1] == '\r' ? S("\r\n") : S("\n");
}

/* Recording. */

static bool record(struct edits *e, uint32_t from, uint32_t to, str bytes)
{
    for (uint32_t i = 0; i < e->len && from < to; i++) {
        if (e->at[i].from == from && e->at[i].to == to) {
            e->at[i].bytes = bytes;
            return true;
        }
    }
    ARENA_PUSH(e->cx->arena, e->at, e->len, e->cap);
    e->at[e->len] = (struct edit){ from, to, e->len, bytes };
    e->len++;
    return true;
}

/* Instead of everything that was recorded for the bytes in between. */
static bool record_over(struct edits *e, uint32_t from, uint32_t to, str bytes)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < e->len; i++) {
        if (e->at[i].from < from || e->at[i].to > to)
            e->at[kept++] = e->at[i];
    }
    e->len = kept;
    return record(e, from, to, bytes);
}

static str print(struct edits *e, struct buf *b, uint32_t at)
{
    str eol = line_ending(e, at);
    str text = buf_take(b);
    return eol.len == 1 ? text : str_replace_all(e->cx->arena, text, S("\n"), eol);
}

static void print_begin(struct edits *e, struct buf *b)
{
    buf_init(b, e->cx->arena, 128);
}

/* Whole lines in front of the line that begins at `at`. A file without a final line end
 * stays one. */
static bool insert_lines(struct edits *e, uint32_t at, struct buf *lines)
{
    bool open_end = at == e->bytes.len && at > 0 && e->bytes.at[at - 1] != '\n';
    str eol = line_ending(e, at);
    str text = print(e, lines, at);
    return record(e, at, at,
                  open_end ? str_concat(e->cx->arena, eol, text)
                           : str_concat(e->cx->arena, text, eol));
}

/* Finding. */

static struct layout *find_below(struct layout *l, uint32_t at, enum layout_form form)
{
    if (l->form == form && l->at == at)
        return l;
    bool map = l->form == LAYOUT_MAP;
    for (uint32_t i = map ? 1 : 0; i < l->len; i += map ? 2 : 1) {
        struct layout *child = l->children[i];
        struct layout *found =
            child->first <= at && at <= child->end ? find_below(child, at, form) : NULL;
        if (found)
            return found;
    }
    return NULL;
}

static struct layout *find(struct edits *e, const struct node *n, enum layout_form form)
{
    for (uint32_t i = 0; i < e->documents.len && n->pos.text == e->text->id; i++) {
        struct layout *found = find_below(e->documents.at[i], n->pos.offset, form);
        if (found)
            return found;
    }
    report(e->cx, n->pos, "nothing that can be edited stands here");
    return NULL;
}

/* Calls each(e, alias, arg) for every use of an anchor. */
static bool each_alias(struct edits *e, struct layout *l, str name,
                       bool (*each)(struct edits *, struct layout *, void *), void *arg)
{
    if (l->form == LAYOUT_ALIAS)
        return !str_eq(l->anchor, name) || each(e, l, arg);
    for (uint32_t i = 0; i < l->len; i++) {
        if (!each_alias(e, l->children[i], name, each, arg))
            return false;
    }
    return true;
}

static struct layout *root_of(struct layout *l)
{
    while (l->parent)
        l = l->parent;
    return l;
}

static bool refuse_alias(struct edits *e, struct layout *alias, void *arg)
{
    const struct layout *anchored = arg;
    report(e->cx, (struct pos){ e->text->id, anchored->first },
           "what stands behind the anchor '%.*s' cannot be edited for one place alone",
           STR(anchored->anchor));
    note(e->cx, (struct pos){ e->text->id, alias->at }, "it is also used here");
    return false;
}

/* "? key" on one line and ": value" on another: nothing that we would lay out again. */
static bool has_plain_keys(struct edits *e, const struct layout *map)
{
    for (uint32_t i = 0; i < map->len; i += 2) {
        uint32_t at = map->children[i]->first;
        while (at > 0 && str_has_char(S(" \t"), e->bytes.at[at - 1]))
            at--;
        if (at > 0 && e->bytes.at[at - 1] == '?')
            return report(e->cx, (struct pos){ e->text->id, map->children[i]->at },
                          "a map whose keys have question marks cannot be edited");
    }
    return true;
}

/* A change inside an anchor's value would reach the places that use it too. */
static bool is_own(struct edits *e, struct layout *l)
{
    for (struct layout *up = l; up; up = up->parent) {
        if (up->form != LAYOUT_ALIAS && up->anchor.len
            && !each_alias(e, root_of(l), up->anchor, refuse_alias, up))
            return false;
    }
    return true;
}

/* What goes takes its anchors with it. */
static bool may_go(struct edits *e, struct layout *l)
{
    if (l->form == LAYOUT_ALIAS)
        return true;
    if (l->anchor.len && !each_alias(e, root_of(l), l->anchor, refuse_alias, l))
        return false;
    for (uint32_t i = 0; i < l->len; i++) {
        if (!may_go(e, l->children[i]))
            return false;
    }
    return true;
}

static bool spell_out(struct edits *e, struct layout *alias, void *source)
{
    return record(e, alias->at, alias->end, *(str *)source);
}

static bool is_in_flow(const struct layout *l)
{
    for (; l; l = l->parent) {
        if (l->flow)
            return true;
    }
    return false;
}

static str key_text(const struct edits *e, const struct layout *key)
{
    str text = str_slice(e->bytes, key->at, key->end);
    return key->style == STYLE_PLAIN ? text : str_slice(text, 1, text.len - 1);
}

/* The child number of a key that stands in the map itself, or -1. */
static ptrdiff_t own_key(const struct edits *e, const struct layout *map, str key)
{
    for (uint32_t i = 0; i < map->len; i += 2) {
        if (!map->children[i]->gone && str_eq(key_text(e, map->children[i]), key))
            return i;
    }
    return -1;
}

/* Behind the tag and the anchor of a value. */
static uint32_t behind_properties(const struct edits *e, const struct layout *l)
{
    uint32_t at = l->first;
    uint32_t end = at;
    while (at < l->head && (e->bytes.at[at] == '&' || e->bytes.at[at] == '!')) {
        while (at < e->bytes.len && !str_has_char(S(" \t\r\n"), e->bytes.at[at]))
            at++;
        end = at;
        while (at < l->head && str_has_char(S(" \t"), e->bytes.at[at]))
            at++;
    }
    return end;
}

static uint32_t behind_colon(const struct edits *e, const struct layout *key,
                             const struct layout *value)
{
    if (value->first < value->head)
        return behind_properties(e, value);
    uint32_t at = layout_skip(e->bytes, key->end);
    return at < e->bytes.len && e->bytes.at[at] == ':' ? at + 1 : key->end;
}

/* Adding. */

/* Do the keys around it stand between double quotes? */
static bool is_json(const struct layout *l)
{
    for (; l; l = l->parent) {
        if (l->form == LAYOUT_MAP && l->len)
            return l->flow && l->children[0]->style == STYLE_DOUBLE;
    }
    return false;
}

/* The style of what will end where the value that ends at `end` does: an indented comment
 * behind it would become part of a block of text. */
static struct edit_style style_of(const struct edits *e, const struct layout *l, bool flow,
                                  uint32_t end)
{
    uint32_t at = next_line(e, end);
    while (at < e->bytes.len && str_has_char(S(" \t\r\n"), e->bytes.at[at]))
        at++;
    bool comment = at < e->bytes.len && e->bytes.at[at] == '#' && column_of(e, at) > 0;
    /* A block's last line end is that of the file, and this one has none. */
    bool open_end = at == e->bytes.len && e->bytes.at[at - 1] != '\n';
    return (struct edit_style){ .list_indent = e->list_indent,
                                .flow = flow,
                                .json = flow && is_json(l),
                                .quoted = comment || open_end };
}

static void print_child(struct buf *b, struct edit_style style, str key, const struct node *n,
                        uint32_t column)
{
    if (key.at)
        edit_print_entry(b, style, key, n, column);
    else
        edit_print_item(b, style, n, column);
}

/* The file keeps a blank line between the fields of a document. */
static bool is_spaced(const struct edits *e, const struct layout *l)
{
    if (l->parent || l->form != LAYOUT_MAP || l->len < 4)
        return false;
    str gap = str_slice(e->bytes, l->children[l->len - 3]->end, l->children[l->len - 2]->first);
    return str_has(gap, S("\n\n")) || str_has(gap, S("\n\r\n"))
           || (str_starts(gap, S("\n")) && e->bytes.at[l->children[l->len - 3]->end - 1] == '\n');
}

static bool add_to_block(struct edits *e, struct layout *l, str key, const struct node *n)
{
    struct buf b;
    print_begin(e, &b);
    uint32_t column = column_of(e, l->at);
    if (is_spaced(e, l))
        buf_char(&b, '\n');
    buf_repeat(&b, ' ', column);
    print_child(&b, style_of(e, l, false, l->children[l->len - 1]->end), key, n, column);
    return insert_lines(e, next_line(e, l->children[l->len - 1]->end), &b);
}

static bool has_line_end(const struct edits *e, uint32_t from, uint32_t to)
{
    return str_has_char(str_slice(e->bytes, from, to), '\n');
}

/* Between brackets of several lines a new child gets a line too, behind the comment of the
 * last one. */
static bool add_to_lines(struct edits *e, struct layout *l, uint32_t end, bool comma, str child)
{
    const struct layout *last = l->children[l->len - (l->form == LAYOUT_MAP ? 2 : 1)];
    uint32_t at = end;
    while (at < e->bytes.len && e->bytes.at[at] != '\n')
        at++;
    uint32_t skipped = layout_skip(e->bytes, end);
    bool alone = skipped > at;
    if (alone && e->bytes.at[at - 1] == '\r')
        at--;
    struct buf b;
    print_begin(e, &b);
    if (!comma && (l->added || !alone))
        buf_char(&b, ',');
    else if (!comma)
        record(e, end, end, S(","));
    buf_char(&b, '\n');
    buf_repeat(&b, ' ', column_of(e, last->first));
    buf_str(&b, child);
    if (comma)
        buf_char(&b, ',');
    at = alone ? at : end;
    l->added++;
    return record(e, at, at, print(e, &b, at));
}

static bool add_to_flow(struct edits *e, struct layout *l, str key, const struct node *n)
{
    struct buf b;
    print_begin(e, &b);
    print_child(&b, style_of(e, l, true, l->end), key, n, 0);
    str child = buf_take(&b);
    if (l->len == 0) {
        str text = l->added++ ? str_concat(e->cx->arena, S(", "), child) : child;
        return record(e, l->at + 1, l->at + 1, text);
    }
    bool map = l->form == LAYOUT_MAP;
    const struct layout *last = l->children[l->len - 1];
    uint32_t before = l->len > (map ? 2 : 1) ? l->children[l->len - (map ? 3 : 2)]->end : l->at + 1;
    uint32_t end = last->end;
    uint32_t after = layout_skip(e->bytes, end);
    bool comma = after < e->bytes.len && e->bytes.at[after] == ',';
    if (comma)
        end = after + 1;
    if (has_line_end(e, before, l->children[l->len - (map ? 2 : 1)]->first))
        return add_to_lines(e, l, end, comma, child);
    bool first = l->added++ == 0;
    str separator = comma && first ? S(" ") : S(", ");
    return record(e, end, end, str_concat(e->cx->arena, separator, child));
}

/* "key: []" opens into lines. */
static bool add_to_empty(struct edits *e, struct layout *l, str key, const struct node *n)
{
    str inside = str_slice(e->bytes, l->at + 1, l->end - 1);
    bool opens = l->parent && l->parent->form == LAYOUT_MAP && !is_in_flow(l->parent);
    if (!opens || str_trim(inside).len)
        return add_to_flow(e, l, key, n);
    uint32_t from = l->head;
    while (from > 0 && str_has_char(S(" \t"), e->bytes.at[from - 1]))
        from--;
    uint32_t column = column_of(e, l->parent->at) + (key.at ? 2 : e->list_indent);
    struct buf b;
    print_begin(e, &b);
    buf_repeat(&b, ' ', column);
    print_child(&b, style_of(e, l, false, l->end), key, n, column);
    l->added++;
    return record(e, from, l->end, S("")) && insert_lines(e, next_line(e, l->end), &b);
}

static bool add(struct edits *e, struct layout *l, str key, const struct node *n)
{
    if (!is_own(e, l))
        return false;
    if (l->flow)
        return l->len == 0 ? add_to_empty(e, l, key, n) : add_to_flow(e, l, key, n);
    if (is_in_flow(l))
        return report(e->cx, (struct pos){ e->text->id, l->at },
                      "a map without braces cannot grow here");
    return add_to_block(e, l, key, n);
}

/* Replacing. */

/* Behind the "|" or ">" of a block and what belongs to it, before a comment. */
static uint32_t header_end(const struct edits *e, const struct layout *l)
{
    uint32_t end = l->head;
    while (end < l->at && !str_has_char(S(" \t\r\n"), e->bytes.at[end]))
        end++;
    return end;
}

static bool set_scalar(struct edits *e, struct layout *l, const struct node *n)
{
    struct buf b;
    print_begin(e, &b);
    edit_print_scalar(&b, n, l->style);
    str printed = buf_take(&b);
    if (l->parent && !is_own(e, l->parent))
        return false;
    if (l->style >= STYLE_LITERAL)
        return is_own(e, l) && record(e, l->head, header_end(e, l), printed)
               && record(e, l->at, l->end, S(""));
    if (l->tag.len && !is_own(e, l))
        return false;
    /* The other places that use its anchor keep what they have. */
    str source = str_slice(e->bytes, l->head, l->end);
    if (l->anchor.len && !each_alias(e, root_of(l), l->anchor, spell_out, &source))
        return false;
    if (l->head == l->end)
        printed = str_concat(e->cx->arena, S(" "), printed);
    return record(e, l->head, l->end, printed);
}

/* A value of another shape. Old and new stand partly on the line of the key, partly on lines
 * of their own; a comment in between stays. */
static bool replace_value(struct edits *e, struct layout *key, struct layout *l,
                          const struct node *n)
{
    struct buf b;
    print_begin(e, &b);
    edit_print_value(&b, style_of(e, l->parent, is_in_flow(l->parent), l->end), n,
                     column_of(e, l->parent->at));
    str head, lines;
    str_cut(buf_take(&b), '\n', &head, &lines);
    uint32_t from = behind_colon(e, key, l);
    uint32_t to = l->end;
    if (l->style >= STYLE_LITERAL)
        to = header_end(e, l);
    else if (l->form != LAYOUT_ALIAS && !l->flow && l->len)
        to = from;
    record(e, from, to, head);
    print_begin(e, &b);
    buf_str(&b, lines);
    if (to == l->end)
        return !lines.len || insert_lines(e, next_line(e, l->end), &b);
    uint32_t first = line_start(e, l->at);
    uint32_t last = next_line(e, l->end);
    if (lines.len && e->bytes.at[last - 1] == '\n')
        buf_char(&b, '\n');
    return record_over(e, first, last, print(e, &b, last));
}

static bool replace(struct edits *e, struct layout *map, ptrdiff_t at, const struct node *n)
{
    struct layout *key = map->children[at];
    struct layout *l = map->children[at + 1];
    bool string = n->kind == NODE_STRING && str_ends(l->tag, S(":str"));
    if (l->tag.len && !string)
        return report(e->cx, (struct pos){ e->text->id, l->first },
                      "the tag here says what the value is");
    bool line = n->kind != NODE_STRING || !str_has_char(n->text, '\n');
    if (l->form == LAYOUT_SCALAR && node_is_scalar(n) && line)
        return set_scalar(e, l, n);
    return is_own(e, l) && may_go(e, l) && replace_value(e, key, l, n);
}

bool edit_scalar(struct edits *e, const struct node *scalar, str value)
{
    if (scalar->kind == NODE_STRING && str_eq(scalar->text, value))
        return true;
    struct layout *l = find(e, scalar, LAYOUT_SCALAR);
    struct node n = { .kind = NODE_STRING, .text = value };
    return l && set_scalar(e, l, &n);
}

bool edit_set(struct edits *e, const struct node *map, str key, const struct node *value)
{
    struct layout *l = find(e, map, LAYOUT_MAP);
    if (!l || !has_plain_keys(e, l))
        return false;
    ptrdiff_t at = own_key(e, l, key);
    const struct node *old = at < 0 ? NULL : node_get_text(e->cx, map, key);
    if (old && node_equal(old, value))
        return true;
    return at < 0 ? add(e, l, key, value) : is_own(e, l) && replace(e, l, at, value);
}

bool edit_append(struct edits *e, const struct node *list, const struct node *item)
{
    struct layout *l = find(e, list, LAYOUT_LIST);
    return l && add(e, l, (str){ 0 }, item);
}

/* Removing. */

static bool close_block(struct edits *e, struct layout *l)
{
    str empty = l->form == LAYOUT_MAP ? S("{}") : S("[]");
    uint32_t end = l->children[l->len - 1]->end;
    uint32_t to = next_line(e, end);
    if (!begins_line(e, l->at) || !l->parent || l->parent->form != LAYOUT_MAP) {
        bool ended = e->bytes.at[to - 1] == '\n';
        return record_over(e, l->at, to,
                           ended ? str_concat(e->cx->arena, empty, line_ending(e, to)) : empty);
    }
    const struct layout *key = l->parent->children[0];
    for (uint32_t i = 0; i < l->parent->len; i += 2) {
        if (l->parent->children[i + 1] == l)
            key = l->parent->children[i];
    }
    uint32_t colon = behind_colon(e, key, l);
    return record_over(e, line_start(e, l->at), to, S(""))
           && record(e, colon, colon, str_concat(e->cx->arena, S(" "), empty));
}

/* The bytes of a child: `start` is its key or dash, `next` the following one's. */
struct child {
    uint32_t start;
    uint32_t end;
    uint32_t next;
    uint32_t before; /* the end of the one before */
};

static struct child child_at(const struct edits *e, const struct layout *l, uint32_t i)
{
    uint32_t wide = l->form == LAYOUT_MAP ? 2 : 1;
    bool dashes = l->form == LAYOUT_LIST && !l->flow;
    struct child c = { .end = l->children[i * wide + wide - 1]->end };
    c.before = i ? l->children[i * wide - 1]->end : l->at;
    c.start = dashes ? layout_skip(e->bytes, c.before) : l->children[i * wide]->first;
    if ((i + 1) * wide < l->len)
        c.next = dashes ? layout_skip(e->bytes, c.end) : l->children[(i + 1) * wide]->first;
    return c;
}

static bool remove_from_flow(struct edits *e, struct child c, bool first)
{
    if (c.next)
        return record(e, c.start, c.next, S(""));
    if (!first)
        return record(e, c.before, c.end, S(""));
    uint32_t after = layout_skip(e->bytes, c.end);
    bool comma = after < e->bytes.len && e->bytes.at[after] == ',';
    return record(e, c.start, comma ? after + 1 : c.end, S(""));
}

static bool remove_child(struct edits *e, struct layout *l, uint32_t i)
{
    uint32_t wide = l->form == LAYOUT_MAP ? 2 : 1;
    struct child c = child_at(e, l, i);
    if (!is_own(e, l) || l->children[i * wide]->gone)
        return l->children[i * wide]->gone;
    for (uint32_t k = 0; k < wide; k++) {
        struct layout *part = l->children[i * wide + k];
        if (!may_go(e, part))
            return false;
        part->gone = true;
    }
    l->removed++;
    if (l->flow)
        return remove_from_flow(e, c, i == 0);
    if (l->removed * wide == l->len && !l->added)
        return close_block(e, l);
    if (begins_line(e, c.start))
        return record(e, line_start(e, c.start), next_line(e, c.end), S(""));
    return record(e, c.start, c.next, S(""));
}

bool edit_remove(struct edits *e, const struct node *map, str key)
{
    struct layout *l = find(e, map, LAYOUT_MAP);
    if (!l || !has_plain_keys(e, l))
        return false;
    ptrdiff_t at = own_key(e, l, key);
    if (at < 0 && !node_get_text(e->cx, map, key))
        return true;
    if (at < 0 || own_key(e, l, S("<<")) >= 0)
        return report(e->cx, map->pos, "'%.*s' cannot be removed from a map that merges others",
                      STR(key));
    return remove_child(e, l, (uint32_t)at / 2);
}

bool edit_rename(struct edits *e, const struct node *map, str key, str name)
{
    struct layout *l = find(e, map, LAYOUT_MAP);
    if (!l || !is_own(e, l))
        return false;
    ptrdiff_t at = own_key(e, l, key);
    if (at < 0)
        return report(e->cx, map->pos, "'%.*s' does not stand in this map itself", STR(key));
    const struct layout *old = l->children[at];
    uint32_t quote = old->style == STYLE_PLAIN ? 0 : 1;
    return record(e, old->at + quote, old->end - quote, name);
}

bool edit_remove_item(struct edits *e, const struct node *list, uint32_t index)
{
    struct layout *l = find(e, list, LAYOUT_LIST);
    return l && index < l->len && remove_child(e, l, index);
}

/* Beginning and end. */

/* How the first list below a key is indented here. */
static bool list_indent(const struct edits *e, const struct layout *l, uint32_t *indent)
{
    bool map = l->form == LAYOUT_MAP && !l->flow;
    for (uint32_t i = 0; i < l->len; i++) {
        const struct layout *child = l->children[i];
        if (map && i % 2 && child->form == LAYOUT_LIST && !child->flow && child->len) {
            *indent = column_of(e, child->at) - column_of(e, l->at);
            return true;
        }
        if (list_indent(e, child, indent))
            return true;
    }
    return false;
}

struct edits *edits_begin(struct context *cx, struct text *text)
{
    struct edits *e = NEW(cx->arena, struct edits);
    *e = (struct edits){ .cx = cx, .text = text, .bytes = text->bytes };
    if (!layout_read(cx, text, &e->documents))
        return NULL;
    for (uint32_t i = 0; i < e->documents.len; i++) {
        if (list_indent(e, e->documents.at[i], &e->list_indent))
            break;
    }
    return e;
}

bool edits_any(const struct edits *e)
{
    return e->len > 0;
}

/* An insertion stands before what is replaced at the same place. */
static int by_place(const void *a, const void *b)
{
    const struct edit *x = a;
    const struct edit *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if ((x->from == x->to) != (y->from == y->to))
        return x->from == x->to ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

str edits_apply(struct edits *e)
{
    if (e->len)
        qsort(e->at, e->len, sizeof *e->at, by_place);
    struct buf b;
    buf_init(&b, e->cx->arena, e->bytes.len + 256);
    uint32_t done = 0;
    for (uint32_t i = 0; i < e->len; i++) {
        const struct edit *edit = &e->at[i];
        if (edit->from >= done) {
            buf_str(&b, str_slice(e->bytes, done, edit->from));
            buf_str(&b, edit->bytes);
        }
        done = edit->to > done ? edit->to : done;
    }
    buf_str(&b, str_skip(e->bytes, done));
    return buf_take(&b);
}
