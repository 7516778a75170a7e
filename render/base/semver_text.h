/* What versions and ranges read and compare alike. */
#ifndef HOIST_BASE_SEMVER_TEXT_H
#define HOIST_BASE_SEMVER_TEXT_H

#include "render/base/str.h"

/* Where dot-separated identifiers that begin at `at` end; `at` when there is none. */
size_t semver_take_identifiers(str s, size_t at);
int semver_compare_pre(str x, str y);

#endif
