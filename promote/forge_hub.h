/* What GitHub's API and Gitea's, which is modelled on it, ask alike. */
#ifndef HOIST_PROMOTE_FORGE_HUB_H
#define HOIST_PROMOTE_FORGE_HUB_H

#include "promote/forge_call.h"

/* "/repos/OWNER/NAME" below the API's root. */
str hub_repository(struct context *cx, const struct forge *f);
/* Below it: `kind` is "pulls" or "issues", `more` what follows the number. */
str hub_path(struct context *cx, const struct forge *f, const char *kind,
             const struct pull_request *p, const char *more);
/* `teams` are its fields that list the teams asked for a review, and their name. */
void hub_read(struct context *cx, const struct node *n, const char *teams, const char *team_name,
              struct pull_request *out);
/* The body of the request that opens one. */
struct node *hub_wish(struct context *cx, const struct forge_wish *w, str title, str body);
/* Who has reviewed; `most` is the parameter that asks for many on a page. */
bool hub_reviewed(struct context *cx, const struct forge *f, const char *most,
                  struct pull_request *p);

/* Rows' functions: see struct forge_row. A team is asked as "organisation/team". */
bool hub_update(struct context *cx, const struct forge *f, const struct pull_request *p, str title,
                str body);
bool hub_review(struct context *cx, const struct forge *f, const struct pull_request *p,
                const struct words_found *missing);
bool hub_comment(struct context *cx, const struct forge *f, const struct pull_request *p, str text);
bool hub_close(struct context *cx, const struct forge *f, const struct pull_request *p);

#endif
