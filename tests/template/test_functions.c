/* Functions: Helm's whole list, and what only C can ask of those that make keys. */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "render/base/map.h"
#include "tests/template/chart.h"

static str read_file(struct context *cx, const char *path)
{
    struct buf b;
    char bytes[4096];
    size_t n;
    FILE *f = fopen(path, "rb");
    ck_assert_msg(f, "no file %s", path);
    buf_init(&b, cx->arena, sizeof bytes);
    while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
        buf_str(&b, (str){ bytes, n });
    fclose(f);
    return buf_take(&b);
}

static void visit(const struct func *f, void *names)
{
    ck_assert_msg(!map_put(names, str_from(f->name), (void *)(uintptr_t)f), "'%s' is there twice",
                  f->name);
}

START_TEST(every_function_of_helm_is_there_and_no_other)
{
    struct context *cx = test_context();
    struct map ours = { .arena = cx->arena };
    str rest = read_file(cx, TESTDATA "/template/functions.txt"), name;
    uint32_t theirs = 0;
    func_each(visit, &ours);
    while (rest.len && str_next_line(&rest, &name)) {
        ck_assert_msg(map_get(&ours, name), "there is no function '%.*s'", STR(name));
        theirs++;
    }
    ck_assert_uint_eq(ours.len, theirs);
    context_free(cx);
}
END_TEST

/* What a template gives, in a run of its own that may be deterministic. */
static str render(struct context *cx, const char *template)
{
    str out;
    bool ok = chart_render(cx, str_from(template), S(""), &out, NULL);
    ck_assert_msg(ok, "%.*s", STR(test_diagnostics(cx)));
    return out;
}

static EVP_PKEY *read_key(str pem)
{
    BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.len);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    BIO_free(bio);
    ck_assert_msg(key, "OpenSSL can't read this key:\n%.*s", STR(pem));
    return key;
}

static X509 *read_certificate(str *pem)
{
    BIO *bio = BIO_new_mem_buf(pem->at, (int)pem->len);
    X509 *x = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    ck_assert_msg(x, "OpenSSL can't read this certificate:\n%.*s", STR(*pem));
    size_t left = (size_t)BIO_pending(bio);
    *pem = str_skip(*pem, pem->len - left);
    BIO_free(bio);
    return x;
}

static void expect_key(const char *kind, const char *begin, int id, int bits)
{
    struct context *cx = test_context();
    str pem =
        render(cx, str_cstr(cx->arena, str_format(cx->arena, "{{ genPrivateKey \"%s\" }}", kind)));
    ck_assert(str_starts(pem, str_from(begin)));
    EVP_PKEY *key = read_key(pem);
    EVP_PKEY_CTX *check = EVP_PKEY_CTX_new(key, NULL);
    ck_assert_int_eq(EVP_PKEY_get_base_id(key), id);
    ck_assert_int_eq(EVP_PKEY_get_bits(key), bits);
    ck_assert_int_eq(EVP_PKEY_pairwise_check(check), 1);
    EVP_PKEY_CTX_free(check);
    EVP_PKEY_free(key);
    context_free(cx);
}

START_TEST(private_keys_are_sound)
{
    expect_key("rsa", "-----BEGIN RSA PRIVATE KEY-----\n", EVP_PKEY_RSA, 4096);
    expect_key("dsa", "-----BEGIN DSA PRIVATE KEY-----\n", EVP_PKEY_DSA, 2048);
    expect_key("ecdsa", "-----BEGIN EC PRIVATE KEY-----\n", EVP_PKEY_EC, 256);
    expect_key("ed25519", "-----BEGIN PRIVATE KEY-----\n", EVP_PKEY_ED25519, 256);
}
END_TEST

static void expect_extensions(X509 *x, const int *nids, int n)
{
    ck_assert_int_eq(X509_get_ext_count(x), n);
    for (int i = 0; i < n; i++)
        ck_assert_int_eq(OBJ_obj2nid(X509_EXTENSION_get_object(X509_get_ext(x, i))), nids[i]);
}

static int days_valid(X509 *x)
{
    int days, seconds;
    ck_assert(ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(x), X509_get0_notAfter(x)));
    ck_assert_int_eq(seconds, 0);
    return days;
}

START_TEST(a_signed_certificate_leads_to_its_authority)
{
    struct context *cx = test_context();
    str pem = render(cx, "{{ $ca := genCA \"my-ca\" 365 }}"
                         "{{ $c := genSignedCert \"web.example\" (list \"10.0.0.1\" \"::1\") "
                         "(list \"a.example\" \"*.b.example\") 30 $ca }}"
                         "{{ $ca.Cert }}{{ $c.Cert }}{{ $c.Key }}");
    X509 *ca = read_certificate(&pem), *x = read_certificate(&pem);
    EVP_PKEY *key = read_key(pem);
    static const int of_ca[] = { NID_key_usage, NID_ext_key_usage, NID_basic_constraints,
                                 NID_subject_key_identifier };
    static const int of_x[] = { NID_key_usage, NID_ext_key_usage, NID_basic_constraints,
                                NID_authority_key_identifier, NID_subject_alt_name };
    expect_extensions(ca, of_ca, countof(of_ca));
    expect_extensions(x, of_x, countof(of_x));
    ck_assert_int_eq(X509_check_ca(ca), 1);
    ck_assert_int_eq(X509_check_ca(x), 0);
    ck_assert_int_eq(X509_check_issued(ca, x), X509_V_OK);
    ck_assert_int_eq(X509_verify(x, X509_get0_pubkey(ca)), 1);
    ck_assert_int_eq(X509_verify(ca, X509_get0_pubkey(ca)), 1);
    ck_assert_int_eq(X509_check_private_key(x, key), 1);
    ck_assert_int_eq(X509_get_key_usage(ca),
                     KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT | KU_KEY_CERT_SIGN);
    ck_assert_int_eq(X509_get_key_usage(x), KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT);
    ck_assert_int_eq(X509_get_extended_key_usage(x), XKU_SSL_SERVER | XKU_SSL_CLIENT);
    ck_assert_int_eq(X509_check_host(x, "any.b.example", 0, 0, NULL), 1);
    ck_assert_int_eq(X509_check_ip_asc(x, "10.0.0.1", 0), 1);
    ck_assert_int_eq(X509_check_ip_asc(x, "::1", 0), 1);
    ck_assert_int_eq(X509_check_ip_asc(x, "10.0.0.2", 0), 0);
    ck_assert_int_eq(days_valid(ca), 365);
    ck_assert_int_eq(days_valid(x), 30);
    EVP_PKEY_free(key);
    X509_free(x);
    X509_free(ca);
    context_free(cx);
}
END_TEST

/* The certificate of a template and the key behind it belong together. */
static void expect_self_signed(const char *template, int id)
{
    struct context *cx = test_context();
    str pem = render(cx, template);
    X509 *x = read_certificate(&pem);
    EVP_PKEY *key = read_key(pem);
    ck_assert_int_eq(EVP_PKEY_get_base_id(key), id);
    ck_assert_int_eq(X509_check_private_key(x, key), 1);
    ck_assert_int_eq(X509_verify(x, key), 1);
    ck_assert_int_eq(X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(x)), 0);
    EVP_PKEY_free(key);
    X509_free(x);
    context_free(cx);
}

START_TEST(certificates_are_made_for_keys_of_every_kind)
{
    expect_self_signed("{{ with genSelfSignedCert \"x\" nil nil 1 }}{{ .Cert }}{{ .Key }}{{ end }}",
                       EVP_PKEY_RSA);
    expect_self_signed("{{ with genSelfSignedCertWithKey \"x\" nil nil 1 (genPrivateKey \"ecdsa\")"
                       " }}{{ .Cert }}{{ .Key }}{{ end }}",
                       EVP_PKEY_EC);
    expect_self_signed("{{ with genCAWithKey \"x\" 1 (genPrivateKey \"ed25519\") }}"
                       "{{ .Cert }}{{ .Key }}{{ end }}",
                       EVP_PKEY_ED25519);
    expect_self_signed("{{ $ca := genCAWithKey \"ca\" 1 (genPrivateKey \"ecdsa\") }}"
                       "{{ with buildCustomCert (b64enc $ca.Cert) (b64enc $ca.Key) }}"
                       "{{ .Cert }}{{ .Key }}{{ end }}",
                       EVP_PKEY_EC);
}
END_TEST

START_TEST(a_key_of_another_certificate_signs_nothing)
{
    struct context *cx = test_context();
    str out;
    ck_assert(!chart_render(cx,
                            S("{{ $a := genCAWithKey \"a\" 1 (genPrivateKey \"ecdsa\") }}"
                              "{{ $b := genPrivateKey \"ecdsa\" }}"
                              "{{ $c := buildCustomCert (b64enc $a.Cert) (b64enc $b) }}"
                              "{{ genSignedCertWithKey \"x\" nil nil 1 $c $b }}"),
                            S(""), &out, NULL));
    ck_assert(
        str_has(test_diagnostics(cx), S("provided PrivateKey doesn't match parent's PublicKey")));
    context_free(cx);
}
END_TEST

START_TEST(a_deterministic_run_repeats_itself)
{
    static const char template[] =
        "{{ randAlphaNum 20 }} {{ uuidv4 }} {{ shuffle \"abcdefghij\" }} {{ randInt 0 1000000 }} "
        "{{ randBytes 8 }} {{ htpasswd \"u\" \"p\" }} {{ encryptAES \"k\" \"text\" }} "
        "{{ now | unixEpoch }} {{ (genCA \"ca\" 1).Cert }} {{ genPrivateKey \"ecdsa\" }}";
    str first = { 0 };
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct context *cx = test_context();
        cx->switches.deterministic = true;
        cx->seed = seed == 2 ? 1 : seed;
        str out = render(cx, template);
        ck_assert_uint_eq(cx->diags.warnings, 10);
        if (seed == 1)
            first = (str){ strndup(out.at, out.len), out.len };
        else
            ck_assert_int_eq(str_eq(out, first), seed == 2);
        context_free(cx);
    }
    free((char *)first.at);
}
END_TEST

START_TEST(what_would_be_too_large_is_refused)
{
    static const char *const templates[] = {
        "{{ repeat 1000000000 \"0123456789\" }}",
        "{{ until 1000000000 }}",
        "{{ indent 9000000000 \"a\" }}",
        "{{ randAlpha 9000000000 }}",
        "{{ randBytes 9000000000 }}",
        "{{ seq 1 9000000000 }}",
        "{{ untilStep 0 9000000000000 1 }}",
        "{{ replace \"a\" (repeat 100000 \"b\") "
        "(repeat 100000 \"a\") }}",
        "{{ join (repeat 100000 \"b\") (until 10000) }}",
        "{{ wrapWith 1 (repeat 100000 \"b\") (repeat 100000 \"a\") }}",
    };
    for (size_t i = 0; i < countof(templates); i++) {
        struct context *cx = test_context();
        str out;
        ck_assert(!chart_render(cx, str_from(templates[i]), S(""), &out, NULL));
        ck_assert_msg(str_has(test_diagnostics(cx), S("a string can have")), "%s", templates[i]);
        context_free(cx);
    }
}
END_TEST

/* Each level holds the one below it twice. */
START_TEST(shared_parts_do_not_multiply_without_end)
{
    static const char *const ends[] = {
        "toJson $x",
        "toToml (list $l)",
        "merge (dict \"a\" $x) (dict \"a\" $y)",
    };
    for (size_t i = 0; i < countof(ends); i++) {
        struct context *cx = test_context();
        str out,
            template =
                str_format(cx->arena,
                           "{{ $x := dict }}{{ $y := dict }}{{ $l := list }}{{ range until 40 }}"
                           "{{ $x = dict \"a\" $x \"b\" $x }}{{ $y = dict \"a\" $y \"b\" $y }}"
                           "{{ $l = list $l $l }}{{ end }}{{ %s }}",
                           ends[i]);
        cx->limits.max[LIMIT_STEPS] = 10000000;
        ck_assert_msg(!chart_render(cx, template, S(""), &out, NULL), "%s", ends[i]);
        context_free(cx);
    }
}
END_TEST

TCase *functions_tests(void)
{
    TCase *t = tcase_create("functions");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, every_function_of_helm_is_there_and_no_other);
    tcase_add_test(t, private_keys_are_sound);
    tcase_add_test(t, a_signed_certificate_leads_to_its_authority);
    tcase_add_test(t, certificates_are_made_for_keys_of_every_kind);
    tcase_add_test(t, a_key_of_another_certificate_signs_nothing);
    tcase_add_test(t, a_deterministic_run_repeats_itself);
    tcase_add_test(t, what_would_be_too_large_is_refused);
    tcase_add_test(t, shared_parts_do_not_multiply_without_end);
    return t;
}
