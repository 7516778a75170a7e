/* What a program puts there goes too, folders in folders as deep as GnuPG's home has them. */
#include "render/base/private_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "render/base/context.h"

enum { DEPTH = 3 };

static void remove_below(const char *path, int depth)
{
    DIR *folder = opendir(path);
    struct dirent *d;
    while (folder && (d = readdir(folder))) {
        char inner[4096];
        int n = snprintf(inner, sizeof inner, "%s/%s", path, d->d_name);
        if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0 || n < 0
            || (size_t)n >= sizeof inner)
            continue;
        if (unlink(inner) < 0 && depth > 0)
            remove_below(inner, depth - 1);
    }
    if (folder)
        closedir(folder);
    rmdir(path);
}

void private_folder_remove(void *path)
{
    remove_below(path, DEPTH);
}

const char *private_folder(struct context *cx, struct arena *a)
{
    const char *parent = getenv("TMPDIR");
    char *path = str_cstr(a, str_format(a, "%s/hoist-XXXXXX", parent && *parent ? parent : "/tmp"));
    if (!mkdtemp(path)) {
        report_surroundings(cx, NOWHERE, "can't make a private folder '%s': %s", path,
                            strerror(errno));
        return NULL;
    }
    arena_defer(a, private_folder_remove, path);
    return path;
}

static bool write_all(int fd, str bytes)
{
    while (bytes.len) {
        ssize_t n = write(fd, bytes.at, bytes.len);
        if (n < 0 && errno != EINTR)
            return false;
        bytes = str_skip(bytes, n > 0 ? (size_t)n : 0);
    }
    return true;
}

const char *private_file(struct context *cx, struct arena *a, const char *folder, const char *name,
                         str bytes)
{
    const char *path = str_cstr(a, str_format(a, "%s/%s", folder, name));
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write_all(fd, bytes);
    if (fd >= 0 && close(fd) != 0)
        ok = false;
    if (ok)
        return path;
    report_surroundings(cx, NOWHERE, "can't write '%s': %s", path, strerror(errno));
    return NULL;
}
