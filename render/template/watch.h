/* What a render reads of values: for who wants to say which of them no template reads, and which
 * integers became text as floats. Nobody else pays more than a look at a NULL.
 *
 * A value is known by the place in the file that says it, so that it counts as read wherever a
 * copy of it is: of a global in a chart below, of a map that was merged into another. A map is
 * read when something looks into it; all below it when it is used as a whole. */
#ifndef HOIST_TEMPLATE_WATCH_H
#define HOIST_TEMPLATE_WATCH_H

#include "render/template/value.h"

struct func;

/* An integer of the values that was printed as a float. */
struct watch_float {
    double number;
    struct pos said;
    struct pos printed; /* where, in a template */
};

struct watch_floats {
    const struct watch_float *at; /* each place of the values once, in the order of the render */
    uint32_t len;
};

struct watch *watch_new(struct context *cx);

/* This key of a map was looked for; `e` is what stood there, or NULL. */
void watch_read(struct watch *w, const struct dict *map, const struct key *key,
                const struct dict_entry *e);
/* The whole of it was used. */
void watch_whole(struct watch *w, struct value v);
/* A call of a function: its arguments, and what became of them. */
void watch_call(struct watch *w, const struct func *f, const struct value *args, uint32_t count);
void watch_result(struct watch *w, const struct value *args, uint32_t count, struct value result,
                  struct pos at);
/* A template prints this. */
void watch_print(struct watch *w, struct value v, struct pos at);

/* Was what stands there read? Everything counts as read where there was too much to tell. */
bool watch_has(const struct watch *w, struct pos pos);
/* The keys that were looked for in a map, in no order. */
uint32_t watch_names(const struct watch *w, struct arena *a, const struct dict *map, str **names);
struct watch_floats watch_floats(const struct watch *w);

#endif
