/* Numbers as Go's strconv reads and prints them. */
#ifndef HOIST_BASE_NUMBER_H
#define HOIST_BASE_NUMBER_H

#include "render/base/buf.h"

enum number_error { NUMBER_OK, NUMBER_SYNTAX, NUMBER_RANGE };

/* The whole text as an integer. Base 0 obeys the prefixes 0b, 0o, 0x and 0 and lets
 * underscores stand between digits; bases 2 to 36 take digits only. Beyond the range of
 * `bits` the answer is NUMBER_RANGE and *out the nearest value; *out is 0 on NUMBER_SYNTAX. */
enum number_error number_int(str s, int base, int bits, int64_t *out);
enum number_error number_uint(str s, int base, int bits, uint64_t *out);

/* The whole text as a float: decimal, hexadecimal with an exponent, inf, nan; the nearest value of
 * `bits` 64 or 32. NUMBER_RANGE gives an infinity. */
enum number_error number_float(str s, int bits, double *out);

/* "1", "t", "T", "TRUE", "true", "True" and their opposites; false for all else. */
bool number_bool(str s, bool *out);

/* "strconv.ParseInt: parsing "x": invalid syntax" for a `function` that answered `error`. */
str number_error_text(struct arena *a, const char *function, str s, enum number_error error);

/* The value of a digit of any base up to 36; 99 for another character. */
int number_digit(char c);

void number_print_int(struct buf *b, int64_t v, int base);
void number_print_uint(struct buf *b, uint64_t v, int base);

/* strconv.FormatFloat: `verb` is one of b e E f F g G x X; `precision` -1 prints the fewest digits
 * that read back as the same value of `bits` 64 or 32. */
void number_print_float(struct buf *b, double v, char verb, int precision, int bits);
/* As encoding/json prints: plain digits, or 1e-9 and 1e+21 far from one. */
void number_print_json(struct buf *b, double v, int bits);

/* A finite value's shortest digits: 0.d1d2…dn times ten to the power of `point`. */
struct number_digits {
    char at[20];
    int len; /* 0 for zero */
    int point;
    bool negative;
};
struct number_digits number_shortest(double v, int bits);

#endif
