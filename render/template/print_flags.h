/* Flags, width and precision: how Go's fmt package prints one number, string or character. */
#ifndef HOIST_TEMPLATE_PRINT_FLAGS_H
#define HOIST_TEMPLATE_PRINT_FLAGS_H

#include "render/base/buf.h"
#include "render/template/value.h"

typedef uint32_t char32;

struct printer {
    struct buf *out;
    bool minus, plus, sharp, space, zero;
    bool names;     /* %+v */
    bool go_syntax; /* %#v */
    bool has_width, has_precision;
    bool erring; /* inside of %!verb(…) no String method is called */
    int width, precision;
};

/* One operand under a verb: print.c. */
void print_verb(struct printer *p, struct value v, char32 verb);

void print_padded(struct printer *p, str s);
/* No more characters than the precision. */
str print_cut(const struct printer *p, str s);
void print_quoted(struct printer *p, str s);
void print_hex_bytes(struct printer *p, str s, bool upper);
void print_integer(struct printer *p, uint64_t u, unsigned base, bool is_signed, char32 verb);
void print_hex(struct printer *p, uint64_t u); /* with 0x, as %#v prints unsigned ones */
void print_character(struct printer *p, uint64_t u);
void print_quoted_character(struct printer *p, uint64_t u);
void print_unicode(struct printer *p, uint64_t u);
void print_float(struct printer *p, double f, char verb, int precision);

#endif
