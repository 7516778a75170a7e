/* Packs by what differs between a commit's tree and its parent's (libgit2).
 *
 * libgit2's walk wants a history whole, which a shallow clone has not. Ours ends at what the
 * remote is known to have, or where nothing more is here; that is mostly the next commit. */
#include "promote/push_pack.h"

#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <stdio.h>

#include "render/base/buf.h"
#include "render/base/library.h"
#include "render/base/map.h"

enum { COMMITS_MOST = 100000, NEAR_MOST = 64, HAVES_MOST = 256 };

struct pack_calls {
    __typeof__(git_buf_dispose) *buf_dispose;
    __typeof__(git_commit_free) *commit_free;
    __typeof__(git_commit_lookup) *commit_lookup;
    __typeof__(git_commit_message) *commit_message;
    __typeof__(git_commit_parent_id) *commit_parent_id;
    __typeof__(git_commit_parentcount) *commit_parentcount;
    __typeof__(git_commit_tree_id) *commit_tree_id;
    __typeof__(git_odb_exists) *odb_exists;
    __typeof__(git_odb_free) *odb_free;
    __typeof__(git_odb_write_pack) *write_pack;
    __typeof__(git_oid_equal) *oid_equal;
    __typeof__(git_oid_fromstrn) *oid_from;
    __typeof__(git_oid_tostr) *oid_print;
    __typeof__(git_packbuilder_free) *pack_free;
    __typeof__(git_packbuilder_insert) *pack_insert;
    __typeof__(git_packbuilder_new) *pack_new;
    __typeof__(git_packbuilder_write_buf) *pack_write;
    __typeof__(git_reference_list) *reference_list;
    __typeof__(git_reference_name_to_id) *reference_id;
    __typeof__(git_repository_commondir) *repository_folder;
    __typeof__(git_repository_is_shallow) *is_shallow;
    __typeof__(git_repository_odb) *repository_odb;
    __typeof__(git_revwalk_free) *walk_free;
    __typeof__(git_revwalk_hide) *walk_hide;
    __typeof__(git_revwalk_new) *walk_new;
    __typeof__(git_revwalk_next) *walk_next;
    __typeof__(git_revwalk_push) *walk_push;
    __typeof__(git_strarray_dispose) *strarray_dispose;
    __typeof__(git_tree_entry_byindex) *entry_at;
    __typeof__(git_tree_entry_byname) *entry_named;
    __typeof__(git_tree_entry_id) *entry_id;
    __typeof__(git_tree_entry_name) *entry_name;
    __typeof__(git_tree_entry_type) *entry_type;
    __typeof__(git_tree_entrycount) *entry_count;
    __typeof__(git_tree_free) *tree_free;
    __typeof__(git_tree_lookup) *tree_lookup;
};
static struct pack_calls git2;
#define ROW(member, symbol) LIBRARY_SYMBOL(struct pack_calls, member, symbol)
static const struct library_symbol pack_symbols[] = {
    ROW(buf_dispose, git_buf_dispose),
    ROW(commit_free, git_commit_free),
    ROW(commit_lookup, git_commit_lookup),
    ROW(commit_message, git_commit_message),
    ROW(commit_parent_id, git_commit_parent_id),
    ROW(commit_parentcount, git_commit_parentcount),
    ROW(commit_tree_id, git_commit_tree_id),
    ROW(odb_exists, git_odb_exists),
    ROW(odb_free, git_odb_free),
    ROW(write_pack, git_odb_write_pack),
    ROW(oid_equal, git_oid_equal),
    ROW(oid_from, git_oid_fromstrn),
    ROW(oid_print, git_oid_tostr),
    ROW(pack_free, git_packbuilder_free),
    ROW(pack_insert, git_packbuilder_insert),
    ROW(pack_new, git_packbuilder_new),
    ROW(pack_write, git_packbuilder_write_buf),
    ROW(reference_list, git_reference_list),
    ROW(reference_id, git_reference_name_to_id),
    ROW(repository_folder, git_repository_commondir),
    ROW(is_shallow, git_repository_is_shallow),
    ROW(repository_odb, git_repository_odb),
    ROW(walk_free, git_revwalk_free),
    ROW(walk_hide, git_revwalk_hide),
    ROW(walk_new, git_revwalk_new),
    ROW(walk_next, git_revwalk_next),
    ROW(walk_push, git_revwalk_push),
    ROW(strarray_dispose, git_strarray_dispose),
    ROW(entry_at, git_tree_entry_byindex),
    ROW(entry_named, git_tree_entry_byname),
    ROW(entry_id, git_tree_entry_id),
    ROW(entry_name, git_tree_entry_name),
    ROW(entry_type, git_tree_entry_type),
    ROW(entry_count, git_tree_entrycount),
    ROW(tree_free, git_tree_free),
    ROW(tree_lookup, git_tree_lookup),
};
static struct library pack_library = { LIBRARY("libgit2.so.1.5", "libgit2-1.5", pack_symbols,
                                               &git2) };

struct packer {
    struct context *cx;
    git_repository *repository;
    git_odb *objects;
    git_packbuilder *pack;
    struct map known; /* by 40 digits: what the remote has */
    git_oid *commits; /* that it lacks */
    uint32_t len, cap;
};

static bool fail(struct packer *p)
{
    return report_git(p->cx, NOWHERE, "gather what is to be pushed");
}

static str name_of(struct packer *p, const git_oid *id)
{
    char hex[GIT_OID_HEXSZ + 1];
    return str_dup(p->cx->arena, str_from(git2.oid_print(hex, sizeof hex, id)));
}

static void add_known(struct packer *p, str object)
{
    git_oid id;
    if (git2.oid_from(&id, object.at, object.len) == 0 && git2.odb_exists(p->objects, &id))
        map_put(&p->known, object, p);
}

/* The references of the remote as they were seen last. */
static bool add_tracked(struct packer *p, str remote)
{
    git_strarray names;
    str prefix = str_format(p->cx->arena, "refs/remotes/%.*s/", STR(remote));
    if (git2.reference_list(&names, p->repository) < 0)
        return fail(p);
    for (size_t i = 0; i < names.count; i++) {
        git_oid id;
        if (str_starts(str_from(names.strings[i]), prefix)
            && git2.reference_id(&id, p->repository, names.strings[i]) == 0)
            add_known(p, name_of(p, &id));
    }
    git2.strarray_dispose(&names);
    return true;
}

/* Which commits are to be sent. */

static void add_commit(struct packer *p, const git_oid *id)
{
    ARENA_PUSH(p->cx->arena, p->commits, p->len, p->cap);
    p->commits[p->len++] = *id;
}

/* A long way to what is known: the remote has more than its references and ours tell. */
static bool walk_whole(struct packer *p, const git_oid *from)
{
    git_revwalk *walk;
    git_oid id;
    if (git2.walk_new(&walk, p->repository) < 0)
        return fail(p);
    bool ok = git2.walk_push(walk, from) == 0;
    for (uint32_t i = 0; ok && i < p->known.len; i++) {
        str known = p->known.entries[i].key;
        /* A tag of something else hides nothing. */
        if (git2.oid_from(&id, known.at, known.len) == 0)
            git2.walk_hide(walk, &id);
    }
    while (ok && p->len < COMMITS_MOST && git2.walk_next(&id, walk) == 0)
        add_commit(p, &id);
    git2.walk_free(walk);
    return ok || fail(p);
}

/* Commit by commit until all that is left is known, or not here; up to `most` of them. */
static bool walk_near(struct packer *p, const git_oid *from, uint32_t most)
{
    struct map seen = { .arena = p->cx->arena };
    add_commit(p, from);
    map_put(&seen, name_of(p, from), p);
    for (uint32_t i = 0; i < p->len && p->len < most; i++) {
        git_commit *commit;
        git_oid id = p->commits[i];
        if (git2.commit_lookup(&commit, p->repository, &id) < 0)
            return fail(p);
        for (unsigned k = 0; k < git2.commit_parentcount(commit); k++) {
            const git_oid *parent = git2.commit_parent_id(commit, k);
            str name = name_of(p, parent);
            if (map_find(&p->known, name) || map_put(&seen, name, p)
                || !git2.odb_exists(p->objects, parent))
                continue;
            add_commit(p, parent);
        }
        git2.commit_free(commit);
    }
    return true;
}

/* What belongs to them. */

static bool insert_tree(struct packer *p, const git_oid *id, const git_oid *old_id);

static bool insert_entry(struct packer *p, const git_tree_entry *e, const git_tree *old)
{
    const git_tree_entry *before = old ? git2.entry_named(old, git2.entry_name(e)) : NULL;
    const git_oid *id = git2.entry_id(e);
    if (before && git2.oid_equal(git2.entry_id(before), id))
        return true;
    if (git2.entry_type(e) == GIT_OBJECT_BLOB)
        return git2.pack_insert(p->pack, id, git2.entry_name(e)) == 0 || fail(p);
    if (git2.entry_type(e) != GIT_OBJECT_TREE)
        return true; /* a submodule's commit is not ours to send */
    bool was_tree = before && git2.entry_type(before) == GIT_OBJECT_TREE;
    return insert_tree(p, id, was_tree ? git2.entry_id(before) : NULL);
}

static bool insert_tree(struct packer *p, const git_oid *id, const git_oid *old_id)
{
    git_tree *tree = NULL, *old = NULL;
    if (old_id && git2.oid_equal(id, old_id))
        return true;
    if (!limit_enter(p->cx, LIMIT_DEPTH, NOWHERE))
        return false;
    bool ok =
        git2.pack_insert(p->pack, id, NULL) == 0 && git2.tree_lookup(&tree, p->repository, id) == 0;
    if (!ok)
        fail(p);
    if (ok && old_id && git2.tree_lookup(&old, p->repository, old_id) < 0)
        old = NULL;
    for (size_t i = 0; ok && i < git2.entry_count(tree); i++)
        ok = insert_entry(p, git2.entry_at(tree, i), old);
    git2.tree_free(old);
    git2.tree_free(tree);
    limit_leave(p->cx, LIMIT_DEPTH);
    return ok;
}

static bool insert_commit(struct packer *p, const git_oid *id)
{
    git_commit *commit, *parent = NULL;
    if (git2.commit_lookup(&commit, p->repository, id) < 0
        || git2.pack_insert(p->pack, id, NULL) < 0)
        return fail(p);
    if (git2.commit_parentcount(commit) > 0
        && git2.commit_lookup(&parent, p->repository, git2.commit_parent_id(commit, 0)) < 0)
        parent = NULL;
    bool ok =
        insert_tree(p, git2.commit_tree_id(commit), parent ? git2.commit_tree_id(parent) : NULL);
    git2.commit_free(parent);
    git2.commit_free(commit);
    return ok;
}

static bool write(struct packer *p, str *pack)
{
    git_buf bytes = { 0 };
    if (git2.pack_new(&p->pack, p->repository) < 0)
        return fail(p);
    bool ok = true;
    for (uint32_t i = 0; ok && i < p->len; i++)
        ok = insert_commit(p, &p->commits[i]);
    if (ok && git2.pack_write(&bytes, p->pack) < 0)
        ok = fail(p);
    if (ok)
        *pack = str_dup(p->cx->arena, (str){ bytes.ptr, bytes.size });
    git2.buf_dispose(&bytes);
    git2.pack_free(p->pack);
    return ok;
}

static void free_objects(void *objects)
{
    git2.odb_free(objects);
}

static bool open_packer(struct context *cx, struct repository *repository, str remote,
                        struct packer *p)
{
    if (!library_open(cx, &pack_library))
        return false;
    *p = (struct packer){ .cx = cx, .repository = repository_handle(repository) };
    p->known.arena = cx->arena;
    if (git2.repository_odb(&p->objects, p->repository) < 0)
        return fail(p);
    arena_defer(cx->arena, free_objects, p->objects);
    return add_tracked(p, remote);
}

bool push_pack(struct context *cx, struct repository *repository, str remote,
               const struct wire_refs *there, str commit, str *pack)
{
    struct packer p;
    git_oid id;
    if (!open_packer(cx, repository, remote, &p))
        return false;
    for (uint32_t i = 0; i < there->len; i++)
        add_known(&p, there->at[i].object);
    if (git2.oid_from(&id, commit.at, commit.len) < 0)
        return fail(&p);
    bool shallow = git2.is_shallow(p.repository);
    if (!walk_near(&p, &id, shallow ? COMMITS_MOST : NEAR_MOST))
        return false;
    if (p.len >= NEAR_MOST && !shallow) {
        p.len = 0;
        if (!walk_whole(&p, &id))
            return false;
    }
    return write(&p, pack);
}

/* Where the history of a shallow clone ends. */
static void read_shallow(struct packer *p, struct wire_known *out)
{
    char line[64];
    str *all = NEW_ARRAY(p->cx->arena, str, HAVES_MOST);
    str path = str_format(p->cx->arena, "%sshallow", git2.repository_folder(p->repository));
    FILE *file = fopen(str_cstr(p->cx->arena, path), "re");
    out->shallow = all;
    while (file && out->shallow_len < HAVES_MOST && fgets(line, sizeof line, file)) {
        str name = str_trim(str_from(line));
        if (wire_is_object(name))
            all[out->shallow_len++] = str_dup(p->cx->arena, name);
    }
    if (file)
        fclose(file);
}

bool push_known(struct context *cx, struct repository *repository, str remote, str commit,
                struct wire_known *out)
{
    struct packer p;
    *out = (struct wire_known){ 0 };
    if (!open_packer(cx, repository, remote, &p))
        return false;
    str *all = NEW_ARRAY(cx->arena, str, HAVES_MOST + p.known.len);
    for (uint32_t i = 0; i < p.known.len; i++)
        all[out->have_len++] = p.known.entries[i].key;
    struct commit_read here;
    for (int i = 0; commit.len && i < HAVES_MOST; i++) {
        if (!push_commit(cx, repository, commit, &here))
            break;
        all[out->have_len++] = commit;
        commit = here.parent;
    }
    out->have = all;
    read_shallow(&p, out);
    return true;
}

bool push_take(struct context *cx, struct repository *repository, str pack)
{
    struct packer p;
    git_odb_writepack *writer;
    git_indexer_progress progress = { 0 };
    if (!open_packer(cx, repository, S(""), &p))
        return false;
    if (git2.write_pack(&writer, p.objects, NULL, NULL) < 0)
        return report_git(cx, NOWHERE, "keep what the remote sends");
    bool ok = writer->append(writer, pack.at, pack.len, &progress) == 0
              && writer->commit(writer, &progress) == 0;
    writer->free(writer);
    return ok || report_git(cx, NOWHERE, "keep what the remote sends");
}

static str oid_text(struct context *cx, const git_oid *oid)
{
    char hex[GIT_OID_HEXSZ + 1];
    return str_dup(cx->arena, str_from(git2.oid_print(hex, sizeof hex, oid)));
}

bool push_commit(struct context *cx, struct repository *repository, str commit,
                 struct commit_read *out)
{
    git_oid id;
    git_commit *found;
    *out = (struct commit_read){ 0 };
    if (!library_open(cx, &pack_library) || git2.oid_from(&id, commit.at, commit.len) < 0
        || git2.commit_lookup(&found, repository_handle(repository), &id) < 0)
        return false;
    out->message = str_dup(cx->arena, str_from(git2.commit_message(found)));
    out->tree = oid_text(cx, git2.commit_tree_id(found));
    if (git2.commit_parentcount(found) == 1)
        out->parent = oid_text(cx, git2.commit_parent_id(found, 0));
    git2.commit_free(found);
    return true;
}
