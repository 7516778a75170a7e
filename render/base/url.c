/* Parts of a URL are unescaped when it is read and escaped again when it is printed, each part
 * with characters of its own that stay. */
#include "render/base/url.h"

#include "render/base/buf.h"
#include "render/base/ip.h"
#include "render/base/quote.h"

enum part { PART_PATH, PART_USER, PART_HOST, PART_ZONE, PART_FRAGMENT };

/* Punctuation that stands unescaped in a part, besides letters, digits and "-_.~". */
static const str kept[] = {
    [PART_PATH] = S("$&+,/:;=@"),          [PART_USER] = S("$&+,;="),
    [PART_HOST] = S("!$&'()*+,;=:[]<>\""), [PART_ZONE] = S("!$&'()*+,;=:[]<>\""),
    [PART_FRAGMENT] = S("$&+,/:;=?@!()*"),
};

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool needs_escape(char c, enum part part)
{
    return !is_alnum(c) && !str_has_char(S("-_.~"), c) && !str_has_char(kept[part], c);
}

static void put_escaped(struct buf *out, str s, enum part part)
{
    for (size_t i = 0; i < s.len; i++) {
        if (needs_escape(s.at[i], part))
            buf_format(out, "%%%02X", (unsigned char)s.at[i]);
        else
            buf_char(out, s.at[i]);
    }
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A host may only escape what is not ASCII, and its zone also a space and what a host can hold. */
static bool escape_allowed(str escape, int byte, enum part part)
{
    if (str_eq(escape, S("%25")))
        return true;
    if (part == PART_HOST)
        return byte >= 0x80;
    return part != PART_ZONE || byte == ' ' || !needs_escape((char)byte, PART_HOST);
}

static bool unescape(struct arena *a, str s, enum part part, str *out, str *why)
{
    struct buf b;
    buf_init(&b, a, s.len + 16);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        bool host = part == PART_HOST || part == PART_ZONE;
        if (c != '%') {
            if (host && (unsigned char)c < 0x80 && needs_escape(c, part)) {
                *why = str_format(a, "invalid character %.*s in host name",
                                  STR(quoted(a, str_slice(s, i, i + 1))));
                return false;
            }
            buf_char(&b, c);
            continue;
        }
        str escape = str_slice(s, i, i + 3);
        int high = escape.len == 3 ? hex_value(escape.at[1]) : -1;
        int low = escape.len == 3 ? hex_value(escape.at[2]) : -1;
        if (high < 0 || low < 0 || !escape_allowed(escape, high * 16 + low, part)) {
            *why = str_format(a, "invalid URL escape %.*s", STR(quoted(a, escape)));
            return false;
        }
        buf_char(&b, (char)(high * 16 + low));
        i += 2;
    }
    *out = buf_take(&b);
    return true;
}

/* "" or a colon and digits. */
static bool is_port(str s)
{
    if (!s.len)
        return true;
    for (size_t i = 1; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    }
    return s.at[0] == ':';
}

static bool check_port(struct arena *a, str s, str *why)
{
    if (is_port(s))
        return true;
    *why = str_format(a, "invalid port %.*s after host", STR(quoted(a, s)));
    return false;
}

static bool check_ip(struct arena *a, str host, str *why)
{
    struct ip ip;
    str said;
    if (!ip_parse(a, host, &ip, &said))
        *why = str_format(a, "invalid host: %.*s", STR(said));
    else if (!ip.six)
        *why = S("invalid IP-literal");
    else
        return true;
    return false;
}

/* "[fe80::1%25eth0]:80" */
static bool parse_ip_host(struct arena *a, str host, size_t open, str *out, str *why)
{
    ptrdiff_t close = str_find_last(host, ']');
    if (close < 0) {
        *why = S("missing ']' in host");
        return false;
    }
    str port = str_skip(host, (size_t)close + 1);
    if (!check_port(a, port, why))
        return false;
    str name = str_slice(host, open + 1, (size_t)close), zone = S("");
    ptrdiff_t percent = str_find(name, S("%25"));
    if (percent >= 0) {
        zone = str_skip(name, (size_t)percent);
        name = str_slice(name, 0, (size_t)percent);
    }
    if (!unescape(a, name, PART_HOST, &name, why) || !unescape(a, zone, PART_ZONE, &zone, why))
        return false;
    name = str_concat(a, name, zone);
    if (open > 0) {
        *why = S("invalid IP-literal");
        return false;
    }
    if (!check_ip(a, name, why))
        return false;
    *out = str_format(a, "[%.*s]%.*s", STR(name), STR(port));
    return true;
}

static bool parse_host(struct arena *a, str host, str *out, str *why)
{
    ptrdiff_t open = str_find_last(host, '[');
    if (open >= 0)
        return parse_ip_host(a, host, (size_t)open, out, why);
    ptrdiff_t colon = str_find_last(host, ':');
    if (colon >= 0 && !check_port(a, str_skip(host, (size_t)colon), why))
        return false;
    return unescape(a, host, PART_HOST, out, why);
}

static bool parse_user(struct arena *a, str userinfo, struct url *u, str *why)
{
    for (size_t i = 0; i < userinfo.len; i++) {
        if (!is_alnum(userinfo.at[i]) && !str_has_char(S("-._:~!$&'()*+,;=%@"), userinfo.at[i])) {
            *why = S("net/url: invalid userinfo");
            return false;
        }
    }
    u->has_user = true;
    u->has_password = str_cut(userinfo, ':', &u->user, &u->password);
    return unescape(a, u->user, PART_USER, &u->user, why)
           && unescape(a, u->password, PART_USER, &u->password, why);
}

static bool parse_authority(struct arena *a, str authority, struct url *u, str *why)
{
    str userinfo, host;
    if (!str_cut_last(authority, '@', &userinfo, &host))
        return parse_host(a, authority, &u->host, why);
    return parse_host(a, host, &u->host, why) && parse_user(a, userinfo, u, why);
}

/* Splits "scheme:rest"; without a scheme all is rest. */
static bool parse_scheme(struct arena *a, str *rest, str *scheme, str *why)
{
    str s = *rest;
    *scheme = S("");
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == ':' && i == 0) {
            *why = S("missing protocol scheme");
            return false;
        }
        if (c == ':') {
            char *lower = arena_copy(a, s.at, i);
            for (size_t at = 0; at < i; at++)
                lower[at] |= lower[at] >= 'A' && lower[at] <= 'Z' ? 0x20 : 0;
            *scheme = (str){ lower, i };
            *rest = str_skip(s, i + 1);
            return true;
        }
        bool letter = is_alnum(c) && (c > '9');
        if (!letter && (i == 0 || !(is_alnum(c) || str_has_char(S("+-."), c))))
            return true;
    }
    return true;
}

static bool parse_rest(struct arena *a, str rest, struct url *u, str *why)
{
    str segment, none;
    str_cut(rest, '?', &rest, &u->query);
    if (!str_starts(rest, S("/"))) {
        if (u->scheme.len) {
            u->opaque = rest;
            return true;
        }
        str_cut(rest, '/', &segment, &none);
        if (str_has_char(segment, ':')) {
            *why = S("first path segment in URL cannot contain colon");
            return false;
        }
    }
    if (str_starts(rest, S("//")) && (u->scheme.len || !str_starts(rest, S("///")))) {
        str authority = str_skip(rest, 2);
        ptrdiff_t slash = str_find_char(authority, '/');
        rest = slash < 0 ? S("") : str_skip(authority, (size_t)slash);
        if (!parse_authority(a, slash < 0 ? authority : str_slice(authority, 0, (size_t)slash), u,
                             why))
            return false;
    }
    return unescape(a, rest, PART_PATH, &u->path, why);
}

static bool parse_url(struct arena *a, str s, struct url *u, str *why)
{
    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)s.at[i] < ' ' || s.at[i] == 0x7F) {
            *why = S("net/url: invalid control character in URL");
            return false;
        }
    }
    if (str_eq(s, S("*"))) {
        u->path = s;
        return true;
    }
    return parse_scheme(a, &s, &u->scheme, why) && parse_rest(a, s, u, why);
}

bool url_parse(struct arena *a, str text, struct url *out, str *why)
{
    str before, fragment, said;
    *out = (struct url){ 0 };
    str_cut(text, '#', &before, &fragment);
    if (!parse_url(a, before, out, &said)) {
        *why = str_format(a, "parse %.*s: %.*s", STR(quoted(a, before)), STR(said));
        return false;
    }
    if (unescape(a, fragment, PART_FRAGMENT, &out->fragment, &said))
        return true;
    *why = str_format(a, "parse %.*s: %.*s", STR(quoted(a, text)), STR(said));
    return false;
}

str url_hostname(const struct url *url)
{
    str host = url->host;
    ptrdiff_t colon = str_find_last(host, ':');
    if (colon >= 0 && is_port(str_skip(host, (size_t)colon)))
        host = str_slice(host, 0, (size_t)colon);
    if (str_starts(host, S("[")) && str_ends(host, S("]")))
        host = str_slice(host, 1, host.len - 1);
    return host;
}

static void put_userinfo(struct buf *out, const struct url *url)
{
    put_escaped(out, url->user, PART_USER);
    if (!url->has_password)
        return;
    buf_char(out, ':');
    put_escaped(out, url->password, PART_USER);
}

str url_userinfo(struct arena *a, const struct url *url)
{
    struct buf out;
    buf_init(&out, a, 64);
    if (url->has_user)
        put_userinfo(&out, url);
    return buf_take(&out);
}

static void put_authority(struct buf *out, const struct url *url)
{
    if (!url->host.len && !url->has_user && !(url->scheme.len && url->path.len))
        return;
    buf_str(out, S("//"));
    if (url->has_user) {
        put_userinfo(out, url);
        buf_char(out, '@');
    }
    put_escaped(out, url->host, PART_HOST);
}

str url_print(struct arena *a, const struct url *url)
{
    struct buf out;
    str segment, rest;
    buf_init(&out, a, 128);
    if (url->scheme.len)
        buf_format(&out, "%.*s:", STR(url->scheme));
    if (url->opaque.len) {
        buf_str(&out, url->opaque);
    } else {
        put_authority(&out, url);
        str_cut(url->path, '/', &segment, &rest);
        if (url->path.len && url->path.at[0] != '/' && url->host.len)
            buf_char(&out, '/');
        else if (!out.len && str_has_char(segment, ':'))
            buf_str(&out, S("./"));
        if (str_eq(url->path, S("*")))
            buf_char(&out, '*');
        else
            put_escaped(&out, url->path, PART_PATH);
    }
    if (url->query.len)
        buf_format(&out, "?%.*s", STR(url->query));
    if (url->fragment.len) {
        buf_char(&out, '#');
        put_escaped(&out, url->fragment, PART_FRAGMENT);
    }
    return buf_take(&out);
}

/* RFC 3986, 5.2.4: without "." and "..", which never climb above the root. */
static str without_dots(struct arena *a, str path)
{
    str rest = str_trim_prefix(path, S("/")), part;
    struct buf out;
    buf_init(&out, a, path.len + 2);
    buf_char(&out, '/');
    while (str_next_field(&rest, '/', &part)) {
        bool last = !rest.at;
        if (str_eq(part, S("."))) {
            continue;
        } else if (str_eq(part, S(".."))) {
            out.len = out.len > 1 ? out.len - 1 : 1;
            while (out.at[out.len - 1] != '/')
                out.len--;
        } else {
            buf_str(&out, part);
            if (!last)
                buf_char(&out, '/');
        }
    }
    return buf_take(&out);
}

static str join_paths(struct arena *a, str base, str path)
{
    if (str_starts(path, S("/")))
        return without_dots(a, path);
    if (!path.len)
        return base.len ? without_dots(a, base) : base;
    ptrdiff_t slash = str_find_last(base, '/');
    str folder = str_slice(base, 0, (size_t)(slash + 1));
    return without_dots(a, str_concat(a, folder, path));
}

struct url url_resolve(struct arena *a, const struct url *base, struct url reference)
{
    bool path = reference.path.len || reference.opaque.len;
    if (reference.scheme.len)
        return reference;
    reference.scheme = base->scheme;
    if (reference.host.len || reference.has_user) {
        reference.path = join_paths(a, S(""), reference.path);
        return reference;
    }
    if (!path && !reference.query.len)
        reference.query = base->query;
    if (base->opaque.len) {
        reference.opaque = base->opaque;
        return reference;
    }
    reference.host = base->host;
    reference.has_user = base->has_user;
    reference.has_password = base->has_password;
    reference.user = base->user;
    reference.password = base->password;
    reference.path = join_paths(a, base->path, reference.path);
    return reference;
}
