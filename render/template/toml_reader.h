/* Reading TOML: the text, its place, and how a mistake is told. */
#ifndef HOIST_TEMPLATE_TOML_READER_H
#define HOIST_TEMPLATE_TOML_READER_H

#include "render/base/map.h"
#include "render/base/zone.h"
#include "render/template/value.h"

struct toml_reader {
    struct context *cx;
    const struct zone *local;
    str s;
    size_t at;
    str *why;
    bool failed;
    struct dict *root; /* of the document, or of the inline table at hand */
    uint32_t base;     /* how many parts of the context lead to the root */
    uint32_t tables;   /* inline tables so far, and which of them is at hand */
    uint32_t table;
    uint32_t depth;
    str *context; /* the parts of the table's key */
    uint32_t context_len;
    uint32_t context_cap;
    str key;
    size_t key_at;
    struct map implicit; /* keys of tables that were only implied */
    struct map lists;    /* keys of plain lists */
};

/* "a.\"b c\".d" */
str toml_path(struct toml_reader *r, const str *parts, uint32_t n);

/* Always false; only the first mistake counts. */
bool toml_fail_at(struct toml_reader *r, size_t at, str what);
/* About what was just read, or about the end of the text, which belongs to its last line. */
bool toml_fail(struct toml_reader *r, const char *format, ...) PRINTF_LIKE(2, 3);

enum { TOML_END = 0 };

/* The next character, TOML_END behind the last; broken and control characters are mistakes. */
uint32_t toml_next(struct toml_reader *r);
char toml_peek(const struct toml_reader *r);
bool toml_take(struct toml_reader *r, char c);
/* How Go's %q prints a character; the end is NUL there. */
str toml_rune(struct toml_reader *r, uint32_t c);
void toml_skip_blanks(struct toml_reader *r);
bool toml_skip_comment(struct toml_reader *r);
/* Blanks, line ends and comments. */
bool toml_skip_lines(struct toml_reader *r);

/* Scalars, behind their first character, which stands at `from`. */
bool toml_string(struct toml_reader *r, char mark, struct value *out);
bool toml_line_string(struct toml_reader *r, char mark, str *out); /* never of several lines */
/* A number, or with `dates` perhaps a time. */
bool toml_number(struct toml_reader *r, size_t from, bool dates, struct value *out);
bool toml_signed(struct toml_reader *r, size_t from, struct value *out);
bool toml_word(struct toml_reader *r, size_t from, struct value *out);

#endif
