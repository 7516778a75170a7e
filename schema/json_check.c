/* A value held against a schema: a visit for each pair of the two, which collects what fails.
 *
 * Visits of one value know of the members that none of them has looked at, and a visit can see all
 * those that led to it: that is how `unevaluated...` and dynamic references are answered. */
#include <assert.h>

#include "render/base/quote.h"
#include "schema/json_parts.h"

str json_quoted(struct arena *a, str s)
{
    str text = quoted(a, s);
    text = str_slice(text, 1, text.len - 1);
    text = str_replace_all(a, text, S("\\\""), S("\""));
    text = str_replace_all(a, text, S("'"), S("\\'"));
    return str_format(a, "'%.*s'", STR(text));
}

static str place_pointer(struct arena *a, const struct place_in_value *place)
{
    if (!place)
        return S("");
    str outer = place_pointer(a, place->outer);
    if (!place->name)
        return str_format(a, "%.*s/%u", STR(outer), place->index);
    return pointer_step(a, outer, place->name->text);
}

/* Who only asks whether it fits needs no words. */
static struct json_failure *failure_new(const struct visit *v, const struct rule *rule)
{
    struct arena *a = v->checker->cx->arena;
    struct json_failure *f = NEW(a, struct json_failure);
    if (v->quiet)
        return f;
    f->at = place_pointer(a, v->place);
    f->value = v->value->pos;
    f->rule = rule && rule->pos.text ? rule->pos : v->schema->node->pos;
    return f;
}

void visit_add(struct visit *v, const struct json_failure *f)
{
    struct json_failure *own = (struct json_failure *)f;
    if (!f)
        return;
    if (v->last)
        v->last->next = own;
    else
        v->first = own;
    v->last = own;
    v->failures++;
}

struct json_failure *visit_fail(struct visit *v, const struct rule *rule, const char *format, ...)
{
    struct json_failure *f = failure_new(v, rule);
    if (!v->quiet) {
        va_list args;
        va_start(args, format);
        f->words = str_vformat(v->checker->cx->arena, format, args);
        va_end(args);
    }
    visit_add(v, f);
    return f;
}

/* What is left of the members or items. */

static struct left *left_new(struct arena *a, uint32_t len, uint32_t from)
{
    struct left *left = NEW(a, struct left);
    left->len = len;
    left->count = len - from;
    left->bits = NEW_ARRAY(a, uint64_t, len / 64 + 1);
    for (uint32_t i = from; i < len; i++)
        left->bits[i / 64] |= UINT64_C(1) << i % 64;
    return left;
}

static bool left_has(const struct left *left, uint32_t at)
{
    return left && (left->bits[at / 64] >> at % 64 & 1);
}

void left_remove(struct visit *v, uint32_t at)
{
    if (!left_has(v->left, at))
        return;
    v->left->bits[at / 64] &= ~(UINT64_C(1) << at % 64);
    v->left->count--;
}

static void left_begin(struct visit *v, bool asked)
{
    const struct json_schema *s = v->schema;
    const struct node *n = v->value;
    if (node_is_scalar(n) || (!asked && !rules_ask_for_left(s, n)))
        return;
    if (n->kind == NODE_MAP && !s->all_members)
        v->left = left_new(v->checker->cx->arena, n->len, 0);
    else if (n->kind == NODE_LIST && !s->all_items && s->first_items < n->len)
        v->left = left_new(v->checker->cx->arena, n->len, s->first_items);
}

/* Only what both have left is left. */
static void left_meet(struct visit *v, const struct left *other)
{
    for (uint32_t i = 0; v->left && i < v->left->len; i++) {
        if (!left_has(other, i))
            left_remove(v, i);
    }
}

/* Visits. */

/* A $schema inside of a schema says anew what that part of it has to be like. */
static void choose_meta(struct visit *v)
{
    struct checker *c = v->checker;
    const struct node *node = v->value;
    const struct resource *res =
        c->meta && v->schema == c->meta
            ? map_get(&c->document->by_node, (str){ (const char *)&node, sizeof node })
            : NULL;
    const struct json_schema *meta = res ? meta_schema(c->meta_reader, res->dialect) : NULL;
    if (meta)
        c->meta = v->schema = meta;
}

static const struct visit *same_before(const struct visit *v)
{
    for (const struct visit *o = v->outer; o && o->value_id == v->value_id; o = o->outer) {
        if (o->schema == v->schema)
            return o;
    }
    return NULL;
}

/* The keywords that lead from the first schema to this one. */
static str keyword_location(struct arena *a, const struct visit *v)
{
    if (!v->outer)
        return S("");
    str outer = keyword_location(a, v->outer);
    if (v->reference)
        return pointer_step(a, outer, str_from(v->reference));
    str own = schema_location(a, v->schema->document, v->schema->pointer);
    str before = schema_location(a, v->outer->schema->document, v->outer->schema->pointer);
    return str_concat(a, outer, str_skip(own, before.len));
}

static void fail_cycle(struct visit *v, const struct visit *before)
{
    struct arena *a = v->checker->cx->arena;
    str at = schema_location(a, v->schema->document, v->schema->pointer);
    visit_fail(v, NULL, "both %.*s and %.*s resolve to %.*s causing reference cycle",
               STR(keyword_location(a, v)), STR(keyword_location(a, before)), STR(quoted(a, at)));
}

static void ask(struct visit *v)
{
    const struct visit *before = same_before(v);
    if (v->schema->says == SCHEMA_NOTHING)
        visit_fail(v, NULL, "false schema");
    else if (before)
        fail_cycle(v, before);
    else if (v->schema->says == SCHEMA_RULES)
        rules_ask(v);
}

/* One failure as it is, several behind one that holds them. */
static const struct json_failure *visit_result(struct visit *v)
{
    if (v->failures < 2)
        return v->first;
    struct json_failure *f = failure_new(v, NULL);
    f->words = S("validation failed");
    f->group = true;
    f->causes = v->first;
    return f;
}

static const struct json_failure *visit(struct visit *v, bool asked_for_left)
{
    struct checker *c = v->checker;
    const struct json_schema *meta = c->meta;
    if (c->stopped || !limit_count(c->cx, LIMIT_STEPS, 1 + v->schema->rule_count, v->value->pos)
        || !limit_enter(c->cx, LIMIT_DEPTH, v->value->pos)) {
        c->stopped = true;
        return NEW(c->cx->arena, struct json_failure);
    }
    choose_meta(v);
    left_begin(v, asked_for_left);
    ask(v);
    c->meta = meta;
    limit_leave(c->cx, LIMIT_DEPTH);
    return visit_result(v);
}

const struct json_failure *visit_same(struct visit *v, const struct json_schema *s,
                                      const char *reference, bool quiet)
{
    struct visit inner = {
        .checker = v->checker,
        .schema = s,
        .value = v->value,
        .place = v->place,
        .outer = v,
        .value_id = v->value_id,
        .reference = reference,
        .quiet = v->quiet || quiet,
    };
    const struct json_failure *f = visit(&inner, v->left && v->left->count);
    if (!f)
        left_meet(v, inner.left);
    return f;
}

const struct json_failure *visit_part(struct visit *v, const struct json_schema *s,
                                      const struct node *part, struct place_in_value place)
{
    place.outer = v->place;
    struct visit inner = {
        .checker = v->checker,
        .schema = s,
        .value = part,
        .place = &place,
        .outer = v,
        .value_id = ++v->checker->values,
        .quiet = v->quiet,
    };
    return visit(&inner, false);
}

const struct json_failure *visit_anew(const struct visit *v, const struct json_schema *s,
                                      const struct node *value)
{
    struct visit inner = {
        .checker = v->checker,
        .schema = s,
        .value = value,
        .value_id = ++v->checker->values,
        .quiet = v->quiet,
    };
    return visit(&inner, false);
}

const struct json_failure *failure_causes(const struct json_failure *f)
{
    return f && f->group ? f->causes : f;
}

/* From outside. */

static bool check(struct checker *c, const struct json_schema *schema, const struct node *value,
                  const struct json_failure **out)
{
    struct visit v = { .checker = c, .schema = schema, .value = value };
    *out = failure_causes(visit(&v, false));
    if (c->stopped)
        *out = NULL;
    return !c->stopped;
}

bool json_schema_check(struct context *cx, const struct json_schema *schema,
                       const struct node *value, const struct json_failure **out)
{
    struct checker c = { .cx = cx };
    return check(&c, schema, value, out);
}

bool meta_check(struct reader *r, const struct document *doc, const struct node *node, str pointer)
{
    struct arena *a = r->cx->arena;
    const struct json_failure *f;
    const struct json_schema *meta = meta_schema(r->meta, resource_around(doc, pointer)->dialect);
    struct checker c = { .cx = r->cx, .meta = meta, .meta_reader = r->meta, .document = doc };
    struct buf b;
    assert(meta);
    if (!check(&c, meta, node, &f))
        return false;
    if (!f)
        return true;
    str own = schema_location(a, doc, pointer);
    str its = schema_location(a, meta->document, meta->pointer);
    buf_init(&b, a, 256);
    json_failure_print(&b, f);
    const struct json_failure *deepest = json_failure_deepest(f);
    reader_fail(r,
                "%.*s is not valid against metaschema: "
                "jsonschema validation failed with '%.*s'\n%.*s",
                STR(quoted(a, own)), STR(its), STR(buf_view(&b)));
    r->error.brief = deepest->words;
    r->error.at = deepest->value;
    return false;
}

static void print_lines(struct buf *b, const struct json_failure *f, uint32_t indent, bool *first)
{
    for (; f; f = f->next) {
        bool folded = f->reference && f->causes && !f->causes->next;
        if (!folded) {
            if (!*first)
                buf_char(b, '\n');
            *first = false;
            buf_repeat(b, ' ', (size_t)indent * 2);
            buf_format(b, "- at %.*s: %.*s", STR(json_quoted(b->arena, f->at)), STR(f->words));
        }
        print_lines(b, f->causes, indent + !folded, first);
    }
}

void json_failure_print(struct buf *b, const struct json_failure *first)
{
    bool begins = true;
    print_lines(b, first, 0, &begins);
}

const struct json_failure *json_failure_deepest(const struct json_failure *f)
{
    while (f->causes)
        f = f->causes;
    return f;
}
