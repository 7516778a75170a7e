/* A push to a repository elsewhere, by HTTP or the user's SSH program, in Git's own protocol. */
#ifndef HOIST_PROMOTE_PUSH_WIRE_H
#define HOIST_PROMOTE_PUSH_WIRE_H

#include "promote/push.h"

/* Is it an address that is talked to so? */
bool push_wire_takes(str url);

/* The same as push_branch and push_look for such an address. */
bool push_wire(struct context *cx, const struct push_request *request, str url,
               struct push_result *out);
bool push_wire_look(struct context *cx, const struct push_request *request, str url, bool *there,
                    bool *ours);

/* Words of servers that mean "it moved while you pushed". */
bool push_is_race(str refusal);

#endif
