/* Found by experiment: a mark takes the parameter's place, the text is filled in again, and what
 * stands around the mark tells. So it does not matter what a template does beside it. */
#include "promote/generated_site.h"

#include "promote/value_site.h"

static const str mark = { "hoist4mark7here", 15 };

bool generated_says(struct context *cx, const struct environment_part *part, const struct node *n)
{
    return part->generated && text_of(cx, n->pos) == text_of(cx, part->generated->template->pos);
}

/* A copy with a mark in one place. */
static struct node *marked(struct context *cx, const struct node *n, const struct node *at)
{
    if (n == at)
        return node_string(cx, mark);
    if (node_is_scalar(n))
        return node_copy(cx, n);
    struct node *out = n->kind == NODE_MAP ? node_map(cx) : node_list(cx);
    for (uint32_t i = 0; i < n->len; i++) {
        if (n->kind == NODE_MAP)
            node_add(cx, out, n->entries[i].key, marked(cx, n->entries[i].value, at));
        else
            node_push(cx, out, marked(cx, n->items[i], at));
    }
    return out;
}

static bool holds_place(const struct node *n, struct pos pos)
{
    if (node_is_scalar(n))
        return n->pos.text == pos.text && n->pos.offset == pos.offset;
    for (uint32_t i = 0; i < n->len; i++) {
        if (holds_place(n->kind == NODE_MAP ? n->entries[i].value : n->items[i], pos))
            return true;
    }
    return false;
}

/* The same element may be joined with others to make several Applications. */
static bool is_shared(const struct generated *g, const struct node *parameter)
{
    for (uint32_t i = 0; i < g->set->len; i++) {
        const struct generated *other = &g->set->at[i];
        if (other != g && holds_place(other->params.node, parameter->pos))
            return true;
    }
    return false;
}

struct looking {
    const struct environment *env;
    struct generated *g;
    const struct node *template;
    const struct value_path *path; /* in the values that the text holds, or NULL for all of it */
    struct generated_site *out;
};

static str fill_with(struct context *cx, const struct looking *l, const struct node *parameter)
{
    struct params p = { .node = marked(cx, l->g->params.node, parameter) };
    struct diags before = cx->diags;
    const struct node *found = NULL;
    str filled = S("");
    if (fill_text(cx, &l->g->set->fill, l->template, &p, &filled) && l->path) {
        const struct node *tree = yaml_read(cx, text_add(cx, S("values"), filled), YAML_GO2);
        found = tree ? value_path_node(tree, l->path) : NULL;
        filled = found && node_is_scalar(found) ? found->text : S("");
    }
    diag_take_back(cx, before);
    return filled;
}

static bool decides(struct context *cx, const struct looking *l, const struct node *parameter)
{
    struct generated_site *out = l->out;
    str filled = fill_with(cx, l, parameter);
    ptrdiff_t at = str_find(filled, mark);
    if (at < 0)
        return false;
    out->parameter = parameter;
    out->before = str_slice(filled, 0, (size_t)at);
    out->after = str_skip(filled, (size_t)at + mark.len);
    return !str_has(out->after, mark);
}

/* One that was itself filled in, or is read off a path, stands nowhere. */
static bool find_in(struct context *cx, const struct looking *l, const struct node *n)
{
    str real;
    for (uint32_t i = 0; !node_is_scalar(n) && i < n->len; i++) {
        const struct node *inner = n->kind == NODE_MAP ? n->entries[i].value : n->items[i];
        if (find_in(cx, l, inner))
            return true;
    }
    return node_is_scalar(n) && n->pos.text && !node_was(n) && !is_shared(l->g, n)
           && decides(cx, l, n) && environment_file(l->env, text_of(cx, n->pos), &real);
}

bool generated_find(struct context *cx, const struct environment *env, struct generated *g,
                    const struct node *scalar, const struct value_path *path,
                    struct generated_site *out)
{
    struct looking l = { env, g, node_was(scalar), path, out };
    *out = (struct generated_site){ 0 };
    if (node_was(scalar) && find_in(cx, &l, g->params.node))
        return true;
    *out = (struct generated_site){ 0 };
    return false;
}

bool generated_value(const struct generated_site *site, str wanted, str *out)
{
    if (wanted.len < site->before.len + site->after.len || !str_starts(wanted, site->before)
        || !str_ends(wanted, site->after))
        return false;
    *out = str_slice(wanted, site->before.len, wanted.len - site->after.len);
    return true;
}

static bool reads(const struct node *n, uint32_t text)
{
    if (n->pos.text == text)
        return true;
    for (uint32_t i = 0; !node_is_scalar(n) && i < n->len; i++) {
        if (reads(n->kind == NODE_MAP ? n->entries[i].value : n->items[i], text))
            return true;
    }
    return false;
}

bool generated_reads(const struct generated *g, const struct text *text)
{
    return reads(g->params.node, text->id);
}
