/* --set and its family: "a.b=1,c[0].d={x,y}" laid over values. */
#ifndef HOIST_CHART_SET_H
#define HOIST_CHART_SET_H

#include "render/chart/chart.h"

enum set_mode {
    SET_TYPED,   /* --set: true, null and integers are what they look like */
    SET_STRING,  /* --set-string */
    SET_JSON,    /* --set-json */
    SET_FILE,    /* --set-file: the value names a file */
    SET_LITERAL, /* --set-literal: no escapes, the value is all that follows */
};

/* Its entries are said at `from`; with NOWHERE the text counts as one of its own, named by its
 * option. False with Helm's words in *error; `values` may then hold some of it. A file that can't be
 * read has been reported as well. */
bool set_apply(struct context *cx, struct dict *values, str text, enum set_mode mode,
               struct source *files, struct pos from, str *error);

#endif
