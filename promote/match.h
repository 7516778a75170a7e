/* Which document of one render is which of the other, and who was renamed.
 *
 * Whoever is still without a match is asked a weaker question, from the full name to how much
 * two documents of one kind have in common. */
#ifndef HOIST_PROMOTE_MATCH_H
#define HOIST_PROMOTE_MATCH_H

#include "render/base/map.h"
#include "render/doc/yaml_read.h"

enum match_how {
    MATCH_NAME,  /* group, kind, namespace and name */
    MATCH_HASH,  /* the same without the hash of a generated name */
    MATCH_GROUP, /* the kind moved to another API group */
    MATCH_SIDE,  /* without what its side gives most names: release, prefix, suffix, namespace */
    MATCH_NAMESPACE, /* the only one of that kind and name, in another namespace */
    MATCH_KIND,      /* a kind that does the same work: a Deployment that became a StatefulSet */
    MATCH_LIKENESS,  /* most of what it says stands in the other */
};

struct diff_references;

/* A name that a document of the old side had, and what it is called now. */
struct rename {
    str to;
    bool generated;                     /* only the hash of the content differs */
    struct diff_references *references; /* kept by diff.c */
};

struct matches {
    const struct node **from; /* for each document of the new side, or NULL */
    enum match_how *how;
    const struct node **left; /* those of the old side that nothing matches, in their order */
    uint32_t left_len;
    struct map renamed; /* old name to struct rename */
};

void matches_find(struct context *cx, const struct documents *from, const struct documents *to,
                  struct matches *out);

/* The rename that leads from one text to the other, or NULL. */
struct rename *matches_renamed(const struct matches *m, str old, str new_);
/* The new name of what was called so, else the same. */
str matches_new_name(const struct matches *m, str old);

/* A generated name without the ten letters that kustomize adds from the content. */
str name_without_hash(str name);

#endif
