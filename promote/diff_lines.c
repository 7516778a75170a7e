/* Values as lines. */
#include "promote/diff_lines.h"

#include "promote/hunks.h"
#include "render/doc/edit_print.h"
#include "render/doc/yaml_write.h"

struct lines {
    diff_line *each;
    void *who;
    bool first;
};

bool diff_is_short(const struct node *n)
{
    bool scalar = node_is_scalar(n);
    return scalar ? n->kind != NODE_STRING || !str_has_char(n->text, '\n') : n->len == 0;
}

str diff_value(struct arena *a, const struct node *n)
{
    if (!node_is_scalar(n))
        return n->kind == NODE_LIST ? S("[]") : S("{}");
    struct buf b;
    buf_init(&b, a, 64);
    edit_print_scalar(&b, n, STYLE_PLAIN);
    return buf_take(&b);
}

static bool value_lines(struct context *cx, struct lines *l, char mark, const struct node *n)
{
    if (!n)
        return true;
    str text;
    if (diff_is_short(n)) {
        text = diff_value(cx->scratch, n);
    } else if (n->kind == NODE_STRING) {
        text = n->text;
    } else {
        struct buf b;
        buf_init(&b, cx->scratch, 256);
        if (!yaml_write(cx, &b, n))
            return false;
        text = buf_take(&b);
    }
    for (str one; str_next_line(&text, &one);)
        l->each(l->who, mark, one);
    return true;
}

static void hunk(void *who, const struct hunk *h)
{
    struct lines *l = who;
    if (!l->first)
        l->each(l->who, '~', S(""));
    l->first = false;
    for (uint32_t i = 0; i < h->len; i++)
        l->each(l->who, h->lines[i].mark, h->lines[i].text);
}

bool diff_lines(struct context *cx, const struct diff_change *c, uint32_t around, diff_line *each,
                void *who)
{
    struct lines l = { each, who, true };
    if (diff_remark(c).len)
        return true;
    struct mark before = arena_mark(cx->scratch);
    bool ok = true;
    if (c->lines)
        diff_hunks(cx, c->from->text, c->to->text, around, hunk, &l);
    else
        ok = value_lines(cx, &l, '-', c->from) && value_lines(cx, &l, '+', c->to);
    arena_rewind(cx->scratch, before);
    return ok;
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
