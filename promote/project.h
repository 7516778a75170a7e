/* hoist.yaml: environments and what moves between them; or the conventions that stand in
 * for it. */
#ifndef HOIST_PROMOTE_PROJECT_H
#define HOIST_PROMOTE_PROJECT_H

#include "render/doc/node.h"
#include "render/source/source.h"

/* An environment as the project names it. Views are empty where nothing is said. */
struct environment_row {
    str name;
    str path; /* seen from the project's folder */
    str branch;
    struct pos pos;
    bool unsupported; /* a chart or an Application: known, but not rendered yet */
};

/* A check that a promotion asks for, by the name of its field. */
struct requirement {
    str name;
    const struct node *how;
    struct pos pos;
};

struct promotion_row {
    str from;
    str to;
    struct pos pos;
    const struct node *images; /* globs; NULL is every image */
    bool digest;               /* pin by digest */
    struct requirement *checks;
    uint32_t check_count;
    uint32_t check_cap;
    str branch; /* never empty */
    str base;   /* the pull request's; may be empty */
};

struct project {
    struct folder *folder;
    struct text *text; /* NULL for a project by convention */
    struct environment_row *environments;
    uint32_t environment_count;
    uint32_t environment_cap;
    struct promotion_row *promotions;
    uint32_t promotion_count;
    uint32_t promotion_cap;
};

/* The project of a folder: its hoist.yaml, else what it holds. NULL after a report. */
struct project *project_read(struct context *cx, struct folder *folder);

/* NULL after a report that names the nearest environment. */
const struct environment_row *project_environment(struct context *cx, const struct project *p,
                                                  str name);
/* The same without a report. */
const struct environment_row *project_find(const struct project *p, str name);
/* The promotion from one to the other; without a row, one that requires nothing. */
struct promotion_row *project_promotion(struct context *cx, const struct project *p, str from,
                                        str to);

#endif
