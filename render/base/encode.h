/* Bytes as text and back: base64, base32, hex, and the escapes of URLs, HTML and JavaScript, as
 * Go's encoding/..., net/url, html and text/template have them.
 *
 * A decoder's false means malformed text; *out is then Go's sentence about it. */
#ifndef HOIST_BASE_ENCODE_H
#define HOIST_BASE_ENCODE_H

#include "render/base/buf.h"

enum base64 { BASE64_STD, BASE64_URL, BASE64_RAW_STD, BASE64_RAW_URL }; /* raw: without '=' */

void encode_base64(struct buf *b, enum base64 kind, str bytes);
/* Line ends are skipped; all else that is not of the alphabet is an error. */
bool decode_base64(struct arena *a, enum base64 kind, str text, str *out);
void encode_base32(struct buf *b, str bytes);
bool decode_base32(struct arena *a, str text, str *out);
void encode_hex(struct buf *b, str bytes);
bool decode_hex(struct arena *a, str text, str *out);

/* %XX for all but letters, digits, "-_.~" and what `keep` lists. */
void encode_percent(struct buf *b, str s, str keep);
void encode_query(struct buf *b, str s); /* url.QueryEscape, text/template's urlquery */
void encode_path(struct buf *b, str s);  /* url.PathEscape */
bool decode_query(struct arena *a, str s, str *out);
bool decode_path(struct arena *a, str s, str *out);

void encode_html(struct buf *b, str s);          /* html.EscapeString */
void encode_html_template(struct buf *b, str s); /* text/template's html: NUL too, as U+FFFD */
void encode_js(struct buf *b, str s);            /* text/template's js */

#endif
