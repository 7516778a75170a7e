/* PEM: DER bytes between "-----BEGIN TYPE-----" and "-----END TYPE-----". */
#ifndef HOIST_TEMPLATE_PEM_H
#define HOIST_TEMPLATE_PEM_H

#include "render/base/arena.h"
#include "render/base/str.h"

struct pem {
    str type; /* "CERTIFICATE", "RSA PRIVATE KEY" */
    str der;
};

/* The first block of a text; headers in it are skipped. False when there is none. */
bool pem_decode(struct arena *a, str text, struct pem *out);
str pem_encode(struct arena *a, str type, str der);

#endif
