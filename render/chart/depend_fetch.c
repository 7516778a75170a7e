/* Helm's manager of dependencies, in its order: names of repositories, their indexes, versions,
 * archives, what is outdated, the lock. Nothing is written before all of it has worked. */
#include "render/chart/depend_fetch.h"

#include "render/base/digest.h"
#include "render/base/gotime.h"
#include "render/base/url.h"
#include "render/chart/lock.h"
#include "render/chart/oci_chart.h"
#include "render/chart/save.h"

/* One dependency on its way. */
struct need {
    struct dependency wish; /* with the address that an alias stands for */
    str repository;         /* the name under which its index is cached; "" for none */
};

struct manager {
    struct context *cx;
    struct charts_folder *folder;
    struct puller *p;
    struct buf *out;
    struct chart *chart;
    struct repositories known;
    struct need *needs;
    uint32_t need_count;
    struct map taken; /* file names in charts/ to their bytes */
};

static bool is_file(str repository)
{
    return str_starts(repository, S("file://"));
}

/* "file://../x" seen from the chart; false when nothing is there. */
static bool local_path(struct manager *m, str repository, str *out)
{
    str path = str_trim_prefix(repository, S("file://"));
    *out = str_starts(path, S("/")) ? path : source_join(m->cx->arena, m->folder->path, path);
    if (source_kind(m->cx, m->p->disk, *out) != FILE_NONE)
        return true;
    return report(m->cx, NOWHERE, "directory %.*s not found", STR(*out));
}

static const struct repository *known_by_alias(struct manager *m, str repository)
{
    str name = str_starts(repository, S("@"))        ? str_skip(repository, 1)
               : str_starts(repository, S("alias:")) ? str_skip(repository, 6)
                                                     : S("");
    return name.len ? repositories_find(&m->known, name) : NULL;
}

static const struct repository *known_by_address(struct manager *m, str address)
{
    for (uint32_t i = 0; i < m->known.len; i++) {
        if (repository_same(m->cx, m->known.at[i].url, address))
            return &m->known.at[i];
    }
    return NULL;
}

/* What Go's ParseRequestURI accepts: an absolute address, or a path from the root. */
static bool is_request(struct manager *m, str s)
{
    struct url url;
    str why;
    return url_parse(m->cx->arena, s, &url, &why)
           && (url.scheme.len ? url.opaque.len == 0 : str_starts(url.path, S("/")));
}

static bool report_unknown(struct manager *m, const struct buf *unknown, bool no_address)
{
    struct context *cx = m->cx;
    report(cx, m->needs[0].wish.pos,
           "no repository definition for %.*s. Please add them via 'helm repo add'%s",
           STR(buf_view(unknown)),
           no_address ? "\nNote that repositories must be URLs or aliases. For example, to refer "
                        "to the \"example\"\nrepository, use \"https://charts.example.com/\" or "
                        "\"@example\" instead of\n\"example\". Don't forget to add the repo, too "
                        "('helm repo add')."
                      : "");
    return false;
}

/* Aliases become addresses; an address that is known gets its repository's name. */
static bool name_repositories(struct manager *m)
{
    struct buf unknown;
    bool no_address = false;
    str path;
    buf_init(&unknown, m->cx->arena, 64);
    for (uint32_t i = 0; i < m->need_count; i++) {
        struct need *n = &m->needs[i];
        str repository = n->wish.repository;
        if (is_file(repository) && !local_path(m, repository, &path))
            return false;
        if (!repository.len || is_file(repository) || is_oci(repository))
            continue;
        const struct repository *r = known_by_alias(m, repository);
        if (r)
            n->wish.repository = r->url;
        else
            r = known_by_address(m, repository);
        if (r) {
            n->repository = r->name;
        } else if (!is_request(m, repository)) {
            buf_format(&unknown, "%s%.*s", unknown.len ? ", " : "", STR(repository));
            no_address |= !str_has(repository, S("//")) && !str_starts(repository, S("@"))
                          && !str_starts(repository, S("alias:"));
        }
    }
    return unknown.len == 0 || report_unknown(m, &unknown, no_address);
}

/* Repositories that only Chart.yaml knows are cached under the digest of their address. */
static void refresh_unknown(struct manager *m)
{
    struct context *cx = m->cx;
    bool said = false;
    for (uint32_t i = 0; i < m->need_count; i++) {
        struct need *n = &m->needs[i];
        str address = n->wish.repository;
        if (!address.len || n->repository.len || is_file(address) || is_oci(address))
            continue;
        n->repository =
            str_concat(cx->arena, S("helm-manager-"), digest_sha256_hex(cx->arena, address));
        str bytes, path = repository_index_path(cx, m->p->home, n->repository);
        if (m->folder->keep_indexes || changes_find(m->p->changes, path, &bytes))
            continue;
        if (!said)
            buf_str(m->out, S("Getting updates for unmanaged Helm repositories...\n"));
        said = true;
        struct repository r = { .name = n->repository, .url = address };
        repository_refresh(cx, &r, m->p->home, m->p->changes, m->out);
    }
}

/* Of several names for one address the last is asked. */
static bool is_named_again(const struct manager *m, uint32_t at)
{
    str address = str_trim_suffix(m->known.at[at].url, S("/"));
    for (uint32_t i = at + 1; i < m->known.len; i++) {
        if (str_eq(str_trim_suffix(m->known.at[i].url, S("/")), address))
            return true;
    }
    return false;
}

/* A failure is said and no more: another repository may do, and a cached index. */
static void refresh_known(struct manager *m)
{
    if (m->folder->keep_indexes || m->known.len == 0)
        return;
    buf_str(m->out, S("Hang tight while we grab the latest from your chart repositories...\n"));
    for (uint32_t i = 0; i < m->known.len; i++) {
        if (!is_named_again(m, i))
            repository_refresh(m->cx, &m->known.at[i], m->p->home, m->p->changes, m->out);
    }
    buf_str(m->out, S("Update Complete. \xE2\x8E\x88Happy Helming!\xE2\x8E\x88\n"));
}

static bool in_range(struct manager *m, const struct semver_range *range, str version)
{
    struct semver v;
    str error;
    return semver_parse(m->cx->arena, version, &v, &error) && semver_range_has(range, &v);
}

static bool find_version(struct manager *m, struct need *n, const struct semver_range *range,
                         bool *found, str *version)
{
    struct context *cx = m->cx;
    struct index_entries all;
    str frame =
        str_format(cx->arena, "no cached repository for %.*s found. (try 'helm repo update')",
                   STR(n->repository));
    diag_enter(cx, NOWHERE, str_cstr(cx->arena, frame));
    struct chart_index *index =
        repository_cached(cx, m->p->disk, n->repository, m->p->home, m->p->changes);
    diag_leave(cx);
    if (!index)
        return false;
    if (!index_entries(cx, index, n->wish.name, &all))
        return report(cx, n->wish.pos, "%.*s chart not found in repo %.*s", STR(n->wish.name),
                      STR(n->wish.repository));
    for (uint32_t i = 0; i < all.len && !*found; i++) {
        const struct index_entry *e = &all.at[i];
        *found = e->is_version && index_address(e).len && semver_range_has(range, &e->parsed);
        if (*found)
            *version = e->version;
    }
    return true;
}

static bool resolve_folder(struct manager *m, struct need *n, const struct semver_range *range,
                           bool *found, str *version)
{
    str path;
    if (!local_path(m, n->wish.repository, &path))
        return false;
    struct chart *chart = chart_load(m->cx, m->p->disk, path, n->wish.pos);
    if (!chart)
        return false;
    *found = in_range(m, range, chart->version);
    *version = chart->version;
    return true;
}

static bool resolve_one(struct manager *m, struct need *n, bool *found, str *version)
{
    struct context *cx = m->cx;
    str error, path;
    *found = false;
    *version = n->wish.version;
    struct semver_range *range = semver_range_parse(cx->arena, n->wish.version, &error);
    if (!range)
        return report(cx, n->wish.pos,
                      "dependency \"%.*s\" has an invalid version/constraint format: %.*s",
                      STR(n->wish.name), STR(error));
    if (!n->wish.repository.len) {
        *found = true;
        return local_path(m, source_join(cx->arena, S("charts"), n->wish.name), &path);
    }
    if (is_file(n->wish.repository))
        return resolve_folder(m, n, range, found, version);
    if (is_oci(n->wish.repository))
        return *found = oci_chart_version(m->p, &m->folder->access, &n->wish, range, version);
    return find_version(m, n, range, found, version);
}

/* The wishes' own names and addresses with the versions that they come to. */
static struct dependency *resolve(struct manager *m)
{
    struct context *cx = m->cx;
    struct dependency *locked = NEW_ARRAY(cx->arena, struct dependency, m->need_count);
    struct buf missing;
    uint32_t count = 0;
    buf_init(&missing, cx->arena, 64);
    for (uint32_t i = 0; i < m->need_count; i++) {
        struct need *n = &m->needs[i];
        bool found;
        locked[i] = (struct dependency){ .name = n->wish.name, .repository = n->wish.repository };
        if (!resolve_one(m, n, &found, &locked[i].version))
            return NULL;
        if (found)
            continue;
        buf_format(&missing, "%s\"%.*s\" (repository \"%.*s\", version \"%.*s\")",
                   count++ ? ", " : "", STR(n->wish.name), STR(n->wish.repository),
                   STR(n->wish.version));
    }
    if (count == 0)
        return locked;
    report(cx, m->needs[0].wish.pos,
           "can't get a valid version for %u subchart(s): %.*s. Make sure a matching chart version "
           "exists in the repo, or change the version constraint in Chart.yaml",
           count, STR(buf_view(&missing)));
    return NULL;
}

static bool satisfies(struct manager *m, const struct dependency *d, str version)
{
    str error;
    struct semver_range *range = semver_range_parse(m->cx->arena, d->version, &error);
    if (!range)
        return report(m->cx, d->pos,
                      "dependency %.*s has an invalid version/constraint format: %.*s",
                      STR(d->name), STR(error));
    return in_range(m, range, version)
           || report(m->cx, d->pos,
                     "dependency %.*s at version %.*s does not satisfy the constraint %.*s",
                     STR(d->name), STR(version), STR(d->version));
}

static bool check_unpacked(struct manager *m, const struct dependency *d)
{
    struct context *cx = m->cx;
    str path =
        source_join(cx->arena, m->folder->path, source_join(cx->arena, S("charts"), d->name));
    buf_format(m->out,
               "Dependency %.*s did not declare a repository. Assuming it exists in the charts "
               "directory\n",
               STR(d->name));
    str frame = str_format(cx->arena, "unable to load chart '%.*s'", STR(path));
    diag_enter(cx, NOWHERE, str_cstr(cx->arena, frame));
    struct chart *chart = chart_load(cx, m->p->disk, path, d->pos);
    diag_leave(cx);
    return chart && satisfies(m, d, chart->version);
}

static bool pack_folder(struct manager *m, struct dependency *d)
{
    str path, file, bytes, error;
    if (m->folder->said_file)
        buf_format(m->out, "Archiving %.*s from repo %.*s\n", STR(d->name), STR(d->repository));
    if (!local_path(m, d->repository, &path))
        return false;
    struct chart *chart = chart_load(m->cx, m->p->disk, path, d->pos);
    if (!chart)
        return false;
    struct semver_range *range = semver_range_parse(m->cx->arena, d->version, &error);
    if (!range)
        return report(m->cx, d->pos,
                      "dependency %.*s has an invalid version/constraint format: %.*s",
                      STR(d->name), STR(error));
    if (!in_range(m, range, chart->version))
        return report(m->cx, d->pos, "can't get a valid version for dependency %.*s", STR(d->name));
    if (!chart_save(m->cx, chart, &file, &bytes))
        return false;
    struct text *text = text_add(m->cx, file, bytes);
    map_put(&m->taken, file, text);
    d->version = chart->version;
    return true;
}

/* Among the entries of a name, in their order, the first of this version. */
static bool same_version(struct manager *m, str a, str b)
{
    struct semver x, y;
    str error;
    if (!semver_parse(m->cx->arena, a, &x, &error))
        return str_eq(a, b);
    return semver_parse(m->cx->arena, b, &y, &error) && semver_compare(&x, &y) == 0
           && str_eq(x.metadata, y.metadata);
}

/* An entry of a repository that Helm knows: its address, and the settings to ask it with. */
static bool find_known(struct manager *m, const struct dependency *d, const struct repository *r,
                       struct chart_request *request)
{
    struct context *cx = m->cx;
    struct index_entries all;
    struct chart_index *index =
        repository_cached(cx, m->p->disk, r->name, m->p->home, m->p->changes);
    if (!index)
        return false;
    if (!index_entries(cx, index, d->name, &all))
        return report(cx, d->pos, "could not find : entry not found");
    request->access = r->access;
    for (uint32_t i = 0; i < all.len; i++) {
        const struct index_entry *e = &all.at[i];
        if (index_address(e).len && (!d->version.len || same_version(m, d->version, e->version))) {
            request->digest = e->digest;
            request->base = r->url;
            return repository_resolve(cx, d->repository, index_address(e), d->pos, &request->name);
        }
    }
    return report(cx, d->pos, "could not find : no matching version");
}

/* A repository that only Chart.yaml knows; its index was fetched a moment ago. */
static bool find_unknown(struct manager *m, const struct dependency *d,
                         struct chart_request *request)
{
    struct context *cx = m->cx;
    struct index_entry entry;
    str why, name = S("");
    for (uint32_t i = 0; i < m->need_count; i++) {
        if (str_eq(m->needs[i].wish.repository, d->repository))
            name = m->needs[i].repository;
    }
    struct chart_index *index =
        name.len ? repository_cached(cx, m->p->disk, name, m->p->home, m->p->changes) : NULL;
    if (!index)
        return report(cx, d->pos, "chart %.*s not found in %.*s", STR(d->name), STR(d->repository));
    if (!index_find(cx, index, d->name, d->version, &entry, &why))
        return report(cx, d->pos,
                      "could not find : chart %.*s not found in %.*s: chart \"%.*s\" version "
                      "\"%.*s\" not found in %.*s repository",
                      STR(d->name), STR(d->repository), STR(d->name), STR(d->version),
                      STR(d->repository));
    request->base = d->repository;
    request->digest = entry.digest;
    return repository_resolve(cx, d->repository, index_address(&entry), d->pos, &request->name);
}

static bool download(struct manager *m, const struct dependency *d)
{
    struct context *cx = m->cx;
    struct chart_request request = { .keyring = m->folder->keyring };
    struct pulled pulled;
    const struct repository *r = known_by_address(m, d->repository);
    if (is_oci(d->repository)) {
        request.name = str_format(cx->arena, "%.*s/%.*s", STR(d->repository), STR(d->name));
        request.version = d->version;
        request.access = m->folder->access;
    } else if (!(r ? find_known(m, d, r, &request) : find_unknown(m, d, &request))) {
        return false;
    }
    buf_format(m->out, "Downloading %.*s from repo %.*s\n", STR(d->name), STR(d->repository));
    str frame = str_format(cx->arena, "could not download %.*s", STR(request.name));
    diag_enter(cx, NOWHERE, str_cstr(cx->arena, frame));
    bool ok = chart_pull(m->p, &request, &pulled);
    diag_leave(cx);
    if (ok)
        map_put(&m->taken, pulled.file, pulled.text);
    return ok;
}

static bool already(struct manager *m, const struct dependency *all, uint32_t at)
{
    for (uint32_t i = 0; i < at; i++) {
        if (str_eq(all[i].name, all[at].name) && str_eq(all[i].version, all[at].version)
            && str_eq(all[i].repository, all[at].repository)) {
            buf_format(m->out, "Already downloaded %.*s from repo %.*s\n", STR(all[at].name),
                       STR(all[at].repository));
            return true;
        }
    }
    return false;
}

static bool is_unpacked(const struct dependency *all, uint32_t n, str name)
{
    for (uint32_t i = 0; i < n; i++) {
        if (!all[i].repository.len && str_eq(all[i].name, name))
            return true;
    }
    return false;
}

/* Archives in charts/ that are no longer wished for. What is no chart stays. */
static bool remove_outdated(struct manager *m, str charts, const struct dependency *all, uint32_t n)
{
    struct context *cx = m->cx;
    struct listing files = { 0 };
    buf_str(m->out, S("Deleting outdated charts\n"));
    if (source_kind(cx, m->p->disk, charts) == FILE_NONE)
        return true;
    struct folder *folder = source_folder(cx, m->p->disk, charts, NOWHERE);
    if (!folder || !folder_list(cx, folder, NOWHERE, &files))
        return false;
    for (uint32_t i = 0; i < files.len; i++) {
        str path = source_join(cx->arena, charts, files.at[i].name);
        if (files.at[i].kind != FILE_PLAIN || map_get(&m->taken, files.at[i].name))
            continue;
        struct diags before = cx->diags;
        const struct chart *chart = chart_load(cx, m->p->disk, path, NOWHERE);
        if (!chart) {
            const struct diag *why = diag_take_back(cx, before);
            buf_format(m->out, "Could not verify %.*s for deletion: %.*s (Skipping)\n", STR(path),
                       STR(why ? why->message : S("")));
        } else if (!is_unpacked(all, n, chart->name)) {
            changes_remove(cx, m->p->changes, path);
        }
    }
    return true;
}

static bool take_all(struct manager *m, struct dependency *all, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        struct dependency *d = &all[i];
        bool ok = !d->repository.len       ? check_unpacked(m, d)
                  : is_file(d->repository) ? pack_folder(m, d)
                                           : already(m, all, i) || download(m, d);
        if (!ok)
            return false;
    }
    return true;
}

/* Everything into charts/. */
static bool fill(struct manager *m, struct dependency *all, uint32_t n)
{
    struct context *cx = m->cx;
    str charts = source_join(cx->arena, m->folder->path, S("charts"));
    enum file_kind kind = source_kind(cx, m->p->disk, charts);
    if (kind != FILE_NONE && kind != FILE_FOLDER)
        return report(cx, NOWHERE, "\"%.*s\" is not a directory", STR(charts));
    buf_format(m->out, "Saving %u charts\n", n);
    if (!take_all(m, all, n)) {
        buf_format(m->out, "Save error occurred:  %.*s\n", STR(diag_sentence(cx, S(""))));
        return false;
    }
    for (uint32_t i = 0; i < m->taken.len; i++) {
        const struct text *text = m->taken.entries[i].value;
        if (!chart_load_archive(cx, text, NOWHERE))
            return false;
        changes_write(cx, m->p->changes, source_join(cx->arena, charts, m->taken.entries[i].key),
                      text->bytes);
    }
    return remove_outdated(m, charts, all, n);
}

static bool begin(struct manager *m, struct charts_folder *folder, struct buf *out)
{
    struct context *cx = folder->puller->cx;
    *m = (struct manager){ .cx = cx, .folder = folder, .p = folder->puller, .out = out };
    m->taken.arena = cx->arena;
    enum file_kind kind = source_kind(cx, m->p->disk, folder->path);
    if (kind == FILE_NONE)
        return report(cx, NOWHERE, "could not find %.*s: stat %.*s: no such file or directory",
                      STR(folder->path), STR(folder->path));
    if (kind != FILE_FOLDER)
        return report(cx, NOWHERE, "only unpacked charts can be updated");
    m->chart = chart_load(cx, m->p->disk, folder->path, NOWHERE);
    if (!m->chart || !repositories_read(cx, m->p->disk, m->p->home->repositories, &m->known))
        return false;
    m->need_count = m->chart->dependency_count;
    m->needs = NEW_ARRAY(cx->arena, struct need, m->need_count);
    for (uint32_t i = 0; i < m->need_count; i++)
        m->needs[i].wish = m->chart->dependencies[i];
    return true;
}

static struct dependency *wishes(struct manager *m)
{
    struct dependency *all = NEW_ARRAY(m->cx->arena, struct dependency, m->need_count);
    for (uint32_t i = 0; i < m->need_count; i++)
        all[i] = m->needs[i].wish;
    return all;
}

static bool write_lock(struct manager *m, struct dependency *locked)
{
    struct context *cx = m->cx;
    struct lock old = { 0 };
    struct lock lock = { .at = locked, .len = m->need_count };
    struct gotime now = { .seconds = cx->now, .zone = &zone_utc };
    struct buf time;
    lock.digest = lock_digest(cx, wishes(m), m->need_count, locked, m->need_count);
    if (m->chart->lock && !lock_read(cx, m->chart->lock, &old))
        return false;
    if (str_eq(old.digest, lock.digest))
        return true;
    buf_init(&time, cx->arena, 32);
    gotime_print(&time, now, GOTIME_RFC3339_NANO);
    lock.generated = buf_take(&time);
    str file = chart_is_old(m->chart) ? S("requirements.lock") : S("Chart.lock");
    changes_write(cx, m->p->changes, source_join(cx->arena, m->folder->path, file),
                  lock_print(cx, &lock));
    return true;
}

static bool update(struct manager *m)
{
    if (!node_get_text(m->cx, m->chart->metadata, S("dependencies")))
        return true;
    if (!name_repositories(m))
        return false;
    refresh_unknown(m);
    refresh_known(m);
    struct dependency *locked = resolve(m);
    return locked && fill(m, locked, m->need_count) && write_lock(m, locked);
}

bool depend_update(struct charts_folder *folder, struct buf *out)
{
    struct manager m;
    return begin(&m, folder, out) && update(&m);
}

static bool out_of_sync(struct manager *m)
{
    bool old = chart_is_old(m->chart);
    return report(m->cx, (struct pos){ m->chart->lock->id, 0 },
                  "the lock file (%s) is out of sync with the dependencies file (%s). Please "
                  "update the dependencies",
                  old ? "requirements.lock" : "Chart.lock",
                  old ? "requirements.yaml" : "Chart.yaml");
}

static bool all_known(struct manager *m, const struct lock *lock)
{
    struct buf missing;
    buf_init(&missing, m->cx->arena, 64);
    for (uint32_t i = 0; i < lock->len; i++) {
        str repository = lock->at[i].repository;
        if (!repository.len || is_file(repository) || is_oci(repository)
            || known_by_address(m, str_trim_suffix(repository, S("/"))))
            continue;
        buf_format(&missing, "%s%.*s", missing.len ? ", " : "", STR(repository));
    }
    if (!missing.len)
        return true;
    return report(m->cx, (struct pos){ m->chart->lock->id, 0 },
                  "no repository definition for %.*s. Please add the missing repos via 'helm repo "
                  "add'",
                  STR(buf_view(&missing)));
}

bool depend_build(struct charts_folder *folder, struct buf *out)
{
    struct manager m;
    struct lock lock;
    if (!begin(&m, folder, out))
        return false;
    if (!m.chart->lock)
        return update(&m);
    str old = lock_digest_v2(m.cx, wishes(&m), m.need_count);
    if (!lock_read(m.cx, m.chart->lock, &lock) || !name_repositories(&m))
        return false;
    str digest = lock_digest(m.cx, wishes(&m), m.need_count, lock.at, lock.len);
    if (!str_eq(digest, lock.digest) && !(chart_is_old(m.chart) && str_eq(old, lock.digest)))
        return out_of_sync(&m);
    if (!all_known(&m, &lock))
        return false;
    refresh_known(&m);
    return fill(&m, lock.at, lock.len);
}
