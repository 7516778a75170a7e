/* What Git repositories say to each other, as far as a reader needs it: which references
 * there are, and one pack. Protocol versions 0 and 2, in texts: how they travel is fetch.c's. */
#ifndef HOIST_SOURCE_GIT_WIRE_H
#define HOIST_SOURCE_GIT_WIRE_H

#include "render/base/context.h"

struct wire_ref {
    str name;
    str object; /* 40 hexadecimal digits */
};

struct wire_refs {
    struct wire_ref *at;
    uint32_t len;
    uint32_t cap;
    bool version2; /* the greeting holds no references yet: ask with wire_list */
    bool shallow;  /* the other side can leave a commit's history out */
    bool offsets;  /* … and name a delta's base by its offset */
    bool bands;    /* … and say beside an answer what its hooks say */
};

/* The greeting of an upload-pack. False after a report. */
bool wire_greeting(struct context *cx, str bytes, struct pos from, struct wire_refs *out);

/* Takes a greeting that is known off an answer that begins with it, as over SSH. */
bool wire_skip_greeting(struct context *cx, str *bytes, struct pos from);

/* Version 2 only: the request for references that could be meant by a name, and its answer. */
str wire_list(struct context *cx, str name);
bool wire_listed(struct context *cx, str bytes, struct pos from, struct wire_refs *out);

/* The object that a branch, a tag, a full reference, "HEAD" or "" names, in Git's order;
 * "" when there is none. 40 digits name themselves. */
str wire_find(const struct wire_refs *refs, str name);
bool wire_is_object(str name);

/* The request for a pack of these objects; without `history`, of them and their trees alone. */
str wire_want(struct context *cx, const struct wire_refs *refs, const str *objects, size_t n,
              bool history);
/* The request for an object with its history, of which `have` is here already; `shallow` are
 * the commits whose own history is not. */
struct wire_known {
    const str *have;
    size_t have_len;
    const str *shallow;
    size_t shallow_len;
};
str wire_want_missing(struct context *cx, const struct wire_refs *refs, str object,
                      const struct wire_known *known);
/* Its answer: the pack. False after a report. */
bool wire_pack(struct context *cx, const struct wire_refs *refs, str bytes, struct pos from,
               str *pack);

/* The request to a receive-pack: a reference goes from one object to another, with a pack. ""
 * is no object. */
struct wire_update {
    str reference;
    str from;
    str to;
};
str wire_push(struct context *cx, const struct wire_refs *refs, const struct wire_update *update,
              str pack);

/* Its answer: what it says against it, "" for nothing, and what else it says, a line each, for
 * people. False after a report. */
struct wire_verdict {
    str refusal;
    str words;
};
bool wire_pushed(struct context *cx, str bytes, struct pos from, struct wire_verdict *out);

#endif
