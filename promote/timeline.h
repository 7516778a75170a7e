/* What an environment ran, from a commit back along first parents: the branch as it was at
 * each moment. Commits in which its images are the same make one set. */
#ifndef HOIST_PROMOTE_TIMELINE_H
#define HOIST_PROMOTE_TIMELINE_H

#include "promote/image_set.h"
#include "render/source/git.h"

struct timeline_request {
    struct repository *repository;
    str folder;      /* of the project, from the top of the tree */
    str environment; /* as the project at `rules` knows it */
    str rules;       /* full name of a commit */
    str tip;         /* full name of the newest commit */
    int64_t since;   /* what was there already at this moment is old enough; 0 looks at all */
};

/* Why a set is not followed further back. */
enum timeline_before {
    BEFORE_OTHER,   /* another set, the next one */
    BEFORE_NOTHING, /* it came with the first commit */
    BEFORE_SHALLOW, /* the clone does not hold what was before */
    BEFORE_SINCE,   /* it was there at `since` */
    BEFORE_LIMIT,   /* too many commits */
};

struct past_set {
    str commit; /* that brought it */
    str newest; /* the last one with it */
    int64_t when;
    str author; /* "Name <mail>" */
    str message;
    bool rendered; /* else what it ran is not known */
    struct image_ref *at;
    uint32_t len;
    enum timeline_before before;
};

struct timeline;

/* NULL after a report. */
struct timeline *timeline_begin(struct context *cx, const struct timeline_request *request);
/* What the newest commit ran, and no more than that. */
void timeline_now(struct timeline *t, struct past_set *out);
/* The next older set; false at the end, or after a report. */
bool timeline_next(struct timeline *t, struct past_set *out);

/* The first image of this name, NULL when there is none. */
const struct image_ref *past_image(const struct past_set *set, struct image_ref name);

/* The messages of the commits that a merge has brought, newest first; of any other commit, its
 * own alone. False after a report. */
struct messages {
    str *at;
    uint32_t len;
    uint32_t cap;
};
struct message_walk;
/* All messages from a commit back, newest first. NULL after a report. */
struct message_walk *messages_begin(struct context *cx, struct repository *repository, str commit);
bool messages_next(struct message_walk *walk, str *message);

bool timeline_messages(struct context *cx, struct repository *repository, str commit,
                       struct messages *out);

#endif
