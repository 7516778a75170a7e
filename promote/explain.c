/* The history of a value is that of its node, and before it that of what its node stood in: a
 * map that was replaced as a whole holds its older values in `was`. */
#include "promote/explain.h"

#include <strings.h>

#include "promote/match.h"
#include "render/base/suggest.h"
#include "render/doc/origin.h"

enum { HOPS_MOST = 1000, COPIES_DEEP = 8 };

struct tracer {
    struct context *cx;
    const struct field *field;
    struct explain_chain *out; /* the last hop first, until it is turned round */
    uint32_t depth;
};

static void trace_node(struct context *cx, const struct node *n, uint32_t depth,
                       struct explain_chain *out);

static bool same_place(struct pos a, struct pos b)
{
    return a.text == b.text && a.offset == b.offset;
}

static bool same_line(struct context *cx, struct pos a, struct pos b)
{
    struct place x, y;
    return text_place(cx, a, &x) && text_place(cx, b, &y) && x.line == y.line
           && str_eq(x.name, y.name);
}

/* A node that a step has put there only to fill it. */
static bool is_filler(const struct node *n)
{
    return node_is_scalar(n) && n->text.len == 0 && n->pos.text == 0;
}

/* A copy, or the very node: a document that took another's place has what it took over. */
static bool same_saying(const struct node *a, const struct node *b)
{
    return a == b
           || (same_place(a->pos, b->pos) && node_maker(a) == node_maker(b) && a->kind == b->kind
               && (!node_is_scalar(a) || str_eq(a->text, b->text)));
}

static void add_hop(struct tracer *t, const struct node *n, const struct node *before)
{
    const struct step *s = node_maker(n);
    struct explain_hop hop = { .value = n, .pos = n->pos, .step = S("") };
    bool own = n->pos.text && !(before && same_place(before->pos, n->pos));
    if (s) {
        hop.component = s->outer && str_eq(s->outer->name, S("components")) && !step_reads(s);
        hop.step = step_reads(s) ? S("") : s->name;
        if (own)
            hop.via = s->pos;
        else
            hop.pos = s->pos;
    }
    if (s && s->source && t->depth < COPIES_DEEP) {
        hop.pos = s->pos;
        hop.via = NOWHERE;
        hop.copied = NEW(t->cx->arena, struct explain_chain);
        trace_node(t->cx, s->source, t->depth + 1, hop.copied);
    }
    if (same_line(t->cx, hop.pos, hop.via))
        hop.via = NOWHERE;
    ARENA_PUSH(t->cx->arena, t->out->at, t->out->len, t->out->cap);
    t->out->at[t->out->len++] = hop;
}

static const struct node *rest_of(const struct node *n, const struct field *f, uint32_t from)
{
    for (uint32_t i = from; n && i < f->len; i++)
        n = field_step_find(n, &f->at[i]);
    return n;
}

/* An older value of the field whose ancestors are nodes[0..depth]: what stood in the place of
 * one of them. *at gets the ancestor's depth and *old what stood there. */
static const struct node *older(const struct node **nodes, const struct field *f, uint32_t depth,
                                uint32_t *at, const struct node **old)
{
    for (uint32_t i = depth + 1; i-- > 0;) {
        for (const struct node *was = node_was(nodes[i]); was; was = node_was(was)) {
            const struct node *found = rest_of(was, f, i);
            if (!found)
                continue;
            *at = i;
            *old = was;
            return found;
        }
    }
    return NULL;
}

static void trace_field(struct tracer *t, const struct node *document)
{
    const struct field *f = t->field;
    const struct node **nodes = NEW_ARRAY(t->cx->arena, const struct node *, f->len + 1);
    nodes[0] = document;
    for (uint32_t i = 0; i < f->len; i++)
        nodes[i + 1] = field_step_find(nodes[i], &f->at[i]);
    while (t->out->len < HOPS_MOST) {
        uint32_t at;
        const struct node *old, *n = nodes[f->len];
        const struct node *before = older(nodes, f, f->len, &at, &old);
        if (!before || (!is_filler(n) && !same_saying(n, before)))
            add_hop(t, n, before);
        if (!before || is_filler(before))
            return;
        nodes[at] = old;
        for (uint32_t i = at; i < f->len; i++)
            nodes[i + 1] = field_step_find(nodes[i], &f->at[i]);
    }
}

static void turn_round(struct explain_chain *c)
{
    for (uint32_t i = 0; i < c->len / 2; i++) {
        struct explain_hop hop = c->at[i];
        c->at[i] = c->at[c->len - 1 - i];
        c->at[c->len - 1 - i] = hop;
    }
}

static void trace_node(struct context *cx, const struct node *n, uint32_t depth,
                       struct explain_chain *out)
{
    struct field none = { 0 };
    struct tracer t = { cx, &none, out, depth };
    trace_field(&t, n);
    turn_round(out);
}

void explain_field(struct context *cx, const struct node *document, const struct field *f,
                   struct explain_chain *out)
{
    *out = (struct explain_chain){ 0 };
    struct tracer t = { cx, f, out, 0 };
    if (!field_find(document, f))
        return;
    trace_field(&t, document);
    turn_round(out);
}

struct pos explain_source(const struct explain_chain *chain)
{
    if (!chain->len)
        return NOWHERE;
    const struct explain_hop *last = &chain->at[chain->len - 1];
    if (last->copied)
        return explain_source(last->copied);
    if (last->decider_count && !last->deciders[0].presence)
        return explain_source(&last->deciders[0].chain);
    return last->helper.text ? last->helper : last->pos;
}

/* Documents by name. */

struct wanted {
    str kind;
    str group; /* "" is any */
    str namespace_;
    str name;
};

static bool read_wanted(struct context *cx, str word, struct wanted *out)
{
    str rest;
    *out = (struct wanted){ 0 };
    if (!str_cut(word, '/', &out->kind, &rest) || rest.len == 0) {
        report(cx, NOWHERE, "'%.*s' is no KIND/NAME", STR(word));
        return false;
    }
    str_cut(out->kind, '.', &out->kind, &out->group);
    if (!str_cut(rest, '/', &out->namespace_, &out->name)) {
        out->name = rest;
        out->namespace_ = S("");
    }
    return true;
}

static bool same_word(str a, str b)
{
    return a.len == b.len && strncasecmp(a.at, b.at, a.len) == 0;
}

static bool is_of_kind(const struct wanted *w, struct identity id)
{
    return same_word(w->kind, id.gvk.kind) && (!w->group.len || str_eq(w->group, id.gvk.group))
           && (!w->namespace_.len || str_eq(w->namespace_, id.namespace_));
}

/* The name in the file that the document came from. */
static str first_name(const struct node *document)
{
    const struct node *n = node_get(node_get(document, KEY_METADATA), KEY_NAME);
    while (n && node_was(n))
        n = node_was(n);
    return n && node_is_scalar(n) ? n->text : S("");
}

static bool is_named(const struct wanted *w, const struct node *document, int how)
{
    str name = identity_of(document).name;
    if (how == 0)
        return str_eq(name, w->name);
    return how == 1 ? str_eq(name_without_hash(name), w->name)
                    : str_eq(first_name(document), w->name);
}

static const struct node *unknown(struct context *cx, const struct documents *all,
                                  const struct wanted *w, str word)
{
    str *names = NEW_ARRAY(cx->arena, str, (size_t)all->len * 2 + 1);
    for (uint32_t i = 0; i < all->len; i++) {
        struct identity id = identity_of(all->at[i]);
        str kind = id.gvk.kind;
        names[2 * i] = str_format(cx->arena, "%.*s/%.*s", STR(kind), STR(id.name));
        names[2 * i + 1] =
            str_format(cx->arena, "%.*s/%.*s", STR(kind), STR(first_name(all->at[i])));
    }
    report(cx, NOWHERE, "no document is '%.*s'", STR(word));
    str plain = str_format(cx->arena, "%.*s/%.*s", STR(w->kind), STR(w->name));
    ptrdiff_t near = suggest(plain, names, (size_t)all->len * 2);
    if (near >= 0)
        hint(cx, NOWHERE, "did you mean '%.*s'?", STR(names[near]));
    return NULL;
}

static const struct node *ambiguous(struct context *cx, const struct documents *all,
                                    const struct wanted *w, str word, int how)
{
    report(cx, NOWHERE, "several documents are '%.*s'", STR(word));
    for (uint32_t i = 0; i < all->len; i++) {
        struct identity id = identity_of(all->at[i]);
        if (is_of_kind(w, id) && is_named(w, all->at[i], how))
            hint(cx, all->at[i]->pos, "'%.*s.%.*s/%.*s/%.*s' is this one", STR(id.gvk.kind),
                 STR(id.gvk.group), STR(id.namespace_), STR(id.name));
    }
    return NULL;
}

const struct node *explain_document(struct context *cx, const struct documents *all, str word)
{
    struct wanted w;
    if (!read_wanted(cx, word, &w))
        return NULL;
    for (int how = 0; how < 3; how++) {
        const struct node *found = NULL;
        uint32_t count = 0;
        for (uint32_t i = 0; i < all->len; i++) {
            if (!is_of_kind(&w, identity_of(all->at[i])) || !is_named(&w, all->at[i], how))
                continue;
            found = all->at[i];
            count++;
        }
        if (count > 1)
            return ambiguous(cx, all, &w, word, how);
        if (found)
            return found;
    }
    return unknown(cx, all, &w, word);
}
