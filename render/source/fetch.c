/* A file:// repository is read where it is. Others are asked in Git's own protocol for one
 * commit without its history, which libgit2's transports cannot; libgit2 reads the pack. */
#include "render/source/fetch.h"

#include "render/source/credentials.h"
#include "render/source/git.h"
#include "render/source/git_store.h"
#include "render/source/git_talk.h"
#include "render/source/http.h"

str fetch_public(struct context *cx, str url)
{
    struct credentials who;
    return credentials_of_address(cx, url, &who);
}

struct fetching {
    const struct git_remote_tree *tree;
    struct git_talk talk;
    struct pos from;
};

static bool report_offline(struct context *cx, struct fetching *t)
{
    report_surroundings(cx, t->from, "'%.*s' would be fetched", STR(fetch_public(cx, t->talk.url)));
    hint(cx, NOWHERE,
         "--offline forbids it; a revision of 40 digits that was fetched before is "
         "still there");
    return false;
}

static bool greet(struct context *cx, struct fetching *t)
{
    if (cx->switches.offline)
        return report_offline(cx, t);
    return git_talk_greet(cx, &t->talk, "git-upload-pack", t->tree->revision);
}

static bool get_pack(struct context *cx, struct fetching *t, const str *objects, size_t n,
                     bool history, str *pack)
{
    str bytes, want = wire_want(cx, &t->talk.refs, objects, n, history);
    return git_talk_send(cx, &t->talk, "git-upload-pack", want, &bytes)
           && wire_pack(cx, &t->talk.refs, bytes, t->from, pack);
}

/* A server may give no commit that no reference names; then all of them are fetched, with
 * their history, which holds it. */
static bool get_all(struct context *cx, struct fetching *t, str *pack)
{
    str *objects = NEW_ARRAY(cx->arena, str, t->talk.refs.len + 1);
    size_t n = 0;
    for (uint32_t i = 0; i < t->talk.refs.len; i++) {
        str name = t->talk.refs.at[i].name;
        if (str_starts(name, S("refs/heads/")) || str_starts(name, S("refs/tags/")))
            objects[n++] = t->talk.refs.at[i].object;
    }
    return n && get_pack(cx, t, objects, n, true, pack);
}

static struct repository *get(struct context *cx, struct fetching *t, str object)
{
    str pack;
    struct diags before = cx->diags;
    if (get_pack(cx, t, &object, 1, false, &pack))
        return git_store_add(cx, object, pack, t->from);
    if (!wire_is_object(t->tree->revision) || t->talk.refs.version2)
        return NULL;
    struct diags first = cx->diags;
    if (get_all(cx, t, &pack)) {
        diag_take_back(cx, before);
        return git_store_add(cx, object, pack, t->from);
    }
    diag_take_back(cx, first);
    return NULL;
}

static struct repository *fetch_repository(struct context *cx, struct fetching *t, str *object)
{
    struct repository *known = NULL;
    if (wire_is_object(t->tree->revision))
        known = git_store_find(cx, *object = t->tree->revision, t->from);
    if (known)
        return known;
    if (!greet(cx, t))
        return NULL;
    *object = wire_find(&t->talk.refs, t->tree->revision);
    if (!object->len) {
        report(cx, t->from, "'%.*s' has no branch or tag '%.*s'",
               STR(fetch_public(cx, t->talk.url)),
               STR(t->tree->revision.len ? t->tree->revision : S("HEAD")));
        return NULL;
    }
    known = git_store_find(cx, *object, t->from);
    return known ? known : get(cx, t, *object);
}

/* A repository on this machine, as another would see it: by its references alone. */
static struct repository *open_local(struct context *cx, struct fetching *t, str *object)
{
    str path = str_skip(t->talk.url, 7);
    struct repository *repository = NULL;
    if (!str_starts(path, S("/"))) {
        report(cx, t->from, "'%.*s' is no absolute path", STR(t->talk.url));
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

struct source *fetch_git(struct context *cx, const struct git_remote_tree *tree, struct pos from)
{
    struct fetching *t = NEW(cx->arena, struct fetching);
    str object;
    *t = (struct fetching){ .tree = tree, .from = from };
    t->talk.timeout_ns = tree->timeout_ns;
    if (!git_talk_begin(cx, &t->talk, tree->url, from))
        return NULL;
    struct repository *repository = str_starts(t->talk.url, S("file://"))
                                        ? open_local(cx, t, &object)
                                        : fetch_repository(cx, t, &object);
    struct source *src = repository ? source_git(cx, repository, object, from) : NULL;
    if (!src)
        return NULL;
    src->name = str_concat(cx->arena, fetch_public(cx, tree->url), S("//"));
    return src;
}

struct text *fetch_file_within(struct context *cx, str url, uint64_t timeout_ns, struct pos from,
                               int *status)
{
    struct credentials who;
    struct http_answer answer;
    struct http_request r = { .url = credentials_of_address(cx, url, &who),
                              .timeout_ns = timeout_ns,
                              .pos = from };
    r.user = who.user;
    r.password = who.password;
    bool ok = http_request(cx, &r, &answer);
    *status = !ok && (answer.late || answer.no_connection) ? FETCH_UNREACHABLE : answer.status;
    return ok ? text_add(cx, r.url, answer.body) : NULL;
}
