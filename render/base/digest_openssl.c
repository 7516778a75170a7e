/* Digests that are rarely asked for, by OpenSSL. */
#include "render/base/digest.h"

#include <openssl/evp.h>

#include "render/base/context.h"
#include "render/base/library.h"

struct crypto_calls {
    __typeof__(EVP_Digest) *digest;
    __typeof__(EVP_get_digestbyname) *by_name;
};

static struct crypto_calls crypto;

static const struct library_symbol symbols[] = {
    LIBRARY_SYMBOL(struct crypto_calls, digest, EVP_Digest),
    LIBRARY_SYMBOL(struct crypto_calls, by_name, EVP_get_digestbyname),
};

static struct library library = { LIBRARY("libcrypto.so.3", "libssl3", symbols, &crypto) };

bool digest_named(struct context *cx, const char *name, str bytes,
                  unsigned char out[DIGEST_LARGEST], size_t *size)
{
    if (!library_open(cx, &library))
        return false;
    unsigned n = 0;
    const EVP_MD *kind = crypto.by_name(name);
    if (!kind || !crypto.digest(bytes.at, bytes.len, out, &n, kind, NULL))
        return report_surroundings(cx, NOWHERE, "OpenSSL does not compute the digest '%s'", name);
    *size = n;
    return true;
}
