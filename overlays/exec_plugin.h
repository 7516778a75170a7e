/* kustomize's older plugins: a program for each kind, in a folder of the user's. */
#ifndef HOIST_OVERLAYS_EXEC_PLUGIN_H
#define HOIST_OVERLAYS_EXEC_PLUGIN_H

#include "overlays/overlay.h"

/* Runs the program of the plugin's group, version and kind; *printed is its output. */
bool exec_plugin_run(struct context *cx, struct overlay *o, struct resource *plugin, bool generator,
                     str *printed);

#endif
