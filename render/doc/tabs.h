/* Tabs that stand where only spaces may, as Go's YAML packages see it: before the first word of a
 * line that is in no brackets and in no text, and behind a dash. libfyaml lets them through. */
#ifndef HOIST_DOC_TABS_H
#define HOIST_DOC_TABS_H

#include "render/base/str.h"

/* What stands between the texts of a document, gone through from one to the next. */
struct tabs {
    str in;
    size_t at;
    uint32_t brackets; /* that are open */
    bool plain;        /* a plain text ends at `at`: blanks may follow it in its own columns */
    size_t plain_from; /* the first of them */
    bool any;          /* a line begins with blanks and a tab, or a tab is behind a dash */
};

struct tabs tabs_begin(str in);
/* Goes on to a text; false at a tab that may not stand there, which `at` is then. */
bool tabs_pass(struct tabs *t, size_t to);
/* Goes over a text: plain, with the column below its indentation, or any other. */
bool tabs_over_plain(struct tabs *t, size_t end, size_t column);
void tabs_over(struct tabs *t, size_t end);

#endif
