/* Which entries of a cache go: by age, by size, and never what was used just now. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "render/base/private_folder.h"
#include "render/source/cache_folder.h"
#include "tests/expect.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

static void make(const char *folder, const char *name, int size, int unused_s)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    struct timespec times[2] = { { .tv_sec = time(NULL) - unused_s } };
    times[1] = times[0];
    ck_assert(ftruncate(fd, size) == 0 && futimens(fd, times) == 0);
    close(fd);
}

static bool is_there(const char *folder, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

START_TEST(old_and_many)
{
    struct context *cx = test_context();
    const char *folder = private_folder(cx, cx->arena);
    make(folder, "ancient", 10, 31 * DAY);
    make(folder, "new-ancient", 10, 31 * DAY);
    make(folder, "oldest", 600, 3 * HOUR);
    make(folder, "older", 600, 2 * HOUR);
    make(folder, "busy", 600, 60);
    cache_sweep(cx, str_from(folder), 1300);
    ck_assert(!is_there(folder, "ancient") && !is_there(folder, "oldest"));
    ck_assert(is_there(folder, "older") && is_there(folder, "busy"));
    ck_assert(is_there(folder, "new-ancient"));
    /* Not again so soon. */
    cache_sweep(cx, str_from(folder), 0);
    ck_assert(is_there(folder, "older"));
    make(folder, ".swept", 0, HOUR);
    cache_sweep(cx, str_from(folder), 0);
    ck_assert(!is_there(folder, "older") && is_there(folder, "busy"));
    context_free(cx);
}
END_TEST

START_TEST(what_is_used_stays)
{
    struct context *cx = test_context();
    const char *folder = private_folder(cx, cx->arena);
    str path = str_format(cx->arena, "%s/blob", folder);
    ck_assert(!cache_use(cx, path));
    make(folder, "blob", 10, 31 * DAY);
    ck_assert(cache_use(cx, path));
    cache_sweep(cx, str_from(folder), 0);
    ck_assert(is_there(folder, "blob"));
    cache_remove(cx, path);
    ck_assert(!is_there(folder, "blob"));
    context_free(cx);
}
END_TEST

TCase *cache_folder_tests(void)
{
    TCase *tc = tcase_create("cache_folder");
    tcase_add_test(tc, old_and_many);
    tcase_add_test(tc, what_is_used_stays);
    return tc;
}
