/* Requests by libcurl, a handle each, several at a time over the connections of a pool.
 *
 * Redirects are followed here and not by libcurl: a secret must not reach another host, and
 * https must not become http. A body is collected outside the arena, since leaving a full
 * arena through libcurl's frames would break its state. */
#include "render/source/http.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

#include "render/base/library.h"

enum {
    REDIRECTS_MOST = 10,
    TRIES_MOST = 4,
    HEADERS_MOST = 256 * 1024,
    RETRY_AFTER_MOST_S = 60,
    AT_ONCE = 16,
    POLL_MOST_MS = 1000
};

struct curl_calls {
    __typeof__(curl_global_init) *global_init;
    __typeof__(curl_easy_init) *init;
    __typeof__(curl_easy_cleanup) *cleanup;
    __typeof__(curl_easy_setopt) *setopt;
    __typeof__(curl_multi_init) *pool_init;
    __typeof__(curl_multi_cleanup) *pool_cleanup;
    __typeof__(curl_multi_add_handle) *pool_add;
    __typeof__(curl_multi_remove_handle) *pool_remove;
    __typeof__(curl_multi_perform) *pool_perform;
    __typeof__(curl_multi_info_read) *pool_read;
    __typeof__(curl_multi_poll) *pool_poll;
    __typeof__(curl_easy_getinfo) *getinfo;
    __typeof__(curl_easy_strerror) *strerror;
    __typeof__(curl_slist_append) *list_append;
    __typeof__(curl_slist_free_all) *list_free;
};
static struct curl_calls curl;
#define ROW(member, symbol) LIBRARY_SYMBOL(struct curl_calls, member, symbol)
static const struct library_symbol curl_symbols[] = {
    ROW(global_init, curl_global_init),    ROW(init, curl_easy_init),
    ROW(cleanup, curl_easy_cleanup),       ROW(setopt, curl_easy_setopt),
    ROW(getinfo, curl_easy_getinfo),       ROW(strerror, curl_easy_strerror),
    ROW(list_append, curl_slist_append),   ROW(list_free, curl_slist_free_all),
    ROW(pool_init, curl_multi_init),       ROW(pool_cleanup, curl_multi_cleanup),
    ROW(pool_add, curl_multi_add_handle),  ROW(pool_remove, curl_multi_remove_handle),
    ROW(pool_perform, curl_multi_perform), ROW(pool_read, curl_multi_info_read),
    ROW(pool_poll, curl_multi_poll),
};
static struct library curl_library = { LIBRARY("libcurl.so.4", "libcurl4", curl_symbols, &curl) };

/* Bytes that arrive. */
struct arrival {
    char *at;
    size_t len;
    size_t cap;
    size_t most;
    bool too_much;
};

struct http_pool {
    CURLM *multi;
};

/* One request on its way: all tries, all redirects. */
struct exchange {
    struct context *cx;
    const struct http_request *request;
    struct http_answer *answer;
    CURLM *multi;
    CURL *handle;
    bool added; /* to the pool: it is talking */
    bool done;
    int tries;
    int redirects;
    uint64_t wake_ns; /* not to be tried before */
    struct curl_slist *headers;
    struct arrival body;
    struct arrival head;
    str url;
    str method;
    str home;  /* the origin that secrets are for */
    bool bare; /* the method has become GET without a body */
    uint64_t begun_ns;
    uint64_t deadline_ns;
};

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static size_t arrive(char *bytes, size_t size, size_t n, void *who)
{
    struct arrival *a = who;
    size_t more = size * n;
    if (more > a->most - a->len) {
        a->too_much = true;
        return 0;
    }
    if (a->len + more > a->cap) {
        size_t cap = a->cap ? a->cap * 2 : 16 * 1024;
        while (cap < a->len + more)
            cap *= 2;
        char *larger = realloc(a->at, cap);
        if (!larger)
            return 0;
        a->at = larger;
        a->cap = cap;
    }
    memcpy(a->at + a->len, bytes, more);
    a->len += more;
    return more;
}

static str arrived(const struct arrival *a)
{
    return (str){ a->at, a->len };
}

static void end_exchange(void *what)
{
    struct exchange *e = what;
    if (e->added)
        curl.pool_remove(e->multi, e->handle);
    e->added = false;
    if (e->handle)
        curl.cleanup(e->handle);
    curl.list_free(e->headers);
    free(e->body.at);
    free(e->head.at);
    e->handle = NULL;
    e->headers = NULL;
    e->body.at = e->head.at = NULL;
}

/* An address in parts; false when it is none that is asked for here. */
struct address {
    str scheme, host, port, rest;
};

static bool parse(struct arena *a, str url, struct address *out)
{
    ptrdiff_t colon = str_find(url, S("://"));
    if (colon < 0)
        return false;
    char *scheme = str_cstr(a, str_slice(url, 0, (size_t)colon));
    for (char *c = scheme; *c; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    out->scheme = str_from(scheme);
    if (!str_eq(out->scheme, S("http")) && !str_eq(out->scheme, S("https")))
        return false;
    str all = str_skip(url, (size_t)colon + 3), host, user;
    size_t end = 0;
    while (end < all.len && !str_has_char(S("/?#"), all.at[end]))
        end++;
    out->rest = str_skip(all, end);
    if (!str_cut_last(str_slice(all, 0, end), '@', &user, &host))
        host = user;
    bool six = str_starts(host, S("["));
    ptrdiff_t bracket = str_find_char(host, ']');
    str behind = six && bracket > 0 ? str_skip(host, (size_t)bracket) : host;
    ptrdiff_t at = str_find_last(behind, ':');
    out->port = at < 0 ? S("") : str_skip(behind, (size_t)at + 1);
    out->host = str_slice(host, 0, host.len - (at < 0 ? 0 : behind.len - (size_t)at));
    if (!out->port.len)
        out->port = str_eq(out->scheme, S("https")) ? S("443") : S("80");
    return out->host.len > 0;
}

bool http_origin(struct context *cx, str url, str *origin)
{
    struct address a;
    if (!parse(cx->arena, url, &a))
        return false;
    char *host = str_cstr(cx->arena, a.host);
    for (char *c = host; *c; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    *origin = str_format(cx->arena, "%.*s://%s:%.*s", STR(a.scheme), host, STR(a.port));
    return true;
}

/* 127.0.0.0/8 by its digits alone: "127.evil.example" is a name like any other. */
bool http_is_loopback(str host)
{
    str port;
    ptrdiff_t scheme = str_find(host, S("://"));
    host = scheme < 0 ? host : str_skip(host, (size_t)scheme + 3);
    if (str_starts(host, S("[::1]")))
        return true;
    str_cut(host, ':', &host, &port);
    if (str_eq(host, S("localhost")))
        return true;
    for (size_t i = 0; i < host.len; i++) {
        if (host.at[i] != '.' && (host.at[i] < '0' || host.at[i] > '9'))
            return false;
    }
    return str_starts(host, S("127."));
}

static str describe(struct context *cx, str method, str url)
{
    struct address a;
    if (!parse(cx->arena, url, &a))
        return S("an address that is not http");
    str path = a.rest, query;
    str_cut(a.rest, '#', &path, &query);
    str_cut(path, '?', &path, &query);
    bool usual = str_eq(a.port, str_eq(a.scheme, S("https")) ? S("443") : S("80"));
    return str_format(cx->arena, "%.*s %.*s://%.*s%s%.*s%.*s", STR(method.len ? method : S("GET")),
                      STR(a.scheme), STR(a.host), usual ? "" : ":", STR(usual ? S("") : a.port),
                      STR(path));
}

str http_describe(struct context *cx, const struct http_request *r)
{
    return describe(cx, r->method, r->url);
}

static str describe_now(struct exchange *e)
{
    return describe(e->cx, e->method, e->url);
}

str http_header(const struct http_answer *answer, str name)
{
    for (uint32_t i = 0; i < answer->header_count; i++) {
        str known = answer->headers[i].name;
        if (known.len == name.len && strncasecmp(known.at, name.at, name.len) == 0)
            return answer->headers[i].value;
    }
    return S("");
}

/* Ends an exchange without an answer. Always false. */
static bool fail(struct exchange *e, enum diag_class class_, const char *format, ...)
    PRINTF_LIKE(3, 4);
static bool fail(struct exchange *e, enum diag_class class_, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    e->answer->failure = str_vformat(e->cx->arena, format, args);
    va_end(args);
    e->answer->failure_class = class_;
    e->answer->status = 0;
    e->done = true;
    return false;
}

static void add_header(struct exchange *e, const char *line)
{
    struct curl_slist *longer = curl.list_append(e->headers, line);
    if (longer)
        e->headers = longer;
}

/* A line end in a value would begin a header of its own. */
static bool is_header(str s)
{
    return !str_has_char(s, '\n') && !str_has_char(s, '\r') && !str_has_char(s, 0);
}

static bool set_headers(struct exchange *e, bool at_home)
{
    const struct http_request *r = e->request;
    curl.list_free(e->headers);
    e->headers = NULL;
    add_header(e, "Expect:");
    for (uint32_t i = 0; at_home && i < r->header_count; i++) {
        struct http_header h = r->headers[i];
        if (!is_header(h.name) || !is_header(h.value))
            return fail(e, DIAG_INPUT, "a header for '%.*s' holds a line end",
                        STR(describe_now(e)));
        str line = str_format(e->cx->arena, h.value.len ? "%.*s: %.*s" : "%.*s;%.*s", STR(h.name),
                              STR(h.value));
        add_header(e, str_cstr(e->cx->arena, line));
    }
    curl.setopt(e->handle, CURLOPT_HTTPHEADER, e->headers);
    return true;
}

/* A POST without a body says that it has none: some servers refuse one that says nothing. */
static void set_body(struct exchange *e)
{
    const struct http_request *r = e->request;
    if (!e->bare && (r->body.len || str_eq(e->method, S("POST")))) {
        curl.setopt(e->handle, CURLOPT_POST, 1L);
        curl.setopt(e->handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.len);
        curl.setopt(e->handle, CURLOPT_POSTFIELDS, r->body.len ? r->body.at : "");
    } else {
        curl.setopt(e->handle, CURLOPT_HTTPGET, 1L);
    }
    if (str_eq(e->method, S("HEAD")))
        curl.setopt(e->handle, CURLOPT_NOBODY, 1L);
    else if (e->method.len)
        curl.setopt(e->handle, CURLOPT_CUSTOMREQUEST, str_cstr(e->cx->arena, e->method));
    else
        curl.setopt(e->handle, CURLOPT_CUSTOMREQUEST, NULL);
}

/* Who we are, by a certificate, is the first host's business too. */
static void set_certificate(struct exchange *e, bool at_home)
{
    const struct http_request *r = e->request;
    curl.setopt(e->handle, CURLOPT_SSLCERT, at_home ? r->certificate : NULL);
    curl.setopt(e->handle, CURLOPT_SSLKEY, at_home ? r->key : NULL);
}

static void set_user(struct exchange *e, bool at_home)
{
    const struct http_request *r = e->request;
    bool known = at_home && (r->user.len || r->password.len);
    curl.setopt(e->handle, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    curl.setopt(e->handle, CURLOPT_USERNAME, known ? str_cstr(e->cx->arena, r->user) : NULL);
    curl.setopt(e->handle, CURLOPT_PASSWORD, known ? str_cstr(e->cx->arena, r->password) : NULL);
}

/* Go's programs take their authorities from SSL_CERT_FILE. */
static void set_tls(struct exchange *e)
{
    const struct http_request *r = e->request;
    const char *file = r->authorities ? r->authorities : getenv("SSL_CERT_FILE");
    struct curl_blob pem = { (void *)r->authorities_pem.at, r->authorities_pem.len,
                             CURL_BLOB_COPY };
    if (pem.len) {
        curl.setopt(e->handle, CURLOPT_CAINFO_BLOB, &pem);
        curl.setopt(e->handle, CURLOPT_CAPATH, NULL);
    } else if (file && *file) {
        curl.setopt(e->handle, CURLOPT_CAINFO, file);
    }
    if (r->unverified) {
        curl.setopt(e->handle, CURLOPT_SSL_VERIFYPEER, 0L);
        curl.setopt(e->handle, CURLOPT_SSL_VERIFYHOST, 0L);
    }
}

static void set_always(struct exchange *e)
{
    curl.setopt(e->handle, CURLOPT_NOSIGNAL, 1L);
    curl.setopt(e->handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl.setopt(e->handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl.setopt(e->handle, CURLOPT_NETRC,
                (long)(e->request->netrc ? CURL_NETRC_OPTIONAL : CURL_NETRC_IGNORED));
    curl.setopt(e->handle, CURLOPT_ACCEPT_ENCODING, e->request->verbatim ? NULL : "");
    curl.setopt(e->handle, CURLOPT_USERAGENT, "hoist");
    curl.setopt(e->handle, CURLOPT_WRITEFUNCTION, arrive);
    curl.setopt(e->handle, CURLOPT_WRITEDATA, &e->body);
    curl.setopt(e->handle, CURLOPT_HEADERFUNCTION, arrive);
    curl.setopt(e->handle, CURLOPT_HEADERDATA, &e->head);
    set_tls(e);
}

/* False after a report. The user in an address is the caller's way to say one, so it too
 * goes to the first host alone. */
static bool prepare(struct exchange *e)
{
    str origin;
    if (!http_origin(e->cx, e->url, &origin) || str_has_char(e->url, 0))
        return fail(e, DIAG_INPUT, "an address must begin with http:// or https://");
    if (!e->home.len)
        e->home = origin;
    bool at_home = str_eq(origin, e->home);
    curl.setopt(e->handle, CURLOPT_URL, str_cstr(e->cx->arena, e->url));
    set_body(e);
    set_user(e, at_home);
    set_certificate(e, at_home);
    return set_headers(e, at_home);
}

static str seconds(struct context *cx, uint64_t ns)
{
    return str_format(cx->arena, "%.3gs", (double)ns / 1e9);
}

static bool fail_late(struct exchange *e)
{
    e->answer->late = true;
    return fail(e, DIAG_SURROUNDINGS, "no answer within %.*s (%.*s)",
                STR(seconds(e->cx, e->deadline_ns - e->begun_ns)), STR(describe_now(e)));
}

static bool fail_code(struct exchange *e, CURLcode code)
{
    if (e->body.too_much || e->head.too_much)
        return fail(e, DIAG_SURROUNDINGS, "the answer is larger than %zu bytes (%.*s)",
                    e->body.too_much ? e->body.most : e->head.most, STR(describe_now(e)));
    if (code == CURLE_OPERATION_TIMEDOUT)
        return fail_late(e);
    e->answer->no_connection = code == CURLE_COULDNT_CONNECT;
    return fail(e, DIAG_SURROUNDINGS, "%s (%.*s)", curl.strerror(code), STR(describe_now(e)));
}

/* What another try may mend. */
static bool is_passing(CURLcode code)
{
    return code == CURLE_COULDNT_CONNECT || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR
           || code == CURLE_GOT_NOTHING || code == CURLE_PARTIAL_FILE || code == CURLE_HTTP2
           || code == CURLE_HTTP2_STREAM;
}

static void read_headers(struct exchange *e)
{
    struct http_answer *answer = e->answer;
    str rest = str_dup(e->cx->arena, arrived(&e->head)), line;
    answer->header_count = 0;
    while (str_next_line(&rest, &line)) {
        struct http_header h;
        if (str_starts(line, S("HTTP/"))) {
            answer->header_count = 0; /* what came before was a 100 */
            str_cut(line, ' ', &h.name, &h.value);
            str_cut(h.value, ' ', &h.name, &answer->reason);
        } else if (str_cut(line, ':', &h.name, &h.value)) {
            h.value = str_trim(h.value);
            ARENA_PUSH(e->cx->arena, answer->headers, answer->header_count, answer->header_cap);
            answer->headers[answer->header_count++] = h;
        }
    }
}

/* Nanoseconds that a server asks to wait, in seconds or by a date; 0 when it does not say. */
static uint64_t retry_after(struct exchange *e)
{
    curl_off_t s = 0;
    curl.getinfo(e->handle, CURLINFO_RETRY_AFTER, &s);
    if (s < 0)
        s = 0;
    return (uint64_t)(s > RETRY_AFTER_MOST_S ? RETRY_AFTER_MOST_S : s) * 1000000000u;
}

/* Lets a while pass before the next try, longer each time and never quite the same, so that many
 * who were turned away together do not return together; false when the time would not suffice. */
static bool wait_a_while(struct exchange *e, uint64_t asked_ns)
{
    uint64_t ns = asked_ns ? asked_ns : (uint64_t)200000000u << (2 * (unsigned)(e->tries - 1));
    ns += now_ns() % (ns / 4 + 1);
    e->wake_ns = now_ns() + ns;
    return e->wake_ns < e->deadline_ns;
}

static bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* This machine apart, plain HTTP is for the host alone that it was asked for. */
static bool check_redirect(struct exchange *e, str before, str after)
{
    if (!after.len)
        return fail(e, DIAG_SURROUNDINGS, "redirected to what is no http address (%.*s)",
                    STR(describe_now(e)));
    if (str_starts(after, S("https:")))
        return true;
    if (str_starts(before, S("https:")))
        return fail(e, DIAG_SURROUNDINGS, "redirected from https to http, which is refused (%.*s)",
                    STR(describe_now(e)));
    bool near = http_is_loopback(after) && http_is_loopback(e->home);
    if (e->request->plain_at_home && !near && !str_eq(after, e->home))
        return fail(e, DIAG_SURROUNDINGS,
                    "redirected to another host without TLS, which is refused (%.*s)",
                    STR(describe_now(e)));
    return true;
}

static bool follow(struct exchange *e)
{
    char *to = NULL;
    str before = S(""), after = S("");
    curl.getinfo(e->handle, CURLINFO_REDIRECT_URL, &to);
    str url = str_dup(e->cx->arena, str_from(to));
    http_origin(e->cx, e->url, &before);
    if (!http_origin(e->cx, url, &after))
        after = S("");
    if (!check_redirect(e, before, after))
        return false;
    if (e->redirects++ == REDIRECTS_MOST)
        return fail(e, DIAG_SURROUNDINGS, "more than %d redirects (%.*s)", REDIRECTS_MOST,
                    STR(describe_now(e)));
    int status = e->answer->status;
    if (status == 303 || (status <= 302 && e->request->body.len)) {
        e->bare = true;
        e->method = S("");
    }
    e->url = url;
    e->tries = 0;
    e->wake_ns = 0;
    return true;
}

/* One try has ended: another one, the next address, or the end. */
static void advance(struct exchange *e, CURLcode code)
{
    bool last = e->request->once || ++e->tries == TRIES_MOST;
    if (code != CURLE_OK) {
        if (last || !is_passing(code) || !wait_a_while(e, 0))
            fail_code(e, code);
        return;
    }
    long status = 0;
    curl.getinfo(e->handle, CURLINFO_RESPONSE_CODE, &status);
    e->answer->status = (int)status;
    read_headers(e);
    /* A server that is broken rather than busy gets one more chance. */
    bool again = status == 429 || status > 501 || (status == 500 && e->tries == 1);
    if (!last && again && wait_a_while(e, retry_after(e)))
        return;
    if (is_redirect((int)status) && http_header(e->answer, S("Location")).len) {
        follow(e);
        return;
    }
    e->done = true;
}

/* --- several at a time --- */

static void begin_try(struct exchange *e)
{
    uint64_t now = now_ns();
    if (!e->begun_ns) {
        const struct http_request *r = e->request;
        e->begun_ns = now;
        e->deadline_ns = now + (r->timeout_ns ? r->timeout_ns : HTTP_TIMEOUT_NS);
        uint64_t whole = e->cx->limits.deadline_ns;
        if (whole && whole < e->deadline_ns)
            e->deadline_ns = whole;
    }
    if (now >= e->deadline_ns) {
        fail_code(e, CURLE_OPERATION_TIMEDOUT);
        return;
    }
    if (!prepare(e))
        return;
    e->body.len = e->head.len = 0;
    curl.setopt(e->handle, CURLOPT_TIMEOUT_MS, (long)((e->deadline_ns - now) / 1000000 + 1));
    e->added = curl.pool_add(e->multi, e->handle) == CURLM_OK;
    if (!e->added)
        fail(e, DIAG_SURROUNDINGS, "can't start a request");
}

static void finish(struct exchange *e)
{
    if (e->answer->status) {
        e->answer->body = str_dup(e->cx->arena, arrived(&e->body));
        e->answer->url = e->url;
    }
    end_exchange(e);
}

/* The exchanges that are at work; a place is kept while its exchange waits for another try, so a
 * server that asks for patience gets it from all. */
struct at_work {
    struct exchange *at[AT_ONCE];
    uint32_t len;
};

static void take_messages(CURLM *multi, struct at_work *w)
{
    int left;
    for (CURLMsg *m; (m = curl.pool_read(multi, &left));) {
        if (m->msg != CURLMSG_DONE)
            continue;
        CURLcode code = m->data.result;
        CURL *handle = m->easy_handle;
        for (uint32_t i = 0; i < w->len; i++) {
            struct exchange *e = w->at[i];
            if (e->handle != handle)
                continue;
            curl.pool_remove(multi, handle);
            e->added = false;
            advance(e, code);
        }
    }
}

/* Begins what is due and takes out what is done. */
static void tend(struct at_work *w)
{
    for (uint32_t i = 0; i < w->len;) {
        struct exchange *e = w->at[i];
        if (!e->added && !e->done && e->wake_ns <= now_ns())
            begin_try(e);
        if (!e->done) {
            i++;
            continue;
        }
        finish(e);
        w->at[i] = w->at[--w->len];
    }
}

/* How long nothing will be due but what arrives. */
static uint64_t idle_ns(const struct at_work *w)
{
    uint64_t now = now_ns(), idle = (uint64_t)POLL_MOST_MS * 1000000u;
    for (uint32_t i = 0; i < w->len; i++) {
        const struct exchange *e = w->at[i];
        if (e->added)
            continue;
        if (e->done || e->wake_ns <= now)
            return 0;
        if (e->wake_ns - now < idle)
            idle = e->wake_ns - now;
    }
    return idle;
}

static void say_progress(struct context *cx, uint32_t done, uint32_t n)
{
    if (cx->progress && n > 1)
        cx->progress->step(cx->progress, "requests", done, n);
}

static void run_all(CURLM *multi, struct exchange **all, uint32_t n)
{
    struct at_work w = { .len = 0 };
    struct context *cx = all[0]->cx;
    for (uint32_t next = 0; next < n || w.len;) {
        while (next < n && w.len < AT_ONCE)
            w.at[w.len++] = all[next++];
        tend(&w);
        say_progress(cx, next - w.len, n);
        int running;
        curl.pool_perform(multi, &running);
        take_messages(multi, &w);
        uint64_t idle = w.len ? idle_ns(&w) : 0;
        if (idle)
            curl.pool_poll(multi, NULL, 0, (int)(idle / 1000000 + 1), NULL);
    }
}

static bool start(struct context *cx)
{
    static bool started;
    if (!library_open(cx, &curl_library))
        return false;
    if (!started && curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return report_surroundings(cx, NOWHERE, "can't start libcurl");
    started = true;
    return true;
}

static void end_pool(void *what)
{
    struct http_pool *pool = what;
    if (pool->multi)
        curl.pool_cleanup(pool->multi);
    pool->multi = NULL;
}

struct http_pool *http_pool(struct context *cx)
{
    struct http_pool *pool = NEW(cx->arena, struct http_pool);
    arena_defer(cx->arena, end_pool, pool);
    return pool;
}

static struct exchange *new_exchange(struct context *cx, struct http_pool *pool,
                                     const struct http_request *r, struct http_answer *answer)
{
    struct exchange *e = NEW(cx->arena, struct exchange);
    *answer = (struct http_answer){ 0 };
    e->cx = cx;
    e->request = r;
    e->answer = answer;
    e->multi = pool->multi;
    e->url = r->url;
    e->method = r->method;
    e->body.most = r->most ? r->most : HTTP_MOST;
    e->head.most = HEADERS_MOST;
    e->handle = curl.init();
    arena_defer(cx->arena, end_exchange, e);
    if (e->handle)
        set_always(e);
    else
        fail(e, DIAG_SURROUNDINGS, "can't start a request");
    return e;
}

bool http_requests(struct context *cx, struct http_pool *pool, const struct http_request *requests,
                   struct http_answer *answers, uint32_t n)
{
    if (!n)
        return true;
    struct pos pos = requests[0].pos;
    if (cx->switches.offline) {
        report_surroundings(cx, pos, "this needs the network (%.*s)",
                            STR(http_describe(cx, requests)));
        hint(cx, NOWHERE, "--offline forbids it");
        return false;
    }
    if (!limit_count(cx, LIMIT_FILES, n, pos) || !start(cx))
        return false;
    if (!pool->multi)
        pool->multi = curl.pool_init();
    if (!pool->multi)
        return report_surroundings(cx, pos, "can't start a request");
    struct exchange **all = NEW_ARRAY(cx->arena, struct exchange *, n);
    for (uint32_t i = 0; i < n; i++)
        all[i] = new_exchange(cx, pool, &requests[i], &answers[i]);
    run_all(pool->multi, all, n);
    return true;
}

bool http_failed(struct context *cx, const struct http_request *r, const struct http_answer *answer)
{
    if (answer->status)
        return false;
    report_class(cx, answer->failure_class, r->pos, "%.*s", STR(answer->failure));
    return true;
}

bool http_request(struct context *cx, const struct http_request *r, struct http_answer *out)
{
    struct http_pool *pool = http_pool(cx);
    *out = (struct http_answer){ 0 };
    bool ok = http_requests(cx, pool, r, out, 1) && !http_failed(cx, r, out);
    end_pool(pool);
    return ok;
}
