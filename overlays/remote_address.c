/* Schemes, hosts, scp-like addresses, and the marks that part a repository from a folder in
 * it: "_git/", "//" and ".git", in this order; else it is two words long, as on GitHub. */
#include "overlays/remote_address.h"

#include <strings.h>

#include "render/base/arena.h"
#include "render/base/encode.h"
#include "render/base/gotime.h"
#include "render/base/number.h"
#include "render/source/source.h"

#define TIMEOUT_NS 27000000000u

static bool starts_folded(str s, str prefix)
{
    return s.len >= prefix.len && strncasecmp(s.at, prefix.at, prefix.len) == 0;
}

bool remote_address_is_url(str entry)
{
    return starts_folded(entry, S("https:")) || starts_folded(entry, S("http:"));
}

static void read_timeout(struct arena *a, str s, uint64_t *out)
{
    int64_t n;
    str error;
    if (number_int(s, 10, 64, &n) == NUMBER_OK && n > 0 && n < INT64_MAX / 1000000000)
        *out = (uint64_t)n * 1000000000u;
    else if (duration_parse(a, s, &n, &error) && n > 0)
        *out = (uint64_t)n;
}

/* One "name=value"; the first of a name counts. False for what Go's ParseQuery rejects. */
static bool read_pair(struct arena *a, str pair, str seen[4])
{
    static const str names[] = { S("ref"), S("version"), S("timeout"), S("submodules") };
    str name, value;
    if (pair.len == 0)
        return true;
    str_cut(pair, '=', &name, &value);
    if (str_has_char(pair, ';') || !decode_query(a, name, &name) || !decode_query(a, value, &value))
        return false;
    for (size_t i = 0; i < countof(names); i++) {
        if (str_eq(name, names[i]) && !seen[i].at)
            seen[i] = value;
    }
    return true;
}

static void read_query(struct arena *a, str query, struct remote_address *q)
{
    str seen[4] = { { 0 } };
    q->timeout_ns = TIMEOUT_NS;
    q->submodules = true;
    for (str pair; str_next_field(&query, '&', &pair);) {
        if (!read_pair(a, pair, seen))
            return;
    }
    q->revision = seen[0].len ? seen[0] : seen[1];
    read_timeout(a, seen[2], &q->timeout_ns);
    number_bool(seen[3], &q->submodules);
}

static str take_scheme(str *s)
{
    static const str schemes[] = { S("ssh://"), S("https://"), S("http://"), S("file://") };
    for (size_t i = 0; i < countof(schemes); i++) {
        if (starts_folded(*s, schemes[i])) {
            *s = str_skip(*s, schemes[i].len);
            return schemes[i];
        }
    }
    return S("");
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "user@", taken off. */
static str take_user(str *s)
{
    size_t n = 0;
    while (n < s->len
           && (is_letter(s->at[n])
               || (n && ((s->at[n] >= '0' && s->at[n] <= '9') || s->at[n] == '-'))))
        n++;
    if (n == 0 || n == s->len || s->at[n] != '@')
        return S("");
    str user = str_slice(*s, 0, n + 1);
    *s = str_skip(*s, n + 1);
    return user;
}

/* Takes scheme, user and host off, each as they are cloned. */
static bool take_host(struct arena *a, str *rest, str *host)
{
    if (starts_folded(*rest, S("git::")))
        *rest = str_skip(*rest, 5);
    str scheme = take_scheme(rest), user = take_user(rest);
    bool github = starts_folded(*rest, S("github.com/")) || starts_folded(*rest, S("github.com:"));
    bool scp = !scheme.len && (user.len || github);
    if (!scheme.len && !scp)
        return false;
    if (str_eq(scheme, S("file://"))) {
        *rest = str_concat(a, user, *rest);
        *host = scheme;
        return true;
    }
    ptrdiff_t end = str_find_char(*rest, '/');
    ptrdiff_t colon = scp ? str_find_char(*rest, ':') : -1;
    if (scp && (end < 0 || (colon > 0 && colon < end)))
        end = colon;
    str name = end < 0 ? *rest : str_slice(*rest, 0, (size_t)end + 1);
    *rest = end < 0 ? S("") : str_skip(*rest, (size_t)end + 1);
    /* GitHub's addresses become either of two forms, whatever they were. */
    bool ssh = str_eq(scheme, S("ssh://")) || user.len;
    if (github && ssh)
        *host = str_concat(a, user, S("github.com:"));
    else if (github)
        *host = S("https://github.com/");
    else
        *host = str_format(a, "%.*s%.*s%.*s", STR(scheme), STR(user), STR(name));
    return name.len > 0;
}

/* Cuts behind the word that follows `at`. */
static void cut_word(str path, size_t at, str *repository, str *folder)
{
    ptrdiff_t slash = str_find_char(str_skip(path, at), '/');
    size_t end = slash < 0 ? path.len : at + (size_t)slash;
    *repository = str_slice(path, 0, end);
    *folder = slash < 0 ? S("") : str_skip(path, end + 1);
}

static bool cut_two_words(str path, str *repository, str *folder)
{
    ptrdiff_t first = str_find_char(path, '/');
    if (first < 0)
        return false;
    cut_word(path, (size_t)first + 1, repository, folder);
    return true;
}

static bool part(str path, bool local, str *repository, str *folder)
{
    ptrdiff_t at;
    if ((at = str_find(path, S("_git/"))) >= 0) {
        cut_word(path, (size_t)at + 5, repository, folder);
    } else if ((at = str_find(path, S("//"))) >= 0) {
        *repository = str_slice(path, 0, (size_t)at);
        *folder = str_skip(path, (size_t)at + 2);
    } else if ((at = str_find(path, S(".git"))) >= 0) {
        *repository = str_slice(path, 0, (size_t)at + 4);
        *folder = str_skip(path, (size_t)at + 4);
    } else if (local) {
        *repository = path;
        *folder = S("");
    } else {
        return cut_two_words(path, repository, folder);
    }
    return true;
}

bool remote_address_parse(struct arena *a, str entry, struct remote_address *out)
{
    str rest, query;
    *out = (struct remote_address){ 0 };
    if (str_starts(entry, S("/")))
        return false;
    str_cut(entry, '?', &rest, &query);
    if (!take_host(a, &rest, &out->host)
        || !part(rest, str_eq(out->host, S("file://")), &out->path, &out->folder) || !out->path.len)
        return false;
    out->folder = str_trim_prefix(out->folder, S("/"));
    str clean = source_join(a, S(""), out->folder);
    if (str_eq(clean, S("..")) || str_starts(clean, S("../")))
        return false;
    read_query(a, query, out);
    out->repository = str_concat(a, out->host, out->path);
    return true;
}
