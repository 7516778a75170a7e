/* What a plugin's document says about its function: a container or a program. */
#ifndef HOIST_OVERLAYS_FUNCTION_SPEC_H
#define HOIST_OVERLAYS_FUNCTION_SPEC_H

#include "overlays/resource.h"

struct mount {
    str type;
    str from;
    str to;
    bool writable;
};

struct mounts {
    struct mount *at;
    uint32_t len;
    uint32_t cap;
};

struct function_spec {
    str image;
    bool network;
    struct mounts mounts;
    struct strings container_env; /* NAME=VALUE, or NAME for our own */
    str path;
    struct strings args;
    struct strings env;
};

/* *found tells whether there is one. False after a report: a spec that says what it may not. */
bool function_spec_read(struct context *cx, const struct node *plugin, struct function_spec *out,
                        bool *found);
/* "type=bind,src=/a,dst=/b", as on the command line. */
struct mount mount_parse(str text);

#endif
