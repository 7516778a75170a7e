/* Changes of a CustomResourceDefinition's schema, as those of the fields that it describes. */
#ifndef HOIST_PROMOTE_DIFF_SCHEMA_H
#define HOIST_PROMOTE_DIFF_SCHEMA_H

#include "promote/diff.h"

bool diff_schema_is_for(const struct diff_document *doc);
/* Folds what a schema only says to its readers: descriptions, examples. */
void diff_schema_fold(struct diff_document *doc);
/* Makes `shown` of a document: a line for each field of the schema that comes, goes or takes
 * other values, and said once where the same happens in many places. */
void diff_schema_show(struct context *cx, struct diff_document *doc);
/* Does it refuse, or drop, something that was accepted before? */
bool diff_schema_narrows(const struct diff_change *c);

#endif
