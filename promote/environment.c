/* Environments by name and by path. */
#include "promote/environment.h"

#include "promote/application.h"
#include "promote/generated_site.h"
#include "promote/commit.h"
#include "promote/overlay_over.h"
#include "render/source/git.h"

void environment_reads_from(struct context *cx, struct environment *env, struct source *source)
{
    for (uint32_t i = 0; i < env->source_count; i++) {
        if (env->sources[i] == source)
            return;
    }
    ARENA_PUSH(cx->arena, env->sources, env->source_count, env->source_cap);
    env->sources[env->source_count++] = source;
}

struct environment_part *environment_add(struct context *cx, struct environment *env,
                                         struct render_path path)
{
    ARENA_PUSH(cx->arena, env->parts, env->part_count, env->part_cap);
    struct environment_part *part = &env->parts[env->part_count++];
    /* A chart in a kustomization is rendered by no program, so it needs no leave. */
    *part =
        (struct environment_part){ .path = path, .build.enable_helm = true, .plain = path.folder };
    if (path.renderer == RENDER_CHART && !path.chart)
        part->path.chart = NEW(cx->arena, struct chart_settings);
    if (env->part_count == 1)
        env->at = part->path;
    if (path.folder)
        environment_reads_from(cx, env, path.folder->source);
    return part;
}

/* The overlay's files count among those that the environment reads; `plain` is where images that it
 * sets are pinned. */
static bool add_overlay(struct context *cx, struct environment *env, struct folder *project,
                        const struct environment_row *row)
{
    struct environment_part *part = &env->parts[0];
    if (!row->overlay.len)
        return true;
    part->overlay = part->plain = folder_enter(cx, project, row->overlay, row->pos);
    if (!part->overlay)
        return false;
    environment_reads_from(cx, env, part->overlay->source);
    return true;
}

static bool render_part(struct context *cx, struct environment *env, struct environment_part *part)
{
    struct documents own = { 0 };
    struct source *edited;
    if (!part->overlay)
        return render_path_documents(cx, &part->path, &part->build, &env->documents);
    if (!render_path_documents(cx, &part->path, &part->build, &own)
        || !overlay_over(cx, part->overlay, &part->build, &own, &edited))
        return false;
    environment_reads_from(cx, env, edited);
    for (uint32_t i = 0; i < own.len; i++) {
        ARENA_PUSH(cx->arena, env->documents.at, env->documents.len, env->documents.cap);
        env->documents.at[env->documents.len++] = own.at[i];
    }
    return true;
}

bool environment_documents(struct context *cx, struct environment *env)
{
    bool ok = true;
    if (env->row)
        diag_enter(cx, env->row->pos, "in this environment");
    for (uint32_t i = 0; ok && i < env->part_count; i++) {
        struct environment_part *part = &env->parts[i];
        part->first = env->documents.len;
        ok = render_part(cx, env, part);
        part->len = env->documents.len - part->first;
    }
    if (env->row)
        diag_leave(cx);
    return ok;
}

bool environment_finish(struct context *cx, struct environment *env)
{
    if (!environment_documents(cx, env))
        return false;
    if (env->row)
        diag_enter(cx, env->row->pos, "in this environment");
    bool ok = image_set_of(cx, &env->documents, &env->images);
    if (env->row)
        diag_leave(cx);
    return ok;
}

/* Charts. */

/* A values file stands beside its chart, or is named from where hoist.yaml is. */
static struct text *read_value_file(struct context *cx, struct folder *project,
                                    const struct render_path *path, const struct value_name *name)
{
    if (!path->archive.len && !str_starts(name->path, S("/"))
        && folder_kind(cx, path->folder, name->path) == FILE_PLAIN)
        return source_read(cx, path->folder->source,
                           source_join(cx->arena, path->folder->path, name->path), name->pos);
    str below = str_trim_prefix(name->path, S("/"));
    return source_read(cx, project->source, source_join(cx->arena, project->path, below),
                       name->pos);
}

static void add_set(struct context *cx, struct chart_settings *s, str set, enum set_mode mode,
                    const struct node *value)
{
    chart_settings_add(
        cx, s,
        (struct value_layer){
            .kind = LAYER_SET, .set = set, .mode = mode, .value = value, .pos = value->pos });
}

/* A list says what --set would be told; in a map the text is taken as it is. */
static bool add_sets(struct context *cx, struct chart_settings *s, const struct node *set)
{
    for (uint32_t i = 0; node_is(set, NODE_LIST) && i < set->len; i++)
        add_set(cx, s, set->items[i]->text, SET_TYPED, set->items[i]);
    for (uint32_t i = 0; node_is(set, NODE_MAP) && i < set->len; i++) {
        const struct entry *e = &set->entries[i];
        if (!node_is_scalar(e->value))
            return report(cx, e->value->pos, "the value of '%.*s' must be a text, not %s",
                          STR(e->key->text), node_kind_name(e->value));
        str text = str_format(cx->arena, "%.*s=%.*s", STR(e->key->text), STR(e->value->text));
        bool is_text = e->value->kind == NODE_STRING;
        add_set(cx, s, text, is_text ? SET_LITERAL : SET_TYPED, e->value);
    }
    return true;
}

static bool says_chart_things(const struct environment_row *row)
{
    return row->release.len || row->namespace_.len || row->kube_version.len || row->value_count
           || row->set || row->api_versions || row->overlay.len;
}

static bool settle_chart(struct context *cx, struct folder *project,
                         const struct environment_row *row, struct render_path *path)
{
    if (path->renderer != RENDER_CHART)
        return !says_chart_things(row)
               || report(cx, row->pos,
                         "'%.*s' is no chart, so there is no release and there are no values",
                         STR(row->path));
    struct chart_settings *s = path->chart = NEW(cx->arena, struct chart_settings);
    *s = (struct chart_settings){ .release = row->release,
                                  .namespace_ = row->namespace_,
                                  .kube_version = row->kube_version };
    for (uint32_t i = 0; i < row->value_count; i++) {
        struct text *text = read_value_file(cx, project, path, &row->values[i]);
        if (!text)
            return false;
        chart_settings_add(
            cx, s,
            (struct value_layer){ .kind = LAYER_FILE, .text = text, .pos = row->values[i].pos });
    }
    uint32_t n = row->api_versions ? row->api_versions->len : 0;
    str *versions = NEW_ARRAY(cx->arena, str, n);
    for (uint32_t i = 0; i < n; i++)
        versions[i] = row->api_versions->items[i]->text;
    s->api_versions = versions;
    s->api_version_count = n;
    return add_sets(cx, s, row->set);
}

/* Rows. */

static bool find_path(struct context *cx, struct folder *project, const struct environment_row *row,
                      struct render_path *path)
{
    *path = (struct render_path){ .renderer = RENDER_CHART };
    if (folder_kind(cx, project, row->path) == FILE_PLAIN && str_ends(row->path, S(".tgz"))) {
        path->folder = project;
        path->archive = row->path;
        return true;
    }
    struct folder *folder = folder_enter(cx, project, row->path, row->pos);
    if (!folder)
        return false;
    if (render_path_in(cx, folder, path))
        return true;
    if (!diag_failed(cx))
        report(cx, row->pos, "'%.*s' holds no kustomization, no chart and no manifest",
               STR(row->path));
    return false;
}

struct environment *environment_open(struct context *cx, struct folder *project,
                                     const struct environment_row *row)
{
    struct environment *env = NEW(cx->arena, struct environment);
    struct render_path path;
    *env = (struct environment){ .name = row->name, .row = row, .project = project };
    if (row->application.len)
        return application_parts(cx, project, env) ? env : NULL;
    if (!find_path(cx, project, row, &path) || !settle_chart(cx, project, row, &path))
        return NULL;
    environment_add(cx, env, path);
    return add_overlay(cx, env, project, row) ? env : NULL;
}

struct environment *environment_render(struct context *cx, struct folder *project,
                                       const struct environment_row *row)
{
    struct environment *env = environment_open(cx, project, row);
    return env && environment_finish(cx, env) ? env : NULL;
}

/* Branches. */

static bool branch_commit(struct context *cx, struct repository *repository,
                          const struct environment_row *row, str *commit)
{
    str local = str_concat(cx->arena, S("refs/heads/"), row->branch);
    str remote = str_concat(cx->arena, S("origin/"), row->branch);
    diag_mute(cx);
    bool found = revision_commit(cx, repository, local, row->pos, commit)
                 || revision_commit(cx, repository, remote, row->pos, commit);
    diag_unmute(cx);
    return found || revision_commit(cx, repository, row->branch, row->pos, commit);
}

struct folder *environment_folder(struct context *cx, struct folder *project,
                                  const struct environment_row *row)
{
    str head = S(""), commit;
    if (!row->branch.len || project->source->closed)
        return project;
    struct repository *repository = repository_open(cx, project->real, row->pos);
    if (!repository)
        return NULL;
    diag_mute(cx);
    bool here = head_branch(cx, repository, &head) && str_eq(head, row->branch);
    diag_unmute(cx);
    if (here)
        return project;
    struct source *src = branch_commit(cx, repository, row, &commit)
                             ? source_git(cx, repository, commit, row->pos)
                             : NULL;
    if (!src)
        return NULL;
    src->name = str_concat(cx->arena, row->branch, S(":"));
    str top = repository_worktree(repository);
    str below = str_starts(project->real, top) ? str_skip(project->real, top.len) : S("");
    return source_folder(cx, src, below.len > 1 ? str_skip(below, 1) : S("."), row->pos);
}

/* Words. */

static bool is_name(str word)
{
    return word.len && !str_has_char(word, '/') && !str_has_char(word, ':')
           && !str_starts(word, S("."));
}

/* Where the working directory stands in a revision, for REV:ENV. */
static struct folder *folder_at_revision(struct context *cx, struct source *disk, str revision)
{
    struct source *src;
    str path, here = str_concat(cx->arena, revision, S(":."));
    return source_named(cx, disk, here, NOWHERE, &src, &path)
               ? source_folder(cx, src, path, NOWHERE)
               : NULL;
}

/* A name has no slash and no colon; the project of the working directory may know it, or that
 * of a revision. What stands there under that name is a path, unless the project says else. */
static const struct environment_row *find_row(struct context *cx, str word, struct folder **folder)
{
    str revision, name;
    bool revised = revision_split(word, &revision, &name);
    if (!revised)
        name = word;
    if (!is_name(name))
        return NULL;
    struct source *disk = source_disk(cx, S(""));
    *folder = !disk     ? NULL
              : revised ? folder_at_revision(cx, disk, revision)
                        : source_folder(cx, disk, S("."), NOWHERE);
    if (!*folder)
        return NULL;
    bool path = folder_kind(cx, *folder, name) != FILE_NONE;
    struct project *p = project_read(cx, *folder);
    if (!p || path)
        return p ? project_find(p, name) : NULL;
    return project_environment(cx, p, name);
}

struct environment *environment_open_named(struct context *cx, str word)
{
    struct folder *folder;
    struct render_path path;
    const struct environment_row *row = str_eq(word, S("-")) ? NULL : find_row(cx, word, &folder);
    if (row) {
        folder = environment_folder(cx, folder, row);
        struct environment *named = folder ? environment_open(cx, folder, row) : NULL;
        if (named)
            named->name = word;
        return named;
    }
    if (diag_failed(cx) || !render_path_find(cx, word, &path))
        return NULL;
    struct environment *env = NEW(cx->arena, struct environment);
    *env = (struct environment){ .name = word };
    environment_add(cx, env, path);
    return env;
}

struct environment *environment_named(struct context *cx, str word)
{
    struct environment *env = environment_open_named(cx, word);
    return env && environment_finish(cx, env) ? env : NULL;
}

bool environment_again(struct context *cx, const struct environment *env, struct source *source,
                       struct environment *out)
{
    const struct folder *seen = env->row ? env->project : env->at.folder;
    struct folder *folder = source_folder(cx, source, seen->path, NOWHERE);
    struct render_path path;
    if (folder && env->row) {
        struct environment *again = environment_render(cx, folder, env->row);
        if (again)
            *out = *again;
        return again;
    }
    *out = (struct environment){ .name = env->name };
    if (!folder || !render_path_in(cx, folder, &path))
        return false;
    environment_add(cx, out, path);
    return environment_finish(cx, out);
}

struct environment_part *environment_part_of(const struct environment *env,
                                             const struct image_use *use)
{
    for (uint32_t i = 0; i < env->part_count; i++) {
        struct environment_part *part = &env->parts[i];
        if (use->index >= part->first && use->index - part->first < part->len)
            return part;
    }
    return NULL;
}

/* Files. */

bool environment_reads(const struct environment *env, str real)
{
    for (uint32_t i = 0; i < env->source_count; i++) {
        if (!env->sources[i]->far && map_get(&env->sources[i]->texts, real))
            return true;
    }
    return false;
}

/* Does it mean this environment? What a generator reads may be said of other Applications. */
static bool reads_for_itself(const struct environment *env, str real)
{
    for (uint32_t i = 0; i < env->source_count; i++) {
        const struct text *text = map_get(&env->sources[i]->texts, real);
        const struct generated *g = env->part_count ? env->parts[0].generated : NULL;
        if (text && !env->sources[i]->far
            && (env->sources[i] != env->aside || (g && generated_reads(g, text))))
            return true;
    }
    return false;
}

static bool is_of_chart(str inner)
{
    static const str folders[] = { S("templates/"), S("charts/"), S("crds/") };
    static const str files[] = { S("Chart.yaml"), S("values.yaml"), S("values.schema.json"),
                                 S("requirements.yaml") };
    for (size_t i = 0; i < countof(folders); i++) {
        if (str_starts(inner, folders[i]))
            return true;
    }
    for (size_t i = 0; i < countof(files); i++) {
        if (str_eq(inner, files[i]))
            return true;
    }
    return false;
}

static bool is_layer(const struct environment *env, const struct chart_settings *s, str real)
{
    for (uint32_t i = 0; i < s->len; i++) {
        for (uint32_t k = 0; s->layers[i].text && k < env->source_count; k++) {
            if (map_get(&env->sources[k]->texts, real) == s->layers[i].text)
                return true;
        }
    }
    return false;
}

bool environment_uses(const struct environment *env, str real)
{
    bool beside = env->part_count > 0;
    for (uint32_t i = 0; i < env->part_count; i++) {
        const struct render_path *path = &env->parts[i].path;
        if (path->renderer != RENDER_CHART || is_layer(env, path->chart, real)) {
            beside = false;
            continue;
        }
        if (path->archive.len)
            continue;
        str chart = path->folder->real;
        bool below = str_starts(real, chart) && str_starts(str_skip(real, chart.len), S("/"));
        beside &= below && !is_of_chart(str_skip(real, chart.len + 1));
    }
    return !beside && reads_for_itself(env, real);
}

bool environment_file(const struct environment *env, const struct text *text, str *real)
{
    for (uint32_t i = 0; i < env->source_count; i++) {
        const struct map *texts = &env->sources[i]->texts;
        for (uint32_t k = 0; !env->sources[i]->far && k < texts->len; k++) {
            if (texts->entries[k].value != text)
                continue;
            *real = texts->entries[k].key;
            return true;
        }
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
