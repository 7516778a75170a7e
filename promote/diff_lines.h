/* A change as marked lines, for the writers whose pages are made of lines. */
#ifndef HOIST_PROMOTE_DIFF_LINES_H
#define HOIST_PROMOTE_DIFF_LINES_H

#include "promote/diff.h"

/* Marks are '-', '+', ' ' for what stands around them, '~' for a gap between two places of
 * one text, and '@' for the path of what follows inside a text. The texts live until the
 * call comes back. */
typedef void diff_line(void *who, char mark, str text);

/* The old and the new value as YAML, or the places where two texts differ with `around` lines
 * before and after. A secret and an order have no lines. False after a report. */
bool diff_lines(struct context *cx, const struct diff_change *c, uint32_t around, diff_line *each,
                void *who);
/* A whole document, each line with the mark of its side. */
bool diff_document_lines(struct context *cx, const struct diff_document *d, diff_line *each,
                         void *who);

/* What stands where a value is not shown: "differs (secret)", "the same items in another
 * order"; empty for a change that has lines. */
str diff_remark(const struct diff_change *c);

/* "Deployment web (n)". */
str diff_title(struct arena *a, struct identity id);
/* What of it was otherwise: "web", "StatefulSet web", "web (other)"; empty when nothing was. */
str diff_was(struct arena *a, const struct diff_document *d);
/* "named by Deployment web, CronJob job, which rolls out pods"; empty for none. */
str diff_named_by(struct arena *a, const struct diff_document *d);
/* "Deployment a, b; StatefulSet c"; empty where they are too many to be named. */
str diff_common_names(struct arena *a, const struct diff_common *c);
/* "40 the same (of 2 only noise or a reference differs, which rolls out the pods of 1)". */
str diff_rest(struct arena *a, const struct diff *d);

/* A scalar, [] or {}, on one line. */
bool diff_is_short(const struct node *n);
str diff_value(struct arena *a, const struct diff_change *c, const struct node *n);

extern const char *const diff_kind_names[]; /* "changed", "added", "removed", "order" */

#endif
