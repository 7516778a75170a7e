/* The four layouts of a YAML timestamp, read as Go's time.Parse reads them:
 * 2006-1-2, then 'T', 't' or one space, 15:4:5 with a fraction, and, after a letter
 * only, a zone "Z" or +07:00. */
#include "render/doc/timestamp.h"

#include "render/base/buf.h"

struct parsed {
    int year, month, day;
    int hour, minute, second;
    str fraction; /* digits after the point */
    bool zoned;
    bool negative;
    int zone_hour, zone_minute;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* One digit, or two. */
static bool take_number(str *s, int *out)
{
    size_t n = 0;
    *out = 0;
    while (n < 2 && n < s->len && is_digit(s->at[n]))
        *out = *out * 10 + (s->at[n++] - '0');
    *s = str_skip(*s, n);
    return n > 0;
}

static bool take_char(str *s, char c)
{
    if (s->len == 0 || s->at[0] != c)
        return false;
    *s = str_skip(*s, 1);
    return true;
}

static int days_in(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool take_date(str *s, struct parsed *p)
{
    if (s->len < 5)
        return false;
    for (int i = 0; i < 4; i++) {
        if (!is_digit(s->at[i]))
            return false;
        p->year = p->year * 10 + (s->at[i] - '0');
    }
    *s = str_skip(*s, 4);
    if (!take_char(s, '-') || !take_number(s, &p->month) || !take_char(s, '-')
        || !take_number(s, &p->day))
        return false;
    return p->month >= 1 && p->month <= 12 && p->day >= 1 && p->day <= days_in(p->year, p->month);
}

static bool take_clock(str *s, struct parsed *p)
{
    if (!take_number(s, &p->hour) || !take_char(s, ':') || !take_number(s, &p->minute)
        || !take_char(s, ':') || !take_number(s, &p->second))
        return false;
    if (s->len >= 2 && (s->at[0] == '.' || s->at[0] == ',') && is_digit(s->at[1])) {
        size_t n = 1;
        while (n < s->len && is_digit(s->at[n]))
            n++;
        p->fraction = str_slice(*s, 1, n < 10 ? n : 10);
        *s = str_skip(*s, n);
    }
    return p->hour < 24 && p->minute < 60 && p->second < 60;
}

static bool take_two_digits(str *s, int *out)
{
    return s->len >= 2 && is_digit(s->at[0]) && is_digit(s->at[1]) && take_number(s, out);
}

static bool take_zone(str *s, struct parsed *p)
{
    p->zoned = true;
    if (take_char(s, 'Z'))
        return true;
    p->negative = s->len && s->at[0] == '-';
    if (!take_char(s, '-') && !take_char(s, '+'))
        return false;
    return take_two_digits(s, &p->zone_hour) && take_char(s, ':')
           && take_two_digits(s, &p->zone_minute) && p->zone_hour <= 24 && p->zone_minute < 60;
}

static bool parse(str s, struct parsed *p)
{
    *p = (struct parsed){ 0 };
    if (!take_date(&s, p))
        return false;
    if (s.len == 0)
        return true;
    bool letter = take_char(&s, 'T') || take_char(&s, 't');
    if (!letter && !take_char(&s, ' '))
        return false;
    if (!letter) {
        /* A space in a Go layout stands for any number of spaces. */
        while (take_char(&s, ' '))
            ;
    }
    if (!take_clock(&s, p) || (letter && !take_zone(&s, p)))
        return false;
    return s.len == 0;
}

bool timestamp_is(str text)
{
    struct parsed p;
    return parse(text, &p);
}

str timestamp_print(struct arena *a, str text)
{
    struct parsed p;
    struct buf b;
    parse(text, &p);
    buf_init(&b, a, 40);
    buf_format(&b, "%04d-%02d-%02dT%02d:%02d:%02d", p.year, p.month, p.day, p.hour, p.minute,
               p.second);
    while (p.fraction.len && p.fraction.at[p.fraction.len - 1] == '0')
        p.fraction.len--;
    if (p.fraction.len)
        buf_format(&b, ".%.*s", STR(p.fraction));
    if (p.zone_hour || p.zone_minute)
        buf_format(&b, "%c%02d:%02d", p.negative ? '-' : '+', p.zone_hour, p.zone_minute);
    else
        buf_char(&b, 'Z');
    return buf_take(&b);
}
