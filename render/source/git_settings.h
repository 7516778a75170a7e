/* What a user's Git configuration says about addresses: url.<base>.insteadOf, core.sshCommand,
 * http.<url>.extraHeader and http.<url>.ssl…, from the files of the user and the system, and from
 * the variables GIT_CONFIG_COUNT, GIT_CONFIG_KEY_n and GIT_CONFIG_VALUE_n.
 * A context without a home has no such settings. */
#ifndef HOIST_SOURCE_GIT_SETTINGS_H
#define HOIST_SOURCE_GIT_SETTINGS_H

#include "render/base/context.h"

struct git_settings;
struct repository;

/* NULL after a report. */
struct git_settings *git_settings_read(struct context *cx);
/* The same with those of the user's own repository, where CI puts headers. */
struct git_settings *git_settings_read_in(struct context *cx, struct repository *repository);
/* The address that is really asked: the longest prefix of insteadOf is exchanged. */
str git_settings_rewrite(struct context *cx, const struct git_settings *s, str url);

/* core.sshCommand; "" when there is none. */
str git_settings_ssh(const struct git_settings *s);

/* How TLS is spoken with an address: http.sslCAInfo, sslCert and sslKey as paths, NULL where
 * nothing is said, and sslVerify. Git's own variables, as GIT_SSL_CAINFO, go before them. */
struct git_tls {
    const char *authorities;
    const char *certificate;
    const char *key;
    bool unverified;
};
struct git_tls git_settings_tls(struct context *cx, const struct git_settings *s, str url);

/* Header lines for an address, the most specific setting's; they may be secrets. */
struct header_lines {
    str *at;
    uint32_t len;
    uint32_t cap;
};
void git_settings_headers(struct context *cx, const struct git_settings *s, str url,
                          struct header_lines *out);

#endif
