/* Hashes of bytes. SHA-256 is our own, as it is wanted in every run and OpenSSL costs
 * milliseconds to start; rarer ones come from OpenSSL when asked for. */
#ifndef HOIST_BASE_DIGEST_H
#define HOIST_BASE_DIGEST_H

#include "render/base/str.h"

struct context;

enum { SHA256_SIZE = 32, DIGEST_LARGEST = 64 };

struct sha256 {
    uint32_t state[8];
    uint64_t length; /* bytes so far */
    unsigned char block[64];
};

void sha256_begin(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *bytes, size_t n);
void sha256_end(struct sha256 *h, unsigned char out[SHA256_SIZE]);

void digest_sha256(str bytes, unsigned char out[SHA256_SIZE]);
str digest_sha256_hex(struct arena *a, str bytes);

uint32_t digest_adler32(str bytes);
uint32_t digest_crc32(str bytes); /* the polynomial of zlib and Ethernet */

/* "md5", "sha1", "sha224", "sha384" or "sha512": *size bytes in `out`. False, and reported, when
 * OpenSSL is missing or refuses. */
bool digest_named(struct context *cx, const char *name, str bytes,
                  unsigned char out[DIGEST_LARGEST], size_t *size);

#endif
