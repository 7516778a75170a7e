/* Semantic versions. Read leniently, a missing minor or patch is 0, a leading v is dropped and
 * leading zeros are allowed, except in pre-releases. */
#include "render/base/semver.h"

#include "render/base/number.h"
#include "render/base/semver_text.h"

static size_t take_digits(str s, size_t at)
{
    while (at < s.len && s.at[at] >= '0' && s.at[at] <= '9')
        at++;
    return at;
}

static bool is_identifier_char(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-';
}

size_t semver_take_identifiers(str s, size_t at)
{
    size_t end = at;
    for (;; at = end + 1) {
        size_t from = at;
        while (at < s.len && is_identifier_char(s.at[at]))
            at++;
        if (at == from)
            return end;
        end = at;
        if (at == s.len || s.at[at] != '.')
            return end;
    }
}

/* "-" or "+" and what it introduces, at *at; empty when there is none. */
static str take_suffix(str s, size_t *at, char mark)
{
    if (*at >= s.len || s.at[*at] != mark)
        return S("");
    size_t from = *at + 1, end = semver_take_identifiers(s, from);
    if (end <= from)
        return S("");
    *at = end;
    return str_slice(s, from, end);
}

static bool only_digits(str s)
{
    return take_digits(s, 0) == s.len;
}

/* Dot-separated identifiers; no number among those of a pre-release may begin with 0. */
static const char *identifiers_fault(str s, bool pre)
{
    str rest = s, part;
    while (str_next_field(&rest, '.', &part)) {
        bool ok = part.len > 0;
        if (pre && part.len > 1 && only_digits(part) && part.at[0] == '0')
            return "version segment starts with 0";
        for (size_t i = 0; i < part.len; i++)
            ok &= is_identifier_char(part.at[i]);
        if (!ok)
            return pre ? "invalid prerelease string" : "invalid metadata string";
    }
    return NULL;
}

static bool refuse(str *error, const char *why)
{
    *error = str_from(why);
    return false;
}

static bool read_number(struct arena *a, str text, uint64_t *out, str *error)
{
    enum number_error fault = number_uint(text, 10, 64, out);
    if (fault)
        *error = number_error_text(a, "ParseUint", text, fault);
    return !fault;
}

static bool read_segment(struct arena *a, str s, size_t *at, uint64_t *out, str *error)
{
    size_t from = *at;
    *at = take_digits(s, from);
    if (read_number(a, str_slice(s, from, *at), out, error))
        return true;
    *error = str_concat(a, S("error parsing version segment: "), *error);
    return false;
}

/* ".digits" at `at`? */
static bool has_segment(str s, size_t at)
{
    return at + 1 < s.len && s.at[at] == '.' && s.at[at + 1] >= '0' && s.at[at + 1] <= '9';
}

static bool is_loose(str s)
{
    size_t at = str_starts(s, S("v")), first = at;
    at = take_digits(s, at);
    if (at == first)
        return false;
    for (int i = 0; i < 2 && has_segment(s, at); i++)
        at = take_digits(s, at + 1);
    take_suffix(s, &at, '-');
    take_suffix(s, &at, '+');
    return at == s.len;
}

bool semver_parse(struct arena *a, str text, struct semver *out, str *error)
{
    *out = (struct semver){ .original = text };
    if (!is_loose(text))
        return refuse(error, "invalid semantic version");
    size_t at = str_starts(text, S("v"));
    uint64_t *segments[] = { &out->major, &out->minor, &out->patch };
    for (size_t i = 0; i < 3 && (i == 0 || has_segment(text, at)); i++) {
        at += i > 0;
        if (!read_segment(a, text, &at, segments[i], error))
            return false;
    }
    out->pre = take_suffix(text, &at, '-');
    out->metadata = take_suffix(text, &at, '+');
    const char *fault = out->pre.len ? identifiers_fault(out->pre, true) : NULL;
    return !fault || refuse(error, fault);
}

bool semver_parse_strict(struct arena *a, str text, struct semver *out, str *error)
{
    str part[3], rest;
    const char *fault = NULL;
    *out = (struct semver){ .original = text };
    if (text.len == 0)
        return refuse(error, "version string empty");
    if (!str_cut(text, '.', &part[0], &rest) || !str_cut(rest, '.', &part[1], &part[2]))
        return refuse(error, "invalid semantic version");
    if (str_cut(part[2], '+', &part[2], &out->metadata))
        fault = identifiers_fault(out->metadata, false);
    if (!fault && str_cut(part[2], '-', &part[2], &out->pre))
        fault = identifiers_fault(out->pre, true);
    for (int i = 0; i < 3 && !fault; i++) {
        if (!only_digits(part[i]))
            fault = "invalid characters in version";
        else if (part[i].len > 1 && part[i].at[0] == '0')
            fault = "version segment starts with 0";
    }
    if (fault)
        return refuse(error, fault);
    return read_number(a, part[0], &out->major, error)
           && read_number(a, part[1], &out->minor, error)
           && read_number(a, part[2], &out->patch, error);
}

static int compare_numbers(uint64_t x, uint64_t y)
{
    return x < y ? -1 : x > y;
}

/* Numbers are below words. */
static int compare_parts(str x, str y)
{
    uint64_t nx, ny;
    if (str_eq(x, y))
        return 0;
    if (x.len == 0 || y.len == 0)
        return x.len == 0 ? -1 : 1;
    bool x_number = number_uint(x, 10, 64, &nx) == NUMBER_OK;
    bool y_number = number_uint(y, 10, 64, &ny) == NUMBER_OK;
    if (x_number && y_number)
        return nx > ny ? 1 : -1;
    if (x_number || y_number)
        return x_number ? -1 : 1;
    return str_cmp(x, y);
}

int semver_compare_pre(str x, str y)
{
    for (bool more_x = true, more_y = true; more_x || more_y;) {
        str part_x = S(""), part_y = S("");
        if (more_x)
            more_x = str_cut(x, '.', &part_x, &x);
        if (more_y)
            more_y = str_cut(y, '.', &part_y, &y);
        int c = compare_parts(part_x, part_y);
        if (c)
            return c;
    }
    return 0;
}

int semver_compare(const struct semver *x, const struct semver *y)
{
    int c = compare_numbers(x->major, y->major);
    if (c == 0)
        c = compare_numbers(x->minor, y->minor);
    if (c == 0)
        c = compare_numbers(x->patch, y->patch);
    if (c || (x->pre.len == 0 && y->pre.len == 0))
        return c;
    if (x->pre.len == 0 || y->pre.len == 0)
        return x->pre.len == 0 ? 1 : -1;
    return semver_compare_pre(x->pre, y->pre);
}

void semver_print(struct buf *b, const struct semver *v)
{
    number_print_uint(b, v->major, 10);
    buf_char(b, '.');
    number_print_uint(b, v->minor, 10);
    buf_char(b, '.');
    number_print_uint(b, v->patch, 10);
    if (v->pre.len) {
        buf_char(b, '-');
        buf_str(b, v->pre);
    }
    if (v->metadata.len) {
        buf_char(b, '+');
        buf_str(b, v->metadata);
    }
}

/* A release with these numbers, its original spelled as the one before it. */
static struct semver release(struct arena *a, const struct semver *before, uint64_t major,
                             uint64_t minor, uint64_t patch)
{
    struct semver next = { .major = major, .minor = minor, .patch = patch };
    struct buf b;
    buf_init(&b, a, 24);
    if (str_starts(before->original, S("v")))
        buf_char(&b, 'v');
    semver_print(&b, &next);
    next.original = buf_take(&b);
    return next;
}

struct semver semver_next_major(struct arena *a, const struct semver *v)
{
    return release(a, v, v->major + 1, 0, 0);
}

struct semver semver_next_minor(struct arena *a, const struct semver *v)
{
    return release(a, v, v->major, v->minor + 1, 0);
}

/* What follows a pre-release is its release. */
struct semver semver_next_patch(struct arena *a, const struct semver *v)
{
    return release(a, v, v->major, v->minor, v->patch + (v->pre.len == 0));
}
