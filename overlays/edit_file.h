/* What `kustomize edit` does to a kustomization file: a change to its tree, then the fewest
 * bytes that say the same.
 *
 * Open, change, close. The changes work on `file`, a checked copy of the tree, and are those of
 * kustomize v5.7; its sentences are kept word for word, since scripts look for them. All give
 * false after a report, and what did nothing worth a failure is a warning. */
#ifndef HOIST_OVERLAYS_EDIT_FILE_H
#define HOIST_OVERLAYS_EDIT_FILE_H

#include "overlays/resource.h"
#include "render/source/source.h"

struct edit_file {
    struct context *cx;
    struct text *text;
    const struct node *before; /* as it was read; NULL for an empty file */
    struct node *file;
};

bool edit_file_open(struct context *cx, struct text *text, struct edit_file *f);
/* The new bytes; those of the text itself when nothing has changed. */
bool edit_file_close(struct edit_file *f, str *bytes);

/* Fields. */

/* A field of text; without any it goes. */
void edit_text(struct edit_file *f, str field, str text);
/* `set image` and `set replicas`: "nginx=mirror/nginx:1.27@sha256:…", "web=3". */
bool edit_images(struct edit_file *f, const struct strings *words);
bool edit_replicas(struct edit_file *f, const struct strings *words);

/* Labels and annotations. */

struct edit_pairs {
    str field;                   /* "commonLabels" or "commonAnnotations" */
    str noun;                    /* "label" or "annotation" */
    const struct strings *words; /* "key:value" */
    bool force;
    bool without_selector; /* of labels: into `labels` */
    bool include_templates;
};

bool edit_add_pairs(struct edit_file *f, const struct edit_pairs *pairs);
bool edit_remove_pairs(struct edit_file *f, str field, str noun, const struct strings *keys,
                       bool ignore_missing);

/* Lists of text. */

/* Adds what is not there yet; `noun` is what a warning calls one. */
void edit_add_paths(struct edit_file *f, str field, str noun, const struct strings *paths);
bool edit_add_bases(struct edit_file *f, const struct strings *paths);
/* Removes what one of the patterns matches. */
bool edit_remove_paths(struct edit_file *f, str field, const struct strings *patterns);

bool edit_add_metadata(struct edit_file *f, const struct strings *options);
void edit_set_metadata(struct edit_file *f, const struct strings *options);
void edit_remove_metadata(struct edit_file *f, const struct strings *options);

/* Patches. */

struct edit_patch {
    str path, patch;
    str group, version, kind, name, namespace_, annotation_selector, label_selector;
};

void edit_add_patch(struct edit_file *f, const struct edit_patch *patch);
void edit_remove_patch(struct edit_file *f, const struct edit_patch *patch);

/* Generators of config maps and secrets. */

struct edit_generator {
    str field; /* "configMapGenerator" or "secretGenerator" */
    str noun;  /* "ConfigMap" or "Secret" */
    str name, namespace_, new_namespace, type, behavior, env;
    struct strings files, literals;
    bool no_suffix_hash;
};

/* What is generated afterwards must be well-formed: `inside` holds the files it is made of. */
bool edit_add_generator(struct edit_file *f, const struct edit_generator *g, struct folder *inside);
bool edit_set_generator(struct edit_file *f, const struct edit_generator *g, struct folder *inside);
bool edit_remove_generators(struct edit_file *f, const struct edit_generator *g,
                            const struct strings *names);

/* Legacy fields. */

/* What every command of kustomize does on its way: `bases`, `imageTags` and `env` where their
 * successors stand. */
void edit_follow_lists(struct edit_file *f, str legacy, str present);
void edit_follow_env(struct edit_file *f, struct node *generator);
/* `edit fix`. `inside` tells patch files from patches. */
bool edit_fix(struct edit_file *f, const struct folder *inside);

/* `edit fix --vars`, and the other files that have to be written for it. Replacements that are
 * there already stay, where kustomize loses them. */
struct edit_texts {
    struct edit_text {
        str path;
        str bytes;
    } * at;
    uint32_t len;
    uint32_t cap;
};

bool edit_vars(struct edit_file *f, const struct folder *inside, struct edit_texts *out);

/* Parts. */

/* The list or map under a field, made when it is absent. */
struct node *edit_list_of(struct edit_file *f, struct node *map, str field);
struct node *edit_map_of(struct edit_file *f, struct node *map, str field);
void edit_put(struct edit_file *f, struct node *map, str field, str text);
/* A field whose list or map has become empty goes. */
void edit_drop_empty(struct edit_file *f, struct node *map, str field);

#endif
