/* URLs as Go's net/url takes them apart and puts them together. */
#ifndef HOIST_BASE_URL_H
#define HOIST_BASE_URL_H

#include "render/base/arena.h"
#include "render/base/str.h"

struct url {
    str scheme;
    str opaque; /* what follows the colon when that is no path: "mailto:me" */
    bool has_user;
    bool has_password;
    str user;
    str password;
    str host; /* with its port */
    str path;
    str query; /* as it stands */
    str fragment;
};

/* False with Go's sentence in *why: parse "x y": invalid character " " in host name. */
bool url_parse(struct arena *a, str text, struct url *out, str *why);
str url_print(struct arena *a, const struct url *url);
/* What a reference means when it stands in the document at `base`. */
struct url url_resolve(struct arena *a, const struct url *base, struct url reference);
/* The host without its port and brackets. */
str url_hostname(const struct url *url);
/* "user:password", escaped; empty without a user. */
str url_userinfo(struct arena *a, const struct url *url);

#endif
