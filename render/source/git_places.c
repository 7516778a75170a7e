/* Remotes, tags and origin's HEAD, with libgit2. */
#include "render/source/git_places.h"

#include <git2.h>

#include "render/base/library.h"

struct place_calls {
    __typeof__(git_remote_list) *remote_list;
    __typeof__(git_remote_lookup) *remote_lookup;
    __typeof__(git_remote_url) *remote_url;
    __typeof__(git_remote_free) *remote_free;
    __typeof__(git_tag_list) *tag_list;
    __typeof__(git_strarray_dispose) *strarray_dispose;
    __typeof__(git_reference_lookup) *reference_lookup;
    __typeof__(git_reference_symbolic_target) *reference_symbolic_target;
    __typeof__(git_reference_free) *reference_free;
};
static struct place_calls git2;
#define ROW(member, symbol) LIBRARY_SYMBOL(struct place_calls, member, symbol)
static const struct library_symbol place_symbols[] = {
    ROW(remote_list, git_remote_list),
    ROW(remote_lookup, git_remote_lookup),
    ROW(remote_url, git_remote_url),
    ROW(remote_free, git_remote_free),
    ROW(tag_list, git_tag_list),
    ROW(strarray_dispose, git_strarray_dispose),
    ROW(reference_lookup, git_reference_lookup),
    ROW(reference_symbolic_target, git_reference_symbolic_target),
    ROW(reference_free, git_reference_free),
};
static struct library place_library = { LIBRARY("libgit2.so.1.5", "libgit2-1.5", place_symbols,
                                                &git2) };

static void add(struct context *cx, struct git_names *out, str name)
{
    ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
    out->at[out->len++] = str_dup(cx->arena, name);
}

bool repository_addresses(struct context *cx, struct repository *repository, struct git_names *out)
{
    git_repository *handle = repository_handle(repository);
    git_strarray names = { 0 };
    git_remote *remote;
    *out = (struct git_names){ 0 };
    if (!library_open(cx, &place_library))
        return false;
    if (git2.remote_list(&names, handle) < 0)
        return report_git(cx, NOWHERE, "list the remotes");
    for (size_t i = 0; i < names.count; i++) {
        if (git2.remote_lookup(&remote, handle, names.strings[i]) < 0)
            continue;
        add(cx, out, str_from(git2.remote_url(remote)));
        git2.remote_free(remote);
    }
    git2.strarray_dispose(&names);
    return true;
}

bool repository_tags(struct context *cx, struct repository *repository, struct git_names *out)
{
    git_strarray names = { 0 };
    *out = (struct git_names){ 0 };
    if (!library_open(cx, &place_library))
        return false;
    if (git2.tag_list(&names, repository_handle(repository)) < 0)
        return report_git(cx, NOWHERE, "list the tags");
    for (size_t i = 0; i < names.count; i++)
        add(cx, out, str_from(names.strings[i]));
    git2.strarray_dispose(&names);
    return true;
}

str repository_default_branch(struct context *cx, struct repository *repository)
{
    static const str prefix = { "refs/remotes/origin/", 20 };
    git_reference *head;
    str branch = S("");
    if (!library_open(cx, &place_library)
        || git2.reference_lookup(&head, repository_handle(repository), "refs/remotes/origin/HEAD")
               < 0)
        return branch;
    str target = str_from(git2.reference_symbolic_target(head));
    if (str_starts(target, prefix))
        branch = str_dup(cx->arena, str_skip(target, prefix.len));
    git2.reference_free(head);
    return branch;
}

/* "org/name" of every way to write it. */
static str path_of(str url)
{
    str host, path;
    ptrdiff_t scheme = str_find(url, S("://"));
    if (scheme >= 0)
        str_cut(str_skip(url, (size_t)scheme + 3), '/', &host, &path);
    else if (!str_cut(url, ':', &host, &path))
        path = url;
    return str_trim_suffix(str_trim_chars(path, S("/")), S(".git"));
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

bool git_address_same(str a, str b)
{
    str x = path_of(a), y = path_of(b);
    bool same = x.len == y.len && x.len > 0;
    for (size_t i = 0; same && i < x.len; i++)
        same = lower(x.at[i]) == lower(y.at[i]);
    return same;
}

str git_address_name(str url)
{
    str path = path_of(url), folder, name;
    return str_cut_last(path, '/', &folder, &name) ? name : path;
}
