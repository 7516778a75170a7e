/* What changes between two renders: documents and list items matched, differences as data.
 *
 * Documents are matched as match.h says, so a changed ConfigMap is one change and two
 * environments of one base can be compared. The references that follow a generated name are
 * folded under it, and noise is folded: labels that only repeat a chart's version. Folded
 * changes are kept, so that a program can apply them all. The values of Secrets are masked
 * before anything is compared: no writer can show them. */
#ifndef HOIST_PROMOTE_DIFF_H
#define HOIST_PROMOTE_DIFF_H

#include "promote/match.h"
#include "render/base/buf.h"
#include "render/doc/identity.h"

enum diff_kind { DIFF_CHANGED, DIFF_ADDED, DIFF_REMOVED, DIFF_ORDER };

/* Why a change is not shown. */
enum diff_fold { FOLD_NOT, FOLD_NOISE, FOLD_RENAME, FOLD_IGNORED };

struct diff_changes {
    struct diff_change *at;
    uint32_t len;
    uint32_t cap;
};

/* Applied one after the other, each at its pointer, the changes of a document give the new one:
 * of a list the items that go or change come first, then its new order, then what is added. */
struct diff_change {
    enum diff_kind kind;
    enum diff_fold fold;
    str path;                /* "spec.containers[name=app].image" */
    str pointer;             /* RFC 6901, at the moment that the change is applied */
    const struct node *from; /* NULL when added */
    const struct node *to;   /* NULL when removed */
    const uint32_t *order;   /* DIFF_ORDER: which of the items there now comes first, second, … */
    uint32_t order_len;
    uint32_t impact;            /* bits of enum impact */
    bool lines;                 /* two texts of several lines */
    bool words;                 /* the values are words about them, in scalars */
    bool secret;                /* never to be shown, only that it differs */
    bool common;                /* one of diff->common, that many documents have */
    const char *format;         /* "json" or "yaml": two texts that hold such a document, */
    struct diff_changes inside; /* and what differs in it */
};

/* A change that stands in many documents, as that of a label for all. */
enum { DIFF_NAMED_MOST = 12 };
struct diff_common {
    const struct diff_change *change; /* in the first of them */
    uint32_t documents;
    uint32_t last;                                      /* of them, by its number */
    const struct diff_document *named[DIFF_NAMED_MOST]; /* the first of them */
    bool follows;                                       /* they are those of the one before */
    uint64_t who;                                       /* a hash of which they are */
};

struct diff_document {
    enum diff_kind kind; /* never DIFF_ORDER */
    enum match_how how;
    struct identity id;  /* the new one, or that of what was removed */
    struct identity old; /* the same unless it was renamed */
    const struct node *from;
    const struct node *to;
    struct diff_changes changes; /* in the order of the documents; none when added or removed */
    uint32_t folded;             /* how many of them are not shown */
    struct diff_changes shown;   /* for people, in their place, where it has any */
    uint32_t impact;             /* bits of enum impact */
    /* A generated document: who names it, and differs for that. */
    const struct diff_references *references;
};

struct diff_references {
    struct diff_document **at;
    uint32_t len;
    uint32_t cap;
};

struct diff_list {
    struct diff_document **at;
    uint32_t len;
    uint32_t cap;
};

struct diff {
    struct diff_document **at; /* in the order of the new side, what was removed last */
    uint32_t len;
    uint32_t cap;
    struct diff_list quiet;      /* documents of which every change is folded */
    uint32_t same;               /* documents without any change */
    bool spread[2];              /* each side's documents are in several namespaces */
    struct diff_list same_files; /* the same documents, where only one side is spread */
    uint32_t changed, added, removed;
    struct diff_common *common;
    uint32_t common_len;
    uint32_t common_cap;
};

struct diff_options {
    bool all;          /* fold nothing */
    const str *only;   /* KIND, KIND/NAME; either may hold wildcards */
    uint32_t only_len; /* none: every document */
    const str *ignore; /* paths, each with all below it: diff_filter.c */
    uint32_t ignore_len;
};

struct diff *diff_documents(struct context *cx, const struct documents *from,
                            const struct documents *to, struct diff_options options);

bool diff_is_secret(const struct node *document);
/* The document as it may be shown: of a Secret's values only whether they differ from those
 * of the other side (which may be NULL, as may be the document). */
const struct node *diff_shown(struct context *cx, const struct node *document,
                              const struct node *other, bool is_new);
/* What people are shown: `changes`, or what stands for them. */
static inline const struct diff_changes *diff_shown_changes(const struct diff_document *d)
{
    return d->shown.len ? &d->shown : &d->changes;
}
/* Is anything to be said of it that is not one of diff->common? */
bool diff_has_own_change(const struct diff_document *d);
/* Shown for itself, neither folded nor said before. */
static inline bool diff_is_own(const struct diff_change *c)
{
    return !c->fold && !c->common;
}

/* Several differences on one page: an environment each. */
struct diff_section {
    str name; /* the environment's; empty for the only one */
    str from_name;
    str to_name;
    const struct diff *diff;
};

struct diff_set {
    struct diff_section *at;
    uint32_t len;
    uint32_t cap;
    uint32_t unaffected; /* environments that nothing reaches */
    bool several;        /* environments, though it may be none or one */
};

struct diff_style {
    str from_name; /* how the user named the two sides */
    str to_name;
    bool color;
    bool no_html;    /* Markdown for a forge that shows none: headings in place of folds */
    uint64_t budget; /* Markdown of at most so many bytes; 0 for any */
    bool summary;    /* which documents, and not what in them */
    str folder;      /* of the files of a unified diff, with its slash */
    uint32_t width;  /* of the terminal; 0 when there is none */
};

/* A writer each, diff_NAME.c. False after a report. */
typedef bool diff_writer(struct context *cx, struct buf *out, const struct diff *d,
                         struct diff_style style);
diff_writer diff_write_tree;
diff_writer diff_write_side; /* both sides beside each other */
diff_writer diff_write_json;
diff_writer diff_write_unified;
diff_writer diff_write_markdown;

/* The formats of a set: "tree", "side", "unified", "json", "markdown", "html". */
#define DIFF_FORMATS "tree|side|unified|json|markdown|html"
bool diff_write(struct context *cx, struct buf *out, const struct diff_set *set, str format,
                struct diff_style style);
bool diff_write_json_set(struct context *cx, struct buf *out, const struct diff_set *set,
                         struct diff_style style);
bool diff_write_html(struct context *cx, struct buf *out, const struct diff_set *set,
                     struct diff_style style);

#endif
