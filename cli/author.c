/* GIT_AUTHOR_* and GIT_COMMITTER_*; of dates, Git's own form: "@1700000000 +0100". */
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

static bool read_author(struct context *cx, const char *who, struct author *a)
{
    *a = (struct author){ .name = variable(cx, who, "NAME"), .email = variable(cx, who, "EMAIL") };
    return read_date(cx, variable(cx, who, "DATE"), a);
}

bool authors_read(struct context *cx, struct author *author, struct author *committer)
{
    return read_author(cx, "AUTHOR", author) && read_author(cx, "COMMITTER", committer);
}
