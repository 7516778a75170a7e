/* Talking to a forge: one request, its JSON, and what its refusals mean. For the rows. */
#ifndef HOIST_PROMOTE_FORGE_CALL_H
#define HOIST_PROMOTE_FORGE_CALL_H

#include "promote/forge.h"

struct forge_answer {
    int status;
    struct node *json; /* NULL when it is none */
    bool has_next;     /* there is another page */
};

/* Sends a request below f->root; `body` may be NULL. Waits where the forge asks for it, and
 * repeats what may be repeated. False, and reported, when no answer came or the limit of
 * requests is used up; any other status is the caller's to judge. */
bool forge_send(struct context *cx, const struct forge *f, const char *method, str path,
                const struct node *body, struct forge_answer *out);
/* The same, and true for 2xx alone; else reported as "cannot DOING". */
bool forge_do(struct context *cx, const struct forge *f, const char *method, str path,
              const struct node *body, struct forge_answer *out, const char *doing);
/* Sends what makes a pull request. False after a report, with *how uncertain when it may have
 * been made all the same; true with *how done for 2xx, and left to the caller otherwise. */
bool forge_create(struct context *cx, const struct forge *f, str path, const struct node *body,
                  struct forge_answer *out, enum forge_creation *how);
/* Forges answer a creation by 201, and Azure DevOps describes a 200. */
static inline bool forge_made(const struct forge_answer *answer)
{
    return answer->status == 200 || answer->status == 201;
}
/* Reports a status that is no success: "GitHub cannot DOING: its words". Always false. */
bool forge_refused(struct context *cx, const struct forge *f, const struct forge_answer *answer,
                   const char *doing);
/* What a refusal says, without secrets; "" when it says nothing. */
str forge_words(struct context *cx, const struct forge *f, const struct forge_answer *answer);

/* A percent-encoded part of a path or query. */
str forge_escape(struct context *cx, str s);

/* The node at "head.ref", and its text; NULL and "" when it is not there. */
const struct node *forge_at(struct context *cx, const struct node *n, const char *path);
str forge_text(struct context *cx, const struct node *n, const char *path);
/* The texts at `path` of each item of a list. */
void forge_texts(struct context *cx, const struct node *list, const char *path,
                 struct words_found *out);
void forge_add(struct context *cx, struct words_found *list, str word);

/* Fields of a body. */
void forge_put(struct context *cx, struct node *map, const char *key, str text);
void forge_put_node(struct context *cx, struct node *map, const char *key, struct node *n);
struct node *forge_put_map(struct context *cx, struct node *map, const char *key);
struct node *forge_list(struct context *cx, const struct words_found *words);

#endif
