/* JSON's numbers without loss, and JSON's values compared: 1, 1.0 and 10e-1 are one number. */
#ifndef HOIST_SCHEMA_JSON_NUMBER_H
#define HOIST_SCHEMA_JSON_NUMBER_H

#include "render/doc/node.h"

/* 0.digits times ten to the power of `point`; no digits for zero. */
struct json_number {
    str digits; /* without zeros at either end */
    int64_t point;
    bool negative;
};

static inline bool json_is_number(const struct node *n)
{
    return n->kind == NODE_INT || n->kind == NODE_FLOAT;
}

/* The digits are in `a`, or part of the text. */
struct json_number json_number(struct arena *a, str text);
int json_number_cmp(struct json_number x, struct json_number y);
bool json_number_is_whole(struct json_number n);
bool json_number_divides(struct json_number divisor, struct json_number n);
/* Whole numbers of a size that counts something; what is larger is clamped. */
int64_t json_number_count(struct json_number n);
/* The nearest float as golang.org/x/text prints it in English: 1,234.5 and 1.5×10⁰⁸. */
void json_number_print(struct buf *b, str text);

bool json_equal(struct arena *a, const struct node *x, const struct node *y);
/* Equal values have equal hashes. */
uint64_t json_hash(struct arena *a, const struct node *n);

#endif
