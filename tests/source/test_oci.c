/* Registries that are servers, by one on the loopback interface that does what it must not. */
#include "render/source/oci.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "render/base/digest.h"
#include "render/source/docker_credentials.h"
#include "render/source/oci_challenge.h"
#include "render/source/oci_push.h"
#include "tests/source/tree.h"

#define SECRET "den-of-the-fox"

extern char **environ;

struct server {
    char host[32];
    int feed;
    pid_t pid;
};

/* Its standard input is a pipe of ours: it ends when we do. */
static struct server start(const char *mode, const char *argument)
{
    struct server s;
    int in[2], out[2];
    char *argv[] = {
        "python3", TESTDATA "/../tests/source/registry.py", ".", (char *)mode, (char *)argument,
        NULL
    };
    posix_spawn_file_actions_t actions;
    char port[16] = "";
    ck_assert_int_eq(pipe2(in, O_CLOEXEC) | pipe2(out, O_CLOEXEC), 0);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    ck_assert_int_eq(posix_spawnp(&s.pid, argv[0], &actions, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    ck_assert_int_gt(read(out[0], port, sizeof port - 1), 0);
    close(out[0]);
    snprintf(s.host, sizeof s.host, "127.0.0.1:%d", atoi(port));
    s.feed = in[1];
    return s;
}

static void stop(struct server s)
{
    close(s.feed);
    waitpid(s.pid, NULL, 0);
}

static void set_up(void)
{
    static const char *const proxies[] = { "http_proxy", "HTTP_PROXY",  "https_proxy",
                                           "all_proxy",  "HTTPS_PROXY", "ALL_PROXY" };
    for (size_t i = 0; i < countof(proxies); i++)
        unsetenv(proxies[i]);
    unsetenv("DOCKER_CONFIG");
    unsetenv("REGISTRY_AUTH_FILE");
    unsetenv("XDG_RUNTIME_DIR");
    unsetenv("XDG_CACHE_HOME");
    tree_make("mkdir home");
}

static struct image_ref image(struct context *cx, const struct server *s, const char *name)
{
    struct image_ref ref;
    str text = str_format(cx->arena, "%s/%s:v1", s->host, name);
    ck_assert(image_ref_parse(cx, text, NOWHERE, &ref));
    return ref;
}

/* A message with the server's port taken out. */
static str said(struct context *cx, const struct server *s)
{
    str all = str_replace_all(cx->arena, test_diagnostics(cx), str_from(s->host), S("HOST"));
    cx->diags.first = cx->diags.last = NULL;
    return all;
}

static str asked(struct context *cx)
{
    return tree_bytes(cx, "asked");
}

static uint32_t count_of(str all, str part)
{
    uint32_t n = 0;
    for (ptrdiff_t at; (at = str_find(all, part)) >= 0; n++)
        all = str_skip(all, (size_t)at + part.len);
    return n;
}

/* Everything that a check of an image asks for. */
static bool check(struct context *cx, struct registry *r, struct image_ref ref)
{
    struct descriptor d;
    struct platforms p;
    if (!registry_resolve(cx, r, ref, NOWHERE, &d) || !registry_manifest(cx, r, ref, d, NOWHERE)
        || !registry_platforms(cx, r, ref, d, NOWHERE, &p))
        return false;
    for (uint32_t i = 0; i < p.len; i++) {
        if (!registry_manifest(cx, r, ref, p.at[i].manifest, NOWHERE))
            return false;
    }
    return true;
}

START_TEST(an_image_is_found_and_hashed)
{
    struct context *cx = test_context();
    struct server s = start("open", NULL);
    struct registry *r = oci_registry(cx, NULL);
    struct image_ref ref = image(cx, &s, "good");
    struct descriptor d, again;
    ck_assert(check(cx, r, ref));
    expect_said(cx, "");
    ck_assert(registry_resolve(cx, r, ref, NOWHERE, &d));
    ref.digest = d.digest;
    ck_assert(registry_resolve(cx, r, ref, NOWHERE, &again));
    expect_same(again.digest, d.digest);
    ck_assert_uint_eq(again.size, d.size);
    /* /v2/, HEAD, the index, two platforms: nothing twice. */
    ck_assert_uint_eq(count_of(asked(cx), S("\n")), 5);
    stop(s);
    context_free(cx);
}
END_TEST

START_TEST(what_is_expected_is_asked_for_at_once)
{
    struct context *cx = test_context();
    struct server s = start("open", NULL);
    struct registry *r = oci_registry(cx, NULL);
    struct image_ref refs[] = { image(cx, &s, "good"), image(cx, &s, "missing"),
                                image(cx, &s, "good"), image(cx, &s, "silent"),
                                image(cx, &s, "lies") };
    ck_assert(registry_expect(cx, r, refs, countof(refs), NOWHERE));
    expect_said(cx, "");
    uint32_t before = count_of(asked(cx), S("\n"));
    ck_assert(check(cx, r, refs[0]));
    ck_assert(check(cx, r, refs[3]));
    expect_said(cx, "");
    ck_assert(!check(cx, r, refs[1]));
    expect_str(said(cx, &s), "error: the registry 'HOST' has no image 'HOST/missing:v1'\n");
    ck_assert(!check(cx, r, refs[4]));
    ck_assert_uint_eq(count_of(asked(cx), S("\n")), before);
    stop(s);
    context_free(cx);
}
END_TEST

static const struct {
    const char *name;
    int status; /* of the program */
    const char *said;
} refused[] = {
    { "missing", 2, "has no image 'HOST/missing:v1'" },
    { "lies", 1, "in the registry 'HOST' have another digest" },
    { "liar", 1, "in the registry 'HOST' have another digest" },
    { "longer", 1, "in the registry 'HOST' have another digest" },
    { "huge", 1, "the manifest of 'HOST/huge:v1' has 5242880 bytes; 4 MiB is the limit" },
    { "endless", 3, "the answer is larger than 4194304 bytes (GET http://HOST/v2/endless/" },
    { "algorithm", 2, "'md5'" },
    { "md5", 2, "'md5'" },
    { "old", 1, "has a schema 1 manifest, which has no stable digest" },
    { "mixed", 1, "but its own bytes say otherwise" },
    { "broken", 3, "the registry 'HOST' answers with status 503" },
    { "denied", 3, "the registry 'HOST' does not let us in (status 403, HEAD http://HOST/v2/" },
    { "plain", 3, "redirected to another host without TLS, which is refused" },
    { "moved", 3, "redirected to what is no http address" },
};

START_TEST(what_a_registry_must_not_do_is_refused)
{
    struct context *cx = test_context();
    struct server s = start("open", "ftp://127.0.0.1");
    struct registry *r = oci_registry(cx, NULL);
    for (size_t i = 0; i < countof(refused); i++) {
        cx->limits.deadline_ns = 0;
        limits_timeout(&cx->limits, 5000000000u);
        ck_assert_msg(!check(cx, r, image(cx, &s, refused[i].name)), "%s", refused[i].name);
        ck_assert_msg(diag_exit_status(cx) == refused[i].status, "%s: %d", refused[i].name,
                      diag_exit_status(cx));
        str all = said(cx, &s);
        ck_assert_msg(str_has(all, str_from(refused[i].said)), "%s: %.*s", refused[i].name,
                      STR(all));
    }
    stop(s);
    context_free(cx);
}
END_TEST

START_TEST(what_is_odd_but_right_is_taken)
{
    static const char *const names[] = { "silent", "headless", "busy" };
    struct context *cx = test_context();
    struct server s = start("open", NULL);
    struct registry *r = oci_registry(cx, NULL);
    for (size_t i = 0; i < countof(names); i++) {
        ck_assert(check(cx, r, image(cx, &s, names[i])));
        expect_said(cx, "");
    }
    stop(s);
    context_free(cx);
}
END_TEST

START_TEST(a_registry_that_is_down_is_asked_once)
{
    struct context *cx = test_context();
    struct server s = { .host = "127.0.0.1:1" };
    struct registry *r = oci_registry(cx, NULL);
    limits_timeout(&cx->limits, 1000000000u);
    ck_assert(!check(cx, r, image(cx, &s, "good")));
    ck_assert_int_eq(diag_exit_status(cx), 3);
    expect_str(said(cx, &s), "error: Couldn't connect to server (GET http://HOST/v2/)\n");
    ck_assert(!check(cx, r, image(cx, &s, "other")));
    expect_str(said(cx, &s), "error: Couldn't connect to server (GET http://HOST/v2/)\n");
    cx->switches.offline = true;
    s.host[10] = '2';
    ck_assert(!check(cx, r, image(cx, &s, "good")));
    ck_assert_int_eq(diag_exit_status(cx), 3);
    expect_str(said(cx, &s), "error: this needs the network (GET http://HOST/v2/)\n"
                             "hint: --offline forbids it\n");
    context_free(cx);
}
END_TEST

/* A file like Docker's, with the fox's password for a host; base64 by the shell. */
static void log_in(const struct server *s)
{
    char line[256];
    snprintf(line, sizeof line,
             "mkdir -p home/.docker; printf '{\"auths\":{\"%s\":{\"auth\":\"%%s\"}}}' "
             "$(printf fox:" SECRET " | base64) >home/.docker/config.json",
             s->host);
    tree_run(line);
}

static struct context *context_at_home(void)
{
    struct context *cx = test_context();
    cx->home = str_cstr(cx->arena, str_concat(cx->arena, tree_path(), S("/home")));
    return cx;
}

START_TEST(passwords_and_tokens_are_told_who_asks_for_them)
{
    static const char *const modes[] = { "basic", "bearer" };
    struct server s = start(modes[_i], NULL);
    struct context *cx = context_at_home();
    ck_assert(!check(cx, oci_registry(cx, NULL), image(cx, &s, "good")));
    ck_assert_int_eq(diag_exit_status(cx), 3);
    str all = said(cx, &s);
    ck_assert_msg(str_has(all, _i ? S("its token server answers with status 401")
                                  : S("does not let us in (status 401")),
                  "%.*s", STR(all));
    ck_assert(!oci_ping(cx, oci_registry(cx, NULL), str_from(s.host), NOWHERE));
    context_free(cx);

    log_in(&s);
    cx = context_at_home();
    struct registry *r = oci_registry(cx, NULL);
    ck_assert(check(cx, r, image(cx, &s, "good")));
    expect_said(cx, "");
    ck_assert(oci_ping(cx, r, str_from(s.host), NOWHERE));
    /* One token for a repository, however much of it is asked for. */
    ck_assert_uint_le(count_of(asked(cx), S("Basic")), 9);
    if (_i)
        ck_assert_uint_eq(count_of(asked(cx), S("scope=repository%3Agood%3Apull Basic")), 1);
    context_free(cx);

    cx = test_context();
    struct oci_settings who = { .host = S(""), .user = S("fox"), .password = S(SECRET) };
    struct oci_options options = { .settings = &who, .len = 1 };
    ck_assert(check(cx, oci_registry(cx, &options), image(cx, &s, "good")));
    expect_said(cx, "");
    stop(s);
    context_free(cx);
}
END_TEST

START_TEST(a_token_is_renewed_when_it_is_too_old)
{
    struct server s = start("bearer", "1");
    log_in(&s);
    struct context *cx = context_at_home();
    struct registry *r = oci_registry(cx, NULL);
    struct image_ref ref = image(cx, &s, "good");
    struct tags tags;
    ck_assert(check(cx, r, ref));
    usleep(1100000);
    ck_assert(registry_tags(cx, r, ref, NOWHERE, &tags));
    ck_assert_uint_eq(count_of(asked(cx), S("/token?")), 2);
    /* Here the server takes only the newest that it gave: another repository's. */
    ck_assert(check(cx, r, image(cx, &s, "silent")));
    ck_assert(registry_tags(cx, r, ref, NOWHERE, &tags));
    expect_said(cx, "");
    stop(s);
    context_free(cx);
}
END_TEST

START_TEST(an_identity_is_told_in_a_form)
{
    struct server s = start("bearer", NULL);
    char line[256];
    snprintf(line, sizeof line,
             "mkdir -p home/.docker; printf '{\"auths\":{\"%s\":{\"identitytoken\":"
             "\"nectar-of-the-rose\"}}}' >home/.docker/config.json",
             s.host);
    tree_run(line);
    struct context *cx = context_at_home();
    ck_assert(check(cx, oci_registry(cx, NULL), image(cx, &s, "good")));
    expect_said(cx, "");
    ck_assert_uint_eq(count_of(asked(cx), S("POST /token -")), 1);
    ck_assert(!str_has(asked(cx), S("nectar")));
    stop(s);
    context_free(cx);
}
END_TEST

START_TEST(a_helper_is_asked)
{
    struct server s = start("basic", NULL);
    tree_run("mkdir -p home/.docker bin\n"
             "cat >bin/docker-credential-den <<'END'\n"
             "#!/bin/sh\n"
             "echo \"$* $(cat)\" >>calls\n"
             "[ -e quiet ] && { echo credentials not found in native keychain; exit 1; }\n"
             "[ -e broken ] && { echo " SECRET "; exit 1; }\n"
             "echo '{\"Username\":\"fox\",\"Secret\":\"" SECRET "\"}'\n"
             "END\n"
             "sed -i \"s|>>calls|>>$PWD/calls|; s|-e |-e $PWD/|\" bin/docker-credential-den\n"
             "chmod +x bin/docker-credential-den\n"
             "echo '{\"credsStore\":\"den\"}' >home/.docker/config.json");
    struct context *cx = context_at_home();
    str path = str_format(cx->arena, "%.*s/bin:%s", STR(tree_path()), getenv("PATH"));
    setenv("PATH", str_cstr(cx->arena, path), 1);
    ck_assert(check(cx, oci_registry(cx, NULL), image(cx, &s, "good")));
    expect_said(cx, "");
    expect_same(tree_bytes(cx, "calls"), str_format(cx->arena, "get %s\n", s.host));
    tree_run("touch quiet");
    ck_assert(!check(cx, oci_registry(cx, NULL), image(cx, &s, "good")));
    ck_assert_uint_eq(cx->diags.warnings, 0);
    cx->diags.first = cx->diags.last = NULL;
    tree_run("rm quiet; touch broken");
    ck_assert(!check(cx, oci_registry(cx, NULL), image(cx, &s, "good")));
    str all = said(cx, &s);
    ck_assert(str_has(all, S("warning: the credential helper 'docker-credential-den' failed\n")));
    ck_assert(!str_has(all, S(SECRET)));
    stop(s);
    context_free(cx);
}
END_TEST

START_TEST(secrets_go_to_their_host_alone)
{
    struct server other = start("open", NULL);
    char address[64];
    snprintf(address, sizeof address, "http://%s", other.host);
    struct server s = start("basic", address);
    log_in(&s);
    struct context *cx = context_at_home();
    struct registry *r = oci_registry(cx, NULL);
    ck_assert(check(cx, r, image(cx, &s, "moved")));
    expect_said(cx, "");
    str all = asked(cx);
    ck_assert_uint_gt(count_of(all, S("/v2/moved/manifests/v1 Basic")), 0);
    ck_assert_uint_gt(count_of(all, S("/v2/good/manifests/v1 -\n")), 0);
    ck_assert_uint_eq(count_of(all, S("/v2/good/manifests/v1 Basic")), 0);
    stop(s);

    /* A token server elsewhere, without TLS. */
    s = start("foreign", "http://192.0.2.1/token");
    log_in(&s);
    ck_assert(!check(cx, oci_registry(cx, NULL), image(cx, &s, "good")));
    expect_str(said(cx, &s), "error: the registry 'HOST' can't be asked: it names a token server "
                             "without TLS, which is refused\n");
    stop(s);

    /* What was told comes back. */
    s = start("echo", NULL);
    log_in(&s);
    context_free(cx);
    cx = context_at_home();
    ck_assert(!check(cx, oci_registry(cx, NULL), image(cx, &s, "echo")));
    all = said(cx, &s);
    ck_assert_msg(str_has(all, S("its answer holds the secret that it was told")), "%.*s",
                  STR(all));
    ck_assert(!str_has(all, S(SECRET)));
    stop(s);
    stop(other);
    context_free(cx);
}
END_TEST

START_TEST(tls_is_needed_and_never_left)
{
    tree_run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
             "-subj /CN=fox -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem "
             "2>/dev/null");
    struct server s = start("tls", ".");
    struct context *cx = test_context();
    struct oci_settings strict = { .host = S(""), .authorities_pem = tree_bytes(cx, "cert.pem") };
    struct oci_options options = { .settings = &strict, .len = 1 };
    struct registry *r = oci_registry(cx, &options);
    ck_assert(check(cx, r, image(cx, &s, "good")));
    expect_said(cx, "");
    ck_assert(!check(cx, r, image(cx, &s, "plain")));
    str all = said(cx, &s);
    ck_assert_msg(str_has(all, S("redirected from https to http, which is refused")), "%.*s",
                  STR(all));
    /* An authority of nobody's. */
    ck_assert(!check(cx, oci_registry(cx, NULL), image(cx, &s, "good")));
    ck_assert_int_eq(diag_exit_status(cx), 3);
    cx->diags.first = cx->diags.last = NULL;
    strict.authorities_pem = S("");
    strict.authorities = "cert.pem";
    ck_assert(check(cx, oci_registry(cx, &options), image(cx, &s, "good")));
    expect_said(cx, "");
    stop(s);
    context_free(cx);
}
END_TEST

START_TEST(lists_have_pages)
{
    static const char *const names[] = { "good", "tagged" };
    struct server s = start("open", NULL);
    struct context *cx = test_context();
    struct registry *r = oci_registry(cx, NULL);
    struct tags tags;
    struct descriptor d;
    struct referrers found;
    ck_assert(registry_tags(cx, r, image(cx, &s, "good"), NOWHERE, &tags));
    ck_assert_uint_eq(tags.len, 3);
    expect_str(tags.at[2], "v3");
    for (size_t i = 0; i < countof(names); i++) {
        struct image_ref ref = image(cx, &s, names[i]);
        ck_assert(registry_resolve(cx, r, ref, NOWHERE, &d));
        ck_assert(registry_referrers(cx, r, ref, d.digest, NOWHERE, &found));
        ck_assert_uint_eq(found.len, 3);
        expect_str(found.at[2].artifact_type, "test/2");
        ck_assert_ptr_nonnull(registry_manifest(cx, r, ref, found.at[2].manifest, NOWHERE));
    }
    /* The host is known to have no list by now. */
    ck_assert(registry_referrers(cx, r, image(cx, &s, "silent"), d.digest, NOWHERE, &found));
    ck_assert_uint_eq(found.len, 0);
    expect_said(cx, "");
    stop(s);
    context_free(cx);
}
END_TEST

START_TEST(what_is_about_images_is_asked_for_at_once)
{
    struct server s = start("open", NULL);
    struct context *cx = test_context();
    struct registry *r = oci_registry(cx, NULL);
    struct image_ref refs[] = { image(cx, &s, "tagged"), image(cx, &s, "silent") };
    str digests[2];
    struct descriptor d;
    struct referrers found;
    ck_assert(registry_resolve(cx, r, refs[0], NOWHERE, &d));
    digests[0] = digests[1] = d.digest;
    ck_assert(registry_expect_about(cx, r, refs, digests, 2, "sig", NOWHERE));
    expect_said(cx, "");
    uint32_t before = count_of(asked(cx), S("\n"));
    ck_assert(registry_referrers(cx, r, refs[0], d.digest, NOWHERE, &found));
    ck_assert_uint_eq(found.len, 3);
    for (uint32_t i = 0; i < found.len; i++)
        ck_assert_ptr_nonnull(registry_manifest(cx, r, refs[0], found.at[i].manifest, NOWHERE));
    struct image_ref signature = refs[1];
    bool there = true;
    signature.tag =
        str_concat(cx->arena, str_replace_all(cx->arena, d.digest, S(":"), S("-")), S(".sig"));
    ck_assert(registry_find(cx, r, signature, NOWHERE, &d, &there) && !there);
    ck_assert_uint_eq(count_of(asked(cx), S("\n")), before);
    stop(s);
    context_free(cx);
}
END_TEST

START_TEST(blobs_are_hashed_and_kept)
{
    struct server s = start("open", NULL);
    struct context *cx = context_at_home();
    struct descriptor d = { .size = 15 };
    d.digest =
        str_concat(cx->arena, S("sha256:"), digest_sha256_hex(cx->arena, S("a blob of bytes")));
    struct registry *r = oci_registry(cx, NULL);
    ck_assert_ptr_null(registry_blob(cx, r, image(cx, &s, "lies"), d, NOWHERE));
    ck_assert_int_eq(diag_exit_status(cx), 1);
    cx->diags.first = cx->diags.last = NULL;
    ck_assert_ptr_null(registry_blob(cx, r, image(cx, &s, "endless"), d, NOWHERE));
    ck_assert(str_has(said(cx, &s), S("the answer is larger than 15 bytes")));
    expect_text(registry_blob(cx, r, image(cx, &s, "good"), d, NOWHERE), "a blob of bytes");
    uint32_t before = count_of(asked(cx), S("\n"));
    expect_text(registry_blob(cx, oci_registry(cx, NULL), image(cx, &s, "good"), d, NOWHERE),
                "a blob of bytes");
    ck_assert_uint_eq(count_of(asked(cx), S("\n")), before);
    /* What somebody has written into the cache is asked for again. */
    tree_run("for f in home/.cache/hoist/blobs/*; do printf 'b blob of bytes' >$f; done");
    expect_text(registry_blob(cx, r, image(cx, &s, "good"), d, NOWHERE), "a blob of bytes");
    ck_assert_uint_gt(count_of(asked(cx), S("\n")), before);
    d.size = (uint64_t)1 << 40;
    ck_assert_ptr_null(registry_blob(cx, r, image(cx, &s, "good"), d, NOWHERE));
    ck_assert_int_eq(diag_exit_status(cx), 1);
    stop(s);
    context_free(cx);
}
END_TEST

START_TEST(mirrors_answer_for_digests)
{
    struct server s = start("open", NULL), mirror = start("open", NULL);
    struct context *cx = test_context();
    str where = str_format(cx->arena, "%s", mirror.host);
    struct oci_settings one = { .host = str_from(s.host), .mirrors = &where, .mirror_count = 1 };
    struct oci_options options = { .settings = &one, .len = 1 };
    struct descriptor d;
    struct registry *r = oci_registry(cx, &options);
    struct image_ref ref = image(cx, &s, "good");
    ck_assert(registry_resolve(cx, r, ref, NOWHERE, &d));
    stop(s);
    ck_assert_ptr_nonnull(registry_manifest(cx, r, ref, d, NOWHERE));
    expect_said(cx, "");
    stop(mirror);
    /* Now it is the mirror that is away. */
    s = start("open", NULL);
    one.host = str_from(s.host);
    limits_timeout(&cx->limits, 10000000000u);
    ck_assert(check(cx, oci_registry(cx, &options), image(cx, &s, "good")));
    expect_said(cx, "");
    /* And it may stand for the host altogether. */
    one = (struct oci_settings){ .host = S("ghcr.io"), .location = str_from(s.host) };
    struct image_ref far;
    ck_assert(image_ref_parse(cx, S("ghcr.io/good:v1"), NOWHERE, &far));
    ck_assert(check(cx, oci_registry(cx, &options), far));
    stop(s);
    context_free(cx);
}
END_TEST

static const struct {
    str header;
    enum oci_auth auth;
    str realm, service, scope;
} challenges[] = {
    { S("Basic realm=\"x\""), AUTH_BASIC, S("x"), S(""), S("") },
    { S("Bearer realm=\"https://a/t\",service=\"a, b\",scope=\"repository:x:pull,push\""),
      AUTH_BEARER, S("https://a/t"), S("a, b"), S("repository:x:pull,push") },
    { S("Negotiate, basic realm=\"x\", BEARER Realm=https://a/t , service = s"), AUTH_BEARER,
      S("https://a/t"), S("s"), S("") },
    { S("Bearer realm=\"a\\\"b\", Basic realm=\"y\""), AUTH_BEARER, S("a\"b"), S(""), S("") },
    { S("Bearer service=\"s\""), AUTH_NONE, S(""), S(""), S("") },
    { S("Digest realm=\"x\""), AUTH_NONE, S(""), S(""), S("") },
    { S("\"\"=,,\"=\"\"\"\" =="), AUTH_NONE, S(""), S(""), S("") },
    { S("Basic realm=\"x"), AUTH_BASIC, S("x"), S(""), S("") },
};

START_TEST(a_challenge_is_taken_apart)
{
    struct context *cx = test_context();
    struct http_header header = { S("www-authenticate"), challenges[_i].header };
    struct http_answer answer = { .headers = &header, .header_count = 1 };
    struct oci_challenge c = oci_challenge_read(cx->arena, &answer);
    ck_assert_int_eq(c.auth, challenges[_i].auth);
    expect_same(c.realm, challenges[_i].realm);
    expect_same(c.service, challenges[_i].service);
    expect_same(c.scope, challenges[_i].scope);
    context_free(cx);
}
END_TEST

static const struct {
    const char *host, *path, *user;
} logins[] = {
    { "ghcr.io", "acme/web", "acme" },
    { "ghcr.io", "acme", "acme" },
    { "ghcr.io", "acmeweb", "all" },
    { "GHCR.io", "other/web", "all" },
    { "docker.io", "library/x", "whale" },
    { "quay.io", "a/b", "pair" },
    { "old.io", "a/b", "old" },
    { "none.io", "a/b", "" },
    { "io", "a/b", "" },
    { "podman.io", "a/b", "pod" },
};

START_TEST(the_nearest_entry_counts)
{
    tree_run("mkdir run run/containers; cat >config.json <<END\n"
             "{\"auths\":{\n"
             "\"https://index.docker.io/v1/\":{\"auth\":\"$(printf whale:x | base64)\"},\n"
             "\"ghcr.io\":{\"auth\":\"$(printf all:x | base64)\"},\n"
             "\"ghcr.io/acme\":{\"auth\":\"$(printf acme:x | base64)\"},\n"
             "\"quay.io\":{\"username\":\"pair\",\"password\":\"x\"},\n"
             "\"https://old.io/v2/\":{\"auth\":\"$(printf 'old:x\\000' | base64)\"},\n"
             "\"none.io\":{}}}\n"
             "END\n"
             "printf '{\"auths\":{\"podman.io\":{\"auth\":\"%s\"}}}' $(printf pod:x | base64) "
             ">run/containers/auth.json");
    struct context *cx = context_at_home();
    str run = str_concat(cx->arena, tree_path(), S("/run"));
    setenv("XDG_RUNTIME_DIR", str_cstr(cx->arena, run), 1);
    setenv("DOCKER_CONFIG", str_cstr(cx->arena, tree_path()), 1);
    struct docker_config *config = docker_config_read(cx, NULL, NOWHERE);
    ck_assert_ptr_nonnull(config);
    struct registry_login login =
        docker_login(cx, config, str_from(logins[_i].host), str_from(logins[_i].path), NOWHERE);
    expect_same(login.user, str_from(logins[_i].user));
    expect_same(login.password, str_from(logins[_i].user[0] ? "x" : ""));
    expect_said(cx, "");
    context_free(cx);
}
END_TEST

START_TEST(a_file_that_is_no_json_is_said_without_its_bytes)
{
    tree_run("mkdir -p home/.docker; echo '{\"auths\": \"" SECRET "\",}' "
             ">home/.docker/config.json");
    struct context *cx = context_at_home();
    ck_assert_ptr_null(docker_config_read(cx, NULL, NOWHERE));
    str all = test_diagnostics(cx);
    ck_assert(str_has(all, S("/home/.docker/config.json' is no JSON object")));
    ck_assert(!str_has(all, S(SECRET)));
    context_free(cx);
}
END_TEST

static bool push(struct context *cx, const struct server *s, const char *name, str *digest)
{
    struct oci_settings fox = { .user = S("fox"), .password = S(SECRET) };
    struct oci_options *options = NEW(cx->arena, struct oci_options);
    struct oci_blob *blobs = NEW_ARRAY(cx->arena, struct oci_blob, 2);
    *options = (struct oci_options){ .settings = arena_copy(cx->arena, &fox, sizeof fox),
                                     .len = 1,
                                     .no_cache = true };
    blobs[0].bytes = S("{}");
    blobs[1].bytes = S("the bytes of a chart");
    for (size_t i = 0; i < 2; i++)
        blobs[i].digest =
            str_concat(cx->arena, S("sha256:"), digest_sha256_hex(cx->arena, blobs[i].bytes));
    struct oci_artifact a = { image(cx, s, name), blobs, 2, S("{\"schemaVersion\": 2}"),
                              S("application/vnd.oci.image.manifest.v1+json") };
    return oci_push(cx, oci_talk_begin(cx, options), &a, NOWHERE, digest);
}

static const char *const push_modes[] = { "open", "basic", "bearer" };

START_TEST(what_is_pushed_arrives_once)
{
    struct context *cx = test_context();
    struct server s = start(push_modes[_i], NULL);
    str digest;
    ck_assert(push(cx, &s, "good", &digest));
    expect_said(cx, "");
    ck_assert_uint_eq(count_of(tree_bytes(cx, "sent"), S("PUT good sha256:")), 3);
    ck_assert(str_has(tree_bytes(cx, "sent"), digest));
    ck_assert(push(cx, &s, "near", &digest)); /* another repository has the same bytes */
    ck_assert_uint_eq(count_of(tree_bytes(cx, "sent"), S("PUT near sha256:")), 1);
    stop(s);
    context_free(cx);
}
END_TEST

START_TEST(what_is_not_taken_is_said)
{
    static const struct {
        const char *mode, *name;
        str said;
    } rows[] = {
        { "open", "full",
          S("error: the registry 'HOST' answers with status 507 (POST "
            "http://HOST/v2/full/blobs/uploads/)\n") },
        { "bearer", "far", S("error: the registry 'HOST' wants bytes to be sent elsewhere\n") },
    };
    for (size_t i = 0; i < countof(rows); i++) {
        struct context *cx = test_context();
        struct server s = start(rows[i].mode, NULL);
        str digest;
        ck_assert(!push(cx, &s, rows[i].name, &digest));
        expect_same(said(cx, &s), rows[i].said);
        ck_assert_int_ne(access("sent", F_OK), 0);
        stop(s);
        context_free(cx);
    }
}
END_TEST

TCase *oci_tests(void)
{
    TCase *t = tcase_create("oci");
    tcase_add_checked_fixture(t, set_up, tree_remove);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, an_image_is_found_and_hashed);
    tcase_add_test(t, what_is_expected_is_asked_for_at_once);
    tcase_add_test(t, what_a_registry_must_not_do_is_refused);
    tcase_add_test(t, what_is_odd_but_right_is_taken);
    tcase_add_test(t, a_registry_that_is_down_is_asked_once);
    tcase_add_loop_test(t, passwords_and_tokens_are_told_who_asks_for_them, 0, 2);
    tcase_add_test(t, a_token_is_renewed_when_it_is_too_old);
    tcase_add_test(t, an_identity_is_told_in_a_form);
    tcase_add_test(t, a_helper_is_asked);
    tcase_add_test(t, secrets_go_to_their_host_alone);
    tcase_add_test(t, tls_is_needed_and_never_left);
    tcase_add_test(t, lists_have_pages);
    tcase_add_test(t, what_is_about_images_is_asked_for_at_once);
    tcase_add_test(t, blobs_are_hashed_and_kept);
    tcase_add_test(t, mirrors_answer_for_digests);
    tcase_add_loop_test(t, what_is_pushed_arrives_once, 0, countof(push_modes));
    tcase_add_test(t, what_is_not_taken_is_said);
    tcase_add_loop_test(t, a_challenge_is_taken_apart, 0, countof(challenges));
    tcase_add_loop_test(t, the_nearest_entry_counts, 0, countof(logins));
    tcase_add_test(t, a_file_that_is_no_json_is_said_without_its_bytes);
    return t;
}
