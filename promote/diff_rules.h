/* Changes in the rules of roles, as those of the resources that they are for. */
#ifndef HOIST_PROMOTE_DIFF_RULES_H
#define HOIST_PROMOTE_DIFF_RULES_H

#include "promote/diff.h"

bool diff_rules_are_in(const struct diff_document *doc);
/* Makes `shown` of a document. */
void diff_rules_show(struct context *cx, struct diff_document *doc);

#endif
