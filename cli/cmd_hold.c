/* hoist hold: keep an environment, or one image of it, where it is. */
#include "cli/commands.h"
#include "promote/environment.h"
#include "promote/hold.h"
#include "render/base/gotime.h"

struct hold_flags {
    str until;
    str reason;
    bool release;
};

static const struct option options[] = {
    { 0, "until", "TIME", "it ends by itself: 2026-12-01, 2026-12-01T12:00:00Z, or 48h from now",
      OPTION_TEXT, offsetof(struct hold_flags, until) },
    { 0, "reason", "TEXT", "why, for those whom it stops", OPTION_TEXT,
      offsetof(struct hold_flags, reason) },
    { 0, "release", NULL, "end it", OPTION_FLAG, offsetof(struct hold_flags, release) },
    { 0 },
};

/* The name as the environment has it; its last part will do. */
static bool find_image(struct context *cx, str env_name, str word, str *name)
{
    struct environment *env = environment_named(cx, env_name);
    if (!env)
        return false;
    *name = S("");
    for (uint32_t i = 0; i < env->images.len; i++) {
        str full = env->images.at[i].ref.name, path, last;
        if (!str_cut_last(full, '/', &path, &last))
            last = full;
        if (str_eq(word, full) || (str_eq(word, last) && !name->len))
            *name = full;
    }
    return name->len
           || report(cx, NOWHERE, "'%.*s' runs no image '%.*s'", STR(env_name), STR(word));
}

/* A released image may be gone from the environment, so it is looked for among the holds. */
static str held_image(const struct holds *holds, str environment, str word)
{
    for (uint32_t i = 0; i < holds->len; i++) {
        str full = holds->at[i].image, path, last;
        if (str_eq(holds->at[i].environment, environment) && str_cut_last(full, '/', &path, &last)
            && str_eq(last, word))
            return full;
    }
    return word;
}

/* A length of time becomes the moment at which it ends. */
static bool read_until(struct context *cx, struct hold *hold)
{
    if (!hold->until.len)
        return true;
    if (!hold_until(cx, hold->until, NOWHERE, &hold->ends))
        return false;
    if (hold->ends <= cx->now)
        return report(cx, NOWHERE, "'%.*s' is over already", STR(hold->until));
    struct buf b;
    buf_init(&b, cx->arena, 32);
    gotime_print(&b, (struct gotime){ hold->ends, 0, &zone_utc }, GOTIME_RFC3339);
    hold->until = buf_take(&b);
    return true;
}

static bool begin(struct context *cx, str environment, struct holds *holds)
{
    struct source *disk = source_disk(cx, S(""));
    struct folder *folder = disk ? source_folder(cx, disk, S("."), NOWHERE) : NULL;
    struct project *p = folder ? project_read(cx, folder) : NULL;
    return p && project_environment(cx, p, environment) && holds_read(cx, folder, holds);
}

static bool run(struct context *cx, struct call *call)
{
    const struct hold_flags *flags = call->options;
    struct holds holds;
    struct hold hold = { .environment = call->operands.at[0],
                         .image = call->operands.len > 1 ? call->operands.at[1] : S(""),
                         .until = flags->until,
                         .reason = flags->reason };
    str bytes;
    if (!begin(cx, hold.environment, &holds))
        return false;
    if (flags->release) {
        hold.image = held_image(&holds, hold.environment, hold.image);
        if (!hold_remove(cx, &holds, hold.environment, hold.image, &bytes))
            return false;
    } else if ((hold.image.len && !find_image(cx, hold.environment, hold.image, &hold.image))
               || !read_until(cx, &hold) || !hold_add(cx, &holds, &hold, &bytes)) {
        return false;
    }
    if (!output_file(cx, S(HOLD_FILE), bytes))
        return false;
    buf_format(call->out, "%.*s: %s%.*s; in force once %s is on the branch\n",
               STR(hold.image.len ? hold.image : hold.environment),
               flags->release ? "released" : "held",
               STR(flags->release ? S("") : hold_describe(cx, &hold)), HOLD_FILE);
    return true;
}

const struct command cmd_hold = {
    .name = "hold",
    .operands = "ENV [IMAGE]",
    .summary = "keep an environment, or one image of it, where it is",
    .about =
        "Written to " HOLD_FILE " beside hoist.yaml, for reviewers to see. Promotions to ENV\n"
        "then stop: all of them, or those that would change IMAGE and do not name it by --only\n"
        "or --exclude.",
    .options = options,
    .options_size = sizeof(struct hold_flags),
    .run = run,
};
