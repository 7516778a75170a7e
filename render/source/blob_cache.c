/* A blob is written beside its place and renamed, so that nobody reads a part of it; what is
 * read is hashed again. Only SHA-256 is kept, and nothing large: signatures, configurations,
 * charts. */
#include "render/source/blob_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "render/base/digest.h"
#include "render/source/cache_folder.h"

enum { KEPT_MOST = 16 << 20, ALL_MOST = 512 << 20 };

/* "" when the blob is none that is kept. */
static str place_of(struct context *cx, str digest, uint64_t size)
{
    str folder = cache_folder(cx, "blobs"), algorithm, hex;
    str_cut(digest, ':', &algorithm, &hex);
    if (!folder.len || size > KEPT_MOST || !str_eq(algorithm, S("sha256")))
        return S("");
    return str_format(cx->arena, "%.*s/%.*s", STR(folder), STR(hex));
}

static bool is_digest_of(struct context *cx, str digest, str bytes)
{
    return str_eq(str_skip(digest, 7), digest_sha256_hex(cx->arena, bytes));
}

static bool read_whole(int fd, char *at, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t n = read(fd, at + done, size - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

bool blob_cache_find(struct context *cx, str digest, uint64_t size, str *bytes)
{
    struct stat st;
    str place = place_of(cx, digest, size);
    int fd = place.len ? open(str_cstr(cx->arena, place), O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    if (fd < 0)
        return false;
    bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (uint64_t)st.st_size == size;
    if (ok) {
        char *at = arena_alloc(cx->arena, size + 1);
        ok = read_whole(fd, at, size);
        *bytes = (str){ at, size };
    }
    close(fd);
    if (ok)
        cache_use(cx, place);
    return ok && is_digest_of(cx, digest, *bytes);
}

static bool write_whole(int fd, str bytes)
{
    while (bytes.len) {
        ssize_t n = write(fd, bytes.at, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = str_skip(bytes, (size_t)n);
    }
    return true;
}

void blob_cache_add(struct context *cx, str digest, str bytes)
{
    str place = place_of(cx, digest, bytes.len);
    if (!place.len || !is_digest_of(cx, digest, bytes)
        || !cache_folder_make(cx, cache_folder(cx, "blobs")))
        return;
    cache_sweep(cx, cache_folder(cx, "blobs"), ALL_MOST);
    char *beside = str_cstr(cx->arena, str_concat(cx->arena, place, S(".XXXXXX")));
    int fd = mkostemp(beside, O_CLOEXEC);
    if (fd < 0)
        return;
    bool ok = write_whole(fd, bytes);
    if (close(fd) < 0 || !ok || rename(beside, str_cstr(cx->arena, place)) < 0)
        unlink(beside);
}
