/* Looking for charts in the indexes of repositories. */
#ifndef HOIST_CHART_SEARCH_H
#define HOIST_CHART_SEARCH_H

#include "render/base/regex.h"
#include "render/chart/index.h"

struct chart_match {
    str name; /* "shop/web" */
    struct index_entry entry;
    uint32_t
        rank; /* what of the chart matched: its name 0, then its full name, description, keywords */
};

struct chart_search {
    str words;                        /* letters' case does not count; "" matches everything */
    const struct regex *pattern;      /* instead of words; or NULL */
    const struct semver_range *range; /* of versions */
    bool every;                       /* version, not the newest of each chart alone */
    struct chart_match *at;           /* what was found */
    uint32_t len;
    uint32_t cap;
};

/* Adds what matches in a repository's index. */
void chart_search_add(struct context *cx, struct chart_search *s, str repository,
                      const struct chart_index *index);
/* Once all are added: the best first, then by name, the newest first, and but the newest if not all
 * are wanted. */
void chart_search_end(struct context *cx, struct chart_search *s);

#endif
