/* The lock of a reference that a run of ours left when it was killed. */
#ifndef HOIST_PROMOTE_STALE_LOCK_H
#define HOIST_PROMOTE_STALE_LOCK_H

#include <stdbool.h>

/* Waits while the lock is young, then removes it. True when it is gone. For branches that
 * nobody but us writes. */
bool stale_lock_remove(const char *path);

#endif
