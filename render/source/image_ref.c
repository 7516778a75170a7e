/* References to images, parsed and printed.
 *
 * The first component of a name is a host if it has a dot, a colon or an upper-case letter,
 * or is "localhost"; all else is lower case. Colons before the last slash belong to the
 * port, so "localhost:5000" alone is the image localhost with the tag 5000. */
#include "render/source/image_ref.h"

enum { PATH_MOST = 255, TAG_MOST = 128 };

/* ASCII alone, whatever the locale. */
static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_lower(c) || is_upper(c) || is_digit(c);
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool has_upper(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (is_upper(s.at[i]))
            return true;
    }
    return false;
}

static const struct {
    str name;
    size_t digits;
} algorithms[] = { { S("sha256"), 64 }, { S("sha512"), 128 } };

static bool check_hex(struct context *cx, str hex, str algorithm, size_t wanted, struct pos from)
{
    for (size_t i = 0; i < hex.len; i++) {
        if (is_hex(hex.at[i]))
            continue;
        if (hex.at[i] >= 'A' && hex.at[i] <= 'F')
            return report(cx, from, "the digest '%.*s:%.*s' must be lower case", STR(algorithm),
                          STR(str_slice(hex, 0, 2 * wanted)));
        return report(cx, from, "the digest '%.*s:%.*s' is not hexadecimal from its digit %zu on",
                      STR(algorithm), STR(str_slice(hex, 0, 2 * wanted)), i + 1);
    }
    if (hex.len == wanted)
        return true;
    return report(cx, from, "the digest '%.*s:%.*s' has %zu digits; %.*s has %zu", STR(algorithm),
                  STR(str_slice(hex, 0, 2 * wanted)), hex.len, STR(algorithm), wanted);
}

bool image_digest_check(struct context *cx, str digest, struct pos from)
{
    str algorithm, hex;
    if (!str_cut(digest, ':', &algorithm, &hex)) {
        report(cx, from, "the digest '%.*s' names no algorithm", STR(digest));
        if (digest.len == 64)
            hint(cx, NOWHERE, "'sha256:' goes before it");
        return false;
    }
    for (size_t i = 0; i < countof(algorithms); i++) {
        if (str_eq(algorithm, algorithms[i].name))
            return check_hex(cx, hex, algorithm, algorithms[i].digits, from);
    }
    report(cx, from, "the digest algorithm '%.*s' is not known", STR(algorithm));
    hint(cx, NOWHERE, "sha256 and sha512 are");
    return false;
}

bool image_tag_check(struct context *cx, str tag, struct pos from)
{
    if (tag.len == 0)
        return report(cx, from, "an image's tag is empty");
    if (tag.len > TAG_MOST)
        return report(cx, from, "the tag '%.*s…' has more than 128 characters",
                      STR(str_slice(tag, 0, 32)));
    for (size_t i = 0; i < tag.len; i++) {
        char c = tag.at[i];
        if (is_word(c) || c == '_' || (i && (c == '.' || c == '-')))
            continue;
        return report(cx, from, "the tag '%.*s' is not made of letters, digits, '_', '.' and '-'",
                      STR(tag));
    }
    return true;
}

/* [a-z0-9]+ joined by '.', '_', "__" or any number of '-'. */
static bool is_component(str part)
{
    size_t i = 0;
    for (;;) {
        size_t begun = i;
        while (i < part.len && (is_lower(part.at[i]) || is_digit(part.at[i])))
            i++;
        if (i == begun)
            return false;
        if (i == part.len)
            return true;
        char c = part.at[i++];
        if (c == '_' && i < part.len && part.at[i] == '_')
            i++;
        while (c == '-' && i < part.len && part.at[i] == '-')
            i++;
        if (c != '.' && c != '_' && c != '-')
            return false;
    }
}

static bool check_path(struct context *cx, str path, str text, struct pos from)
{
    if (path.len > PATH_MOST)
        return report(cx, from, "the name of an image has more than 255 characters");
    for (str rest = path, part; str_next_field(&rest, '/', &part);) {
        if (is_component(part))
            continue;
        if (part.len == 0)
            return report(cx, from, "the image '%.*s' has an empty part in its name", STR(text));
        if (has_upper(part))
            return report(cx, from, "'%.*s' in the image '%.*s' must be lower case", STR(part),
                          STR(text));
        return report(cx, from, "'%.*s' in the image '%.*s' is no part of a name", STR(part),
                      STR(text));
    }
    return true;
}

static bool is_host_name(str name)
{
    if (str_starts(name, S("[")) && str_ends(name, S("]"))) {
        for (size_t i = 1; i + 1 < name.len; i++) {
            if (!is_word(name.at[i]) && name.at[i] != ':' && name.at[i] != '.')
                return false;
        }
        return name.len > 2;
    }
    for (str part; str_next_field(&name, '.', &part);) {
        if (part.len == 0 || part.at[0] == '-' || part.at[part.len - 1] == '-')
            return false;
        for (size_t i = 0; i < part.len; i++) {
            if (!is_word(part.at[i]) && part.at[i] != '-')
                return false;
        }
    }
    return true;
}

static bool check_host(struct context *cx, str host, struct pos from)
{
    str name = host, port = { 0 };
    bool has_port = !str_ends(host, S("]")) && str_cut_last(host, ':', &name, &port);
    if (!is_host_name(name))
        return report(cx, from, "'%.*s' is no host of a registry", STR(host));
    uint32_t number = 0;
    for (size_t i = 0; i < port.len && number <= 65535; i++)
        number = is_digit(port.at[i]) ? number * 10 + (uint32_t)(port.at[i] - '0') : 65536;
    if (has_port && (number == 0 || number > 65535))
        return report(cx, from, "'%.*s' is no port of the registry '%.*s'", STR(port), STR(name));
    return true;
}

static bool is_host(str first)
{
    return str_has_char(first, '.') || str_has_char(first, ':') || has_upper(first)
           || str_eq(first, S("localhost"));
}

/* Docker would take 64 hexadecimal digits for the number of an image that it holds. */
static bool is_number(str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (!is_hex(name.at[i]))
            return false;
    }
    return name.len == 64;
}

/* The host and the path that a name stands for. */
static void expand(struct context *cx, struct image_ref *ref)
{
    str first, rest;
    if (str_cut(ref->name, '/', &first, &rest) && is_host(first)) {
        ref->host = first;
        ref->path = rest;
    } else {
        ref->host = S("docker.io");
        ref->path = ref->name;
    }
    if (str_eq(ref->host, S("index.docker.io")))
        ref->host = S("docker.io");
    if (str_eq(ref->host, S("docker.io")) && !str_has_char(ref->path, '/'))
        ref->path = str_concat(cx->arena, S("library/"), ref->path);
}

bool image_ref_parse(struct context *cx, str text, struct pos from, struct image_ref *out)
{
    *out = (struct image_ref){ 0 };
    str name = text;
    if (text.len == 0)
        return report(cx, from, "the name of an image is empty");
    bool has_digest = str_cut(text, '@', &name, &out->digest);
    ptrdiff_t colon = str_find_last(name, ':');
    bool has_tag = colon >= 0 && colon > str_find_last(name, '/');
    if (has_tag) {
        out->tag = str_skip(name, (size_t)colon + 1);
        name = str_slice(name, 0, (size_t)colon);
    }
    if (str_has(text, S("://")))
        return report(cx, from, "'%.*s' is an address, not the name of an image", STR(text));
    if (name.len == 0)
        return report(cx, from, "the image '%.*s' has no name", STR(text));
    if (is_number(name))
        return report(cx, from, "'%.*s' is the number of an image, not its name", STR(name));
    out->name = name;
    expand(cx, out);
    return check_host(cx, out->host, from) && check_path(cx, out->path, text, from)
           && (!has_tag || image_tag_check(cx, out->tag, from))
           && (!has_digest || image_digest_check(cx, out->digest, from));
}

bool image_ref_try(struct context *cx, str text, struct image_ref *out)
{
    diag_mute(cx);
    bool ok = image_ref_parse(cx, text, NOWHERE, out);
    diag_unmute(cx);
    return ok;
}

str image_ref_tag(struct image_ref ref)
{
    return ref.tag.len || ref.digest.len ? ref.tag : S("latest");
}

bool image_ref_same_name(struct image_ref a, struct image_ref b)
{
    return str_eq(a.host, b.host) && str_eq(a.path, b.path);
}

static str with_tag(struct arena *a, str name, str tag, str digest)
{
    return str_format(a, "%.*s%s%.*s%s%.*s", STR(name), tag.len ? ":" : "", STR(tag),
                      digest.len ? "@" : "", STR(digest));
}

str image_ref_print(struct arena *a, struct image_ref ref)
{
    return with_tag(a, ref.name, ref.tag, ref.digest);
}

str image_ref_print_full(struct arena *a, struct image_ref ref)
{
    str name = str_format(a, "%.*s/%.*s", STR(ref.host), STR(ref.path));
    return with_tag(a, name, image_ref_tag(ref), ref.digest);
}
