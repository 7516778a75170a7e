/* helm search: charts in the repositories that are known, by their cached indexes. */
#include "cli/as_helm.h"
#include "cli/as_helm_table.h"
#include "render/chart/search.h"
#include "render/doc/json_write.h"
#include "render/doc/yaml_write.h"

struct search_flags {
    struct helm_globals globals;
    str version, output, width;
    bool devel, must_find, pattern, versions;
};

enum { WIDTH = 50 };

#define ROW(letter, name, value, help, kind, member)                                               \
    {                                                                                              \
        letter, name, value, help, kind, offsetof(struct search_flags, member), NULL               \
    }

static const struct option options[] = {
    ROW('r', "regexp", NULL, "KEYWORD is a regular expression", OPTION_FLAG, pattern),
    ROW('l', "versions", NULL, "all versions, not only the newest", OPTION_FLAG, versions),
    ROW(0, "version", "RANGE", "versions to look at", OPTION_TEXT, version),
    ROW(0, "devel", NULL, "pre-releases, too, where no --version is said", OPTION_FLAG, devel),
    ROW('o', "output", "table|json|yaml", "the format", OPTION_CHOICE, output),
    ROW(0, "max-col-width", "N", "cut longer cells; 50 if not said, 0 cuts none", OPTION_TEXT,
        width),
    ROW(0, "fail-on-no-result", NULL, "finding nothing is a failure", OPTION_FLAG, must_find),
    OPTION_ROWS_OF(helm_global_options, struct search_flags, globals),
    { 0 },
};

static bool begin(struct context *cx, const struct call *call, struct chart_search *s)
{
    const struct search_flags *flags = call->options;
    str error, version = flags->version;
    if (!version.len)
        version = flags->devel ? S(">0.0.0-0") : S(">0.0.0");
    s->every = flags->versions;
    s->words = str_join(cx->arena, call->operands.at, call->operands.len, S(" "));
    if (flags->pattern && s->words.len) {
        struct regex *pattern = regex_compile(cx->arena, s->words, &error);
        if (!pattern)
            return report(cx, NOWHERE, "%.*s", STR(error));
        regex_watch(pattern, cx);
        s->pattern = pattern;
    }
    s->range = semver_range_parse(cx->arena, version, &error);
    return s->range
           || report(cx, NOWHERE, "an invalid version/constraint format: %.*s", STR(error));
}

static bool search(struct context *cx, const struct call *call, struct chart_search *s)
{
    const struct search_flags *flags = call->options;
    struct repositories known = { 0 };
    struct puller *p = helm_puller(cx, &flags->globals);
    if (!p || !repositories_read(cx, p->disk, p->home->repositories, &known))
        return false;
    if (!known.len)
        return report(cx, NOWHERE, "no repositories configured");
    if (!begin(cx, call, s))
        return false;
    for (uint32_t i = 0; i < known.len; i++) {
        struct diags before = cx->diags;
        struct chart_index *index = repository_cached(cx, p->disk, known.at[i].name, p->home, NULL);
        if (index) {
            chart_search_add(cx, s, known.at[i].name, index);
            continue;
        }
        diag_take_back(cx, before);
        warn(cx, NOWHERE, "the index of '%.*s' is missing or can't be read", STR(known.at[i].name));
        hint(cx, NOWHERE, "helm repo update");
    }
    chart_search_end(cx, s);
    return !flags->must_find || s->len || report(cx, NOWHERE, "no results found");
}

static str field(struct context *cx, const struct chart_match *m, const char *name)
{
    const struct node *n = node_get_text(cx, m->entry.node, str_from(name));
    return n && node_is_scalar(n) && n->kind != NODE_NULL ? n->text : S("");
}

static void print_table(struct context *cx, struct buf *out, const struct chart_search *s,
                        size_t width)
{
    struct table table = { .columns = 4 };
    if (!s->len) {
        buf_str(out, S("No results found\n"));
        return;
    }
    table_row(cx, &table,
              (str[]){ S("NAME"), S("CHART VERSION"), S("APP VERSION"), S("DESCRIPTION") });
    for (uint32_t i = 0; i < s->len; i++) {
        const struct chart_match *m = &s->at[i];
        table_row(cx, &table,
                  (str[]){ m->name, m->entry.version, field(cx, m, "appVersion"),
                           field(cx, m, "description") });
    }
    table_print(out, &table, width);
}

static struct node *listed(struct context *cx, const struct chart_search *s)
{
    struct node *list = node_list(cx);
    for (uint32_t i = 0; i < s->len; i++) {
        const struct chart_match *m = &s->at[i];
        struct node *n = node_map(cx);
        node_set(cx, n, KEY_NAME, node_string(cx, m->name));
        node_set(cx, n, intern(cx->keys, S("version")), node_string(cx, m->entry.version));
        node_set(cx, n, intern(cx->keys, S("app_version")),
                 node_string(cx, field(cx, m, "appVersion")));
        node_set(cx, n, intern(cx->keys, S("description")),
                 node_string(cx, field(cx, m, "description")));
        node_push(cx, list, n);
    }
    return list;
}

static bool run(struct context *cx, struct call *call)
{
    const struct search_flags *flags = call->options;
    struct chart_search s = { .at = NULL };
    size_t width;
    if (!table_width(cx, call, flags->width, WIDTH, &width))
        return false;
    if (!search(cx, call, &s))
        return helm_fail_framed(cx, call);
    if (str_eq(flags->output, S("yaml")))
        return yaml_write(cx, call->out, listed(cx, &s));
    if (!str_eq(flags->output, S("json"))) {
        print_table(cx, call->out, &s, width);
        return true;
    }
    if (!json_write(cx, call->out, listed(cx, &s), (struct json_style){ .keep_order = true }))
        return false;
    buf_char(call->out, '\n');
    return true;
}

static const struct command search_repo = {
    .name = "repo",
    .operands = "[KEYWORD]...",
    .summary = "look for charts in the repositories that are known",
    .about =
        "Names, descriptions and keywords are looked at, in the indexes of the last 'repo update'.",
    .options = options,
    .options_size = sizeof(struct search_flags),
    .run = run,
    .foreign = true,
};

static const struct command *const children[] = { &search_repo, NULL };

const struct command helm_search = {
    .name = "search",
    .summary = "look for charts",
    .children = children,
    .foreign = true,
};
