/* Gitea and Forgejo, Codeberg among them.
 *
 * The pull request of two branches can be asked for, but that may be a closed one, so the
 * open ones are listed then. Labels are numbers; a draft is a matter of the title. */
#include "promote/forge_call.h"

#include "render/base/number.h"

enum { PAGES_MOST = 40, PAGE = 50 };

static bool place(struct context *cx, struct forge *f, const struct forge_address *a)
{
    str rest, prefix = S("");
    /* A server below a path: the last two parts are the repository. */
    if (!str_cut_last(a->path, '/', &rest, &f->name) || !f->name.len)
        return false;
    if (!str_cut_last(rest, '/', &prefix, &f->owner)) {
        f->owner = rest;
        prefix = S("");
    }
    if (!f->owner.len)
        return false;
    f->root = str_format(cx->arena, "%.*s%s%.*s/api/v1", STR(a->origin), prefix.len ? "/" : "",
                         STR(prefix));
    f->repository = str_format(cx->arena, "/repos/%.*s/%.*s", STR(forge_escape(cx, f->owner)),
                               STR(forge_escape(cx, f->name)));
    return true;
}

static void sign(struct context *cx, const struct forge *f, struct forge_headers *out)
{
    out->at[out->len++] =
        (struct http_header){ S("Authorization"), str_concat(cx->arena, S("token "), f->token) };
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
    forge_texts(cx, forge_at(cx, n, "requested_reviewers_teams"), "name", &out->reviewers);
}

/* Of this repository's own two branches, and open. */
static bool is_it(struct context *cx, const struct forge_wish *w, const struct node *n)
{
    return str_eq(forge_text(cx, n, "state"), S("open"))
           && str_eq(forge_text(cx, n, "head.ref"), w->branch)
           && str_eq(forge_text(cx, n, "base.ref"), w->base)
           && str_eq(forge_text(cx, n, "head.repo_id"), forge_text(cx, n, "base.repo_id"));
}

static bool find_listed(struct context *cx, const struct forge *f, const struct forge_wish *w,
                        struct pull_request *out, bool *found)
{
    for (int page = 1; page <= PAGES_MOST; page++) {
        struct forge_answer answer;
        str path = str_format(cx->arena, "%.*s/pulls?state=open&limit=%d&page=%d",
                              STR(f->repository), PAGE, page);
        if (!forge_do(cx, f, "GET", path, NULL, &answer, "list its pull requests"))
            return false;
        const struct node *list = answer.json;
        for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
            if (!is_it(cx, w, list->items[i]))
                continue;
            read(cx, list->items[i], out);
            *found = true;
            return true;
        }
        if (!answer.has_next)
            return true;
    }
    return true;
}

static bool find(struct context *cx, const struct forge *f, const struct forge_wish *w,
                 struct pull_request *out, bool *found)
{
    struct forge_answer answer;
    str path = str_format(cx->arena, "%.*s/pulls/%.*s/%.*s", STR(f->repository),
                          STR(forge_escape(cx, w->base)), STR(forge_escape(cx, w->branch)));
    if (!forge_send(cx, f, "GET", path, NULL, &answer))
        return false;
    if (answer.status != 200 && answer.status != 404)
        return forge_refused(cx, f, &answer, "list its pull requests");
    if (answer.status != 200 || !is_it(cx, w, answer.json))
        return find_listed(cx, f, w, out, found);
    read(cx, answer.json, out);
    *found = true;
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
    if (!forge_create(cx, f, str_concat(cx->arena, f->repository, S("/pulls")), n, &answer, how))
        return false;
    if (answer.status == 201)
        read(cx, answer.json, out);
    else if (answer.status == 409)
        *how = CREATION_DUPLICATE;
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

/* Looks labels up, in the repository and then in its organisation, until all are known. */
static bool add_labels_of(struct context *cx, const struct forge *f, str where,
                          const struct words_found *wanted, struct node *ids, bool *known)
{
    for (int page = 1; page <= PAGES_MOST; page++) {
        struct forge_answer answer;
        str path = str_format(cx->arena, "%.*s/labels?limit=%d&page=%d", STR(where), PAGE, page);
        if (!forge_send(cx, f, "GET", path, NULL, &answer))
            return false;
        const struct node *list = answer.status == 200 ? answer.json : NULL;
        for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
            int64_t id;
            for (uint32_t k = 0; k < wanted->len; k++) {
                if (known[k] || !str_eq(forge_text(cx, list->items[i], "name"), wanted->at[k])
                    || number_int(forge_text(cx, list->items[i], "id"), 10, 63, &id) != NUMBER_OK)
                    continue;
                known[k] = true;
                node_push(cx, ids, node_int(cx, id));
            }
        }
        if (!answer.has_next)
            return true;
    }
    return true;
}

static bool label(struct context *cx, const struct forge *f, const struct pull_request *p,
                  const struct words_found *missing)
{
    bool *known = NEW_ARRAY(cx->arena, bool, missing->len);
    struct node *n = node_map(cx), *ids = node_list(cx);
    str organisation = str_concat(cx->arena, S("/orgs/"), forge_escape(cx, f->owner));
    if (!add_labels_of(cx, f, f->repository, missing, ids, known)
        || (ids->len < missing->len && !add_labels_of(cx, f, organisation, missing, ids, known)))
        return false;
    forge_put_node(cx, n, "labels", ids);
    if (ids->len
        && !forge_do(cx, f, "POST", path_of(cx, f, "issues", p, "/labels"), n, NULL, "set labels"))
        return false;
    for (uint32_t i = 0; i < missing->len; i++) {
        if (!known[i])
            return report_surroundings(cx, NOWHERE, "the repository has no label '%.*s'",
                                       STR(missing->at[i]));
    }
    return true;
}

static bool reviewed(struct context *cx, const struct forge *f, struct pull_request *p)
{
    struct forge_answer answer;
    if (!forge_do(cx, f, "GET", path_of(cx, f, "pulls", p, "/reviews?limit=50"), NULL, &answer,
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

const struct forge_row forge_gitea = {
    .name = S("gitea"),
    .title = S("Gitea"),
    .hosts = { S("codeberg.org"), S("gitea.com") },
    .words = { S("gitea"), S("forgejo") },
    .server = "GITHUB_SERVER_URL",
    .marker = "GITEA_ACTIONS",
    .api = "GITHUB_API_URL",
    .tokens = { "GITEA_TOKEN", "FORGEJO_TOKEN", "CODEBERG_TOKEN" },
    .push_user = S("oauth2"),
    .body_most = 65536,
    .title_most = 255,
    .html = true,
    .draft_title = S("WIP: "),
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
