/* A challenge is a scheme and then parameters, NAME=TOKEN or NAME="TEXT"; the next challenge in
 * the same header begins, after a comma like any parameter, with a word that no "=" follows. */
#include "render/source/oci_challenge.h"

#include <strings.h>

#include "render/base/buf.h"

static bool same_word(str a, str b)
{
    return a.len == b.len && strncasecmp(a.at, b.at, a.len) == 0;
}

static str take_word(str *rest)
{
    size_t n = 0;
    while (n < rest->len && !str_has_char(S(" \t,=\""), rest->at[n]))
        n++;
    str word = str_slice(*rest, 0, n);
    *rest = str_skip(*rest, n);
    return word;
}

static void skip(str *rest, str chars)
{
    while (rest->len && str_has_char(chars, rest->at[0]))
        *rest = str_skip(*rest, 1);
}

static str take_value(struct arena *a, str *rest)
{
    if (!str_starts(*rest, S("\"")))
        return take_word(rest);
    struct buf b;
    buf_init(&b, a, 64);
    *rest = str_skip(*rest, 1);
    while (rest->len && rest->at[0] != '"') {
        if (rest->at[0] == '\\' && rest->len > 1)
            *rest = str_skip(*rest, 1);
        buf_char(&b, rest->at[0]);
        *rest = str_skip(*rest, 1);
    }
    *rest = str_skip(*rest, 1);
    return buf_take(&b);
}

static void take_parameter(struct oci_challenge *c, str name, str value)
{
    if (same_word(name, S("realm")))
        c->realm = value;
    else if (same_word(name, S("service")))
        c->service = value;
    else if (same_word(name, S("scope")))
        c->scope = value;
}

static enum oci_auth auth_of(str scheme)
{
    return same_word(scheme, S("Bearer"))  ? AUTH_BEARER
           : same_word(scheme, S("Basic")) ? AUTH_BASIC
                                           : AUTH_NONE;
}

/* A bearer's challenge that does not say where is none. */
static void keep_better(struct oci_challenge *best, const struct oci_challenge *c)
{
    if (c->auth > best->auth && (c->auth != AUTH_BEARER || c->realm.len))
        *best = *c;
}

static void read_header(struct arena *a, str rest, struct oci_challenge *best)
{
    struct oci_challenge c = { .auth = AUTH_NONE };
    for (;;) {
        skip(&rest, S(" \t,"));
        if (!rest.len)
            break;
        str before = rest, word = take_word(&rest);
        skip(&rest, S(" \t"));
        if (str_starts(rest, S("="))) {
            rest = str_skip(rest, 1);
            skip(&rest, S(" \t"));
            take_parameter(&c, word, take_value(a, &rest));
        } else {
            keep_better(best, &c);
            c = (struct oci_challenge){ .auth = auth_of(word) };
        }
        if (rest.len == before.len)
            rest = str_skip(rest, 1);
    }
    keep_better(best, &c);
}

struct oci_challenge oci_challenge_read(struct arena *a, const struct http_answer *answer)
{
    struct oci_challenge best = { .auth = AUTH_NONE };
    for (uint32_t i = 0; i < answer->header_count; i++) {
        if (same_word(answer->headers[i].name, S("WWW-Authenticate")))
            read_header(a, answer->headers[i].value, &best);
    }
    return best;
}
