/* Values as TOML and back, in the forms and words of Go's BurntSushi/toml. */
#ifndef HOIST_TEMPLATE_VALUE_TOML_H
#define HOIST_TEMPLATE_VALUE_TOML_H

#include "render/base/zone.h"
#include "render/template/value.h"

/* False with the error's words in *why. */
bool value_write_toml(struct context *cx, struct buf *out, struct value v, str *why);
/* Times without an offset are in `local`. *out is a map, of what stands before an error, too. */
bool value_read_toml(struct context *cx, str text, const struct zone *local, struct value *out,
                     str *why);

/* The zones that mark a time as one without an offset, without a clock or without a day. */
#define TOML_LOCAL_DATETIME S("datetime-local")
#define TOML_LOCAL_DATE     S("date-local")
#define TOML_LOCAL_TIME     S("time-local")

/* A part of a key, in quotes where it needs them. */
void toml_print_key(struct buf *out, str part);

#endif
