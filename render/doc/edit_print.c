/* Values in a file's own style: keys in the order given, plain where plain is safe. */
#include "render/doc/edit_print.h"

#include "render/doc/json_write.h"
#include "render/doc/scalar.h"
#include "render/doc/yaml_write.h"

/* Unquoted it is a string to everyone, also between brackets. */
static bool is_plain(str s)
{
    if (s.len == 0 || scalar_needs_quotes(s))
        return false;
    struct scalar_kind kind = scalar_resolve(s, YAML_GO3);
    if (kind.kind != NODE_STRING || kind.flags || str_has_char(S("-.:@+= "), s.at[0]))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!word && !str_has_char(S("_/.@+-:= "), (char)c))
            return false;
        bool last = i + 1 == s.len;
        if ((c == ':' || c == ' ') && (last || s.at[i + 1] == ' '))
            return false;
    }
    return true;
}

static bool is_printable(str s)
{
    for (size_t i = 0; i < s.len;) {
        uint32_t rune = utf8_next(s, &i);
        if (rune < ' ' || (rune >= 0x7F && rune < 0xA0) || rune >= 0xFFF0 || rune == 0xFEFF
            || rune == 0x2028 || rune == 0x2029)
            return false;
    }
    return true;
}

static void print_single(struct buf *b, str s)
{
    buf_char(b, '\'');
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '\'')
            buf_char(b, '\'');
        buf_char(b, s.at[i]);
    }
    buf_char(b, '\'');
}

void edit_print_scalar(struct buf *b, const struct node *n, enum scalar_style style)
{
    if (n->kind != NODE_STRING)
        buf_str(b, n->text.len ? n->text : S("null"));
    else if (style == STYLE_DOUBLE || !is_printable(n->text))
        json_write_string(b, n->text, true);
    else if (style == STYLE_SINGLE || !is_plain(n->text))
        print_single(b, n->text);
    else
        buf_str(b, n->text);
}

static void print_key(struct buf *b, struct edit_style style, str key)
{
    if (style.json)
        json_write_string(b, key, true);
    else if (is_plain(key) && !str_has_char(key, ':'))
        buf_str(b, key);
    else if (is_printable(key))
        print_single(b, key);
    else
        json_write_string(b, key, true);
}

static void print_flow(struct buf *b, struct edit_style style, const struct node *n)
{
    if (node_is_scalar(n)) {
        edit_print_scalar(b, n, style.json ? STYLE_DOUBLE : STYLE_PLAIN);
        return;
    }
    bool map = n->kind == NODE_MAP;
    buf_char(b, map ? '{' : '[');
    for (uint32_t i = 0; i < n->len; i++) {
        if (i)
            buf_str(b, S(", "));
        if (map) {
            print_key(b, style, n->entries[i].key->text);
            buf_str(b, S(": "));
        }
        print_flow(b, style, map ? n->entries[i].value : n->items[i]);
    }
    buf_char(b, map ? '}' : ']');
}

static void new_line(struct buf *b, uint32_t column)
{
    buf_char(b, '\n');
    buf_repeat(b, ' ', column);
}

/* What stands on the line of its key or dash; `inner` is where a block's text would stand. */
static bool print_inline(struct buf *b, struct edit_style style, const struct node *n,
                         uint32_t inner)
{
    bool text = n->kind == NODE_STRING && str_has_char(n->text, '\n');
    if (text && !style.flow && !style.quoted && !str_ends(n->text, S("\n\n")))
        yaml_write_string(b, n->text, inner, inner);
    else if (style.flow || node_is_scalar(n) || n->len == 0)
        print_flow(b, style, n);
    else
        return false;
    return true;
}

void edit_print_entry(struct buf *b, struct edit_style style, str key, const struct node *value,
                      uint32_t column)
{
    print_key(b, style, key);
    buf_char(b, ':');
    edit_print_value(b, style, value, column);
}

static void print_children(struct buf *b, struct edit_style style, const struct node *n,
                           uint32_t column)
{
    for (uint32_t i = 0; i < n->len; i++) {
        if (i)
            new_line(b, column);
        if (n->kind == NODE_MAP)
            edit_print_entry(b, style, n->entries[i].key->text, n->entries[i].value, column);
        else
            edit_print_item(b, style, n->items[i], column);
    }
}

void edit_print_item(struct buf *b, struct edit_style style, const struct node *item,
                     uint32_t column)
{
    if (!style.flow)
        buf_str(b, S("- "));
    if (!print_inline(b, style, item, column + 2))
        print_children(b, style, item, column + 2);
}

void edit_print_value(struct buf *b, struct edit_style style, const struct node *value,
                      uint32_t column)
{
    bool lines = !style.flow && !node_is_scalar(value) && value->len;
    uint32_t inner = column + (value->kind == NODE_LIST ? style.list_indent : 2);
    if (lines)
        new_line(b, inner);
    else
        buf_char(b, ' ');
    if (!print_inline(b, style, value, inner))
        print_children(b, style, value, inner);
}
