/* Hosts are named without user and port, addresses keep their escapes, ".." leads nowhere. */
#include "overlays/localizer.h"

#include <strings.h>

#include "render/base/arena.h"
#include "render/base/buf.h"

static bool skip_folded(str *s, str prefix)
{
    if (s->len < prefix.len || strncasecmp(s->at, prefix.at, prefix.len) != 0)
        return false;
    *s = str_skip(*s, prefix.len);
    return true;
}

/* Takes "scheme://user@host:port" off and gives the host; what follows begins with "/". */
static str take_host(str *url)
{
    str host, before;
    for (size_t i = 0; i + 3 <= url->len; i++) {
        if (memcmp(url->at + i, "://", 3) == 0) {
            *url = str_skip(*url, i + 3);
            break;
        }
    }
    size_t end = 0;
    while (end < url->len && !str_has_char(S("/?#"), url->at[end]))
        end++;
    host = str_slice(*url, 0, end);
    *url = str_skip(*url, end);
    if (str_cut_last(host, '@', &before, &host) == false)
        host = before;
    if (str_starts(host, S("["))) {
        str_cut(str_skip(host, 1), ']', &host, &before);
        return host;
    }
    str_cut(host, ':', &host, &before);
    return host;
}

/* Cleaned as if it began at a root: ".." stops there. */
static str clean(struct arena *a, str path)
{
    str absolute = source_join(a, S("/"), path);
    return str_trim_prefix(absolute, S("/"));
}

/* What Go's EscapedPath gives of a path as written: what stands escaped stays so, what may not
 * stand bare is escaped. */
static str escape(struct arena *a, str path)
{
    struct buf b;
    buf_init(&b, a, 64);
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.at[i];
        bool bare = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                    || str_has_char(S("-_.~$&+,/:;=@!'()*[]%"), (char)c);
        if (bare)
            buf_str(&b, str_slice(path, i, i + 1));
        else
            buf_format(&b, "%%%02X", c);
    }
    return buf_take(&b);
}

str localize_file_place(struct arena *a, str url)
{
    str host = take_host(&url);
    size_t end = 0;
    while (end < url.len && !str_has_char(S("?#"), url.at[end]))
        end++;
    str path = clean(a, escape(a, str_slice(url, 0, end)));
    return source_join(a, S(LOCALIZE_FOLDER), str_format(a, "%.*s/%.*s", STR(host), STR(path)));
}

str localize_root_place(struct arena *a, const struct remote_address *address, str folder)
{
    str host = address->host;
    bool file = skip_folded(&host, S("file://"));
    str at = file ? S("file-schemed") : take_host(&host);
    str repository = str_trim_suffix(address->path, S(".git"));
    str parts[] = { S(LOCALIZE_FOLDER), at, clean(a, repository), address->revision,
                    clean(a, folder) };
    return source_join(a, S(""), str_join(a, parts, countof(parts), S("/")));
}

static str last_part(str path)
{
    str before, name;
    while (str_ends(path, S("/")))
        path = str_slice(path, 0, path.len - 1);
    return str_cut_last(path, '/', &before, &name) ? name : path;
}

str localize_default_name(struct arena *a, const struct folder *root,
                          const struct remote_address *address)
{
    str name = last_part(root->real);
    if (!address)
        return name.len ? str_concat(a, S("localized-"), name) : S("localized");
    if (!name.len)
        name = last_part(address->path);
    str revision = str_replace_all(a, address->revision, S("/"), S("-"));
    return str_format(a, "localized-%.*s-%.*s", STR(name), STR(revision));
}

str localize_way(struct arena *a, str from, str to)
{
    size_t shared = 0, n = 0;
    while (n < from.len && n < to.len && from.at[n] == to.at[n]) {
        n++;
        bool end_from = n == from.len || from.at[n] == '/';
        bool end_to = n == to.len || to.at[n] == '/';
        if (end_from && end_to)
            shared = n;
    }
    struct buf b;
    buf_init(&b, a, 64);
    str up = str_skip(from, shared), part;
    up = str_trim_prefix(up, S("/"));
    while (up.len && str_next_field(&up, '/', &part))
        buf_str(&b, S("../"));
    buf_str(&b, str_trim_prefix(str_skip(to, shared), S("/")));
    return source_join(a, S(""), buf_take(&b));
}
