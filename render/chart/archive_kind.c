/* Helm looks at the first bytes as browsers do, and at a name's end for YAML. Pages and ZIP archives
 * are what servers give in place of a chart; of all else only text and bytes are told apart. */
#include "render/chart/archive_kind.h"

#include <strings.h>

enum { LOOKED_AT = 512 };

static bool has_bytes(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c < 0x20 && !str_has_char(S("\t\n\f\r\033"), (char)c))
            return true;
    }
    return false;
}

static bool is_page(str s)
{
    static const str tags[] = { S("<!doctype html"), S("<html"), S("<head"), S("<body") };
    s = str_trim(s);
    for (size_t i = 0; i < countof(tags); i++) {
        if (s.len > tags[i].len && strncasecmp(s.at, tags[i].at, tags[i].len) == 0
            && str_has_char(S(" >"), s.at[tags[i].len]))
            return true;
    }
    return false;
}

static const char *kind_of(str bytes)
{
    str s = str_slice(bytes, 0, LOOKED_AT);
    if (is_page(s))
        return "text/html; charset=utf-8";
    if (str_starts(s, S("PK\003\004")))
        return "application/zip";
    /* Less is filled up with zeroes. */
    return s.len < LOOKED_AT || has_bytes(s) ? "application/octet-stream"
                                             : "text/plain; charset=utf-8";
}

bool archive_check(struct context *cx, const struct text *text, str path)
{
    if (str_starts(text->bytes, S("\037\213\010")))
        return true;
    if (str_ends(path, S(".yml")) || str_ends(path, S(".yaml")))
        return report(cx, NOWHERE,
                      "file '%.*s' seems to be a YAML file, but expected a gzipped archive",
                      STR(path));
    return report(cx, NOWHERE, "file '%.*s' does not appear to be a gzipped archive; got '%s'",
                  STR(path), kind_of(text->bytes));
}
