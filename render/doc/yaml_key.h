/* Keys of a map as yaml.v2 reads them on their way to JSON (YAML_GO2). */
#ifndef HOIST_DOC_YAML_KEY_H
#define HOIST_DOC_YAML_KEY_H

#include "render/doc/node.h"

/* What a scalar that is no string means as a key: yes is "true". */
str yaml_key_text(struct context *cx, const struct node *key);

/* JSON has no name for null and for integers that need all 64 bits. */
bool yaml_key_fits(const struct node *key);

/* Reports a key that does not fit, and one that is no scalar. False. */
bool yaml_key_refuse(struct context *cx, const struct node *key, const struct node *value);
bool yaml_key_refuse_collection(struct context *cx, const struct node *key);

#endif
