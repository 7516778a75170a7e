/* The ordered set of a build's resources, found by any identity they have or had. */
#ifndef HOIST_OVERLAYS_RESOURCES_H
#define HOIST_OVERLAYS_RESOURCES_H

#include "overlays/resource.h"

struct resources {
    struct resource **at; /* in the order of their appearance, until sorted */
    uint32_t len;
    uint32_t cap;
    struct name_index *index; /* by kind and name; NULL before the first question */
    uint32_t indexed;         /* how many of `at` the index holds */
    uint32_t round;           /* changes whenever names may have; see struct called */
};

/* What a search found: up to two, which is enough to know that it is not one. */
struct found {
    struct resource *first;
    struct resource *second;
    uint32_t count;
};

/* A resource whose current identity is taken is reported at its place. */
bool resources_append(struct context *cx, struct resources *set, struct resource *r);
bool resources_append_all(struct context *cx, struct resources *set, const struct resources *more);
/* What a generator made: created, replacing or merging as each says. */
bool resources_absorb(struct context *cx, struct resources *set, const struct resources *made);

/* By the identity they have now, or by any that they have or had. `id.namespace_` is effective. */
struct found resources_current(struct context *cx, struct resources *set, struct identity id);
struct found resources_any(struct context *cx, struct resources *set, struct identity id);

/* All that ever had this name, whatever the kind: calls each(who, r) in order. */
void resources_named(struct context *cx, struct resources *set, str kind, str name,
                     void (*each)(void *who, struct resource *r), void *who);

/* "did you mean", when a resource of this kind, or of any when it is empty, has a name like this. */
void resources_hint(struct context *cx, const struct resources *set, str kind, str name);

/* Names, kinds or places in the list have changed. */
void resources_renamed(struct resources *set);
/* What the index does not hold may have: versions, labels. A step that asks selectors begins so. */
void resources_ask_again(struct resources *set);
/* Takes out what has become nothing. */
void resources_drop_empty(struct resources *set);

/* Reports the first two resources that have come to share an identity. */
bool resources_check_unique(struct context *cx, struct resources *set, struct pos pos);

#endif
