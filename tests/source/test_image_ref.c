/* References to images: what their parts are, and which part is wrong. */
#include "render/source/image_ref.h"
#include "tests/source/tree.h"

#define HEX32 "0123456789abcdef0123456789abcdef"
#define HEX64 HEX32 HEX32

static const struct {
    str text, host, path, tag, digest, full;
} good[] = {
    { S("nginx"), S("docker.io"), S("library/nginx"), S(""), S(""),
      S("docker.io/library/nginx:latest") },
    { S("nginx:1.27"), S("docker.io"), S("library/nginx"), S("1.27"), S(""),
      S("docker.io/library/nginx:1.27") },
    { S("acme/web"), S("docker.io"), S("acme/web"), S(""), S(""), S("docker.io/acme/web:latest") },
    { S("index.docker.io/nginx"), S("docker.io"), S("library/nginx"), S(""), S(""),
      S("docker.io/library/nginx:latest") },
    { S("localhost/web"), S("localhost"), S("web"), S(""), S(""), S("localhost/web:latest") },
    { S("localhost:5000"), S("docker.io"), S("library/localhost"), S("5000"), S(""),
      S("docker.io/library/localhost:5000") },
    { S("localhost:5000/a/b_c__d.e--f:t@sha256:" HEX64), S("localhost:5000"), S("a/b_c__d.e--f"),
      S("t"), S("sha256:" HEX64), S("localhost:5000/a/b_c__d.e--f:t@sha256:" HEX64) },
    { S("ghcr.io/acme/user-service@sha256:" HEX64), S("ghcr.io"), S("acme/user-service"), S(""),
      S("sha256:" HEX64), S("ghcr.io/acme/user-service@sha256:" HEX64) },
    { S("r.io/a@sha512:" HEX64 HEX64), S("r.io"), S("a"), S(""), S("sha512:" HEX64 HEX64),
      S("r.io/a@sha512:" HEX64 HEX64) },
    { S("Host/web:_x.Y-z"), S("Host"), S("web"), S("_x.Y-z"), S(""), S("Host/web:_x.Y-z") },
    { S("[2001:db8::1]:5000/a:b"), S("[2001:db8::1]:5000"), S("a"), S("b"), S(""),
      S("[2001:db8::1]:5000/a:b") },
    { S("[::1]/a"), S("[::1]"), S("a"), S(""), S(""), S("[::1]/a:latest") },
    { S("1.2.3.4:80/a/b/c/d"), S("1.2.3.4:80"), S("a/b/c/d"), S(""), S(""),
      S("1.2.3.4:80/a/b/c/d:latest") },
};

START_TEST(a_reference_has_its_parts)
{
    struct context *cx = test_context();
    struct image_ref ref;
    bool ok = image_ref_parse(cx, good[_i].text, NOWHERE, &ref);
    ck_assert_msg(ok, "%.*s", STR(test_diagnostics(cx)));
    expect_same(ref.host, good[_i].host);
    expect_same(ref.path, good[_i].path);
    expect_same(ref.tag, good[_i].tag);
    expect_same(ref.digest, good[_i].digest);
    expect_same(image_ref_print(cx->arena, ref), good[_i].text);
    expect_same(image_ref_print_full(cx->arena, ref), good[_i].full);
    context_free(cx);
}
END_TEST

static const struct {
    str text, said;
} bad[] = {
    { S(""), S("the name of an image is empty") },
    { S(":v1"), S("the image ':v1' has no name") },
    { S("@sha256:" HEX64), S("the image '@sha256:" HEX64 "' has no name") },
    { S("acme/Web"), S("'Web' in the image 'acme/Web' must be lower case") },
    { S("Web"), S("'Web' in the image 'Web' must be lower case") },
    { S("a//b"), S("the image 'a//b' has an empty part in its name") },
    { S("a/b/"), S("the image 'a/b/' has an empty part in its name") },
    { S("/a"), S("the image '/a' has an empty part in its name") },
    { S("a/-b"), S("'-b' in the image 'a/-b' is no part of a name") },
    { S("a/b..c"), S("'b..c' in the image 'a/b..c' is no part of a name") },
    { S("a/b___c"), S("'b___c' in the image 'a/b___c' is no part of a name") },
    { S("a b"), S("'a b' in the image 'a b' is no part of a name") },
    { S("-r.io/a"), S("'-r.io' is no host of a registry") },
    { S("r..io/a"), S("'r..io' is no host of a registry") },
    { S("r.io:x/a"), S("'x' is no port of the registry 'r.io'") },
    { S("r.io:/a"), S("'' is no port of the registry 'r.io'") },
    { S("r.io:65536/a"), S("'65536' is no port of the registry 'r.io'") },
    { S("https://r.io/a:b"), S("'https://r.io/a:b' is an address, not the name of an image") },
    { S(HEX64), S("'" HEX64 "' is the number of an image, not its name") },
    { S("a:"), S("an image's tag is empty") },
    { S("a:.b"), S("the tag '.b' is not made of letters, digits, '_', '.' and '-'") },
    { S("a:b+c"), S("the tag 'b+c' is not made of letters, digits, '_', '.' and '-'") },
    { S("a@"), S("the digest '' names no algorithm") },
    { S("a@" HEX64), S("the digest '" HEX64 "' names no algorithm") },
    { S("a@md5:" HEX32), S("the digest algorithm 'md5' is not known") },
    { S("a@sha256:" HEX32), S("the digest 'sha256:" HEX32 "' has 32 digits; sha256 has 64") },
    { S("a@sha512:" HEX64), S("the digest 'sha512:" HEX64 "' has 64 digits; sha512 has 128") },
    { S("a@sha256:xy"), S("the digest 'sha256:xy' is not hexadecimal from its digit 1 on") },
    { S("a@sha256:0A"), S("the digest 'sha256:0A' must be lower case") },
};

START_TEST(the_wrong_part_of_a_reference_is_named)
{
    struct context *cx = test_context();
    struct image_ref ref;
    ck_assert(!image_ref_parse(cx, bad[_i].text, NOWHERE, &ref));
    ck_assert_ptr_nonnull(cx->diags.first);
    expect_same(cx->diags.first->message, bad[_i].said);
    ck_assert_uint_eq(cx->diags.errors, 1);
    context_free(cx);
}
END_TEST

START_TEST(names_are_compared_in_full)
{
    struct context *cx = test_context();
    struct image_ref a, b;
    ck_assert(image_ref_try(cx, S("nginx:1"), &a));
    ck_assert(image_ref_try(cx, S("index.docker.io/library/nginx@sha256:" HEX64), &b));
    ck_assert(image_ref_same_name(a, b));
    ck_assert(image_ref_try(cx, S("ghcr.io/library/nginx"), &b));
    ck_assert(!image_ref_same_name(a, b));
    ck_assert(!image_ref_try(cx, S("a b"), &b));
    expect_said(cx, "");
    context_free(cx);
}
END_TEST

TCase *image_ref_tests(void)
{
    TCase *t = tcase_create("image_ref");
    tcase_add_loop_test(t, a_reference_has_its_parts, 0, countof(good));
    tcase_add_loop_test(t, the_wrong_part_of_a_reference_is_named, 0, countof(bad));
    tcase_add_test(t, names_are_compared_in_full);
    return t;
}
