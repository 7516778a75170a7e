/* Bitbucket Data Center.
 *
 * It has no labels. An update names the version that it is about, and takes away reviewers
 * that it does not list. A body shows no HTML. */
#include "promote/forge_call.h"

#include "render/base/number.h"

enum { PAGES_MOST = 40, PAGE = 100 };

/* https://host[/context]/scm/KEY/name, ssh://git@host:7999/KEY/name. */
static bool place(struct context *cx, struct forge *f, const struct forge_address *a)
{
    str rest, prefix = S("");
    if (!str_cut_last(a->path, '/', &rest, &f->name) || !f->name.len)
        return false;
    if (!str_cut_last(rest, '/', &prefix, &f->project)) {
        f->project = rest;
        prefix = S("");
    }
    prefix = str_eq(prefix, S("scm")) ? S("") : str_trim_suffix(prefix, S("/scm"));
    if (!f->project.len)
        return false;
    f->owner = f->project;
    f->root = str_format(cx->arena, "%.*s%s%.*s/rest/api/1.0", STR(a->origin),
                         prefix.len ? "/" : "", STR(prefix));
    f->repository = str_format(cx->arena, "/projects/%.*s/repos/%.*s",
                               STR(forge_escape(cx, f->project)), STR(forge_escape(cx, f->name)));
    return true;
}

static void sign(struct context *cx, const struct forge *f, struct forge_headers *out)
{
    out->at[out->len++] = (struct http_header){ S("X-Atlassian-Token"), S("no-check") };
    out->at[out->len++] =
        (struct http_header){ S("Authorization"), str_concat(cx->arena, S("Bearer "), f->token) };
}

static void read(struct context *cx, const struct node *n, struct pull_request *out)
{
    *out = (struct pull_request){ .id = forge_text(cx, n, "id"),
                                  .url = forge_text(cx, n, "links.self.0.href"),
                                  .title = forge_text(cx, n, "title"),
                                  .body = forge_text(cx, n, "description"),
                                  .version = forge_text(cx, n, "version"),
                                  .raw = n };
    forge_texts(cx, forge_at(cx, n, "reviewers"), "user.name", &out->reviewers);
}

static str reference(struct context *cx, str branch)
{
    return str_concat(cx->arena, S("refs/heads/"), branch);
}

/* The first of a page that is for the base. */
static const struct node *pick(struct context *cx, const struct forge_wish *w,
                               const struct node *values)
{
    for (uint32_t i = 0; node_is(values, NODE_LIST) && i < values->len; i++) {
        const struct node *n = values->items[i];
        if (str_eq(forge_text(cx, n, "toRef.id"), reference(cx, w->base))
            && str_eq(forge_text(cx, n, "fromRef.id"), reference(cx, w->branch)))
            return n;
    }
    return NULL;
}

static bool find(struct context *cx, const struct forge *f, const struct forge_wish *w,
                 struct pull_request *out, bool *found)
{
    str start = S("0");
    for (int page = 0; page < PAGES_MOST; page++) {
        struct forge_answer answer;
        str path = str_format(
            cx->arena,
            "%.*s/pull-requests?state=OPEN&direction=OUTGOING&at=%.*s&limit=%d&start=%.*s",
            STR(f->repository), STR(forge_escape(cx, reference(cx, w->branch))), PAGE, STR(start));
        if (!forge_do(cx, f, "GET", path, NULL, &answer, "list its pull requests"))
            return false;
        const struct node *n = pick(cx, w, forge_at(cx, answer.json, "values"));
        if (n) {
            read(cx, n, out);
            *found = true;
            return true;
        }
        start = forge_text(cx, answer.json, "nextPageStart");
        if (!start.len || str_eq(forge_text(cx, answer.json, "isLastPage"), S("true")))
            return true;
    }
    return true;
}

static void put_side(struct context *cx, const struct forge *f, struct node *n, const char *key,
                     str branch)
{
    struct node *side = forge_put_map(cx, n, key);
    forge_put(cx, side, "id", reference(cx, branch));
    struct node *repository = forge_put_map(cx, side, "repository");
    forge_put(cx, repository, "slug", f->name);
    forge_put(cx, forge_put_map(cx, repository, "project"), "key", f->project);
}

static bool create(struct context *cx, const struct forge *f, const struct forge_wish *w, str title,
                   str body, struct pull_request *out, enum forge_creation *how)
{
    struct forge_answer answer;
    struct node *n = node_map(cx);
    forge_put(cx, n, "title", title);
    forge_put(cx, n, "description", body);
    put_side(cx, f, n, "fromRef", w->branch);
    put_side(cx, f, n, "toRef", w->base);
    if (w->draft)
        forge_put_node(cx, n, "draft", node_bool(cx, true));
    str path = str_concat(cx->arena, f->repository, S("/pull-requests"));
    if (!forge_create(cx, f, path, n, &answer, how))
        return false;
    str exception = forge_text(cx, answer.json, "errors.0.exceptionName");
    if (forge_made(&answer))
        read(cx, answer.json, out);
    else if (answer.status == 409 && str_has(exception, S("DuplicatePullRequest")))
        *how = CREATION_DUPLICATE;
    else if (answer.status == 409 && str_has(exception, S("EmptyPullRequest")))
        *how = CREATION_EMPTY;
    else
        return forge_refused(cx, f, &answer, "open a pull request");
    return true;
}

static str path_of(struct context *cx, const struct forge *f, const struct pull_request *p,
                   const char *more)
{
    return str_format(cx->arena, "%.*s/pull-requests/%.*s%s", STR(f->repository), STR(p->id), more);
}

static void put_person(struct context *cx, struct node *list, str name)
{
    struct node *reviewer = node_map(cx);
    forge_put(cx, forge_put_map(cx, reviewer, "user"), "name", name);
    node_push(cx, list, reviewer);
}

static bool put(struct context *cx, const struct forge *f, const struct pull_request *p, str title,
                str body, const struct words_found *more, const char *doing)
{
    int64_t version = 0;
    struct node *n = node_map(cx), *people = node_list(cx);
    number_int(p->version, 10, 63, &version);
    forge_put_node(cx, n, "version", node_int(cx, version));
    forge_put(cx, n, "title", title);
    forge_put(cx, n, "description", body);
    for (uint32_t i = 0; i < p->reviewers.len; i++)
        put_person(cx, people, p->reviewers.at[i]);
    for (uint32_t i = 0; more && i < more->len; i++)
        put_person(cx, people, more->at[i]);
    forge_put_node(cx, n, "reviewers", people);
    return forge_do(cx, f, "PUT", path_of(cx, f, p, ""), n, NULL, doing);
}

static bool update(struct context *cx, const struct forge *f, const struct pull_request *p,
                   str title, str body)
{
    return put(cx, f, p, title, body, NULL, "update the pull request");
}

/* As it stands now: an update has made a new version of it. */
static bool again(struct context *cx, const struct forge *f, const struct pull_request *p,
                  struct pull_request *now)
{
    struct forge_answer answer;
    if (!forge_do(cx, f, "GET", path_of(cx, f, p, ""), NULL, &answer, "show a pull request"))
        return false;
    read(cx, answer.json, now);
    return true;
}

static bool review(struct context *cx, const struct forge *f, const struct pull_request *p,
                   const struct words_found *missing)
{
    struct pull_request now;
    return again(cx, f, p, &now)
           && put(cx, f, &now, now.title, now.body, missing, "ask for reviews");
}

static bool comment(struct context *cx, const struct forge *f, const struct pull_request *p,
                    str text)
{
    struct node *n = node_map(cx);
    forge_put(cx, n, "text", text);
    return forge_do(cx, f, "POST", path_of(cx, f, p, "/comments"), n, NULL, "comment");
}

static bool close_(struct context *cx, const struct forge *f, const struct pull_request *p)
{
    struct pull_request now;
    if (!again(cx, f, p, &now))
        return false;
    str more = str_concat(cx->arena, S("/decline?version="), now.version);
    return forge_do(cx, f, "POST", path_of(cx, f, p, str_cstr(cx->arena, more)), NULL, NULL,
                    "decline the pull request");
}

const struct forge_row forge_bitbucket_server = {
    .name = S("bitbucket-server"),
    .title = S("Bitbucket Data Center"),
    .words = { S("bitbucket"), S("stash") },
    .tokens = { "BITBUCKET_TOKEN", "BITBUCKET_ACCESS_TOKEN" },
    .users = { "BITBUCKET_USER" },
    .push_user = S("x-token-auth"),
    .body_most = 32768,
    .title_most = 255,
    .place = place,
    .sign = sign,
    .find = find,
    .create = create,
    .update = update,
    .review = review,
    .comment = comment,
    .close = close_,
};
