/* An address may be a file or a repository, and only asking tells: the file is asked for
 * first, as kustomize does, and what is no manifest is a repository. */
#include "overlays/remote.h"

#include "overlays/documents.h"
#include "overlays/remote_address.h"
#include "render/source/submodules.h"

bool remote_is(struct context *cx, str entry)
{
    struct remote_address address;
    return remote_address_is_url(entry) || remote_address_parse(cx->arena, entry, &address);
}

/* An address with a password in it: the line it stands in must not be shown. */
static struct pos place_of(struct context *cx, str entry, struct pos from)
{
    return str_eq(fetch_public(cx, entry), entry) ? from : NOWHERE;
}

static struct source *fetch(struct context *cx, struct build *build,
                            const struct remote_address *address, struct pos from)
{
    str key = str_format(cx->arena, "%.*s\n%.*s\n%d", STR(address->repository),
                         STR(address->revision), address->submodules);
    struct source *known = map_get(&build->remotes, key);
    if (known)
        return known;
    struct git_remote_tree tree = { address->repository, address->revision, address->timeout_ns,
                                    address->submodules };
    struct source *source = fetch_git_whole(cx, &tree, from);
    if (!source)
        return NULL;
    source->foreign = !str_starts(address->repository, S("file://"));
    build->remotes.arena = cx->arena;
    map_put(&build->remotes, key, source);
    return source;
}

struct folder *remote_folder(struct context *cx, struct build *build, const struct overlay *o,
                             str entry, struct pos from)
{
    struct remote_address address;
    from = place_of(cx, entry, from);
    if (!remote_address_parse(cx->arena, entry, &address)) {
        report(cx, from, "'%.*s' is no repository", STR(fetch_public(cx, entry)));
        return NULL;
    }
    if (str_starts(address.repository, S("file://")) && o && o->folder->source->foreign) {
        report(cx, from, "a remote base may not read the local repository '%.*s'",
               STR(address.repository));
        return NULL;
    }
    struct source *source = fetch(cx, build, &address, from);
    return source ? source_folder(cx, source, address.folder.len ? address.folder : S("."), from)
                  : NULL;
}

static bool is_success(int status)
{
    return status >= 200 && status <= 299;
}

/* Can its documents become resources? Nothing is reported. */
static bool is_manifest(struct context *cx, struct text *text)
{
    struct documents all = { 0 };
    uint32_t errors = cx->diags.errors;
    diag_mute(cx);
    bool ok = documents_read(cx, text, &all);
    diag_unmute(cx);
    cx->diags.errors = errors;
    return ok;
}

/* The file at an address, or NULL with a report when it is no manifest; `repository` is what it
 * may be instead, or NULL. */
static struct text *take_file(struct context *cx, str url, struct pos from,
                              const struct remote_address *repository, int *status)
{
    from = place_of(cx, url, from);
    struct text *text =
        fetch_file_within(cx, url, repository ? repository->timeout_ns : 0, from, status);
    if (!text)
        return NULL;
    if (!is_success(*status)) {
        report_surroundings(cx, from, "'%.*s' answers with status %d", STR(fetch_public(cx, url)),
                            *status);
        return NULL;
    }
    if (!repository || is_manifest(cx, text))
        return text;
    report(cx, from, "the file at '%.*s' holds no manifests", STR(fetch_public(cx, url)));
    return NULL;
}

bool remote_take(struct context *cx, struct overlay *o, const struct node *entry,
                 struct text **text, struct folder **folder)
{
    struct remote_address address;
    struct diags before = cx->diags;
    const struct diag *as_file = NULL;
    bool repository = remote_address_parse(cx->arena, entry->text, &address);
    *text = NULL;
    *folder = NULL;
    if (remote_address_is_url(entry->text)) {
        int status;
        *text = take_file(cx, entry->text, entry->pos, repository ? &address : NULL, &status);
        /* A host that does not answer is no repository's either. */
        if (*text || !repository || status == FETCH_UNREACHABLE)
            return *text != NULL;
        as_file = diag_take_back(cx, before);
    }
    *folder = remote_folder(cx, o->build, o, entry->text, entry->pos);
    if (!*folder && as_file && !cx->switches.offline)
        note(cx, NOWHERE, "taken for a file: %.*s", STR(as_file->message));
    return *folder != NULL;
}

struct text *remote_read(struct context *cx, struct overlay *o, str path, struct pos from)
{
    int status;
    if (remote_address_is_url(path))
        return take_file(cx, path, from, NULL, &status);
    return folder_read(cx, o->folder, path, from);
}
