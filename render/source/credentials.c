/* The programs that know are asked as Git asks them: GIT_ASKPASS with a question as its
 * argument, helpers by way of `git credential fill`. Neither may talk to the terminal, and
 * no answer is ever printed. A context without a home asks no helper. */
#include "render/source/credentials.h"

#include <stdlib.h>

#include "render/base/buf.h"
#include "render/base/encode.h"
#include "render/base/process.h"

enum { ANSWER_MOST = 64 * 1024 };
#define ASK_TIMEOUT_NS 20000000000u

/* Cuts an http address: scheme, "user:password", host, path. */
static bool cut(str url, str *scheme, str *user, str *host, str *path)
{
    ptrdiff_t colon = str_find(url, S("://"));
    if (colon < 0)
        return false;
    *scheme = str_slice(url, 0, (size_t)colon);
    str rest = str_skip(url, (size_t)colon + 3);
    ptrdiff_t slash = str_find_char(rest, '/');
    str all = slash < 0 ? rest : str_slice(rest, 0, (size_t)slash);
    *path = slash < 0 ? S("") : str_skip(rest, (size_t)slash);
    if (!str_cut_last(all, '@', user, host)) {
        *host = all;
        *user = S("");
    }
    return true;
}

static str decoded(struct context *cx, str s)
{
    str out;
    return decode_path(cx->arena, s, &out) ? out : s;
}

str credentials_of_address(struct context *cx, str url, struct credentials *out)
{
    str scheme, user, host, path, name, password;
    *out = (struct credentials){ 0 };
    if (!cut(url, &scheme, &user, &host, &path) || user.len == 0)
        return url;
    str_cut(user, ':', &name, &password);
    out->user = decoded(cx, name);
    out->password = decoded(cx, password);
    return str_format(cx->arena, "%.*s://%.*s%.*s", STR(scheme), STR(host), STR(path));
}

/* What a program answers; false when there is none or it fails: it is not needed. */
static bool answer_of(struct context *cx, const char *const *argv, const char *folder, str input,
                      struct pos from, str *answer)
{
    struct process_result result;
    struct process p = { .argv = argv,
                         .env = process_environment(cx, &S("GIT_TERMINAL_PROMPT=0"), 1),
                         /* No other repository's own settings may name a helper. */
                         .folder = folder ? folder : "/",
                         .input = input,
                         .timeout_ns = ASK_TIMEOUT_NS,
                         .most_output = ANSWER_MOST,
                         .pos = from };
    struct diags before = cx->diags;
    if (!process_run(cx, &p, &result)) {
        diag_take_back(cx, before);
        return false;
    }
    *answer = result.output;
    return result.status == 0;
}

static bool ask_one(struct context *cx, const char *program, str question, struct pos from,
                    str *answer)
{
    const char *argv[] = { program, str_cstr(cx->arena, question), NULL };
    str all;
    if (!answer_of(cx, argv, NULL, S(""), from, &all))
        return false;
    str_next_line(&all, answer);
    return true;
}

static bool ask_program(struct context *cx, str url, struct pos from, struct credentials *out)
{
    const char *program = getenv("GIT_ASKPASS");
    str scheme, user, host, path;
    if (!program || !*program || !cut(url, &scheme, &user, &host, &path))
        return false;
    if (!out->user.len
        && !ask_one(cx, program,
                    str_format(cx->arena, "Username for '%.*s://%.*s': ", STR(scheme), STR(host)),
                    from, &out->user))
        return false;
    struct buf b;
    buf_init(&b, cx->arena, 128);
    buf_format(&b, "Password for '%.*s://", STR(scheme));
    encode_percent(&b, out->user, S(""));
    buf_format(&b, "@%.*s': ", STR(host));
    return ask_one(cx, program, buf_take(&b), from, &out->password);
}

static bool is_line(str s)
{
    return !str_has_char(s, '\n') && !str_has_char(s, '\r') && !str_has_char(s, 0);
}

static void take_answer(str answer, struct credentials *out)
{
    str line, name, value;
    while (str_next_line(&answer, &line)) {
        str_cut(line, '=', &name, &value);
        if (str_eq(name, S("username")))
            out->user = value;
        else if (str_eq(name, S("password")))
            out->password = value;
    }
}

static bool ask_helpers(struct context *cx, str url, const char *folder, struct pos from,
                        struct credentials *out)
{
    static const char *const argv[] = { "git", "credential", "fill", NULL };
    str scheme, user, host, path, answer;
    if (!cx->home || !cut(url, &scheme, &user, &host, &path) || !is_line(url)
        || !is_line(out->user))
        return false;
    struct buf b;
    buf_init(&b, cx->arena, 256);
    buf_format(&b, "protocol=%.*s\nhost=%.*s\npath=%.*s\n", STR(scheme), STR(host),
               STR(str_trim_prefix(path, S("/"))));
    if (out->user.len)
        buf_format(&b, "username=%.*s\n", STR(out->user));
    buf_char(&b, '\n');
    if (!answer_of(cx, argv, folder, buf_take(&b), from, &answer))
        return false;
    take_answer(answer, out);
    return out->user.len || out->password.len;
}

bool credentials_ask_in(struct context *cx, str url, const char *folder, struct pos from,
                        struct credentials *out)
{
    return ask_program(cx, url, from, out) || ask_helpers(cx, url, folder, from, out);
}

bool credentials_ask(struct context *cx, str url, struct pos from, struct credentials *out)
{
    return credentials_ask_in(cx, url, NULL, from, out);
}
