/* What a change means for what runs: pods that restart, objects that must be made anew, what
 * becomes reachable. Rules are rows of a table in impact.c. */
#ifndef HOIST_PROMOTE_IMPACT_H
#define HOIST_PROMOTE_IMPACT_H

#include "promote/diff.h"

/* In the order in which they are named: the gravest first. */
enum impact {
    IMPACT_DELETES_STORAGE, /* data goes with the object */
    IMPACT_DELETES_ALL,     /* a Namespace, a definition: all that it holds goes along */
    IMPACT_RECREATES,       /* an immutable field: the API server refuses, or it is made anew */
    IMPACT_NARROWS,         /* a schema: what was accepted is refused, or dropped */
    IMPACT_WIDENS,          /* permissions */
    IMPACT_EXPOSES,
    IMPACT_ROLLS_OUT,
    IMPACT_SCALES,
    IMPACT_IMAGE_ONLY,
    IMPACT_DATA_ONLY,
    IMPACT_COUNT
};

/* Sets `impact` of the document and of its changes. Folded changes count: a label in a pod
 * template restarts pods, seen or not. */
void impact_judge(struct diff_document *doc);

/* "rolls out pods". */
str impact_word(enum impact i);
/* The word that a stylesheet or another program knows: "rolls-out". */
str impact_name(enum impact i);
/* "rolls out pods, scales"; empty for none. */
str impact_words(struct arena *a, uint32_t bits);
/* Is it one to look at twice? */
bool impact_is_grave(uint32_t bits);

#endif
