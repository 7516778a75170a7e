/* Regular expressions with the syntax, the answers and the error texts of Go's regexp (RE2):
 * leftmost-first as in Perl, without backreferences or lookaround, in time linear in the subject.
 *
 * A byte that is no UTF-8 is matched as U+FFFD. A compiled expression lives in its arena and may be
 * used any number of times; what a match needs meanwhile is taken from `a` and given back. */
#ifndef HOIST_BASE_REGEX_H
#define HOIST_BASE_REGEX_H

#include "render/base/buf.h"

struct context;
struct regex;

/* Part of a subject, as offsets; from is -1 where a group took no part in the match. */
struct span {
    ptrdiff_t from;
    ptrdiff_t to;
};

/* NULL when the pattern is malformed; *error is then "error parsing regexp: …: `part`". */
struct regex *regex_compile(struct arena *a, str pattern, str *error);

/* Counts the steps of every match as LIMIT_STEPS of the context, which also looks at its clock.
 * When that is over it is reported, and nothing matches any more. */
void regex_watch(struct regex *re, struct context *cx);

/* How many groups there are beside the whole, and their names (empty for an unnamed one; the
 * whole is group 0). */
uint32_t regex_groups(const struct regex *re);
str regex_group_name(const struct regex *re, uint32_t group);

/* Whether the pattern matches anywhere; anchors are up to the pattern. */
bool regex_matches(struct arena *a, const struct regex *re, str subject);
/* The first match that begins at `from` or later; `found` gets groups + 1 spans. */
bool regex_find(struct arena *a, const struct regex *re, str subject, size_t from,
                struct span *found);

/* All matches from left to right, none overlapping, no empty one right behind another:
 *
 *     struct regex_search s = regex_search(a, re, subject);
 *     while (regex_next(&s)) … s.found[0] …                                              */
struct regex_search {
    struct arena *arena;
    const struct regex *re;
    str subject;
    size_t at;
    ptrdiff_t last_end;
    struct span *found;
};
struct regex_search regex_search(struct arena *a, const struct regex *re, str subject);
bool regex_next(struct regex_search *s);

/* ReplaceAllString; `replacement` may name groups as $1, ${1}, $name. */
str regex_replace(struct arena *a, const struct regex *re, str subject, str replacement);
str regex_replace_literal(struct arena *a, const struct regex *re, str subject, str replacement);
/* Prints `replacement` with its groups filled in from one match. */
void regex_expand(struct buf *b, const struct regex *re, str replacement, str subject,
                  const struct span *found);

/* Split: at most `n` parts, all when negative. */
str *regex_split(struct arena *a, const struct regex *re, str subject, int n, size_t *count);

/* A pattern that matches the text and nothing else. */
str regex_quote(struct arena *a, str text);

#endif
