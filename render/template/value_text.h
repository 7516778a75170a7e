/* Values as JSON and YAML text and back, as the Go packages behind Helm's functions do it.
 *
 * A false comes with the Go error's words in *why: "json: unsupported value: NaN". Nothing here
 * reports: the functions decide whether an error is swallowed. */
#ifndef HOIST_TEMPLATE_VALUE_TEXT_H
#define HOIST_TEMPLATE_VALUE_TEXT_H

#include "render/doc/json_write.h"
#include "render/template/value.h"

/* Writers stop where a text is longer than any string can be: shared parts can multiply. */
enum { VALUE_TEXT_LARGEST = 256 << 20 };

/* encoding/json: keys sorted by their bytes. */
bool value_write_json(struct context *cx, struct buf *out, struct value v, struct json_style style,
                      str *why);
/* sigs.k8s.io/yaml, which goes through JSON; ends in a newline. */
bool value_write_yaml(struct context *cx, struct buf *out, struct value v, str *why);
/* yaml.v3 with an indentation of 2; ends in a newline. */
bool value_write_yaml_pretty(struct context *cx, struct buf *out, struct value v, str *why);

/* Every number is a float64. When the text is JSON, but a number is too large for that, *out is
 * what Go makes of the rest: nil in its place. */
bool value_read_json(struct context *cx, str text, struct value *out, str *why);
/* What kind of JSON a value is, as Go's errors say: "object", "array", "string", "number". */
const char *value_json_kind(struct value v);

#endif
