/* The parser's state, between the file of its characters and classes and that of its structure. */
#ifndef HOIST_BASE_REGEX_PARSER_H
#define HOIST_BASE_REGEX_PARSER_H

#include "render/base/regex_parts.h"

enum re_flag { FLAG_FOLD = 1, FLAG_MULTILINE = 2, FLAG_DOT_NEWLINE = 4, FLAG_LAZY = 8 };

struct parser {
    struct arena *arena;
    str pattern;
    size_t at;
    unsigned flags;
    int open; /* groups around us */
    int64_t runes;
    str *names;
    uint32_t groups;
    uint32_t names_cap;
    str *error;
};

/* Sets Go's sentence about `part` of the pattern; always false. */
bool re_fail(struct parser *p, const char *what, str part);
bool re_fail_from(struct parser *p, const char *what, size_t from); /* up to where we are */

bool re_at_end(const struct parser *p);
int re_peek(const struct parser *p, size_t ahead); /* a byte, or -1 */
bool re_next_rune(struct parser *p, uint32_t *r);
bool re_check_utf8(struct parser *p, size_t from, size_t to);

/* At its backslash: an escape for one character; \pL and its kin. */
bool re_read_escape(struct parser *p, uint32_t *out);
bool re_read_unicode_class(struct parser *p, struct rune_set *set);
/* True when \d, \w, \s or one of their opposites stood there. */
bool re_read_perl_class(struct parser *p, struct rune_set *set);
/* [...] at its bracket. */
bool re_read_brackets(struct parser *p, struct rune_set *set);

#endif
