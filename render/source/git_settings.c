/* Settings by libgit2, which finds and reads the files; what they mean is decided here. */
#include "render/source/git_settings.h"

#include <git2.h>
#include <stdlib.h>
#include <strings.h>

#include "render/base/library.h"
#include "render/base/number.h"
#include "render/source/git.h"
#include "render/source/http.h"

enum { VARIABLES_MOST = 1000 };

static const char wanted[] = "^(core\\.sshcommand|url\\..*insteadof|"
                             "http\\..*(extraheader|sslcainfo|sslcert|sslkey|sslverify))$";

struct setting {
    str key; /* "http.https://host/.extraheader": the variable's name in lower case */
    str value;
};

struct git_settings {
    struct setting *at;
    uint32_t len;
    uint32_t cap;
    struct context *cx;
};

struct config_calls {
    __typeof__(git_config_open_default) *open;
    __typeof__(git_repository_config) *open_in;
    __typeof__(git_config_foreach_match) *each;
    __typeof__(git_config_free) *free;
};
static struct config_calls git2;
#define ROW(member, symbol) LIBRARY_SYMBOL(struct config_calls, member, symbol)
static const struct library_symbol config_symbols[] = {
    ROW(open, git_config_open_default),
    ROW(open_in, git_repository_config),
    ROW(each, git_config_foreach_match),
    ROW(free, git_config_free),
};
static struct library config_library = { LIBRARY("libgit2.so.1.5", "libgit2-1.5", config_symbols,
                                                 &git2) };

static void add(struct git_settings *s, str key, str value)
{
    struct arena *a = s->cx->arena;
    ARENA_PUSH(a, s->at, s->len, s->cap);
    s->at[s->len++] = (struct setting){ str_dup(a, key), str_dup(a, value) };
}

static int take(const git_config_entry *entry, void *who)
{
    add(who, str_from(entry->name), str_from(entry->value));
    return 0;
}

/* Git does not care for the case of a key's first and last word. */
static str lower_ends(struct arena *a, str key)
{
    char *at = str_cstr(a, key);
    size_t first = 0, last = key.len;
    while (first < key.len && at[first] != '.')
        first++;
    while (last > first && at[last - 1] != '.')
        last--;
    for (size_t i = 0; i < key.len; i++) {
        if ((i < first || i >= last) && at[i] >= 'A' && at[i] <= 'Z')
            at[i] = (char)(at[i] + 32);
    }
    return (str){ at, key.len };
}

static void read_variables(struct git_settings *s)
{
    struct arena *a = s->cx->arena;
    uint64_t count = 0;
    number_uint(str_from(getenv("GIT_CONFIG_COUNT")), 10, 32, &count);
    for (unsigned i = 0; i < count && i < VARIABLES_MOST; i++) {
        const char *key = getenv(str_cstr(a, str_format(a, "GIT_CONFIG_KEY_%u", i)));
        const char *value = getenv(str_cstr(a, str_format(a, "GIT_CONFIG_VALUE_%u", i)));
        if (key && value)
            add(s, lower_ends(a, str_from(key)), str_from(value));
    }
}

struct git_settings *git_settings_read_in(struct context *cx, struct repository *repository)
{
    struct git_settings *s = NEW(cx->arena, struct git_settings);
    git_config *config;
    s->cx = cx;
    if (!cx->home)
        return s;
    if (!git_start(cx) || !library_open(cx, &config_library))
        return NULL;
    int opened =
        repository ? git2.open_in(&config, repository_handle(repository)) : git2.open(&config);
    if (opened < 0) {
        report_git(cx, NOWHERE, "read the Git configuration");
        return NULL;
    }
    int error = git2.each(config, wanted, take, s);
    git2.free(config);
    if (error < 0) {
        report_git(cx, NOWHERE, "read the Git configuration");
        return NULL;
    }
    read_variables(s);
    return s;
}

struct git_settings *git_settings_read(struct context *cx)
{
    return git_settings_read_in(cx, NULL);
}

/* The middle of a key, "" for one without; false when its ends are others. */
static bool subject(const struct setting *setting, str section, str name, str *middle)
{
    str key = setting->key;
    if (!str_starts(key, section) || !str_ends(key, name) || key.len < section.len + name.len)
        return false;
    *middle = str_slice(key, section.len, key.len - name.len);
    return true;
}

str git_settings_rewrite(struct context *cx, const struct git_settings *s, str url)
{
    const struct setting *best = NULL;
    str base, best_base = S("");
    for (uint32_t i = 0; i < s->len; i++) {
        const struct setting *one = &s->at[i];
        if (!subject(one, S("url."), S(".insteadof"), &base) || !str_starts(url, one->value))
            continue;
        if (!best || one->value.len > best->value.len) {
            best = one;
            best_base = base;
        }
    }
    return best ? str_concat(cx->arena, best_base, str_skip(url, best->value.len)) : url;
}

static str path_of(str url)
{
    ptrdiff_t scheme = str_find(url, S("://"));
    str rest = str_skip(url, scheme < 0 ? 0 : (size_t)scheme + 3);
    ptrdiff_t slash = str_find_char(rest, '/');
    return slash < 0 ? S("/") : str_skip(rest, (size_t)slash);
}

/* How well a setting's address fits: 0 not at all, else more for a longer path. */
static size_t fit(struct context *cx, str pattern, str url)
{
    str theirs, ours;
    if (pattern.len == 0)
        return 1;
    if (!http_origin(cx, pattern, &theirs) || !http_origin(cx, url, &ours) || !str_eq(theirs, ours))
        return 0;
    str prefix = str_trim_suffix(path_of(pattern), S("/"));
    str path = path_of(url);
    bool whole = path.len == prefix.len || (path.len > prefix.len && path.at[prefix.len] == '/');
    return str_starts(path, prefix) && whole ? prefix.len + 2 : 0;
}

str git_settings_ssh(const struct git_settings *s)
{
    str command = S("");
    for (uint32_t i = 0; i < s->len; i++) {
        if (str_eq(s->at[i].key, S("core.sshcommand")))
            command = s->at[i].value;
    }
    return command;
}

/* http.NAME or http.<url>.NAME, the most specific and of those the last; "" when there is none. */
static str value_for(struct context *cx, const struct git_settings *s, str url, str name)
{
    size_t best = 0;
    str value = S(""), pattern;
    for (uint32_t i = 0; i < s->len; i++) {
        if (!subject(&s->at[i], S("http."), name, &pattern))
            continue;
        size_t now = fit(cx, str_trim_suffix(pattern, S(".")), url);
        if (now == 0 || now < best)
            continue;
        best = now;
        value = s->at[i].value;
    }
    return value;
}

static const char *path_for(struct context *cx, const struct git_settings *s, str url,
                            const char *variable, str name)
{
    str path = str_from(getenv(variable));
    if (!path.len)
        path = value_for(cx, s, url, name);
    if (str_starts(path, S("~/")) && cx->home)
        path = str_format(cx->arena, "%s%.*s", cx->home, STR(str_skip(path, 1)));
    return path.len ? str_cstr(cx->arena, path) : NULL;
}

struct git_tls git_settings_tls(struct context *cx, const struct git_settings *s, str url)
{
    static const str no[] = { S("false"), S("no"), S("off"), S("0") };
    struct git_tls tls = {
        .authorities = path_for(cx, s, url, "GIT_SSL_CAINFO", S("sslcainfo")),
        .certificate = path_for(cx, s, url, "GIT_SSL_CERT", S("sslcert")),
        .key = path_for(cx, s, url, "GIT_SSL_KEY", S("sslkey")),
        .unverified = str_from(getenv("GIT_SSL_NO_VERIFY")).len > 0,
    };
    str verify = value_for(cx, s, url, S("sslverify"));
    for (size_t i = 0; i < countof(no); i++)
        tls.unverified |= str_eq(verify, no[i]);
    return tls;
}

/* An empty value forgets those before it, as in Git. */
void git_settings_headers(struct context *cx, const struct git_settings *s, str url,
                          struct header_lines *out)
{
    size_t best = 0;
    for (uint32_t i = 0; i < s->len; i++) {
        str pattern;
        if (!subject(&s->at[i], S("http."), S("extraheader"), &pattern))
            continue;
        size_t now = fit(cx, str_trim_suffix(pattern, S(".")), url);
        if (now == 0 || now < best)
            continue;
        if (now > best || s->at[i].value.len == 0)
            out->len = 0;
        best = now;
        if (s->at[i].value.len == 0)
            continue;
        ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
        out->at[out->len++] = s->at[i].value;
    }
}
