/* JSON Schema, drafts 4 to 2020-12, as Helm's validator understands it and in its words. */
#ifndef HOIST_SCHEMA_JSON_SCHEMA_H
#define HOIST_SCHEMA_JSON_SCHEMA_H

#include "render/base/buf.h"
#include "render/doc/node.h"

struct json_schema;

/* Where the documents come from that a schema refers to; those that say what a schema is are
 * known already. `load` gives NULL and in *why the reason: "no such file". */
struct json_schema_source {
    const struct node *(*load)(struct context *cx, void *who, str url, str *why);
    void *who;
};

/* Why a text is no schema. */
struct json_schema_error {
    str words;     /* the validator's sentence, over several lines where it is one */
    str brief;     /* what is wrong at `at`, in one line */
    struct pos at; /* in the schema's own text */
};

/* The schema in the document `root`, whose address is `url`. NULL when it is none, or when a limit
 * was reached, which is reported: there are no words then. */
const struct json_schema *json_schema_read(struct context *cx, str url, const struct node *root,
                                           const struct json_schema_source *source,
                                           struct json_schema_error *error);

/* Something that a value is not. What several rules have in common holds theirs as causes. */
struct json_failure {
    str words;        /* "got number, want string" */
    str at;           /* where in the value, a JSON pointer: "/image/tag" */
    struct pos value; /* the value's own place, and that of the rule that it breaks */
    struct pos rule;
    const struct json_failure *causes;
    const struct json_failure *next;
    bool reference; /* of a $ref: with one cause it is not worth a line */
    bool group;     /* nothing but its causes */
};

/* Holds a value against a schema: *out is NULL when it fits. False when a limit was reached, which
 * is reported. Maps are asked in the order of their entries. */
bool json_schema_check(struct context *cx, const struct json_schema *schema,
                       const struct node *value, const struct json_failure **out);

/* A line for each failure, deeper ones behind two spaces more:
 * "- at '/image/tag': got number, want string". Without the last line end. */
void json_failure_print(struct buf *b, const struct json_failure *first);
/* The innermost failure: what a person would look at first. */
const struct json_failure *json_failure_deepest(const struct json_failure *f);

#endif
