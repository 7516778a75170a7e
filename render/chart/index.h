/* The index.yaml of a chart repository: names to versions, the newest first. */
#ifndef HOIST_CHART_INDEX_H
#define HOIST_CHART_INDEX_H

#include "render/base/semver.h"
#include "render/doc/node.h"

struct chart_index {
    struct text *text;
    const struct node *entries; /* NULL when it has none */
};

struct index_entry {
    str name;
    str version;
    struct semver parsed;
    bool is_version;         /* is `parsed` one? Others come last */
    str digest;              /* of the archive, "" or "sha256:…" or its digits */
    const struct node *urls; /* NULL or a list of texts */
    const struct node *node;
};

struct index_entries {
    struct index_entry *at;
    uint32_t len;
    uint32_t cap;
};

/* `source` is the path or address that messages name. NULL after a report. */
struct chart_index *index_read(struct context *cx, struct text *text, str source);
/* All sound entries of a chart, sorted; an entry that is not sound is warned about and left
 * out. False, without a report, when the index does not know the name. */
bool index_entries(struct context *cx, const struct chart_index *index, str name,
                   struct index_entries *out);
/* The very version, or the newest in a range; "" is the newest that is no pre-release. False with
 * Helm's words in *why. */
bool index_find(struct context *cx, const struct chart_index *index, str name, str version,
                struct index_entry *out, str *why);
/* The first address of an entry; "" when it has none. */
str index_address(const struct index_entry *entry);
/* Sorts as an index is sorted: the newest first, what is no version last. */
void index_sort(struct context *cx, struct index_entry *at, uint32_t len);

#endif
