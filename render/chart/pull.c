/* Helm's ways to a chart, in its order: what is on disk, an index at an address, an address, a
 * registry, a repository known by its name. */
#include "render/chart/pull.h"

#include "render/base/digest.h"
#include "render/base/url.h"
#include "render/chart/archive_kind.h"
#include "render/chart/oci_chart.h"

/* An archive's address, whose credentials are for `base`. */
struct download {
    str url;
    str base;
    str digest;
    struct access access;
};

static str base_name(str path)
{
    str folder, name;
    return str_cut_last(path, '/', &folder, &name) ? name : path;
}

bool chart_find(struct puller *p, str repo, const struct chart_request *request, str *url,
                str *digest)
{
    struct context *cx = p->cx;
    struct repository r = { .url = repo, .access = request->access };
    struct index_entry entry;
    str why, what = str_format(cx->arena, "chart \"%.*s\"", STR(request->name));
    if (request->version.len)
        what = str_format(cx->arena, "%.*s version \"%.*s\"", STR(what), STR(request->version));
    struct chart_index *index = repository_ask(cx, &r, p->home, NULL, p->from);
    if (!index)
        return false;
    if (!index_find(cx, index, request->name, request->version, &entry, &why))
        return report(cx, p->from, "%.*s not found in %.*s repository", STR(what), STR(repo));
    *digest = entry.digest;
    if (!index_address(&entry).len)
        return report(cx, p->from, "%.*s has no downloadable URLs", STR(what));
    return repository_resolve(cx, repo, index_address(&entry), p->from, url);
}

static bool find_in_repository(struct puller *p, const struct chart_request *request,
                               struct download *out)
{
    out->base = request->repo;
    out->access = request->access;
    return chart_find(p, request->repo, request, &out->url, &out->digest);
}

/* Settings of the repository take the place of what the command line says. */
static struct access settings_of(const struct repository *r, const struct chart_request *request)
{
    struct access a = request->access;
    if (r->access.certificate.len || r->access.key.len || r->access.authorities.len) {
        a.certificate = r->access.certificate;
        a.key = r->access.key;
        a.authorities = r->access.authorities;
    }
    a.unverified |= r->access.unverified;
    if (r->access.user.len && r->access.password.len) {
        a.user = r->access.user;
        a.password = r->access.password;
        a.everywhere = r->access.everywhere;
    }
    return a;
}

static bool find_by_name(struct puller *p, const struct chart_request *request,
                         const struct repositories *known, struct download *out)
{
    struct context *cx = p->cx;
    str repo, chart, why;
    struct index_entry entry;
    if (!str_cut(request->name, '/', &repo, &chart))
        return report(cx, p->from,
                      "non-absolute URLs should be in form of repo_name/path_to_chart, got: %.*s",
                      STR(request->name));
    const struct repository *r = repositories_find(known, repo);
    if (!r)
        return report(cx, p->from, "repo %.*s not found", STR(repo));
    if (!r->url.len)
        return report(cx, p->from, "no URL found for repository %.*s", STR(repo));
    diag_enter(cx, NOWHERE, "no cached repo found. (try 'helm repo update')");
    struct chart_index *index = repository_cached(cx, p->disk, r->name, p->home, p->changes);
    diag_leave(cx);
    if (!index)
        return false;
    if (!index_find(cx, index, chart, request->version, &entry, &why))
        return report(cx, p->from,
                      "chart \"%.*s\" matching %.*s not found in %.*s index. (try 'helm repo "
                      "update'): %.*s",
                      STR(chart), STR(request->version), STR(r->name), STR(why));
    if (!index_address(&entry).len)
        return report(cx, p->from, "chart \"%.*s\" has no downloadable URLs", STR(request->name));
    out->base = r->url;
    out->access = settings_of(r, request);
    out->digest = entry.digest;
    return repository_resolve(cx, r->url, index_address(&entry), p->from, &out->url);
}

static bool has_address(struct context *cx, const struct chart_index *index, str url)
{
    for (uint32_t i = 0; index->entries && i < index->entries->len; i++) {
        const struct node *list = index->entries->entries[i].value;
        for (uint32_t k = 0; node_is(list, NODE_LIST) && k < list->len; k++) {
            const struct node *urls = node_get_text(cx, list->items[k], S("urls"));
            for (uint32_t u = 0; node_is(urls, NODE_LIST) && u < urls->len; u++) {
                if (node_is_scalar(urls->items[u])
                    && repository_same(cx, url, urls->items[u]->text))
                    return true;
            }
        }
    }
    return false;
}

/* An address may be one of a known repository's, whose settings then hold. */
static bool find_by_address(struct puller *p, const struct chart_request *request,
                            const struct repositories *known, struct download *out)
{
    struct context *cx = p->cx;
    out->url = request->name;
    out->base = request->name;
    out->access = request->access;
    for (uint32_t i = 0; i < known->len; i++) {
        diag_enter(cx, NOWHERE, "no cached repo found. (try 'helm repo update')");
        struct chart_index *index =
            repository_cached(cx, p->disk, known->at[i].name, p->home, p->changes);
        diag_leave(cx);
        if (!index)
            return false;
        if (!has_address(cx, index, request->name))
            continue;
        out->base = known->at[i].url;
        out->access = settings_of(&known->at[i], request);
        break;
    }
    return true;
}

static bool find_place(struct puller *p, const struct chart_request *request, struct download *out)
{
    struct repositories known = { 0 };
    struct url url;
    str why;
    *out = (struct download){
        .url = request->name,
        .base = request->base,
        .digest = request->digest,
        .access = request->access,
    };
    if (request->base.len)
        return true;
    if (request->repo.len)
        return find_in_repository(p, request, out);
    if (!url_parse(p->cx->arena, request->name, &url, &why))
        return report(p->cx, p->from, "invalid chart URL format: %.*s", STR(request->name));
    if (p->home && !repositories_read(p->cx, p->disk, p->home->repositories, &known))
        return false;
    return url.scheme.len && url.host.len && url.path.len ? find_by_address(p, request, &known, out)
                                                          : find_by_name(p, request, &known, out);
}

/* The digits of "sha256:…"; false, reported, when they are none. */
static bool digits_of(struct puller *p, str digest, str *out)
{
    str head, tail;
    *out = str_cut(digest, ':', &head, &tail) ? tail : digest;
    for (size_t i = 0; i < out->len; i++) {
        if (!str_has_char(S("0123456789abcdefABCDEF"), out->at[i]))
            return report(p->cx, p->from, "unable to decode digest: '%.*s'", STR(digest));
    }
    return out->len == 0 || out->len == 64
           || report(p->cx, p->from, "invalid digest length: %zu", out->len / 2);
}

static str cache_path(struct puller *p, str digits, const char *kind)
{
    return str_format(p->cx->arena, "%.*s/%.*s/%.*s%s", STR(p->home->content),
                      STR(str_slice(digits, 0, 2)), STR(digits), kind);
}

static bool is_digest(struct context *cx, str bytes, str digits)
{
    str is = digest_sha256_hex(cx->arena, bytes);
    bool same = is.len == digits.len;
    for (size_t i = 0; same && i < is.len; i++)
        same = (is.at[i] | 0x20) == (digits.at[i] | 0x20);
    return same;
}

static struct text *cached(struct puller *p, const struct download *place, str digits)
{
    if (!p->home || !p->home->content.len || !digits.len)
        return NULL;
    str path = cache_path(p, digits, ".chart");
    if (source_kind(p->cx, p->disk, path) != FILE_PLAIN)
        return NULL;
    struct text *text = source_read(p->cx, p->disk, path, p->from);
    if (!text || !is_digest(p->cx, text->bytes, digits))
        return NULL;
    return text_add(p->cx, place->url, text->bytes);
}

static bool get_archive(struct puller *p, const struct download *place, struct pulled *out)
{
    struct context *cx = p->cx;
    str digits;
    if (!digits_of(p, place->digest, &digits))
        return false;
    out->text = cached(p, place, digits);
    if (out->text)
        return true;
    if (!access_get(cx, &place->access, place->base, place->url, p->from, &out->text))
        return false;
    if (digits.len && !is_digest(cx, out->text->bytes, digits)) {
        report_refused(cx, p->from,
                       "the archive is not what its index says: its digest is sha256:%.*s",
                       STR(digest_sha256_hex(cx->arena, out->text->bytes)));
        note(cx, NOWHERE, "the index has %.*s", STR(place->digest));
        return false;
    }
    return true;
}

static bool get_signature(struct puller *p, const struct chart_request *request,
                          const struct download *place, struct pulled *out)
{
    struct diags before = p->cx->diags;
    str url = str_concat(p->cx->arena, place->url, S(".prov"));
    if (access_get(p->cx, &place->access, place->base, url, p->from, &out->signature))
        return true;
    const struct diag *why = diag_take_back(p->cx, before);
    if (request->keyring.len)
        return report_refused(p->cx, p->from, "failed to fetch provenance \"%.*s\"", STR(url));
    warn(p->cx, p->from, "verification not found for %.*s: %.*s", STR(request->name),
         STR(why ? why->message : S("")));
    return true;
}

static void keep(struct puller *p, const struct pulled *pulled)
{
    if (!p->caches || !p->changes || !p->home || !p->home->content.len)
        return;
    str digits = digest_sha256_hex(p->cx->arena, pulled->text->bytes);
    str path = cache_path(p, digits, ".chart");
    if (source_kind(p->cx, p->disk, path) == FILE_NONE)
        changes_write(p->cx, p->changes, path, pulled->text->bytes);
}

static bool pull_by_http(struct puller *p, const struct chart_request *request, struct pulled *out)
{
    struct download at;
    struct url url;
    str why;
    if (!find_place(p, request, &at) || !get_archive(p, &at, out))
        return false;
    out->url = at.url;
    out->file = base_name(url_parse(p->cx->arena, at.url, &url, &why) ? url.path : at.url);
    return !(request->signature || request->keyring.len) || get_signature(p, request, &at, out);
}

/* Its bytes are those that were signed, for the name that it goes by. */
static bool is_signed(struct puller *p, const struct chart_request *request, struct pulled *out)
{
    return !request->keyring.len
           || provenance_check(p->cx, p->disk, request->keyring, out->file, out->text->bytes,
                               out->signature->bytes, &out->provenance);
}

bool chart_pull(struct puller *p, const struct chart_request *request, struct pulled *out)
{
    *out = (struct pulled){ 0 };
    if (!(is_oci(request->name) ? oci_chart_pull(p, request, out) : pull_by_http(p, request, out))
        || !is_signed(p, request, out))
        return false;
    keep(p, out);
    return true;
}

bool chart_locate(struct puller *p, const struct chart_request *request, struct located *out)
{
    struct chart_request r = *request;
    r.name = str_trim(r.name);
    r.version = str_trim(r.version);
    *out = (struct located){ .path = r.name };
    if (!r.repo.len && source_kind(p->cx, p->disk, r.name) != FILE_NONE)
        return !r.keyring.len
               || provenance_check_file(p->cx, p->disk, r.keyring, r.name, &out->pulled.provenance);
    if (!r.repo.len && (str_starts(r.name, S("/")) || str_starts(r.name, S("."))))
        return report(p->cx, p->from, "path \"%.*s\" not found", STR(r.name));
    return chart_pull(p, &r, &out->pulled);
}

struct chart *located_load(struct puller *p, const struct located *at)
{
    if (at->pulled.text)
        return chart_load_archive(p->cx, at->pulled.text, p->from);
    if (source_kind(p->cx, p->disk, at->path) != FILE_PLAIN)
        return chart_load(p->cx, p->disk, at->path, p->from);
    struct text *text = source_read(p->cx, p->disk, at->path, p->from);
    return text && archive_check(p->cx, text, source_join(p->cx->arena, p->disk->here, at->path))
               ? chart_load_archive(p->cx, text, p->from)
               : NULL;
}
