/* Values: files read and merged, a chart's defaults under what the user says, parents over
 * children, globals for all, nulls that remove. */
#ifndef HOIST_CHART_VALUES_H
#define HOIST_CHART_VALUES_H

#include "render/chart/chart.h"

/* The documents of a text merged into one map. False after a report. */
bool values_read(struct context *cx, struct text *text, struct dict **out);
/* `over` wins; maps merge all the way down. Neither is changed. */
struct dict *values_over(struct context *cx, const struct dict *under, const struct dict *over);

/* A chart's values with what the user says on top, its children's under their names: what
 * templates see. `keep_nulls` is for looking, not for rendering. NULL after a report. */
struct dict *values_coalesce(struct context *cx, const struct chart *chart, const struct dict *said,
                             bool keep_nulls);
/* The same for the last time: the charts' own values become a part of them. */
struct dict *values_take(struct context *cx, struct chart *chart, const struct dict *said);
/* One table over another, `dest` winning, as the same rules have it; changes both. */
void values_tables(struct context *cx, struct dict *dest, struct dict *src, bool keep_nulls);

/* The map at "a.b.c"; NULL when there is none. */
struct dict *values_table(struct context *cx, struct dict *values, str path);
/* The value at "a.b.c" that is no map; false when there is none. */
bool values_path(struct context *cx, struct dict *values, str path, struct value *out);

#endif
