/* A host is first asked for /v2/, which tells whether it is there, and what it wants to know:
 * nothing, a password, or a token of a server that it names, for each repository another one.
 *
 * Passwords go to the host they are for, and to the token server that it names: by TLS, or on
 * the host itself. Nothing leads from TLS to plain HTTP. On the loopback interface plain HTTP is
 * tried first, as most who listen there speak nothing else. */
#include "render/source/oci_talk.h"

#include "render/base/buf.h"
#include "render/base/encode.h"
#include "render/base/limits.h"
#include "render/doc/json_read.h"
#include "render/doc/scalar.h"
#include "render/source/docker_credentials.h"
#include "render/source/oci_challenge.h"

#include <time.h>

enum { PING_MOST = 1 << 20, TOKEN_LIFE_S = 60, TOKEN_LIFE_MOST_S = 3600, HEADERS_EACH = 3 };
#define BLOB_TIMEOUT_NS 120000000000u

static const struct oci_options no_options = { 0 };
static const struct oci_settings no_settings = { .host = { "", 0 } };

static const str accepted =
    S("application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
      "application/vnd.docker.distribution.manifest.list.v2+json, "
      "application/vnd.docker.distribution.manifest.v2+json");

struct oci_endpoint {
    str name;     /* whom we have credentials for */
    str location; /* HOST[:PORT] */
    str prefix;   /* before each repository: "", "cache/" */
    const struct oci_settings *settings;
    str base; /* "https://ghcr.io"; "" until we know */
    bool down;
    struct http_answer ping;
    struct oci_challenge challenge;
    str refusal; /* why its challenge can't be met; "" for none */
};

struct token {
    str value;
    uint64_t until_ns;
    struct http_answer answer; /* when there is no value */
    struct http_request request;
    const struct oci_endpoint *endpoint;
    str scope;
    str path;
};

struct oci_talk {
    const struct oci_options *options;
    struct http_pool *pool;
    struct docker_config *config; /* read when first needed */
    bool config_failed;
    struct map endpoints; /* by name and location */
    struct map tokens;    /* by endpoint and scope */
};

struct oci_talk *oci_talk_begin(struct context *cx, const struct oci_options *options)
{
    struct oci_talk *t = NEW(cx->arena, struct oci_talk);
    t->options = options ? options : &no_options;
    t->pool = http_pool(cx);
    t->endpoints.arena = t->tokens.arena = cx->arena;
    return t;
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* --- where --- */

static const struct oci_settings *settings_of(const struct oci_talk *t, str host)
{
    for (uint32_t i = 0; i < t->options->len; i++) {
        const struct oci_settings *s = &t->options->settings[i];
        if (!s->host.len || str_eq(s->host, host))
            return s;
    }
    return &no_settings;
}

static struct oci_endpoint *endpoint_at(struct context *cx, struct oci_talk *t, str name,
                                        str location, const struct oci_settings *settings)
{
    str key = str_format(cx->arena, "%.*s %.*s", STR(name), STR(location));
    struct oci_endpoint *e = map_get(&t->endpoints, key);
    if (e)
        return e;
    e = NEW(cx->arena, struct oci_endpoint);
    map_put(&t->endpoints, key, e);
    e->name = name;
    e->settings = settings;
    str_cut(location, '/', &e->location, &e->prefix);
    if (e->prefix.len)
        e->prefix = str_concat(cx->arena, str_trim_suffix(e->prefix, S("/")), S("/"));
    return e;
}

static struct oci_endpoint *own_endpoint(struct context *cx, struct oci_talk *t, str host)
{
    const struct oci_settings *s = settings_of(t, host);
    str location = s->location.len                ? s->location
                   : str_eq(host, S("docker.io")) ? S("registry-1.docker.io")
                                                  : host;
    str name, path;
    str_cut(s->location, '/', &name, &path);
    return endpoint_at(cx, t, name.len ? name : host, location, s);
}

/* Mirrors first, then the host itself; NULL behind the last. */
static struct oci_endpoint *endpoint_number(struct context *cx, struct oci_talk *t,
                                            const struct oci_question *q, uint32_t number)
{
    const struct oci_settings *s = settings_of(t, q->ref.host);
    uint32_t mirrors = q->by_digest ? s->mirror_count : 0;
    if (number > mirrors)
        return NULL;
    if (number == mirrors)
        return own_endpoint(cx, t, q->ref.host);
    str name, path;
    str_cut(s->mirrors[number], '/', &name, &path);
    return endpoint_at(cx, t, name, s->mirrors[number], settings_of(t, name));
}

static str base_of(struct context *cx, const struct oci_endpoint *e, bool plain)
{
    return str_format(cx->arena, "http%s://%.*s", plain ? "" : "s", STR(e->location));
}

static struct http_request request_to(const struct oci_endpoint *e, str url, struct pos pos)
{
    return (struct http_request){ .url = url,
                                  .plain_at_home = true,
                                  .verbatim = true,
                                  .authorities = e->settings->authorities,
                                  .authorities_pem = e->settings->authorities_pem,
                                  .certificate = e->settings->certificate,
                                  .key = e->settings->key,
                                  .unverified = e->settings->unverified,
                                  .pos = pos };
}

/* --- who --- */

static bool is_tls(str address)
{
    return str_starts(address, S("https://"));
}

/* Is this the address of the very host, or one that no other machine sees? */
static bool is_near(struct context *cx, const struct oci_endpoint *e, str address)
{
    str own, other;
    if (!http_origin(cx, e->base, &own) || !http_origin(cx, address, &other))
        return false;
    return str_eq(own, other) || (http_is_loopback(own) && http_is_loopback(other));
}

static void take_challenge(struct context *cx, struct oci_endpoint *e,
                           const struct http_answer *answer)
{
    str origin;
    e->challenge = oci_challenge_read(cx->arena, answer);
    e->refusal = S("");
    if (e->challenge.auth != AUTH_BEARER)
        return;
    if (!http_origin(cx, e->challenge.realm, &origin))
        e->refusal = S("its token server has no http address");
    else if (!is_tls(origin) && !is_near(cx, e, origin))
        e->refusal = S("it names a token server without TLS, which is refused");
}

static bool read_config(struct context *cx, struct oci_talk *t, struct pos pos)
{
    if (!t->config && !t->config_failed) {
        t->config = docker_config_read(cx, t->options->config, pos);
        t->config_failed = !t->config;
    }
    return t->config;
}

static struct registry_login login_for(struct context *cx, struct oci_talk *t,
                                       const struct oci_endpoint *e, str path, struct pos pos)
{
    struct registry_login none = { .identity = S("") };
    if (e->settings->user.len || e->settings->password.len)
        return (struct registry_login){ e->settings->user, e->settings->password, S("") };
    return read_config(cx, t, pos) ? docker_login(cx, t->config, e->name, path, pos) : none;
}

static str token_url(struct context *cx, const struct oci_endpoint *e, str scope)
{
    struct buf b;
    buf_init(&b, cx->arena, 256);
    buf_str(&b, e->challenge.realm);
    buf_char(&b, str_has_char(e->challenge.realm, '?') ? '&' : '?');
    if (e->challenge.service.len) {
        buf_str(&b, S("service="));
        encode_query(&b, e->challenge.service);
        buf_char(&b, '&');
    }
    buf_str(&b, S("scope="));
    encode_query(&b, scope);
    return buf_take(&b);
}

static str token_form(struct context *cx, const struct oci_endpoint *e, str scope, str identity)
{
    struct buf b;
    buf_init(&b, cx->arena, 256);
    buf_str(&b, S("grant_type=refresh_token&client_id=hoist&service="));
    encode_query(&b, e->challenge.service);
    buf_str(&b, S("&scope="));
    encode_query(&b, scope);
    buf_str(&b, S("&refresh_token="));
    encode_query(&b, identity);
    return buf_take(&b);
}

static void prepare_token(struct context *cx, struct oci_talk *t, struct token *token,
                          struct pos pos)
{
    static const struct http_header form = { S("Content-Type"),
                                             S("application/x-www-form-urlencoded") };
    const struct oci_endpoint *e = token->endpoint;
    struct registry_login login = login_for(cx, t, e, token->path, pos);
    struct http_request *r = &token->request;
    *r = request_to(e, token_url(cx, e, token->scope), pos);
    r->most = PING_MOST;
    if (login.identity.len) {
        r->url = e->challenge.realm;
        r->body = token_form(cx, e, token->scope, login.identity);
        r->headers = &form;
        r->header_count = 1;
    }
    r->user = login.user;
    r->password = login.password;
}

/* A server that says no more means a minute. */
static uint64_t life_of(struct context *cx, const struct node *answer)
{
    const struct node *n = node_get_text(cx, answer, S("expires_in"));
    bool negative = false;
    uint64_t s = 0;
    if (!node_is(n, NODE_INT) || !scalar_int(n->text, &negative, &s) || negative || !s)
        s = TOKEN_LIFE_S;
    s = s > TOKEN_LIFE_MOST_S ? TOKEN_LIFE_MOST_S : s;
    return (s - s / 10) * 1000000000u;
}

static void take_token(struct context *cx, struct token *token)
{
    static const str names[] = { S("token"), S("access_token") };
    if (token->answer.status != 200)
        return;
    const struct node *answer = json_try(cx, text_add(cx, S("a token"), token->answer.body));
    for (size_t i = 0; !token->value.len && i < countof(names); i++) {
        const struct node *value = node_get_text(cx, answer, names[i]);
        if (node_is(value, NODE_STRING))
            token->value = value->text;
    }
    token->until_ns = now_ns() + life_of(cx, answer);
}

static str token_key(struct context *cx, const struct oci_question *q)
{
    return str_format(cx->arena, "%.*s %.*s %.*s", STR(q->endpoint->name),
                      STR(q->endpoint->location), STR(q->scope));
}

static bool needs_token(const struct oci_question *q)
{
    const struct oci_endpoint *e = q->endpoint;
    return !e->down && !e->refusal.len && e->challenge.auth == AUTH_BEARER;
}

/* The tokens that questions need and that are not there yet. */
static bool fetch_tokens(struct context *cx, struct oci_talk *t, struct oci_question **all,
                         uint32_t n)
{
    struct token **wanted = NEW_ARRAY(cx->arena, struct token *, n);
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct oci_question *q = all[i];
        if (!needs_token(q))
            continue;
        str key = token_key(cx, q);
        struct token *token = map_get(&t->tokens, key);
        if (token && !token->request.url.len)
            continue; /* another question asks for it right now */
        if (token && token->value.len && now_ns() < token->until_ns)
            continue;
        token = NEW(cx->arena, struct token);
        *token = (struct token){ .endpoint = q->endpoint, .scope = q->scope, .path = q->ref.path };
        map_put(&t->tokens, key, token);
        wanted[count++] = token;
    }
    struct http_request *requests = NEW_ARRAY(cx->arena, struct http_request, count);
    struct http_answer *answers = NEW_ARRAY(cx->arena, struct http_answer, count);
    for (uint32_t i = 0; i < count; i++) {
        prepare_token(cx, t, wanted[i], all[0]->pos);
        requests[i] = wanted[i]->request;
    }
    if (t->config_failed || !http_requests(cx, t->pool, requests, answers, count))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        wanted[i]->answer = answers[i];
        take_token(cx, wanted[i]);
    }
    return true;
}

/* --- asking --- */

/* One /v2/ for each of the endpoints in a list. */
static bool ping_all(struct context *cx, struct oci_talk *t, struct oci_endpoint **list, uint32_t n,
                     bool first, struct pos pos)
{
    struct http_request *requests = NEW_ARRAY(cx->arena, struct http_request, n);
    struct http_answer *answers = NEW_ARRAY(cx->arena, struct http_answer, n);
    for (uint32_t i = 0; i < n; i++) {
        struct oci_endpoint *e = list[i];
        bool probe = http_is_loopback(e->location) && !e->settings->authorities
                     && !e->settings->authorities_pem.len;
        bool plain = e->settings->plain_http || (probe && (first || e->ping.no_connection));
        e->base = base_of(cx, e, plain);
        requests[i] = request_to(e, str_concat(cx->arena, e->base, S("/v2/")), pos);
        requests[i].once = first && probe && !e->settings->plain_http;
        requests[i].most = PING_MOST;
    }
    if (!http_requests(cx, t->pool, requests, answers, n))
        return false;
    for (uint32_t i = 0; i < n; i++)
        list[i]->ping = answers[i];
    return true;
}

/* Plain HTTP was but a guess: nobody listens yet, or what listens wants TLS. */
static bool needs_second_ping(const struct oci_endpoint *e)
{
    return !is_tls(e->base) && !e->settings->plain_http
           && (e->ping.status == 0 || e->ping.status == 400);
}

static bool find_endpoints(struct context *cx, struct oci_talk *t, struct oci_question **all,
                           uint32_t n)
{
    struct oci_endpoint **list = NEW_ARRAY(cx->arena, struct oci_endpoint *, n);
    struct oci_endpoint **second = NEW_ARRAY(cx->arena, struct oci_endpoint *, n);
    uint32_t count = 0, more = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct oci_endpoint *e = all[i]->endpoint;
        if (e->base.len)
            continue;
        e->base = S("http");
        list[count++] = e;
    }
    if (!ping_all(cx, t, list, count, true, n ? all[0]->pos : NOWHERE))
        return false;
    struct http_answer *plain = NEW_ARRAY(cx->arena, struct http_answer, count);
    for (uint32_t i = 0; i < count; i++) {
        plain[more] = list[i]->ping;
        if (needs_second_ping(list[i]))
            second[more++] = list[i];
    }
    if (!ping_all(cx, t, second, more, false, n ? all[0]->pos : NOWHERE))
        return false;
    /* Who speaks neither has answered best to what most speak. */
    for (uint32_t i = 0; i < more; i++) {
        if (!second[i]->ping.status && plain[i].failure.len)
            second[i]->ping = plain[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        list[i]->down = !list[i]->ping.status;
        if (list[i]->ping.status == 401)
            take_challenge(cx, list[i], &list[i]->ping);
    }
    return true;
}

static void set_failure(struct context *cx, struct oci_question *q, const char *what)
{
    q->answer = (struct http_answer){ .failure_class = DIAG_SURROUNDINGS };
    q->answer.failure = str_format(cx->arena, "the registry '%.*s' can't be asked: %s",
                                   STR(q->endpoint->name), what);
}

/* False when the question can't be put, which is then its answer. */
static bool authorize(struct context *cx, struct oci_talk *t, struct oci_question *q,
                      struct http_header *headers)
{
    struct oci_endpoint *e = q->endpoint;
    struct http_request *r = &q->request;
    if (e->down) {
        q->answer = e->ping;
        return false;
    }
    if (e->refusal.len) {
        set_failure(cx, q, str_cstr(cx->arena, e->refusal));
        return false;
    }
    if (e->challenge.auth == AUTH_BASIC) {
        struct registry_login login = login_for(cx, t, e, q->ref.path, q->pos);
        r->user = login.user;
        r->password = login.password;
    }
    if (e->challenge.auth != AUTH_BEARER)
        return true;
    const struct token *token = map_get(&t->tokens, token_key(cx, q));
    if (token && token->value.len) {
        headers[r->header_count++] =
            (struct http_header){ S("Authorization"),
                                  str_concat(cx->arena, S("Bearer "), token->value) };
        return true;
    }
    if (token && !token->answer.status && token->answer.failure.len) {
        q->answer = token->answer;
        return false;
    }
    int status = token ? token->answer.status : 0;
    str why = status == 200
                  ? S("its token server gives no token")
                  : str_format(cx->arena, "its token server answers with status %d", status);
    set_failure(cx, q, str_cstr(cx->arena, why));
    return false;
}

static void prepare(struct context *cx, struct oci_question *q)
{
    const struct oci_endpoint *e = q->endpoint;
    struct buf b;
    buf_init(&b, cx->arena, 256);
    if (str_starts(q->what, S("/"))) {
        buf_format(&b, "%.*s%.*s", STR(e->base), STR(q->what));
    } else {
        buf_format(&b, "%.*s/v2/%.*s", STR(e->base), STR(e->prefix));
        encode_percent(&b, q->ref.path, S("/"));
        buf_format(&b, "/%.*s", STR(q->what));
    }
    q->request = request_to(e, buf_take(&b), q->pos);
    q->request.method = q->method;
    q->request.body = q->body;
    q->request.most = q->most;
    q->request.timeout_ns = str_starts(q->what, S("blobs/")) || q->body.len ? BLOB_TIMEOUT_NS : 0;
}

static bool holds(str body, str secret)
{
    enum { SHORTEST = 8 };
    return secret.len >= SHORTEST && str_has(body, secret);
}

/* What was told to a server must not come back to stand in a message. */
static bool is_echo(struct context *cx, const struct oci_question *q)
{
    const struct http_request *r = &q->request;
    str body = q->answer.body, scheme, token = S("");
    struct buf basic;
    buf_init(&basic, cx->arena, 64);
    if (r->password.len)
        encode_base64(&basic, BASE64_STD,
                      str_format(cx->arena, "%.*s:%.*s", STR(r->user), STR(r->password)));
    for (uint32_t i = 0; i < r->header_count; i++) {
        if (str_eq(r->headers[i].name, S("Authorization")))
            str_cut(r->headers[i].value, ' ', &scheme, &token);
    }
    return holds(body, token) || holds(body, r->password) || holds(body, buf_view(&basic));
}

/* One round: all of them, with what we know of their hosts. */
static bool ask_round(struct context *cx, struct oci_talk *t, struct oci_question **all, uint32_t n)
{
    struct http_request *requests = NEW_ARRAY(cx->arena, struct http_request, n);
    struct http_answer *answers = NEW_ARRAY(cx->arena, struct http_answer, n);
    struct oci_question **asked = NEW_ARRAY(cx->arena, struct oci_question *, n);
    uint32_t count = 0;
    if (!find_endpoints(cx, t, all, n) || !fetch_tokens(cx, t, all, n))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        struct oci_question *q = all[i];
        struct http_header *headers = NEW_ARRAY(cx->arena, struct http_header, HEADERS_EACH);
        prepare(cx, q);
        q->request.headers = headers;
        if (!str_starts(q->what, S("blobs/")))
            headers[q->request.header_count++] = (struct http_header){ S("Accept"), accepted };
        if (q->body_type.len)
            headers[q->request.header_count++] =
                (struct http_header){ S("Content-Type"), q->body_type };
        if (!authorize(cx, t, q, headers))
            continue;
        requests[count] = q->request;
        asked[count++] = q;
    }
    if (t->config_failed || !http_requests(cx, t->pool, requests, answers, count))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        asked[i]->answer = answers[i];
        if (is_echo(cx, asked[i]))
            set_failure(cx, asked[i], "its answer holds the secret that it was told");
    }
    return true;
}

static str scope_for(struct context *cx, const struct oci_question *q)
{
    return str_format(cx->arena, "repository:%.*s%.*s:%s", STR(q->endpoint->prefix),
                      STR(q->ref.path), q->writes ? "pull,push" : "pull");
}

/* What a host wants to know may differ from what it said at its door; a token may be too old. */
static bool learn(struct context *cx, struct oci_talk *t, struct oci_question *q)
{
    if (q->answer.status != 401 || q->again)
        return false;
    q->again = true;
    bool had_password = q->endpoint->challenge.auth == AUTH_BASIC;
    if (q->endpoint->challenge.auth == AUTH_BEARER)
        map_put(&t->tokens, token_key(cx, q), NULL);
    take_challenge(cx, q->endpoint, &q->answer);
    if (q->endpoint->challenge.scope.len)
        q->scope = q->endpoint->challenge.scope;
    return q->endpoint->challenge.auth == AUTH_BEARER
           || (q->endpoint->challenge.auth == AUTH_BASIC && !had_password);
}

static bool ask_endpoints(struct context *cx, struct oci_talk *t, struct oci_question **all,
                          uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        all[i]->scope = scope_for(cx, all[i]);
        all[i]->again = false;
    }
    if (!ask_round(cx, t, all, n))
        return false;
    struct oci_question **second = NEW_ARRAY(cx->arena, struct oci_question *, n);
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (learn(cx, t, all[i]))
            second[count++] = all[i];
    }
    return !count || ask_round(cx, t, second, count);
}

bool oci_ask(struct context *cx, struct oci_talk *t, struct oci_question *questions, uint32_t n)
{
    struct oci_question **open = NEW_ARRAY(cx->arena, struct oci_question *, n);
    for (uint32_t number = 0;; number++) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < n; i++) {
            struct oci_question *q = &questions[i];
            struct oci_endpoint *e = endpoint_number(cx, t, q, number);
            if (!e || q->answer.status == 200)
                continue;
            q->endpoint = e;
            open[count++] = q;
        }
        if (!count)
            return true;
        if (!ask_endpoints(cx, t, open, count))
            return false;
    }
}

bool oci_talk_location(struct context *cx, const struct oci_question *q, str *what)
{
    str location = http_header(&q->answer, S("Location")), own, other;
    if (str_starts(location, S("/")) && !str_starts(location, S("//"))) {
        *what = location;
        return true;
    }
    if (!http_origin(cx, q->request.url, &own) || !http_origin(cx, location, &other)
        || !str_eq(own, other))
        return report_surroundings(cx, q->pos,
                                   "the registry '%.*s' wants bytes to be sent elsewhere",
                                   STR(q->endpoint->name));
    str rest = str_skip(location, (size_t)str_find(location, S("//")) + 2);
    *what = str_skip(rest, (size_t)str_find_char(rest, '/'));
    return str_starts(*what, S("/"));
}

bool oci_report(struct context *cx, const struct oci_question *q)
{
    int status = q->answer.status;
    str name = q->endpoint->name;
    if (!status)
        return report_class(cx, q->answer.failure_class, q->pos, "%.*s", STR(q->answer.failure));
    if (status != 401 && status != 403)
        return report_surroundings(cx, q->pos, "the registry '%.*s' answers with status %d (%.*s)",
                                   STR(name), status, STR(http_describe(cx, &q->request)));
    report_surroundings(cx, q->pos, "the registry '%.*s' does not let us in (status %d, %.*s)",
                        STR(name), status, STR(http_describe(cx, &q->request)));
    hint(cx, NOWHERE, "'docker login %.*s' writes the credentials that are looked for", STR(name));
    return false;
}

bool oci_talk_ping(struct context *cx, struct oci_talk *t, str host, struct pos from)
{
    struct oci_question q = { .ref = { .host = host }, .what = S("/v2/"), .pos = from };
    q.most = PING_MOST;
    if (!oci_ask(cx, t, &q, 1))
        return false;
    return q.answer.status == 200 || oci_report(cx, &q);
}
