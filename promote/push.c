/* Pushes through libgit2 (libgit2), and by push_wire.c where it takes the address.
 *
 * The remote is asked first where its branch stands; the push then says that it replaces
 * this very commit, and the server refuses when it does not stand there any more. */
#include "promote/push.h"

#include <git2.h>

#include "promote/push_local.h"
#include "promote/push_wire.h"
#include "render/base/library.h"

struct push_calls {
    __typeof__(git_credential_ssh_key_from_agent) *ssh_agent;
    __typeof__(git_error_last) *error_last;
    __typeof__(git_error_set_str) *error_set;
    __typeof__(git_oid_equal) *oid_equal;
    __typeof__(git_oid_fromstrn) *oid_from;
    __typeof__(git_oid_tostr) *oid_print;
    __typeof__(git_push_options_init) *options_init;
    __typeof__(git_fetch_options_init) *fetch_options_init;
    __typeof__(git_remote_connect) *connect;
    __typeof__(git_remote_disconnect) *disconnect;
    __typeof__(git_remote_fetch) *fetch;
    __typeof__(git_remote_free) *remote_free;
    __typeof__(git_remote_lookup) *remote_lookup;
    __typeof__(git_remote_ls) *remote_ls;
    __typeof__(git_remote_push) *push;
    __typeof__(git_remote_pushurl) *pushurl;
    __typeof__(git_remote_url) *url;
};
static struct push_calls git2;
#define ROW(member, symbol) LIBRARY_SYMBOL(struct push_calls, member, symbol)
static const struct library_symbol push_symbols[] = {
    ROW(ssh_agent, git_credential_ssh_key_from_agent),
    ROW(error_last, git_error_last),
    ROW(error_set, git_error_set_str),
    ROW(oid_equal, git_oid_equal),
    ROW(oid_from, git_oid_fromstrn),
    ROW(oid_print, git_oid_tostr),
    ROW(options_init, git_push_options_init),
    ROW(fetch_options_init, git_fetch_options_init),
    ROW(connect, git_remote_connect),
    ROW(disconnect, git_remote_disconnect),
    ROW(fetch, git_remote_fetch),
    ROW(remote_free, git_remote_free),
    ROW(remote_lookup, git_remote_lookup),
    ROW(remote_ls, git_remote_ls),
    ROW(push, git_remote_push),
    ROW(pushurl, git_remote_pushurl),
    ROW(url, git_remote_url),
};
static struct library push_library = { LIBRARY("libgit2.so.1.5", "libgit2-1.5", push_symbols,
                                               &git2) };

struct pusher {
    struct context *cx;
    const struct push_request *request;
    git_repository *repository;
    git_remote *remote;
    str url; /* that is pushed to */
    char *reference;
    git_oid commit;
    git_oid there; /* zero when the remote has no such branch */
    bool has_there;
    bool moved;     /* since it was asked */
    str rejection;  /* the server's word for this reference */
    bool asked_key; /* once is enough: an agent without a key would be asked forever */
};

static bool fail(struct pusher *p, const char *doing)
{
    const git_error *e = git2.error_last();
    return report_surroundings(p->cx, NOWHERE, "cannot %s '%.*s': %s", doing,
                               STR(p->request->remote),
                               e && e->message ? e->message : "no reason was given");
}

static int take_credentials(git_credential **out, const char *url, const char *user,
                            unsigned int allowed, void *payload)
{
    struct pusher *p = payload;
    (void)url;
    if (!(allowed & GIT_CREDENTIAL_SSH_KEY) || p->asked_key)
        return GIT_PASSTHROUGH;
    p->asked_key = true;
    return git2.ssh_agent(out, user ? user : "git");
}

/* The server compares what it holds with what is said here. */
static int check_lease(const git_push_update **updates, size_t n, void *payload)
{
    struct pusher *p = payload;
    static const git_oid zero;
    for (size_t i = 0; i < n; i++) {
        if (git2.oid_equal(&updates[i]->src, p->has_there ? &p->there : &zero))
            continue;
        p->moved = true;
        git2.error_set(GIT_ERROR_REFERENCE, "the remote branch has moved");
        return GIT_EUSER;
    }
    return 0;
}

static int take_status(const char *reference, const char *status, void *payload)
{
    struct pusher *p = payload;
    (void)reference;
    if (status)
        p->rejection = str_dup(p->cx->arena, str_from(status));
    return 0;
}

static git_remote_callbacks callbacks(struct pusher *p)
{
    return (git_remote_callbacks){
        .version = GIT_REMOTE_CALLBACKS_VERSION,
        .credentials = take_credentials,
        .push_negotiation = check_lease,
        .push_update_reference = take_status,
        .payload = p,
    };
}

static void free_remote(void *remote)
{
    git2.remote_free(remote);
}

static bool open_remote(struct pusher *p)
{
    char *name = str_cstr(p->cx->scratch, p->request->remote);
    int error = git2.remote_lookup(&p->remote, p->repository, name);
    if (error == GIT_ENOTFOUND || error == GIT_EINVALIDSPEC)
        return report(p->cx, NOWHERE, "the repository has no remote '%s'", name);
    if (error < 0)
        return fail(p, "read the remote");
    arena_defer(p->cx->scratch, free_remote, p->remote);
    const char *url = git2.pushurl(p->remote);
    p->url = str_from(url ? url : git2.url(p->remote));
    if (p->cx->switches.offline && !url_is_local(p->url))
        return report_surroundings(p->cx, NOWHERE,
                                   "'%s' is not on this machine, and --offline "
                                   "opens no connection",
                                   name);
    return true;
}

static bool find_there(struct pusher *p)
{
    git_remote_callbacks calls = callbacks(p);
    const git_remote_head **heads;
    size_t n;
    if (git2.connect(p->remote, GIT_DIRECTION_PUSH, &calls, NULL, NULL) < 0)
        return fail(p, "reach the remote");
    bool ok = git2.remote_ls(&heads, &n, p->remote) == 0 || fail(p, "list the branches of");
    for (size_t i = 0; ok && i < n; i++) {
        if (strcmp(heads[i]->name, p->reference) == 0) {
            p->there = heads[i]->oid;
            p->has_there = true;
        }
    }
    git2.disconnect(p->remote);
    return ok;
}

/* The commits of the remote's branch are needed to see whose they are. */
static bool fetch_there(struct pusher *p)
{
    git_fetch_options options;
    git2.fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
    options.callbacks = callbacks(p);
    options.update_fetchhead = 0;
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    p->asked_key = false;
    git_strarray specs = { &p->reference, 1 };
    return git2.fetch(p->remote, &specs, &options, NULL) == 0 || fail(p, "fetch from");
}

static bool may_replace(struct pusher *p, struct push_result *out)
{
    if (!p->has_there)
        return true;
    if (!fetch_there(p))
        return false;
    char hex[GIT_OID_HEXSZ + 1];
    out->there = str_dup(p->cx->arena, str_from(git2.oid_print(hex, sizeof hex, &p->there)));
    if (p->request->rule == BRANCH_OURS)
        return commits_are_ours(p->cx, p->request->repository, p->request->branch, out->there,
                                p->request->base);
    bool follows;
    if (!commit_follows(p->cx, p->request->repository, p->request->commit, out->there, &follows))
        return false;
    if (!follows)
        out->outcome = PUSH_BEHIND;
    return true;
}

static bool send(struct pusher *p, struct push_result *out)
{
    if (url_is_local(p->url))
        return push_local(p->cx, p->request, p->url, p->has_there ? out->there : S(""),
                          &out->outcome);
    git_push_options options;
    git2.options_init(&options, GIT_PUSH_OPTIONS_VERSION);
    options.callbacks = callbacks(p);
    const char *force = p->request->rule == BRANCH_OURS ? "+" : "";
    char *spec = str_cstr(p->cx->scratch,
                          str_format(p->cx->scratch, "%s%s:%s", force, p->reference, p->reference));
    git_strarray specs = { &spec, 1 };
    p->asked_key = false;
    int error = git2.push(p->remote, &specs, &options);
    if (p->moved || error == GIT_ENONFASTFORWARD || push_is_race(p->rejection))
        out->outcome = PUSH_BEHIND;
    else if (error < 0)
        return fail(p, "push to");
    else if (p->rejection.len)
        return report_surroundings(p->cx, NOWHERE, "'%.*s' refused the push: %.*s",
                                   STR(p->request->remote), STR(p->rejection));
    return true;
}

static bool run(struct pusher *p, struct push_result *out)
{
    *out = (struct push_result){ .outcome = PUSH_DONE, .there = S("") };
    str commit = p->request->commit;
    if (git2.oid_from(&p->commit, commit.at, commit.len) < 0 || !open_remote(p))
        return false;
    if (push_wire_takes(p->url))
        return push_wire(p->cx, p->request, str_dup(p->cx->arena, p->url), out);
    if (!find_there(p))
        return false;
    if (p->has_there && git2.oid_equal(&p->there, &p->commit)) {
        out->outcome = PUSH_THERE;
        return true;
    }
    if (!may_replace(p, out))
        return false;
    return out->outcome == PUSH_BEHIND || send(p, out);
}

/* Runs a step with a pusher of its own, and the library ready. */
static bool with_pusher(struct context *cx, const struct push_request *request,
                        bool (*step)(struct pusher *, struct push_result *),
                        struct push_result *out)
{
    if (!library_open(cx, &push_library))
        return false;
    struct mark before = arena_mark(cx->scratch);
    struct pusher p = { .cx = cx, .request = request };
    p.repository = repository_handle(request->repository);
    p.reference = str_cstr(cx->scratch, str_concat(cx->scratch, S("refs/heads/"), request->branch));
    bool ok = step(&p, out);
    arena_rewind(cx->scratch, before);
    return ok;
}

bool push_branch(struct context *cx, const struct push_request *request, struct push_result *out)
{
    return with_pusher(cx, request, run, out);
}

static bool address(struct pusher *p, struct push_result *out)
{
    *out = (struct push_result){ 0 };
    if (!open_remote(p))
        return false;
    const char *url = git2.pushurl(p->remote);
    out->there = str_dup(p->cx->arena, str_from(url ? url : git2.url(p->remote)));
    return true;
}

bool push_address(struct context *cx, struct repository *repository, str remote, str *url)
{
    struct push_request request = { .repository = repository, .remote = remote };
    struct push_result found;
    bool ok = with_pusher(cx, &request, address, &found);
    *url = found.there;
    return ok;
}

static bool look(struct pusher *p, struct push_result *out)
{
    *out = (struct push_result){ .there = S("") };
    return open_remote(p) && find_there(p) && (!p->has_there || may_replace(p, out));
}

bool push_look(struct context *cx, const struct push_request *request, bool *there, bool *ours)
{
    struct push_result found;
    str url;
    if (!push_address(cx, request->repository, request->remote, &url))
        return false;
    if (push_wire_takes(url))
        return push_wire_look(cx, request, url, there, ours);
    struct diags before = cx->diags;
    bool ok = with_pusher(cx, request, look, &found);
    *there = found.there.len > 0;
    *ours = ok;
    /* Commits of people are an answer. */
    if (!ok && *there && diag_exit_status(cx) == 1) {
        diag_take_back(cx, before);
        ok = true;
    }
    return ok;
}
