/* What reading a schema makes, for the files json_*.c that read it and those that check by it. */
#ifndef HOIST_SCHEMA_JSON_PARTS_H
#define HOIST_SCHEMA_JSON_PARTS_H

#include "render/base/map.h"
#include "schema/json_number.h"
#include "schema/json_schema.h"

enum draft { DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019, DRAFT_2020, DRAFT_COUNT };

/* Groups of keywords that a dialect of the later drafts has or does not have. */
enum vocabulary {
    VOCABULARY_CORE = 1 << 0,
    VOCABULARY_APPLICATOR = 1 << 1,
    VOCABULARY_UNEVALUATED = 1 << 2,
    VOCABULARY_VALIDATION = 1 << 3,
    VOCABULARY_META_DATA = 1 << 4,
    VOCABULARY_FORMAT = 1 << 5,
    VOCABULARY_FORMAT_ASSERTION = 1 << 6,
    VOCABULARY_CONTENT = 1 << 7,
    VOCABULARY_COUNT = 8,
};

/* The keywords that mean something here, X(identifier, text). A reader knows them by their keys. */
#define WORD_LIST(X)                                                                               \
    X(ANCHOR, "$anchor")                                                                           \
    X(DYNAMIC_ANCHOR, "$dynamicAnchor")                                                            \
    X(DYNAMIC_REF, "$dynamicRef")                                                                  \
    X(ADDRESS, "$id")                                                                              \
    X(RECURSIVE_ANCHOR, "$recursiveAnchor")                                                        \
    X(RECURSIVE_REF, "$recursiveRef")                                                              \
    X(REF, "$ref")                                                                                 \
    X(SCHEMA, "$schema")                                                                           \
    X(VOCABULARY, "$vocabulary")                                                                   \
    X(DEFS, "$defs")                                                                               \
    X(ADDITIONAL_ITEMS, "additionalItems")                                                         \
    X(ADDITIONAL_PROPERTIES, "additionalProperties")                                               \
    X(ALL_OF, "allOf")                                                                             \
    X(ANY_OF, "anyOf")                                                                             \
    X(CONST, "const")                                                                              \
    X(CONTAINS, "contains")                                                                        \
    X(CONTENT_SCHEMA, "contentSchema")                                                             \
    X(DEFINITIONS, "definitions")                                                                  \
    X(DEPENDENCIES, "dependencies")                                                                \
    X(DEPENDENT_REQUIRED, "dependentRequired")                                                     \
    X(DEPENDENT_SCHEMAS, "dependentSchemas")                                                       \
    X(ELSE, "else")                                                                                \
    X(ENUM, "enum")                                                                                \
    X(EXCLUSIVE_MAXIMUM, "exclusiveMaximum")                                                       \
    X(EXCLUSIVE_MINIMUM, "exclusiveMinimum")                                                       \
    X(FORMAT, "format")                                                                            \
    X(ID, "id")                                                                                    \
    X(IF, "if")                                                                                    \
    X(ITEMS, "items")                                                                              \
    X(MAX_CONTAINS, "maxContains")                                                                 \
    X(MAX_ITEMS, "maxItems")                                                                       \
    X(MAX_LENGTH, "maxLength")                                                                     \
    X(MAX_PROPERTIES, "maxProperties")                                                             \
    X(MAXIMUM, "maximum")                                                                          \
    X(MIN_CONTAINS, "minContains")                                                                 \
    X(MIN_ITEMS, "minItems")                                                                       \
    X(MIN_LENGTH, "minLength")                                                                     \
    X(MIN_PROPERTIES, "minProperties")                                                             \
    X(MINIMUM, "minimum")                                                                          \
    X(MULTIPLE_OF, "multipleOf")                                                                   \
    X(NOT, "not")                                                                                  \
    X(ONE_OF, "oneOf")                                                                             \
    X(PATTERN, "pattern")                                                                          \
    X(PATTERN_PROPERTIES, "patternProperties")                                                     \
    X(PREFIX_ITEMS, "prefixItems")                                                                 \
    X(PROPERTIES, "properties")                                                                    \
    X(PROPERTY_NAMES, "propertyNames")                                                             \
    X(REQUIRED, "required")                                                                        \
    X(THEN, "then")                                                                                \
    X(TYPE, "type")                                                                                \
    X(UNEVALUATED_ITEMS, "unevaluatedItems")                                                       \
    X(UNEVALUATED_PROPERTIES, "unevaluatedProperties")                                             \
    X(UNIQUE_ITEMS, "uniqueItems")

enum word {
#define X(identifier, text) WORD_##identifier,
    WORD_LIST(X)
#undef X
        WORD_COUNT
};

struct dialect {
    enum draft draft;
    unsigned vocabularies; /* of a metaschema that names some; 0: the draft's own */
};

bool dialect_has(struct dialect d, enum vocabulary v);

struct anchor {
    str pointer;
    bool dynamic;
    const struct json_schema *schema; /* of a dynamic one, once its resource was read */
};

/* A part of a document with an address of its own, at least the whole. */
struct resource {
    str pointer;
    str id;
    const struct node *node;
    struct dialect dialect;
    struct map anchors;
    bool recursive; /* $recursiveAnchor */
    bool entered;   /* its dynamic anchors are asked for */
};

struct document {
    str url;
    const struct node *root;
    struct map resources; /* by JSON pointer */
    struct map by_node;   /* by the address of their node */
    struct map seen;      /* pointers of what was looked through for resources */
    struct map schemas;   /* by JSON pointer */
};

enum { TYPE_INTEGER = 1 << 16 }; /* beside bits by enum node_kind */

struct rule;

struct json_schema {
    struct document *document;
    struct resource *resource;
    str pointer;
    const struct node *node;
    enum draft draft;
    enum { SCHEMA_RULES, SCHEMA_ANYTHING, SCHEMA_NOTHING } says;
    struct rule *rules;
    uint32_t rule_count;
    /* For `unevaluated...`: whether a rule here looks at all members or items, or at the first. */
    bool all_members;
    bool all_items;
    uint32_t first_items;
    str dynamic_anchor;
    bool recursive_anchor;
};

struct schema_list {
    const struct json_schema **at;
    const struct key **names; /* of schemas under a name each */
    uint32_t len;
};

struct pattern {
    const struct regex *regex;
    const struct json_schema *schema;
};

/* What a rule knows beside its keyword's value. */
struct rule {
    const struct rule_kind *kind;
    const struct node *value;
    struct pos pos;
    union {
        unsigned types;
        int64_t count;
        struct json_number number;
        const struct regex *regex;
        const struct format *format;
        const struct json_schema *schema;
        struct schema_list list;
        struct {
            struct map by_name; /* properties */
            struct pattern *patterns;
            uint32_t pattern_count;
            const struct json_schema *others;
        } members;
        struct {
            struct schema_list first;
            const struct json_schema *others;
            bool refused; /* additionalItems: false */
        } items;
        struct {
            const struct json_schema *schema;
            int64_t min, max; /* -1: not said */
        } contains;
        struct {
            const struct json_schema *condition, *then, *otherwise;
        } choice;
        struct {
            const struct json_schema *schema;
            str anchor;
        } dynamic;
    };
};

/* Reading: a list of schemas that were asked for and not yet read. */
struct reader {
    struct context *cx;
    const struct json_schema_source *source;
    struct reader *meta;  /* reads the schemas of schemas; NULL in that one itself */
    struct map documents; /* by url */
    struct map loaded;    /* their trees, and those of metaschemas */
    struct json_schema **queue;
    uint32_t queue_len;
    uint32_t queue_cap;
    uint32_t done;
    const struct key **words;       /* by enum word */
    struct pos at;                  /* what is being read */
    struct json_schema_error error; /* the first thing wrong */
};

/* Sets the error, unless there is one, and gives false. */
bool reader_fail(struct reader *r, const char *format, ...) PRINTF_LIKE(2, 3);

/* json_address.c: what stands where. */
struct document *document_at(struct reader *r, str url); /* loaded when new */
struct document *document_add(struct reader *r, str url, const struct node *root);
/* The resource that a pointer is in. */
struct resource *resource_around(const struct document *doc, str pointer);
/* The schema at a place, to be read later; NULL after a failure. */
struct json_schema *schema_at(struct reader *r, struct document *doc, str pointer);
struct json_schema *schema_below(struct reader *r, const struct json_schema *s, enum word word,
                                 str name);
/* What a $ref in this schema refers to. */
struct json_schema *schema_referred(struct reader *r, const struct json_schema *s, str reference);
/* "file:///values.schema.json#/properties/a" */
str schema_location(struct arena *a, const struct document *doc, str pointer);
str pointer_step(struct arena *a, str pointer, str token);
bool reader_drain(struct reader *r);

/* json_rules.c: a schema's keywords to rules. */
bool rules_read(struct reader *r, struct json_schema *s);
struct visit;
/* Whether one of the rules is about what the others have not looked at. */
bool rules_ask_for_left(const struct json_schema *s, const struct node *value);
/* Asks a schema's rules, in their order, about the visit's value. */
bool rules_ask(struct visit *v);
str type_name(const struct node *value);         /* "array" */
void types_print(struct buf *b, unsigned types); /* "null or string" */

/* json_meta.c: the documents that say what a schema is. */
str meta_url(struct arena *a, enum draft draft);
bool meta_draft(str url, enum draft *out);
/* NULL for any other address. */
const struct node *meta_document(struct context *cx, str url);
/* It comes from where those come from, so it is held against nothing. */
bool meta_is_its_own(str url);
/* The bit of a vocabulary's name, "core"; 0 when there is none. */
unsigned meta_vocabulary(enum draft draft, str name);
/* What a schema of this dialect has to be like, read by the reader of such; NULL never. */
const struct json_schema *meta_schema(struct reader *meta, struct dialect dialect);
/* json_check.c: a part of a document is a schema, by its dialect. */
bool meta_check(struct reader *r, const struct document *doc, const struct node *node, str pointer);

/* json_format.c */
struct format {
    const char *name;
    bool (*fits)(struct arena *a, str text, str *why);
};
const struct format *format_find(str name);

/* json_check.c: a value held against a schema. `outer` is the visit that led here. */
struct place_in_value {
    const struct key *name; /* of a member; NULL for an item */
    uint32_t index;
    const struct place_in_value *outer;
};

struct checker {
    struct context *cx;
    const struct json_schema *meta; /* checking a schema: what it has to be like */
    struct reader *meta_reader;
    const struct document *document; /* that schema's */
    uint32_t values;                 /* counted, so that a value is known again */
    bool stopped;                    /* a limit was reached */
};

/* The members or items that no rule has looked at yet. */
struct left {
    uint32_t len;
    uint32_t count;
    uint64_t *bits;
};

struct visit {
    struct checker *checker;
    const struct json_schema *schema;
    const struct node *value;
    const struct place_in_value *place;
    const struct visit *outer;
    uint32_t value_id;
    const char *reference; /* the keyword that jumped here, or NULL */
    struct left *left;     /* NULL when nothing is, or nobody asks */
    bool quiet;            /* only whether it fits is asked for */
    struct json_failure *first;
    struct json_failure *last;
    uint32_t failures;
};

struct json_failure *visit_fail(struct visit *v, const struct rule *rule, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* The same schema's value held against another, or a part of the value. NULL when it fits. */
const struct json_failure *visit_same(struct visit *v, const struct json_schema *s,
                                      const char *reference, bool quiet);
const struct json_failure *visit_part(struct visit *v, const struct json_schema *s,
                                      const struct node *part, struct place_in_value place);
/* Another value altogether, as the name of a member is. */
const struct json_failure *visit_anew(const struct visit *v, const struct json_schema *s,
                                      const struct node *value);
/* What a group holds, and any other failure itself. */
const struct json_failure *failure_causes(const struct json_failure *f);
void visit_add(struct visit *v, const struct json_failure *f);
void left_remove(struct visit *v, uint32_t at);

/* json_values.c, json_apply.c: the checks of json_rules.c's table. */
typedef void rule_check(struct visit *v, const struct rule *rule);
rule_check check_type, check_const, check_enum, check_format, check_min_properties,
    check_max_properties, check_required, check_dependent_required, check_min_items,
    check_max_items, check_unique_items, check_min_length, check_max_length, check_pattern,
    check_minimum, check_maximum, check_exclusive_minimum, check_exclusive_maximum,
    check_multiple_of;
rule_check check_ref, check_recursive_ref, check_dynamic_ref, check_dependencies, check_members,
    check_property_names, check_dependent_schemas, check_items, check_contains, check_not,
    check_all_of, check_any_of, check_one_of, check_if, check_unevaluated_properties,
    check_unevaluated_items;

/* The members named in a list are needed where `name` is. */
void check_needed_by(struct visit *v, const struct rule *rule, str name, const struct node *names);

/* 'text' with Go's escapes. */
str json_quoted(struct arena *a, str s);

#endif
