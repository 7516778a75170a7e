/* Versions and ranges of versions, as Masterminds/semver 3.4 reads and compares them: what Helm
 * and its template functions use. Errors are in that library's words. */
#ifndef HOIST_BASE_SEMVER_H
#define HOIST_BASE_SEMVER_H

#include "render/base/buf.h"

struct semver {
    uint64_t major;
    uint64_t minor;
    uint64_t patch;
    str pre;      /* without its '-' */
    str metadata; /* without its '+' */
    str original;
};

/* Lenient: v1, 1.2, 01.2.3 are versions. The parts are views into the text. */
bool semver_parse(struct arena *a, str text, struct semver *out, str *error);
bool semver_parse_strict(struct arena *a, str text, struct semver *out, str *error);

/* Metadata does not count; a pre-release is below its release. */
int semver_compare(const struct semver *x, const struct semver *y);
void semver_print(struct buf *b, const struct semver *v);

struct semver semver_next_major(struct arena *a, const struct semver *v);
struct semver semver_next_minor(struct arena *a, const struct semver *v);
struct semver semver_next_patch(struct arena *a, const struct semver *v);

struct semver_range;

/* ">=1.2 <2 || ^3.1", "1.2 - 1.4", "~1.x", "*"; NULL with *error when malformed. */
struct semver_range *semver_range_parse(struct arena *a, str text, str *error);
/* Pre-releases are only in a range that names one. */
bool semver_range_has(const struct semver_range *range, const struct semver *v);

#endif
