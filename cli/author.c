/* GIT_AUTHOR_* and GIT_COMMITTER_*, then what a CI says; of dates, Git's own form: "@1700000000 +0100". */
#include "cli/author.h"

#include <stdlib.h>

static str variable(struct context *cx, const char *who, const char *what)
{
    str name = str_format(cx->scratch, "GIT_%s_%s", who, what);
    return str_from(getenv(str_cstr(cx->scratch, name)));
}

static bool read_number(str s, int64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9' || i > 14)
            return false;
        *out = *out * 10 + (s.at[i] - '0');
    }
    return s.len > 0;
}

/* "+0130" is ninety minutes. */
static bool read_zone(str s, int *minutes)
{
    int64_t digits;
    if (s.len != 5 || (s.at[0] != '+' && s.at[0] != '-') || !read_number(str_skip(s, 1), &digits))
        return false;
    int value = (int)(digits / 100 * 60 + digits % 100);
    *minutes = s.at[0] == '-' ? -value : value;
    return true;
}

static bool read_date(struct context *cx, str date, struct author *a)
{
    str seconds, zone;
    a->when = cx->now;
    if (!date.len)
        return true;
    str_cut(str_trim_prefix(date, S("@")), ' ', &seconds, &zone);
    if (read_number(seconds, &a->when) && (!zone.len || read_zone(zone, &a->offset)))
        return true;
    report(cx, NOWHERE, "'%.*s' is no date of Git's: \"@SECONDS +ZONE\"", STR(date));
    return false;
}

/* What CI systems say of who has started the run. */
static const struct {
    const char *when; /* a variable that is set there */
    const char *name;
    const char *email;
} systems[] = {
    { "GITLAB_CI", "GITLAB_USER_NAME", "GITLAB_USER_EMAIL" },
    { "TF_BUILD", "BUILD_REQUESTEDFOR", "BUILD_REQUESTEDFOREMAIL" },
    { "JENKINS_URL", "BUILD_USER", "BUILD_USER_EMAIL" },
};

/* GitHub knows its users' commits by an address of its own; Gitea, which sets the same
 * variables, by one of its host. */
static void read_actor(struct context *cx, struct author *a)
{
    str actor = str_from(getenv("GITHUB_ACTOR")), id = str_from(getenv("GITHUB_ACTOR_ID"));
    str server = str_from(getenv("GITHUB_SERVER_URL")), scheme, host;
    if (!actor.len)
        return;
    str_cut(server, ':', &scheme, &host);
    host = str_trim_chars(host, S("/"));
    a->ci_name = actor;
    if (!host.len || str_eq(host, S("github.com")))
        a->ci_email = str_format(cx->arena, "%.*s%s%.*s@users.noreply.github.com", STR(id),
                                 id.len ? "+" : "", STR(actor));
    else
        a->ci_email = str_format(cx->arena, "%.*s@noreply.%.*s", STR(actor), STR(host));
}

static void read_ci(struct context *cx, struct author *a)
{
    a->ci_name = a->ci_email = S("");
    read_actor(cx, a);
    for (size_t i = 0; i < countof(systems); i++) {
        if (!getenv(systems[i].when))
            continue;
        a->ci_name = str_from(getenv(systems[i].name));
        a->ci_email = str_from(getenv(systems[i].email));
        return;
    }
}

static bool read_author(struct context *cx, const char *who, struct author *a)
{
    *a = (struct author){ .name = variable(cx, who, "NAME"), .email = variable(cx, who, "EMAIL") };
    read_ci(cx, a);
    return read_date(cx, variable(cx, who, "DATE"), a);
}

bool authors_read(struct context *cx, struct author *author, struct author *committer)
{
    return read_author(cx, "AUTHOR", author) && read_author(cx, "COMMITTER", committer);
}
