/* Image references, "[HOST[:PORT]/]PATH[:TAG][@DIGEST]", as the distribution specification
 * and Docker read them: "nginx" is docker.io/library/nginx. */
#ifndef HOIST_SOURCE_IMAGE_REF_H
#define HOIST_SOURCE_IMAGE_REF_H

#include "render/base/context.h"

struct image_ref {
    str name;   /* as written, without tag and digest: "nginx", "ghcr.io/acme/web" */
    str host;   /* with its port; "docker.io" when the name says none */
    str path;   /* "library/nginx", "acme/web" */
    str tag;    /* "" when none is written; image_ref_tag gives the default */
    str digest; /* "sha256:…", or "" */
};

/* False after a report that says which part is wrong. Views into `text` are kept. */
bool image_ref_parse(struct context *cx, str text, struct pos from, struct image_ref *out);
/* The same without reports. */
bool image_ref_try(struct context *cx, str text, struct image_ref *out);

/* What stands for the image with neither tag nor digest: "latest". */
str image_ref_tag(struct image_ref ref);
/* Is it the same repository, however it is written? */
bool image_ref_same_name(struct image_ref a, struct image_ref b);
/* As it was written, and in full: "docker.io/library/nginx:1.27@sha256:…". */
str image_ref_print(struct arena *a, struct image_ref ref);
str image_ref_print_full(struct arena *a, struct image_ref ref);

/* "sha256:" and 64, or "sha512:" and 128 lower-case hexadecimal digits. */
bool image_digest_check(struct context *cx, str digest, struct pos from);
bool image_tag_check(struct context *cx, str tag, struct pos from);

#endif
