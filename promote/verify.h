/* The checks of a promotion, without one: image by image, and the policies of the environment. */
#ifndef HOIST_PROMOTE_VERIFY_H
#define HOIST_PROMOTE_VERIFY_H

#include "promote/plan.h"
#include "promote/policy.h"

struct verification {
    struct plan plan; /* its candidates are the images, its row what is required */
    struct findings findings;
    enum check_state state; /* of images and policies */
};

struct required {
    const str *at; /* "NAME" or "NAME=YAML", beside what hoist.yaml requires */
    uint32_t len;
};

/* False after a report that is no failed check. */
bool verify_environment(struct context *cx, str name, struct required more,
                        struct verification *out);

void verification_print(struct context *cx, struct buf *out, const struct verification *v);
/* An object a line: each image, each finding, and what it all comes to. */
bool verification_json(struct context *cx, struct buf *out, const struct verification *v);

#endif
