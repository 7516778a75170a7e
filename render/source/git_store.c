/* A pack is indexed in a folder of its own, which is given its name when it is whole. */
#include "render/source/git_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "render/base/digest.h"
#include "render/base/library.h"
#include "render/base/private_folder.h"
#include "render/source/cache_folder.h"

enum { OBJECTS_MOST = 2000000, STALE_S = 3600, SUM = 20 };
#define ALL_MOST ((uint64_t)2 << 30)

struct store_calls {
    __typeof__(git_indexer_new) *indexer_new;
    __typeof__(git_indexer_options_init) *options_init;
    __typeof__(git_indexer_append) *append;
    __typeof__(git_indexer_commit) *commit;
    __typeof__(git_indexer_free) *free;
    __typeof__(git_repository_odb) *repository_odb;
    __typeof__(git_odb_exists) *odb_exists;
    __typeof__(git_odb_free) *odb_free;
    __typeof__(git_oid_fromstr) *oid_from;
};
static struct store_calls git2;
#define ROW(member, symbol) LIBRARY_SYMBOL(struct store_calls, member, symbol)
static const struct library_symbol store_symbols[] = {
    ROW(indexer_new, git_indexer_new), ROW(options_init, git_indexer_options_init),
    ROW(append, git_indexer_append),   ROW(commit, git_indexer_commit),
    ROW(free, git_indexer_free),       ROW(repository_odb, git_repository_odb),
    ROW(odb_exists, git_odb_exists),   ROW(odb_free, git_odb_free),
    ROW(oid_from, git_oid_fromstr),
};
static struct library store_library = { LIBRARY("libgit2.so.1.5", "libgit2-1.5", store_symbols,
                                                &git2) };

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* What a run that was killed left behind. */
static void sweep_new(struct context *cx, str folder, str prefix)
{
    DIR *all = opendir(str_cstr(cx->arena, folder));
    struct dirent *d;
    time_t now = time(NULL);
    while (all && (d = readdir(all))) {
        struct stat st;
        if (!str_starts(str_from(d->d_name), prefix))
            continue;
        char *path = str_cstr(cx->arena, str_format(cx->arena, "%.*s/%s", STR(folder), d->d_name));
        if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == getuid()
            && now - st.st_mtime > STALE_S)
            private_folder_remove(path);
    }
    if (all)
        closedir(all);
}

/* A new folder, in the cache or not. False after a report. */
static bool new_folder(struct context *cx, struct pos from, str cache, char **path)
{
    const char *temporary = getenv("TMPDIR");
    str prefix = cache.len ? S("new-") : S("hoist-git-");
    str folder = cache.len ? cache : str_from(temporary && *temporary ? temporary : "/tmp");
    sweep_new(cx, folder, prefix);
    str whole = str_format(cx->arena, "%.*s/%.*sXXXXXX", STR(folder), STR(prefix));
    *path = str_cstr(cx->arena, whole);
    if (mkdtemp(*path))
        return true;
    return report_surroundings(cx, from, "can't make a folder in '%.*s': %s", STR(folder),
                               strerror(errno));
}

struct indexing {
    struct context *cx;
    bool too_many;
};

static int watch(const git_indexer_progress *p, void *who)
{
    struct indexing *i = who;
    i->too_many = p->total_objects > OBJECTS_MOST;
    return i->too_many || limit_is_late(i->cx) ? -1 : 0;
}

static bool index_pack(struct context *cx, const char *folder, str pack, struct pos from)
{
    struct indexing state = { cx, false };
    git_indexer_progress progress = { 0 };
    git_indexer_options options;
    git_indexer *indexer;
    git2.options_init(&options, GIT_INDEXER_OPTIONS_VERSION);
    options.progress_cb = watch;
    options.progress_cb_payload = &state;
    if (git2.indexer_new(&indexer, folder, 0, NULL, &options) < 0)
        return report_git(cx, from, "keep a Git pack");
    bool ok = git2.append(indexer, pack.at, pack.len, &progress) == 0
              && git2.commit(indexer, &progress) == 0;
    if (!ok && state.too_many)
        report_surroundings(cx, from, "the repository sends more than %d objects", OBJECTS_MOST);
    else if (!ok && limit_time(cx, from))
        report_git(cx, from, "read the repository's pack");
    git2.free(indexer);
    return ok;
}

static bool holds(struct context *cx, struct repository *repository, str object)
{
    git_odb *objects;
    git_oid id;
    if (git2.oid_from(&id, str_cstr(cx->arena, object)) < 0
        || git2.repository_odb(&objects, repository_handle(repository)) < 0)
        return false;
    bool there = git2.odb_exists(objects, &id);
    git2.odb_free(objects);
    return there;
}

static bool prepare(struct context *cx)
{
    return git_start(cx) && library_open(cx, &store_library);
}

static str place_of(struct context *cx, str cache, str object)
{
    return str_format(cx->arena, "%.*s/%.*s", STR(cache), STR(object));
}

/* Packs and their indexes end with the SHA-1 of all that is before. A disk that was full or lost
 * its power may have kept less than it was given. */
static bool is_whole(struct context *cx, const char *path)
{
    struct stat st;
    unsigned char sum[DIGEST_LARGEST];
    size_t size;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fstat(fd, &st) == 0 && st.st_size > SUM;
    char *at = ok ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    if (fd >= 0)
        close(fd);
    if (at == MAP_FAILED)
        return false;
    str bytes = { at, (size_t)st.st_size - SUM };
    ok = digest_named(cx, "sha1", bytes, sum, &size) && memcmp(sum, at + bytes.len, SUM) == 0;
    munmap(at, (size_t)st.st_size);
    return ok;
}

static bool all_whole(struct context *cx, str place)
{
    str packs = str_concat(cx->arena, place, S("/pack"));
    DIR *folder = opendir(str_cstr(cx->arena, packs));
    struct dirent *d;
    uint32_t found = 0;
    bool ok = folder;
    while (ok && (d = readdir(folder))) {
        str name = str_from(d->d_name);
        if (!str_ends(name, S(".pack")) && !str_ends(name, S(".idx")))
            continue;
        found++;
        ok = is_whole(
            cx, str_cstr(cx->arena, str_format(cx->arena, "%.*s/%.*s", STR(packs), STR(name))));
    }
    if (folder)
        closedir(folder);
    return ok && found >= 2;
}

struct repository *git_store_find(struct context *cx, str object, struct pos from)
{
    str cache = cache_folder(cx, "git");
    str place = place_of(cx, cache, object);
    if (!cache.len || !cache_use(cx, place) || !is_folder(str_cstr(cx->arena, place))
        || !prepare(cx))
        return NULL;
    struct diags before = cx->diags;
    struct repository *repository =
        all_whole(cx, place) ? repository_of_objects(cx, place, from) : NULL;
    if (repository && holds(cx, repository, object))
        return repository;
    diag_take_back(cx, before);
    cache_remove(cx, place);
    return NULL;
}

/* Gives the folder its name; the one that another run was quicker with is as good. */
static str settle(struct context *cx, str cache, char *folder, str object)
{
    str place = place_of(cx, cache, object);
    const char *path = str_cstr(cx->arena, place);
    if (rename(folder, path) == 0)
        return place;
    if (!is_folder(path))
        return str_from(folder);
    private_folder_remove(folder);
    return place;
}

struct repository *git_store_add(struct context *cx, str object, str pack, struct pos from)
{
    str cache = cache_folder(cx, "git");
    char *folder;
    if (!prepare(cx))
        return NULL;
    if (cache.len && !cache_folder_make(cx, cache))
        cache = S("");
    if (cache.len)
        cache_sweep(cx, cache, ALL_MOST);
    if (!new_folder(cx, from, cache, &folder))
        return NULL;
    arena_defer(cx->arena, private_folder_remove, folder);
    str packs = str_format(cx->arena, "%s/pack", folder);
    if (mkdir(str_cstr(cx->arena, packs), 0700) < 0) {
        report_surroundings(cx, from, "can't make '%.*s': %s", STR(packs), strerror(errno));
        return NULL;
    }
    if (!index_pack(cx, str_cstr(cx->arena, packs), pack, from))
        return NULL;
    struct repository *fresh = repository_of_objects(cx, str_from(folder), from);
    if (!fresh)
        return NULL;
    if (!holds(cx, fresh, object)) {
        report_surroundings(cx, from, "the repository does not send the commit '%.*s'",
                            STR(object));
        return NULL;
    }
    if (!cache.len)
        return fresh;
    return repository_of_objects(cx, settle(cx, cache, folder, object), from);
}
