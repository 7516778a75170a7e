/* GitLab.
 *
 * A project is its whole path, encoded as one word; people are numbers; a draft is a matter
 * of the title. The token of a CI job may not open merge requests. */
#include "promote/forge_call.h"

#include "render/base/number.h"

/* A server below a path is known from CI alone: groups look the same. By ssh the path has no
 * part in the address. */
static bool place(struct context *cx, struct forge *f, const struct forge_address *a)
{
    str path = a->path, below = a->below.len ? str_concat(cx->arena, a->below, S("/")) : S("");
    if (a->http)
        path = str_trim_prefix(path, below);
    if (!str_cut_last(path, '/', &f->owner, &f->name) || !f->owner.len || !f->name.len)
        return false;
    f->root = str_format(cx->arena, "%.*s/%.*sapi/v4", STR(a->origin), STR(below));
    f->repository = str_concat(cx->arena, S("/projects/"), forge_escape(cx, path));
    return true;
}

static void sign(struct context *cx, const struct forge *f, struct forge_headers *out)
{
    (void)cx;
    out->at[out->len++] = (struct http_header){ S("PRIVATE-TOKEN"), f->token };
}

static void read(struct context *cx, const struct node *n, struct pull_request *out)
{
    *out = (struct pull_request){ .id = forge_text(cx, n, "iid"),
                                  .url = forge_text(cx, n, "web_url"),
                                  .title = forge_text(cx, n, "title"),
                                  .body = forge_text(cx, n, "description"),
                                  .raw = n };
    forge_texts(cx, forge_at(cx, n, "labels"), "", &out->labels);
    forge_texts(cx, forge_at(cx, n, "reviewers"), "username", &out->reviewers);
}

static bool find(struct context *cx, const struct forge *f, const struct forge_wish *w,
                 struct pull_request *out, bool *found)
{
    struct forge_answer answer;
    str path = str_format(
        cx->arena, "%.*s/merge_requests?state=opened&source_branch=%.*s&target_branch=%.*s",
        STR(f->repository), STR(forge_escape(cx, w->branch)), STR(forge_escape(cx, w->base)));
    if (!forge_do(cx, f, "GET", path, NULL, &answer, "list its merge requests"))
        return false;
    const struct node *list = answer.json;
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len && !*found; i++) {
        const struct node *n = list->items[i];
        /* One from a fork may have the same branches. */
        if (!str_eq(forge_text(cx, n, "source_branch"), w->branch)
            || !str_eq(forge_text(cx, n, "source_project_id"),
                       forge_text(cx, n, "target_project_id")))
            continue;
        read(cx, n, out);
        *found = true;
    }
    return true;
}

static bool create(struct context *cx, const struct forge *f, const struct forge_wish *w, str title,
                   str body, struct pull_request *out, enum forge_creation *how)
{
    struct forge_answer answer;
    struct node *n = node_map(cx);
    forge_put(cx, n, "source_branch", w->branch);
    forge_put(cx, n, "target_branch", w->base);
    forge_put(cx, n, "title", title);
    forge_put(cx, n, "description", body);
    if (!forge_create(cx, f, str_concat(cx->arena, f->repository, S("/merge_requests")), n, &answer,
                      how))
        return false;
    if (forge_made(&answer))
        read(cx, answer.json, out);
    else if (answer.status == 409)
        *how = CREATION_DUPLICATE;
    else
        return forge_refused(cx, f, &answer, "open a merge request");
    return true;
}

static str path_of(struct context *cx, const struct forge *f, const struct pull_request *p,
                   const char *more)
{
    return str_format(cx->arena, "%.*s/merge_requests/%.*s%s", STR(f->repository), STR(p->id),
                      more);
}

static bool put(struct context *cx, const struct forge *f, const struct pull_request *p,
                const struct node *n, const char *doing)
{
    return forge_do(cx, f, "PUT", path_of(cx, f, p, ""), n, NULL, doing);
}

static bool update(struct context *cx, const struct forge *f, const struct pull_request *p,
                   str title, str body)
{
    struct node *n = node_map(cx);
    forge_put(cx, n, "title", title);
    forge_put(cx, n, "description", body);
    return put(cx, f, p, n, "update the merge request");
}

static bool label(struct context *cx, const struct forge *f, const struct pull_request *p,
                  const struct words_found *missing)
{
    struct node *n = node_map(cx);
    forge_put(cx, n, "add_labels", str_join(cx->arena, missing->at, missing->len, S(",")));
    return put(cx, f, p, n, "set labels");
}

static bool add_number(struct context *cx, struct node *list, str text)
{
    int64_t id;
    if (number_int(text, 10, 63, &id) != NUMBER_OK)
        return false;
    node_push(cx, list, node_int(cx, id));
    return true;
}

static bool add_person(struct context *cx, const struct forge *f, struct node *list, str name)
{
    struct forge_answer answer;
    str path = str_concat(cx->arena, S("/users?username="), forge_escape(cx, name));
    if (!forge_do(cx, f, "GET", path, NULL, &answer, "look for people"))
        return false;
    return add_number(cx, list, forge_text(cx, answer.json, "0.id"))
           || report_surroundings(cx, NOWHERE, "GitLab knows nobody called '%.*s'", STR(name));
}

/* The list is set whole, so those who are there are in it. */
static bool review(struct context *cx, const struct forge *f, const struct pull_request *p,
                   const struct words_found *missing)
{
    struct node *n = node_map(cx), *list = node_list(cx);
    const struct node *there = forge_at(cx, p->raw, "reviewers");
    for (uint32_t i = 0; node_is(there, NODE_LIST) && i < there->len; i++)
        add_number(cx, list, forge_text(cx, there->items[i], "id"));
    for (uint32_t i = 0; i < missing->len; i++) {
        if (!add_person(cx, f, list, missing->at[i]))
            return false;
    }
    forge_put_node(cx, n, "reviewer_ids", list);
    return put(cx, f, p, n, "ask for reviews");
}

static bool comment(struct context *cx, const struct forge *f, const struct pull_request *p,
                    str text)
{
    struct node *n = node_map(cx);
    forge_put(cx, n, "body", text);
    return forge_do(cx, f, "POST", path_of(cx, f, p, "/notes"), n, NULL, "comment");
}

static bool close_(struct context *cx, const struct forge *f, const struct pull_request *p)
{
    struct node *n = node_map(cx);
    forge_put(cx, n, "state_event", S("close"));
    return put(cx, f, p, n, "close the merge request");
}

const struct forge_row forge_gitlab = {
    .name = S("gitlab"),
    .title = S("GitLab"),
    .hosts = { S("gitlab.com") },
    .words = { S("gitlab") },
    .server = "CI_SERVER_URL",
    .api = "CI_API_V4_URL",
    .tokens = { "GITLAB_TOKEN", "GITLAB_PRIVATE_TOKEN" },
    .push_user = S("oauth2"),
    .body_most = 1048576,
    .title_most = 255,
    .html = true,
    .draft_title = S("Draft: "),
    .place = place,
    .sign = sign,
    .find = find,
    .create = create,
    .update = update,
    .label = label,
    .review = review,
    .comment = comment,
    .close = close_,
};
