/* kustomize localize: a copy of a kustomization that needs nothing from elsewhere.
 *
 * kustomize v5.7.1 means to compare the builds of both, but compares nothing, and looks for the
 * copy in the wrong folder when a scope or a repository's folder was given. We compare what it
 * means to, and a difference is a warning: the status stays the one that scripts know. */
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/manifests.h"
#include "cli/output_tree.h"
#include "promote/render_path.h"
#include "render/base/gotime.h"
#include "render/base/quote.h"
#include "render/source/fetch.h"

struct localize_flags {
    bool no_verify;
    str scope;
};

static const struct option options[] = {
    { 0, "no-verify", NULL, "do not build the target and its copy to compare them", OPTION_FLAG,
      offsetof(struct localize_flags, no_verify) },
    { 0, "scope", "DIR", "the folder that the target's references stay in; else the target",
      OPTION_TEXT, offsetof(struct localize_flags, scope) },
    { 0 },
};

/* A line of kustomize's log. */
static void say(struct context *cx, struct buf *log, str line)
{
    struct gotime now = { cx->now, 0, zone_local(cx->arena, cx->timezone) };
    gotime_print(log, now, S("2006/01/02 15:04:05 "));
    buf_str(log, line);
    buf_str(log, S("\n"));
}

static bool build(struct context *cx, struct folder *folder, str *printed)
{
    struct render_path path = { .renderer = RENDER_KUSTOMIZATION, .folder = folder };
    struct build_options none = { 0 };
    struct documents docs = { 0 };
    struct buf out;
    buf_init(&out, cx->arena, 4096);
    if (!folder || !render_path_documents(cx, &path, &none, &docs)
        || !manifests_yaml(cx, &out, &docs))
        return false;
    *printed = buf_take(&out);
    return true;
}

/* The line in which two texts part, and its number. */
static uint32_t first_difference(str a, str b, str *in_a, str *in_b)
{
    uint32_t line = 0;
    bool more = true;
    do {
        line++;
        *in_a = *in_b = S("");
        more = str_next_line(&a, in_a);
        more = str_next_line(&b, in_b) && more;
    } while (more && str_eq(*in_a, *in_b));
    return line;
}

static bool verify(struct context *cx, const struct local_copy *copy, str target, str real,
                   struct buf *log)
{
    str before, after, was, is;
    struct source *disk = source_disk(cx, S(""));
    str place = source_join(cx->arena, real, copy->place);
    if (!disk || !build(cx, copy->root, &before)
        || !build(cx, source_folder(cx, disk, place, NOWHERE), &after)) {
        note(cx, NOWHERE, "the copy is in '%.*s'; what needs flags to build can't be compared here",
             STR(real));
        hint(cx, NOWHERE, "--no-verify leaves the comparison to you");
        return false;
    }
    if (str_eq(before, after)) {
        say(cx, log,
            str_format(cx->arena,
                       "VERIFICATION SUCCESS: `kustomize build` for %.*s and %.*s are the same "
                       "after localization.",
                       STR(target), STR(real)));
        return true;
    }
    uint32_t line = first_difference(before, after, &was, &is);
    warn(cx, NOWHERE, "`kustomize build` for %.*s and %.*s are different after localization",
         STR(target), STR(real));
    note(cx, NOWHERE, "line %u is '%.*s' and then '%.*s'", line, STR(was), STR(is));
    return true;
}

static bool run_localize(struct context *cx, struct call *call)
{
    const struct localize_flags *flags = call->options;
    const struct words *words = &call->operands;
    struct localize_order order = { .target = words->len ? words->at[0] : S("."),
                                    .scope = flags->scope,
                                    .destination = words->len > 1 ? words->at[1] : S("") };
    struct local_copy copy;
    struct buf log;
    str real;
    struct source *disk = source_disk(cx, S(""));
    if (!disk || !localize(cx, disk, &order, &copy)
        || !output_tree(cx, copy.destination, &copy, &real))
        return false;
    buf_init(&log, cx->arena, 256);
    if (!flags->no_verify && !verify(cx, &copy, order.target, real, &log))
        return false;
    str target = quoted(cx->arena, fetch_public(cx, order.target));
    say(cx, &log,
        str_format(cx->arena, "SUCCESS: localized %.*s to directory %.*s", STR(target), STR(real)));
    call->model_said = buf_take(&log);
    return true;
}

static str miscounted(struct context *cx, const struct call *call)
{
    return str_format(cx->arena, "accepts at most 2 arg(s), received %u", call->operands.len);
}

const struct command kustomize_localize = {
    .name = "localize",
    .operands = "[TARGET] [DESTINATION]",
    .summary = "a copy of a kustomization with all that it names, remote bases among it",
    .about = "TARGET is a folder, or a folder of a repository with its revision (?ref=); without\n"
             "it, the current one. DESTINATION is a new folder; without it, it is named after the\n"
             "target: localized-TARGET, localized-TARGET-REVISION.\n"
             "\n"
             "What remote bases and files bring stands in localized-files/HOST/ beside the\n"
             "kustomization that names them. Kustomization files are written anew, their fields\n"
             "in the order of their names. Both are built in the end, to compare them.",
    .options = options,
    .options_size = sizeof(struct localize_flags),
    .run = run_localize,
    .miscounted = miscounted,
    .foreign = true,
};
