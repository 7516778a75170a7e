/* hoist affected: the environments that a change reaches. */
#include "cli/commands.h"
#include "promote/affected.h"
#include "render/base/plain.h"
#include "render/doc/json_write.h"
#include "render/source/git.h"

struct affected_flags {
    str since;
    str reads;
    str paths;
    bool exit_code;
};

static const struct option options[] = {
    { 0, "since", "REV", "since HEAD left the history of this revision (HEAD)", OPTION_TEXT,
      offsetof(struct affected_flags, since) },
    { 0, "reads", "ENV", "the files that one environment reads, and nothing else", OPTION_TEXT,
      offsetof(struct affected_flags, reads) },
    { 0, "paths", "ENV", "the annotation manifest-generate-paths for its Application", OPTION_TEXT,
      offsetof(struct affected_flags, paths) },
    { 0, "exit-code", NULL, "the status is 1 when an environment is affected", OPTION_FLAG,
      offsetof(struct affected_flags, exit_code) },
    { 0 },
};

static const char *const how_said[] = {
    [AFFECTED_CHANGED] = "changed",
    [AFFECTED_NEW] = "new",
    [AFFECTED_GONE] = "gone",
};

static void put_text(struct context *cx, struct node *map, const char *key, str value)
{
    node_add(cx, map, intern(cx->keys, str_from(key)), node_string(cx, value));
}

static bool print_json(struct context *cx, struct buf *out, const struct affected *a)
{
    struct node *n = node_map(cx), *files = node_list(cx);
    put_text(cx, n, "environment", a->row->name);
    if (a->failure.len)
        put_text(cx, n, "failure", a->failure);
    for (uint32_t i = 0; i < a->len; i++) {
        struct node *file = node_map(cx);
        put_text(cx, file, "path", a->files[i].path);
        put_text(cx, file, "change", str_from(how_said[a->files[i].how]));
        node_push(cx, files, file);
    }
    node_add(cx, n, KEY(FILES), files);
    if (!json_write(cx, out, n, (struct json_style){ .keep_html = true, .keep_order = true }))
        return false;
    buf_char(out, '\n');
    return true;
}

static void print_line(struct call *call, const char *before, str text)
{
    buf_str(call->out, str_from(before));
    plain_print(call->out, text);
    buf_char(call->out, '\n');
}

static bool print(struct context *cx, struct call *call, const struct affected *a)
{
    if (a->len == 0)
        return true;
    call->answer_is_no |= ((const struct affected_flags *)call->options)->exit_code;
    if (call->globals->json)
        return print_json(cx, call->out, a);
    buf_format(call->out, "%.*s\n", STR(a->row->name));
    if (a->failure.len)
        print_line(call, "  does not render: ", a->failure);
    for (uint32_t i = 0; i < a->len; i++)
        print_line(
            call,
            str_cstr(cx->scratch, str_format(cx->scratch, "  %-7s  ", how_said[a->files[i].how])),
            a->files[i].path);
    return true;
}

static bool find_commit(struct context *cx, const struct project *p, str since,
                        struct repository **repository, str *commit)
{
    *repository = repository_open(cx, p->folder->real, NOWHERE);
    return *repository && revision_left(cx, *repository, since, NOWHERE, commit);
}

static bool run_all(struct context *cx, struct call *call, const struct project *p)
{
    const struct affected_flags *flags = call->options;
    const struct words *files = &call->operands;
    struct repository *repository = NULL;
    str commit, since = flags->since.len ? flags->since : S("HEAD");
    if (files->len && flags->since.len)
        return report(cx, NOWHERE, "--since asks Git what has changed, and files say it");
    if (!files->len && !find_commit(cx, p, since, &repository, &commit))
        return false;
    for (uint32_t i = 0; i < p->environment_count; i++) {
        struct affected *a = affected_observe(cx, p, &p->environments[i], since);
        if (!a)
            return false;
        bool ok = files->len ? affected_by(cx, a, files->at, files->len)
                             : affected_since(cx, a, p, repository, commit);
        if (!ok || !print(cx, call, a))
            return false;
    }
    return true;
}

static bool print_reads(struct context *cx, struct call *call, const struct environment *env)
{
    struct names names;
    if (!affected_reads(cx, env, &names))
        return false;
    for (uint32_t i = 0; i < names.len; i++)
        buf_format(call->out, "%.*s\n", STR(names.at[i]));
    return true;
}

static bool print_paths(struct context *cx, struct call *call, const struct environment *env)
{
    str paths;
    if (!affected_paths(cx, env, &paths))
        return false;
    buf_format(call->out, "argocd.argoproj.io/manifest-generate-paths: %.*s\n", STR(paths));
    return true;
}

static bool run(struct context *cx, struct call *call)
{
    const struct affected_flags *flags = call->options;
    str word = flags->reads.len ? flags->reads : flags->paths;
    if (flags->reads.len && flags->paths.len)
        return report(cx, NOWHERE, "--reads and --paths are two questions");
    if (word.len) {
        struct environment *env = affected_environment(cx, word);
        if (!env)
            return false;
        return flags->reads.len ? print_reads(cx, call, env) : print_paths(cx, call, env);
    }
    struct source *disk = source_disk(cx, S(""));
    struct folder *folder = disk ? source_folder(cx, disk, S("."), NOWHERE) : NULL;
    struct project *p = folder ? project_read(cx, folder) : NULL;
    return p && run_all(cx, call, p);
}

const struct command cmd_affected = {
    .name = "affected",
    .operands = "[FILE]...",
    .summary = "the environments that a change can alter",
    .about =
        "Without FILE, the change is what the working tree has and --since had not. Environments\n"
        "are rendered, so it is known what each reads, looks for and lists; a file that is new\n"
        "counts where it would be picked up, and one that is missing where it was looked for.",
    .options = options,
    .options_size = sizeof(struct affected_flags),
    .run = run,
};
