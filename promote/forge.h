/* Forges: one repository at one of them, and the pull request of one branch in it.
 *
 * A forge is a row and a file. forge.c has the one algorithm for all: the open pull request
 * of both branches is found, or made; what people added to it stays. Tokens come from the
 * environment alone and are in no message, body or address. */
#ifndef HOIST_PROMOTE_FORGE_H
#define HOIST_PROMOTE_FORGE_H

#include "render/base/buf.h"
#include "render/doc/node.h"
#include "render/source/credentials.h"
#include "render/source/http.h"

struct words_found {
    str *at;
    uint32_t len;
    uint32_t cap;
};

/* The address of a remote, taken apart. */
struct forge_address {
    str origin; /* "https://host:8443"; of an ssh address "https://host" */
    str host;   /* in lower case, without its port */
    str path;   /* "group/sub/name", without ".git" and outer slashes */
    str below;  /* "tools/gitlab", when CI says that its server at this host lies there */
    bool http;
};

struct forge {
    const struct forge_row *row;
    str host;
    str root;       /* of the API: "https://api.github.com" */
    str repository; /* below the root: "/repos/acme/inventory" */
    str owner;      /* "acme" */
    str project;    /* of Azure DevOps and Bitbucket Data Center */
    str name;       /* "inventory" */
    str token;      /* "" for none */
    str user;       /* that goes with it; "" for most */
    bool bearer;    /* the token is one for `Authorization: Bearer` where the row knows others */
};

struct pull_request {
    str id;  /* its number */
    str url; /* its page for people */
    str title;
    str body;
    str version; /* Bitbucket Data Center's, of what an update is about */
    struct words_found labels;
    struct words_found reviewers; /* asked or done */
    const struct node *raw;       /* as the forge gave it */
};

/* What the pull request should be. */
struct forge_wish {
    str branch;
    str base;
    str title;
    str title_begin; /* a title that begins and ends so is ours to renew */
    str title_end;
    const struct node *labels;    /* lists of texts, or NULL */
    const struct node *reviewers; /* "name", or "team/name" */
    bool draft;
    /* Writes our part of the body within `most` bytes. */
    bool (*body)(struct context *cx, void *who, struct buf *out, size_t most, bool html);
    void *who;
};

enum forge_outcome {
    FORGE_CREATED,
    FORGE_UPDATED,
    FORGE_SAME,    /* it is as it should be */
    FORGE_NOTHING, /* the branch holds nothing that the base does not have; or nothing is open */
    FORGE_CLOSED,
};

struct forge_result {
    enum forge_outcome outcome;
    str url;
};

/* The forge of a remote: its name, or "" to guess by the address and the variables of CI.
 * *known is false when there is none to guess. False after a report: no such forge, or an
 * address that is not of its form. */
bool forge_of(struct context *cx, str url, str name, struct pos from, struct forge *out,
              bool *known);
/* False after a report that names the variables, when there is no token. */
bool forge_has_token(struct context *cx, const struct forge *f);
/* The token as Git's user and password; false when there is none. */
bool forge_credentials(struct context *cx, const struct forge *f, struct credentials *out);

/* Finds or makes the pull request. False after a report. */
bool forge_publish(struct context *cx, const struct forge *f, const struct forge_wish *wish,
                   struct forge_result *out);
/* Closes it with a comment, if one is open. */
bool forge_withdraw(struct context *cx, const struct forge *f, str branch, str base, str comment,
                    struct forge_result *out);

/* Our part of a body, and the marks around it. */
str forge_body_mark(bool html, bool end);

enum forge_creation { CREATION_DONE, CREATION_DUPLICATE, CREATION_EMPTY, CREATION_UNCERTAIN };

/* What says who asks. */
struct forge_headers {
    struct http_header at[6];
    uint32_t len;
    str user; /* for Basic authentication */
    str password;
};

/* What is asked of a forge. `out` of find and create is the pull request as it stands;
 * reports of `label` and `review` are only warnings in the end. */
struct forge_row {
    str name;              /* in hoist.yaml */
    str title;             /* "GitHub" */
    str hosts[4];          /* whole, or with a dot before them their end */
    str words[3];          /* parts of other hosts that say so */
    const char *server;    /* the variable of CI that holds the forge's address */
    const char *marker;    /* a variable that says whose `server` it is, or NULL */
    const char *api;       /* … and its API's */
    const char *tokens[4]; /* variables, the first that is set counts */
    const char *bearer;    /* one more, which is for `Authorization: Bearer` */
    const char *users[3];  /* variables of the user that goes with the token */
    str push_user;         /* Git's user for the token */
    str account_push_user; /* ... for one that goes with a user; "" is that user */
    size_t body_most;      /* bytes */
    size_t title_most;
    bool html;       /* bodies may hold HTML */
    str draft_title; /* "Draft: ", where drafts are a matter of the title */
    /* Fills root, repository, owner, project and name; false for another form of address. */
    bool (*place)(struct context *cx, struct forge *f, const struct forge_address *a);
    void (*sign)(struct context *cx, const struct forge *f, struct forge_headers *out);
    bool (*find)(struct context *cx, const struct forge *f, const struct forge_wish *w,
                 struct pull_request *out, bool *found);
    bool (*create)(struct context *cx, const struct forge *f, const struct forge_wish *w, str title,
                   str body, struct pull_request *out, enum forge_creation *how);
    bool (*update)(struct context *cx, const struct forge *f, const struct pull_request *p,
                   str title, str body);
    bool (*label)(struct context *cx, const struct forge *f, const struct pull_request *p,
                  const struct words_found *missing); /* NULL: it has no labels */
    bool (*reviewed)(struct context *cx, const struct forge *f, struct pull_request *p);
    bool (*review)(struct context *cx, const struct forge *f, const struct pull_request *p,
                   const struct words_found *missing);
    bool (*comment)(struct context *cx, const struct forge *f, const struct pull_request *p,
                    str text);
    bool (*close)(struct context *cx, const struct forge *f, const struct pull_request *p);
};

extern const struct forge_row forge_github, forge_gitlab, forge_gitea, forge_bitbucket,
    forge_bitbucket_server, forge_azure;

#endif
