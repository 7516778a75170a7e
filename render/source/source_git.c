/* A tree of a Git revision, straight from the object database, with libgit2.
 *
 * Files are as committed: no filter of .gitattributes is applied. Links are blobs that
 * hold their target, followed in the tree alone. A submodule is no part of the tree. */
#include "render/source/source.h"

#include <git2.h>

#include "render/base/library.h"
#include "render/source/git.h"

struct git_source {
    struct source source;
    struct repository *owner;
    str revision;
    git_repository *repository;
    struct map *blobs; /* str, by the object's name */
    git_odb *objects;
    git_tree *root;
};

struct tree_calls {
    __typeof__(git_repository_odb) *repository_odb;
    __typeof__(git_odb_free) *odb_free;
    __typeof__(git_odb_read_header) *odb_read_header;
    __typeof__(git_tree_lookup) *tree_lookup;
    __typeof__(git_tree_free) *tree_free;
    __typeof__(git_tree_entrycount) *tree_count;
    __typeof__(git_tree_entry_byindex) *tree_entry_at;
    __typeof__(git_tree_entry_bypath) *tree_find;
    __typeof__(git_tree_entry_free) *entry_free;
    __typeof__(git_tree_entry_name) *entry_name;
    __typeof__(git_tree_entry_id) *entry_id;
    __typeof__(git_oid_tostr) *oid_tostr;
    __typeof__(git_tree_entry_filemode_raw) *entry_mode;
    __typeof__(git_blob_lookup) *blob_lookup;
    __typeof__(git_blob_free) *blob_free;
    __typeof__(git_blob_rawcontent) *blob_bytes;
    __typeof__(git_blob_rawsize) *blob_size;
};
static struct tree_calls git2;
#define ROW(member, symbol) LIBRARY_SYMBOL(struct tree_calls, member, symbol)
static const struct library_symbol tree_symbols[] = {
    ROW(repository_odb, git_repository_odb),
    ROW(odb_free, git_odb_free),
    ROW(odb_read_header, git_odb_read_header),
    ROW(tree_lookup, git_tree_lookup),
    ROW(tree_free, git_tree_free),
    ROW(tree_count, git_tree_entrycount),
    ROW(tree_entry_at, git_tree_entry_byindex),
    ROW(tree_find, git_tree_entry_bypath),
    ROW(entry_free, git_tree_entry_free),
    ROW(entry_name, git_tree_entry_name),
    ROW(entry_id, git_tree_entry_id),
    ROW(oid_tostr, git_oid_tostr),
    ROW(entry_mode, git_tree_entry_filemode_raw),
    ROW(blob_lookup, git_blob_lookup),
    ROW(blob_free, git_blob_free),
    ROW(blob_bytes, git_blob_rawcontent),
    ROW(blob_size, git_blob_rawsize),
};
static struct library tree_library = { LIBRARY("libgit2.so.1.5", "libgit2-1.5", tree_symbols,
                                               &git2) };

enum { LINK_MOST = 4095 };

static enum file_kind kind_of(git_filemode_t mode)
{
    switch (mode & 0170000) {
    case GIT_FILEMODE_TREE:
        return FILE_FOLDER;
    case GIT_FILEMODE_LINK:
        return FILE_LINK;
    case GIT_FILEMODE_COMMIT:
        return FILE_NONE;
    default:
        return FILE_PLAIN;
    }
}

/* Clones can be shallow, partial or damaged. */
static bool report_object(struct context *cx, struct look *l, int error)
{
    if (error != GIT_ENOTFOUND)
        return report_git(cx, l->from, "read a Git object");
    report_surroundings(cx, l->from, "the repository lacks the bytes of '%.*s'", STR(l->name));
    hint(cx, NOWHERE, "a partial clone gets them with git fetch --refetch --no-filter");
    return false;
}

/* The size is looked at first: a few bytes of a hostile pack can inflate to gigabytes. */
static bool read_blob(struct context *cx, struct git_source *g, const git_oid *id, struct look *l)
{
    size_t size;
    git_object_t type;
    git_blob *blob;
    size_t most = l->kind == FILE_LINK ? LINK_MOST : UINT32_MAX;
    int error = git2.odb_read_header(&size, &type, g->objects, id);
    if (error < 0)
        return report_object(cx, l, error);
    if (size > most || size > cx->memory)
        return report(cx, l->from, "'%.*s' has %zu bytes; %zu is the limit", STR(l->name), size,
                      most < cx->memory ? most : cx->memory);
    char *bytes = arena_alloc(cx->arena, size + 1);
    error = git2.blob_lookup(&blob, g->repository, id);
    if (error < 0)
        return report_object(cx, l, error);
    if (git2.blob_size(blob) < size)
        size = git2.blob_size(blob);
    memcpy(bytes, git2.blob_bytes(blob), size);
    git2.blob_free(blob);
    l->bytes = (str){ bytes, size };
    return true;
}

static bool take_blob(struct context *cx, struct git_source *g, const git_oid *id, struct look *l)
{
    const str *known = map_get(g->blobs, (str){ (const char *)id->id, GIT_OID_RAWSZ });
    if (known) {
        l->bytes = *known;
        return true;
    }
    if (!read_blob(cx, g, id, l))
        return false;
    str name = { arena_copy(cx->arena, id->id, GIT_OID_RAWSZ), GIT_OID_RAWSZ };
    map_put(g->blobs, name, arena_copy(cx->arena, &l->bytes, sizeof l->bytes));
    return true;
}

static bool look_at(struct context *cx, struct git_source *g, const git_tree_entry *entry,
                    struct look *l)
{
    l->kind = kind_of(git2.entry_mode(entry));
    if (l->kind == FILE_NONE)
        return report(cx, l->from, "'%.*s' is a submodule, which is no part of the tree",
                      STR(l->name));
    if (l->kind == FILE_LINK || (l->kind == FILE_PLAIN && l->read))
        return take_blob(cx, g, git2.entry_id(entry), l);
    return true;
}

/* 1: found, 0: not there, -1 after a report. */
static int find(struct context *cx, struct git_source *g, struct look *l, git_tree_entry **entry)
{
    int error = git2.tree_find(entry, g->root, l->path.at + 1);
    if (error == GIT_ENOTFOUND)
        return 0;
    if (error < 0)
        report_git(cx, l->from, "read a Git tree");
    return error < 0 ? -1 : 1;
}

static bool git_look(struct context *cx, struct source *src, struct look *l)
{
    struct git_source *g = (struct git_source *)src;
    git_tree_entry *entry;
    if (l->path.len == 0) {
        l->kind = FILE_FOLDER;
        return true;
    }
    int found = find(cx, g, l, &entry);
    if (found <= 0)
        return found == 0;
    bool ok = look_at(cx, g, entry, l);
    git2.entry_free(entry);
    return ok;
}

/* A tree object can hold names that no file system has; they would lead elsewhere. */
static bool is_name(str name)
{
    return name.len && !str_has_char(name, '/') && !str_eq(name, S(".")) && !str_eq(name, S(".."));
}

static bool list_tree(struct context *cx, const git_tree *tree, struct look *l, struct listing *out)
{
    size_t n = git2.tree_count(tree);
    for (size_t i = 0; i < n; i++) {
        const git_tree_entry *entry = git2.tree_entry_at(tree, i);
        str name = str_from(git2.entry_name(entry));
        if (!is_name(name))
            return report(cx, l->from, "the Git tree '%.*s' holds the name '%.*s'", STR(l->name),
                          STR(name));
        listing_add(cx, out, str_dup(cx->arena, name), kind_of(git2.entry_mode(entry)));
    }
    return true;
}

static bool git_list(struct context *cx, struct source *src, struct look *l, struct listing *out)
{
    struct git_source *g = (struct git_source *)src;
    git_tree_entry *entry;
    git_tree *tree;
    if (l->path.len == 0)
        return list_tree(cx, g->root, l, out);
    if (find(cx, g, l, &entry) <= 0)
        return false;
    int error = git2.tree_lookup(&tree, g->repository, git2.entry_id(entry));
    git2.entry_free(entry);
    if (error < 0)
        return report_git(cx, l->from, "read a Git tree");
    bool ok = list_tree(cx, tree, l, out);
    git2.tree_free(tree);
    return ok;
}

static const struct source_ops git_ops = { git_look, git_list };

static void free_objects(void *objects)
{
    git2.odb_free(objects);
}

struct source *source_git(struct context *cx, struct repository *repository, str revision,
                          struct pos from)
{
    git_tree *root = revision_tree(cx, repository, revision, from);
    if (!root || !library_open(cx, &tree_library))
        return NULL;
    struct git_source *g = NEW(cx->arena, struct git_source);
    source_begin(cx, &g->source, &git_ops, str_concat(cx->arena, revision, S(":")));
    g->root = root;
    g->owner = repository;
    g->revision = revision;
    g->repository = repository_handle(repository);
    g->blobs = repository_blobs(repository);
    if (git2.repository_odb(&g->objects, g->repository) < 0) {
        report_git(cx, from, "open the Git objects");
        return NULL;
    }
    arena_defer(cx->arena, free_objects, g->objects);
    return &g->source;
}

bool source_git_revision(const struct source *src, struct repository **repository, str *revision)
{
    const struct git_source *g = (const struct git_source *)src;
    if (src->ops != &git_ops)
        return false;
    *repository = g->owner;
    *revision = g->revision;
    return true;
}

bool source_git_link(struct arena *a, const struct source *git, str path, str *commit)
{
    const struct git_source *g = (const struct git_source *)git;
    git_tree_entry *entry;
    if (str_has_char(path, 0) || git2.tree_find(&entry, g->root, str_cstr(a, path)) < 0)
        return false;
    bool is_link = (git2.entry_mode(entry) & 0170000) == GIT_FILEMODE_COMMIT;
    char hex[GIT_OID_HEXSZ + 1];
    if (is_link)
        *commit = str_dup(a, str_from(git2.oid_tostr(hex, sizeof hex, git2.entry_id(entry))));
    git2.entry_free(entry);
    return is_link;
}

/* A path from the working directory, as one from the top of its repository. */
static str from_top(struct context *cx, const struct repository *repository, str here, str path)
{
    str top = repository_worktree(repository);
    if (str_starts(path, S("/")))
        return str_trim_chars(path, S("/"));
    str rest = str_skip(here, top.len);
    bool inside = top.len && str_starts(here, top) && (!rest.len || rest.at[0] == '/');
    return inside ? source_join(cx->arena, str_trim_prefix(rest, S("/")), path) : path;
}

bool source_named(struct context *cx, struct source *disk, str word, struct pos from,
                  struct source **src, str *path)
{
    str revision, rest;
    *src = disk;
    *path = word;
    if (!revision_split(word, &revision, &rest) || source_kind(cx, disk, word) != FILE_NONE)
        return true;
    struct repository *repository = repository_open(cx, disk->here.len ? disk->here : S("/"), from);
    *src = repository ? source_git(cx, repository, revision, from) : NULL;
    if (!*src)
        return false;
    *path = from_top(cx, repository, disk->here, rest);
    return true;
}
