/* The formats that this validator asserts, a row each. Any other format fits every text. */
#include "render/base/ip.h"
#include "render/base/number.h"
#include "render/base/quote.h"
#include "render/base/regex.h"
#include "render/base/url.h"
#include "schema/json_formats.h"
#include "schema/json_parts.h"

static bool no(str *why, const char *what)
{
    *why = str_from(what);
    return false;
}

static bool no_rune(struct arena *a, str *why, uint32_t rune, const char *before, const char *after)
{
    struct buf b;
    buf_init(&b, a, 48);
    buf_str(&b, str_from(before));
    quote_rune(&b, rune, false);
    buf_str(&b, str_from(after));
    *why = buf_take(&b);
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The first character that is neither a letter, a digit nor in `others`; false when none is. */
static bool find_other(str s, str others, uint32_t *rune)
{
    for (size_t i = 0; i < s.len;) {
        char c = s.at[i];
        *rune = utf8_next(s, &i);
        if (!is_letter(c) && !is_digit(c) && !str_has_char(others, c))
            return true;
    }
    return false;
}

static bool all_digits(str s)
{
    size_t i = 0;
    while (i < s.len && is_digit(s.at[i]))
        i++;
    return i == s.len;
}

static bool fits_ipv4(struct arena *a, str s, str *why)
{
    str rest = s, group;
    size_t groups = 0;
    while (str_next_field(&rest, '.', &group))
        groups++;
    if (groups != 4)
        return no(why, "expected four decimals");
    while (str_next_field(&s, '.', &group)) {
        int64_t n;
        if (group.len > 1 && group.at[0] == '0')
            return no(why, "leading zeros");
        enum number_error error = number_int(group, 10, 64, &n);
        if (error != NUMBER_OK) {
            *why = number_error_text(a, "Atoi", group, error);
            return false;
        }
        if (n < 0 || n > 255)
            return no(why, "decimal must be between 0 and 255");
    }
    return true;
}

static bool fits_ipv6(struct arena *a, str s, str *why)
{
    struct ip ip;
    if (!str_has_char(s, ':'))
        return no(why, "missing colon");
    if (!ip_parse(a, s, &ip, why))
        return false;
    return !ip.zone.len || no(why, "zone id is not a part of ipv6 address");
}

static bool fits_label(struct arena *a, str label, str *why)
{
    uint32_t rune;
    if (label.len < 1 || label.len > 63)
        return no(why, "label must be 1 to 63 characters long");
    if (label.at[0] == '-')
        return no(why, "label starts with hyphen");
    if (str_ends(label, S("-")))
        return no(why, "label ends with hyphen");
    if (find_other(label, S("-"), &rune))
        return no_rune(a, why, rune, "invalid character ", "");
    return true;
}

static bool fits_hostname(struct arena *a, str s, str *why)
{
    str label;
    s = str_trim_suffix(s, S("."));
    if (s.len > 253)
        return no(why, "more than 253 characters long");
    for (bool more = true; more;) {
        more = str_cut(s, '.', &label, &s);
        if (!fits_label(a, label, why))
            return false;
    }
    return true;
}

static bool fits_local_part(struct arena *a, str local, str *why)
{
    uint32_t rune;
    if (local.len > 64)
        return no(why, "local part more than 64 characters long");
    if (local.len > 1 && local.at[0] == '"') {
        local = str_slice(local, 1, local.len - 1);
        return (!str_has_char(local, '\\') && !str_has_char(local, '"'))
               || no(why, "backslash and quote are not allowed within quoted local part");
    }
    if (str_starts(local, S(".")))
        return no(why, "starts with dot");
    if (str_ends(local, S(".")))
        return no(why, "ends with dot");
    if (str_has(local, S("..")))
        return no(why, "consecutive dots");
    if (find_other(local, S(".!#$%&'*+-/=?^_`{|}~"), &rune))
        return no_rune(a, why, rune, "invalid character ", "");
    return true;
}

static bool fits_domain(struct arena *a, str domain, str *why)
{
    const char *what = "domain";
    bool ok;
    if (str_starts(domain, S("[")) && str_ends(domain, S("]"))) {
        domain = str_slice(domain, 1, domain.len - 1);
        bool six = str_starts(domain, S("IPv6:"));
        what = six ? "ipv6 address" : "ipv4 address";
        ok = six ? fits_ipv6(a, str_skip(domain, 5), why) : fits_ipv4(a, domain, why);
    } else {
        ok = fits_hostname(a, domain, why);
    }
    if (!ok)
        *why = str_format(a, "invalid %s: %.*s", what, STR(*why));
    return ok;
}

static bool fits_email(struct arena *a, str s, str *why)
{
    str local, domain;
    if (s.len > 254)
        return no(why, "more than 255 characters long");
    if (!str_cut_last(s, '@', &local, &domain))
        return no(why, "missing @");
    return fits_local_part(a, local, why) && fits_domain(a, domain, why);
}

static bool fits_json_pointer(struct arena *a, str s, str *why)
{
    (void)a;
    if (s.len && s.at[0] != '/')
        return no(why, "not starting with /");
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '~' && (i + 1 == s.len || !str_has_char(S("01"), s.at[i + 1])))
            return no(why, "~ must be followed by 0 or 1");
    }
    return true;
}

static bool fits_relative_json_pointer(struct arena *a, str s, str *why)
{
    size_t digits = 0;
    while (digits < s.len && is_digit(s.at[digits]))
        digits++;
    if (!digits)
        return no(why, "must start with non-negative integer");
    if (digits > 1 && s.at[0] == '0')
        return no(why, "starts with zero");
    s = str_skip(s, digits);
    return str_eq(s, S("#")) || fits_json_pointer(a, s, why);
}

static bool fits_uuid(struct arena *a, str s, str *why)
{
    static const size_t lengths[] = { 8, 4, 4, 4, 12 };
    str rest = s, group;
    size_t groups = 0;
    while (str_next_field(&rest, '-', &group))
        groups++;
    if (groups != countof(lengths))
        return no(why, "must have 5 elements");
    for (size_t i = 0; str_next_field(&s, '-', &group); i++) {
        if (group.len != lengths[i]) {
            *why = str_format(a, "element %zu must be %zu characters long", i + 1, lengths[i]);
            return false;
        }
        for (size_t at = 0; at < group.len;) {
            char c = group.at[at];
            uint32_t rune = utf8_next(group, &at);
            if (!is_digit(c) && !((c | 0x20) >= 'a' && (c | 0x20) <= 'f'))
                return no_rune(a, why, rune, "non-hex character ", "");
        }
    }
    return true;
}

static bool parse_url(struct arena *a, str s, struct url *u, str *why)
{
    str reason;
    if (!url_parse(a, s, u, why))
        return false;
    str host = url_hostname(u);
    if (!str_has_char(host, ':'))
        return true;
    if (!str_has_char(u->host, '[') || !str_has_char(u->host, ']'))
        return no(why, "ipv6 address not enclosed in brackets");
    if (fits_ipv6(a, host, &reason))
        return true;
    *why = str_format(a, "invalid ipv6 address: %.*s", STR(reason));
    return false;
}

static bool fits_uri(struct arena *a, str s, str *why)
{
    struct url u;
    return parse_url(a, s, &u, why) && (u.scheme.len || no(why, "relative url"));
}

static bool fits_uri_reference(struct arena *a, str s, str *why)
{
    struct url u;
    if (str_has_char(s, '\\'))
        return no(why, "contains \\");
    return parse_url(a, s, &u, why);
}

/* Braces come in pairs within each part of the path. */
static bool fits_uri_template(struct arena *a, str s, str *why)
{
    struct url u;
    str rest, part;
    if (!parse_url(a, s, &u, why))
        return false;
    rest = u.path;
    while (str_next_field(&rest, '/', &part)) {
        bool open = false;
        for (size_t i = 0; i < part.len; i++) {
            if (part.at[i] != '{' && part.at[i] != '}')
                continue;
            if (open == (part.at[i] == '{'))
                return no(why, "nested curly braces");
            open = !open;
        }
        if (open)
            return no(why, "no matching closing brace");
    }
    return true;
}

static bool fits_regex(struct arena *a, str s, str *why)
{
    return regex_compile(a, s, why) != NULL;
}

/* Versions. */

static bool fits_identifiers(struct arena *a, str s, bool build, str *why)
{
    str id;
    uint32_t rune;
    for (bool more = true; more;) {
        more = str_cut(s, '.', &id, &s);
        if (!id.len)
            return no(why, build ? "build identifier is empty" : "pre-release identifier is empty");
        if (find_other(id, S("-"), &rune))
            return no_rune(a, why, rune, "invalid character ",
                           build ? " in build identifier" : " in pre-release identifier");
        if (!build && all_digits(id) && id.len > 1 && id.at[0] == '0')
            return no(why, "pre-release numeric identifier starts with zero");
    }
    return true;
}

static bool fits_version_core(struct arena *a, str s, str *why)
{
    static const char *const names[] = { "major", "minor", "patch" };
    str parts[3], rest = s;
    size_t n = 0;
    for (bool more = true; more; n++) {
        str part;
        more = str_cut(rest, '.', &part, &rest);
        if (n < countof(parts))
            parts[n] = part;
    }
    if (n != countof(parts))
        return no(why, "versionCore must have 3 numbers separated by dot");
    for (size_t i = 0; i < n; i++) {
        const char *what = !parts[i].len                               ? "is empty"
                           : parts[i].len > 1 && parts[i].at[0] == '0' ? "starts with zero"
                           : !all_digits(parts[i])                     ? "contains non-digit"
                                                                       : NULL;
        if (!what)
            continue;
        *why = str_format(a, "%s %s", names[i], what);
        return false;
    }
    return true;
}

static bool fits_semver(struct arena *a, str s, str *why)
{
    str core, build, before;
    if (str_cut(s, '+', &s, &build)) {
        if (!build.len)
            return no(why, "build is empty");
        if (!fits_identifiers(a, build, true, why))
            return false;
    }
    if (str_cut(s, '-', &core, &before) && !fits_identifiers(a, before, false, why))
        return false;
    return fits_version_core(a, core, why);
}

static const struct format formats[] = {
    { "date", fits_date },
    { "date-time", fits_date_time },
    { "duration", fits_duration },
    { "email", fits_email },
    { "hostname", fits_hostname },
    { "ipv4", fits_ipv4 },
    { "ipv6", fits_ipv6 },
    { "iri", fits_uri },
    { "iri-reference", fits_uri_reference },
    { "json-pointer", fits_json_pointer },
    { "period", fits_period },
    { "regex", fits_regex },
    { "relative-json-pointer", fits_relative_json_pointer },
    { "semver", fits_semver },
    { "time", fits_time },
    { "uri", fits_uri },
    { "uri-reference", fits_uri_reference },
    { "uri-template", fits_uri_template },
    { "uuid", fits_uuid },
};

const struct format *format_find(str name)
{
    for (size_t i = 0; i < countof(formats); i++) {
        if (str_eq(name, str_from(formats[i].name)))
            return &formats[i];
    }
    return NULL;
}
