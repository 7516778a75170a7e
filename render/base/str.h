/* Length-counted string views: a pointer and a length, no terminator, no owner.
 * A view lives as long as the bytes it looks at: a text, an arena, a literal. */
#ifndef HOIST_BASE_STR_H
#define HOIST_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

typedef struct {
    const char *at;
    size_t len;
} str;

#define countof(array) (sizeof(array) / sizeof((array)[0]))

/* A view of a string literal, and the two arguments of a "%.*s". */
#define S(literal) ((str){ "" literal, sizeof(literal) - 1 })
#define STR(s)     (int)(s).len, (s).at

#if defined(__GNUC__)
#    define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))
#else
#    define PRINTF_LIKE(at, first)
#endif

static inline bool str_eq(str a, str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* Bytewise order, the shorter first when one is a prefix of the other. */
int str_cmp(str a, str b);
str str_from(const char *terminated); /* NULL gives the empty view */

bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
bool str_has(str s, str part);
bool str_has_char(str s, char c);

/* Offset of the first or last occurrence, or -1. */
ptrdiff_t str_find(str s, str part);
ptrdiff_t str_find_char(str s, char c);
ptrdiff_t str_find_last(str s, char c);

/* Part of a view: from `from` up to, not including, `to`; both are clamped. */
str str_slice(str s, size_t from, size_t to);
str str_skip(str s, size_t n);
str str_trim(str s);                    /* spaces, tabs, line ends, at both ends */
str str_trim_chars(str s, str chars);   /* any of `chars`, at both ends */
str str_trim_prefix(str s, str prefix); /* once, if it is there */
str str_trim_suffix(str s, str suffix);

/* Cuts at the first `sep`: *head gets what stands before, *tail what follows.
 * Without a separator, head is all, tail is empty, and the answer is false. */
bool str_cut(str s, char sep, str *head, str *tail);
bool str_cut_last(str s, char sep, str *head, str *tail);

/* Takes the next line off *rest, without its "\n" or "\r\n"; false at the end. */
bool str_next_line(str *rest, str *line);
/* Takes the next `sep`-separated field off *rest; false when there is none left.
 * An empty view has no field; "a," has two. *rest.at is NULL after the last. */
bool str_next_field(str *rest, char sep, str *field);

uint32_t str_hash(str s);

str str_dup(struct arena *a, str s);
char *str_cstr(struct arena *a, str s); /* a terminated copy */
str str_format(struct arena *a, const char *format, ...) PRINTF_LIKE(2, 3);
str str_vformat(struct arena *a, const char *format, va_list args);
str str_concat(struct arena *a, str x, str y);
str str_join(struct arena *a, const str *parts, size_t n, str sep);
str str_replace_all(struct arena *a, str s, str old, str new_);

/* The next character of UTF-8 at *offset, which moves past it. A byte that does
 * not begin a valid sequence is returned as 0xFFFD and counts for one byte. */
uint32_t utf8_next(str s, size_t *offset);
size_t utf8_put(char out[4], uint32_t rune); /* bytes written */
size_t utf8_count(str s);
bool utf8_valid(str s);

#endif
