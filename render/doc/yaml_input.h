/* What libfyaml is given to read instead of a text: it misreads or refuses some of what Go's reader
 * takes. The text is read, a mistake is mended in a copy of its bytes, and it is read again.
 *
 * Blanks and "~" take a mended place without moving any other; only a null for an empty entry of a
 * list makes what is read longer than the text. */
#ifndef HOIST_DOC_YAML_INPUT_H
#define HOIST_DOC_YAML_INPUT_H

#include "render/base/arena.h"
#include "render/base/str.h"

enum { YAML_MENDED_MOST = 100 }; /* reading again and again must end */

/* An empty block scalar that libfyaml has taken its neighbours into, a text of a dash in brackets,
 * a comment right behind a quote or a bracket. */
struct yaml_mended {
    size_t at; /* of what became a "~", or blank */
    str text;
    uint8_t style; /* enum scalar_style */
    bool comment;
};

/* Zeroed, it is nothing mended yet. */
struct yaml_input {
    str bytes; /* the text's, ended by a line end */
    struct yaml_mended *mended;
    uint32_t mended_count, mended_cap;
    size_t *filled; /* dashes of empty entries that libfyaml stumbles on, in the text, ascending */
    uint32_t filled_count, filled_cap;
    bool
        again; /* something was mended since `bytes` were made: they must be read from the beginning */
};

/* Makes `bytes`, with all that was mended before, and clears `again`. */
void yaml_input_make(struct yaml_input *in, struct arena *a, str text);
/* An offset in `bytes`, in the text. */
size_t yaml_input_in_text(const struct yaml_input *in, size_t offset);
/* Is it the null of an empty entry that stands at this offset of the text? */
bool yaml_input_is_filling(const struct yaml_input *in, size_t offset);
/* What the scalar at an offset of the text was before it was mended, or NULL. */
const struct yaml_mended *yaml_input_mended_at(const struct yaml_input *in, size_t at);

/* A block scalar is empty, whatever libfyaml takes it for. False when too much was mended. */
bool yaml_input_mend_block(struct yaml_input *in, struct arena *a, size_t header, str text);
/* Is it something at a mistake's place that Go does not mind? Then it is mended. */
bool yaml_input_mend_mistake(struct yaml_input *in, struct arena *a, str text, size_t at);

#endif
