/* A manifest may hold any character. A control character moves the cursor, renames the window or
 * types for its user; one that turns the direction shows "nimda" for "admin". */
#include "render/base/plain.h"

bool plain_hides(uint32_t rune)
{
    static const struct {
        uint32_t from, to;
    } ranges[] = {
        { 0, 0x08 },        { 0x0A, 0x1F },     { 0x7F, 0x9F },     { 0x61C, 0x61C },
        { 0x180E, 0x180E }, { 0x200B, 0x200B }, { 0x200E, 0x200F }, { 0x2028, 0x202E },
        { 0x2060, 0x206F }, { 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB }, { 0xE0000, 0xE007F },
    };
    for (size_t i = 0; i < countof(ranges); i++) {
        if (rune <= ranges[i].to)
            return rune >= ranges[i].from;
    }
    return false;
}

static void number(struct buf *out, uint32_t rune)
{
    buf_format(out, rune < 0x100 ? "\\x%02X" : rune < 0x10000 ? "\\u%04X" : "\\U%08X", rune);
}

void plain_print(struct buf *out, str text)
{
    for (size_t at = 0; at < text.len;) {
        size_t begin = at;
        uint32_t rune = utf8_next(text, &at);
        str bytes = str_slice(text, begin, at);
        bool broken = rune == 0xFFFD && !str_eq(bytes, S("\xEF\xBF\xBD"));
        for (size_t i = 0; broken && i < bytes.len; i++)
            number(out, (unsigned char)bytes.at[i]);
        if (!broken && plain_hides(rune))
            number(out, rune);
        else if (!broken)
            buf_str(out, bytes);
    }
}
