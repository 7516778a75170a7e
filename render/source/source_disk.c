/* The file system, as the user sees it from the working directory.
 *
 * A file is opened without following a link at its end: source.c has followed those of
 * its folder. Only files that the user names himself may be pipes or devices, as in
 * `-f <(command)`; in a folder they are refused, for reading one could wait forever. */
#include "render/source/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct disk {
    struct source source;
    int fd; /* open while an allocation could jump away */
};

static bool cannot(struct context *cx, struct look *l, const char *what)
{
    return report_surroundings(cx, l->from, "cannot %s '%.*s': %s", what, STR(l->name),
                               strerror(errno));
}

static bool is_absent(int error)
{
    return error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG;
}

static bool read_link(struct context *cx, struct look *l)
{
    char target[4096];
    ssize_t n = readlink(l->path.at, target, sizeof target);
    if (n < 0)
        return cannot(cx, l, "read the link");
    l->kind = FILE_LINK;
    l->bytes = str_dup(cx->arena, (str){ target, (size_t)n });
    return true;
}

static bool set_kind(struct context *cx, struct look *l, mode_t mode)
{
    if (S_ISREG(mode))
        l->kind = FILE_PLAIN;
    else if (S_ISDIR(mode))
        l->kind = FILE_FOLDER;
    else
        return report(cx, l->from, "'%.*s' is neither a file nor a folder", STR(l->name));
    return true;
}

/* All that can be read; `size` is only what to expect. */
static bool read_all(struct context *cx, int fd, size_t size, str *out)
{
    size_t room = size ? size : 4096;
    char *at = arena_alloc(cx->arena, room);
    size_t len = 0;
    for (ssize_t n; !size || len < size; len += (size_t)n) {
        if (len == room) {
            at = arena_grow(cx->arena, at, room, room * 2);
            room *= 2;
        }
        n = read(fd, at + len, room - len);
        if (n < 0 && errno == EINTR)
            n = 0;
        else if (n < 0)
            return false;
        else if (n == 0)
            break;
    }
    arena_shrink(cx->arena, at, room, len);
    *out = (str){ at, len };
    return true;
}

static void close_fd(void *disk)
{
    struct disk *d = disk;
    if (d->fd >= 0)
        close(d->fd);
    d->fd = -1;
}

static bool look_opened(struct context *cx, struct disk *d, struct look *l)
{
    struct stat st;
    if (fstat(d->fd, &st) < 0)
        return cannot(cx, l, "read");
    if (!set_kind(cx, l, st.st_mode))
        return false;
    if (l->kind == FILE_FOLDER)
        return true;
    if ((uint64_t)st.st_size > UINT32_MAX)
        return report(cx, l->from, "'%.*s' is larger than 4 GiB", STR(l->name));
    return read_all(cx, d->fd, (size_t)st.st_size, &l->bytes) || cannot(cx, l, "read");
}

static bool look_and_read(struct context *cx, struct disk *d, struct look *l)
{
    d->fd = open(l->path.at, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (d->fd < 0 && errno == ELOOP)
        return read_link(cx, l);
    if (d->fd < 0 && errno == ENXIO)
        return set_kind(cx, l, S_IFSOCK);
    if (d->fd < 0)
        return is_absent(errno) || cannot(cx, l, "read");
    bool ok = look_opened(cx, d, l);
    close_fd(d);
    return ok;
}

static bool look_for_pipe(struct context *cx, struct disk *d, struct look *l)
{
    struct stat st;
    if (stat(l->path.at, &st) < 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
        return true;
    d->fd = open(l->path.at, O_RDONLY | O_NOCTTY | O_CLOEXEC);
    if (d->fd < 0)
        return true;
    l->kind = FILE_PLAIN;
    bool ok = read_all(cx, d->fd, 0, &l->bytes) || cannot(cx, l, "read");
    close_fd(d);
    return ok;
}

static bool disk_look(struct context *cx, struct source *src, struct look *l)
{
    if (l->pipes)
        return look_for_pipe(cx, (struct disk *)src, l);
    if (l->read)
        return look_and_read(cx, (struct disk *)src, l);
    struct stat st;
    if (lstat(l->path.len ? l->path.at : "/", &st) < 0)
        return is_absent(errno) || cannot(cx, l, "read");
    return S_ISLNK(st.st_mode) ? read_link(cx, l) : set_kind(cx, l, st.st_mode);
}

static enum file_kind kind_of(DIR *dir, const struct dirent *e)
{
    struct stat st;
    mode_t mode = DTTOIF(e->d_type);
    if (e->d_type == DT_UNKNOWN && fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        mode = st.st_mode;
    if (S_ISLNK(mode))
        return FILE_LINK;
    return S_ISDIR(mode) ? FILE_FOLDER : S_ISREG(mode) ? FILE_PLAIN : FILE_NONE;
}

static bool disk_list(struct context *cx, struct source *src, struct look *l, struct listing *out)
{
    (void)src;
    DIR *dir = opendir(l->path.len ? l->path.at : "/");
    if (!dir)
        return cannot(cx, l, "list");
    struct dirent *e;
    while (errno = 0, (e = readdir(dir))) {
        if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
            listing_add(cx, out, str_dup(cx->arena, str_from(e->d_name)), kind_of(dir, e));
    }
    bool ok = errno == 0 || cannot(cx, l, "list");
    closedir(dir);
    return ok;
}

/* The working directory has no links in it, nor has any folder above. */
static bool know_here(struct context *cx, struct source *src)
{
    char *here = getcwd(NULL, 0);
    if (!here)
        return report_surroundings(cx, NOWHERE, "no working directory: %s", strerror(errno));
    src->here = str_dup(cx->arena, str_from(strcmp(here, "/") ? here : ""));
    free(here);
    for (str path = src->here; path.len;
         path = str_slice(path, 0, (size_t)str_find_last(path, '/'))) {
        str *real = NEW(cx->arena, str);
        *real = (str){ str_cstr(cx->arena, path), path.len };
        map_put(&src->folders, path, real);
    }
    src->here = *(str *)map_get(&src->folders, src->here);
    return true;
}

static const struct source_ops disk_ops = { disk_look, disk_list };

struct source *source_disk(struct context *cx, str top)
{
    struct disk *d = NEW(cx->arena, struct disk);
    struct source *src = &d->source;
    source_begin(cx, src, &disk_ops, S(""));
    src->closed = false;
    d->fd = -1;
    arena_defer(cx->arena, close_fd, d);
    if (!know_here(cx, src))
        return NULL;
    if (!top.len)
        return src;
    struct folder *f = source_folder(cx, src, top, NOWHERE);
    if (!f)
        return NULL;
    src->top = f->real;
    return src;
}

struct text *source_stdin(struct context *cx)
{
    str bytes;
    if (read_all(cx, STDIN_FILENO, 0, &bytes))
        return text_add(cx, S("<stdin>"), bytes);
    report_surroundings(cx, NOWHERE, "cannot read standard input: %s", strerror(errno));
    return NULL;
}
