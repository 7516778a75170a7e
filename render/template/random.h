/* Chance: random bytes of the system, or, when a run is to be deterministic, bytes that depend
 * on the run's seed, on the function and on how often the same file has called it before; so that
 * a change in one file moves no value of another. */
#ifndef HOIST_TEMPLATE_RANDOM_H
#define HOIST_TEMPLATE_RANDOM_H

#include "render/template/func.h"

/* False after a report. In a deterministic run, warns once for each function. */
bool random_bytes(struct call *c, void *out, size_t n);
/* 0 to below - 1, each as likely; below is above 0. */
bool random_below(struct call *c, uint64_t below, uint64_t *out);
/* Warns that a run is deterministic and what this function gives is fixed, once for each. */
void random_warn(struct call *c);

#endif
