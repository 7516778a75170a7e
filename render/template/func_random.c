/* Values that chance decides: letters, numbers, bytes, UUIDs, orders. */
#include "render/base/encode.h"
#include "render/template/func.h"
#include "render/template/random.h"

static struct value letters_of(struct call *c, str alphabet)
{
    int64_t count = c->args[0].i;
    if (count <= 0)
        return value_string(S(""));
    if (!call_room(c, (uint64_t)count))
        return call_stop(c);
    char *out = arena_alloc(c->arena, (size_t)count);
    unsigned char chance[256];
    size_t at = sizeof chance;
    /* A byte above the last whole multiple would make the first letters likelier. */
    size_t limit = 256 - 256 % alphabet.len;
    for (size_t i = 0; i < (size_t)count;) {
        if (at == sizeof chance) {
            if (!random_bytes(c, chance, sizeof chance))
                return call_stop(c);
            at = 0;
        }
        unsigned char byte = chance[at++];
        if (byte < limit)
            out[i++] = alphabet.at[byte % alphabet.len];
    }
    return value_string((str){ out, (size_t)count });
}

#define DIGITS  "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

static struct value rand_alpha(struct call *c)
{
    return letters_of(c, S(LETTERS));
}

static struct value rand_alpha_num(struct call *c)
{
    return letters_of(c, S(DIGITS LETTERS));
}

static struct value rand_numeric(struct call *c)
{
    return letters_of(c, S(DIGITS));
}

static struct value rand_ascii(struct call *c)
{
    return letters_of(c,
                      S(" !\"#$%&'()*+,-./" DIGITS
                        ":;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"));
}

static struct value rand_bytes(struct call *c)
{
    int64_t count = c->args[0].i;
    if (count < 0)
        return call_panic(c, "runtime error: makeslice: len out of range",
                          "there are no %lld bytes", (long long)count);
    if (!call_room(c, (uint64_t)count * 2))
        return call_stop(c);
    char *bytes = arena_alloc(c->arena, (size_t)count);
    if (!random_bytes(c, bytes, (size_t)count))
        return call_stop(c);
    struct buf out;
    buf_init(&out, c->arena, (size_t)count / 3 * 4 + 8);
    encode_base64(&out, BASE64_STD, (str){ bytes, (size_t)count });
    return value_string(buf_take(&out));
}

static struct value rand_int(struct call *c)
{
    uint64_t n;
    int64_t span = (int64_t)(c->args[1].u - c->args[0].u);
    if (span <= 0)
        return call_panic(c, "invalid argument to Intn", "%lld is not above %lld",
                          (long long)c->args[1].i, (long long)c->args[0].i);
    if (!random_below(c, (uint64_t)span, &n))
        return call_stop(c);
    return value_int((int64_t)(c->args[0].u + n));
}

static struct value uuidv4(struct call *c)
{
    unsigned char bytes[16];
    struct buf out;
    if (!random_bytes(c, bytes, sizeof bytes))
        return call_stop(c);
    bytes[6] = (bytes[6] & 0x0F) | 0x40;
    bytes[8] = (bytes[8] & 0x3F) | 0x80;
    buf_init(&out, c->arena, 40);
    for (size_t i = 0; i < sizeof bytes; i++)
        buf_format(&out, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", bytes[i]);
    return value_string(buf_take(&out));
}

/* Characters change places, each order as likely. */
static struct value shuffle(struct call *c)
{
    str s = value_str(c->args[0]);
    uint32_t *runes = arena_alloc(c->arena, arena_array(s.len, sizeof *runes));
    size_t count = 0;
    for (size_t at = 0; at < s.len;)
        runes[count++] = utf8_next(s, &at);
    for (size_t i = count; i > 1; i--) {
        uint64_t other;
        if (!random_below(c, i, &other))
            return call_stop(c);
        uint32_t rune = runes[i - 1];
        runes[i - 1] = runes[other];
        runes[other] = rune;
    }
    struct buf out;
    buf_init(&out, c->arena, s.len + 4);
    for (size_t i = 0; i < count; i++)
        buf_rune(&out, runes[i]);
    return value_string(buf_take(&out));
}

const struct func random_funcs[] = {
    { "randAlpha", "i", rand_alpha },
    { "randAlphaNum", "i", rand_alpha_num },
    { "randAscii", "i", rand_ascii },
    { "randBytes", "i", rand_bytes },
    { "randInt", "ii", rand_int },
    { "randNumeric", "i", rand_numeric },
    { "shuffle", "s", shuffle },
    { "uuidv4", "", uuidv4 },
    { 0 },
};
