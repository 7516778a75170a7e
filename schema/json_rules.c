/* From keywords to rules. The table is in the order in which rules are asked; the first rows end
 * the asking when they fail, as a value of the wrong type would only fail everything else. */
#include "render/base/quote.h"
#include "render/base/regex.h"
#include "schema/json_parts.h"

struct reading {
    struct reader *r;
    struct json_schema *schema;
    const struct rule_kind *kind;
    const struct node *value; /* of the row's keyword; NULL when absent */
};

/* The kinds of values that a rule has something to say about. */
enum about {
    ABOUT_NUMBERS = 1 << NODE_INT | 1 << NODE_FLOAT,
    ABOUT_STRINGS = 1 << NODE_STRING,
    ABOUT_LISTS = 1 << NODE_LIST,
    ABOUT_MAPS = 1 << NODE_MAP,
    ABOUT_ALL = (1 << (NODE_MAP + 1)) - 1,
};

struct rule_kind {
    enum word word;
    enum draft since, until;
    unsigned vocabulary;
    unsigned about;
    bool final;
    /* True when there is a rule, which it fills in. */
    bool (*read)(struct reading *at, struct rule *out);
    rule_check *check;
};

/* Another keyword of the same schema. */
static const struct node *beside(const struct reading *at, enum word word)
{
    return node_get(at->schema->node, at->r->words[word]);
}

static const struct json_schema *below(const struct reading *at, enum word word)
{
    return schema_below(at->r, at->schema, word, (str){ NULL, 0 });
}

static bool is_true(const struct node *n)
{
    return node_is(n, NODE_BOOL) && str_eq(n->text, S("true"));
}

static bool is_false(const struct node *n)
{
    return node_is(n, NODE_BOOL) && !str_eq(n->text, S("true"));
}

static bool read_value(struct reading *at, struct rule *out)
{
    (void)out;
    return at->value != NULL;
}

static bool read_list_value(struct reading *at, struct rule *out)
{
    (void)out;
    return node_is(at->value, NODE_LIST);
}

static bool read_map_value(struct reading *at, struct rule *out)
{
    (void)out;
    return node_is(at->value, NODE_MAP);
}

static bool read_true(struct reading *at, struct rule *out)
{
    (void)out;
    return is_true(at->value);
}

static const struct {
    const char *name;
    unsigned bits;
} type_names[] = {
    { "null", 1 << NODE_NULL },  { "boolean", 1 << NODE_BOOL }, { "number", ABOUT_NUMBERS },
    { "integer", TYPE_INTEGER }, { "string", ABOUT_STRINGS },   { "array", ABOUT_LISTS },
    { "object", ABOUT_MAPS },
};

static unsigned type_bits(const struct node *n)
{
    for (size_t i = 0; node_is(n, NODE_STRING) && i < countof(type_names); i++) {
        if (str_eq(n->text, str_from(type_names[i].name)))
            return type_names[i].bits;
    }
    return 0;
}

static bool read_type(struct reading *at, struct rule *out)
{
    out->types = at->value ? type_bits(at->value) : 0;
    for (uint32_t i = 0; node_is(at->value, NODE_LIST) && i < at->value->len; i++)
        out->types |= type_bits(at->value->items[i]);
    return out->types != 0;
}

static bool read_format(struct reading *at, struct rule *out)
{
    enum draft draft = at->schema->draft;
    enum vocabulary asserts = draft == DRAFT_2019 ? VOCABULARY_FORMAT : VOCABULARY_FORMAT_ASSERTION;
    /* What the schemas of schemas say of formats always counts. */
    bool counts = draft < DRAFT_2019 || !at->r->meta
                  || (at->schema->resource->dialect.vocabularies & asserts);
    out->format = node_is(at->value, NODE_STRING) && counts ? format_find(at->value->text) : NULL;
    return out->format != NULL;
}

static bool read_number(struct reading *at, struct rule *out)
{
    if (!at->value || !json_is_number(at->value))
        return false;
    out->number = json_number(at->r->cx->arena, at->value->text);
    return true;
}

/* Draft 4 says "exclusiveMinimum": true beside a minimum, which then is exclusive. */
static bool read_minimum(struct reading *at, struct rule *out)
{
    return !is_true(beside(at, WORD_EXCLUSIVE_MINIMUM)) && read_number(at, out);
}

static bool read_maximum(struct reading *at, struct rule *out)
{
    return !is_true(beside(at, WORD_EXCLUSIVE_MAXIMUM)) && read_number(at, out);
}

static bool read_exclusive(struct reading *at, struct rule *out, enum word plain)
{
    if (is_true(at->value))
        out->value = at->value = beside(at, plain);
    return read_number(at, out);
}

static bool read_exclusive_minimum(struct reading *at, struct rule *out)
{
    return read_exclusive(at, out, WORD_MINIMUM);
}

static bool read_exclusive_maximum(struct reading *at, struct rule *out)
{
    return read_exclusive(at, out, WORD_MAXIMUM);
}

static bool count_of(const struct reading *at, const struct node *n, int64_t *out)
{
    if (!n || !json_is_number(n))
        return false;
    struct json_number number = json_number(at->r->cx->arena, n->text);
    *out = json_number_count(number);
    return json_number_is_whole(number);
}

static bool read_count(struct reading *at, struct rule *out)
{
    return count_of(at, at->value, &out->count);
}

static const struct regex *compile(struct reading *at, str pattern)
{
    struct arena *a = at->r->cx->arena;
    str error, where;
    struct regex *re = regex_compile(a, pattern, &error);
    if (re) {
        regex_watch(re, at->r->cx);
        return re;
    }
    where =
        schema_location(a, at->schema->document,
                        pointer_step(a, at->schema->pointer, at->r->words[at->kind->word]->text));
    reader_fail(at->r, "invalid regex %.*s at %.*s: %.*s", STR(quoted(a, pattern)),
                STR(quoted(a, where)), STR(error));
    return NULL;
}

static bool read_pattern(struct reading *at, struct rule *out)
{
    out->regex = node_is(at->value, NODE_STRING) ? compile(at, at->value->text) : NULL;
    return out->regex != NULL;
}

static bool read_schema(struct reading *at, struct rule *out)
{
    out->schema = at->value ? below(at, at->kind->word) : NULL;
    return at->value != NULL;
}

static struct schema_list list_of(struct reading *at, enum word word, const struct node *n)
{
    struct arena *a = at->r->cx->arena;
    struct schema_list list = { .len = n->len };
    list.at = NEW_ARRAY(a, const struct json_schema *, n->len);
    for (uint32_t i = 0; i < n->len; i++)
        list.at[i] = schema_below(at->r, at->schema, word, str_format(a, "%u", i));
    return list;
}

static bool read_schemas(struct reading *at, struct rule *out)
{
    if (!node_is(at->value, NODE_LIST))
        return false;
    out->list = list_of(at, at->kind->word, at->value);
    return out->list.len > 0;
}

static bool read_named_schemas(struct reading *at, struct rule *out)
{
    struct arena *a = at->r->cx->arena;
    const struct node *n = at->value;
    if (!node_is(n, NODE_MAP))
        return false;
    out->list = (struct schema_list){ NEW_ARRAY(a, const struct json_schema *, n->len),
                                      NEW_ARRAY(a, const struct key *, n->len), n->len };
    for (uint32_t i = 0; i < n->len; i++) {
        const struct entry *e = &n->entries[i];
        out->list.names[i] = e->key;
        /* Among `dependencies` there are lists of names, too. */
        if (e->value->kind != NODE_LIST)
            out->list.at[i] = schema_below(at->r, at->schema, at->kind->word, e->key->text);
    }
    return true;
}

static bool read_reference(struct reading *at, struct rule *out)
{
    if (!node_is(at->value, NODE_STRING))
        return false;
    out->schema = schema_referred(at->r, at->schema, at->value->text);
    return out->schema != NULL;
}

static bool read_dynamic_reference(struct reading *at, struct rule *out)
{
    str address, fragment;
    if (!node_is(at->value, NODE_STRING))
        return false;
    str_cut(at->value->text, '#', &address, &fragment);
    out->dynamic.schema = schema_referred(at->r, at->schema, at->value->text);
    out->dynamic.anchor = str_starts(fragment, S("/")) ? S("") : fragment;
    return out->dynamic.schema != NULL;
}

static bool read_patterns(struct reading *at, struct rule *out)
{
    const struct node *n = beside(at, WORD_PATTERN_PROPERTIES);
    if (!node_is(n, NODE_MAP))
        return true;
    out->members.patterns = NEW_ARRAY(at->r->cx->arena, struct pattern, n->len);
    out->members.pattern_count = n->len;
    for (uint32_t i = 0; i < n->len; i++) {
        str pattern = n->entries[i].key->text;
        out->members.patterns[i].regex = compile(at, pattern);
        out->members.patterns[i].schema =
            schema_below(at->r, at->schema, WORD_PATTERN_PROPERTIES, pattern);
        if (!out->members.patterns[i].regex)
            return false;
    }
    return true;
}

/* properties, patternProperties and additionalProperties look at members together. */
static bool read_members(struct reading *at, struct rule *out)
{
    const struct node *named = at->value;
    const struct node *others = beside(at, WORD_ADDITIONAL_PROPERTIES);
    out->members.by_name.arena = at->r->cx->arena;
    for (uint32_t i = 0; node_is(named, NODE_MAP) && i < named->len; i++) {
        str name = named->entries[i].key->text;
        map_put(&out->members.by_name, name,
                schema_below(at->r, at->schema, WORD_PROPERTIES, name));
    }
    if (!read_patterns(at, out))
        return false;
    out->value = others;
    at->schema->all_members = others != NULL;
    if (others)
        out->members.others = below(at, WORD_ADDITIONAL_PROPERTIES);
    return named || others || out->members.pattern_count;
}

/* Before 2020-12, `items` is one schema for all or a list for the first ones. */
static bool read_items_before(struct reading *at, struct rule *out)
{
    const struct node *n = at->value;
    const struct node *others = beside(at, WORD_ADDITIONAL_ITEMS);
    if (!n)
        return false;
    if (n->kind != NODE_LIST) {
        out->items.others = below(at, WORD_ITEMS);
        at->schema->all_items = true;
        return true;
    }
    out->items.first = list_of(at, WORD_ITEMS, n);
    at->schema->first_items = n->len;
    at->schema->all_items = others != NULL;
    out->items.refused = is_false(others);
    if (others && others->kind != NODE_BOOL)
        out->items.others = below(at, WORD_ADDITIONAL_ITEMS);
    return true;
}

static bool read_items(struct reading *at, struct rule *out)
{
    const struct node *first = beside(at, WORD_PREFIX_ITEMS);
    if (node_is(first, NODE_LIST)) {
        out->items.first = list_of(at, WORD_PREFIX_ITEMS, first);
        at->schema->first_items = first->len;
    }
    at->schema->all_items = at->value != NULL;
    if (at->value)
        out->items.others = below(at, WORD_ITEMS);
    return at->value || out->items.first.len;
}

static bool read_contains(struct reading *at, struct rule *out)
{
    out->contains.min = out->contains.max = -1;
    if (!at->value)
        return false;
    out->contains.schema = below(at, WORD_CONTAINS);
    if (at->schema->draft < DRAFT_2019)
        return true;
    if (!count_of(at, beside(at, WORD_MIN_CONTAINS), &out->contains.min))
        out->contains.min = -1;
    if (!count_of(at, beside(at, WORD_MAX_CONTAINS), &out->contains.max))
        out->contains.max = -1;
    return true;
}

static bool read_if(struct reading *at, struct rule *out)
{
    if (!at->value)
        return false;
    out->choice.condition = below(at, WORD_IF);
    if (beside(at, WORD_THEN) && !is_false(at->value))
        out->choice.then = below(at, WORD_THEN);
    if (beside(at, WORD_ELSE) && !is_true(at->value))
        out->choice.otherwise = below(at, WORD_ELSE);
    return true;
}

#define ALWAYS       DRAFT_4, DRAFT_2020
#define SINCE(draft) DRAFT_##draft, DRAFT_2020

static const struct rule_kind kinds[] = {
    { WORD_TYPE, ALWAYS, VOCABULARY_VALIDATION, ABOUT_ALL, true, read_type, check_type },
    { WORD_CONST, SINCE(6), VOCABULARY_VALIDATION, ABOUT_ALL, true, read_value, check_const },
    { WORD_ENUM, ALWAYS, VOCABULARY_VALIDATION, ABOUT_ALL, true, read_list_value, check_enum },
    { WORD_FORMAT, ALWAYS, 0, ABOUT_STRINGS, true, read_format, check_format },
    { WORD_REF, ALWAYS, VOCABULARY_CORE, ABOUT_ALL, false, read_reference, check_ref },

    { WORD_MIN_PROPERTIES, ALWAYS, VOCABULARY_VALIDATION, ABOUT_MAPS, false, read_count,
      check_min_properties },
    { WORD_MAX_PROPERTIES, ALWAYS, VOCABULARY_VALIDATION, ABOUT_MAPS, false, read_count,
      check_max_properties },
    { WORD_REQUIRED, ALWAYS, VOCABULARY_VALIDATION, ABOUT_MAPS, false, read_list_value,
      check_required },
    { WORD_DEPENDENCIES, ALWAYS, VOCABULARY_APPLICATOR, ABOUT_MAPS, false, read_named_schemas,
      check_dependencies },
    { WORD_PROPERTIES, ALWAYS, VOCABULARY_APPLICATOR, ABOUT_MAPS, false, read_members,
      check_members },
    { WORD_PROPERTY_NAMES, SINCE(6), VOCABULARY_APPLICATOR, ABOUT_MAPS, false, read_schema,
      check_property_names },
    { WORD_DEPENDENT_SCHEMAS, SINCE(2019), VOCABULARY_APPLICATOR, ABOUT_MAPS, false,
      read_named_schemas, check_dependent_schemas },
    { WORD_DEPENDENT_REQUIRED, SINCE(2019), VOCABULARY_VALIDATION, ABOUT_MAPS, false,
      read_map_value, check_dependent_required },

    { WORD_MIN_ITEMS, ALWAYS, VOCABULARY_VALIDATION, ABOUT_LISTS, false, read_count,
      check_min_items },
    { WORD_MAX_ITEMS, ALWAYS, VOCABULARY_VALIDATION, ABOUT_LISTS, false, read_count,
      check_max_items },
    { WORD_UNIQUE_ITEMS, ALWAYS, VOCABULARY_VALIDATION, ABOUT_LISTS, false, read_true,
      check_unique_items },
    { WORD_ITEMS, DRAFT_4, DRAFT_2019, VOCABULARY_APPLICATOR, ABOUT_LISTS, false, read_items_before,
      check_items },
    { WORD_ITEMS, SINCE(2020), VOCABULARY_APPLICATOR, ABOUT_LISTS, false, read_items, check_items },
    { WORD_CONTAINS, SINCE(6), VOCABULARY_APPLICATOR, ABOUT_LISTS, false, read_contains,
      check_contains },

    { WORD_MIN_LENGTH, ALWAYS, VOCABULARY_VALIDATION, ABOUT_STRINGS, false, read_count,
      check_min_length },
    { WORD_MAX_LENGTH, ALWAYS, VOCABULARY_VALIDATION, ABOUT_STRINGS, false, read_count,
      check_max_length },
    { WORD_PATTERN, ALWAYS, VOCABULARY_VALIDATION, ABOUT_STRINGS, false, read_pattern,
      check_pattern },

    { WORD_MINIMUM, ALWAYS, VOCABULARY_VALIDATION, ABOUT_NUMBERS, false, read_minimum,
      check_minimum },
    { WORD_MAXIMUM, ALWAYS, VOCABULARY_VALIDATION, ABOUT_NUMBERS, false, read_maximum,
      check_maximum },
    { WORD_EXCLUSIVE_MINIMUM, ALWAYS, VOCABULARY_VALIDATION, ABOUT_NUMBERS, false,
      read_exclusive_minimum, check_exclusive_minimum },
    { WORD_EXCLUSIVE_MAXIMUM, ALWAYS, VOCABULARY_VALIDATION, ABOUT_NUMBERS, false,
      read_exclusive_maximum, check_exclusive_maximum },
    { WORD_MULTIPLE_OF, ALWAYS, VOCABULARY_VALIDATION, ABOUT_NUMBERS, false, read_number,
      check_multiple_of },

    { WORD_RECURSIVE_REF, SINCE(2019), VOCABULARY_CORE, ABOUT_ALL, false, read_reference,
      check_recursive_ref },
    { WORD_DYNAMIC_REF, SINCE(2020), VOCABULARY_CORE, ABOUT_ALL, false, read_dynamic_reference,
      check_dynamic_ref },
    { WORD_NOT, ALWAYS, VOCABULARY_APPLICATOR, ABOUT_ALL, false, read_schema, check_not },
    { WORD_ALL_OF, ALWAYS, VOCABULARY_APPLICATOR, ABOUT_ALL, false, read_schemas, check_all_of },
    { WORD_ANY_OF, ALWAYS, VOCABULARY_APPLICATOR, ABOUT_ALL, false, read_schemas, check_any_of },
    { WORD_ONE_OF, ALWAYS, VOCABULARY_APPLICATOR, ABOUT_ALL, false, read_schemas, check_one_of },
    { WORD_IF, SINCE(7), VOCABULARY_APPLICATOR, ABOUT_ALL, false, read_if, check_if },
    { WORD_UNEVALUATED_PROPERTIES, SINCE(2019), VOCABULARY_UNEVALUATED, ABOUT_MAPS, false,
      read_schema, check_unevaluated_properties },
    { WORD_UNEVALUATED_ITEMS, SINCE(2019), VOCABULARY_UNEVALUATED, ABOUT_LISTS, false, read_schema,
      check_unevaluated_items },
};

bool dialect_has(struct dialect d, enum vocabulary v)
{
    unsigned own = VOCABULARY_CORE | VOCABULARY_APPLICATOR | VOCABULARY_VALIDATION
                   | (d.draft == DRAFT_2020 ? VOCABULARY_UNEVALUATED : 0);
    if (d.draft < DRAFT_2019 || !v)
        return true;
    if (d.draft == DRAFT_2019 && v == VOCABULARY_UNEVALUATED)
        v = VOCABULARY_APPLICATOR;
    return (d.vocabularies ? d.vocabularies : own) & v;
}

static bool read_rule(struct reader *r, struct json_schema *s, const struct rule_kind *kind)
{
    struct reading at = { r, s, kind, NULL };
    struct rule rule = { .kind = kind };
    if (s->draft < kind->since || s->draft > kind->until
        || !dialect_has(s->resource->dialect, kind->vocabulary))
        return true;
    const struct entry *e = node_entry(s->node, r->words[kind->word]);
    if (e) {
        rule.value = at.value = e->value;
        r->at = rule.pos = e->pos;
    }
    if (kind->read(&at, &rule))
        s->rules[s->rule_count++] = rule;
    return !r->error.words.len;
}

/* Before 2019-09, a $ref stands alone; but this validator still asks for `const`. */
static bool stands_beside_reference(const struct rule_kind *kind)
{
    return kind->word == WORD_REF || kind->word == WORD_CONST;
}

bool rules_read(struct reader *r, struct json_schema *s)
{
    struct rule room[countof(kinds)];
    if (s->node->kind != NODE_MAP || !s->node->len) {
        s->says = is_false(s->node) ? SCHEMA_NOTHING : SCHEMA_ANYTHING;
        return true;
    }
    s->rules = room;
    const struct node *ref = node_get(s->node, r->words[WORD_REF]);
    bool alone = s->draft < DRAFT_2019 && node_is(ref, NODE_STRING);
    for (size_t i = 0; i < countof(kinds); i++) {
        if ((!alone || stands_beside_reference(&kinds[i])) && !read_rule(r, s, &kinds[i]))
            return false;
    }
    s->rules = arena_copy(r->cx->arena, room, s->rule_count * sizeof *room);
    const struct node *anchor = node_get(s->node, r->words[WORD_DYNAMIC_ANCHOR]);
    s->dynamic_anchor =
        s->draft == DRAFT_2020 && node_is(anchor, NODE_STRING) ? anchor->text : S("");
    s->recursive_anchor =
        s->draft >= DRAFT_2019 && is_true(node_get(s->node, r->words[WORD_RECURSIVE_ANCHOR]));
    return true;
}

bool rules_ask_for_left(const struct json_schema *s, const struct node *value)
{
    const struct rule *rule = s->rule_count ? &s->rules[s->rule_count - 1] : NULL;
    for (uint32_t i = 0; i < 2 && i < s->rule_count; i++, rule--) {
        if (rule->kind->vocabulary == VOCABULARY_UNEVALUATED
            && (rule->kind->about & 1u << value->kind))
            return true;
    }
    return false;
}

bool rules_ask(struct visit *v)
{
    const struct json_schema *s = v->schema;
    for (uint32_t i = 0; i < s->rule_count; i++) {
        const struct rule *rule = &s->rules[i];
        if (!(rule->kind->about & 1u << v->value->kind))
            continue;
        rule->kind->check(v, rule);
        if (v->failures && (v->quiet || rule->kind->final))
            return false;
    }
    return !v->failures;
}

str type_name(const struct node *value)
{
    for (size_t i = 0; i < countof(type_names); i++) {
        if (type_names[i].bits & 1u << value->kind)
            return str_from(type_names[i].name);
    }
    return S("");
}

void types_print(struct buf *b, unsigned types)
{
    bool first = true;
    for (size_t i = 0; i < countof(type_names); i++) {
        if ((types & type_names[i].bits) != type_names[i].bits)
            continue;
        buf_format(b, "%s%s", first ? "" : " or ", type_names[i].name);
        first = false;
    }
}
