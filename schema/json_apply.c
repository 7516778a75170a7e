/* Rules that hold the value, or parts of it, against further schemas. */
#include "render/base/regex.h"
#include "schema/json_parts.h"

static void check_reference(struct visit *v, const struct rule *rule, const struct json_schema *s,
                            const char *keyword)
{
    const struct json_failure *f = visit_same(v, s, keyword, false);
    if (!f)
        return;
    struct json_failure *own = visit_fail(v, rule, "validation failed");
    own->reference = true;
    own->causes = failure_causes(f);
}

void check_ref(struct visit *v, const struct rule *rule)
{
    check_reference(v, rule, rule->schema, "$ref");
}

/* The outermost schema on the way here whose resource takes such references. */
void check_recursive_ref(struct visit *v, const struct rule *rule)
{
    const struct json_schema *s = rule->schema;
    for (const struct visit *o = v; rule->schema->recursive_anchor && o; o = o->outer) {
        if (o->schema->resource->recursive)
            s = o->schema;
    }
    check_reference(v, rule, s, "$recursiveRef");
}

void check_dynamic_ref(struct visit *v, const struct rule *rule)
{
    const struct json_schema *s = rule->dynamic.schema;
    str name = rule->dynamic.anchor;
    for (const struct visit *o = v;
         name.len && str_eq(name, rule->dynamic.schema->dynamic_anchor) && o; o = o->outer) {
        const struct anchor *anchor = map_get(&o->schema->resource->anchors, name);
        if (anchor && anchor->schema)
            s = anchor->schema;
    }
    check_reference(v, rule, s, "$dynamicRef");
}

/* Members. */

void check_dependencies(struct visit *v, const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->list.len; i++) {
        const struct key *name = rule->list.names[i];
        if (!node_get(v->value, name))
            continue;
        if (rule->list.at[i])
            visit_add(v, visit_same(v, rule->list.at[i], NULL, false));
        else
            check_needed_by(v, rule, name->text, node_get(rule->value, name));
    }
}

void check_dependent_schemas(struct visit *v, const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->list.len; i++) {
        if (node_get(v->value, rule->list.names[i]))
            visit_add(v, visit_same(v, rule->list.at[i], NULL, false));
    }
}

/* Whether a rule for members of this name was there to be asked. */
static bool check_named(struct visit *v, const struct rule *rule, const struct entry *e)
{
    struct place_in_value place = { .name = e->key };
    const struct json_schema *s = map_get(&rule->members.by_name, e->key->text);
    bool named = s != NULL;
    if (s)
        visit_add(v, visit_part(v, s, e->value, place));
    for (uint32_t i = 0; i < rule->members.pattern_count; i++) {
        const struct pattern *p = &rule->members.patterns[i];
        if (!regex_matches(v->checker->cx->arena, p->regex, e->key->text))
            continue;
        named = true;
        visit_add(v, visit_part(v, p->schema, e->value, place));
    }
    return named;
}

void check_members(struct visit *v, const struct rule *rule)
{
    struct arena *a = v->checker->cx->arena;
    const struct node *others = rule->value; /* what additionalProperties says */
    bool refused = node_is(others, NODE_BOOL) && rule->members.others->says == SCHEMA_NOTHING;
    struct buf names;
    buf_init(&names, a, 0);
    for (uint32_t i = 0; i < v->value->len && !(v->quiet && v->failures); i++) {
        const struct entry *e = &v->value->entries[i];
        bool named = check_named(v, rule, e);
        if (!named && refused)
            buf_format(&names, "%s%.*s", names.len ? ", " : "", STR(json_quoted(a, e->key->text)));
        else if (!named && others)
            visit_add(v, visit_part(v, rule->members.others, e->value,
                                    (struct place_in_value){ .name = e->key }));
        if (named || others)
            left_remove(v, i);
    }
    if (names.len)
        visit_fail(v, rule, "additional properties %.*s not allowed", STR(buf_view(&names)));
}

void check_property_names(struct visit *v, const struct rule *rule)
{
    struct context *cx = v->checker->cx;
    for (uint32_t i = 0; i < v->value->len; i++) {
        const struct entry *e = &v->value->entries[i];
        struct node *name = node_string(cx, e->key->text);
        name->pos = e->pos;
        const struct json_failure *f = visit_anew(v, rule->schema, name);
        if (!f)
            continue;
        struct json_failure *own = visit_fail(v, rule, "invalid propertyName %.*s",
                                              STR(json_quoted(cx->arena, e->key->text)));
        own->at = S(""); /* this validator forgets where it is */
        own->value = name->pos;
        own->causes = failure_causes(f);
    }
}

/* Items. */

void check_items(struct visit *v, const struct rule *rule)
{
    const struct node *list = v->value;
    uint32_t first = rule->items.first.len < list->len ? rule->items.first.len : list->len;
    for (uint32_t i = 0; i < first; i++)
        visit_add(v, visit_part(v, rule->items.first.at[i], list->items[i],
                                (struct place_in_value){ .index = i }));
    /* Helm's validator counts these from 0 again (rules.cases: "items by their places"). */
    for (uint32_t i = first; rule->items.others && i < list->len; i++)
        visit_add(v, visit_part(v, rule->items.others, list->items[i],
                                (struct place_in_value){ .index = i - first }));
    if (rule->items.refused && first < list->len)
        visit_fail(v, rule, "last %u additionalItem(s) not allowed", list->len - first);
}

static void fail_contains(struct visit *v, const struct rule *rule, const char *which, int64_t want,
                          uint32_t got, str places, const struct json_failure *causes)
{
    struct json_failure *f =
        places.len ? visit_fail(v, rule,
                                "%s %lld items required to match contains schema, but matched "
                                "%u items at %.*s",
                                which, (long long)want, got, STR(places))
                   : visit_fail(v, rule,
                                "%s %lld items required to match contains schema, but none "
                                "matched",
                                which, (long long)want);
    f->causes = causes;
}

void check_contains(struct visit *v, const struct rule *rule)
{
    int64_t min = rule->contains.min, max = rule->contains.max;
    struct visit apart = { 0 }; /* gathers what may not fail the whole */
    struct buf places;
    uint32_t matched = 0;
    buf_init(&places, v->checker->cx->arena, 0);
    for (uint32_t i = 0; i < v->value->len; i++) {
        const struct json_failure *f = visit_part(v, rule->contains.schema, v->value->items[i],
                                                  (struct place_in_value){ .index = i });
        visit_add(&apart, f);
        if (f)
            continue;
        buf_format(&places, "%s%u", matched++ ? " " : "", i);
        if (v->schema->draft >= DRAFT_2020)
            left_remove(v, i);
    }
    if (min < 0 && !matched)
        visit_fail(v, rule, "no items match contains schema")->causes = apart.first;
    else if (min >= 0 && matched < min)
        fail_contains(v, rule, "min", min, matched, buf_view(&places), apart.first);
    if (max >= 0 && matched > max)
        fail_contains(v, rule, "max", max, matched, buf_view(&places), NULL);
}

/* Several schemas for one value. */

void check_not(struct visit *v, const struct rule *rule)
{
    if (!visit_same(v, rule->schema, NULL, true))
        visit_fail(v, rule, "'not' failed");
}

void check_all_of(struct visit *v, const struct rule *rule)
{
    struct visit apart = { 0 };
    for (uint32_t i = 0; i < rule->list.len && !(v->quiet && apart.failures); i++)
        visit_add(&apart, visit_same(v, rule->list.at[i], NULL, false));
    if (apart.failures)
        visit_fail(v, rule, "'allOf' failed")->causes = apart.first;
}

/* Why none of them fits. Nobody asks that while one does: then their words are not needed. */
static const struct json_failure *all_failures(struct visit *v, const struct rule *rule)
{
    struct visit apart = { 0 };
    for (uint32_t i = 0; i < rule->list.len && !v->quiet; i++)
        visit_add(&apart, visit_same(v, rule->list.at[i], NULL, false));
    return apart.first;
}

void check_any_of(struct visit *v, const struct rule *rule)
{
    bool fits = false;
    for (uint32_t i = 0; i < rule->list.len; i++) {
        bool this = !visit_same(v, rule->list.at[i], NULL, true);
        fits |= this;
        /* Further ones may look at members that are left. */
        if (this && !(v->left && v->left->count))
            return;
    }
    if (!fits)
        visit_fail(v, rule, "'anyOf' failed")->causes = all_failures(v, rule);
}

void check_one_of(struct visit *v, const struct rule *rule)
{
    ptrdiff_t fits = -1;
    for (uint32_t i = 0; i < rule->list.len; i++) {
        if (visit_same(v, rule->list.at[i], NULL, true))
            continue;
        if (fits >= 0) {
            visit_fail(v, rule, "'oneOf' failed, subschemas %td, %u matched", fits, i);
            return;
        }
        fits = i;
    }
    if (fits < 0)
        visit_fail(v, rule, "'oneOf' failed, none matched")->causes = all_failures(v, rule);
}

void check_if(struct visit *v, const struct rule *rule)
{
    bool fits = !visit_same(v, rule->choice.condition, NULL, true);
    const struct json_schema *s = fits ? rule->choice.then : rule->choice.otherwise;
    if (s)
        visit_add(v, visit_same(v, s, NULL, false));
}

/* What no rule has looked at. */

static bool is_left(const struct visit *v, uint32_t at)
{
    return v->left && (v->left->bits[at / 64] >> at % 64 & 1);
}

void check_unevaluated_properties(struct visit *v, const struct rule *rule)
{
    for (uint32_t i = 0; i < v->value->len; i++) {
        const struct entry *e = &v->value->entries[i];
        if (is_left(v, i))
            visit_add(v, visit_part(v, rule->schema, e->value,
                                    (struct place_in_value){ .name = e->key }));
    }
    v->left = NULL;
}

void check_unevaluated_items(struct visit *v, const struct rule *rule)
{
    for (uint32_t i = 0; i < v->value->len; i++) {
        if (is_left(v, i))
            visit_add(v, visit_part(v, rule->schema, v->value->items[i],
                                    (struct place_in_value){ .index = i }));
    }
    v->left = NULL;
}
