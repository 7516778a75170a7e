/* JSON text from nodes. Maps are sorted by the bytes of their keys. */
#include "render/doc/json_write.h"

#include <math.h>
#include <stdlib.h>

#include "render/doc/scalar.h"

struct writer {
    struct context *cx;
    struct buf *out;
    struct json_style style;
};

static bool is_safe(unsigned char c, bool keep_html)
{
    if (c < ' ' || c == '"' || c == '\\')
        return false;
    return keep_html || (c != '<' && c != '>' && c != '&');
}

static void escape(struct buf *out, unsigned char c)
{
    static const char letters[] = "--------btn-fr";
    bool itself = c == '"' || c == '\\';
    if (!itself && (c >= sizeof letters - 1 || letters[c] == '-')) {
        buf_format(out, "\\u%04x", c);
        return;
    }
    buf_char(out, '\\');
    buf_char(out, itself ? (char)c : letters[c]);
}

void json_write_string(struct buf *out, str text, bool keep_html)
{
    buf_char(out, '"');
    for (size_t i = 0; i < text.len;) {
        size_t start = i;
        while (i < text.len && (unsigned char)text.at[i] < 0x80
               && is_safe((unsigned char)text.at[i], keep_html))
            i++;
        buf_str(out, str_slice(text, start, i));
        if (i == text.len)
            break;
        if ((unsigned char)text.at[i] < 0x80) {
            escape(out, (unsigned char)text.at[i++]);
            continue;
        }
        start = i;
        uint32_t rune = utf8_next(text, &i);
        if (rune == 0x2028 || rune == 0x2029)
            buf_format(out, "\\u%04x", rune);
        else if (rune == 0xFFFD && i == start + 1)
            buf_str(out, S("\\ufffd"));
        else
            buf_str(out, str_slice(text, start, i));
    }
    buf_char(out, '"');
}

static void new_line(struct writer *w, uint32_t depth)
{
    if (w->style.indent.len == 0)
        return;
    buf_char(w->out, '\n');
    for (uint32_t i = 0; i < depth; i++)
        buf_str(w->out, w->style.indent);
}

static bool write_node(struct writer *w, const struct node *n, uint32_t depth);

static bool write_list(struct writer *w, const struct node *list, uint32_t depth)
{
    buf_char(w->out, '[');
    for (uint32_t i = 0; i < list->len; i++) {
        if (i)
            buf_char(w->out, ',');
        new_line(w, depth + 1);
        if (!write_node(w, list->items[i], depth + 1))
            return false;
    }
    if (list->len)
        new_line(w, depth);
    buf_char(w->out, ']');
    return true;
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *const *x = a;
    const struct entry *const *y = b;
    return str_cmp((*x)->key->text, (*y)->key->text);
}

static bool write_entries(struct writer *w, const struct entry **entries, uint32_t n,
                          uint32_t depth)
{
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            buf_char(w->out, ',');
        new_line(w, depth + 1);
        json_write_string(w->out, entries[i]->key->text, w->style.keep_html);
        buf_str(w->out, w->style.indent.len ? S(": ") : S(":"));
        if (!write_node(w, entries[i]->value, depth + 1))
            return false;
    }
    return true;
}

static bool write_map(struct writer *w, const struct node *map, uint32_t depth)
{
    if (map->flags & NODE_ODD_KEYS)
        return report(w->cx, map->pos, "a key of this map is no string, which JSON cannot hold");
    struct mark before = arena_mark(w->cx->scratch);
    const struct entry **entries = NEW_ARRAY(w->cx->scratch, const struct entry *, map->len);
    for (uint32_t i = 0; i < map->len; i++)
        entries[i] = &map->entries[i];
    if (!w->style.keep_order)
        qsort(entries, map->len, sizeof *entries, compare_entries);
    buf_char(w->out, '{');
    bool ok = write_entries(w, entries, map->len, depth);
    if (map->len)
        new_line(w, depth);
    buf_char(w->out, '}');
    if (w->out->arena != w->cx->scratch) /* else the rewind would take the output along */
        arena_rewind(w->cx->scratch, before);
    return ok;
}

static bool write_node(struct writer *w, const struct node *n, uint32_t depth)
{
    if (n->kind == NODE_MAP)
        return write_map(w, n, depth);
    if (n->kind == NODE_LIST)
        return write_list(w, n, depth);
    if (n->kind == NODE_FLOAT && !isfinite(scalar_float(n->text)))
        return report(w->cx, n->pos, "'%.*s' is no number that JSON can hold", STR(n->text));
    str text = scalar_canonical(w->cx, n);
    if (n->kind == NODE_STRING)
        json_write_string(w->out, text, w->style.keep_html);
    else
        buf_str(w->out, text);
    return true;
}

bool json_write(struct context *cx, struct buf *out, const struct node *n, struct json_style style)
{
    struct writer w = { cx, out, style };
    return write_node(&w, n, 0);
}
