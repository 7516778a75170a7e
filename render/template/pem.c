/* Lines of 64 characters of base64. */
#include "render/template/pem.h"

#include "render/base/encode.h"

#define BEGIN "-----BEGIN "
#define END   "-----END "

/* What stands between a line "-----BEGIN TYPE-----" and its end; the rest of the text follows. */
static bool take_block(str *rest, str *type, str *body)
{
    str line;
    while (str_next_line(rest, &line)) {
        line = str_trim(line);
        if (!str_starts(line, S(BEGIN)) || !str_ends(line, S("-----"))
            || line.len < sizeof BEGIN + 4)
            continue;
        *type = str_slice(line, sizeof BEGIN - 1, line.len - 5);
        const char *start = rest->at;
        for (str after = *rest; after.len && str_next_line(&after, &line);) {
            str end = str_trim(line);
            if (!str_starts(end, S(END)))
                continue;
            *body = (str){ start, (size_t)(line.at - start) };
            *rest = after;
            end = str_skip(end, sizeof END - 1);
            return str_starts(end, *type) && str_eq(str_skip(end, type->len), S("-----"));
        }
    }
    return false;
}

bool pem_decode(struct arena *a, str text, struct pem *out)
{
    str body, line;
    for (str rest = text; rest.len;) {
        if (!take_block(&rest, &out->type, &body))
            continue;
        while (body.len) {
            str after = body;
            if (!str_next_line(&after, &line) || !str_has_char(line, ':'))
                break;
            body = after;
        }
        if (decode_base64(a, BASE64_STD, str_trim(body), &out->der))
            return true;
    }
    return false;
}

str pem_encode(struct arena *a, str type, str der)
{
    struct buf base64, out;
    buf_init(&base64, a, der.len / 3 * 4 + 8);
    encode_base64(&base64, BASE64_STD, der);
    str rest = buf_view(&base64);
    buf_init(&out, a, rest.len + rest.len / 64 + 128);
    buf_format(&out, BEGIN "%.*s-----\n", STR(type));
    for (; rest.len; rest = str_skip(rest, 64))
        buf_format(&out, "%.*s\n", STR(str_slice(rest, 0, 64)));
    buf_format(&out, END "%.*s-----\n", STR(type));
    return buf_take(&out);
}
