/* `hoist pin` from the words to the files, or to a commit and a push. */
#ifndef HOIST_PROMOTE_PIN_APPLY_H
#define HOIST_PROMOTE_PIN_APPLY_H

#include "promote/commit.h"
#include "promote/pin.h"

/* Without `commit` the files on disk are edited. With it the edit is made to what HEAD holds
 * and committed on HEAD's branch; the files and the index follow. With `remote` it is then
 * pushed; where the remote has moved on, the edit is made again to what it holds now. */
struct pin_request {
    str word; /* a path, or an environment's name */
    const struct image_ref *refs;
    uint32_t len;
    bool dry_run;
    bool resolve; /* tags to tags with digests, as the registry has them */
    bool commit;
    str remote;  /* "" is no push */
    str trigger; /* for the message */
    struct author author;
    struct author committer;
    /* Replaces a file as a whole; false after a report. */
    bool (*write)(struct context *cx, str path, str bytes);
};

struct pin_result {
    const struct pinned_file *files;
    uint32_t len; /* 0: it runs all that already */
    str branch;
    str commit; /* "" when none was made */
    bool pushed;
};

bool pin_apply(struct context *cx, const struct pin_request *request, struct pin_result *out);

#endif
