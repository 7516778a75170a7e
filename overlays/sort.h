/* The order of the output: as read, or kustomize's legacy order of kinds. */
#ifndef HOIST_OVERLAYS_SORT_H
#define HOIST_OVERLAYS_SORT_H

#include "overlays/overlay.h"

/* sortOptions of the root decides, else the option; without both it is the legacy order. */
bool sort_resources(struct context *cx, struct overlay *root);

#endif
