/* What changes between two renders: documents and list items matched, differences as data.
 *
 * A document is matched by group, kind, namespace and name; what is left by its name without
 * the hash of its content; what is then left by its name without the prefix that its side
 * gives most of its documents, whatever the namespace. So a changed ConfigMap is one change,
 * and two environments of one base can be compared. References that follow such a new name
 * are folded, and so is noise: labels that only repeat a chart's version. */
#ifndef HOIST_PROMOTE_DIFF_H
#define HOIST_PROMOTE_DIFF_H

#include "render/base/buf.h"
#include "render/doc/identity.h"
#include "render/doc/yaml_read.h"

enum diff_kind { DIFF_CHANGED, DIFF_ADDED, DIFF_REMOVED, DIFF_ORDER };

struct diff_change {
    enum diff_kind kind;
    str path;                /* "spec.containers[name=app].image" */
    const struct node *from; /* NULL when added */
    const struct node *to;   /* NULL when removed */
    bool lines;              /* two texts of several lines */
    bool secret;             /* never to be shown, only that it differs */
    bool common;             /* one of diff->common, that many documents have */
};

/* A change that stands in many documents, as that of a label for all. */
struct diff_common {
    const struct diff_change *change; /* in the first of them */
    uint32_t documents;
};

struct diff_document {
    enum diff_kind kind; /* never DIFF_ORDER */
    struct identity id;  /* the new one, or that of what was removed */
    struct identity old; /* the same unless it was renamed */
    const struct node *from;
    const struct node *to;
    struct diff_change *changes; /* in the order of the documents; none when added or removed */
    uint32_t len;
    uint32_t cap;
    uint32_t folded; /* changes left out */
};

struct diff {
    struct diff_document *at; /* in the order of the new side, what was removed last */
    uint32_t len;
    uint32_t cap;
    uint32_t same;
    uint32_t folded; /* documents of which every change was folded */
    uint32_t changed, added, removed;
    struct diff_common *common;
    uint32_t common_len;
    uint32_t common_cap;
};

struct diff_options {
    bool all; /* fold nothing */
};

struct diff *diff_documents(struct context *cx, const struct documents *from,
                            const struct documents *to, struct diff_options options);

/* The document as it may be shown: of a Secret's values only whether they differ from those
 * of the other side (which may be NULL). */
const struct node *diff_shown(struct context *cx, const struct node *document,
                              const struct node *other, bool is_new);
bool diff_is_secret(const struct node *document);
/* Is anything to be said of it that is not one of diff->common? */
bool diff_has_own_change(const struct diff_document *d);

struct diff_style {
    str from_name; /* how the user named the two sides */
    str to_name;
    bool color;
    bool no_html;    /* Markdown for a forge that shows none: headings in place of folds */
    uint64_t budget; /* Markdown of at most so many bytes; 0 for any */
};

/* A writer each, diff_NAME.c. False after a report. */
bool diff_write_tree(struct context *cx, struct buf *out, const struct diff *d,
                     struct diff_style style);
bool diff_write_json(struct context *cx, struct buf *out, const struct diff *d,
                     struct diff_style style);
bool diff_write_unified(struct context *cx, struct buf *out, const struct diff *d,
                        struct diff_style style);
bool diff_write_markdown(struct context *cx, struct buf *out, const struct diff *d,
                         struct diff_style style);

#endif
