/* A list in the order of its making; the last change of a path counts. */
#include "render/source/changes.h"

static void add(struct context *cx, struct changes *c, struct change change)
{
    ARENA_PUSH(cx->arena, c->at, c->len, c->cap);
    c->at[c->len++] = change;
}

void changes_write(struct context *cx, struct changes *c, str path, str bytes)
{
    add(cx, c, (struct change){ .path = path, .bytes = bytes });
}

void changes_write_secret(struct context *cx, struct changes *c, str path, str bytes)
{
    add(cx, c, (struct change){ .path = path, .bytes = bytes, .secret = true });
}

void changes_remove(struct context *cx, struct changes *c, str path)
{
    add(cx, c, (struct change){ .path = path, .remove = true });
}

bool changes_find(const struct changes *c, str path, str *bytes)
{
    for (uint32_t i = c->len; i-- > 0;) {
        if (!str_eq(c->at[i].path, path))
            continue;
        *bytes = c->at[i].bytes;
        return !c->at[i].remove;
    }
    return false;
}
