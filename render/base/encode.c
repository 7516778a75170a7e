/* base64, base32, hex.
 *
 * Where several things are wrong, Go's decoders name the first by its offset; encode.tsv holds
 * the cases. base64 counts line ends in that offset, base32 does not. */
#include "render/base/encode.h"

#include "render/base/number.h"
#include "render/base/unicode.h"

static const char std_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char base32_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static const char *alphabet_of(enum base64 kind)
{
    return kind == BASE64_STD || kind == BASE64_RAW_STD ? std_alphabet : url_alphabet;
}

static bool is_padded(enum base64 kind)
{
    return kind == BASE64_STD || kind == BASE64_URL;
}

void encode_base64(struct buf *b, enum base64 kind, str bytes)
{
    const char *alphabet = alphabet_of(kind);
    buf_reserve(b, bytes.len / 3 * 4 + 4);
    size_t i = 0;
    for (; i < bytes.len; i += 3) {
        uint32_t n = 0;
        size_t have = bytes.len - i < 3 ? bytes.len - i : 3;
        for (size_t k = 0; k < 3; k++)
            n = n << 8 | (k < have ? (unsigned char)bytes.at[i + k] : 0);
        char *out = b->at + b->len;
        for (size_t k = 0; k <= have; k++)
            out[k] = alphabet[n >> (18 - 6 * k) & 63];
        b->len += have + 1;
        if (is_padded(kind))
            buf_repeat(b, '=', 3 - have);
    }
}

static bool corrupt(struct arena *a, const char *what, size_t offset, str *out)
{
    *out = str_format(a, "illegal %s data at input byte %zu", what, offset);
    return false;
}

static void fill_values(const char *alphabet, signed char values[256])
{
    memset(values, -1, 256);
    for (int i = 0; alphabet[i]; i++)
        values[(unsigned char)alphabet[i]] = (signed char)i;
}

static size_t skip_line_ends(str s, size_t i)
{
    while (i < s.len && (s.at[i] == '\n' || s.at[i] == '\r'))
        i++;
    return i;
}

/* One group of four at *i: its digits' values, how many; -1 with *bad set where it is wrong. */
static int read_group(str s, size_t *i, const signed char values[256], bool padded, uint32_t *n,
                      size_t *bad)
{
    int have = 0;
    *n = 0;
    while (have < 4) {
        if (*i == s.len) {
            *bad = *i - (size_t)have;
            return have == 1 || (have && padded) ? -1 : have;
        }
        char c = s.at[(*i)++];
        if (values[(unsigned char)c] >= 0) {
            *n = *n << 6 | (uint32_t)values[(unsigned char)c];
            have++;
        } else if (c != '\n' && c != '\r') {
            *bad = *i - 1;
            return padded && c == '=' && have >= 2 ? have : -1;
        }
    }
    return have;
}

/* What follows the '=' that ended a group of `have` digits. */
static bool padding_fits(str s, size_t i, int have, size_t *bad)
{
    if (have == 2) {
        i = skip_line_ends(s, i);
        *bad = i == s.len ? i : i - 1;
        if (i == s.len || s.at[i] != '=')
            return false;
        i++;
    }
    *bad = skip_line_ends(s, i);
    return *bad == s.len;
}

bool decode_base64(struct arena *a, enum base64 kind, str text, str *out)
{
    signed char values[256];
    fill_values(alphabet_of(kind), values);
    struct buf b;
    buf_init(&b, a, text.len / 4 * 3 + 3);
    for (size_t i = 0, bad; i < text.len;) {
        uint32_t n;
        int have = read_group(text, &i, values, is_padded(kind), &n, &bad);
        if (have < 0 || (have && have < 4 && is_padded(kind) && !padding_fits(text, i, have, &bad)))
            return corrupt(a, "base64", bad, out);
        n <<= 6 * (4 - have);
        for (int k = 0; k + 1 < have; k++)
            buf_char(&b, (char)(n >> (16 - 8 * k)));
        if (have < 4)
            break;
    }
    *out = buf_take(&b);
    return true;
}

void encode_base32(struct buf *b, str bytes)
{
    for (size_t i = 0; i < bytes.len; i += 5) {
        uint64_t n = 0;
        size_t have = bytes.len - i < 5 ? bytes.len - i : 5;
        for (size_t k = 0; k < 5; k++)
            n = n << 8 | (k < have ? (unsigned char)bytes.at[i + k] : 0);
        size_t digits = (have * 8 + 4) / 5;
        for (size_t k = 0; k < digits; k++)
            buf_char(b, base32_alphabet[n >> (35 - 5 * k) & 31]);
        buf_repeat(b, '=', 8 - digits);
    }
}

/* A group of eight that ends in '=' at i, after `have` digits. */
static bool padding32_fits(str s, size_t i, size_t have, size_t *bad)
{
    *bad = s.len;
    if (s.len - i < 8 - have)
        return false;
    for (size_t k = i + 1; k < i + 8 - have; k++) {
        *bad = k - 1;
        if (s.at[k] != '=')
            return false;
    }
    *bad = i;
    return have != 3 && have != 6;
}

static str without_line_ends(struct arena *a, str s)
{
    return str_replace_all(a, str_replace_all(a, s, S("\n"), S("")), S("\r"), S(""));
}

bool decode_base32(struct arena *a, str text, str *out)
{
    signed char values[256];
    fill_values(base32_alphabet, values);
    str s = without_line_ends(a, text);
    struct buf b;
    buf_init(&b, a, s.len / 8 * 5 + 5);
    bool end = false;
    for (size_t i = 0; i < s.len && !end;) {
        uint64_t n = 0;
        size_t have = 0, bad;
        for (; have < 8 && !end; have += !end) {
            if (i == s.len)
                return corrupt(a, "base32", i - have, out);
            unsigned char c = (unsigned char)s.at[i++];
            end = c == '=' && have >= 2 && s.len - i < 8;
            if (end && !padding32_fits(s, i - 1, have, &bad))
                return corrupt(a, "base32", bad, out);
            if (!end && values[c] < 0)
                return corrupt(a, "base32", i - 1, out);
            if (!end)
                n = n << 5 | (uint64_t)values[c];
        }
        n <<= 5 * (8 - have);
        for (size_t k = 0; k < have * 5 / 8; k++)
            buf_char(&b, (char)(n >> (32 - 8 * k)));
    }
    *out = buf_take(&b);
    return true;
}

void encode_hex(struct buf *b, str bytes)
{
    buf_reserve(b, 2 * bytes.len);
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.at[i];
        b->at[b->len++] = "0123456789abcdef"[c >> 4];
        b->at[b->len++] = "0123456789abcdef"[c & 15];
    }
}

bool decode_hex(struct arena *a, str text, str *out)
{
    char *at = arena_alloc(a, text.len / 2 + 1);
    for (size_t i = 0; i < text.len; i++) {
        int n = number_digit(text.at[i]);
        if (n > 15) {
            struct buf b;
            buf_init(&b, a, 64);
            unsigned rune = (unsigned char)text.at[i];
            buf_format(&b, "encoding/hex: invalid byte: U+%04X", rune);
            if (rune_is_print(rune)) {
                buf_str(&b, S(" '"));
                buf_rune(&b, rune);
                buf_char(&b, '\'');
            }
            *out = buf_take(&b);
            return false;
        }
        at[i / 2] = (char)(i % 2 ? at[i / 2] << 4 | n : n);
    }
    *out = text.len % 2 ? S("encoding/hex: odd length hex string") : (str){ at, text.len / 2 };
    return text.len % 2 == 0;
}
