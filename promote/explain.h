/* Why a value is as it is: who said it first, and every step that has changed it since. */
#ifndef HOIST_PROMOTE_EXPLAIN_H
#define HOIST_PROMOTE_EXPLAIN_H

#include "promote/environment.h"
#include "promote/field.h"

struct explain_decider;

/* What one step made of a value. */
struct explain_hop {
    const struct node *value;
    /* The line that decides: of the file that says the value, or of the entry that asks for it. */
    struct pos pos;
    str step;       /* "patches"; "" for a file that is read as it is */
    struct pos via; /* the kustomization's entry that named the file, NOWHERE for `pos` itself */
    bool component; /* the entry is one of a component */
    struct explain_chain *copied; /* of the value that was copied here, or NULL */
    /* Of what a template printed: the line of a helper that printed it there, or NOWHERE, and the
     * values that decide it: explain_chart.c. */
    struct pos helper;
    struct explain_decider *deciders;
    uint32_t decider_count;
    uint32_t decider_cap;
};

struct explain_chain {
    struct explain_hop *at; /* the first comes first */
    uint32_t len;
    uint32_t cap;
};

/* A value of a chart that decides what a template prints. */
struct explain_decider {
    str label; /* ".Values.image.tag" */
    struct explain_chain chain;
    bool presence; /* it decides whether there is anything */
};

void explain_field(struct context *cx, const struct node *document, const struct field *f,
                   struct explain_chain *out);

/* The line that says what the value is now: where a change of the value begins. */
struct pos explain_source(const struct explain_chain *chain);

/* The document that a user calls "KIND/NAME": by its name, by that without prefixes and hashes,
 * or by NAMESPACE/NAME. NULL after a report, with the nearest name. */
const struct node *explain_document(struct context *cx, const struct documents *all, str word);

struct explain_style {
    str name; /* of the environment, as the user wrote it */
    bool color;
    bool values;                     /* the document is a chart's values */
    struct explain_inquiry *inquiry; /* what to ask of charts; may be NULL */
};

/* explain_print.c: a chain for a person and as JSON, and a whole document with a comment at each
 * value. Values of Secrets are masked. */
void explain_write(struct context *cx, struct buf *out, const struct node *document,
                   const struct field *f, struct explain_style style);
bool explain_write_json(struct context *cx, struct buf *out, const struct node *document,
                        const struct field *f, struct explain_style style);
/* What it was, commit by commit. */
struct past_values;
void explain_write_past(struct context *cx, struct buf *out, const struct node *document,
                        const struct field *f, const struct past_values *past,
                        struct explain_style style);
bool explain_write_past_json(struct context *cx, struct buf *out, const struct node *document,
                             const struct field *f, const struct past_values *past,
                             struct explain_style style);
bool explain_write_document(struct context *cx, struct buf *out, const struct node *document,
                            struct explain_style style);

#endif
