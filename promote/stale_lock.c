/* A reference is locked for the time of one write and one rename. A lock on a promotion's branch
 * that has not changed for some seconds has nobody any more: its owner was killed. */
#include "promote/stale_lock.h"

#include <errno.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { STALE_SECONDS = 10, LOOK_MS = 100 };

bool stale_lock_remove(const char *path)
{
    const struct timespec pause = { .tv_nsec = LOOK_MS * 1000000L };
    for (int i = 0; i <= STALE_SECONDS * 1000 / LOOK_MS; i++) {
        struct stat st;
        if (stat(path, &st) != 0)
            return errno == ENOENT;
        if (time(NULL) - st.st_mtime >= STALE_SECONDS)
            return unlink(path) == 0 || errno == ENOENT;
        nanosleep(&pause, NULL);
    }
    return false;
}
