/* Both versions in one pass each; what is left of the text is part of most sentences. */
#include "render/base/ip.h"

#include "render/base/quote.h"

static bool refuse(struct arena *a, str whole, str rest, const char *what, str *why)
{
    *why = str_format(a, "ParseAddr(%.*s): %s", STR(quoted(a, whole)), what);
    if (rest.len)
        *why = str_format(a, "%.*s (at %.*s)", STR(*why), STR(quoted(a, rest)));
    return false;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four decimals; `part` is the end of `whole`. */
static bool parse_ip4(struct arena *a, str whole, str part, str *why)
{
    int fields = 0, digits = 0, value = 0;
    for (size_t i = 0; i < part.len; i++) {
        char c = part.at[i];
        if (c >= '0' && c <= '9') {
            if (digits == 1 && value == 0)
                return refuse(a, whole, S(""), "IPv4 field has octet with leading zero", why);
            value = value * 10 + (c - '0');
            digits++;
            if (value > 255)
                return refuse(a, whole, S(""), "IPv4 field has value >255", why);
        } else if (c == '.') {
            if (i == 0 || i + 1 == part.len || part.at[i - 1] == '.')
                return refuse(a, whole, str_skip(part, i),
                              "IPv4 field must have at least one digit", why);
            if (fields == 3)
                return refuse(a, whole, S(""), "IPv4 address too long", why);
            fields++;
            value = digits = 0;
        } else {
            return refuse(a, whole, str_skip(part, i), "unexpected character", why);
        }
    }
    return fields == 3 || refuse(a, whole, S(""), "IPv4 address too short", why);
}

struct reading {
    struct arena *arena;
    str whole;
    str rest;
    int bytes;        /* given so far, of 16 */
    bool abbreviated; /* "::" was met */
};

/* An address of version 4 at the end of one of version 6. */
static bool take_ip4(struct reading *ip, str *why)
{
    struct arena *a = ip->arena;
    if (!ip->abbreviated && ip->bytes != 12)
        return refuse(a, ip->whole, ip->rest,
                      "embedded IPv4 address must replace the final 2 fields of the address", why);
    if (ip->bytes + 4 > 16)
        return refuse(a, ip->whole, ip->rest,
                      "too many hex fields to fit an embedded IPv4 at the end of the address", why);
    if (!parse_ip4(a, ip->whole, ip->rest, why))
        return false;
    ip->bytes += 4;
    ip->rest = S("");
    return true;
}

static bool take_field(struct reading *ip, str *why)
{
    struct arena *a = ip->arena;
    size_t digits = 0;
    while (digits < ip->rest.len && hex_digit(ip->rest.at[digits]) >= 0) {
        if (++digits > 4)
            return refuse(a, ip->whole, ip->rest, "each group must have 4 or less digits", why);
    }
    if (!digits)
        return refuse(a, ip->whole, ip->rest,
                      "each colon-separated field must have at least one digit", why);
    if (digits < ip->rest.len && ip->rest.at[digits] == '.')
        return take_ip4(ip, why);
    ip->bytes += 2;
    ip->rest = str_skip(ip->rest, digits);
    return true;
}

static bool take_colons(struct reading *ip, str *why)
{
    struct arena *a = ip->arena;
    if (ip->rest.at[0] != ':')
        return refuse(a, ip->whole, ip->rest, "unexpected character, want colon", why);
    if (ip->rest.len == 1)
        return refuse(a, ip->whole, ip->rest, "colon must be followed by more characters", why);
    ip->rest = str_skip(ip->rest, 1);
    if (ip->rest.at[0] != ':')
        return true;
    if (ip->abbreviated)
        return refuse(a, ip->whole, ip->rest, "multiple :: in address", why);
    ip->abbreviated = true;
    ip->rest = str_skip(ip->rest, 1);
    return true;
}

static bool parse_ip6(struct arena *a, str whole, str *zone, str *why)
{
    str address;
    struct reading ip = { .arena = a, .whole = whole };
    if (str_cut(whole, '%', &address, zone) && !zone->len)
        return refuse(a, whole, S(""), "zone must be a non-empty string", why);
    ip.rest = address;
    if (str_starts(address, S("::"))) {
        ip.abbreviated = true;
        ip.rest = str_skip(address, 2);
    }
    while (ip.rest.len && ip.bytes < 16) {
        if (!take_field(&ip, why))
            return false;
        if (ip.rest.len && !take_colons(&ip, why))
            return false;
    }
    if (ip.rest.len)
        return refuse(a, whole, ip.rest, "trailing garbage after address", why);
    if (ip.bytes < 16 && !ip.abbreviated)
        return refuse(a, whole, S(""), "address string too short", why);
    if (ip.bytes == 16 && ip.abbreviated)
        return refuse(a, whole, S(""), "the :: must expand to at least one field of zeros", why);
    return true;
}

bool ip_parse(struct arena *a, str text, struct ip *out, str *why)
{
    *out = (struct ip){ .zone = S("") };
    for (size_t i = 0; i < text.len; i++) {
        switch (text.at[i]) {
        case '.':
            return parse_ip4(a, text, text, why);
        case ':':
            out->six = true;
            return parse_ip6(a, text, &out->zone, why);
        case '%':
            return refuse(a, text, S(""), "missing IPv6 address", why);
        }
    }
    return refuse(a, text, S(""), "unable to parse IP", why);
}
