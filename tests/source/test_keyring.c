/* Files of OpenPGP keys: what is read of them, and that no bytes lead outside. */
#include <stdlib.h>

#include "render/source/keyring.h"
#include "tests/expect.h"
#include "tests/source/tree.h"

/* Version 4, 1 January 2024, Ed25519: a public key, a secret half in the clear, a name. */
#define BODY                                                                                       \
    "\004\145\222\000\200\026\011\053\006\001\004\001\332\107\017\001\001\007\100abcdefghijklmnopabcdefghijklmnop"
static const str public_key = S("\306\063" BODY);
static const str secret_key = S("\305\067" BODY "\000\000\001\001");
static const str locked_key = S("\305\066" BODY "\376\007\003");
static const str name = S("\315\003Ann");

static str joined(struct context *cx, str a, str b)
{
    return str_concat(cx->arena, a, b);
}

START_TEST(a_secret_key_has_the_fingerprint_of_its_public_half)
{
    struct context *cx = test_context();
    struct keyring one, two, three;
    str why;
    ck_assert(keyring_read(cx, joined(cx, public_key, name), &one, &why));
    ck_assert(keyring_read(cx, joined(cx, secret_key, name), &two, &why));
    ck_assert(keyring_read(cx, joined(cx, name, joined(cx, locked_key, name)), &three, &why));
    ck_assert(!one.at[0].secret && two.at[0].secret && three.at[0].secret);
    ck_assert(!two.at[0].locked && three.at[0].locked);
    ck_assert_uint_eq(one.at[0].fingerprint.len, 40);
    expect_same(two.at[0].fingerprint, one.at[0].fingerprint);
    expect_same(three.at[0].fingerprint, one.at[0].fingerprint);
    expect_same(two.public_packets, one.public_packets);
    expect_str(two.at[0].names[0], "Ann");
    expect_same(two.at[0].packets, joined(cx, secret_key, name));
    ck_assert_ptr_eq(keyring_find(&two, one.at[0].fingerprint), &two.at[0]);
    ck_assert_ptr_null(keyring_find(&two, S("")));
    context_free(cx);
}
END_TEST

START_TEST(what_gpg_exports)
{
    struct context *cx = test_context();
    struct keyring ring;
    str why, bytes = tree_bytes(cx, TESTDATA "/chart/signed/keys.gpg");
    ck_assert(keyring_read(cx, bytes, &ring, &why));
    ck_assert_uint_eq(ring.len, 2);
    expect_str(ring.at[0].fingerprint, "8B353B94A4F50552345464C2AA2BA903EDCDD48F");
    expect_str(ring.at[1].fingerprint, "9FBF5C262280335C809CDE0224E78AA929D36C66");
    expect_str(ring.at[1].names[0], "Bob Example <bob@example.com>");
    context_free(cx);
}
END_TEST

START_TEST(what_is_no_keyring)
{
    struct context *cx = test_context();
    struct keyring ring;
    str why;
    ck_assert(keyring_read(cx, S(""), &ring, &why));
    ck_assert(!keyring_read(cx, S("-----BEGIN PGP PUBLIC KEY BLOCK-----\n"), &ring, &why));
    expect_str(why, "openpgp: invalid data: tag byte does not have MSB set");
    for (size_t n = 1; n < public_key.len; n++) {
        ck_assert(!keyring_read(cx, str_slice(public_key, 0, n), &ring, &why));
        expect_str(why, "unexpected EOF");
    }
    ck_assert(!keyring_read(cx, S("\306\377\377\377\377\377"), &ring, &why));
    expect_str(why, "unexpected EOF");
    context_free(cx);
}
END_TEST

/* Copies of their own size, so that a sanitizer sees a read behind the end. */
START_TEST(any_byte_may_be_another)
{
    struct context *cx = test_context();
    str all = joined(cx, secret_key, joined(cx, locked_key, name)), why;
    for (size_t i = 0; i < all.len; i++) {
        for (int change = 0; change < 256; change += 5) {
            struct keyring ring;
            char *copy = malloc(all.len);
            ck_assert_ptr_nonnull(copy);
            memcpy(copy, all.at, all.len);
            copy[i] = (char)(copy[i] ^ change);
            struct mark before = arena_mark(cx->arena);
            keyring_read(cx, (str){ copy, all.len }, &ring, &why);
            arena_rewind(cx->arena, before);
            free(copy);
        }
    }
    context_free(cx);
}
END_TEST

TCase *keyring_tests(void)
{
    TCase *t = tcase_create("keyring");
    tcase_add_test(t, a_secret_key_has_the_fingerprint_of_its_public_half);
    tcase_add_test(t, what_gpg_exports);
    tcase_add_test(t, what_is_no_keyring);
    tcase_add_test(t, any_byte_may_be_another);
    return t;
}
