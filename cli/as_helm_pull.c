/* helm pull: a chart's archive as a file, or unpacked. */
#include "cli/as_helm.h"

struct pull_flags {
    struct helm_globals globals;
    struct helm_place place;
    str destination, folder;
    bool devel, unpack, signature;
};

#define ROW(letter, name, value, help, kind, member)                                               \
    {                                                                                              \
        letter, name, value, help, kind, offsetof(struct pull_flags, member), NULL                 \
    }

static const struct option options[] = {
    ROW('d', "destination", "DIR", "where the archive is written", OPTION_TEXT, destination),
    ROW(0, "untar", NULL, "unpack it and keep no archive", OPTION_FLAG, unpack),
    ROW(0, "untardir", "DIR", "where it is unpacked, seen from the destination", OPTION_TEXT,
        folder),
    ROW(0, "prov", NULL, "fetch the provenance file, too, and do not look at it", OPTION_FLAG,
        signature),
    ROW(0, "devel", NULL, "pre-releases, too, where no --version is said", OPTION_FLAG, devel),
    OPTION_ROWS_OF(helm_place_options, struct pull_flags, place),
    OPTION_ROWS_OF(helm_global_options, struct pull_flags, globals),
    { 0 },
};

static str base_name(str path)
{
    str folder, name;
    return str_cut_last(path, '/', &folder, &name) ? name : path;
}

/* Its files under its own name, which is no way out of the folder. */
static bool unpack(struct context *cx, struct puller *p, const struct pulled *pulled, str folder)
{
    struct chart_files files = { 0 };
    str name;
    if (!chart_unpack(cx, pulled->text, NOWHERE, &name, &files))
        return false;
    for (uint32_t i = 0; i < files.len; i++) {
        str path = source_join(cx->arena, name, files.at[i].path);
        changes_write(cx, p->changes, source_join(cx->arena, folder, path),
                      files.at[i].text->bytes);
    }
    return true;
}

static bool place_unpacked(struct context *cx, struct puller *p, const struct pull_flags *flags,
                           str name, const struct pulled *pulled)
{
    str folder = flags->folder.len ? flags->folder : S(".");
    if (!str_starts(folder, S("/")))
        folder =
            source_join(cx->arena, flags->destination.len ? flags->destination : S("."), folder);
    str last = base_name(name);
    str taken = str_eq(folder, S(".")) ? last : source_join(cx->arena, folder, last);
    if (source_kind(cx, p->disk, taken) != FILE_NONE)
        return report(cx, NOWHERE,
                      "failed to untar: a file or directory with the name %.*s already exists",
                      STR(taken));
    return unpack(cx, p, pulled, folder);
}

static bool pull_one(struct context *cx, struct call *call, struct puller *p, str name)
{
    const struct pull_flags *flags = call->options;
    struct chart_request request = helm_request(cx, &flags->place, name);
    struct pulled pulled;
    if (flags->devel && !request.version.len)
        request.version = S(">0.0.0-0");
    request.signature = flags->signature;
    if (!chart_pull(p, &request, &pulled))
        return false;
    if (request.keyring.len)
        provenance_print(call->out, &pulled.provenance);
    if (flags->unpack)
        return place_unpacked(cx, p, flags, name, &pulled);
    str to = flags->destination.len ? flags->destination : S(".");
    if (source_kind(cx, p->disk, to) != FILE_FOLDER)
        return report(cx, NOWHERE, "open %.*s: no such file or directory",
                      STR(source_join(cx->arena, to, pulled.file)));
    changes_write(cx, p->changes, source_join(cx->arena, to, pulled.file), pulled.text->bytes);
    if (pulled.signature)
        changes_write(cx, p->changes,
                      source_join(cx->arena, to, str_concat(cx->arena, pulled.file, S(".prov"))),
                      pulled.signature->bytes);
    return true;
}

static bool run(struct context *cx, struct call *call)
{
    const struct pull_flags *flags = call->options;
    struct puller *p = helm_puller(cx, &flags->globals);
    if (!p)
        return false;
    for (uint32_t i = 0; i < call->operands.len; i++) {
        if (!pull_one(cx, call, p, call->operands.at[i]))
            return helm_fail_framed(cx, call);
    }
    return helm_finish(call, p);
}

static str miscounted(struct context *cx, const struct call *call)
{
    return helm_miscounted(cx, call, "requires at least 1 argument",
                           "helm pull [chart URL | repo/chartname] [...] [flags]");
}

const struct command helm_pull = {
    .name = "pull",
    .aliases = "fetch",
    .operands = "CHART...",
    .summary = "fetch a chart's archive, or unpack it",
    .about =
        "CHART is REPOSITORY/NAME, an address, oci://REGISTRY/NAME, or a NAME that --repo has.",
    .options = options,
    .options_size = sizeof(struct pull_flags),
    .run = run,
    .miscounted = miscounted,
    .foreign = true,
};
