/* Fields of JSON objects as protobuf prints them: bytes in base64, integers of 64 bits as strings.
 *
 * An absent field is empty or zero, as it is there; who needs it says so. What is malformed is
 * refused: it came from a registry or a file that vouches for images. */
#ifndef HOIST_PROMOTE_PROTO_JSON_H
#define HOIST_PROMOTE_PROTO_JSON_H

#include "render/doc/node.h"

str proto_text(struct context *cx, const struct node *map, str name);
bool proto_bytes(struct context *cx, const struct node *map, str name, str *out);
bool proto_bytes_of(struct context *cx, const struct node *value, str name, str *out);
bool proto_count(struct context *cx, const struct node *map, str name, uint64_t *out);
/* Seconds since 1970 of an RFC 3339 time; absent is `otherwise`. */
bool proto_time(struct context *cx, const struct node *map, str name, int64_t otherwise,
                int64_t *out);
/* The items of a list, none when it is absent. */
uint32_t proto_list(struct context *cx, const struct node *map, str name,
                    struct node *const **items);

#endif
