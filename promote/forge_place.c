/* Which forge, and where: from a remote's address, and the variables that CI sets.
 *
 * A variable of CI counts only when it speaks of the remote's own host, so that a token is
 * sent to nobody else. */
#include "promote/forge.h"

#include <stdlib.h>

#include "render/base/suggest.h"
#include "render/source/fetch.h"

/* Gitea's runner sets GitHub's variables too, so it comes first. */
static const struct forge_row *const rows[] = { &forge_gitea,     &forge_github,
                                                &forge_gitlab,    &forge_azure,
                                                &forge_bitbucket, &forge_bitbucket_server };

static str variable(const char *name)
{
    return name ? str_from(getenv(name)) : S("");
}

static str lower(struct context *cx, str s)
{
    char *at = str_cstr(cx->arena, s);
    for (char *c = at; *c; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    return str_from(at);
}

static str host_of(str authority)
{
    str user, host = authority, name, port;
    if (str_cut_last(authority, '@', &user, &host) == false)
        host = authority;
    if (str_starts(host, S("[")) || !str_cut_last(host, ':', &name, &port))
        return host;
    return name;
}

/* Hosts that take ssh at the port of https. */
static str named_host(str host)
{
    static const struct {
        str ssh;
        str host;
    } others[] = { { S("ssh.github.com"), S("github.com") },
                   { S("altssh.gitlab.com"), S("gitlab.com") },
                   { S("altssh.bitbucket.org"), S("bitbucket.org") } };
    for (size_t i = 0; i < countof(others); i++) {
        if (str_eq(host, others[i].ssh))
            return others[i].host;
    }
    return host;
}

/* https://host:port/path, ssh://user@host:port/path, user@host:path. */
static bool take_apart(struct context *cx, str url, struct forge_address *out)
{
    str authority, path;
    ptrdiff_t scheme = str_find(url, S("://"));
    *out = (struct forge_address){ 0 };
    if (scheme >= 0) {
        str_cut(str_skip(url, (size_t)scheme + 3), '/', &authority, &path);
        out->http = str_starts(url, S("http"));
    } else if (!str_cut(url, ':', &authority, &path)) {
        return false;
    }
    out->host = named_host(lower(cx, host_of(authority)));
    out->path = str_trim_suffix(str_trim_chars(path, S("/")), S(".git"));
    str user, with_port = authority;
    if (!str_cut_last(authority, '@', &user, &with_port))
        with_port = authority;
    out->origin = out->http ? str_format(cx->arena, "%.*s://%.*s", (int)scheme, url.at,
                                         STR(lower(cx, with_port)))
                            : str_concat(cx->arena, S("https://"), out->host);
    bool remote =
        scheme < 0 || out->http || str_starts(url, S("ssh://")) || str_starts(url, S("git://"));
    return remote && out->host.len && out->path.len;
}

static bool has_host(const struct forge_row *row, str host)
{
    for (size_t i = 0; i < countof(row->hosts) && row->hosts[i].len; i++) {
        str known = row->hosts[i];
        if (str_eq(host, known) || (known.at[0] == '.' && str_ends(host, known)))
            return true;
    }
    return false;
}

static bool has_word(const struct forge_row *row, str host)
{
    for (size_t i = 0; i < countof(row->words) && row->words[i].len; i++) {
        if (str_has(host, row->words[i]))
            return true;
    }
    return false;
}

/* CI speaks of this host, and of this forge; `below` is the path at which that lies. */
static bool find_server(struct context *cx, const struct forge_row *row, str host, str *below)
{
    struct forge_address a;
    str url = variable(row->server);
    if (!url.len || (row->marker && !variable(row->marker).len)
        || !take_apart(cx, str_concat(cx->arena, url, S("/x")), &a) || !str_eq(a.host, host))
        return false;
    *below = str_trim_chars(str_trim_suffix(a.path, S("x")), S("/"));
    return true;
}

static bool has_server(struct context *cx, const struct forge_row *row, str host)
{
    str below;
    return find_server(cx, row, host, &below);
}

static const struct forge_row *guess(struct context *cx, str host)
{
    bool (*const ways[])(const struct forge_row *, str) = { has_host, has_word };
    for (size_t i = 0; i < countof(rows); i++) {
        if (has_server(cx, rows[i], host))
            return rows[i];
    }
    for (size_t way = 0; way < countof(ways); way++) {
        for (size_t i = 0; i < countof(rows); i++) {
            if (ways[way](rows[i], host))
                return rows[i];
        }
    }
    return NULL;
}

static const struct forge_row *named(struct context *cx, str name, struct pos from)
{
    str names[countof(rows)];
    for (size_t i = 0; i < countof(rows); i++) {
        names[i] = rows[i]->name;
        if (str_eq(name, names[i]))
            return rows[i];
    }
    if (str_eq(name, S("forgejo")))
        return &forge_gitea;
    report(cx, from, "no forge is called '%.*s'", STR(name));
    ptrdiff_t near = suggest(name, names, countof(names));
    if (near >= 0)
        hint(cx, NOWHERE, "did you mean '%.*s'?", STR(names[near]));
    else
        hint(cx, NOWHERE, "there are: %.*s, forgejo",
             STR(str_join(cx->arena, names, countof(names), S(", "))));
    return NULL;
}

static void find_token(struct forge *f)
{
    const struct forge_row *row = f->row;
    for (size_t i = 0; i < countof(row->tokens) && !f->token.len; i++)
        f->token = str_trim(variable(row->tokens[i]));
    if (!f->token.len && row->bearer) {
        f->token = str_trim(variable(row->bearer));
        f->bearer = f->token.len > 0;
    }
    for (size_t i = 0; i < countof(row->users) && !f->user.len; i++)
        f->user = str_trim(variable(row->users[i]));
}

/* Whoever sets HOIST_FORGE_API knows; a runner's address counts for its own host. */
static void find_root(struct context *cx, struct forge *f)
{
    str root = variable("HOIST_FORGE_API");
    if (!root.len && has_server(cx, f->row, f->host))
        root = variable(f->row->api);
    if (root.len)
        f->root = str_trim_suffix(root, S("/"));
}

bool forge_of(struct context *cx, str url, str name, struct pos from, struct forge *out,
              bool *known)
{
    struct forge_address a;
    *out = (struct forge){ 0 };
    *known = false;
    if (name.len && !named(cx, name, from))
        return false;
    if (!take_apart(cx, url, &a))
        return true;
    out->row = name.len ? named(cx, name, from) : guess(cx, a.host);
    if (!out->row)
        return true;
    out->host = a.host;
    a.below = S("");
    find_server(cx, out->row, a.host, &a.below);
    if (!out->row->place(cx, out, &a))
        return report(cx, from, "'%.*s' is no address of a repository at %.*s",
                      STR(fetch_public(cx, url)), STR(out->row->title));
    find_root(cx, out);
    find_token(out);
    *known = true;
    return true;
}

bool forge_has_token(struct context *cx, const struct forge *f)
{
    if (f->token.len)
        return true;
    report_surroundings(cx, NOWHERE, "no token for %.*s at '%.*s'", STR(f->row->title),
                        STR(f->host));
    hint(cx, NOWHERE, "it is read from the variable %s", f->row->tokens[0]);
    return false;
}

bool forge_credentials(struct context *cx, const struct forge *f, struct credentials *out)
{
    (void)cx;
    if (!f->row || !f->token.len)
        return false;
    str account = f->row->account_push_user.len ? f->row->account_push_user : f->user;
    *out = (struct credentials){ f->user.len ? account : f->row->push_user, f->token };
    return true;
}
