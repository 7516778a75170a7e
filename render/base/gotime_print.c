/* Printing moments by a layout. */
#include "render/base/gotime.h"

#include <stdlib.h>

#include "render/base/gotime_layout.h"

static void print_padded(struct buf *b, int64_t n, int width)
{
    if (n < 0)
        buf_char(b, '-');
    buf_format(b, "%0*lld", width, (long long)(n < 0 ? -n : n));
}

static void print_spaced(struct buf *b, int n, int width)
{
    buf_format(b, "%*d", width, n);
}

static void print_name(struct buf *b, const char *name, bool shortened)
{
    str s = str_from(name);
    buf_str(b, shortened ? str_slice(s, 0, 3) : s);
}

static void print_fraction(struct buf *b, int nano, const struct element *e)
{
    char digits[10];
    for (int i = 8; i >= 0; i--, nano /= 10)
        digits[i] = (char)('0' + nano % 10);
    int n = e->digits < 9 ? e->digits : 9;
    if (e->kind == ELEMENT_FRACTION_TRIMMED) {
        while (n > 0 && digits[n - 1] == '0')
            n--;
        if (n == 0)
            return;
    }
    buf_char(b, e->text.at[0]);
    buf_str(b, (str){ digits, (size_t)n });
}

static void print_offset(struct buf *b, int offset, const struct element *e)
{
    if (e->zulu && offset == 0) {
        buf_char(b, 'Z');
        return;
    }
    /* The sign is that of whole minutes. */
    int minutes = offset / 60;
    buf_char(b, minutes < 0 ? '-' : '+');
    minutes = abs(minutes);
    print_padded(b, minutes / 60, 2);
    if (e->digits >= 4) {
        if (e->colon)
            buf_char(b, ':');
        print_padded(b, minutes % 60, 2);
    }
    if (e->digits == 6) {
        if (e->colon)
            buf_char(b, ':');
        print_padded(b, abs(offset) % 60, 2);
    }
}

static void print_zone(struct buf *b, const struct zone_state *zone)
{
    static const struct element plain = { .kind = ELEMENT_OFFSET, .digits = 4 };
    if (zone->name.len)
        buf_str(b, zone->name);
    else
        print_offset(b, zone->offset, &plain);
}

static void print_element(struct buf *b, const struct civil *c, const struct zone_state *zone,
                          const struct element *e)
{
    int hour12 = c->hour % 12 ? c->hour % 12 : 12;
    switch (e->kind) {
    case ELEMENT_NONE:
        break;
    case ELEMENT_YEAR:
        print_padded(b, llabs(c->year) % 100, 2);
        break;
    case ELEMENT_LONG_YEAR:
        print_padded(b, c->year, 4);
        break;
    case ELEMENT_MONTH:
    case ELEMENT_LONG_MONTH:
        print_name(b, month_names[c->month - 1], e->kind == ELEMENT_MONTH);
        break;
    case ELEMENT_NUM_MONTH:
    case ELEMENT_ZERO_MONTH:
        print_padded(b, c->month, e->kind == ELEMENT_NUM_MONTH ? 1 : 2);
        break;
    case ELEMENT_WEEKDAY:
    case ELEMENT_LONG_WEEKDAY:
        print_name(b, weekday_names[c->weekday], e->kind == ELEMENT_WEEKDAY);
        break;
    case ELEMENT_DAY:
    case ELEMENT_ZERO_DAY:
        print_padded(b, c->day, e->kind == ELEMENT_DAY ? 1 : 2);
        break;
    case ELEMENT_UNDER_DAY:
        print_spaced(b, c->day, 2);
        break;
    case ELEMENT_UNDER_YEARDAY:
        print_spaced(b, c->yearday, 3);
        break;
    case ELEMENT_ZERO_YEARDAY:
        print_padded(b, c->yearday, 3);
        break;
    case ELEMENT_HOUR:
        print_padded(b, c->hour, 2);
        break;
    case ELEMENT_HOUR12:
    case ELEMENT_ZERO_HOUR12:
        print_padded(b, hour12, e->kind == ELEMENT_HOUR12 ? 1 : 2);
        break;
    case ELEMENT_MINUTE:
    case ELEMENT_ZERO_MINUTE:
        print_padded(b, c->minute, e->kind == ELEMENT_MINUTE ? 1 : 2);
        break;
    case ELEMENT_SECOND:
    case ELEMENT_ZERO_SECOND:
        print_padded(b, c->second, e->kind == ELEMENT_SECOND ? 1 : 2);
        break;
    case ELEMENT_UPPER_PM:
        buf_str(b, c->hour >= 12 ? S("PM") : S("AM"));
        break;
    case ELEMENT_LOWER_PM:
        buf_str(b, c->hour >= 12 ? S("pm") : S("am"));
        break;
    case ELEMENT_ZONE:
        print_zone(b, zone);
        break;
    case ELEMENT_OFFSET:
        print_offset(b, zone->offset, e);
        break;
    case ELEMENT_FRACTION:
    case ELEMENT_FRACTION_TRIMMED:
        print_fraction(b, c->nano, e);
        break;
    }
}

void gotime_print(struct buf *b, struct gotime t, str layout)
{
    struct civil c = gotime_civil(t);
    struct zone_state zone = zone_at(t.zone, t.seconds);
    while (layout.len) {
        struct element e = gotime_next_element(&layout);
        buf_str(b, e.before);
        print_element(b, &c, &zone, &e);
    }
}

void gotime_quote(struct buf *b, str s)
{
    buf_char(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c < ' ' || c >= 0x80) {
            buf_format(b, "\\x%02x", c);
            continue;
        }
        if (c == '"' || c == '\\')
            buf_char(b, '\\');
        buf_char(b, (char)c);
    }
    buf_char(b, '"');
}
