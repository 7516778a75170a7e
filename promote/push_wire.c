/* The remote is asked where its branch stands; the push then says that it replaces this very
 * commit, and the server refuses when it does not stand there any more.
 *
 * Whether a promotion's branch is ours is told by its tip alone, so that no history has to be
 * fetched: our commit's seal says which base it stands on. */
#include "promote/push_wire.h"

#include "promote/commit.h"
#include "promote/forge.h"
#include "promote/push_pack.h"
#include "render/source/fetch.h"
#include "render/source/git_settings.h"
#include "render/source/git_store.h"
#include "render/source/git_talk.h"

enum { WORDS_MOST = 12 };

#define PUSH_TIMEOUT_NS 120000000000u

struct wire_push {
    const struct push_request *request;
    str url;
    str reference;
    str there; /* where the branch stands; "" for nowhere */
    struct git_talk talk;
};

bool push_wire_takes(str url)
{
    bool scp = str_find(url, S("://")) < 0 && !str_starts(url, S("/")) && !str_starts(url, S("."))
               && str_has_char(url, ':');
    return scp || str_starts(url, S("https://")) || str_starts(url, S("http://"))
           || str_starts(url, S("ssh://")) || str_starts(url, S("git://"));
}

bool push_is_race(str refusal)
{
    static const str words[] = { S("non-fast-forward"), S("fetch first"),
                                 S("cannot lock ref"),  S("incorrect old value"),
                                 S("stale info"),       S("failed to update ref") };
    for (size_t i = 0; i < countof(words); i++) {
        if (str_has(refusal, words[i]))
            return true;
    }
    return false;
}

static bool begin_talk(struct context *cx, struct wire_push *w, struct git_talk *t)
{
    struct forge forge;
    bool known;
    *t = (struct git_talk){ .timeout_ns = PUSH_TIMEOUT_NS };
    t->settings = git_settings_read_in(cx, w->request->repository);
    str folder = repository_worktree(w->request->repository);
    t->folder = folder.len ? str_cstr(cx->arena, folder) : ".";
    if (!t->settings || !git_talk_begin(cx, t, w->url, NOWHERE))
        return false;
    if (t->way == TALK_HTTP && forge_of(cx, t->url, w->request->forge, NOWHERE, &forge, &known))
        forge_credentials(cx, &forge, &t->token);
    return true;
}

static bool open_push(struct context *cx, const struct push_request *request, str url,
                      struct wire_push *w)
{
    *w = (struct wire_push){ .request = request, .url = url };
    w->reference = str_concat(cx->arena, S("refs/heads/"), request->branch);
    if (!begin_talk(cx, w, &w->talk)
        || !git_talk_greet(cx, &w->talk, "git-receive-pack", w->reference))
        return false;
    for (uint32_t i = 0; i < w->talk.refs.len; i++) {
        if (str_eq(w->talk.refs.at[i].name, w->reference))
            w->there = w->talk.refs.at[i].object;
    }
    return true;
}

/* An upload-pack at the same place, greeted. Who we are is known already. */
static bool open_fetch(struct context *cx, struct wire_push *w, struct git_talk *t)
{
    if (!begin_talk(cx, w, t))
        return false;
    t->who = w->talk.who;
    t->asked = w->talk.asked;
    t->url = w->talk.way == TALK_HTTP ? w->talk.url : t->url;
    return git_talk_greet(cx, t, "git-upload-pack", w->reference);
}

/* The tip and its tree, in the store of what was fetched. */
static struct repository *fetch_tip(struct context *cx, struct wire_push *w)
{
    struct git_talk t;
    str bytes, pack;
    struct repository *known = git_store_find(cx, w->there, NOWHERE);
    if (known)
        return known;
    if (!open_fetch(cx, w, &t)
        || !git_talk_send(cx, &t, "git-upload-pack", wire_want(cx, &t.refs, &w->there, 1, false),
                          &bytes)
        || !wire_pack(cx, &t.refs, bytes, NOWHERE, &pack))
        return NULL;
    return git_store_add(cx, w->there, pack, NOWHERE);
}

/* The tip and all that is missing below it, in the user's own repository. */
static bool fetch_history(struct context *cx, struct wire_push *w)
{
    const struct push_request *r = w->request;
    struct git_talk t;
    struct wire_known known;
    str bytes, pack;
    return push_known(cx, r->repository, r->remote, r->base, &known) && open_fetch(cx, w, &t)
           && git_talk_send(cx, &t, "git-upload-pack",
                            wire_want_missing(cx, &t.refs, w->there, &known), &bytes)
           && wire_pack(cx, &t.refs, bytes, NOWHERE, &pack) && push_take(cx, r->repository, pack);
}

/* False after a report: it could not be looked at. */
static bool read_there(struct context *cx, struct wire_push *w, enum seal *seal)
{
    struct commit_read tip;
    if (!push_commit(cx, w->request->repository, w->there, &tip)) {
        struct repository *fetched = fetch_tip(cx, w);
        if (!fetched)
            return false;
        if (!push_commit(cx, fetched, w->there, &tip))
            return report_git(cx, NOWHERE, "read the branch's commit");
    }
    *seal = seal_read(cx->arena, tip.tree, tip.parent, tip.message);
    return true;
}

static bool is_ours(struct context *cx, struct wire_push *w, bool *ours, enum seal *seal)
{
    const struct push_request *r = w->request;
    if (!read_there(cx, w, seal))
        return false;
    *ours = *seal == SEAL_HOLDS;
    if (*ours)
        return true;
    /* A branch that the base already holds has nothing to lose. */
    struct diags before = cx->diags;
    bool follows = false;
    if (!commit_follows(cx, r->repository, r->base, w->there, &follows))
        diag_take_back(cx, before);
    *ours = follows;
    return true;
}

static bool may_replace(struct context *cx, struct wire_push *w)
{
    bool ours;
    enum seal seal;
    if (!w->there.len)
        return true;
    return is_ours(cx, w, &ours, &seal)
           && (ours || commit_report_theirs(cx, w->request->branch, w->there, seal));
}

/* With BRANCH_TIP only what follows the remote's tip is pushed. */
static bool may_follow(struct context *cx, struct wire_push *w, struct push_result *out)
{
    const struct push_request *r = w->request;
    struct commit_read tip;
    bool follows = false;
    if (!w->there.len || str_eq(w->there, r->base))
        return true;
    bool here = push_commit(cx, r->repository, w->there, &tip);
    if (!here && !fetch_history(cx, w))
        return false;
    out->there = w->there;
    struct diags before = cx->diags;
    if (here && !commit_follows(cx, r->repository, r->commit, w->there, &follows))
        diag_take_back(cx, before);
    out->outcome = follows ? PUSH_DONE : PUSH_BEHIND;
    return true;
}

/* Hooks say more than that they refuse. */
static bool report_refusal(struct context *cx, const struct push_request *r,
                           struct wire_verdict verdict)
{
    str line;
    report_surroundings(cx, NOWHERE, "'%.*s' refused the push: %.*s", STR(r->remote),
                        STR(verdict.refusal));
    for (int i = 0; i < WORDS_MOST && str_next_line(&verdict.words, &line); i++)
        note(cx, NOWHERE, "it says: %.*s", STR(line));
    return false;
}

static bool send(struct context *cx, struct wire_push *w, struct push_result *out)
{
    const struct push_request *r = w->request;
    struct wire_update update = { w->reference, w->there, r->commit };
    struct wire_verdict verdict;
    str pack, answer;
    if (!push_pack(cx, r->repository, r->remote, &w->talk.refs, r->commit, &pack)
        || !git_talk_send(cx, &w->talk, "git-receive-pack",
                          wire_push(cx, &w->talk.refs, &update, pack), &answer)
        || !wire_pushed(cx, answer, NOWHERE, &verdict))
        return false;
    if (push_is_race(verdict.refusal))
        out->outcome = PUSH_BEHIND;
    else if (verdict.refusal.len)
        return report_refusal(cx, r, verdict);
    return true;
}

bool push_wire(struct context *cx, const struct push_request *request, str url,
               struct push_result *out)
{
    struct wire_push w;
    *out = (struct push_result){ .outcome = PUSH_DONE, .there = S("") };
    if (!open_push(cx, request, url, &w))
        return false;
    if (str_eq(w.there, request->commit)) {
        out->outcome = PUSH_THERE;
        return true;
    }
    out->there = w.there;
    bool may = request->rule == BRANCH_OURS ? may_replace(cx, &w) : may_follow(cx, &w, out);
    return may && (out->outcome == PUSH_BEHIND || send(cx, &w, out));
}

bool push_wire_look(struct context *cx, const struct push_request *request, str url, bool *there,
                    bool *ours)
{
    struct wire_push w;
    enum seal seal;
    *ours = true;
    if (!open_push(cx, request, url, &w))
        return false;
    *there = w.there.len > 0;
    return !*there || is_ours(cx, &w, ours, &seal);
}
