/* Azure DevOps.
 *
 * References are named in full: a short one matches nothing. A body has 4 000 characters at
 * most. Reviewers are the numbers of identities. A personal token goes as a password without
 * a user, that of a pipeline as a bearer's. */
#include "promote/forge_call.h"

static str after(str s, str prefix)
{
    return str_starts(s, prefix) ? str_skip(s, prefix.len) : (str){ 0 };
}

/* "v3/ORG/PROJECT/REPO" by ssh; "ORG/PROJECT/_git/REPO", "PROJECT/_git/REPO" below
 * ORG.visualstudio.com, and "ORG/_git/REPO" for the project of the repository's name. */
static bool read_path(struct forge *f, const struct forge_address *a)
{
    str rest = after(a->path, S("v3/")), first;
    ptrdiff_t mark = str_find(a->path, S("/_git/"));
    if (rest.len && mark < 0)
        return str_cut(rest, '/', &f->owner, &rest) && str_cut(rest, '/', &f->project, &f->name);
    if (mark < 0)
        return false;
    f->name = str_skip(a->path, (size_t)mark + 6);
    rest = str_slice(a->path, 0, (size_t)mark);
    if (str_ends(a->host, S(".visualstudio.com"))) {
        str_cut(a->host, '.', &f->owner, &first);
        f->project = str_trim_prefix(rest, S("DefaultCollection/"));
        return true;
    }
    if (!str_cut_last(rest, '/', &f->owner, &f->project)) {
        f->owner = rest;
        f->project = f->name;
    }
    return true;
}

static bool is_cloud(str host)
{
    return str_eq(host, S("dev.azure.com")) || str_eq(host, S("ssh.dev.azure.com"))
           || str_ends(host, S(".visualstudio.com"));
}

static bool place(struct context *cx, struct forge *f, const struct forge_address *a)
{
    if (!read_path(f, a) || !f->owner.len || !f->project.len || !f->name.len
        || str_has_char(f->name, '/'))
        return false;
    str origin = is_cloud(a->host) ? S("https://dev.azure.com") : a->origin;
    f->root = str_format(cx->arena, "%.*s/%.*s/%.*s", STR(origin), STR(f->owner), STR(f->project));
    f->repository = str_format(cx->arena, "/_apis/git/repositories/%.*s", STR(f->name));
    return true;
}

static void sign(struct context *cx, const struct forge *f, struct forge_headers *out)
{
    if (!f->bearer) {
        out->password = f->token;
        return;
    }
    out->at[out->len++] =
        (struct http_header){ S("Authorization"), str_concat(cx->arena, S("Bearer "), f->token) };
}

static void read(struct context *cx, const struct forge *f, const struct node *n,
                 struct pull_request *out)
{
    *out = (struct pull_request){ .id = forge_text(cx, n, "pullRequestId"),
                                  .title = forge_text(cx, n, "title"),
                                  .body = forge_text(cx, n, "description"),
                                  .raw = n };
    out->url = str_format(cx->arena, "%.*s/_git/%.*s/pullrequest/%.*s", STR(f->root), STR(f->name),
                          STR(out->id));
    forge_texts(cx, forge_at(cx, n, "labels"), "name", &out->labels);
    forge_texts(cx, forge_at(cx, n, "reviewers"), "id", &out->reviewers);
}

/* The words are as Azure DevOps' own description has them, also in what is large and small. */
static str path_of(struct context *cx, const struct forge *f, const struct pull_request *p,
                   const char *more)
{
    return str_format(cx->arena, "%.*s/%s/%.*s%s?api-version=7.1", STR(f->repository),
                      *more ? "pullRequests" : "pullrequests", STR(p->id), more);
}

static str reference(struct context *cx, str branch)
{
    return str_concat(cx->arena, S("refs/heads/"), branch);
}

/* A list cuts descriptions short, and leaves labels out. */
static bool read_whole(struct context *cx, const struct forge *f, struct pull_request *out)
{
    struct forge_answer answer, labels;
    if (!forge_do(cx, f, "GET", path_of(cx, f, out, ""), NULL, &answer, "show a pull request")
        || !forge_do(cx, f, "GET", path_of(cx, f, out, "/labels"), NULL, &labels, "show labels"))
        return false;
    read(cx, f, answer.json, out);
    forge_texts(cx, forge_at(cx, labels.json, "value"), "name", &out->labels);
    return true;
}

static bool find(struct context *cx, const struct forge *f, const struct forge_wish *w,
                 struct pull_request *out, bool *found)
{
    struct forge_answer answer;
    str path = str_format(cx->arena,
                          "%.*s/pullrequests?searchCriteria.status=active"
                          "&searchCriteria.sourceRefName=%.*s&searchCriteria.targetRefName=%.*s"
                          "&api-version=7.1",
                          STR(f->repository), STR(forge_escape(cx, reference(cx, w->branch))),
                          STR(forge_escape(cx, reference(cx, w->base))));
    if (!forge_do(cx, f, "GET", path, NULL, &answer, "list its pull requests"))
        return false;
    const struct node *first = forge_at(cx, answer.json, "value.0");
    if (!first)
        return true;
    read(cx, f, first, out);
    *found = true;
    return read_whole(cx, f, out);
}

static bool create(struct context *cx, const struct forge *f, const struct forge_wish *w, str title,
                   str body, struct pull_request *out, enum forge_creation *how)
{
    struct forge_answer answer;
    struct node *n = node_map(cx);
    forge_put(cx, n, "sourceRefName", reference(cx, w->branch));
    forge_put(cx, n, "targetRefName", reference(cx, w->base));
    forge_put(cx, n, "title", title);
    forge_put(cx, n, "description", body);
    if (w->draft)
        forge_put_node(cx, n, "isDraft", node_bool(cx, true));
    str path = str_concat(cx->arena, f->repository, S("/pullrequests?api-version=7.1"));
    if (!forge_create(cx, f, path, n, &answer, how))
        return false;
    if (forge_made(&answer))
        read(cx, f, answer.json, out);
    else if (answer.status == 409)
        *how = CREATION_DUPLICATE;
    else
        return forge_refused(cx, f, &answer, "open a pull request");
    return true;
}

static bool update(struct context *cx, const struct forge *f, const struct pull_request *p,
                   str title, str body)
{
    struct node *n = node_map(cx);
    forge_put(cx, n, "title", title);
    forge_put(cx, n, "description", body);
    return forge_do(cx, f, "PATCH", path_of(cx, f, p, ""), n, NULL, "update the pull request");
}

static bool label(struct context *cx, const struct forge *f, const struct pull_request *p,
                  const struct words_found *missing)
{
    for (uint32_t i = 0; i < missing->len; i++) {
        struct node *n = node_map(cx);
        forge_put(cx, n, "name", missing->at[i]);
        if (!forge_do(cx, f, "POST", path_of(cx, f, p, "/labels"), n, NULL, "set labels"))
            return false;
    }
    return true;
}

static bool review(struct context *cx, const struct forge *f, const struct pull_request *p,
                   const struct words_found *missing)
{
    for (uint32_t i = 0; i < missing->len; i++) {
        struct node *n = node_map(cx);
        str more = str_concat(cx->arena, S("/reviewers/"), forge_escape(cx, missing->at[i]));
        forge_put(cx, n, "id", missing->at[i]);
        forge_put_node(cx, n, "vote", node_int(cx, 0));
        if (!forge_do(cx, f, "PUT", path_of(cx, f, p, str_cstr(cx->arena, more)), n, NULL,
                      "ask for reviews"))
            return false;
    }
    return true;
}

static bool comment(struct context *cx, const struct forge *f, const struct pull_request *p,
                    str text)
{
    struct node *n = node_map(cx), *list = node_list(cx), *one = node_map(cx);
    forge_put(cx, one, "content", text);
    forge_put(cx, one, "commentType", S("text"));
    node_push(cx, list, one);
    forge_put_node(cx, n, "comments", list);
    forge_put(cx, n, "status", S("closed"));
    return forge_do(cx, f, "POST", path_of(cx, f, p, "/threads"), n, NULL, "comment");
}

static bool close_(struct context *cx, const struct forge *f, const struct pull_request *p)
{
    struct node *n = node_map(cx);
    forge_put(cx, n, "status", S("abandoned"));
    return forge_do(cx, f, "PATCH", path_of(cx, f, p, ""), n, NULL, "abandon the pull request");
}

const struct forge_row forge_azure = {
    .name = S("azure"),
    .title = S("Azure DevOps"),
    .hosts = { S("dev.azure.com"), S("ssh.dev.azure.com"), S(".visualstudio.com") },
    .server = "SYSTEM_COLLECTIONURI",
    .tokens = { "AZURE_DEVOPS_EXT_PAT", "AZURE_DEVOPS_TOKEN" },
    .bearer = "SYSTEM_ACCESSTOKEN",
    .push_user = S("hoist"),
    .body_most = 4000,
    .title_most = 400,
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
