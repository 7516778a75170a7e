/* What Go's reader refuses before anything else; libfyaml lets some of it through, and then
 * miscounts the text. */
#include "render/doc/yaml_characters.h"

static bool allowed(uint32_t rune)
{
    return (rune >= ' ' && rune < 0x7F) || rune == '\t' || rune == '\n' || rune == '\r'
           || rune == 0x85 || (rune >= 0xA0 && rune <= 0xD7FF) || (rune >= 0xE000 && rune <= 0xFFFD)
           || (rune >= 0x10000 && rune <= 0x10FFFF);
}

static bool is_ordinary(char c)
{
    return ((unsigned char)(c - ' ') < 0x5F) | (c == '\n');
}

/* How many bytes from i on are printable ASCII or line ends: a stride at a time, which compilers
 * make a few instructions of. */
static size_t ordinary_run(str s, size_t i)
{
    enum { STRIDE = 32 };
    size_t start = i;
    for (unsigned char odd = 0; s.len - i >= STRIDE; i += STRIDE) {
        for (size_t j = 0; j < STRIDE; j++)
            odd |= !is_ordinary(s.at[i + j]);
        if (odd)
            break;
    }
    while (i < s.len && is_ordinary(s.at[i]))
        i++;
    return i - start;
}

bool yaml_characters_check(struct context *cx, const struct text *text)
{
    str bytes = text->bytes;
    for (size_t i = 0; (i += ordinary_run(bytes, i)) < bytes.len;) {
        unsigned char c = (unsigned char)bytes.at[i];
        size_t next = i;
        uint32_t rune = utf8_next(bytes, &next);
        struct pos pos = { text->id, (uint32_t)i };
        if (rune == 0xFFFD && next - i == 1)
            return report(cx, pos, "not YAML: the byte 0x%02x is no UTF-8", c);
        if (!allowed(rune))
            return report(cx, pos, "not YAML: the control character U+%04X", (unsigned)rune);
        i = next;
    }
    return true;
}
