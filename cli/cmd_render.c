/* hoist render: the manifests of a path or of an environment, on standard output or a file each.
 *
 * What the line says to charts reaches every chart of the render: those of an environment, of an
 * Application's sources, and those in a kustomization. */
#include "cli/commands.h"
#include "cli/manifests.h"
#include "cli/value_flags.h"
#include "promote/environment.h"
#include "promote/image_override.h"
#include "promote/overlay_over.h"
#include "render/chart/compat.h"
#include "render/doc/yaml_write.h"

#include <errno.h>
#include <sys/stat.h>

struct render_flags {
    struct value_flags said;
    struct words api_versions, images;
    str compat, output, folder, release, namespace_, kube_version, overlay;
    bool values_only;
};

#define FLAGS_ROW(letter, name, value, help, kind, member)                                         \
    {                                                                                              \
        letter, name, value, help, kind, offsetof(struct render_flags, member)                     \
    }

static const struct option options[] = {
    FLAGS_ROW('o', "output", "yaml|json", "how manifests are printed; JSON is a document a line",
              OPTION_CHOICE, output),
    FLAGS_ROW(0, "output-dir", "DIR",
              "a file for each document, in a folder that is made if need be", OPTION_TEXT, folder),
    FLAGS_ROW(0, "compat", COMPAT_NAMES "|" CHART_COMPAT_NAMES,
              "the release whose output is printed; else kustomize-5.7 and helm-4", OPTION_CHOICE,
              compat),
    FLAGS_ROW(0, "image", "NAME[=NEW][:TAG][@DIGEST]", "run this image instead, for once",
              OPTION_LIST, images),
    FLAGS_ROW(0, "overlay", "DIR", "a kustomization to lay over what is rendered", OPTION_TEXT,
              overlay),
    FLAGS_ROW(0, "release", "NAME", "the release's name, of charts", OPTION_TEXT, release),
    FLAGS_ROW('n', "namespace", "NAME", "the release's namespace", OPTION_TEXT, namespace_),
    FLAGS_ROW(0, "kube-version", "VERSION", "the version of Kubernetes that charts see",
              OPTION_TEXT, kube_version),
    FLAGS_ROW('a', "api-versions", "VERSION", "an API version that charts see", OPTION_COMMAS,
              api_versions),
    OPTION_ROWS_OF(value_options, struct render_flags, said),
    FLAGS_ROW(0, "values-only", NULL, "print the values that the templates of charts see",
              OPTION_FLAG, values_only),
    { 0 },
};

static bool make_folder(struct context *cx, str path)
{
    if (output_is_folder(cx, path) || mkdir(str_cstr(cx->arena, path), 0777) == 0)
        return true;
    return report_surroundings(cx, NOWHERE, "can't make the folder '%.*s': %s", STR(path),
                               strerror(errno));
}

/* Charts. */

static bool lay_values(struct context *cx, void *who, struct dict **values)
{
    const struct render_flags *flags = who;
    struct source *disk = source_disk(cx, S(""));
    str before;
    /* Settings change maps where they are. */
    *values = value_copy(cx->arena, value_map(*values)).dict;
    return disk && value_flags_lay(cx, &flags->said, disk, values, &before);
}

static bool tell_chart(struct context *cx, struct render_flags *flags, struct chart_settings *s)
{
    s->release = flags->release.len ? flags->release : s->release;
    s->namespace_ = flags->namespace_.len ? flags->namespace_ : s->namespace_;
    s->kube_version = flags->kube_version.len ? flags->kube_version : s->kube_version;
    if (flags->api_versions.len) {
        s->api_versions = flags->api_versions.at;
        s->api_version_count = flags->api_versions.len;
    }
    if (!value_flags_any(&flags->said))
        return true;
    struct dict *values = chart_settings_values(cx, s);
    if (!values || !lay_values(cx, flags, &values))
        return false;
    s->said = values;
    return true;
}

static void tell_build(struct render_flags *flags, struct build_options *build)
{
    build->compat = compat_find(flags->compat);
    if (flags->kube_version.len)
        build->helm_kube_version = flags->kube_version;
    if (flags->api_versions.len) {
        build->helm_api_versions = flags->api_versions.at;
        build->helm_api_version_count = flags->api_versions.len;
    }
    if (value_flags_any(&flags->said)) {
        build->helm_values = lay_values;
        build->helm_who = flags;
    }
}

/* What is said to charts must reach one, or it would do nothing. */
static bool tell_parts(struct context *cx, struct render_flags *flags, struct environment *env)
{
    bool charts = false, kustomizations = false;
    for (uint32_t i = 0; i < env->part_count; i++) {
        struct environment_part *part = &env->parts[i];
        tell_build(flags, &part->build);
        kustomizations |= part->path.renderer == RENDER_KUSTOMIZATION;
        if (part->path.renderer != RENDER_CHART)
            continue;
        charts = true;
        if (!tell_chart(cx, flags, part->path.chart))
            return false;
    }
    bool said = value_flags_any(&flags->said) || flags->kube_version.len || flags->api_versions.len;
    bool named = flags->release.len || flags->namespace_.len || flags->values_only;
    if ((said && !charts && !kustomizations) || (named && !charts))
        return report(cx, NOWHERE,
                      "'%.*s' is no chart, so there is no release and there are no "
                      "values",
                      STR(env->name));
    return true;
}

static bool print_values(struct context *cx, struct buf *out, const struct environment *env)
{
    bool more = false;
    for (uint32_t i = 0; i < env->part_count; i++) {
        const struct render_path *path = &env->parts[i].path;
        const struct chart_place place = { path->folder, path->archive, path->fetched };
        if (path->renderer != RENDER_CHART)
            continue;
        str why;
        struct dict *values = chart_values(cx, &place, path->chart);
        struct node *n = values ? value_to_node(cx, value_map(values), &why) : NULL;
        if (!n)
            return values && report(cx, NOWHERE, "the values can't be printed: %.*s", STR(why));
        buf_str(out, more ? S("---\n") : S(""));
        more = true;
        if (!yaml_write(cx, out, n))
            return false;
    }
    return true;
}

/* Images. */

static bool override_images(struct context *cx, const struct call *call,
                            const struct render_flags *flags, const struct documents *docs)
{
    struct image_override *at = NEW_ARRAY(cx->arena, struct image_override, flags->images.len);
    for (uint32_t i = 0; i < flags->images.len; i++) {
        if (!image_override_parse(cx, flags->images.at[i], &at[i]))
            return false;
    }
    image_overrides_apply(cx, at, flags->images.len, docs);
    bool ok = true;
    for (uint32_t i = 0; i < flags->images.len; i++) {
        if (at[i].used)
            continue;
        if (call->globals->strict)
            ok = report(cx, NOWHERE, "--image: nothing runs '%.*s'", STR(at[i].from.name));
        else
            warn(cx, NOWHERE, "--image: nothing runs '%.*s'", STR(at[i].from.name));
    }
    return ok;
}

static bool lay_overlay(struct context *cx, struct render_flags *flags, struct documents *docs)
{
    struct build_options build = { .enable_helm = true };
    struct source *disk = flags->overlay.len ? source_disk(cx, S("")) : NULL, *src;
    str path;
    if (!flags->overlay.len)
        return true;
    tell_build(flags, &build);
    if (!disk || !source_named(cx, disk, flags->overlay, NOWHERE, &src, &path))
        return false;
    struct folder *folder = source_folder(cx, src, path, NOWHERE);
    return folder && overlay_over(cx, folder, &build, docs, NULL);
}

static bool run(struct context *cx, struct call *call)
{
    struct render_flags *flags = call->options;
    cx->switches.unread = true;
    cx->charts_like = chart_compat_find(flags->compat);
    struct environment *env = environment_open_named(cx, call->operands.at[0]);
    if (!env || !tell_parts(cx, flags, env))
        return false;
    if (flags->values_only)
        return print_values(cx, call->out, env);
    if (!environment_documents(cx, env) || !lay_overlay(cx, flags, &env->documents)
        || !override_images(cx, call, flags, &env->documents))
        return false;
    const struct documents *docs = &env->documents;
    if (flags->folder.len)
        return make_folder(cx, flags->folder) && manifests_files(cx, flags->folder, docs);
    if (call->globals->json || str_eq(flags->output, S("json")))
        return manifests_json(cx, call->out, docs);
    return manifests_yaml(cx, call->out, docs);
}

const struct command cmd_render = {
    .name = "render",
    .operands = "PATH",
    .summary = "the manifests of an environment, a chart, a kustomization, a folder or a file",
    .about =
        "PATH is the name of an environment, a folder with a chart or a kustomization, a folder of\n"
        "manifests, a file of manifests, or - for standard input. REV:PATH is the same path at a\n"
        "Git revision, read from the object database: nothing is checked out.\n\n"
        "Of charts it says which values no template reads, and which integers are printed as floats.",
    .options = options,
    .options_size = sizeof(struct render_flags),
    .run = run,
};
