/* All that the environment has read is laid out in memory again, so that an experiment costs no look
 * at a disk or a repository, and sees no change that others make meanwhile. */
#include "promote/experiment.h"

#include "render/base/buf.h"

struct job {
    const struct environment *env;
    const struct experiment_edit *edits;
    size_t edit_count;
    void (*look)(void *who, struct context *inner, const struct environment *again);
    void *who;
};

static str bytes_of(const struct job *job, const struct text *text)
{
    for (size_t i = 0; i < job->edit_count; i++) {
        if (job->edits[i].text == text)
            return job->edits[i].bytes;
    }
    return text->bytes;
}

static struct source *lay_out(struct context *cx, const struct job *job)
{
    struct source *mem = source_mem(cx, S(""));
    for (uint32_t i = 0; i < job->env->source_count; i++) {
        const struct map *texts = &job->env->sources[i]->texts;
        for (uint32_t k = 0; k < texts->len; k++) {
            const struct map_entry *e = &texts->entries[k];
            if (e->value
                && !source_mem_put(cx, mem, str_skip(e->key, 1), bytes_of(job, e->value), NOWHERE))
                return NULL;
        }
    }
    return mem;
}

/* A member of an archive that was read is named "ARCHIVE:MEMBER"; the archive's path is another one
 * in memory. */
static str name_in_memory(struct context *cx, const struct environment *env, str name)
{
    for (uint32_t i = 0; i < env->source_count; i++) {
        const struct map *texts = &env->sources[i]->texts;
        for (uint32_t k = 0; k < texts->len; k++) {
            const struct text *archive = texts->entries[k].value;
            str member = archive && str_starts(name, archive->name)
                             ? str_skip(name, archive->name.len)
                             : S("");
            if (str_starts(member, S(":")))
                return str_concat(cx->arena, str_skip(texts->entries[k].key, 1), member);
        }
    }
    return S("");
}

static void edit_members(struct context *cx, const struct job *job)
{
    struct map *instead = NEW(cx->arena, struct map);
    instead->arena = cx->arena;
    for (size_t i = 0; i < job->edit_count; i++) {
        str name = name_in_memory(cx, job->env, job->edits[i].text->name);
        str *bytes = NEW(cx->arena, str);
        *bytes = job->edits[i].bytes;
        if (name.len)
            map_put(instead, name, bytes);
    }
    cx->instead = instead->len ? instead : NULL;
}

static struct folder *enter(struct context *cx, struct source *mem, str real)
{
    return source_folder(cx, mem, real.len > 1 ? str_skip(real, 1) : S("."), NOWHERE);
}

/* By its entry in hoist.yaml, which may be what has changed, when that is among the files. */
static struct environment *open_row(struct context *cx, struct source *mem, const struct job *job)
{
    const struct environment *env = job->env;
    struct folder *folder = enter(cx, mem, env->project->real);
    if (!folder)
        return NULL;
    bool has_file = folder_kind(cx, folder, S("hoist.yaml")) == FILE_PLAIN;
    struct project *p = has_file ? project_read(cx, folder) : NULL;
    const struct environment_row *row = p ? project_find(p, env->row->name) : NULL;
    return environment_open(cx, folder, row ? row : env->row);
}

static struct environment *open_path(struct context *cx, struct source *mem, const struct job *job)
{
    struct folder *folder = job->env->at.folder ? enter(cx, mem, job->env->at.folder->real) : NULL;
    struct render_path path;
    if (!folder || !render_path_in(cx, folder, &path))
        return NULL;
    struct environment *env = NEW(cx->arena, struct environment);
    *env = (struct environment){ .name = job->env->name };
    environment_add(cx, env, path);
    return env;
}

static bool work(struct context *cx, void *arg)
{
    const struct job *job = arg;
    struct source *mem = lay_out(cx, job);
    edit_members(cx, job);
    struct environment *env = !mem            ? NULL
                              : job->env->row ? open_row(cx, mem, job)
                                              : open_path(cx, mem, job);
    /* A schema would refuse values that are only made up. */
    for (uint32_t i = 0; env && i < env->part_count; i++) {
        if (env->parts[i].path.chart)
            env->parts[i].path.chart->skip_schema = true;
    }
    bool ok = env && environment_finish(cx, env);
    job->look(job->who, cx, ok ? env : NULL);
    return true;
}

bool experiment_run(struct context *cx, const struct environment *env,
                    const struct experiment_edit *edits, size_t n,
                    void (*look)(void *who, struct context *inner, const struct environment *again),
                    void *who)
{
    struct job job = { env, edits, n, look, who };
    struct context_options options = {
        .memory = cx->memory, .home = cx->home, .timezone = cx->timezone, .now = cx->now
    };
    if (!limit_time(cx, NOWHERE))
        return false;
    struct context *inner = context_new(&options);
    if (!inner)
        return report_surroundings(cx, NOWHERE, "no memory to render once more");
    inner->switches = cx->switches;
    inner->switches.offline = true;
    inner->seed = cx->seed;
    inner->limits.deadline_ns = cx->limits.deadline_ns;
    diag_mute(inner);
    if (!context_run(inner, work, &job))
        look(who, inner, NULL);
    context_free(inner);
    return true;
}

/* Changing a scalar. */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Of these the length must stay. */
static bool is_digest(str text)
{
    return str_has(text, S("sha256:"));
}

/* What stands at `at` and how many bytes of it go; false where the text is not as it was read. */
static bool replacement(struct arena *a, str bytes, const struct node *n, size_t *at, size_t *gone,
                        str *put)
{
    *at = n->pos.offset;
    *gone = 0;
    *put = S("x");
    if (*at >= bytes.len)
        return false;
    if (n->style == STYLE_SINGLE || n->style == STYLE_DOUBLE) {
        *at += str_has_char(S("'\""), bytes.at[*at]);
        if (!is_digest(n->text))
            return true;
    }
    if (n->style == STYLE_LITERAL || n->style == STYLE_FOLDED) {
        while (*at < bytes.len && bytes.at[*at] == ' ')
            ++*at;
        return *at < bytes.len && bytes.at[*at] != '|' && bytes.at[*at] != '>';
    }
    if (!n->text.len || !str_starts(str_skip(bytes, *at), n->text))
        return false;
    char last = n->text.at[n->text.len - 1];
    if (n->kind == NODE_BOOL) {
        *gone = n->text.len;
        *put =
            (n->text.at[0] | 0x20) == 't' || (n->text.at[0] | 0x20) == 'y' ? S("false") : S("true");
    } else if (is_digest(n->text)
               || ((n->kind == NODE_INT || n->kind == NODE_FLOAT) && is_digit(last))) {
        *at += n->text.len - 1;
        *gone = 1;
        *put = last == '7' ? S("8") : S("7");
    } else if (n->kind == NODE_NULL) {
        *gone = n->text.len;
    } else {
        *at += n->text.len;
        *put = str_dup(a, S("x"));
    }
    return true;
}

bool experiment_change_all(struct arena *a, const struct text *text,
                           const struct node *const *scalars, size_t n, str *bytes)
{
    struct buf b;
    size_t done = 0;
    bool any = false;
    buf_init(&b, a, text->bytes.len + n * 8 + 8);
    for (size_t i = 0; i < n; i++) {
        size_t at, gone;
        str put;
        if (!replacement(a, text->bytes, scalars[i], &at, &gone, &put) || at < done)
            continue;
        buf_str(&b, str_slice(text->bytes, done, at));
        buf_str(&b, put);
        done = at + gone;
        any = true;
    }
    buf_str(&b, str_skip(text->bytes, done));
    *bytes = buf_take(&b);
    return any;
}

bool experiment_change(struct arena *a, const struct text *text, const struct node *scalar,
                       str *bytes)
{
    return experiment_change_all(a, text, &scalar, 1, bytes);
}
