/* KRM functions: programs and containers that generate, transform or validate. */
#ifndef HOIST_OVERLAYS_FUNCTION_H
#define HOIST_OVERLAYS_FUNCTION_H

#include "overlays/overlay.h"

/* Runs the function that a plugin's document names; refused unless the options allow it. */
bool function_run(struct context *cx, struct overlay *o, struct resource *plugin, bool generator);

#endif
