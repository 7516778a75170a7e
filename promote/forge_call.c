/* One request to a forge.
 *
 * A POST is sent once, since it may have been done although no answer came; the algorithm
 * looks for what it made. What a forge refuses because of too many requests has not been
 * done: that is waited for and sent again, as long as the wait is short. */
#include "promote/forge_call.h"

#include <time.h>

#include "render/base/encode.h"
#include "render/base/number.h"
#include "render/doc/json_read.h"
#include "render/doc/json_write.h"

enum { LIMITED_TRIES = 4, WAIT_MOST_S = 60, WORDS_MOST = 300, ANSWER_MOST = 16 << 20 };
#define REQUEST_TIMEOUT_NS 60000000000u

str forge_escape(struct context *cx, str s)
{
    struct buf b;
    buf_init(&b, cx->arena, s.len + 16);
    encode_percent(&b, s, S(""));
    return buf_take(&b);
}

const struct node *forge_at(struct context *cx, const struct node *n, const char *path)
{
    str rest = str_from(path), key;
    while (n && str_next_field(&rest, '.', &key)) {
        uint64_t at;
        if (!node_is(n, NODE_LIST))
            n = node_get_text(cx, n, key);
        else
            n = number_uint(key, 10, 32, &at) == NUMBER_OK && at < n->len ? n->items[at] : NULL;
    }
    return n;
}

str forge_text(struct context *cx, const struct node *n, const char *path)
{
    const struct node *found = forge_at(cx, n, path);
    return found && node_is_scalar(found) && found->kind != NODE_NULL ? found->text : S("");
}

void forge_add(struct context *cx, struct words_found *list, str word)
{
    ARENA_PUSH(cx->arena, list->at, list->len, list->cap);
    list->at[list->len++] = word;
}

void forge_texts(struct context *cx, const struct node *list, const char *path,
                 struct words_found *out)
{
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        const struct node *item = list->items[i];
        str word = *path ? forge_text(cx, item, path) : node_is_scalar(item) ? item->text : S("");
        if (word.len)
            forge_add(cx, out, word);
    }
}

void forge_put_node(struct context *cx, struct node *map, const char *key, struct node *n)
{
    node_add(cx, map, intern(cx->keys, str_from(key)), n);
}

void forge_put(struct context *cx, struct node *map, const char *key, str text)
{
    forge_put_node(cx, map, key, node_string(cx, text));
}

struct node *forge_put_map(struct context *cx, struct node *map, const char *key)
{
    struct node *n = node_map(cx);
    forge_put_node(cx, map, key, n);
    return n;
}

struct node *forge_list(struct context *cx, const struct words_found *words)
{
    struct node *list = node_list(cx);
    for (uint32_t i = 0; i < words->len; i++)
        node_push(cx, list, node_string(cx, words->at[i]));
    return list;
}

/* A server may repeat what it was sent. */
static str clean(struct context *cx, const struct forge *f, str words)
{
    char *out = str_cstr(cx->arena, str_slice(words, 0, WORDS_MOST));
    for (char *c = out; *c; c++)
        *c = (char)((unsigned char)*c < ' ' || *c == 127 ? ' ' : *c);
    str safe = str_trim(str_from(out));
    if (f->token.len)
        safe = str_replace_all(cx->arena, safe, f->token, S("***"));
    return safe;
}

/* Where the forges put their sentences; the more exact first. */
str forge_words(struct context *cx, const struct forge *f, const struct forge_answer *answer)
{
    static const char *const places[] = {
        "errors.0.message", "error.message",     "message", "message.0",
        "errors.0",         "error_description", "error"
    };
    for (size_t i = 0; i < countof(places); i++) {
        str words = forge_text(cx, answer->json, places[i]);
        if (words.len)
            return clean(cx, f, words);
    }
    return S("");
}

bool forge_refused(struct context *cx, const struct forge *f, const struct forge_answer *answer,
                   const char *doing)
{
    str title = f->row->title, words = forge_words(cx, f, answer);
    report_surroundings(cx, NOWHERE, "%.*s does not let us %s: %.*s%s(status %d)", STR(title),
                        doing, STR(words), words.len ? " " : "", answer->status);
    if (answer->status == 401)
        hint(cx, NOWHERE, "the token in %s is not valid (any more)", f->row->tokens[0]);
    else if (answer->status == 403 || answer->status == 404)
        hint(cx, NOWHERE, "the token may not be allowed to see or change '%.*s%s%.*s'",
             STR(f->owner), f->owner.len ? "/" : "", STR(f->name));
    return false;
}

static str body_of(struct context *cx, const struct node *body)
{
    struct buf b;
    if (!body)
        return S("");
    buf_init(&b, cx->arena, 4096);
    struct json_style style = { .keep_html = true, .keep_order = true };
    return json_write(cx, &b, body, style) ? buf_take(&b) : S("");
}

static bool header_number(const struct http_answer *answer, str name, uint64_t *out)
{
    str value = http_header(answer, name);
    return value.len && number_uint(value, 10, 63, out) == NUMBER_OK;
}

/* GitHub's limit of what is made at once comes without numbers, too; a minute is its manual's. */
static bool is_secondary(const struct http_answer *answer)
{
    return answer->status == 403 && str_has(answer->body, S("secondary rate limit"));
}

/* Seconds until the forge answers again. */
static uint64_t wait_of(struct context *cx, const struct http_answer *answer)
{
    static const str resets[] = { S("X-RateLimit-Reset"), S("RateLimit-Reset") };
    uint64_t n, now = cx->now > 0 ? (uint64_t)cx->now : 0;
    if (header_number(answer, S("Retry-After"), &n))
        return n;
    for (size_t i = 0; i < countof(resets); i++) {
        if (header_number(answer, resets[i], &n))
            return n > now ? n - now : 1;
    }
    return is_secondary(answer) ? WAIT_MOST_S + 1 : 1;
}

static bool is_limited(const struct http_answer *answer)
{
    uint64_t n;
    if (answer->status == 429)
        return true;
    return answer->status == 403
           && (http_header(answer, S("Retry-After")).len || is_secondary(answer)
               || (header_number(answer, S("X-RateLimit-Remaining"), &n) && n == 0));
}

/* False after a report: a wait that is too long is the user's to make. */
static bool wait_for_limit(struct context *cx, const struct forge *f,
                           const struct http_answer *answer, int try)
{
    uint64_t seconds = wait_of(cx, answer);
    if (seconds > WAIT_MOST_S || try + 1 >= LIMITED_TRIES) {
        report_surroundings(cx, NOWHERE, "%.*s takes no more requests for now", STR(f->row->title));
        hint(cx, NOWHERE, "run it again in %llu s", (unsigned long long)seconds);
        return false;
    }
    struct timespec t = { (time_t)seconds, 50 * 1000 * 1000 };
    nanosleep(&t, NULL);
    return limit_time(cx, NOWHERE);
}

static void read_answer(struct context *cx, const struct http_answer *answer,
                        struct forge_answer *out)
{
    *out = (struct forge_answer){ .status = answer->status };
    out->has_next = str_has(http_header(answer, S("Link")), S("rel=\"next\""));
    if (answer->body.len)
        out->json = json_try(cx, text_add(cx, S("the forge's answer"), answer->body));
}

bool forge_send(struct context *cx, const struct forge *f, const char *method, str path,
                const struct node *body, struct forge_answer *out)
{
    struct forge_headers who = { 0 };
    who.at[who.len++] = (struct http_header){ S("Accept"), S("application/json") };
    f->row->sign(cx, f, &who);
    if (body)
        who.at[who.len++] = (struct http_header){ S("Content-Type"), S("application/json") };
    struct http_request r = { .url = str_format(cx->arena, "%.*s%.*s", STR(f->root), STR(path)),
                              .method = str_from(method),
                              .headers = who.at,
                              .header_count = who.len,
                              .user = who.user,
                              .password = who.password,
                              .body = body_of(cx, body),
                              .timeout_ns = REQUEST_TIMEOUT_NS,
                              .most = ANSWER_MOST,
                              .once = str_eq(str_from(method), S("POST")),
                              .pos = NOWHERE };
    for (int try = 0;; try++) {
        struct http_answer answer;
        if (!http_request(cx, &r, &answer))
            return false;
        if (!is_limited(&answer)) {
            read_answer(cx, &answer, out);
            return true;
        }
        /* What is not sent once has been repeated already. */
        bool done = answer.status == 429 && !r.once;
        if (!wait_for_limit(cx, f, &answer, done ? LIMITED_TRIES : try))
            return false;
    }
}

bool forge_do(struct context *cx, const struct forge *f, const char *method, str path,
              const struct node *body, struct forge_answer *out, const char *doing)
{
    struct forge_answer mine;
    out = out ? out : &mine;
    if (!forge_send(cx, f, method, path, body, out))
        return false;
    return (out->status >= 200 && out->status < 300) || forge_refused(cx, f, out, doing);
}

bool forge_create(struct context *cx, const struct forge *f, str path, const struct node *body,
                  struct forge_answer *out, enum forge_creation *how)
{
    *how = CREATION_UNCERTAIN;
    if (!forge_send(cx, f, "POST", path, body, out))
        return false;
    if (out->status >= 500)
        return forge_refused(cx, f, out, "open a pull request");
    *how = CREATION_DONE;
    return true;
}
