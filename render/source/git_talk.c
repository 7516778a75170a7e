/* HTTP by http.c, with the user's settings, credential helpers and tokens; SSH by the user's
 * own program, with its keys, agent and known hosts; a daemon by git_socket.c. */
#include "render/source/git_talk.h"

#include <stdlib.h>

#include "render/base/process.h"
#include "render/source/git_settings.h"
#include "render/source/git_socket.h"
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
    struct git_tls tls = git_settings_tls(cx, t->settings, t->url);
    struct http_request r = { .url = str_concat(cx->arena, t->url, place),
                              .method = body.len ? S("POST") : S(""),
                              .body = body,
                              .user = t->who.user,
                              .password = t->who.password,
                              .timeout_ns = timeout_of(t),
                              .most = PACK_MOST,
                              .netrc = cx->home != NULL,
                              .authorities = tls.authorities,
                              .certificate = tls.certificate,
                              .key = tls.key,
                              .unverified = tls.unverified,
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
    str set = git_settings_ssh(t->settings);
    if (!command && set.len)
        command = str_cstr(cx->arena, set);
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

/* The words of a line, without the frame that is drawn around them; "" when it says nothing. */
static str words_of(struct context *cx, str line)
{
    bool letters = false;
    while (line.len && str_has_char(S("@= \t\r"), line.at[0]))
        line = str_skip(line, 1);
    while (line.len && str_has_char(S("@= \t\r"), line.at[line.len - 1]))
        line.len--;
    char *at = str_cstr(cx->arena, str_slice(line, 0, 300));
    for (char *c = at; *c; c++) {
        *c = (char)((unsigned char)*c < ' ' || *c == 127 ? ' ' : *c);
        letters |= (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
    }
    bool said = letters && !str_starts(line, S("Warning: Permanently added"));
    return said ? str_from(at) : S("");
}

/* What ssh and those behind it complain of: the first line says what, the last mostly why. */
static str complaint(struct context *cx, str errors)
{
    str first = S(""), last = S(""), line;
    while (str_next_line(&errors, &line)) {
        str words = words_of(cx, line);
        if (!words.len)
            continue;
        if (!first.len)
            first = words;
        else
            last = words;
    }
    if (!first.len)
        return S("it said nothing");
    return last.len ? str_format(cx->arena, "%.*s; %.*s", STR(first), STR(last)) : first;
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
    return report_surroundings(cx, t->from, "cannot reach '%.*s' by ssh: %.*s", STR(t->url),
                               STR(complaint(cx, result.errors)));
}

static bool ask_daemon(struct context *cx, struct git_talk *t, const char *service, str input,
                       str *out)
{
    str host = str_trim_suffix(str_trim_prefix(t->host, S("[")), S("]"));
    struct git_socket s = { .host = host,
                            .port = t->port,
                            .path = t->path,
                            .service = service,
                            .input = input,
                            .timeout_ns = timeout_of(t),
                            .most = PACK_MOST,
                            .pos = t->from };
    return git_socket_talk(cx, &s, out);
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

static bool check_address(struct context *cx, struct git_talk *t, str host)
{
    bool ok = is_word(t->host) && is_word(host) && is_number(t->port) && is_word(t->path);
    return ok || report(cx, t->from, "'%.*s' is no address of a Git repository", STR(t->url));
}

/* host:port/path, behind the scheme. */
static void cut_host(struct context *cx, struct git_talk *t, size_t scheme)
{
    str host;
    str_cut(str_skip(t->url, scheme), '/', &t->host, &t->path);
    t->path = str_concat(cx->arena, S("/"), t->path);
    if (!str_ends(t->host, S("]")) && str_cut_last(t->host, ':', &host, &t->port))
        t->host = host;
}

/* ssh://user@host:port/path and user@host:path; "/~user/" begins in a home. */
static bool parse_ssh(struct context *cx, struct git_talk *t)
{
    str user, host;
    t->way = TALK_SSH;
    if (str_starts(t->url, S("ssh://"))) {
        cut_host(cx, t, 6);
        t->path = str_starts(t->path, S("/~")) ? str_skip(t->path, 1) : t->path;
    } else {
        str_cut(t->url, ':', &t->host, &t->path);
    }
    if (!str_cut_last(t->host, '@', &user, &host))
        host = user;
    return check_address(cx, t, host);
}

/* A daemon knows no users. */
static bool parse_daemon(struct context *cx, struct git_talk *t)
{
    t->way = TALK_DAEMON;
    cut_host(cx, t, 6);
    return check_address(cx, t, str_has_char(t->host, '@') ? S("") : t->host);
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
    return str_starts(whole, S("git://")) ? parse_daemon(cx, t) : parse_ssh(cx, t);
}

static bool ask(struct context *cx, struct git_talk *t, const char *service, str body, str *answer)
{
    if (t->way == TALK_SSH)
        return ask_ssh(cx, t, service, body, answer);
    if (t->way == TALK_DAEMON)
        return ask_daemon(cx, t, service, body, answer);
    return ask_http(cx, t, service, str_format(cx->arena, "/%s", service), body, answer);
}

bool git_talk_greet(struct context *cx, struct git_talk *t, const char *service, str name)
{
    str bytes, place = str_format(cx->arena, "/info/refs?service=%s", service);
    bool ok = t->way == TALK_HTTP ? ask_http(cx, t, service, place, S(""), &bytes)
                                  : ask(cx, t, service, S("0000"), &bytes);
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
           && (t->way == TALK_HTTP || wire_skip_greeting(cx, answer, t->from));
}
