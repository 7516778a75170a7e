/* buildMetadata: annotations that say where resources come from and what changed them, and
 * the label that names the builder. What was not asked for is taken out at the end. */
#ifndef HOIST_OVERLAYS_METADATA_H
#define HOIST_OVERLAYS_METADATA_H

#include "overlays/overlay.h"

/* Reads what the root asks for. */
bool metadata_read(struct context *cx, struct overlay *root);

/* The origin of a kustomization that `outer` names by `path`. */
struct origin *metadata_below(struct context *cx, const struct overlay *outer, str path);
/* Resources from `first` on came from a file, or stood in the kustomization itself. */
void metadata_mark_file(struct context *cx, const struct overlay *o, str path,
                        struct resources *all, uint32_t first);
void metadata_mark_inline(struct context *cx, const struct overlay *o, struct resources *all,
                          uint32_t first);

/* After a step: what it made has its origin, what was there has been transformed by it,
 * `times` times. A step of the kustomization's own is named by its kind; a plugin, whose
 * document says where it stands, by itself. */
void metadata_after_step(struct context *cx, struct overlay *o, str kind, bool generator,
                         uint32_t times);
void metadata_after_plugin(struct context *cx, struct overlay *o, const struct resource *plugin,
                           bool generator);

/* Annotations become texts, the asked-for ones are added, the build's own are taken out. */
bool metadata_finish(struct context *cx, struct overlay *root);

#endif
