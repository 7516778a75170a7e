/* A blob goes in two steps, as every registry has them: POST opens an upload and names its address,
 * PUT there sends all bytes at once and says their digest. */
#include "render/source/oci_push.h"

#include "render/base/digest.h"

enum { ANSWER_MOST = 1 << 20 };

static struct oci_question question(const struct oci_artifact *a, const char *method, str what,
                                    struct pos from)
{
    return (struct oci_question){ .ref = a->ref,
                                  .what = what,
                                  .method = str_from(method),
                                  .writes = true,
                                  .most = ANSWER_MOST,
                                  .pos = from };
}

/* False, reported, when the answer is another than wanted. */
static bool ask(struct context *cx, struct oci_talk *talk, struct oci_question *q, int wanted)
{
    return oci_ask(cx, talk, q, 1) && (q->answer.status == wanted || oci_report(cx, q));
}

static bool is_there(struct context *cx, struct oci_talk *talk, const struct oci_artifact *a,
                     str what, struct pos from, bool *there)
{
    struct oci_question q = question(a, "HEAD", what, from);
    if (!oci_ask(cx, talk, &q, 1))
        return false;
    *there = q.answer.status == 200;
    return *there || q.answer.status == 404 || oci_report(cx, &q);
}

static bool send_blob(struct context *cx, struct oci_talk *talk, const struct oci_artifact *a,
                      const struct oci_blob *blob, struct pos from)
{
    bool there;
    str place, at = str_concat(cx->arena, S("blobs/"), blob->digest);
    if (!is_there(cx, talk, a, at, from, &there))
        return false;
    if (there)
        return true;
    struct oci_question open = question(a, "POST", S("blobs/uploads/"), from);
    open.body_type = S("application/octet-stream");
    if (!ask(cx, talk, &open, 202) || !oci_talk_location(cx, &open, &place))
        return false;
    str where = str_format(cx->arena, "%.*s%sdigest=%.*s", STR(place),
                           str_has_char(place, '?') ? "&" : "?", STR(blob->digest));
    struct oci_question put = question(a, "PUT", where, from);
    put.body = blob->bytes;
    put.body_type = S("application/octet-stream");
    return ask(cx, talk, &put, 201);
}

bool oci_push(struct context *cx, struct oci_talk *talk, const struct oci_artifact *a,
              struct pos from, str *digest)
{
    bool there;
    *digest = str_concat(cx->arena, S("sha256:"), digest_sha256_hex(cx->arena, a->manifest));
    if (!is_there(cx, talk, a, str_concat(cx->arena, S("manifests/"), *digest), from, &there))
        return false;
    for (uint32_t i = 0; !there && i < a->blob_count; i++) {
        if (!send_blob(cx, talk, a, &a->blobs[i], from))
            return false;
    }
    struct oci_question put =
        question(a, "PUT", str_concat(cx->arena, S("manifests/"), image_ref_tag(a->ref)), from);
    put.body = a->manifest;
    put.body_type = a->media_type;
    return ask(cx, talk, &put, 201);
}
