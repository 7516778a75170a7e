/* A document and what the build knows about it: every identity it had, the prefixes and
 * suffixes it was given, how its generator wants it merged. Such facts stand beside the
 * document, never inside it. */
#ifndef HOIST_OVERLAYS_RESOURCE_H
#define HOIST_OVERLAYS_RESOURCE_H

#include "render/doc/identity.h"
#include "render/doc/node.h"
#include "schema/merge_keys.h"

enum generator_behavior { BEHAVIOR_CREATE, BEHAVIOR_REPLACE, BEHAVIOR_MERGE, BEHAVIOR_UNKNOWN };

/* An identity that a resource had before it was renamed or moved. */
struct past_id {
    str kind;
    str name;
    str namespace_; /* effective: see resource_namespace */
};

struct strings {
    str *at;
    uint32_t len;
    uint32_t cap;
};

/* What a resource is called, as the selectors of one round see it. */
struct called {
    struct identity now, first;
    str namespace_; /* effective */
    uint32_t round; /* 0: not known */
};

struct resource {
    struct node *node;
    struct past_id *past; /* oldest first */
    uint32_t past_len;
    uint32_t past_cap;
    struct strings prefixes; /* in the order they were given */
    struct strings suffixes;
    struct strings vars;                       /* names of the vars that read from it */
    uint8_t behavior;                          /* enum generator_behavior */
    bool hash_suffix;                          /* its name gets a hash of its content */
    bool allow_name_change, allow_kind_change; /* of a patch */
    bool from_helm;                            /* a chart decided its namespace, and keeps it */
    bool tracked;  /* kustomize would have written build annotations into it */
    uint8_t scope; /* enum scope, known for the two views below */
    const char *scope_kind, *scope_version;
    uint32_t serial; /* order of appearance */
    struct origin *origin;
    struct transformation *transformations;
    struct called *called;                   /* NULL until a selector has asked */
    struct step *name_step, *namespace_step; /* of those who refer to it, when it was renamed */
};

struct resource *resource_new(struct context *cx, struct node *document);

/* The identity as the document says it now. */
static inline struct identity resource_id(const struct resource *r)
{
    return identity_of(r->node);
}

/* The namespace that decides whether two identities are one: "default" where none is said,
 * and a word that is no namespace for kinds that certainly have none. */
str resource_namespace(struct resource *r);
bool resource_cluster_scoped(struct resource *r);
/* Is it of a kind whose scope kustomize knows by heart? */
bool resource_known(struct resource *r);

/* The identity it came with; the current one when it was never renamed. Its namespace is
 * effective. */
struct identity resource_original(struct resource *r);

/* What it is called has to be read again by the next selector. */
static inline void resource_call_again(struct resource *r)
{
    if (r->called)
        r->called->round = 0;
}

/* Remembers the current identity before it changes. */
void resource_remember(struct context *cx, struct resource *r);
void strings_add(struct context *cx, struct strings *list, str s);

/* Are the affixes of two resources the same from the innermost on, as far as the shorter goes? With
 * `lenient`, none at all agrees with any. */
bool resource_same_affixes(const struct resource *a, const struct resource *b, bool lenient);

/* Empty group, version or kind in `selector` is any. */
bool gvk_selected(struct gvk gvk, struct gvk selector);

/* What a message calls it: "Deployment.v1.apps/web.default". */
str resource_print(struct context *cx, const struct resource *r);

#endif
