/* Helm's options, and what they and the environment mean.
 *
 * Settings are options first, then HELM_… variables, then the folders of the XDG specification,
 * then those of the user's home. */
#include <stdlib.h>
#include <unistd.h>

#include "cli/as_helm.h"
#include "render/template/yaml_words.h"

#define GLOBAL(letter, name, value, help, kind, member)                                            \
    {                                                                                              \
        letter, name, value, help, kind, offsetof(struct helm_globals, member), NULL               \
    }

const struct option helm_global_options[] = {
    GLOBAL('n', "namespace", "NAME", "the release's namespace", OPTION_TEXT, namespace_),
    GLOBAL(0, "repository-config", "FILE", "the file that names repositories", OPTION_TEXT,
           repositories),
    GLOBAL(0, "repository-cache", "DIR", "the folder of cached indexes", OPTION_TEXT, cache),
    GLOBAL(0, "content-cache", "DIR", "the folder of cached charts", OPTION_TEXT, content),
    GLOBAL(0, "registry-config", "FILE", "the credentials of registries", OPTION_TEXT, registry),
    /* Understood, as scripts say them; without a cluster they change nothing. */
    GLOBAL(0, "debug", NULL, NULL, OPTION_FLAG, debug),
    GLOBAL(0, "burst-limit", "N", NULL, OPTION_NUMBER, burst),
    GLOBAL(0, "color", "MODE", NULL, OPTION_TEXT, unused),
    GLOBAL(0, "colour", "MODE", NULL, OPTION_TEXT, unused),
    GLOBAL(0, "kube-apiserver", "URL", NULL, OPTION_TEXT, kube_server),
    GLOBAL(0, "kube-as-group", "NAME", NULL, OPTION_LIST, kube_groups),
    GLOBAL(0, "kube-as-user", "NAME", NULL, OPTION_TEXT, kube_user),
    GLOBAL(0, "kube-ca-file", "FILE", NULL, OPTION_TEXT, kube_authorities),
    GLOBAL(0, "kube-context", "NAME", NULL, OPTION_TEXT, kube_context),
    GLOBAL(0, "kube-insecure-skip-tls-verify", NULL, NULL, OPTION_FLAG, kube_insecure),
    GLOBAL(0, "kube-tls-server-name", "NAME", NULL, OPTION_TEXT, kube_server_name),
    GLOBAL(0, "kube-token", "TOKEN", NULL, OPTION_TEXT, kube_token),
    GLOBAL(0, "kubeconfig", "FILE", NULL, OPTION_TEXT, kube_config),
    GLOBAL(0, "qps", "N", NULL, OPTION_TEXT, queries),
    { 0 },
};

#define ACCESS(name, value, help, kind, member)                                                    \
    {                                                                                              \
        0, name, value, help, kind, offsetof(struct access, member), NULL                          \
    }

const struct option helm_access_options[] = {
    ACCESS("username", "NAME", "who we are to a registry", OPTION_TEXT, user),
    ACCESS("password", "WORD", "and how that is shown", OPTION_TEXT, password),
    ACCESS("ca-file", "FILE", "authorities to trust", OPTION_TEXT, authorities),
    ACCESS("cert-file", "FILE", "our own certificate", OPTION_TEXT, certificate),
    ACCESS("key-file", "FILE", "and its key", OPTION_TEXT, key),
    ACCESS("insecure-skip-tls-verify", NULL, "trust any certificate", OPTION_FLAG, unverified),
    ACCESS("plain-http", NULL, "ask registries without TLS", OPTION_FLAG, plain_http),
    { 0 },
};

#define PLACE(letter, name, value, help, kind, member)                                             \
    {                                                                                              \
        letter, name, value, help, kind, offsetof(struct helm_place, member), NULL                 \
    }

const struct option helm_place_options[] = {
    PLACE(0, "version", "RANGE", "a version, or a range whose newest is taken", OPTION_TEXT,
          version),
    PLACE(0, "repo", "URL", "the repository that has the chart", OPTION_TEXT, repo),
    PLACE(0, "username", "NAME", "who we are to it", OPTION_TEXT, user),
    PLACE(0, "password", "WORD", "and how that is shown", OPTION_TEXT, password),
    PLACE(0, "pass-credentials", NULL, "say both to other hosts, too", OPTION_FLAG, everywhere),
    PLACE(0, "ca-file", "FILE", "authorities to trust", OPTION_TEXT, authorities),
    PLACE(0, "cert-file", "FILE", "our own certificate", OPTION_TEXT, certificate),
    PLACE(0, "key-file", "FILE", "and its key", OPTION_TEXT, key),
    PLACE(0, "insecure-skip-tls-verify", NULL, "trust any certificate", OPTION_FLAG, unverified),
    PLACE(0, "plain-http", NULL, "ask registries without TLS", OPTION_FLAG, plain_http),
    PLACE(0, "verify", NULL, "only a chart that is signed", OPTION_FLAG, verify),
    PLACE(0, "keyring", "FILE", "by one of these keys; ~/.gnupg/pubring.gpg if not said",
          OPTION_TEXT, keyring),
    { 0 },
};

bool helm_fail(struct context *cx, struct call *call, const char *before, str words)
{
    const struct diag *d = diag_first(cx);
    if (!words.at)
        words = d ? yaml_words_of(cx, d) : S("");
    call->model_error = str_format(cx->arena, "%s%.*s", before, STR(words));
    return false;
}

bool helm_fail_framed(struct context *cx, struct call *call)
{
    const struct diag *d = diag_first(cx);
    str words = d ? yaml_words_of(cx, d) : S("");
    /* Values are read a document at a time, and Helm says so. */
    if (d && d->next && str_eq(d->next->message, S("cannot load values.yaml")))
        words = str_concat(cx->arena, S("cannot unmarshal yaml document: "), words);
    return helm_fail(cx, call, "", diag_sentence(cx, words));
}

bool helm_detect(struct context *cx, struct source *disk, str path)
{
    enum file_kind kind = source_kind(cx, disk, path);
    str file = source_join(cx->arena, path, S("Chart.yaml"));
    if (kind == FILE_FOLDER && source_kind(cx, disk, file) == FILE_PLAIN)
        return true;
    if (!str_starts(file, S("/")))
        file = source_join(cx->arena, disk->here, file);
    return report(cx, NOWHERE, "unable to detect chart at %.*s: open %.*s: %s", STR(file),
                  STR(file), kind == FILE_FOLDER ? "no such file or directory" : "not a directory");
}

static str variable(const char *name)
{
    const char *value = getenv(name);
    return str_from(value ? value : "");
}

str helm_folder(struct context *cx, enum helm_folder which, str below)
{
    static const struct {
        const char *helm, *xdg, *home;
    } rows[] = {
        [HELM_CACHE] = { "HELM_CACHE_HOME", "XDG_CACHE_HOME", ".cache" },
        [HELM_CONFIG] = { "HELM_CONFIG_HOME", "XDG_CONFIG_HOME", ".config" },
        [HELM_DATA] = { "HELM_DATA_HOME", "XDG_DATA_HOME", ".local/share" },
    };
    str base = variable(rows[which].helm);
    if (!base.len) {
        base = variable(rows[which].xdg);
        if (!base.len)
            base = source_join(cx->arena, str_from(cx->home), str_from(rows[which].home));
        base = source_join(cx->arena, base, S("helm"));
    }
    return below.len ? source_join(cx->arena, base, below) : base;
}

static str setting(struct context *cx, str option, const char *name, enum helm_folder which,
                   str below)
{
    if (option.len)
        return option;
    const char *value = getenv(name);
    return value ? str_from(value) : helm_folder(cx, which, below);
}

struct helm_home *helm_home(struct context *cx, const struct helm_globals *g)
{
    struct helm_home *home = NEW(cx->arena, struct helm_home);
    home->repositories =
        setting(cx, g->repositories, "HELM_REPOSITORY_CONFIG", HELM_CONFIG, S("repositories.yaml"));
    home->cache = setting(cx, g->cache, "HELM_REPOSITORY_CACHE", HELM_CACHE, S("repository"));
    home->content = setting(cx, g->content, "HELM_CONTENT_CACHE", HELM_CACHE, S("content"));
    home->registry =
        setting(cx, g->registry, "HELM_REGISTRY_CONFIG", HELM_CONFIG, S("registry/config.json"));
    return home;
}

str helm_namespace(const struct helm_globals *globals)
{
    if (globals->namespace_.len)
        return globals->namespace_;
    str said = variable("HELM_NAMESPACE");
    return said.len ? said : S("default");
}

str helm_keyring(struct context *cx, str said)
{
    if (said.len)
        return said;
    str home = variable("GNUPGHOME");
    if (!home.len)
        home = source_join(cx->arena, str_from(cx->home), S(".gnupg"));
    return source_join(cx->arena, home, S("pubring.gpg"));
}

struct chart_request helm_request(struct context *cx, const struct helm_place *place, str name)
{
    return (struct chart_request){
        .name = name,
        .version = place->version,
        .repo = place->repo,
        .keyring = place->verify ? helm_keyring(cx, place->keyring) : S(""),
        .access = { .user = place->user,
                    .password = place->password,
                    .authorities = place->authorities,
                    .certificate = place->certificate,
                    .key = place->key,
                    .unverified = place->unverified,
                    .plain_http = place->plain_http,
                    .everywhere = place->everywhere },
    };
}

struct puller *helm_puller(struct context *cx, const struct helm_globals *globals)
{
    struct puller *p = NEW(cx->arena, struct puller);
    p->cx = cx;
    p->disk = source_disk(cx, S(""));
    p->home = helm_home(cx, globals);
    p->changes = NEW(cx->arena, struct changes);
    return p->disk ? p : NULL;
}

bool helm_values(struct context *cx, struct call *call, struct source *disk,
                 const struct value_flags *said, struct dict **values)
{
    str before = S("");
    *values = dict_new(cx->arena, 0);
    return value_flags_lay(cx, said, disk, values, &before)
           || helm_fail(cx, call, str_cstr(cx->arena, before), (str){ NULL, 0 });
}

bool helm_apply(struct context *cx, const struct changes *changes)
{
    for (uint32_t i = 0; i < changes->len; i++) {
        const struct change *c = &changes->at[i];
        if (c->remove)
            unlink(str_cstr(cx->arena, c->path));
        else if (c->secret ? !output_secret_below(cx, c->path, c->bytes)
                           : !output_file_below(cx, c->path, c->bytes))
            return false;
    }
    return true;
}

bool helm_finish(struct call *call, struct puller *p)
{
    call->model_said = p->said;
    return helm_apply(p->cx, p->changes);
}

str helm_miscounted(struct context *cx, const struct call *call, const char *needs,
                    const char *usage)
{
    str called = str_trim_prefix(str_from(call->called), S("hoist "));
    return str_format(cx->arena, "\"%.*s\" %s\n\nUsage:  %s", STR(called), needs, usage);
}
