/* Trees of files: a folder on disk, a tree of a Git revision, an archive, literals.
 *
 * Paths are written with slashes. On disk they are what the user writes, seen from the
 * working directory, so they may begin with "/" or ".."; every other tree is closed: no
 * path, and no link in it, leads above its top. Texts are named so that a user finds them.
 *
 * There are two fences, both looked after here alone and both after links are followed:
 *   the top     of a source: nothing outside is read or entered. "/" on disk, unless said.
 *   the folder  that asks for a file: folder_read gives only what is at or below it, as a
 *               kustomization's root does, while it may enter folders anywhere below the top.
 *
 * A `from` is the place that asked, for the report. Everything lives as long as the context. */
#ifndef HOIST_SOURCE_SOURCE_H
#define HOIST_SOURCE_SOURCE_H

#include "render/base/context.h"
#include "render/base/map.h"

enum file_kind { FILE_NONE, FILE_PLAIN, FILE_FOLDER, FILE_LINK };

struct listed {
    str name;
    enum file_kind kind;
};

/* What a folder holds, sorted by name. */
struct listing {
    struct listed *at;
    uint32_t len;
    uint32_t cap;
};

/* What stood at a path when it was looked at. */
struct looked {
    enum file_kind kind;
    str target; /* of a link */
};

struct source {
    const struct source_ops *ops;
    str name; /* stands before each path in messages: "", "main:", "web-1.2.0.tgz:" */
    str here; /* where a relative path begins: on disk the working directory, else "" */
    str top;
    bool closed;
    bool foreign;  /* of another machine: what it names on this one is not for it to read */
    bool far;      /* another repository's tree, or another revision's: never edited */
    bool unfenced; /* kustomize's LoadRestrictionsNone: files too are read anywhere below the top */
    struct map texts;
    struct map folders; /* paths of folders to themselves with links followed */
    /* What was asked for, by absolute path, also in vain: struct looked and struct listing. */
    struct map looks;
    struct map lists;
};

/* A folder that a kustomization, a chart, a project is rooted at. */
struct folder {
    struct source *source;
    str path; /* as the user would write it, links followed */
    str real; /* absolute; "" is the top of the tree */
};

/* Disk: `top` is "" or a folder that is never left. NULL after a report. */
struct source *source_disk(struct context *cx, str top);
/* Literals; put adds a file, or replaces one that was not read yet, and keeps views. */
struct source *source_mem(struct context *cx, str name);
bool source_mem_put(struct context *cx, struct source *mem, str path, str bytes, struct pos from);
/* A .tgz or .tar in memory, unpacked into literals at once. Links, devices, absolute
 * names, names with ".." and what is too large or too many are refused. */
struct source *source_tar(struct context *cx, str name, str bytes, struct pos from);
/* The tree of a commit, tag or branch, straight from the object database. */
struct repository;
struct source *source_git(struct context *cx, struct repository *repository, str revision,
                          struct pos from);
/* Which repository and revision such a source reads; false for every other source. */
bool source_git_revision(const struct source *src, struct repository **repository, str *revision);
/* The commit that a submodule's link at a path of such a source names; false when there is none. */
bool source_git_link(struct arena *a, const struct source *git, str path, str *commit);
/* What a PATH of the command line means: a path on disk, or REV:PATH, the same path in a
 * revision of the repository that holds the working directory. REV:/PATH begins at the
 * repository's top. Gives the source and the path in it. */
bool source_named(struct context *cx, struct source *disk, str word, struct pos from,
                  struct source **src, str *path);
/* The same tree with edits, while the original stays as it is. An edited text is new: it has its own
 * number, and the old name; where `from` is in a file, that one's behind it. */
struct source *source_edited(struct context *cx, struct source *original);
/* What lies below the edits; the source itself when there are none. */
struct source *source_original(struct source *src);
bool source_edit(struct context *cx, struct source *edited, str path, str bytes, struct pos from);
/* Where a text that was read from this source really stands, links followed: as a path
 * of this source. False when it was not read from here. */
bool source_path(const struct source *src, const struct text *text, str *path);

/* Files and folders that the user names himself; only the top is a fence, and a file may
 * be a pipe, as in `-f <(command)`. */
struct text *source_read(struct context *cx, struct source *src, str path, struct pos from);
enum file_kind source_kind(struct context *cx, struct source *src, str path);
struct folder *source_folder(struct context *cx, struct source *src, str path, struct pos from);
/* Standard input as a text, "<stdin>". */
struct text *source_stdin(struct context *cx);

/* What a folder's own files name: `path` is relative to the folder, or absolute. */
struct text *folder_read(struct context *cx, const struct folder *f, str path, struct pos from);
/* Nothing, a file or a folder, links followed; without a report, and without the fence. */
enum file_kind folder_kind(struct context *cx, const struct folder *f, str path);
/* Reads a file and gives FILE_PLAIN; gives FILE_FOLDER without a report when a folder
 * stands there, and FILE_NONE after a report. One look where kind and read are two. */
enum file_kind folder_take(struct context *cx, const struct folder *f, str path, struct pos from,
                           struct text **text);
struct folder *folder_enter(struct context *cx, const struct folder *f, str path, struct pos from);
bool folder_list(struct context *cx, const struct folder *f, struct pos from, struct listing *out);

/* Is it the same folder, or one above? What kustomize calls a cycle. */
bool folder_holds(const struct folder *outer, const struct folder *inner);

/* A path as seen from a folder, cleaned: "." and ".." and double slashes are gone but for
 * leading ".."; an absolute one stays itself. "." when nothing is left. */
str source_join(struct arena *a, str folder, str path);

/* What a kind of source must answer. Paths are absolute, clean, followed by a zero byte;
 * "" is the top. No link stands in them but, perhaps, at the end. */
struct look {
    str path;
    str name; /* for reports */
    struct pos from;
    bool read;
    bool pipes; /* look only for a pipe or a device, links followed by the system; on disk */
    /* The answer: what is there, a file's bytes if they were to be read, a link's target. */
    enum file_kind kind;
    str bytes;
    str maker; /* the file that says what these bytes are; empty for the file itself */
};

struct source_ops {
    /* False after a report: it is there, but can't be read or is neither file nor folder. */
    bool (*look)(struct context *cx, struct source *src, struct look *l);
    /* In any order. The folder exists. */
    bool (*list)(struct context *cx, struct source *src, struct look *l, struct listing *out);
};

/* Prepares the common part of a closed source. */
void source_begin(struct context *cx, struct source *src, const struct source_ops *ops, str name);
/* The absolute path, links followed, of a file that is there or could be made. */
bool source_real(struct context *cx, struct source *src, str path, struct pos from, str *real);
void listing_add(struct context *cx, struct listing *l, str name, enum file_kind kind);

#endif
