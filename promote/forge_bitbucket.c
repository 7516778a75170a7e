/* Bitbucket Cloud.
 *
 * It has no labels. People are asked by their account's number or "{uuid}". A body shows no
 * HTML. An access token is sent as it is; an API token goes with the account's e-mail. */
#include "promote/forge_call.h"

static bool place(struct context *cx, struct forge *f, const struct forge_address *a)
{
    if (!str_cut(a->path, '/', &f->owner, &f->name) || !f->owner.len || !f->name.len
        || str_has_char(f->name, '/'))
        return false;
    bool public_ = str_eq(a->host, S("bitbucket.org"));
    f->root =
        public_ ? S("https://api.bitbucket.org/2.0") : str_concat(cx->arena, a->origin, S("/2.0"));
    f->repository = str_format(cx->arena, "/repositories/%.*s/%.*s",
                               STR(forge_escape(cx, f->owner)), STR(forge_escape(cx, f->name)));
    return true;
}

static void sign(struct context *cx, const struct forge *f, struct forge_headers *out)
{
    if (f->user.len) {
        out->user = f->user;
        out->password = f->token;
        return;
    }
    out->at[out->len++] =
        (struct http_header){ S("Authorization"), str_concat(cx->arena, S("Bearer "), f->token) };
}

/* The text is described as the summary's; answers have it in both places. */
static void read(struct context *cx, const struct node *n, struct pull_request *out)
{
    bool summed = forge_at(cx, n, "summary.raw");
    *out = (struct pull_request){ .id = forge_text(cx, n, "id"),
                                  .url = forge_text(cx, n, "links.html.href"),
                                  .title = forge_text(cx, n, "title"),
                                  .body = forge_text(cx, n, summed ? "summary.raw" : "description"),
                                  .raw = n };
    forge_texts(cx, forge_at(cx, n, "reviewers"), "uuid", &out->reviewers);
    forge_texts(cx, forge_at(cx, n, "reviewers"), "account_id", &out->reviewers);
}

static str path_of(struct context *cx, const struct forge *f, const struct pull_request *p,
                   const char *more)
{
    return str_format(cx->arena, "%.*s/pullrequests/%.*s%s", STR(f->repository), STR(p->id), more);
}

/* A list leaves the reviewers out, so the one is read again. */
static bool find(struct context *cx, const struct forge *f, const struct forge_wish *w,
                 struct pull_request *out, bool *found)
{
    struct forge_answer answer;
    str query = str_format(cx->arena,
                           "state=\"OPEN\" AND source.branch.name=\"%.*s\" AND "
                           "destination.branch.name=\"%.*s\" AND source.repository.full_name="
                           "\"%.*s/%.*s\"",
                           STR(w->branch), STR(w->base), STR(f->owner), STR(f->name));
    str path = str_format(cx->arena, "%.*s/pullrequests?state=OPEN&q=%.*s", STR(f->repository),
                          STR(forge_escape(cx, query)));
    if (!forge_do(cx, f, "GET", path, NULL, &answer, "list its pull requests"))
        return false;
    const struct node *first = forge_at(cx, answer.json, "values.0");
    if (!first)
        return true;
    read(cx, first, out);
    if (!forge_do(cx, f, "GET", path_of(cx, f, out, ""), NULL, &answer, "show a pull request"))
        return false;
    read(cx, answer.json, out);
    *found = true;
    return true;
}

static void put_branch(struct context *cx, struct node *n, const char *key, str name)
{
    struct node *side = forge_put_map(cx, n, key);
    forge_put(cx, forge_put_map(cx, side, "branch"), "name", name);
}

static bool create(struct context *cx, const struct forge *f, const struct forge_wish *w, str title,
                   str body, struct pull_request *out, enum forge_creation *how)
{
    struct forge_answer answer;
    struct node *n = node_map(cx);
    forge_put(cx, n, "title", title);
    forge_put(cx, n, "description", body);
    put_branch(cx, n, "source", w->branch);
    put_branch(cx, n, "destination", w->base);
    if (w->draft)
        forge_put_node(cx, n, "draft", node_bool(cx, true));
    str path = str_concat(cx->arena, f->repository, S("/pullrequests"));
    if (!forge_create(cx, f, path, n, &answer, how))
        return false;
    str words = forge_words(cx, f, &answer);
    if (forge_made(&answer))
        read(cx, answer.json, out);
    else if (answer.status == 400 && str_has(words, S("no changes")))
        *how = CREATION_EMPTY;
    else if (answer.status == 409)
        *how = CREATION_DUPLICATE;
    else
        return forge_refused(cx, f, &answer, "open a pull request");
    return true;
}

/* By number or {uuid}. */
static void put_person(struct context *cx, struct node *list, str who)
{
    struct node *person = node_map(cx);
    forge_put(cx, person, str_starts(who, S("{")) ? "uuid" : "account_id", who);
    node_push(cx, list, person);
}

/* What is left out of an update is taken away: the title and those who are asked. */
static struct node *whole(struct context *cx, const struct pull_request *p, str title, str body)
{
    struct node *n = node_map(cx), *people = node_list(cx);
    const struct node *there = forge_at(cx, p->raw, "reviewers");
    forge_put(cx, n, "title", title);
    forge_put(cx, n, "description", body);
    for (uint32_t i = 0; node_is(there, NODE_LIST) && i < there->len; i++) {
        str uuid = forge_text(cx, there->items[i], "uuid");
        put_person(cx, people, uuid.len ? uuid : forge_text(cx, there->items[i], "account_id"));
    }
    forge_put_node(cx, n, "reviewers", people);
    return n;
}

static bool update(struct context *cx, const struct forge *f, const struct pull_request *p,
                   str title, str body)
{
    return forge_do(cx, f, "PUT", path_of(cx, f, p, ""), whole(cx, p, title, body), NULL,
                    "update the pull request");
}

static bool review(struct context *cx, const struct forge *f, const struct pull_request *p,
                   const struct words_found *missing)
{
    struct forge_answer answer;
    struct pull_request now;
    if (!forge_do(cx, f, "GET", path_of(cx, f, p, ""), NULL, &answer, "show a pull request"))
        return false;
    read(cx, answer.json, &now);
    struct node *n = whole(cx, &now, now.title, now.body);
    struct node *people = node_get_text(cx, n, S("reviewers"));
    for (uint32_t i = 0; i < missing->len; i++)
        put_person(cx, people, missing->at[i]);
    return forge_do(cx, f, "PUT", path_of(cx, f, p, ""), n, NULL, "ask for reviews");
}

static bool comment(struct context *cx, const struct forge *f, const struct pull_request *p,
                    str text)
{
    struct node *n = node_map(cx);
    forge_put(cx, forge_put_map(cx, n, "content"), "raw", text);
    return forge_do(cx, f, "POST", path_of(cx, f, p, "/comments"), n, NULL, "comment");
}

static bool close_(struct context *cx, const struct forge *f, const struct pull_request *p)
{
    return forge_do(cx, f, "POST", path_of(cx, f, p, "/decline"), NULL, NULL,
                    "decline the pull request");
}

const struct forge_row forge_bitbucket = {
    .name = S("bitbucket"),
    .title = S("Bitbucket"),
    .hosts = { S("bitbucket.org") },
    .tokens = { "BITBUCKET_TOKEN", "BITBUCKET_ACCESS_TOKEN" },
    .users = { "BITBUCKET_EMAIL" },
    .push_user = S("x-token-auth"),
    .account_push_user = S("x-bitbucket-api-token-auth"),
    .body_most = 262144,
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
