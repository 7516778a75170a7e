/* Without kustomize's own flags, no function runs, and none in a folder of a repository: its
 * programs are someone else's, and stand on no disk. */
#include "overlays/function.h"

#include <stdio.h>
#include <unistd.h>

#include "overlays/exec_plugin.h"
#include "overlays/function_list.h"
#include "overlays/function_spec.h"
#include "render/base/process.h"
#include "render/doc/yaml_read.h"

struct call {
    struct overlay *o;
    struct resource *plugin;
    struct function_spec spec;
    const struct build_options *options;
    struct strings words;
    const char **env;
};

static void word(struct context *cx, struct call *c, str s)
{
    strings_add(cx, &c->words, s);
}

static bool has_value(str variable)
{
    return str_has_char(variable, '=');
}

static str name_of(str variable)
{
    str name, value;
    str_cut(variable, '=', &name, &value);
    return name;
}

/* The last of a name counts. */
static void add_variable(struct context *cx, struct strings *list, str variable)
{
    for (uint32_t i = 0; i < list->len; i++) {
        if (has_value(list->at[i]) == has_value(variable)
            && str_eq(name_of(list->at[i]), name_of(variable))) {
            list->at[i] = variable;
            return;
        }
    }
    strings_add(cx, list, variable);
}

static void put_variables(struct context *cx, struct call *c, const struct strings *list,
                          bool with_value)
{
    struct strings some = { 0 };
    for (uint32_t i = 0; i < list->len; i++) {
        if (has_value(list->at[i]) != with_value)
            continue;
        strings_add(cx, &some, list->at[i]);
        for (uint32_t k = some.len - 1;
             with_value && k && str_cmp(name_of(some.at[k - 1]), name_of(some.at[k])) > 0; k--) {
            str s = some.at[k];
            some.at[k] = some.at[k - 1];
            some.at[k - 1] = s;
        }
    }
    for (uint32_t i = 0; i < some.len; i++) {
        word(cx, c, S("-e"));
        word(cx, c, some.at[i]);
    }
}

/* Values by name, then those that are passed on. */
static void put_environment(struct context *cx, struct call *c)
{
    static const str always[] = { S("LOG_TO_STDERR=true"), S("STRUCTURED_RESULTS=true") };
    struct strings all = { 0 };
    for (size_t i = 0; i < countof(always); i++)
        add_variable(cx, &all, always[i]);
    for (uint32_t i = 0; i < c->spec.container_env.len; i++)
        add_variable(cx, &all, c->spec.container_env.at[i]);
    for (size_t i = 0; i < c->options->environment_count; i++)
        add_variable(cx, &all, c->options->environment[i]);
    put_variables(cx, c, &all, true);
    put_variables(cx, c, &all, false);
}

static void put_mount(struct context *cx, struct call *c, const struct mount *m)
{
    str folder = c->o->folder->real;
    str from = m->from.len ? source_join(cx->arena, folder, m->from) : folder;
    word(cx, c, S("--mount"));
    word(cx, c,
         str_format(cx->arena, "type=%.*s,source=%.*s,target=%.*s%s", STR(m->type), STR(from),
                    STR(m->to), m->writable ? "" : ",readonly"));
}

static void put_mounts(struct context *cx, struct call *c)
{
    for (uint32_t i = 0; i < c->spec.mounts.len; i++)
        put_mount(cx, c, &c->spec.mounts.at[i]);
    for (size_t i = 0; i < c->options->mount_count; i++) {
        struct mount m = mount_parse(c->options->mounts[i]);
        put_mount(cx, c, &m);
    }
}

static bool container_words(struct context *cx, struct call *c)
{
    static const str beginning[] = { S("docker"), S("run"),    S("--rm"),     S("-i"),
                                     S("-a"),     S("STDIN"),  S("-a"),       S("STDOUT"),
                                     S("-a"),     S("STDERR"), S("--network") };
    if (str_starts(c->spec.image, S("-")))
        return report(cx, c->plugin->node->pos, "'%.*s' is no image", STR(c->spec.image));
    for (size_t i = 0; i < countof(beginning); i++)
        word(cx, c, beginning[i]);
    word(cx, c, c->spec.network ? S("host") : S("none"));
    word(cx, c, S("--user"));
    word(cx, c,
         c->options->as_current_user
             ? str_format(cx->arena, "%u:%u", (unsigned)getuid(), (unsigned)getgid())
             : S("nobody"));
    word(cx, c, S("--security-opt=no-new-privileges"));
    if (cx->switches.offline)
        word(cx, c, S("--pull=never"));
    put_mounts(cx, c);
    put_environment(cx, c);
    word(cx, c, c->spec.image);
    c->env = process_environment(cx, NULL, 0);
    return true;
}

static bool program_words(struct context *cx, struct call *c)
{
    struct strings env = { 0 };
    word(cx, c, c->spec.path);
    for (uint32_t i = 0; i < c->spec.args.len; i++)
        word(cx, c, c->spec.args.at[i]);
    for (uint32_t i = 0; i < c->spec.env.len; i++) {
        if (has_value(c->spec.env.at[i]))
            add_variable(cx, &env, c->spec.env.at[i]);
    }
    for (size_t i = 0; i < c->options->environment_count; i++) {
        if (has_value(c->options->environment[i]))
            add_variable(cx, &env, c->options->environment[i]);
    }
    c->env = process_environment(cx, env.at, env.len);
    return true;
}

/* A function that fails may say why in the results of its list. */
static void note_results(struct context *cx, str printed)
{
    struct documents all = { 0 };
    uint32_t errors = cx->diags.errors;
    diag_mute(cx);
    bool ok = yaml_read_all(cx, text_add(cx, S("<results>"), printed), YAML_GO3, &all);
    diag_unmute(cx);
    cx->diags.errors = errors;
    const struct node *results =
        ok && all.len == 1 ? node_get_text(cx, all.at[0], S("results")) : NULL;
    for (uint32_t i = 0; node_is(results, NODE_LIST) && i < results->len; i++) {
        const struct node *message = node_get_text(cx, results->items[i], S("message"));
        if (node_is(message, NODE_STRING))
            note(cx, NOWHERE, "%.*s", STR(message->text));
    }
}

static bool call(struct context *cx, struct call *c, str input, str *printed)
{
    struct process_result result;
    const char **argv = NEW_ARRAY(cx->arena, const char *, c->words.len + 1);
    for (uint32_t i = 0; i < c->words.len; i++)
        argv[i] = str_cstr(cx->arena, c->words.at[i]);
    struct process p = { .argv = (const char *const *)argv,
                         .env = c->env,
                         .folder = str_cstr(cx->arena, c->o->folder->real),
                         .input = input,
                         .pos = c->plugin->node->pos };
    if (!process_run(cx, &p, &result))
        return false;
    /* What a function logs is for whoever watches the build, as it is. */
    fwrite(result.errors.at, 1, result.errors.len, stderr);
    *printed = result.output;
    if (result.status == 0)
        return true;
    report(cx, c->plugin->node->pos, "couldn't execute function: exit status %d", result.status);
    note_results(cx, result.output);
    return false;
}

static bool run_function(struct context *cx, struct call *c, bool generator)
{
    str input, printed;
    struct node *config = c->plugin->node;
    bool program = !c->spec.image.len;
    if (c->spec.network && !c->options->network)
        return report(cx, config->pos, "network required but not enabled with --network");
    if (program && (!c->options->enable_exec || !c->spec.path.len)) {
        /* kustomize passes over it without a word. */
        warn(cx, config->pos, "the function of '%.*s' does not run",
             STR(resource_print(cx, c->plugin)));
        hint(cx, NOWHERE, "--enable-exec allows functions that are programs");
        return true;
    }
    bool ready = program ? program_words(cx, c) : container_words(cx, c);
    return ready
           && function_list_write(cx, generator ? NULL : &c->o->sum->resources, config, &input)
           && call(cx, c, input, &printed)
           && function_take(cx, c->o, resource_print(cx, c->plugin), printed, generator,
                            config->pos);
}

bool function_run(struct context *cx, struct overlay *o, struct resource *plugin, bool generator)
{
    struct call c = { .o = o, .plugin = plugin, .options = o->build->options };
    struct pos from = plugin->node->pos;
    str printed, name = resource_print(cx, plugin);
    bool found;
    if (!c.options->enable_alpha_plugins) {
        report(cx, from, "external plugins disabled; unable to load external plugin '%.*s'",
               STR(resource_id(plugin).gvk.kind));
        hint(cx, NOWHERE, "--enable-alpha-plugins allows them");
        return false;
    }
    if (o->folder->source->closed)
        return report(cx, from, "'%.*s' would run in a folder that stands on no disk", STR(name));
    if (!function_spec_read(cx, plugin->node, &c.spec, &found))
        return false;
    if (found)
        return run_function(cx, &c, generator);
    return exec_plugin_run(cx, o, plugin, generator, &printed)
           && function_take(cx, o, name, printed, generator, from);
}
