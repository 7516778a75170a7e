/* Pull requests are issues with branches: comments and labels are asked of the issue. */
#include "promote/forge_hub.h"

str hub_repository(struct context *cx, const struct forge *f)
{
    str owner = forge_escape(cx, f->owner), name = forge_escape(cx, f->name);
    return str_format(cx->arena, "/repos/%.*s/%.*s", STR(owner), STR(name));
}

void hub_read(struct context *cx, const struct node *n, const char *teams, const char *team_name,
              struct pull_request *out)
{
    *out = (struct pull_request){ .id = forge_text(cx, n, "number"),
                                  .url = forge_text(cx, n, "html_url"),
                                  .title = forge_text(cx, n, "title"),
                                  .body = forge_text(cx, n, "body"),
                                  .raw = n };
    forge_texts(cx, forge_at(cx, n, "labels"), "name", &out->labels);
    forge_texts(cx, forge_at(cx, n, "requested_reviewers"), "login", &out->reviewers);
    forge_texts(cx, forge_at(cx, n, teams), team_name, &out->reviewers);
}

struct node *hub_wish(struct context *cx, const struct forge_wish *w, str title, str body)
{
    struct node *n = node_map(cx);
    forge_put(cx, n, "title", title);
    forge_put(cx, n, "head", w->branch);
    forge_put(cx, n, "base", w->base);
    forge_put(cx, n, "body", body);
    return n;
}

bool hub_reviewed(struct context *cx, const struct forge *f, const char *most,
                  struct pull_request *p)
{
    struct forge_answer answer;
    str path = str_concat(cx->arena, hub_path(cx, f, "pulls", p, "/reviews?"), str_from(most));
    if (!forge_do(cx, f, "GET", path, NULL, &answer, "list reviews"))
        return false;
    forge_texts(cx, answer.json, "user.login", &p->reviewers);
    return true;
}

str hub_path(struct context *cx, const struct forge *f, const char *kind,
             const struct pull_request *p, const char *more)
{
    return str_format(cx->arena, "%.*s/%s/%.*s%s", STR(f->repository), kind, STR(p->id), more);
}

bool hub_update(struct context *cx, const struct forge *f, const struct pull_request *p, str title,
                str body)
{
    struct node *n = node_map(cx);
    forge_put(cx, n, "title", title);
    forge_put(cx, n, "body", body);
    return forge_do(cx, f, "PATCH", hub_path(cx, f, "pulls", p, ""), n, NULL,
                    "update the pull request");
}

bool hub_review(struct context *cx, const struct forge *f, const struct pull_request *p,
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
    return forge_do(cx, f, "POST", hub_path(cx, f, "pulls", p, "/requested_reviewers"), n, NULL,
                    "ask for reviews");
}

bool hub_comment(struct context *cx, const struct forge *f, const struct pull_request *p, str text)
{
    struct node *n = node_map(cx);
    forge_put(cx, n, "body", text);
    return forge_do(cx, f, "POST", hub_path(cx, f, "issues", p, "/comments"), n, NULL, "comment");
}

bool hub_close(struct context *cx, const struct forge *f, const struct pull_request *p)
{
    struct node *n = node_map(cx);
    forge_put(cx, n, "state", S("closed"));
    return forge_do(cx, f, "PATCH", hub_path(cx, f, "pulls", p, ""), n, NULL,
                    "close the pull request");
}
