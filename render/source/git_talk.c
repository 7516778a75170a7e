/* HTTP by http.c, with the user's settings, credential helpers and tokens; SSH by the user's
 * own program, with its keys, agent and known hosts. */
#include "render/source/git_talk.h"

#include <stdlib.h>

#include "render/base/process.h"
#include "render/source/git_settings.h"
#include "render/source/http.h"

#define TIMEOUT_NS 27000000000u
#define PACK_MOST  ((size_t)1 << 30)

static str public_of(struct context *cx, str url)
{
    struct credentials who;
    return credentials_of_address(cx, url, &who);
}

static uint64_t timeout_of(const struct git_talk *t)
{
    return t->timeout_ns ? t->timeout_ns : TIMEOUT_NS;
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

static struct http_header header_of(str line)
{
    struct http_header h = { line, S("") };
    str_cut(line, ':', &h.name, &h.value);
    h.value = str_trim(h.value);
    return h;
}

/* Headers of our own, then the user's. */
static struct http_header *headers_for(struct context *cx, struct git_talk *t, const char *service,
                                       bool post, uint32_t *n)
{
    struct header_lines extra = { 0 };
    git_settings_headers(cx, t->settings, t->url, &extra);
    struct http_header *all = NEW_ARRAY(cx->arena, struct http_header, extra.len + 3);
    *n = 0;
    if (post) {
        all[(*n)++] =
            (struct http_header){ S("Content-Type"),
                                  str_format(cx->arena, "application/x-%s-request", service) };
        all[(*n)++] =
            (struct http_header){ S("Accept"),
                                  str_format(cx->arena, "application/x-%s-result", service) };
    }
    if (!post || t->refs.version2)
        all[(*n)++] = (struct http_header){ S("Git-Protocol"), S("version=2") };
    for (uint32_t i = 0; i < extra.len; i++)
        all[(*n)++] = header_of(extra.at[i]);
    return all;
}

static bool request_once(struct context *cx, struct git_talk *t, const char *service, str place,
                         str body, struct http_answer *answer)
{
    struct http_request r = { .url = str_concat(cx->arena, t->url, place),
                              .method = body.len ? S("POST") : S(""),
                              .body = body,
                              .user = t->who.user,
                              .password = t->who.password,
                              .timeout_ns = timeout_of(t),
                              .most = PACK_MOST,
                              .authorities = variable("GIT_SSL_CAINFO"),
                              .certificate = variable("GIT_SSL_CERT"),
                              .key = variable("GIT_SSL_KEY"),
                              .unverified = variable("GIT_SSL_NO_VERIFY") != NULL,
                              .once = str_eq(str_from(service), S("git-receive-pack")),
                              .pos = t->from };
    r.headers = headers_for(cx, t, service, body.len > 0, &r.header_count);
    return http_request(cx, &r, answer);
}

static bool report_status(struct context *cx, struct git_talk *t, int status)
{
    str url = public_of(cx, t->url);
    if (status == 401 || status == 403) {
        report_surroundings(cx, t->from, "'%.*s' wants to know who asks (status %d)", STR(url),
                            status);
        hint(cx, NOWHERE, "GIT_ASKPASS or a Git credential helper can tell it");
        return false;
    }
    if (status == 404)
        return report_surroundings(cx, t->from, "'%.*s' is no Git repository, or a hidden one",
                                   STR(url));
    return report_surroundings(cx, t->from, "'%.*s' answers with status %d", STR(url), status);
}

/* The next who may be let in: helpers know, then there may be a token. */
static bool next_who(struct context *cx, struct git_talk *t)
{
    if (t->asked == 0) {
        struct credentials who = { t->who.password.len ? S("") : t->who.user, S("") };
        t->asked++;
        if (credentials_ask_in(cx, t->url, t->folder, t->from, &who)) {
            t->who = who;
            return true;
        }
    }
    if (t->asked++ > 1 || !t->token.password.len)
        return false;
    t->who = t->token;
    return true;
}

/* An answer of 401 is a question; Azure and others answer it with a redirect to a page, which
 * is then not Git's. Who may read but not write is answered with 403. */
static bool ask_http(struct context *cx, struct git_talk *t, const char *service, str place,
                     str body, str *out)
{
    struct http_answer answer;
    do {
        if (!request_once(cx, t, service, place, body, &answer))
            return false;
    } while ((answer.status == 401 || (answer.status == 403 && t->token.password.len))
             && next_who(cx, t));
    *out = answer.body;
    if (answer.status < 200 || answer.status > 299)
        return report_status(cx, t, answer.status);
    /* A repository that has moved is asked where it is now, with no more secrets than before. */
    str now = str_trim_suffix(answer.url, place), before, after;
    if (!body.len && str_ends(answer.url, place) && http_origin(cx, t->url, &before)
        && http_origin(cx, now, &after)) {
        t->url = now;
        if (!str_eq(before, after))
            t->who = t->token = (struct credentials){ 0 };
    }
    return true;
}

/* Git's own way with a path: quotes around it, and quotes in it taken out of them. */
static str quoted(struct context *cx, str s)
{
    return str_format(cx->arena, "'%.*s'", STR(str_replace_all(cx->arena, s, S("'"), S("'\\''"))));
}

static const char **ssh_arguments(struct context *cx, struct git_talk *t, const char *service)
{
    const char *command = variable("GIT_SSH_COMMAND");
    const char *program = variable("GIT_SSH");
    const char **argv = NEW_ARRAY(cx->arena, const char *, 10);
    size_t n = 0;
    if (command) {
        argv[n++] = "/bin/sh";
        argv[n++] = "-c";
        argv[n++] = str_cstr(cx->arena, str_format(cx->arena, "%s \"$@\"", command));
        argv[n++] = command;
    } else {
        argv[n++] = program ? program : "ssh";
    }
    if (t->port.len) {
        argv[n++] = "-p";
        argv[n++] = str_cstr(cx->arena, t->port);
    }
    argv[n++] = str_cstr(cx->arena, t->host);
    argv[n++] =
        str_cstr(cx->arena, str_format(cx->arena, "%s %.*s", service, STR(quoted(cx, t->path))));
    return argv;
}

/* The other side ends the talk in its own way once it has what it wants, so its status says
 * little; without a word of Git's, its errors say all. */
static bool ask_ssh(struct context *cx, struct git_talk *t, const char *service, str input,
                    str *out)
{
    struct process_result result;
    struct process p = { .argv = ssh_arguments(cx, t, service),
                         .env = process_environment(cx, NULL, 0),
                         .folder = "/",
                         .input = input,
                         .timeout_ns = timeout_of(t),
                         .most_output = PACK_MOST,
                         .pos = t->from };
    if (!limit_count(cx, LIMIT_FILES, 1, t->from) || !process_run(cx, &p, &result))
        return false;
    *out = result.output;
    if (result.output.len)
        return true;
    str line, words = str_trim(result.errors);
    str_next_line(&words, &line);
    return report_surroundings(cx, t->from, "cannot reach '%.*s' by ssh: %.*s", STR(t->url),
                               STR(str_slice(line, 0, 300)));
}

static bool is_word(str s)
{
    bool ok = s.len > 0 && s.at[0] != '-';
    for (size_t i = 0; ok && i < s.len; i++)
        ok = (unsigned char)s.at[i] > ' ' && s.at[i] != 127;
    return ok;
}

static bool is_number(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    }
    return s.len < 6;
}

/* ssh://user@host:port/path and user@host:path. */
static bool parse_ssh(struct context *cx, struct git_talk *t)
{
    str rest = t->url, user, host;
    t->ssh = true;
    if (str_starts(t->url, S("ssh://"))) {
        str_cut(str_skip(t->url, 6), '/', &t->host, &t->path);
        t->path = str_concat(cx->arena, str_starts(t->path, S("~")) ? S("") : S("/"), t->path);
        if (!str_ends(t->host, S("]")) && str_cut_last(t->host, ':', &rest, &t->port))
            t->host = rest;
    } else {
        str_cut(rest, ':', &t->host, &t->path);
    }
    if (!str_cut_last(t->host, '@', &user, &host))
        host = user;
    bool ok = is_word(t->host) && is_word(host) && is_number(t->port) && is_word(t->path);
    return ok || report(cx, t->from, "'%.*s' is no address of a Git repository", STR(t->url));
}

bool git_talk_begin(struct context *cx, struct git_talk *t, str url, struct pos from)
{
    t->from = from;
    for (size_t i = 0; i < url.len; i++) {
        if ((unsigned char)url.at[i] < ' ')
            return report(cx, from, "the address of a repository holds a control character");
    }
    if (!t->settings)
        t->settings = git_settings_read(cx);
    if (!t->settings)
        return false;
    str whole = git_settings_rewrite(cx, t->settings, url);
    t->url = credentials_of_address(cx, whole, &t->who);
    if (str_starts(t->url, S("https://")) || str_starts(t->url, S("http://"))) {
        t->url = str_trim_suffix(t->url, S("/"));
        return true;
    }
    if (str_starts(t->url, S("file://")))
        return true;
    /* The user of an ssh address is a part of it, and no secret. */
    t->url = whole;
    return parse_ssh(cx, t);
}

static bool ask(struct context *cx, struct git_talk *t, const char *service, str body, str *answer)
{
    if (t->ssh)
        return ask_ssh(cx, t, service, body, answer);
    return ask_http(cx, t, service, str_format(cx->arena, "/%s", service), body, answer);
}

bool git_talk_greet(struct context *cx, struct git_talk *t, const char *service, str name)
{
    str bytes, place = str_format(cx->arena, "/info/refs?service=%s", service);
    bool ok = t->ssh ? ask_ssh(cx, t, service, S("0000"), &bytes)
                     : ask_http(cx, t, service, place, S(""), &bytes);
    if (!ok || !wire_greeting(cx, bytes, t->from, &t->refs))
        return false;
    if (!t->refs.version2)
        return true;
    return ask(cx, t, service, wire_list(cx, name), &bytes)
           && wire_listed(cx, bytes, t->from, &t->refs);
}

bool git_talk_send(struct context *cx, struct git_talk *t, const char *service, str body,
                   str *answer)
{
    return ask(cx, t, service, body, answer)
           && (!t->ssh || wire_skip_greeting(cx, answer, t->from));
}
