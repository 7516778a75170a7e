/* What the conventions find is written down, so that it can be added to. An Application that says
 * more than a path, values or images, takes the place of the path; one for a path that the
 * conventions do not know is an environment of its own. The last environment before production,
 * by the names that people give them, is promoted to it. */
#include "promote/first_project.h"

#include "promote/application.h"
#include "render/source/walk.h"

struct run_by {
    const struct node *document;
    str file;
    str path;
    bool says_more;
};

struct applications {
    struct run_by *at;
    uint32_t len;
    uint32_t cap;
};

static bool skips(void *who, str path, enum file_kind kind)
{
    str folder, name;
    (void)who;
    if (!str_cut_last(path, '/', &folder, &name))
        name = path;
    if (kind == FILE_FOLDER)
        return str_starts(name, S(".")) || str_eq(name, S("templates"))
               || str_eq(name, S("node_modules"));
    return !str_ends(name, S(".yaml")) && !str_ends(name, S(".yml"));
}

static void take_application(struct context *cx, const struct folder *folder,
                             struct applications *all, str file, const struct node *document)
{
    const struct node *spec = node_get_text(cx, document, S("spec"));
    const struct node *source = node_get_text(cx, spec, S("source"));
    struct run_by app = { .document = document, .file = file };
    if (!node_is(document, NODE_MAP) || !application_is(document))
        return;
    app.path = str_trim_chars(application_text(cx, source, "path"), S("/"));
    app.says_more = !source || node_get_text(cx, source, S("helm"))
                    || node_get_text(cx, source, S("kustomize"))
                    || node_get_text(cx, source, S("directory"));
    /* One of another repository. */
    if (app.path.len && folder_kind(cx, folder, app.path) != FILE_FOLDER)
        return;
    ARENA_PUSH(cx->arena, all->at, all->len, all->cap);
    all->at[all->len++] = app;
}

/* All that an ApplicationSet makes; one whose generators need more than this repository is left
 * out. */
static void take_set(struct context *cx, struct folder *folder, struct applications *all, str file,
                     const struct node *document)
{
    struct diags before = cx->diags;
    struct application_set *set = application_set_read(cx, folder, document);
    for (uint32_t i = 0; set && i < set->len; i++) {
        const struct node *made = application_set_make(cx, &set->at[i]);
        if (made)
            take_application(cx, folder, all, file, made);
    }
    diag_take_back(cx, before);
}

/* What is no YAML is none of an Application. */
static bool find_applications(struct context *cx, struct folder *folder, struct applications *all)
{
    struct listing files = { 0 };
    struct walk_filter filter = { skips, NULL };
    if (!folder_walk(cx, folder, NOWHERE, &filter, &files))
        return false;
    for (uint32_t i = 0; i < files.len; i++) {
        struct documents docs = { 0 };
        struct text *text = folder_read(cx, folder, files.at[i].name, NOWHERE);
        if (!text)
            return false;
        if (str_find(text->bytes, S("Application")) < 0)
            continue;
        struct diags before = cx->diags;
        bool read = yaml_read_all(cx, text, YAML_GO2, &docs);
        diag_take_back(cx, before);
        for (uint32_t k = 0; read && k < docs.len; k++) {
            if (application_set_is(docs.at[k]))
                take_set(cx, folder, all, files.at[i].name, docs.at[k]);
            else
                take_application(cx, folder, all, files.at[i].name, docs.at[k]);
        }
    }
    return true;
}

/* Environments. */

static struct run_by *run_of(const struct applications *all, str path)
{
    for (uint32_t i = 0; i < all->len; i++) {
        if (all->at[i].path.len && str_eq(all->at[i].path, path))
            return &all->at[i];
    }
    return NULL;
}

static void add_applications(struct context *cx, struct project *p, const struct applications *all)
{
    uint32_t known = p->environment_count;
    for (uint32_t i = 0; i < all->len; i++) {
        const struct run_by *app = &all->at[i];
        struct environment_row row = { .application = app->file };
        bool there = false;
        for (uint32_t k = 0; k < known && app->path.len; k++)
            there |= str_eq(p->environments[k].path, app->path);
        row.name = node_get_str(node_get(app->document, KEY(METADATA)), KEY_NAME);
        if (!there && row.name.len && !project_find(p, row.name))
            project_add(cx, p, row);
    }
}

static void write_word(struct buf *b, str s)
{
    bool plain = s.len > 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        plain &= (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z')
                 || (c && strchr("./_-", c));
    }
    if (plain && !scalar_needs_quotes(s) && s.at[0] != '-')
        buf_str(b, s);
    else
        buf_format(b, "'%.*s'", STR(s));
}

static void write_field(struct buf *b, const char *name, str value)
{
    if (!value.len)
        return;
    buf_format(b, "  %s: ", name);
    write_word(b, value);
    buf_char(b, '\n');
}

static void write_environment(struct buf *b, const struct environment_row *row,
                              const struct run_by *app)
{
    buf_str(b, S("- name: "));
    write_word(b, row->name);
    buf_char(b, '\n');
    if (row->application.len || (app && app->says_more && !row->value_count)) {
        write_field(b, "application", row->application.len ? row->application : app->file);
        return;
    }
    write_field(b, "path", row->path);
    write_field(b, "release", row->release);
    for (uint32_t i = 0; i < row->value_count; i++) {
        buf_str(b, i ? S(", ") : S("  values: ["));
        write_word(b, row->values[i].path);
    }
    buf_str(b, row->value_count ? S("]\n") : S(""));
    if (app)
        buf_format(b, "  # Argo CD runs it: %.*s\n", STR(app->file));
}

/* Promotions. */

/* How near to the end of the way; 0 for other names. */
static int rank_of(str name)
{
    static const struct {
        str word;
        int rank;
    } words[] = {
        { S("prod"), 9 }, { S("live"), 9 }, { S("preprod"), 8 },    { S("pre-prod"), 8 },
        { S("stag"), 7 }, { S("uat"), 6 },  { S("acceptance"), 6 }, { S("qa"), 5 },
        { S("test"), 4 }, { S("int"), 3 },  { S("dev"), 2 },
    };
    int best = 0;
    for (size_t i = 0; i < countof(words); i++) {
        ptrdiff_t at = str_find(name, words[i].word);
        bool begins = at == 0 || (at > 0 && name.at[at - 1] == '-');
        if (begins && (!best || str_starts(words[i].word, S("pre"))))
            best = words[i].rank;
    }
    return best;
}

static const struct environment_row *highest(const struct project *p, int below)
{
    const struct environment_row *best = NULL;
    for (uint32_t i = 0; i < p->environment_count; i++) {
        int rank = rank_of(p->environments[i].name);
        if (rank && rank < below && (!best || rank > rank_of(best->name)))
            best = &p->environments[i];
    }
    return best;
}

static void write_promotion(struct buf *b, const struct project *p, struct first_project *out)
{
    const struct environment_row *to = highest(p, 100);
    const struct environment_row *from = to ? highest(p, rank_of(to->name)) : NULL;
    if (!from || rank_of(to->name) < 9)
        return;
    buf_str(b, S("\npromotions:\n- from: "));
    write_word(b, from->name);
    buf_str(b, S("\n  to: "));
    write_word(b, to->name);
    buf_str(b, S("\n  require:\n"
                 "    digest: true     # images are pinned by digest\n"
                 "    registry: true   # and the registry has each of them\n"));
    out->promotions = 1;
}

bool first_project_make(struct context *cx, struct folder *folder, struct first_project *out)
{
    struct project p = { .folder = folder };
    struct applications all = { 0 };
    struct buf b;
    *out = (struct first_project){ 0 };
    if (folder_kind(cx, folder, S("hoist.yaml")) != FILE_NONE)
        return report(cx, NOWHERE, "there is a hoist.yaml already");
    if (!project_by_convention(cx, &p) || !find_applications(cx, folder, &all))
        return false;
    add_applications(cx, &p, &all);
    if (!p.environment_count) {
        report(cx, NOWHERE, "nothing here looks like an environment");
        hint(cx, NOWHERE,
             "folders in 'overlays', 'k8s/overlays' or 'environments' do, files as "
             "'staging-values.yaml' beside a chart, and Argo CD Applications");
        return false;
    }
    buf_init(&b, cx->arena, 1024);
    buf_str(&b, S("apiVersion: hoist/v1\nkind: Project\n\nenvironments:\n"));
    for (uint32_t i = 0; i < p.environment_count; i++)
        write_environment(&b, &p.environments[i], run_of(&all, p.environments[i].path));
    out->environments = p.environment_count;
    write_promotion(&b, &p, out);
    out->bytes = buf_take(&b);
    return true;
}
