/* helm repo: the repositories that Helm knows by name. */
#include <unistd.h>

#include "cli/as_helm.h"
#include "cli/as_helm_table.h"
#include "render/chart/index_make.h"
#include "render/doc/json_write.h"
#include "render/doc/yaml_write.h"

struct repo_flags {
    struct helm_globals globals;
    struct access access;
    str output, url, merge;
    uint64_t timeout;
    bool password_stdin, force, deprecated, no_headers, json;
};

#define ROW(letter, name, value, help, kind, member)                                               \
    {                                                                                              \
        letter, name, value, help, kind, offsetof(struct repo_flags, member), NULL                 \
    }

static const struct option add_options[] = {
    ROW(0, "username", "NAME", "who we are to it", OPTION_TEXT, access.user),
    ROW(0, "password", "WORD", "and how that is shown", OPTION_TEXT, access.password),
    ROW(0, "password-stdin", NULL, "read that from standard input", OPTION_FLAG, password_stdin),
    ROW(0, "pass-credentials", NULL, "say both to other hosts, too", OPTION_FLAG,
        access.everywhere),
    ROW(0, "ca-file", "FILE", "authorities to trust", OPTION_TEXT, access.authorities),
    ROW(0, "cert-file", "FILE", "our own certificate", OPTION_TEXT, access.certificate),
    ROW(0, "key-file", "FILE", "and its key", OPTION_TEXT, access.key),
    ROW(0, "insecure-skip-tls-verify", NULL, "trust any certificate", OPTION_FLAG,
        access.unverified),
    ROW(0, "force-update", NULL, "replace the one of this name", OPTION_FLAG, force),
    ROW(0, "allow-deprecated-repos", NULL, "even one that is no longer there", OPTION_FLAG,
        deprecated),
    ROW(0, "timeout", "TIME", "give up after this long", OPTION_DURATION, access.timeout_ns),
    OPTION_ROWS_OF(helm_global_options, struct repo_flags, globals),
    { 0 },
};

static const struct option update_options[] = {
    ROW(0, "timeout", "TIME", "give up after this long", OPTION_DURATION, timeout),
    OPTION_ROWS_OF(helm_global_options, struct repo_flags, globals),
    { 0 },
};

static const struct option list_options[] = {
    ROW('o', "output", "table|json|yaml", "the format", OPTION_CHOICE, output),
    ROW(0, "no-headers", NULL, "leave the line of headers out", OPTION_FLAG, no_headers),
    OPTION_ROWS_OF(helm_global_options, struct repo_flags, globals),
    { 0 },
};

static const struct option index_options[] = {
    ROW(0, "url", "URL", "the repository's address, before each name", OPTION_TEXT, url),
    ROW(0, "merge", "FILE", "keep what this index has beside", OPTION_TEXT, merge),
    ROW(0, "json", NULL, "write JSON", OPTION_FLAG, json),
    OPTION_ROWS_OF(helm_global_options, struct repo_flags, globals),
    { 0 },
};

static const struct option remove_options[] = {
    OPTION_ROWS_OF(helm_global_options, struct repo_flags, globals),
    { 0 },
};

static bool fail(struct context *cx, struct call *call)
{
    return helm_fail_framed(cx, call);
}

/* What Helm keeps, and the puller whose changes are written at the end. */
static struct puller *begin(struct context *cx, struct call *call, struct repositories *known)
{
    const struct repo_flags *flags = call->options;
    struct puller *p = helm_puller(cx, &flags->globals);
    if (p && repositories_read(cx, p->disk, p->home->repositories, known))
        return p;
    fail(cx, call);
    return NULL;
}

static bool same_access(const struct access *x, const struct access *y)
{
    return str_eq(x->user, y->user) && str_eq(x->password, y->password)
           && str_eq(x->authorities, y->authorities) && str_eq(x->certificate, y->certificate)
           && str_eq(x->key, y->key) && x->unverified == y->unverified
           && x->everywhere == y->everywhere;
}

/* Repositories that were shut down, and where their charts went. */
static bool is_gone(struct context *cx, str url)
{
    static const struct {
        str old, now;
    } rows[] = {
        { S("//kubernetes-charts.storage.googleapis.com"), S("https://charts.helm.sh/stable") },
        { S("//kubernetes-charts-incubator.storage.googleapis.com"),
          S("https://charts.helm.sh/incubator") },
    };
    for (size_t i = 0; i < countof(rows); i++) {
        if (str_has(url, rows[i].old))
            return !report(cx, NOWHERE,
                           "repo \"%.*s\" is no longer available; try \"%.*s\" instead", STR(url),
                           STR(rows[i].now));
    }
    return false;
}

/* The first line of standard input, without its end. */
static bool read_password(struct context *cx, struct repo_flags *flags)
{
    if (!flags->access.user.len || flags->access.password.len)
        return true;
    if (!flags->password_stdin)
        return report(cx, NOWHERE, "--username needs --password or --password-stdin");
    struct text *text = source_stdin(cx);
    if (!text)
        return false;
    flags->access.password = str_trim_suffix(str_trim_suffix(text->bytes, S("\n")), S("\r"));
    return true;
}

static bool add(struct context *cx, struct call *call, struct puller *p, struct repositories *known,
                const struct repository *r)
{
    const struct repo_flags *flags = call->options;
    const struct repository *old = repositories_find(known, r->name);
    if (str_has_char(r->name, '/'))
        return report(cx, NOWHERE,
                      "repository name (%.*s) contains '/', please specify a different name "
                      "without '/'",
                      STR(r->name));
    if (!flags->force && old) {
        if (!str_eq(old->url, r->url) || !same_access(&old->access, &r->access))
            return report(cx, NOWHERE,
                          "repository name (%.*s) already exists, please specify a different name",
                          STR(r->name));
        buf_format(call->out, "\"%.*s\" already exists with the same configuration, skipping\n",
                   STR(r->name));
        return true;
    }
    if (!repository_ask(cx, r, p->home, p->changes, NOWHERE))
        return false;
    repositories_put(cx, known, *r);
    changes_write_secret(cx, p->changes, p->home->repositories, repositories_print(cx, known));
    buf_format(call->out, "\"%.*s\" has been added to your repositories\n", STR(r->name));
    return true;
}

static bool run_add(struct context *cx, struct call *call)
{
    struct repo_flags *flags = call->options;
    struct repository r = { .name = call->operands.at[0], .url = call->operands.at[1] };
    struct repositories known;
    if (!flags->deprecated && is_gone(cx, r.url))
        return fail(cx, call);
    struct puller *p = begin(cx, call, &known);
    if (!p)
        return false;
    if (!read_password(cx, flags))
        return fail(cx, call);
    r.access = flags->access;
    return (add(cx, call, p, &known, &r) || fail(cx, call)) && helm_apply(cx, p->changes);
}

static bool print_list(struct context *cx, struct call *call, const struct repositories *known)
{
    const struct repo_flags *flags = call->options;
    struct node *list = node_list(cx);
    for (uint32_t i = 0; i < known->len; i++) {
        struct node *n = node_map(cx);
        node_set(cx, n, KEY_NAME, node_string(cx, known->at[i].name));
        node_set(cx, n, intern(cx->keys, S("url")), node_string(cx, known->at[i].url));
        node_push(cx, list, n);
    }
    if (str_eq(flags->output, S("yaml")))
        return yaml_write(cx, call->out, list);
    if (!json_write(cx, call->out, list, (struct json_style){ 0 }))
        return false;
    buf_char(call->out, '\n');
    return true;
}

static bool run_list(struct context *cx, struct call *call)
{
    const struct repo_flags *flags = call->options;
    struct repositories known = { 0 };
    struct puller *p = helm_puller(cx, &flags->globals);
    if (!p)
        return false;
    /* A file that can't be read is no repositories. */
    struct diags before = cx->diags;
    if (!repositories_read(cx, p->disk, p->home->repositories, &known))
        diag_take_back(cx, before);
    if (flags->output.len && !str_eq(flags->output, S("table")))
        return print_list(cx, call, &known);
    if (!known.len) {
        warn(cx, NOWHERE, "no repositories to show");
        return true;
    }
    struct table table = { .columns = 2 };
    if (!flags->no_headers)
        table_row(cx, &table, (str[]){ S("NAME"), S("URL") });
    for (uint32_t i = 0; i < known.len; i++)
        table_row(cx, &table, (str[]){ known.at[i].name, known.at[i].url });
    table_print(call->out, &table, 0);
    return true;
}

static bool is_wanted(const struct call *call, str name)
{
    for (uint32_t i = 0; i < call->operands.len; i++) {
        if (str_eq(call->operands.at[i], name))
            return true;
    }
    return call->operands.len == 0;
}

static bool check_wanted(struct context *cx, const struct call *call,
                         const struct repositories *known)
{
    if (!known->len)
        return report(cx, NOWHERE, "no repositories found. You must add one before updating");
    for (uint32_t i = 0; i < call->operands.len; i++) {
        if (!repositories_find(known, call->operands.at[i]))
            return report(cx, NOWHERE,
                          "no repositories found matching '%.*s'.  Nothing will be updated",
                          STR(call->operands.at[i]));
    }
    return true;
}

static bool run_update(struct context *cx, struct call *call)
{
    const struct repo_flags *flags = call->options;
    struct repositories known;
    struct words failed = { 0 };
    struct puller *p = begin(cx, call, &known);
    if (!p)
        return false;
    if (!check_wanted(cx, call, &known))
        return fail(cx, call);
    call->print_anyway = true;
    buf_str(call->out, S("Hang tight while we grab the latest from your chart repositories...\n"));
    for (uint32_t i = 0; i < known.len; i++) {
        struct repository r = known.at[i];
        if (!is_wanted(call, r.name))
            continue;
        r.access.timeout_ns = flags->timeout;
        if (!repository_refresh(cx, &r, p->home, p->changes, call->out))
            words_add(cx->arena, &failed, r.url);
    }
    if (!helm_apply(cx, p->changes))
        return false;
    if (failed.len) {
        report_surroundings(cx, NOWHERE, "failed to update the following repositories: [%.*s]",
                            STR(str_join(cx->arena, failed.at, failed.len, S(" "))));
        return fail(cx, call);
    }
    buf_str(call->out, S("Update Complete. \xE2\x8E\x88Happy Helming!\xE2\x8E\x88\n"));
    return true;
}

static bool run_remove(struct context *cx, struct call *call)
{
    struct repositories known;
    struct puller *p = begin(cx, call, &known);
    if (!p)
        return false;
    if (!known.len) {
        report(cx, NOWHERE, "no repositories configured");
        return fail(cx, call);
    }
    for (uint32_t i = 0; i < call->operands.len; i++) {
        str name = call->operands.at[i];
        if (!repositories_remove(&known, name)) {
            report(cx, NOWHERE, "no repo named \"%.*s\" found", STR(name));
            call->print_anyway = helm_apply(cx, p->changes);
            return fail(cx, call);
        }
        changes_write_secret(cx, p->changes, p->home->repositories, repositories_print(cx, &known));
        changes_remove(cx, p->changes, repository_list_path(cx, p->home, name));
        changes_remove(cx, p->changes, repository_index_path(cx, p->home, name));
        buf_format(call->out, "\"%.*s\" has been removed from your repositories\n", STR(name));
    }
    return helm_apply(cx, p->changes);
}

static bool run_index(struct context *cx, struct call *call)
{
    const struct repo_flags *flags = call->options;
    struct index_options how = { .url = flags->url, .merge = flags->merge, .json = flags->json };
    struct source *disk = source_disk(cx, S(""));
    str bytes, folder = call->operands.at[0];
    if (!disk || !index_make(cx, disk, folder, &how, &bytes))
        return fail(cx, call);
    return output_file(cx, source_join(cx->arena, folder, S("index.yaml")), bytes);
}

static str index_miscounted(struct context *cx, const struct call *call)
{
    return helm_miscounted(cx, call, "requires 1 argument", "helm repo index [DIR] [flags]");
}

static str add_miscounted(struct context *cx, const struct call *call)
{
    return helm_miscounted(cx, call, "requires 2 arguments", "helm repo add [NAME] [URL] [flags]");
}

static str list_miscounted(struct context *cx, const struct call *call)
{
    return helm_miscounted(cx, call, "accepts no arguments", "helm repo list [flags]");
}

static str remove_miscounted(struct context *cx, const struct call *call)
{
    return helm_miscounted(cx, call, "requires at least 1 argument",
                           "helm repo remove [REPO1 [REPO2 ...]] [flags]");
}

static const struct command repo_add = {
    .name = "add",
    .operands = "NAME URL",
    .summary = "know a repository by a name",
    .options = add_options,
    .options_size = sizeof(struct repo_flags),
    .run = run_add,
    .miscounted = add_miscounted,
    .foreign = true,
};

static const struct command repo_index = {
    .name = "index",
    .operands = "DIR",
    .summary = "write the index of a folder of archives",
    .options = index_options,
    .options_size = sizeof(struct repo_flags),
    .run = run_index,
    .miscounted = index_miscounted,
    .foreign = true,
};

static const struct command repo_list = {
    .name = "list",
    .aliases = "ls",
    .summary = "the repositories that are known",
    .options = list_options,
    .options_size = sizeof(struct repo_flags),
    .run = run_list,
    .miscounted = list_miscounted,
    .foreign = true,
};

static const struct command repo_remove = {
    .name = "remove",
    .aliases = "rm",
    .operands = "NAME...",
    .summary = "know them no more",
    .options = remove_options,
    .options_size = sizeof(struct repo_flags),
    .run = run_remove,
    .miscounted = remove_miscounted,
    .foreign = true,
};

static const struct command repo_update = {
    .name = "update",
    .aliases = "up",
    .operands = "[NAME]...",
    .summary = "fetch their indexes anew",
    .options = update_options,
    .options_size = sizeof(struct repo_flags),
    .run = run_update,
    .foreign = true,
};

static const struct command *const children[] = { &repo_add,    &repo_index,  &repo_list,
                                                  &repo_remove, &repo_update, NULL };

const struct command helm_repo = {
    .name = "repo",
    .summary = "the repositories of charts that are known by name",
    .children = children,
    .foreign = true,
};
