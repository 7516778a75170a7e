/* Writing is where the surroundings fail: a full disk, a closed descriptor, a reader gone. */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void output_begin(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
    }
    signal(SIGPIPE, SIG_IGN);
}

static bool write_all(int fd, str bytes)
{
    while (bytes.len) {
        ssize_t n = write(fd, bytes.at, bytes.len);
        if (n < 0 && errno != EINTR)
            return false;
        bytes = str_skip(bytes, n < 0 ? 0 : (size_t)n);
    }
    return true;
}

bool output_write(struct context *cx, str bytes)
{
    if (write_all(STDOUT_FILENO, bytes))
        return true;
    int error = errno;
    if (error == EPIPE) {
        signal(SIGPIPE, SIG_DFL);
        raise(SIGPIPE);
    }
    return report_surroundings(cx, NOWHERE, "can't write to standard output: %s", strerror(error));
}

bool output_is_folder(struct context *cx, str path)
{
    struct stat there;
    return path.len && stat(str_cstr(cx->arena, path), &there) == 0 && S_ISDIR(there.st_mode);
}

static bool cannot_write(struct context *cx, str path)
{
    return report_surroundings(cx, NOWHERE, "can't write '%.*s': %s", STR(path), strerror(errno));
}

static bool write_in_place(struct context *cx, str path, const char *name, str bytes)
{
    int fd = open(name, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return cannot_write(cx, path);
    bool ok = write_all(fd, bytes) || cannot_write(cx, path);
    if (close(fd) != 0 && ok)
        ok = cannot_write(cx, path);
    return ok;
}

static bool write_and_rename(struct context *cx, str path, const char *name, mode_t mode, str bytes)
{
    char *beside = str_cstr(cx->arena, str_format(cx->arena, "%s.hoist-%ld", name, (long)getpid()));
    bool ok = false;
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode ? 0600 : 0666);
    if (fd < 0)
        return cannot_write(cx, path);
    if (mode && fchmod(fd, mode) != 0)
        goto out;
    ok = write_all(fd, bytes);
out:
    if (!ok)
        cannot_write(cx, path);
    if (close(fd) != 0 && ok)
        ok = cannot_write(cx, path);
    if (ok && rename(beside, name) != 0)
        ok = cannot_write(cx, path);
    if (!ok)
        unlink(beside);
    return ok;
}

bool output_file(struct context *cx, str path, str bytes)
{
    char *name = str_cstr(cx->arena, path);
    struct stat there;
    if (stat(name, &there) != 0)
        return write_and_rename(cx, path, name, 0, bytes);
    if (!S_ISREG(there.st_mode))
        return write_in_place(cx, path, name, bytes);
    /* Through a link, so that the link stays one. */
    char *real = realpath(name, NULL);
    if (!real)
        return cannot_write(cx, path);
    bool ok = write_and_rename(cx, path, real, there.st_mode & 07777, bytes);
    free(real);
    return ok;
}

static bool make_folders(struct context *cx, str path)
{
    for (size_t i = 1; i < path.len; i++) {
        if (path.at[i] != '/')
            continue;
        char *folder = str_cstr(cx->arena, str_slice(path, 0, i));
        if (mkdir(folder, 0777) != 0 && errno != EEXIST)
            return cannot_write(cx, str_from(folder));
    }
    return true;
}

bool output_file_below(struct context *cx, str path, str bytes)
{
    return make_folders(cx, path) && output_file(cx, path, bytes);
}

bool output_secret_below(struct context *cx, str path, str bytes)
{
    return make_folders(cx, path)
           && write_and_rename(cx, path, str_cstr(cx->arena, path), 0600, bytes);
}
