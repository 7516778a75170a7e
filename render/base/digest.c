/* SHA-256 (FIPS 180-4), Adler-32 and CRC-32. */
#include "render/base/digest.h"

#include "render/base/encode.h"

/* The first 32 bits of the fractions of the cube roots of the first 64 primes. */
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t turn(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

static uint32_t read_big(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void write_big(unsigned char *at, uint32_t n)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(n >> (24 - 8 * i));
}

/* The next word of the message schedule; sixteen are kept, each replaced when it was used. */
static inline uint32_t next_word(uint32_t w[16], unsigned i)
{
    uint32_t a = w[(i + 1) & 15], b = w[(i + 14) & 15];
    return w[i & 15] += (turn(a, 7) ^ turn(a, 18) ^ a >> 3) + w[(i + 9) & 15]
                        + (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
}

/* One round. Instead of moving all eight words along, the next round names them differently. */
static inline void add_word(uint32_t word, uint32_t a, uint32_t b, uint32_t c, uint32_t *d,
                            uint32_t e, uint32_t f, uint32_t g, uint32_t *h)
{
    word += *h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (g ^ (e & (f ^ g)));
    *d += word;
    *h = word + (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) | (c & (a | b)));
}

static void add_block(uint32_t state[8], const unsigned char *block)
{
    uint32_t w[16], word[8], s[8];
    memcpy(s, state, sizeof s);
    for (unsigned i = 0; i < 64; i += 8) {
        for (unsigned k = 0; k < 8; k++)
            word[k] = constants[i + k]
                      + (i < 16 ? (w[i + k] = read_big(block + 4 * (i + k))) : next_word(w, i + k));
        add_word(word[0], s[0], s[1], s[2], &s[3], s[4], s[5], s[6], &s[7]);
        add_word(word[1], s[7], s[0], s[1], &s[2], s[3], s[4], s[5], &s[6]);
        add_word(word[2], s[6], s[7], s[0], &s[1], s[2], s[3], s[4], &s[5]);
        add_word(word[3], s[5], s[6], s[7], &s[0], s[1], s[2], s[3], &s[4]);
        add_word(word[4], s[4], s[5], s[6], &s[7], s[0], s[1], s[2], &s[3]);
        add_word(word[5], s[3], s[4], s[5], &s[6], s[7], s[0], s[1], &s[2]);
        add_word(word[6], s[2], s[3], s[4], &s[5], s[6], s[7], s[0], &s[1]);
        add_word(word[7], s[1], s[2], s[3], &s[4], s[5], s[6], s[7], &s[0]);
    }
    for (int i = 0; i < 8; i++)
        state[i] += s[i];
}

void sha256_begin(struct sha256 *h)
{
    static const uint32_t first[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
    memcpy(h->state, first, sizeof first);
    h->length = 0;
}

void sha256_add(struct sha256 *h, const void *bytes, size_t n)
{
    const unsigned char *at = bytes;
    size_t held = h->length % 64;
    h->length += n;
    if (held) {
        size_t take = n < 64 - held ? n : 64 - held;
        if (take)
            memcpy(h->block + held, at, take);
        if (held + take < 64)
            return;
        add_block(h->state, h->block);
        at += take;
        n -= take;
    }
    for (; n >= 64; at += 64, n -= 64)
        add_block(h->state, at);
    if (n)
        memcpy(h->block, at, n);
}

void sha256_end(struct sha256 *h, unsigned char out[SHA256_SIZE])
{
    static const unsigned char padding[64] = { 0x80 };
    unsigned char length[8];
    write_big(length, (uint32_t)(h->length >> 29));
    write_big(length + 4, (uint32_t)(h->length << 3));
    size_t held = h->length % 64;
    sha256_add(h, padding, held < 56 ? 56 - held : 120 - held);
    sha256_add(h, length, sizeof length);
    for (int i = 0; i < 8; i++)
        write_big(out + 4 * i, h->state[i]);
}

void digest_sha256(str bytes, unsigned char out[SHA256_SIZE])
{
    struct sha256 h;
    sha256_begin(&h);
    sha256_add(&h, bytes.at, bytes.len);
    sha256_end(&h, out);
}

str digest_sha256_hex(struct arena *a, str bytes)
{
    unsigned char out[SHA256_SIZE];
    digest_sha256(bytes, out);
    struct buf b;
    buf_init(&b, a, 2 * SHA256_SIZE);
    encode_hex(&b, (str){ (const char *)out, SHA256_SIZE });
    return buf_take(&b);
}

uint32_t digest_adler32(str bytes)
{
    uint32_t a = 1, b = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        a = (a + (unsigned char)bytes.at[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

uint32_t digest_crc32(str bytes)
{
    uint32_t crc = 0xFFFFFFFF;
    for (size_t i = 0; i < bytes.len; i++) {
        crc ^= (unsigned char)bytes.at[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (0xEDB88320 & (0 - (crc & 1)));
    }
    return ~crc;
}
