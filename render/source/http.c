/* Requests by libcurl, a handle each.
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

enum { REDIRECTS_MOST = 10, TRIES_MOST = 4, HEADERS_MOST = 256 * 1024, RETRY_AFTER_MOST_S = 60 };

struct curl_calls {
    __typeof__(curl_global_init) *global_init;
    __typeof__(curl_easy_init) *init;
    __typeof__(curl_easy_cleanup) *cleanup;
    __typeof__(curl_easy_setopt) *setopt;
    __typeof__(curl_easy_perform) *perform;
    __typeof__(curl_easy_getinfo) *getinfo;
    __typeof__(curl_easy_strerror) *strerror;
    __typeof__(curl_slist_append) *list_append;
    __typeof__(curl_slist_free_all) *list_free;
};
static struct curl_calls curl;
#define ROW(member, symbol) LIBRARY_SYMBOL(struct curl_calls, member, symbol)
static const struct library_symbol curl_symbols[] = {
    ROW(global_init, curl_global_init),  ROW(init, curl_easy_init),
    ROW(cleanup, curl_easy_cleanup),     ROW(setopt, curl_easy_setopt),
    ROW(perform, curl_easy_perform),     ROW(getinfo, curl_easy_getinfo),
    ROW(strerror, curl_easy_strerror),   ROW(list_append, curl_slist_append),
    ROW(list_free, curl_slist_free_all),
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

/* One request on its way: all tries, all redirects. */
struct exchange {
    struct context *cx;
    const struct http_request *request;
    struct http_answer *answer;
    CURL *handle;
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
            return report(e->cx, r->pos, "a header for '%.*s' holds a line end",
                          STR(describe_now(e)));
        str line = str_format(e->cx->arena, h.value.len ? "%.*s: %.*s" : "%.*s;%.*s", STR(h.name),
                              STR(h.value));
        add_header(e, str_cstr(e->cx->arena, line));
    }
    curl.setopt(e->handle, CURLOPT_HTTPHEADER, e->headers);
    return true;
}

static void set_body(struct exchange *e)
{
    const struct http_request *r = e->request;
    if (!e->bare && r->body.len) {
        curl.setopt(e->handle, CURLOPT_POST, 1L);
        curl.setopt(e->handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.len);
        curl.setopt(e->handle, CURLOPT_POSTFIELDS, r->body.at);
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
    if (file && *file)
        curl.setopt(e->handle, CURLOPT_CAINFO, file);
    if (r->certificate)
        curl.setopt(e->handle, CURLOPT_SSLCERT, r->certificate);
    if (r->key)
        curl.setopt(e->handle, CURLOPT_SSLKEY, r->key);
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
    curl.setopt(e->handle, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl.setopt(e->handle, CURLOPT_ACCEPT_ENCODING, "");
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
        return report(e->cx, e->request->pos, "an address must begin with http:// or https://");
    if (!e->home.len)
        e->home = origin;
    bool at_home = str_eq(origin, e->home);
    curl.setopt(e->handle, CURLOPT_URL, str_cstr(e->cx->arena, e->url));
    set_body(e);
    set_user(e, at_home);
    return set_headers(e, at_home);
}

static str seconds(struct context *cx, uint64_t ns)
{
    return str_format(cx->arena, "%.3gs", (double)ns / 1e9);
}

static bool report_late(struct exchange *e)
{
    struct context *cx = e->cx;
    return report_surroundings(cx, e->request->pos, "no answer within %.*s (%.*s)",
                               STR(seconds(cx, e->deadline_ns - e->begun_ns)),
                               STR(describe_now(e)));
}

static bool report_code(struct exchange *e, CURLcode code)
{
    struct context *cx = e->cx;
    struct pos pos = e->request->pos;
    if (e->body.too_much || e->head.too_much)
        return report_surroundings(cx, pos, "the answer is larger than %zu bytes (%.*s)",
                                   e->body.too_much ? e->body.most : e->head.most,
                                   STR(describe_now(e)));
    if (code == CURLE_OPERATION_TIMEDOUT)
        return report_late(e);
    return report_surroundings(cx, pos, "%s (%.*s)", curl.strerror(code), STR(describe_now(e)));
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
        if (str_starts(line, S("HTTP/")))
            answer->header_count = 0; /* what came before was a 100 */
        else if (str_cut(line, ':', &h.name, &h.value)) {
            h.value = str_trim(h.value);
            ARENA_PUSH(e->cx->arena, answer->headers, answer->header_count, answer->header_cap);
            answer->headers[answer->header_count++] = h;
        }
    }
}

/* Nanoseconds that a server asks to wait for; 0 when it does not say. Dates are rare, and
 * taken for "not now". */
static uint64_t retry_after(const struct http_answer *answer)
{
    str value = http_header(answer, S("Retry-After"));
    uint64_t s = 0;
    for (size_t i = 0; i < value.len; i++) {
        if (value.at[i] < '0' || value.at[i] > '9')
            return 0;
        s = s * 10 + (uint64_t)(value.at[i] - '0');
        if (s > RETRY_AFTER_MOST_S)
            s = RETRY_AFTER_MOST_S;
    }
    return s * 1000000000u;
}

/* Waits before the next try; false when the time would not suffice. */
static bool wait_a_while(struct exchange *e, int try, uint64_t asked_ns)
{
    uint64_t ns = asked_ns ? asked_ns : (uint64_t)200000000u << (2 * (unsigned)try);
    if (now_ns() + ns >= e->deadline_ns)
        return false;
    struct timespec t = { (time_t)(ns / 1000000000u), (long)(ns % 1000000000u) };
    nanosleep(&t, NULL);
    return true;
}

static CURLcode perform(struct exchange *e)
{
    uint64_t now = now_ns();
    if (now >= e->deadline_ns)
        return CURLE_OPERATION_TIMEDOUT;
    e->body.len = e->head.len = 0;
    curl.setopt(e->handle, CURLOPT_TIMEOUT_MS, (long)((e->deadline_ns - now) / 1000000 + 1));
    return curl.perform(e->handle);
}

/* One address, tried again while it may help. */
static bool ask(struct exchange *e)
{
    for (int try = 0;; try++) {
        bool last = e->request->once || try + 1 == TRIES_MOST;
        CURLcode code = perform(e);
        if (code != CURLE_OK) {
            if (last || !is_passing(code) || !wait_a_while(e, try, 0))
                return report_code(e, code);
            continue;
        }
        long status = 0;
        curl.getinfo(e->handle, CURLINFO_RESPONSE_CODE, &status);
        e->answer->status = (int)status;
        read_headers(e);
        /* A server that is broken rather than busy gets one more chance. */
        bool again = status == 429 || status > 501 || (status == 500 && try == 0);
        if (last || !again || !wait_a_while(e, try, retry_after(e->answer)))
            return true;
    }
}

static bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static bool follow(struct exchange *e)
{
    char *to = NULL;
    str before = S(""), after = S("");
    curl.getinfo(e->handle, CURLINFO_REDIRECT_URL, &to);
    str url = str_dup(e->cx->arena, str_from(to));
    http_origin(e->cx, e->url, &before);
    if (!http_origin(e->cx, url, &after))
        return report_surroundings(e->cx, e->request->pos,
                                   "redirected to what is no http address (%.*s)",
                                   STR(describe_now(e)));
    if (str_starts(before, S("https:")) && !str_starts(after, S("https:")))
        return report_surroundings(e->cx, e->request->pos,
                                   "redirected from https to http, which is refused (%.*s)",
                                   STR(describe_now(e)));
    int status = e->answer->status;
    if (status == 303 || (status <= 302 && e->request->body.len)) {
        e->bare = true;
        e->method = S("");
    }
    e->url = url;
    return true;
}

static bool run(struct exchange *e)
{
    for (int redirects = 0;; redirects++) {
        if (!prepare(e) || !ask(e))
            return false;
        if (!is_redirect(e->answer->status) || !http_header(e->answer, S("Location")).len)
            return true;
        if (redirects == REDIRECTS_MOST)
            return report_surroundings(e->cx, e->request->pos, "more than %d redirects (%.*s)",
                                       REDIRECTS_MOST, STR(describe_now(e)));
        if (!follow(e))
            return false;
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

static struct exchange *new_exchange(struct context *cx, const struct http_request *r,
                                     struct http_answer *answer)
{
    struct exchange *e = NEW(cx->arena, struct exchange);
    e->cx = cx;
    e->request = r;
    e->answer = answer;
    e->url = r->url;
    e->method = r->method;
    e->body.most = r->most ? r->most : HTTP_MOST;
    e->head.most = HEADERS_MOST;
    e->begun_ns = now_ns();
    e->deadline_ns = e->begun_ns + (r->timeout_ns ? r->timeout_ns : HTTP_TIMEOUT_NS);
    uint64_t whole = cx->limits.deadline_ns;
    if (whole && whole < e->deadline_ns)
        e->deadline_ns = whole;
    e->handle = curl.init();
    arena_defer(cx->arena, end_exchange, e);
    return e;
}

bool http_request(struct context *cx, const struct http_request *r, struct http_answer *out)
{
    *out = (struct http_answer){ 0 };
    if (cx->switches.offline) {
        report_surroundings(cx, r->pos, "this needs the network (%.*s)", STR(http_describe(cx, r)));
        hint(cx, NOWHERE, "--offline forbids it");
        return false;
    }
    if (!limit_count(cx, LIMIT_FILES, 1, r->pos) || !start(cx))
        return false;
    struct exchange *e = new_exchange(cx, r, out);
    if (!e->handle)
        return report_surroundings(cx, r->pos, "can't start a request");
    set_always(e);
    bool ok = run(e);
    if (ok) {
        out->body = str_dup(cx->arena, arrived(&e->body));
        out->url = e->url;
    }
    end_exchange(e);
    return ok;
}
