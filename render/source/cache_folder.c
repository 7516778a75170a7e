/* Nothing depends on a cache: what can't be made is not reported. */
#include "render/source/cache_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "render/base/private_folder.h"

enum { DEPTH = 2, KEPT_S = 30 * 24 * 3600, BUSY_S = 3600, PAUSE_S = 600 };

str cache_folder(struct context *cx, const char *name)
{
    const char *cache = getenv("XDG_CACHE_HOME");
    if (!cx->home)
        return S("");
    if (cache && cache[0] == '/')
        return str_format(cx->arena, "%s/hoist/%s", cache, name);
    return str_format(cx->arena, "%s/.cache/hoist/%s", cx->home, name);
}

bool cache_folder_make(struct context *cx, str path)
{
    char *at = str_cstr(cx->arena, path);
    for (size_t i = 1; i < path.len; i++) {
        if (at[i] != '/')
            continue;
        at[i] = 0;
        mkdir(at, 0700);
        at[i] = '/';
    }
    return (mkdir(at, 0700) == 0 || errno == EEXIST) && access(at, W_OK | X_OK) == 0;
}

bool cache_use(struct context *cx, str path)
{
    /* Where nothing can be written, nothing is taken away either. */
    return utimensat(AT_FDCWD, str_cstr(cx->arena, path), NULL, AT_SYMLINK_NOFOLLOW) == 0
           || errno != ENOENT;
}

static bool is_self(const char *name)
{
    return str_eq(str_from(name), S(".")) || str_eq(str_from(name), S(".."));
}

/* The bytes of a file, or of all files in a folder. */
static uint64_t size_of(const char *path, int depth)
{
    struct stat st;
    struct dirent *d;
    uint64_t sum = 0;
    if (lstat(path, &st) < 0 || !S_ISDIR(st.st_mode) || depth < 0)
        return lstat(path, &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
    DIR *folder = opendir(path);
    while (folder && (d = readdir(folder))) {
        char inner[4096];
        int n = snprintf(inner, sizeof inner, "%s/%s", path, d->d_name);
        if (!is_self(d->d_name) && n > 0 && (size_t)n < sizeof inner)
            sum += size_of(inner, depth - 1);
    }
    if (folder)
        closedir(folder);
    return sum;
}

/* Gives it a name that nobody asks for; one that was used since `seen` gets its own back. */
static void remove_unused(struct context *cx, str path, time_t seen)
{
    struct stat st;
    str folder, name;
    str_cut_last(path, '/', &folder, &name);
    char *old = str_cstr(cx->arena, path);
    char *away = str_cstr(cx->arena, str_format(cx->arena, "%.*s/new-%d-%.*s", STR(folder),
                                                (int)getpid(), STR(name)));
    if (rename(old, away) < 0)
        return;
    if (lstat(away, &st) == 0 && st.st_mtime > seen && rename(away, old) == 0)
        return;
    if (unlink(away) < 0)
        private_folder_remove(away);
}

void cache_remove(struct context *cx, str path)
{
    remove_unused(cx, path, time(NULL) + KEPT_S);
}

struct entry {
    str path;
    time_t used;
    uint64_t size;
};

struct entries {
    struct entry *at;
    uint32_t len, cap;
    uint64_t sum;
};

static void read_entries(struct context *cx, str folder, struct entries *all)
{
    DIR *open = opendir(str_cstr(cx->arena, folder));
    struct dirent *d;
    while (open && (d = readdir(open))) {
        struct stat st;
        str path = str_format(cx->arena, "%.*s/%s", STR(folder), d->d_name);
        char *at = str_cstr(cx->arena, path);
        if (d->d_name[0] == '.' || str_starts(str_from(d->d_name), S("new-")) || lstat(at, &st) < 0
            || st.st_uid != getuid())
            continue;
        ARENA_PUSH(cx->arena, all->at, all->len, all->cap);
        all->at[all->len++] = (struct entry){ path, st.st_mtime, size_of(at, DEPTH) };
        all->sum += all->at[all->len - 1].size;
    }
    if (open)
        closedir(open);
}

static int by_use(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return x->used < y->used ? -1 : x->used > y->used;
}

/* ".swept" tells when it was looked at last. */
static bool is_due(struct context *cx, str folder, time_t now)
{
    struct stat st;
    char *stamp = str_cstr(cx->arena, str_concat(cx->arena, folder, S("/.swept")));
    if (stat(stamp, &st) == 0 && now - st.st_mtime < PAUSE_S && st.st_mtime <= now)
        return false;
    int fd = open(stamp, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool ok = fd >= 0 && futimens(fd, NULL) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

void cache_sweep(struct context *cx, str folder, uint64_t most)
{
    struct entries all = { 0 };
    time_t now = time(NULL);
    if (!is_due(cx, folder, now))
        return;
    read_entries(cx, folder, &all);
    if (all.len)
        qsort(all.at, all.len, sizeof *all.at, by_use);
    for (uint32_t i = 0; i < all.len; i++) {
        time_t unused = now - all.at[i].used;
        if (unused <= BUSY_S || (unused <= KEPT_S && all.sum <= most))
            break;
        remove_unused(cx, all.at[i].path, all.at[i].used);
        all.sum -= all.at[i].size;
    }
}
