/* Environments by name and by path. */
#include "promote/environment.h"

static bool finish(struct context *cx, struct environment *env)
{
    static const struct build_options options = { .enable_helm = true };
    return render_path_documents(cx, &env->at, &options, &env->documents)
           && image_set_of(cx, &env->documents, &env->images);
}

struct environment *environment_render(struct context *cx, struct folder *project,
                                       const struct environment_row *row)
{
    if (row->unsupported) {
        report(cx, row->pos, "'%.*s' is a chart or an Application, which cannot be rendered here",
               STR(row->name));
        return NULL;
    }
    struct environment *env = NEW(cx->arena, struct environment);
    env->name = row->name;
    struct folder *folder = folder_enter(cx, project, row->path, row->pos);
    if (!folder)
        return NULL;
    if (!render_path_in(cx, folder, &env->at)) {
        if (!diag_failed(cx))
            report(cx, row->pos, "'%.*s' holds no kustomization and no manifest", STR(row->path));
        return NULL;
    }
    diag_enter(cx, row->pos, "in this environment");
    bool ok = finish(cx, env);
    diag_leave(cx);
    return ok ? env : NULL;
}

/* A name has no slash and no colon; the project of the working directory may know it. */
static const struct environment_row *find_row(struct context *cx, str word, struct folder **folder)
{
    if (str_has_char(word, '/') || str_has_char(word, ':') || str_starts(word, S(".")))
        return NULL;
    struct source *disk = source_disk(cx, S(""));
    *folder = disk ? source_folder(cx, disk, S("."), NOWHERE) : NULL;
    if (!*folder)
        return NULL;
    bool path = folder_kind(cx, *folder, word) != FILE_NONE;
    struct project *p = project_read(cx, *folder);
    if (!p || path)
        return p ? project_find(p, word) : NULL;
    return project_environment(cx, p, word);
}

struct environment *environment_named(struct context *cx, str word)
{
    struct folder *folder;
    const struct environment_row *row = str_eq(word, S("-")) ? NULL : find_row(cx, word, &folder);
    if (row)
        return environment_render(cx, folder, row);
    if (diag_failed(cx))
        return NULL;
    struct environment *env = NEW(cx->arena, struct environment);
    env->name = word;
    return render_path_find(cx, word, &env->at) && finish(cx, env) ? env : NULL;
}

bool environment_again(struct context *cx, const struct environment *env, struct source *source,
                       struct environment *out)
{
    *out = (struct environment){ .name = env->name };
    struct folder *folder = source_folder(cx, source, env->at.folder->path, NOWHERE);
    return folder && render_path_in(cx, folder, &out->at) && finish(cx, out);
}

bool environment_reads(const struct environment *env, str real)
{
    return env->at.folder && map_get(&env->at.folder->source->texts, real);
}

bool environment_file(const struct environment *env, const struct text *text, str *real)
{
    const struct map *texts = env->at.folder ? &env->at.folder->source->texts : NULL;
    for (uint32_t i = 0; texts && i < texts->len; i++) {
        if (texts->entries[i].value != text)
            continue;
        *real = texts->entries[i].key;
        return true;
    }
    return false;
}

bool environment_same(const struct environment *a, const struct environment *b)
{
    if (a->documents.len != b->documents.len)
        return false;
    for (uint32_t i = 0; i < a->documents.len; i++) {
        if (!node_equal(a->documents.at[i], b->documents.at[i]))
            return false;
    }
    return true;
}
