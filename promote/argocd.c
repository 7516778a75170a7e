/* Reading an Application.
 *
 *     argocd: {application: NAME, server: https://argocd.example.com}
 *     argocd: {application: NAME, file: app.json}      kubectl get application NAME -o json
 *
 * The token comes from ARGOCD_AUTH_TOKEN, the server where it is not named from
 * ARGOCD_SERVER, an authority of one's own from SSL_CERT_FILE; `project` and `namespace` are
 * sent along when they are said. Nothing but this one object is asked for. */
#include "promote/argocd.h"

#include <stdlib.h>

#include "render/base/buf.h"
#include "render/base/encode.h"
#include "render/doc/json_read.h"
#include "render/source/git.h"
#include "render/source/http.h"

struct asking {
    struct context *cx;
    const struct check_scene *scene;
    const struct requirement *r;
    struct argocd_status *out;
};

static bool field(const struct asking *a, const char *name, str *out)
{
    const struct node *n = node_get_text(a->cx, a->r->how, str_from(name));
    *out = S("");
    if (!n)
        return true;
    if (!node_is_scalar(n))
        return report(a->cx, n->pos, "'%s' must be a text, not %s", name, node_kind_name(n));
    *out = n->text;
    return true;
}

/* Over HTTP. */

static bool is_loopback(str url)
{
    static const str hosts[] = { S("http://127.0.0.1"), S("http://localhost"), S("http://[::1]") };
    for (size_t i = 0; i < countof(hosts); i++) {
        char next = url.len > hosts[i].len ? url.at[hosts[i].len] : '/';
        if (str_starts(url, hosts[i]) && (next == ':' || next == '/'))
            return true;
    }
    return false;
}

static bool find_server(const struct asking *a, str *url)
{
    if (!field(a, "server", url))
        return false;
    if (!url->len)
        *url = str_from(getenv("ARGOCD_SERVER"));
    if (!url->len) {
        report(a->cx, a->r->pos, "'argocd' names neither a server nor a file");
        hint(a->cx, NOWHERE, "argocd: {application: NAME, server: https://argocd.example.com}");
        return false;
    }
    *url = str_trim_suffix(*url, S("/"));
    if (!str_has(*url, S("://")))
        *url = str_concat(a->cx->arena, S("https://"), *url);
    if (str_starts(*url, S("https://")) || is_loopback(*url))
        return true;
    return report(a->cx, a->r->pos, "a token is sent only over https, which '%.*s' is not",
                  STR(*url));
}

static void add_query(struct buf *b, const char *name, str value)
{
    if (!value.len)
        return;
    buf_char(b, str_has_char(buf_view(b), '?') ? '&' : '?');
    buf_format(b, "%s=", name);
    encode_query(b, value);
}

static bool address_of(const struct asking *a, str *url)
{
    str server, project, namespace;
    struct buf b;
    buf_init(&b, a->cx->arena, 256);
    if (!find_server(a, &server) || !field(a, "project", &project)
        || !field(a, "namespace", &namespace))
        return false;
    buf_format(&b, "%.*s/api/v1/applications/", STR(server));
    encode_path(&b, a->out->name);
    add_query(&b, "project", project);
    add_query(&b, "appNamespace", namespace);
    *url = buf_take(&b);
    return true;
}

static bool judge_status(const struct asking *a, const struct http_request *request,
                         const struct http_answer *answer)
{
    if (answer->status == 200)
        return true;
    str asked = http_describe(a->cx, request);
    /* It hides from those who may not see it whether an Application exists. */
    if (answer->status == 403 || answer->status == 404)
        report_surroundings(a->cx, a->r->pos,
                            "Argo CD has no Application '%.*s', or the token may "
                            "not read it (%.*s: %d)",
                            STR(a->out->name), STR(asked), answer->status);
    else if (answer->status == 401)
        report_surroundings(a->cx, a->r->pos, "Argo CD does not accept the token (%.*s: 401)",
                            STR(asked));
    else
        report_surroundings(a->cx, a->r->pos, "Argo CD answers with status %d (%.*s)",
                            answer->status, STR(asked));
    return false;
}

static struct text *ask_server(const struct asking *a)
{
    struct context *cx = a->cx;
    str token = str_trim(str_from(getenv("ARGOCD_AUTH_TOKEN"))), url;
    if (!address_of(a, &url))
        return NULL;
    if (!token.len) {
        report_surroundings(cx, a->r->pos, "there is no token for Argo CD");
        hint(cx, NOWHERE, "ARGOCD_AUTH_TOKEN holds one, as for the argocd command");
        return NULL;
    }
    struct http_header headers[] = { { S("Authorization"),
                                       str_concat(cx->arena, S("Bearer "), token) },
                                     { S("Accept"), S("application/json") } };
    struct http_request request = { .url = url,
                                    .headers = headers,
                                    .header_count = countof(headers),
                                    .authorities = getenv("SSL_CERT_FILE"),
                                    .pos = a->r->pos };
    struct http_answer answer;
    if (!http_request(cx, &request, &answer) || !judge_status(a, &request, &answer))
        return NULL;
    return text_add(cx, http_describe(cx, &request), answer.body);
}

/* From a file: what lies on the disk now, since no commit holds how a cluster stands. */

static struct text *read_file(const struct asking *a, str path)
{
    struct context *cx = a->cx;
    if (str_eq(path, S("-")))
        return source_stdin(cx);
    const struct check_scene *s = a->scene;
    struct source *disk = source_disk(cx, S(""));
    if (!disk)
        return NULL;
    str top = s->repository ? repository_worktree(s->repository) : S("");
    str folder = source_join(cx->arena, top, s->folder);
    if (top.len && !str_starts(path, S("/")) && !str_eq(folder, disk->here))
        path = source_join(cx->arena, folder, path);
    if (source_kind(cx, disk, path) == FILE_NONE) {
        report_surroundings(cx, a->r->pos, "'%.*s' is not there to tell how '%.*s' stands",
                            STR(path), STR(a->out->name));
        hint(cx, NOWHERE, "kubectl get application NAME -o json writes such a file");
        return NULL;
    }
    return source_read(cx, disk, path, a->r->pos);
}

static str name_of(const struct asking *a, const struct node *object)
{
    const struct node *name =
        node_get_text(a->cx, node_get_text(a->cx, object, S("metadata")), S("name"));
    return name && node_is_scalar(name) ? name->text : S("");
}

/* The object itself, or one of a list of them. */
static const struct node *pick(const struct asking *a, const struct node *n)
{
    const struct node *items = node_get_text(a->cx, n, S("items"));
    for (uint32_t i = 0; node_is(items, NODE_LIST) && i < items->len; i++) {
        if (str_eq(name_of(a, items->items[i]), a->out->name))
            return items->items[i];
    }
    if (!items && str_eq(name_of(a, n), a->out->name))
        return n;
    report_surroundings(a->cx, a->r->pos, "no Application '%.*s' is in what was read",
                        STR(a->out->name));
    return NULL;
}

static bool read_all(const struct asking *a)
{
    static const str keys[] = { S("application"), S("server"), S("project"), S("namespace"),
                                S("file") };
    str file;
    if (!project_check_keys(a->cx, a->r->how, keys, countof(keys), "'argocd'")
        || !field(a, "application", &a->out->name) || !field(a, "file", &file))
        return false;
    if (!a->out->name.len)
        return report(a->cx, a->r->pos, "'application' is missing");
    struct text *text = file.len ? read_file(a, file) : ask_server(a);
    struct node *root = text ? json_try(a->cx, text) : NULL;
    if (text && !root)
        return report_surroundings(a->cx, a->r->pos, "'%.*s' is no JSON", STR(text->name));
    const struct node *object = root ? pick(a, root) : NULL;
    str path = a->scene->source->path;
    if (path.len)
        path = source_join(a->cx->arena, a->scene->folder, path);
    return object && argocd_status_read(a->cx, object, path, a->r->pos, a->out);
}

struct argocd_status *argocd_read(struct context *cx, const struct check_scene *scene,
                                  const struct requirement *r)
{
    struct argocd_status *out = NEW(cx->arena, struct argocd_status);
    struct asking a = { cx, scene, r, out };
    const struct diag *last = cx->diags.last;
    if (read_all(&a))
        check_pass(&out->state, S("synced and healthy"));
    else
        check_fail(cx, &out->state, last);
    return out;
}
