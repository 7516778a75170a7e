/* -f and the --set family: what a command line lays over a chart's values, as Helm reads it. */
#ifndef HOIST_CLI_VALUE_FLAGS_H
#define HOIST_CLI_VALUE_FLAGS_H

#include "cli/options.h"
#include "render/chart/set.h"

struct value_flags {
    struct words values, set, set_string, set_json, set_file, set_literal;
};

extern const struct option value_options[]; /* its rows, for OPTION_ROWS_OF */

bool value_flags_any(const struct value_flags *flags);

/* Lays them over *values: files, then --set-json, --set, --set-string, --set-file and
 * --set-literal, each in the order of the line. False after a report; *before is then what Helm
 * says in front of its message. */
bool value_flags_lay(struct context *cx, const struct value_flags *flags, struct source *disk,
                     struct dict **values, str *before);

#endif
