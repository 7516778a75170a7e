/* GitHub, and GitHub Enterprise Server.
 *
 * A filter for a head without its owner is ignored and lists everything. A draft is made at
 * creation only. A team is asked as "organisation/team". */
#include "promote/forge_hub.h"

static bool place(struct context *cx, struct forge *f, const struct forge_address *a)
{
    if (!str_cut(a->path, '/', &f->owner, &f->name) || !f->owner.len || !f->name.len
        || str_has_char(f->name, '/'))
        return false;
    /* GitHub's own hosts have one for the API; a server of one's own has it below itself. */
    bool hosted = str_eq(a->host, S("github.com")) || str_ends(a->host, S(".ghe.com"));
    f->root = hosted ? str_concat(cx->arena, S("https://api."), a->host)
                     : str_concat(cx->arena, a->origin, S("/api/v3"));
    f->repository = hub_repository(cx, f);
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
    hub_read(cx, n, "requested_teams", "slug", out);
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
    struct node *n = hub_wish(cx, w, title, body);
    if (w->draft)
        forge_put_node(cx, n, "draft", node_bool(cx, true));
    if (!forge_create(cx, f, str_concat(cx->arena, f->repository, S("/pulls")), n, &answer, how))
        return false;
    str words = forge_words(cx, f, &answer);
    if (forge_made(&answer))
        read(cx, answer.json, out);
    else if (answer.status == 422 && str_has(words, S("already exists")))
        *how = CREATION_DUPLICATE;
    else if (answer.status == 422 && str_has(words, S("No commits between")))
        *how = CREATION_EMPTY;
    else
        return forge_refused(cx, f, &answer, "open a pull request");
    return true;
}

static bool label(struct context *cx, const struct forge *f, const struct pull_request *p,
                  const struct words_found *missing)
{
    struct node *n = node_map(cx);
    forge_put_node(cx, n, "labels", forge_list(cx, missing));
    return forge_do(cx, f, "POST", hub_path(cx, f, "issues", p, "/labels"), n, NULL, "set labels");
}

static bool reviewed(struct context *cx, const struct forge *f, struct pull_request *p)
{
    return hub_reviewed(cx, f, "per_page=100", p);
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
    .update = hub_update,
    .label = label,
    .reviewed = reviewed,
    .review = hub_review,
    .comment = hub_comment,
    .close = hub_close,
};
