/* base64 and base32. What can't be decoded becomes Go's sentence about it, as a string. */
#include "render/base/encode.h"
#include "render/template/func.h"

static struct value b64enc(struct call *c)
{
    str bytes = value_str(c->args[0]);
    struct buf out;
    buf_init(&out, c->arena, bytes.len / 3 * 4 + 8);
    encode_base64(&out, BASE64_STD, bytes);
    return value_string(buf_take(&out));
}

static struct value b64dec(struct call *c)
{
    str out;
    decode_base64(c->arena, BASE64_STD, value_str(c->args[0]), &out);
    return value_string(out);
}

static struct value b32enc(struct call *c)
{
    str bytes = value_str(c->args[0]);
    struct buf out;
    buf_init(&out, c->arena, bytes.len / 5 * 8 + 8);
    encode_base32(&out, bytes);
    return value_string(buf_take(&out));
}

static struct value b32dec(struct call *c)
{
    str out;
    decode_base32(c->arena, value_str(c->args[0]), &out);
    return value_string(out);
}

const struct func encoding_funcs[] = {
    { "b32dec", "s", b32dec },
    { "b32enc", "s", b32enc },
    { "b64dec", "s", b64dec },
    { "b64enc", "s", b64enc },
    { 0 },
};
