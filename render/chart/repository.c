/* Helm's repositories.yaml and its cache of indexes; questions by http.h. */
#include "render/chart/repository.h"

#include "render/base/url.h"
#include "render/doc/yaml_read.h"
#include "render/doc/yaml_write.h"
#include "render/source/credentials.h"
#include "render/source/http.h"

#define ZERO_TIME S("0001-01-01T00:00:00Z")

bool is_oci(str address)
{
    return str_starts(address, S("oci://"));
}

static str text_at(struct context *cx, const struct node *map, str name)
{
    const struct node *n = node_get_text(cx, map, name);
    return n && node_is_scalar(n) && n->kind != NODE_NULL ? n->text : S("");
}

static bool flag_at(struct context *cx, const struct node *map, str name)
{
    const struct node *n = node_get_text(cx, map, name);
    return node_is(n, NODE_BOOL) && scalar_true(n->text);
}

static struct repository read_repository(struct context *cx, const struct node *n)
{
    return (struct repository){
        .name = text_at(cx, n, S("name")),
        .url = text_at(cx, n, S("url")),
        .access.user = text_at(cx, n, S("username")),
        .access.password = text_at(cx, n, S("password")),
        .access.authorities = text_at(cx, n, S("caFile")),
        .access.certificate = text_at(cx, n, S("certFile")),
        .access.key = text_at(cx, n, S("keyFile")),
        .access.unverified = flag_at(cx, n, S("insecure_skip_tls_verify")),
        .access.everywhere = flag_at(cx, n, S("pass_credentials_all")),
    };
}

static void push(struct context *cx, struct repositories *all, struct repository r)
{
    ARENA_PUSH(cx->arena, all->at, all->len, all->cap);
    all->at[all->len++] = r;
}

bool repositories_read(struct context *cx, struct source *disk, str path, struct repositories *out)
{
    *out = (struct repositories){ .generated = ZERO_TIME };
    if (source_kind(cx, disk, path) == FILE_NONE)
        return true;
    struct text *text = source_read(cx, disk, path, NOWHERE);
    struct node *n = text ? yaml_read(cx, text, YAML_GO2) : NULL;
    if (!n)
        return false;
    if (n->kind != NODE_MAP && n->kind != NODE_NULL)
        return report(cx, n->pos, "repositories must be a map, not %s", node_kind_name(n));
    out->there = true;
    out->api_version = text_at(cx, n, S("apiVersion"));
    if (text_at(cx, n, S("generated")).len)
        out->generated = text_at(cx, n, S("generated"));
    const struct node *list = node_get_text(cx, n, S("repositories"));
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        if (list->items[i]->kind == NODE_MAP)
            push(cx, out, read_repository(cx, list->items[i]));
    }
    return true;
}

static void set_text(struct context *cx, struct node *map, str name, str text)
{
    node_set(cx, map, intern(cx->keys, name), node_string(cx, text));
}

static struct node *repository_node(struct context *cx, const struct repository *r)
{
    struct node *n = node_map(cx);
    set_text(cx, n, S("name"), r->name);
    set_text(cx, n, S("url"), r->url);
    set_text(cx, n, S("username"), r->access.user);
    set_text(cx, n, S("password"), r->access.password);
    set_text(cx, n, S("caFile"), r->access.authorities);
    set_text(cx, n, S("certFile"), r->access.certificate);
    set_text(cx, n, S("keyFile"), r->access.key);
    node_set(cx, n, intern(cx->keys, S("insecure_skip_tls_verify")),
             node_bool(cx, r->access.unverified));
    node_set(cx, n, intern(cx->keys, S("pass_credentials_all")),
             node_bool(cx, r->access.everywhere));
    return n;
}

str repositories_print(struct context *cx, const struct repositories *all)
{
    struct node *n = node_map(cx);
    struct node *list = node_list(cx);
    struct buf out;
    set_text(cx, n, S("apiVersion"), all->api_version);
    set_text(cx, n, S("generated"), all->generated);
    for (uint32_t i = 0; i < all->len; i++)
        node_push(cx, list, repository_node(cx, &all->at[i]));
    node_set(cx, n, intern(cx->keys, S("repositories")), list);
    buf_init(&out, cx->arena, 1024);
    return yaml_write(cx, &out, n) ? buf_take(&out) : S("");
}

struct repository *repositories_find(const struct repositories *all, str name)
{
    for (uint32_t i = 0; i < all->len; i++) {
        if (str_eq(all->at[i].name, name))
            return &all->at[i];
    }
    return NULL;
}

void repositories_put(struct context *cx, struct repositories *all, struct repository r)
{
    struct repository *old = repositories_find(all, r.name);
    if (old)
        *old = r;
    else
        push(cx, all, r);
}

bool repositories_remove(struct repositories *all, str name)
{
    uint32_t kept = 0, before = all->len;
    for (uint32_t i = 0; i < all->len; i++) {
        if (!str_eq(all->at[i].name, name))
            all->at[kept++] = all->at[i];
    }
    all->len = kept;
    return kept < before;
}

static const char *file_or_null(struct context *cx, str path)
{
    return path.len ? str_cstr(cx->arena, path) : NULL;
}

static bool same_server(struct context *cx, str a, str b)
{
    str x, y;
    return http_origin(cx, a, &x) && http_origin(cx, b, &y) && str_eq(x, y);
}

static bool check_scheme(struct context *cx, str url, struct pos from)
{
    struct url parts;
    str why;
    if (!url_parse(cx->arena, url, &parts, &why))
        return report(cx, from, "invalid chart URL format: %.*s", STR(url));
    if (str_eq(parts.scheme, S("http")) || str_eq(parts.scheme, S("https")))
        return true;
    return report(cx, from, "could not find protocol handler for: %.*s", STR(parts.scheme));
}

bool access_get(struct context *cx, const struct access *access, str base, str url, struct pos from,
                struct text **out)
{
    struct http_answer answer;
    struct http_request r = {
        .url = url,
        .timeout_ns = access->timeout_ns ? access->timeout_ns : 120000000000u,
        .authorities = file_or_null(cx, access->authorities),
        .unverified = access->unverified,
        .verbatim = true,
        .most = (size_t)256 << 20,
        .pos = from,
    };
    if (access->certificate.len && access->key.len) {
        r.certificate = file_or_null(cx, access->certificate);
        r.key = file_or_null(cx, access->key);
    }
    if (access->user.len && access->password.len
        && (access->everywhere || !base.len || same_server(cx, base, url))) {
        r.user = access->user;
        r.password = access->password;
    }
    if (!check_scheme(cx, url, from) || !http_request(cx, &r, &answer))
        return false;
    struct credentials who;
    str shown = credentials_of_address(cx, url, &who);
    if (answer.status != 200)
        return report_surroundings(cx, from, "failed to fetch %.*s : %d %.*s", STR(shown),
                                   answer.status, STR(answer.reason));
    *out = text_add(cx, shown, answer.body);
    return true;
}

bool is_address(str name)
{
    return str_starts(name, S("http://")) || str_starts(name, S("https://"));
}

struct text *file_or_address_read(struct context *cx, struct source *disk, str name,
                                  struct pos from)
{
    struct text *text;
    if (!is_address(name))
        return source_read(cx, disk, name, from);
    return access_get(cx, &(struct access){ 0 }, S(""), name, from, &text) ? text : NULL;
}

static bool bad_url(struct context *cx, str url, str why, struct pos from)
{
    return report(cx, from, "failed to parse %.*s as URL: %.*s", STR(url), STR(why));
}

bool repository_resolve(struct context *cx, str base, str reference, struct pos from, str *out)
{
    struct url to, at;
    str why;
    if (!url_parse(cx->arena, reference, &to, &why))
        return bad_url(cx, reference, why, from);
    *out = reference;
    if (to.scheme.len)
        return true;
    if (!url_parse(cx->arena, base, &at, &why))
        return bad_url(cx, base, why, from);
    at.path = str_concat(cx->arena, str_trim_suffix(at.path, S("/")), S("/"));
    struct url resolved = url_resolve(cx->arena, &at, to);
    resolved.query = at.query;
    *out = url_print(cx->arena, &resolved);
    return true;
}

str repository_index_path(struct context *cx, const struct helm_home *home, str name)
{
    str file = name.len ? str_concat(cx->arena, name, S("-index.yaml")) : S("index.yaml");
    return source_join(cx->arena, home->cache, file);
}

str repository_list_path(struct context *cx, const struct helm_home *home, str name)
{
    str file = name.len ? str_concat(cx->arena, name, S("-charts.txt")) : S("charts.txt");
    return source_join(cx->arena, home->cache, file);
}

static void cache(struct context *cx, const struct repository *r, const struct helm_home *home,
                  struct changes *changes, const struct chart_index *index)
{
    struct buf names;
    buf_init(&names, cx->arena, 256);
    for (uint32_t i = 0; index->entries && i < index->entries->len; i++)
        buf_format(&names, "%.*s\n", STR(index->entries->entries[i].key->text));
    changes_write(cx, changes, repository_list_path(cx, home, r->name), buf_take(&names));
    changes_write(cx, changes, repository_index_path(cx, home, r->name), index->text->bytes);
}

struct chart_index *repository_index(struct context *cx, const struct repository *r,
                                     const struct helm_home *home, struct changes *changes,
                                     struct pos from)
{
    str url;
    struct text *text;
    if (!check_scheme(cx, r->url, from)
        || !repository_resolve(cx, r->url, S("index.yaml"), from, &url)
        || !access_get(cx, &r->access, r->url, url, from, &text))
        return NULL;
    struct chart_index *index = index_read(cx, text, r->url);
    if (index && changes)
        cache(cx, r, home, changes, index);
    return index;
}

struct chart_index *repository_ask(struct context *cx, const struct repository *r,
                                   const struct helm_home *home, struct changes *changes,
                                   struct pos from)
{
    if (!check_scheme(cx, r->url, from))
        return NULL;
    str frame = str_format(
        cx->arena, "looks like \"%.*s\" is not a valid chart repository or cannot be reached",
        STR(r->url));
    diag_enter(cx, NOWHERE, str_cstr(cx->arena, frame));
    struct chart_index *index = repository_index(cx, r, home, changes, from);
    diag_leave(cx);
    return index;
}

bool repository_refresh(struct context *cx, const struct repository *r,
                        const struct helm_home *home, struct changes *changes, struct buf *out)
{
    /* Without a name of the user's own it is known by its address. */
    bool named = !str_starts(r->name, S("helm-manager-"));
    struct diags before = cx->diags;
    if (repository_index(cx, r, home, changes, NOWHERE)) {
        buf_format(out, "...Successfully got an update from the \"%.*s\" chart repository\n",
                   STR(named ? r->name : r->url));
        return true;
    }
    const struct diag *why = diag_take_back(cx, before);
    buf_format(out, "...Unable to get an update from the \"%.*s\" chart repository",
               STR(named ? r->name : r->url));
    if (named)
        buf_format(out, " (%.*s)", STR(r->url));
    buf_format(out, ":\n\t%.*s\n", STR(why ? why->message : S("")));
    return false;
}

struct chart_index *repository_cached(struct context *cx, struct source *disk, str name,
                                      const struct helm_home *home, const struct changes *changes)
{
    str path = repository_index_path(cx, home, name);
    str bytes;
    struct text *text;
    if (changes && changes_find(changes, path, &bytes)) {
        text = text_add(cx, path, bytes);
    } else if (source_kind(cx, disk, path) == FILE_NONE) {
        report(cx, NOWHERE, "open %.*s: no such file or directory", STR(path));
        return NULL;
    } else {
        text = source_read(cx, disk, path, NOWHERE);
    }
    if (!text)
        return NULL;
    str frame = str_format(cx->arena, "error loading %.*s", STR(path));
    diag_enter(cx, NOWHERE, str_cstr(cx->arena, frame));
    struct chart_index *index = index_read(cx, text, path);
    diag_leave(cx);
    return index;
}

static str settled(struct context *cx, str address)
{
    struct url url;
    str why;
    if (!url_parse(cx->arena, address, &url, &why))
        return source_join(cx->arena, S(""), address);
    url.path = source_join(cx->arena, S(""), url.path.len ? url.path : S("/"));
    return url_print(cx->arena, &url);
}

bool repository_same(struct context *cx, str a, str b)
{
    return str_eq(settled(cx, a), settled(cx, b));
}
