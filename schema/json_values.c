/* Rules about a value alone. */
#include "render/base/regex.h"
#include "schema/json_parts.h"

/* A whole number in English: 1,000. */
static str counted(struct visit *v, int64_t n)
{
    struct arena *a = v->checker->cx->arena;
    str plain = str_format(a, "%lld", (long long)n);
    struct buf b;
    buf_init(&b, a, plain.len * 2);
    bool negative = n < 0;
    for (size_t i = 0; i < plain.len; i++) {
        if (i > negative && (plain.len - i) % 3 == 0)
            buf_char(&b, ',');
        buf_char(&b, plain.at[i]);
    }
    return buf_take(&b);
}

static bool is_integer(struct visit *v)
{
    return json_is_number(v->value)
           && json_number_is_whole(json_number(v->checker->cx->arena, v->value->text));
}

void check_type(struct visit *v, const struct rule *rule)
{
    struct buf want;
    if ((rule->types & 1u << v->value->kind) || ((rule->types & TYPE_INTEGER) && is_integer(v)))
        return;
    buf_init(&want, v->checker->cx->arena, 32);
    types_print(&want, rule->types);
    visit_fail(v, rule, "got %.*s, want %.*s", STR(type_name(v->value)), STR(buf_view(&want)));
}

/* A scalar as Go prints it. */
static str displayed(struct arena *a, const struct node *n)
{
    if (n->kind == NODE_NULL)
        return S("<nil>");
    return n->kind == NODE_STRING ? json_quoted(a, n->text) : n->text;
}

void check_const(struct visit *v, const struct rule *rule)
{
    struct arena *a = v->checker->cx->arena;
    if (json_equal(a, v->value, rule->value))
        return;
    if (node_is_scalar(rule->value))
        visit_fail(v, rule, "value must be %.*s", STR(displayed(a, rule->value)));
    else
        visit_fail(v, rule, "'const' failed");
}

static void fail_enum(struct visit *v, const struct rule *rule)
{
    struct arena *a = v->checker->cx->arena;
    const struct node *all = rule->value;
    struct buf b;
    for (uint32_t i = 0; i < all->len; i++) {
        if (!node_is_scalar(all->items[i])) {
            visit_fail(v, rule, "'enum' failed");
            return;
        }
    }
    buf_init(&b, a, 64);
    buf_str(&b, all->len == 1 ? S("value must be ") : S("value must be one of "));
    for (uint32_t i = 0; i < all->len; i++)
        buf_format(&b, "%s%.*s", i ? ", " : "", STR(displayed(a, all->items[i])));
    visit_fail(v, rule, "%.*s", STR(buf_view(&b)));
}

void check_enum(struct visit *v, const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->value->len; i++) {
        if (json_equal(v->checker->cx->arena, v->value, rule->value->items[i]))
            return;
    }
    if (v->quiet)
        visit_fail(v, rule, "%s", "");
    else
        fail_enum(v, rule);
}

void check_format(struct visit *v, const struct rule *rule)
{
    struct arena *a = v->checker->cx->arena;
    str why = S("");
    if (!rule->format->fits(a, v->value->text, &why))
        visit_fail(v, rule, "%.*s is not valid %s: %.*s", STR(json_quoted(a, v->value->text)),
                   rule->format->name, STR(why));
}

/* Counts. */

static void check_count(struct visit *v, const struct rule *rule, const char *keyword, size_t got,
                        bool at_least)
{
    int64_t n = (int64_t)got;
    if (at_least ? n >= rule->count : n <= rule->count)
        return;
    visit_fail(v, rule, "%s: got %.*s, want %.*s", keyword, STR(counted(v, n)),
               STR(counted(v, rule->count)));
}

void check_min_properties(struct visit *v, const struct rule *rule)
{
    check_count(v, rule, "minProperties", v->value->len, true);
}

void check_max_properties(struct visit *v, const struct rule *rule)
{
    check_count(v, rule, "maxProperties", v->value->len, false);
}

void check_min_items(struct visit *v, const struct rule *rule)
{
    check_count(v, rule, "minItems", v->value->len, true);
}

void check_max_items(struct visit *v, const struct rule *rule)
{
    check_count(v, rule, "maxItems", v->value->len, false);
}

void check_min_length(struct visit *v, const struct rule *rule)
{
    check_count(v, rule, "minLength", utf8_count(v->value->text), true);
}

void check_max_length(struct visit *v, const struct rule *rule)
{
    check_count(v, rule, "maxLength", utf8_count(v->value->text), false);
}

void check_pattern(struct visit *v, const struct rule *rule)
{
    struct arena *a = v->checker->cx->arena;
    if (!regex_matches(a, rule->regex, v->value->text))
        visit_fail(v, rule, "%.*s does not match pattern %.*s", STR(json_quoted(a, v->value->text)),
                   STR(json_quoted(a, rule->value->text)));
}

/* Members that have to be there. */

/* The names in a list that the value has no member of, quoted; how many is the answer. */
static uint32_t missing(struct visit *v, const struct node *names, str *out)
{
    struct arena *a = v->checker->cx->arena;
    uint32_t count = 0;
    struct buf b;
    buf_init(&b, a, 0);
    for (uint32_t i = 0; i < names->len; i++) {
        const struct node *name = names->items[i];
        if (!node_is(name, NODE_STRING) || node_get_text(v->checker->cx, v->value, name->text))
            continue;
        buf_format(&b, "%s%.*s", count++ ? ", " : "", STR(json_quoted(a, name->text)));
    }
    *out = buf_view(&b);
    return count;
}

void check_required(struct visit *v, const struct rule *rule)
{
    str names;
    uint32_t count = missing(v, rule->value, &names);
    if (count)
        visit_fail(v, rule, "missing %s %.*s", count == 1 ? "property" : "properties", STR(names));
}

void check_needed_by(struct visit *v, const struct rule *rule, str name, const struct node *names)
{
    str absent;
    if (missing(v, names, &absent))
        visit_fail(v, rule, "properties %.*s required, if %.*s exists", STR(absent),
                   STR(json_quoted(v->checker->cx->arena, name)));
}

void check_dependent_required(struct visit *v, const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->value->len; i++) {
        const struct entry *e = &rule->value->entries[i];
        if (node_is(e->value, NODE_LIST) && node_get(v->value, e->key))
            check_needed_by(v, rule, e->key->text, e->value);
    }
}

/* Items that are equal, found by their hashes: the first pair in the order of its second. */
void check_unique_items(struct visit *v, const struct rule *rule)
{
    struct arena *a = v->checker->cx->arena;
    const struct node *list = v->value;
    uint64_t mask = 15;
    while (mask < (uint64_t)list->len * 2)
        mask = mask * 2 + 1;
    uint32_t *slots = NEW_ARRAY(a, uint32_t, mask + 1);
    for (uint32_t i = 0; i < list->len; i++) {
        uint64_t at = json_hash(a, list->items[i]) & mask;
        while (slots[at] && !json_equal(a, list->items[slots[at] - 1], list->items[i]))
            at = (at + 1) & mask;
        if (slots[at]) {
            visit_fail(v, rule, "items at %.*s and %.*s are equal", STR(counted(v, slots[at] - 1)),
                       STR(counted(v, i)));
            return;
        }
        slots[at] = i + 1;
    }
}

/* Numbers. */

static void fail_number(struct visit *v, const struct rule *rule, const char *keyword)
{
    struct arena *a = v->checker->cx->arena;
    struct buf got, want;
    buf_init(&got, a, 32);
    buf_init(&want, a, 32);
    json_number_print(&got, v->value->text);
    json_number_print(&want, rule->value->text);
    visit_fail(v, rule, "%s: got %.*s, want %.*s", keyword, STR(buf_view(&got)),
               STR(buf_view(&want)));
}

static int compared(struct visit *v, const struct rule *rule)
{
    return json_number_cmp(json_number(v->checker->cx->arena, v->value->text), rule->number);
}

void check_minimum(struct visit *v, const struct rule *rule)
{
    if (compared(v, rule) < 0)
        fail_number(v, rule, "minimum");
}

void check_maximum(struct visit *v, const struct rule *rule)
{
    if (compared(v, rule) > 0)
        fail_number(v, rule, "maximum");
}

void check_exclusive_minimum(struct visit *v, const struct rule *rule)
{
    if (compared(v, rule) <= 0)
        fail_number(v, rule, "exclusiveMinimum");
}

void check_exclusive_maximum(struct visit *v, const struct rule *rule)
{
    if (compared(v, rule) >= 0)
        fail_number(v, rule, "exclusiveMaximum");
}

void check_multiple_of(struct visit *v, const struct rule *rule)
{
    if (!json_number_divides(rule->number, json_number(v->checker->cx->arena, v->value->text)))
        fail_number(v, rule, "multipleOf");
}
