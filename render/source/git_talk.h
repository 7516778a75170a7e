/* Talking to a Git repository elsewhere: by HTTP, by a program that speaks SSH, or to a daemon.
 *
 * A service is "git-upload-pack" or "git-receive-pack". Each request is one that needs no
 * answer in its midst, so that both ways are alike. */
#ifndef HOIST_SOURCE_GIT_TALK_H
#define HOIST_SOURCE_GIT_TALK_H

#include "render/source/credentials.h"
#include "render/source/git_wire.h"

struct git_settings;

enum git_way { TALK_HTTP, TALK_SSH, TALK_DAEMON };

struct git_talk {
    str url; /* rewritten by the user's settings, without user and password */
    struct git_settings *settings;
    struct credentials who;
    struct credentials token; /* tried when nobody else knows any; may be empty */
    const char *folder;       /* where credential helpers run; NULL for nobody's repository */
    unsigned asked;           /* for credentials: how often */
    enum git_way way;
    str host; /* for ssh: user@host, port, path; for a daemon: host, port, path */
    str port;
    str path;
    struct pos from;
    uint64_t timeout_ns; /* for each step of the talk; 0 for 27 s, as kustomize has it */
    struct wire_refs refs;
};

/* Reads an address: https://, http://, ssh://, git://, file:// or user@host:path. One that could be
 * taken for an option, or that asks for a program, is refused. What t->settings holds is kept,
 * else the user's are read. False after a report. */
bool git_talk_begin(struct context *cx, struct git_talk *t, str url, struct pos from);
/* Which references there are, in t->refs: of an upload-pack perhaps only those that `name`
 * could mean. False after a report. */
bool git_talk_greet(struct context *cx, struct git_talk *t, const char *service, str name);
/* One request after the greeting, and its answer. */
bool git_talk_send(struct context *cx, struct git_talk *t, const char *service, str body,
                   str *answer);

#endif
