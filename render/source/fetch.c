/* Three ways to a repository: its folder, HTTP, and a program that speaks SSH.
 *
 * A file:// repository is read where it is. Others are asked in Git's own protocol for one
 * commit without its history, which libgit2's transports cannot; libgit2 reads the pack. An
 * address that could be taken for an option, or that asks for a program, is refused. */
#include "render/source/fetch.h"

#include <stdlib.h>

#include "render/base/process.h"
#include "render/source/credentials.h"
#include "render/source/git.h"
#include "render/source/git_settings.h"
#include "render/source/git_store.h"
#include "render/source/git_wire.h"
#include "render/source/http.h"

#define TIMEOUT_NS 27000000000u
#define PACK_MOST  ((size_t)1 << 30)

/* A repository that is talked to. */
struct talk {
    const struct git_remote_tree *tree;
    str url; /* rewritten by the user's settings, without user and password */
    struct git_settings *settings;
    struct credentials who;
    bool asked; /* for credentials */
    bool ssh;
    str host; /* for ssh: user@host, port, path */
    str port;
    str path;
    struct pos from;
    struct wire_refs refs;
};

str fetch_public(struct context *cx, str url)
{
    struct credentials who;
    return credentials_of_address(cx, url, &who);
}

static uint64_t timeout_of(const struct talk *t)
{
    return t->tree->timeout_ns ? t->tree->timeout_ns : TIMEOUT_NS;
}

/* --- HTTP --- */

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
static struct http_header *headers_for(struct context *cx, struct talk *t, bool post, uint32_t *n)
{
    struct header_lines extra = { 0 };
    git_settings_headers(cx, t->settings, t->url, &extra);
    struct http_header *all = NEW_ARRAY(cx->arena, struct http_header, extra.len + 3);
    *n = 0;
    if (post) {
        all[(*n)++] =
            (struct http_header){ S("Content-Type"), S("application/x-git-upload-pack-request") };
        all[(*n)++] =
            (struct http_header){ S("Accept"), S("application/x-git-upload-pack-result") };
    }
    if (!post || t->refs.version2)
        all[(*n)++] = (struct http_header){ S("Git-Protocol"), S("version=2") };
    for (uint32_t i = 0; i < extra.len; i++)
        all[(*n)++] = header_of(extra.at[i]);
    return all;
}

static bool request_once(struct context *cx, struct talk *t, str service, str body,
                         struct http_answer *answer)
{
    struct http_request r = { .url = str_concat(cx->arena, t->url, service),
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
                              .pos = t->from };
    r.headers = headers_for(cx, t, body.len > 0, &r.header_count);
    return http_request(cx, &r, answer);
}

static bool report_status(struct context *cx, struct talk *t, int status)
{
    str url = fetch_public(cx, t->url);
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

/* An answer of 401 is a question; Azure and others answer it with a redirect to a page, which
 * is then not Git's. */
static bool ask_http(struct context *cx, struct talk *t, str service, str body, str *out)
{
    struct http_answer answer;
    if (!request_once(cx, t, service, body, &answer))
        return false;
    if (answer.status == 401 && !t->asked) {
        t->asked = true;
        if (credentials_ask(cx, t->url, t->from, &t->who)
            && !request_once(cx, t, service, body, &answer))
            return false;
    }
    *out = answer.body;
    if (answer.status < 200 || answer.status > 299)
        return report_status(cx, t, answer.status);
    /* A repository that has moved is asked where it is now, with no more secrets than before. */
    str place = str_trim_suffix(answer.url, service), before, after;
    if (!body.len && str_ends(answer.url, service) && http_origin(cx, t->url, &before)
        && http_origin(cx, place, &after)) {
        t->url = place;
        if (!str_eq(before, after))
            t->who = (struct credentials){ 0 };
    }
    return true;
}

/* --- SSH --- */

/* Git's own way with a path: quotes around it, and quotes in it taken out of them. */
static str quoted(struct context *cx, str s)
{
    return str_format(cx->arena, "'%.*s'", STR(str_replace_all(cx->arena, s, S("'"), S("'\\''"))));
}

static const char **ssh_arguments(struct context *cx, struct talk *t)
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
        str_cstr(cx->arena, str_concat(cx->arena, S("git-upload-pack "), quoted(cx, t->path)));
    return argv;
}

/* The other side ends the talk in its own way once it has what it wants, so its status says
 * little; without a word of Git's, its errors say all. */
static bool ask_ssh(struct context *cx, struct talk *t, str input, str *out)
{
    struct process_result result;
    struct process p = { .argv = ssh_arguments(cx, t),
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
    return report_surroundings(cx, t->from, "cannot read '%.*s' by ssh: %.*s", STR(t->url),
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
static bool parse_ssh(struct context *cx, struct talk *t)
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

/* --- either --- */

static bool report_offline(struct context *cx, struct talk *t)
{
    report_surroundings(cx, t->from, "'%.*s' would be fetched", STR(fetch_public(cx, t->url)));
    hint(cx, NOWHERE,
         "--offline forbids it; a revision of 40 digits that was fetched before is "
         "still there");
    return false;
}

static bool greet(struct context *cx, struct talk *t)
{
    str bytes;
    if (cx->switches.offline)
        return report_offline(cx, t);
    bool ok = t->ssh ? ask_ssh(cx, t, S("0000"), &bytes)
                     : ask_http(cx, t, S("/info/refs?service=git-upload-pack"), S(""), &bytes);
    if (!ok || !wire_greeting(cx, bytes, t->from, &t->refs))
        return false;
    if (!t->refs.version2)
        return true;
    return ask_http(cx, t, S("/git-upload-pack"), wire_list(cx, t->tree->revision), &bytes)
           && wire_listed(cx, bytes, t->from, &t->refs);
}

static bool get_pack(struct context *cx, struct talk *t, const str *objects, size_t n, bool history,
                     str *pack)
{
    str bytes, want = wire_want(cx, &t->refs, objects, n, history);
    bool ok = t->ssh ? ask_ssh(cx, t, want, &bytes)
                     : ask_http(cx, t, S("/git-upload-pack"), want, &bytes);
    if (ok && t->ssh)
        ok = wire_skip_greeting(cx, &bytes, t->from);
    return ok && wire_pack(cx, &t->refs, bytes, t->from, pack);
}

/* A server may give no commit that no reference names; then all of them are fetched, with
 * their history, which holds it. */
static bool get_all(struct context *cx, struct talk *t, str *pack)
{
    str *objects = NEW_ARRAY(cx->arena, str, t->refs.len + 1);
    size_t n = 0;
    for (uint32_t i = 0; i < t->refs.len; i++) {
        str name = t->refs.at[i].name;
        if (str_starts(name, S("refs/heads/")) || str_starts(name, S("refs/tags/")))
            objects[n++] = t->refs.at[i].object;
    }
    return n && get_pack(cx, t, objects, n, true, pack);
}

static struct repository *get(struct context *cx, struct talk *t, str object)
{
    str pack;
    struct diags before = cx->diags;
    if (get_pack(cx, t, &object, 1, false, &pack))
        return git_store_add(cx, object, pack, t->from);
    if (!wire_is_object(t->tree->revision) || t->refs.version2)
        return NULL;
    struct diags first = cx->diags;
    if (get_all(cx, t, &pack)) {
        diag_take_back(cx, before);
        return git_store_add(cx, object, pack, t->from);
    }
    diag_take_back(cx, first);
    return NULL;
}

static struct repository *fetch_repository(struct context *cx, struct talk *t, str *object)
{
    struct repository *known = NULL;
    if (wire_is_object(t->tree->revision))
        known = git_store_find(cx, *object = t->tree->revision, t->from);
    if (known)
        return known;
    if (!greet(cx, t))
        return NULL;
    *object = wire_find(&t->refs, t->tree->revision);
    if (!object->len) {
        report(cx, t->from, "'%.*s' has no branch or tag '%.*s'", STR(fetch_public(cx, t->url)),
               STR(t->tree->revision.len ? t->tree->revision : S("HEAD")));
        return NULL;
    }
    known = git_store_find(cx, *object, t->from);
    return known ? known : get(cx, t, *object);
}

/* A repository on this machine, as another would see it: by its references alone. */
static struct repository *open_local(struct context *cx, struct talk *t, str *object)
{
    str path = str_skip(t->url, 7);
    struct repository *repository = NULL;
    if (!str_starts(path, S("/"))) {
        report(cx, t->from, "'%.*s' is no absolute path", STR(t->url));
        return NULL;
    }
    struct diags before = cx->diags;
    repository = repository_at(cx, path, t->from);
    if (!repository && !str_ends(path, S(".git"))) {
        struct diags first = cx->diags;
        repository = repository_at(cx, str_concat(cx->arena, path, S(".git")), t->from);
        diag_take_back(cx, repository ? before : first);
    }
    *object = t->tree->revision.len ? t->tree->revision : S("HEAD");
    return repository
                   && (wire_is_object(*object)
                       || repository_reference(cx, repository, *object, t->from, object))
               ? repository
               : NULL;
}

static bool begin(struct context *cx, struct talk *t, const struct git_remote_tree *tree,
                  struct pos from)
{
    *t = (struct talk){ .tree = tree, .url = tree->url, .from = from };
    for (size_t i = 0; i < tree->url.len; i++) {
        if ((unsigned char)tree->url.at[i] < ' ')
            return report(cx, from, "the address of a repository holds a control character");
    }
    t->settings = git_settings_read(cx);
    if (!t->settings)
        return false;
    t->url = git_settings_rewrite(cx, t->settings, tree->url);
    t->url = credentials_of_address(cx, t->url, &t->who);
    if (str_starts(t->url, S("https://")) || str_starts(t->url, S("http://"))) {
        t->url = str_trim_suffix(t->url, S("/"));
        return true;
    }
    if (str_starts(t->url, S("file://")))
        return true;
    /* The user of an ssh address is a part of it, and no secret. */
    t->url = git_settings_rewrite(cx, t->settings, tree->url);
    return parse_ssh(cx, t);
}

struct source *fetch_git(struct context *cx, const struct git_remote_tree *tree, struct pos from)
{
    struct talk *t = NEW(cx->arena, struct talk);
    str object;
    if (!begin(cx, t, tree, from))
        return NULL;
    struct repository *repository = str_starts(t->url, S("file://"))
                                        ? open_local(cx, t, &object)
                                        : fetch_repository(cx, t, &object);
    struct source *src = repository ? source_git(cx, repository, object, from) : NULL;
    if (!src)
        return NULL;
    src->name = str_concat(cx->arena, fetch_public(cx, tree->url), S("//"));
    return src;
}

struct text *fetch_file(struct context *cx, str url, struct pos from, int *status)
{
    struct credentials who;
    struct http_answer answer;
    struct http_request r = { .url = credentials_of_address(cx, url, &who), .pos = from };
    r.user = who.user;
    r.password = who.password;
    if (!http_request(cx, &r, &answer))
        return NULL;
    *status = answer.status;
    return text_add(cx, r.url, answer.body);
}
