/* A chart around one template: the root value that templates of tests see. */
#ifndef HOIST_TESTS_TEMPLATE_CHART_H
#define HOIST_TESTS_TEMPLATE_CHART_H

#include "render/template/template.h"
#include "tests/expect.h"

/* The chart `case` 1.2.3, released as `release`, with these values. */
struct value chart_root(struct context *cx, str values);

/* Renders a text; false after a report. `set` may be NULL. */
bool chart_render(struct context *cx, str text, str values, str *out, struct template_set **set);

#endif
