/* GitHub, and GitHub Enterprise Server.
 *
 * A filter for a head without its owner is ignored and lists everything. A draft is made at
 * creation only. A team is asked as "organisation/team". */
#include "promote/forge_call.h"

static bool place(struct context *cx, struct forge *f, const struct forge_address *a)
{
    if (!str_cut(a->path, '/', &f->owner, &f->name) || !f->owner.len || !f->name.len
        || str_has_char(f->name, '/'))
        return false;
    bool public_ = str_eq(a->host, S("github.com"));
    f->root =
        public_ ? S("https://api.github.com") : str_concat(cx->arena, a->origin, S("/api/v3"));
    f->repository = str_format(cx->arena, "/repos/%.*s/%.*s", STR(forge_escape(cx, f->owner)),
                               STR(forge_escape(cx, f->name)));
    return true;
}

static void sign(struct context *cx, const struct forge *f, struct forge_headers *out)
{
    out->at[0].value = S("application/vnd.github+json");
    out->at[out->len++] = (struct http_header){ S("X-GitHub-Api-Version"), S("2022-11-28") };
    out->at[out->len++] =
        (struct http_header){ S("Authorization"), str_concat(cx->arena, S("Bearer "), f->token) };
}

static void read(struct context *cx, const struct node *n, struct pull_request *out)
{
    *out = (struct pull_request){ .id = forge_text(cx, n, "number"),
                                  .url = forge_text(cx, n, "html_url"),
                                  .title = forge_text(cx, n, "title"),
                                  .body = forge_text(cx, n, "body"),
                                  .raw = n };
    forge_texts(cx, forge_at(cx, n, "labels"), "name", &out->labels);
    forge_texts(cx, forge_at(cx, n, "requested_reviewers"), "login", &out->reviewers);
    forge_texts(cx, forge_at(cx, n, "requested_teams"), "slug", &out->reviewers);
}

static bool find(struct context *cx, const struct forge *f, const struct forge_wish *w,
                 struct pull_request *out, bool *found)
{
    struct forge_answer answer;
    str path = str_format(cx->arena, "%.*s/pulls?state=open&head=%.*s:%.*s&base=%.*s",
                          STR(f->repository), STR(forge_escape(cx, f->owner)),
                          STR(forge_escape(cx, w->branch)), STR(forge_escape(cx, w->base)));
    if (!forge_do(cx, f, "GET", path, NULL, &answer, "list its pull requests"))
        return false;
    const struct node *list = answer.json;
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len && !*found; i++) {
        if (!str_eq(forge_text(cx, list->items[i], "head.ref"), w->branch)
            || !str_eq(forge_text(cx, list->items[i], "base.ref"), w->base))
            continue;
        read(cx, list->items[i], out);
        *found = true;
    }
    return true;
}

static bool create(struct context *cx, const struct forge *f, const struct forge_wish *w, str title,
                   str body, struct pull_request *out, enum forge_creation *how)
{
    struct forge_answer answer;
    struct node *n = node_map(cx);
    forge_put(cx, n, "title", title);
    forge_put(cx, n, "head", w->branch);
    forge_put(cx, n, "base", w->base);
    forge_put(cx, n, "body", body);
    if (w->draft)
        forge_put_node(cx, n, "draft", node_bool(cx, true));
    if (!forge_create(cx, f, str_concat(cx->arena, f->repository, S("/pulls")), n, &answer, how))
        return false;
    str words = forge_words(cx, f, &answer);
    if (answer.status == 201)
        read(cx, answer.json, out);
    else if (answer.status == 422 && str_has(words, S("already exists")))
        *how = CREATION_DUPLICATE;
    else if (answer.status == 422 && str_has(words, S("No commits between")))
        *how = CREATION_EMPTY;
    else
        return forge_refused(cx, f, &answer, "open a pull request");
    return true;
}

static str path_of(struct context *cx, const struct forge *f, const char *kind,
                   const struct pull_request *p, const char *more)
{
    return str_format(cx->arena, "%.*s/%s/%.*s%s", STR(f->repository), kind, STR(p->id), more);
}

static bool update(struct context *cx, const struct forge *f, const struct pull_request *p,
                   str title, str body)
{
    struct node *n = node_map(cx);
    forge_put(cx, n, "title", title);
    forge_put(cx, n, "body", body);
    return forge_do(cx, f, "PATCH", path_of(cx, f, "pulls", p, ""), n, NULL,
                    "update the pull request");
}

static bool label(struct context *cx, const struct forge *f, const struct pull_request *p,
                  const struct words_found *missing)
{
    struct node *n = node_map(cx);
    forge_put_node(cx, n, "labels", forge_list(cx, missing));
    return forge_do(cx, f, "POST", path_of(cx, f, "issues", p, "/labels"), n, NULL, "set labels");
}

static bool reviewed(struct context *cx, const struct forge *f, struct pull_request *p)
{
    struct forge_answer answer;
    if (!forge_do(cx, f, "GET", path_of(cx, f, "pulls", p, "/reviews?per_page=100"), NULL, &answer,
                  "list reviews"))
        return false;
    forge_texts(cx, answer.json, "user.login", &p->reviewers);
    return true;
}

static bool review(struct context *cx, const struct forge *f, const struct pull_request *p,
                   const struct words_found *missing)
{
    struct words_found people = { 0 }, teams = { 0 };
    for (uint32_t i = 0; i < missing->len; i++) {
        str organisation, team;
        if (str_cut_last(missing->at[i], '/', &organisation, &team))
            forge_add(cx, &teams, team);
        else
            forge_add(cx, &people, missing->at[i]);
    }
    struct node *n = node_map(cx);
    forge_put_node(cx, n, "reviewers", forge_list(cx, &people));
    forge_put_node(cx, n, "team_reviewers", forge_list(cx, &teams));
    return forge_do(cx, f, "POST", path_of(cx, f, "pulls", p, "/requested_reviewers"), n, NULL,
                    "ask for reviews");
}

static bool comment(struct context *cx, const struct forge *f, const struct pull_request *p,
                    str text)
{
    struct node *n = node_map(cx);
    forge_put(cx, n, "body", text);
    return forge_do(cx, f, "POST", path_of(cx, f, "issues", p, "/comments"), n, NULL, "comment");
}

static bool close_(struct context *cx, const struct forge *f, const struct pull_request *p)
{
    struct node *n = node_map(cx);
    forge_put(cx, n, "state", S("closed"));
    return forge_do(cx, f, "PATCH", path_of(cx, f, "pulls", p, ""), n, NULL,
                    "close the pull request");
}

const struct forge_row forge_github = {
    .name = S("github"),
    .title = S("GitHub"),
    .hosts = { S("github.com"), S(".ghe.com") },
    .words = { S("github") },
    .server = "GITHUB_SERVER_URL",
    .api = "GITHUB_API_URL",
    .tokens = { "GITHUB_TOKEN", "GH_TOKEN", "GH_ENTERPRISE_TOKEN" },
    .push_user = S("x-access-token"),
    .body_most = 65536,
    .title_most = 256,
    .html = true,
    .place = place,
    .sign = sign,
    .find = find,
    .create = create,
    .update = update,
    .label = label,
    .reviewed = reviewed,
    .review = review,
    .comment = comment,
    .close = close_,
};
