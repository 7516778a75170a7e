/* HOME/GROUP/VERSION/kind/Kind, called with a file that holds its configuration and with the
 * arguments that this says; the resources come on its standard input. */
#include "overlays/exec_plugin.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "overlays/function.h"
#include "overlays/function_list.h"
#include "overlays/remote.h"
#include "render/base/process.h"
#include "render/doc/yaml_write.h"

/* Longer ones the system does not take. */
enum { VARIABLE_MOST = 131071 };

static bool is_there(str path, struct context *cx)
{
    struct stat st;
    return path.len && stat(str_cstr(cx->arena, path), &st) == 0;
}

/* "" when there is none. */
static str plugin_home(struct context *cx)
{
    struct arena *a = cx->arena;
    str config = str_from(getenv("XDG_CONFIG_HOME"));
    str home = str_from(cx->home);
    str places[] = { str_from(getenv("KUSTOMIZE_PLUGIN_HOME")),
                     config.len ? str_concat(a, config, S("/kustomize/plugin")) : S(""),
                     home.len ? str_concat(a, home, S("/.config/kustomize/plugin")) : S(""),
                     home.len ? str_concat(a, home, S("/kustomize/plugin")) : S("") };
    for (size_t i = 0; i < countof(places); i++) {
        if (is_there(places[i], cx))
            return places[i];
    }
    return S("");
}

/* A name from a document becomes part of a path: one that leads elsewhere is none. */
static bool is_name(str s)
{
    return !str_has_char(s, '/') && !str_has_char(s, 0) && !str_eq(s, S("."))
           && !str_eq(s, S(".."));
}

static bool find_program(struct context *cx, const struct resource *plugin, str *path)
{
    struct gvk gvk = resource_id(plugin).gvk;
    struct pos from = plugin->node->pos;
    str home = plugin_home(cx);
    struct stat st;
    if (!home.len) {
        report(cx, from, "no plugin can be found for '%.*s'", STR(resource_print(cx, plugin)));
        hint(cx, NOWHERE, "KUSTOMIZE_PLUGIN_HOME says where plugins are");
        return false;
    }
    if (!is_name(gvk.group) || !is_name(gvk.version) || !is_name(gvk.kind))
        return report(cx, from, "'%.*s' can't be a plugin's name", STR(resource_print(cx, plugin)));
    char *lower = str_cstr(cx->arena, gvk.kind);
    for (char *c = lower; *c; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    *path = source_join(cx->arena, home,
                        str_format(cx->arena, "%.*s/%.*s/%s/%.*s", STR(gvk.group), STR(gvk.version),
                                   lower, STR(gvk.kind)));
    if (stat(str_cstr(cx->arena, *path), &st) < 0)
        return report(cx, from, "there is no plugin '%.*s': %s", STR(*path), strerror(errno));
    return (st.st_mode & 0111) || report(cx, from, "unexecutable plugin at: %.*s", STR(*path));
}

/* Words as a shell parts them, without anything that a shell would put in their place. */
static bool split_words(struct context *cx, const struct node *at, struct strings *out)
{
    struct buf word;
    char quote = 0;
    str s = at->text;
    buf_init(&word, cx->arena, s.len + 1);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        bool space = c == ' ' || (c >= '\t' && c <= '\r');
        if (c == '\\' && quote != '\'') {
            if (i + 1 < s.len)
                buf_char(&word, s.at[++i]);
        } else if ((c == '\'' || c == '"') && !quote) {
            quote = c;
        } else if (c == quote && quote) {
            quote = 0;
        } else if (c == '#' && !quote && !word.len) {
            break;
        } else if (!space || quote) {
            buf_char(&word, c);
        } else if (word.len) {
            strings_add(cx, out, str_dup(cx->arena, buf_view(&word)));
            word.len = 0;
        }
    }
    if (word.len)
        strings_add(cx, out, str_dup(cx->arena, buf_view(&word)));
    return !quote || report(cx, at->pos, "failed to parse argsOneLiner: a quote is not closed");
}

static bool read_arguments(struct context *cx, struct overlay *o, const struct node *config,
                           struct strings *out)
{
    const struct node *line = node_get_text(cx, config, S("argsOneLiner"));
    const struct node *file = node_get_text(cx, config, S("argsFromFile"));
    if (node_is(line, NODE_STRING) && line->text.len && !split_words(cx, line, out))
        return false;
    if (!node_is(file, NODE_STRING) || !file->text.len)
        return true;
    struct text *text = remote_read(cx, o, file->text, file->pos);
    str rest = text ? text->bytes : S(""), one;
    while (str_next_field(&rest, '\n', &one)) {
        while (str_starts(one, S(" ")))
            one = str_skip(one, 1);
        if (one.len)
            strings_add(cx, out, one);
    }
    return text != NULL;
}

static void remove_file(void *path)
{
    unlink(path);
}

static bool write_file(struct context *cx, str bytes, struct pos from, const char **path)
{
    const char *folder = getenv("TMPDIR");
    char *name = str_cstr(cx->arena, str_format(cx->arena, "%s/kust-plugin-config-XXXXXX",
                                                folder && *folder ? folder : "/tmp"));
    int fd = mkstemp(name);
    if (fd < 0)
        return report_surroundings(cx, from, "can't make '%s': %s", name, strerror(errno));
    arena_defer(cx->arena, remove_file, name);
    bool ok = true;
    while (ok && bytes.len) {
        ssize_t n = write(fd, bytes.at, bytes.len);
        ok = n > 0;
        bytes = str_skip(bytes, ok ? (size_t)n : 0);
    }
    ok = close(fd) == 0 && ok;
    *path = name;
    return ok || report_surroundings(cx, from, "can't write '%s': %s", name, strerror(errno));
}

static const char **environment(struct context *cx, const struct overlay *o, str config)
{
    str more[2];
    size_t n = 0;
    more[n++] = str_concat(cx->arena, S("KUSTOMIZE_PLUGIN_CONFIG_STRING="), config);
    if (more[0].len > VARIABLE_MOST)
        n = 0;
    more[n++] = str_concat(cx->arena, S("KUSTOMIZE_PLUGIN_CONFIG_ROOT="), o->folder->real);
    return process_environment(cx, more, n);
}

static bool run(struct context *cx, struct overlay *o, struct resource *plugin, str config,
                const char **argv, str input, str *printed)
{
    struct process_result result;
    struct process p = { .argv = (const char *const *)argv,
                         .env = environment(cx, o, config),
                         .folder = str_cstr(cx->arena, o->folder->real),
                         .input = input,
                         .pos = plugin->node->pos };
    if (!process_run(cx, &p, &result))
        return false;
    *printed = result.output;
    if (result.status == 0)
        return true;
    return report(cx, plugin->node->pos, "failure in plugin '%s' (exit status %d): %.*s", argv[0],
                  result.status, STR(str_trim(result.errors)));
}

bool exec_plugin_run(struct context *cx, struct overlay *o, struct resource *plugin, bool generator,
                     str *printed)
{
    struct strings words = { 0 };
    str path, input = S("");
    struct buf config;
    buf_init(&config, cx->arena, 1024);
    if (!find_program(cx, plugin, &path) || !yaml_write(cx, &config, plugin->node)
        || !read_arguments(cx, o, plugin->node, &words)
        || (!generator && !function_documents_write(cx, &o->sum->resources, &input)))
        return false;
    const char **argv = NEW_ARRAY(cx->arena, const char *, words.len + 3);
    argv[0] = str_cstr(cx->arena, path);
    if (!write_file(cx, buf_view(&config), plugin->node->pos, &argv[1]))
        return false;
    for (uint32_t i = 0; i < words.len; i++)
        argv[i + 2] = str_cstr(cx->arena, words.at[i]);
    bool ok = run(cx, o, plugin, buf_view(&config), argv, input, printed);
    unlink(argv[1]);
    return ok;
}
