/* OCI layouts as registries: names, digests, and bytes that are not what they claim. */
#include "render/base/buf.h"
#include "render/base/digest.h"
#include "render/source/registry.h"
#include "tests/source/tree.h"

#define INDEX    "application/vnd.oci.image.index.v1+json"
#define MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define NAME     "org.opencontainers.image.ref.name"

/* A layout in memory, with an index.json that is written descriptor by descriptor. */
struct made {
    struct context *cx;
    struct source *files;
    struct buf index;
};

static struct made make(void)
{
    struct made m = { .cx = test_context() };
    m.files = source_mem(m.cx, S("reg:"));
    ck_assert(source_mem_put(m.cx, m.files, S("oci-layout"),
                             S("{\"imageLayoutVersion\":\"1.0.0\"}"), NOWHERE));
    buf_init(&m.index, m.cx->arena, 1024);
    buf_str(&m.index, S("{\"schemaVersion\":2,\"manifests\":["));
    return m;
}

/* Adds bytes as a blob and gives their descriptor without the closing brace. */
static str add_blob(struct made *m, const char *type, str bytes)
{
    str hex = digest_sha256_hex(m->cx->arena, bytes);
    str path = str_format(m->cx->arena, "blobs/sha256/%.*s", STR(hex));
    ck_assert(source_mem_put(m->cx, m->files, path, bytes, NOWHERE));
    return str_format(m->cx->arena, "{\"mediaType\":\"%s\",\"digest\":\"sha256:%.*s\",\"size\":%zu",
                      type, STR(hex), bytes.len);
}

static void list(struct made *m, str descriptor, const char *annotations)
{
    bool first = str_ends(buf_view(&m->index), S("["));
    buf_format(&m->index, "%s%.*s,\"annotations\":{%s}}", first ? "" : ",", STR(descriptor),
               annotations);
}

static struct registry *finish(struct made *m)
{
    buf_str(&m->index, S("]}"));
    ck_assert(source_mem_put(m->cx, m->files, S("index.json"), buf_view(&m->index), NOWHERE));
    return oci_layout(m->cx, source_folder(m->cx, m->files, S("."), NOWHERE), NOWHERE);
}

static bool resolve(struct made *m, struct registry *r, const char *text, struct descriptor *out)
{
    struct image_ref ref;
    ck_assert_ptr_nonnull(r);
    ck_assert(image_ref_parse(m->cx, str_from(text), NOWHERE, &ref));
    return registry_resolve(m->cx, r, ref, NOWHERE, out);
}

static str manifest_text(struct context *cx, const char *mark)
{
    return str_format(cx->arena,
                      "{\"schemaVersion\":2,\"mediaType\":\"" MANIFEST "\",\"x\":\"%s\"}", mark);
}

START_TEST(the_sample_registry_answers)
{
    struct made m = { .cx = test_context() };
    struct source *disk = source_disk(m.cx, S(""));
    struct folder *folder =
        source_folder(m.cx, disk, S(TESTDATA "/inventory-system/registry"), NOWHERE);
    struct registry *r = oci_layout(m.cx, folder, NOWHERE);
    struct descriptor d;
    struct platforms platforms;
    struct image_ref ref;
    ck_assert(image_ref_parse(m.cx, S("ghcr.io/acme/api-gateway:sha-5b0e6d9"), NOWHERE, &ref));
    ck_assert(registry_resolve(m.cx, r, ref, NOWHERE, &d));
    expect_str(d.digest, "sha256:16ce6a9a88f4d6979b8646af2e7def9d5d71032631a67271c25ea1f39578d41e");
    expect_str(d.media_type, INDEX);
    ck_assert_ptr_nonnull(registry_manifest(m.cx, r, ref, d, NOWHERE));
    ck_assert(registry_platforms(m.cx, r, ref, d, NOWHERE, &platforms));
    ck_assert_uint_eq(platforms.len, 2);
    expect_str(platforms.at[0].architecture, "amd64");
    expect_str(platforms.at[1].architecture, "arm64");
    ck_assert_ptr_nonnull(registry_manifest(m.cx, r, ref, platforms.at[1].manifest, NOWHERE));
    expect_said(m.cx, "");
    context_free(m.cx);
}
END_TEST

START_TEST(tags_and_digests_are_resolved)
{
    struct made m = make();
    struct descriptor d, same;
    str one = manifest_text(m.cx, "one"), two = manifest_text(m.cx, "two");
    list(&m, add_blob(&m, MANIFEST, one), "\"" NAME "\":\"r.io/acme/web:v1\"");
    list(&m, add_blob(&m, MANIFEST, two),
         "\"" NAME "\":\"latest\",\"io.containerd.image.name\":"
         "\"docker.io/library/nginx:latest\"");
    struct registry *r = finish(&m);
    ck_assert(resolve(&m, r, "r.io/acme/web:v1", &d));
    expect_same(d.digest,
                str_concat(m.cx->arena, S("sha256:"), digest_sha256_hex(m.cx->arena, one)));
    ck_assert_uint_eq(d.size, one.len);
    ck_assert(resolve(&m, r, "nginx", &same));
    ck_assert(!str_eq(same.digest, d.digest));
    /* The digest decides, whatever the tag beside it says. */
    str both = str_format(m.cx->arena, "r.io/acme/web:other@%.*s", STR(d.digest));
    ck_assert(resolve(&m, r, str_cstr(m.cx->arena, both), &same));
    expect_same(same.digest, d.digest);
    /* A digest that no index lists. */
    str three = manifest_text(m.cx, "three");
    add_blob(&m, MANIFEST, three);
    str hex = digest_sha256_hex(m.cx->arena, three);
    both = str_format(m.cx->arena, "r.io/acme/web@sha256:%.*s", STR(hex));
    ck_assert(resolve(&m, r, str_cstr(m.cx->arena, both), &same));
    expect_str(same.media_type, MANIFEST);
    ck_assert_uint_eq(same.size, three.len);
    expect_said(m.cx, "");
    context_free(m.cx);
}
END_TEST

START_TEST(bare_tags_answer_when_no_repository_is_named)
{
    struct made m = make();
    struct descriptor d;
    list(&m, add_blob(&m, MANIFEST, manifest_text(m.cx, "one")), "\"" NAME "\":\"v1\"");
    struct registry *r = finish(&m);
    ck_assert(resolve(&m, r, "r.io/acme/web:v1", &d));
    ck_assert(!resolve(&m, r, "r.io/acme/web:v2", &d));
    context_free(m.cx);

    m = make();
    list(&m, add_blob(&m, MANIFEST, manifest_text(m.cx, "one")), "\"" NAME "\":\"v1\"");
    list(&m, add_blob(&m, MANIFEST, manifest_text(m.cx, "two")), "\"" NAME "\":\"r.io/api:v1\"");
    r = finish(&m);
    ck_assert(resolve(&m, r, "r.io/api:v1", &d));
    ck_assert(!resolve(&m, r, "r.io/web:v1", &d));
    context_free(m.cx);
}
END_TEST

START_TEST(indexes_are_nested)
{
    struct made m = make();
    struct descriptor d;
    str one = add_blob(&m, MANIFEST, manifest_text(m.cx, "one"));
    str inner = str_format(m.cx->arena,
                           "{\"manifests\":[%.*s,\"annotations\":{\"" NAME "\":\"r.io/web:v1\"}}]}",
                           STR(one));
    list(&m, add_blob(&m, INDEX, inner), "");
    ck_assert(resolve(&m, finish(&m), "r.io/web:v1", &d));
    expect_str(d.media_type, MANIFEST);
    context_free(m.cx);
}
END_TEST

START_TEST(an_unknown_reference_gets_the_nearest)
{
    struct made m = make();
    struct descriptor d;
    list(&m, add_blob(&m, MANIFEST, manifest_text(m.cx, "1")), "\"" NAME "\":\"r.io/web:v1.2.3\"");
    list(&m, add_blob(&m, MANIFEST, manifest_text(m.cx, "2")), "\"" NAME "\":\"r.io/web:stable\"");
    struct registry *r = finish(&m);
    ck_assert(!resolve(&m, r, "r.io/wbe:v1.2.3", &d));
    expect_said(m.cx, "error: the registry 'reg:.' has no image 'r.io/wbe:v1.2.3'\n"
                      "hint: did you mean 'r.io/web:v1.2.3'?\n");
    ck_assert(!resolve(&m, r, "r.io/web:0123456789", &d));
    expect_said(m.cx, "error: the registry 'reg:.' has no image 'r.io/web:0123456789'\n"
                      "hint: of this image it has 'v1.2.3', 'stable'\n");
    ck_assert(!resolve(&m, r,
                       "r.io/web@sha256:"
                       "0000000000000000000000000000000000000000000000000000000000000000",
                       &d));
    ck_assert_int_eq(diag_exit_status(m.cx), 1);
    expect_said(m.cx,
                "error: the registry 'reg:.' lacks 'sha256:"
                "0000000000000000000000000000000000000000000000000000000000000000'\n"
                "note: the image 'r.io/web@sha256:"
                "0000000000000000000000000000000000000000000000000000000000000000' needs it\n");
    context_free(m.cx);
}
END_TEST

START_TEST(bytes_that_are_not_what_they_claim_are_refused)
{
    struct made m = make();
    struct descriptor d;
    struct image_ref ref;
    str one = manifest_text(m.cx, "one"), other = manifest_text(m.cx, "0ne");
    str hex = digest_sha256_hex(m.cx->arena, one);
    str other_hex = digest_sha256_hex(m.cx->arena, other);
    list(&m, add_blob(&m, MANIFEST, one), "\"" NAME "\":\"r.io/web:v1\"");
    str path = str_format(m.cx->arena, "blobs/sha256/%.*s", STR(hex));
    ck_assert(source_mem_put(m.cx, m.files, path, other, NOWHERE));
    struct registry *r = finish(&m);
    ck_assert(image_ref_parse(m.cx, S("r.io/web:v1"), NOWHERE, &ref));
    ck_assert(registry_resolve(m.cx, r, ref, NOWHERE, &d));
    ck_assert_ptr_null(registry_manifest(m.cx, r, ref, d, NOWHERE));
    ck_assert_int_eq(diag_exit_status(m.cx), 1);
    str said = str_format(m.cx->arena,
                          "error: the bytes of '%.*s' in the registry 'reg:.' have another digest\n"
                          "note: theirs is 'sha256:%.*s'\n",
                          STR(d.digest), STR(other_hex));
    expect_same(test_diagnostics(m.cx), said);
    m.cx->diags.first = m.cx->diags.last = NULL;
    d.size++;
    ck_assert_ptr_null(registry_blob(m.cx, r, ref, d, NOWHERE));
    ck_assert_ptr_nonnull(strstr(m.cx->diags.first->message.at, "' has "));
    m.cx->diags.first = m.cx->diags.last = NULL;
    d.size = 5 << 20;
    ck_assert_ptr_null(registry_manifest(m.cx, r, ref, d, NOWHERE));
    expect_said(m.cx,
                "error: the manifest of 'r.io/web:v1' has 5242880 bytes; 4 MiB is the limit\n");
    context_free(m.cx);
}
END_TEST

START_TEST(a_sha512_digest_is_checked_too)
{
    struct made m = make();
    struct image_ref ref;
    /* Of the bytes "abc". */
    str digest = S("sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                   "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    str path = str_concat(m.cx->arena, S("blobs/sha512/"), str_skip(digest, 7));
    ck_assert(source_mem_put(m.cx, m.files, path, S("abc"), NOWHERE));
    struct registry *r = finish(&m);
    struct descriptor d = { .digest = digest, .size = 3 };
    ck_assert(image_ref_parse(m.cx, S("r.io/web"), NOWHERE, &ref));
    struct text *text = registry_blob(m.cx, r, ref, d, NOWHERE);
    ck_assert_ptr_nonnull(text);
    expect_str(text->bytes, "abc");
    context_free(m.cx);
}
END_TEST

static const struct {
    str layout, index, said;
} broken[] = {
    { S("{\"imageLayoutVersion\":\"2.0.0\"}"), S("{\"manifests\":[]}"),
      S("the version of an OCI image layout must be 1.0.0") },
    { S("{}"), S("{\"manifests\":[]}"), S("the version of an OCI image layout must be 1.0.0") },
    { S("{\"imageLayoutVersion\":\"1.0.0\"}"), S("{}"),
      S("an image index needs a list 'manifests'") },
    { S("{\"imageLayoutVersion\":\"1.0.0\"}"), S("[]"),
      S("an image index needs a list 'manifests'") },
    { S("{\"imageLayoutVersion\":\"1.0.0\"}"), S("{\"manifests\":[3]}"),
      S("a descriptor needs a digest") },
    { S("{\"imageLayoutVersion\":\"1.0.0\"}"),
      S("{\"manifests\":[{\"digest\":\"sha256:../../../etc/passwd\",\"size\":1}]}"),
      S("the digest 'sha256:../../../etc/passwd' is not hexadecimal from its digit 1 on") },
    { S("{\"imageLayoutVersion\":\"1.0.0\"}"),
      S("{\"manifests\":[{\"digest\":\"sha256:00\",\"size\":-1}]}"),
      S("a descriptor needs its size in bytes") },
};

START_TEST(a_broken_layout_is_said)
{
    struct context *cx = test_context();
    struct source *files = source_mem(cx, S("reg:"));
    ck_assert(source_mem_put(cx, files, S("oci-layout"), broken[_i].layout, NOWHERE));
    ck_assert(source_mem_put(cx, files, S("index.json"), broken[_i].index, NOWHERE));
    struct folder *top = source_folder(cx, files, S("."), NOWHERE);
    ck_assert_ptr_null(oci_layout(cx, top, NOWHERE));
    ck_assert_ptr_nonnull(cx->diags.first);
    expect_same(cx->diags.first->message, broken[_i].said);
    context_free(cx);
}
END_TEST

START_TEST(a_folder_that_is_no_layout_is_said)
{
    struct context *cx = test_context();
    struct source *files = source_mem(cx, S("reg:"));
    struct folder *top = source_folder(cx, files, S("."), NOWHERE);
    ck_assert_ptr_null(oci_layout(cx, top, NOWHERE));
    expect_said(cx, "error: 'reg:.' is no OCI image layout: it has no file 'oci-layout'\n");
    context_free(cx);
}
END_TEST

START_TEST(what_is_no_image_is_refused)
{
    struct made m = make();
    struct descriptor d;
    list(&m, add_blob(&m, "application/vnd.docker.distribution.manifest.v1+prettyjws", S("{}")),
         "\"" NAME "\":\"r.io/old:v1\"");
    list(&m, add_blob(&m, "text/plain", S("{ }")), "\"" NAME "\":\"r.io/text:v1\"");
    struct registry *r = finish(&m);
    ck_assert(!resolve(&m, r, "r.io/old:v1", &d));
    ck_assert(!resolve(&m, r, "r.io/text:v1", &d));
    expect_said(m.cx, "error: 'r.io/old:v1' has a schema 1 manifest, which has no stable digest\n"
                      "error: 'r.io/text:v1' is no image but 'text/plain'\n");
    context_free(m.cx);
}
END_TEST

#define BUNDLE "application/vnd.dev.sigstore.bundle.v0.3+json"

/* A manifest that refers to `subject`, without its closing brace. */
static str about(struct made *m, str subject, const char *more)
{
    return str_format(m->cx->arena,
                      "{\"schemaVersion\":2,\"mediaType\":\"" MANIFEST "\","
                      "\"subject\":{\"mediaType\":\"" MANIFEST
                      "\",\"digest\":\"%.*s\",\"size\":1}%s}",
                      STR(subject), more);
}

START_TEST(referrers_are_listed_once)
{
    struct made m = make();
    struct image_ref ref;
    struct referrers found;
    str image = manifest_text(m.cx, "one");
    str subject = str_concat(m.cx->arena, S("sha256:"), digest_sha256_hex(m.cx->arena, image));
    str tag = str_replace_all(m.cx->arena, subject, S(":"), S("-"));
    str one = about(&m, subject, ",\"artifactType\":\"" BUNDLE "\",\"annotations\":{\"a\":\"b\"}");
    str two = about(&m, subject, ",\"config\":{\"mediaType\":\"text/x\"}");
    list(&m, add_blob(&m, MANIFEST, image), "\"" NAME "\":\"r.io/web:v1\"");
    list(&m, add_blob(&m, MANIFEST, one), "");
    list(&m, add_blob(&m, MANIFEST, two), "");
    /* A third one stands only in the index that registries without such a list have. */
    str three = add_blob(&m, MANIFEST, S("{ }"));
    str index = str_format(m.cx->arena,
                           "{\"manifests\":[%.*s},%.*s,\"artifactType\":\"x/y\","
                           "\"annotations\":{\"c\":\"d\"}}]}",
                           STR(add_blob(&m, MANIFEST, one)), STR(three));
    str name = str_format(m.cx->arena, "\"" NAME "\":\"r.io/web:%.*s\"", STR(tag));
    list(&m, add_blob(&m, INDEX, index), str_cstr(m.cx->arena, name));
    struct registry *r = finish(&m);
    ck_assert(image_ref_parse(m.cx, S("r.io/web:v1"), NOWHERE, &ref));
    ck_assert(registry_referrers(m.cx, r, ref, subject, NOWHERE, &found));
    ck_assert_uint_eq(found.len, 3);
    expect_str(found.at[0].artifact_type, BUNDLE);
    expect_str(referrer_annotation(m.cx, &found.at[0], S("a")), "b");
    expect_str(referrer_annotation(m.cx, &found.at[0], S("z")), "");
    expect_str(found.at[1].artifact_type, "text/x");
    expect_str(found.at[2].artifact_type, "x/y");
    expect_str(referrer_annotation(m.cx, &found.at[2], S("c")), "d");
    ck_assert_ptr_nonnull(registry_manifest(m.cx, r, ref, found.at[2].manifest, NOWHERE));
    ck_assert(registry_referrers(m.cx, r, ref, found.at[0].manifest.digest, NOWHERE, &found));
    ck_assert_uint_eq(found.len, 0);
    ck_assert(!registry_referrers(m.cx, r, ref, S("sha256:0"), NOWHERE, &found));
    context_free(m.cx);
}
END_TEST

START_TEST(what_may_be_missing_is_looked_for_without_a_report)
{
    struct made m = make();
    struct image_ref ref;
    struct descriptor d;
    bool found;
    list(&m, add_blob(&m, MANIFEST, manifest_text(m.cx, "one")), "\"" NAME "\":\"r.io/web:v1\"");
    struct registry *r = finish(&m);
    ck_assert(image_ref_parse(m.cx, S("r.io/web:v1"), NOWHERE, &ref));
    ck_assert(registry_find(m.cx, r, ref, NOWHERE, &d, &found) && found);
    ref.tag = S("v2");
    ck_assert(registry_find(m.cx, r, ref, NOWHERE, &d, &found) && !found);
    ref.digest = d.digest;
    ck_assert(registry_find(m.cx, r, ref, NOWHERE, &d, &found) && found);
    ref.digest = S("sha256:0000000000000000000000000000000000000000000000000000000000000000");
    ck_assert(registry_find(m.cx, r, ref, NOWHERE, &d, &found) && !found);
    expect_said(m.cx, "");
    context_free(m.cx);
}
END_TEST

TCase *oci_layout_tests(void)
{
    TCase *t = tcase_create("oci_layout");
    tcase_add_test(t, the_sample_registry_answers);
    tcase_add_test(t, tags_and_digests_are_resolved);
    tcase_add_test(t, bare_tags_answer_when_no_repository_is_named);
    tcase_add_test(t, indexes_are_nested);
    tcase_add_test(t, an_unknown_reference_gets_the_nearest);
    tcase_add_test(t, bytes_that_are_not_what_they_claim_are_refused);
    tcase_add_test(t, a_sha512_digest_is_checked_too);
    tcase_add_loop_test(t, a_broken_layout_is_said, 0, countof(broken));
    tcase_add_test(t, a_folder_that_is_no_layout_is_said);
    tcase_add_test(t, what_is_no_image_is_refused);
    tcase_add_test(t, referrers_are_listed_once);
    tcase_add_test(t, what_may_be_missing_is_looked_for_without_a_report);
    return t;
}
