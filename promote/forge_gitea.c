/* Gitea and Forgejo, Codeberg among them.
 *
 * The pull request of two branches can be asked for, but that may be a closed one, so the
 * open ones are listed then. Labels are numbers; a draft is a matter of the title. */
#include "promote/forge_hub.h"

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
    f->repository = hub_repository(cx, f);
    return true;
}

static void sign(struct context *cx, const struct forge *f, struct forge_headers *out)
{
    out->at[out->len++] =
        (struct http_header){ S("Authorization"), str_concat(cx->arena, S("token "), f->token) };
}

static void read(struct context *cx, const struct node *n, struct pull_request *out)
{
    hub_read(cx, n, "requested_reviewers_teams", "name", out);
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
    struct node *n = hub_wish(cx, w, title, body);
    if (!forge_create(cx, f, str_concat(cx->arena, f->repository, S("/pulls")), n, &answer, how))
        return false;
    if (forge_made(&answer))
        read(cx, answer.json, out);
    else if (answer.status == 409)
        *how = CREATION_DUPLICATE;
    else
        return forge_refused(cx, f, &answer, "open a pull request");
    return true;
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
        && !forge_do(cx, f, "POST", hub_path(cx, f, "issues", p, "/labels"), n, NULL, "set labels"))
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
    return hub_reviewed(cx, f, "limit=50", p);
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
    .update = hub_update,
    .label = label,
    .reviewed = reviewed,
    .review = hub_review,
    .comment = hub_comment,
    .close = hub_close,
};
