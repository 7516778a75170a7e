/* helm registry: who we are to registries, in a file as Docker has one.
 *
 * The file keeps whatever else stands in it. A password is asked for in no other way than by
 * option or on standard input. */
#include "cli/as_helm.h"
#include "render/base/encode.h"
#include "render/doc/json_read.h"
#include "render/doc/json_write.h"
#include "render/source/oci.h"

struct registry_flags {
    struct helm_globals globals;
    struct access access;
    bool password_stdin;
};

#define ROW(letter, name, value, help, kind, member)                                               \
    {                                                                                              \
        letter, name, value, help, kind, offsetof(struct registry_flags, member), NULL             \
    }

static const struct option login_options[] = {
    ROW('u', "username", "NAME", "who we are to it", OPTION_TEXT, access.user),
    ROW('p', "password", "WORD", "and how that is shown", OPTION_TEXT, access.password),
    ROW(0, "password-stdin", NULL, "read that from standard input", OPTION_FLAG, password_stdin),
    ROW(0, "ca-file", "FILE", "authorities to trust", OPTION_TEXT, access.authorities),
    ROW(0, "cert-file", "FILE", "our own certificate", OPTION_TEXT, access.certificate),
    ROW(0, "key-file", "FILE", "and its key", OPTION_TEXT, access.key),
    ROW(0, "insecure", NULL, "trust any certificate", OPTION_FLAG, access.unverified),
    ROW(0, "plain-http", NULL, "ask it without TLS", OPTION_FLAG, access.plain_http),
    OPTION_ROWS_OF(helm_global_options, struct registry_flags, globals),
    { 0 },
};

static const struct option logout_options[] = {
    OPTION_ROWS_OF(helm_global_options, struct registry_flags, globals),
    { 0 },
};

static struct node *read_config(struct context *cx, struct source *disk, str path)
{
    if (source_kind(cx, disk, path) == FILE_NONE)
        return node_map(cx);
    struct text *text = source_read(cx, disk, path, NOWHERE);
    struct node *n = text ? json_try(cx, text) : NULL;
    if (node_is(n, NODE_MAP))
        return n;
    if (text)
        report(cx, NOWHERE, "'%.*s' is not what Docker keeps there", STR(path));
    return NULL;
}

static bool write_config(struct context *cx, str path, const struct node *config)
{
    struct buf out;
    buf_init(&out, cx->arena, 512);
    return json_write(cx, &out, config, (struct json_style){ .indent = S("\t") })
           && output_secret_below(cx, path, buf_take(&out));
}

/* Docker's own registry is kept under an address of old. */
static str key_of(str host)
{
    bool docker = str_eq(host, S("docker.io")) || str_eq(host, S("registry-1.docker.io"));
    return docker ? S("https://index.docker.io/v1/") : host;
}

static void put_login(struct context *cx, struct node *config, str host, str user, str password)
{
    struct node *auths = node_get_map(cx, config, intern(cx->keys, S("auths")));
    struct node *entry = node_map(cx);
    struct buf b;
    str both = str_format(cx->arena, "%.*s:%.*s", STR(user), STR(password));
    if (!auths) {
        auths = node_map(cx);
        node_set(cx, config, intern(cx->keys, S("auths")), auths);
    }
    buf_init(&b, cx->arena, both.len * 2);
    encode_base64(&b, BASE64_STD, both);
    node_set(cx, entry, intern(cx->keys, S("auth")), node_string(cx, buf_take(&b)));
    node_set(cx, auths, intern(cx->keys, key_of(host)), entry);
}

static bool read_password(struct context *cx, struct registry_flags *flags)
{
    if (flags->password_stdin) {
        struct text *text = source_stdin(cx);
        if (!text)
            return false;
        flags->access.password = str_trim_suffix(str_trim_suffix(text->bytes, S("\n")), S("\r"));
    }
    if (flags->access.user.len && flags->access.password.len)
        return true;
    report(cx, NOWHERE, flags->access.user.len ? "password required" : "token required");
    hint(cx, NOWHERE, "--username NAME --password-stdin");
    return false;
}

static bool login(struct context *cx, struct call *call)
{
    struct registry_flags *flags = call->options;
    const struct access *a = &flags->access;
    str host = call->operands.at[0];
    if (!read_password(cx, flags))
        return false;
    struct oci_settings settings = {
        .plain_http = a->plain_http,
        .unverified = a->unverified,
        .authorities = a->authorities.len ? str_cstr(cx->arena, a->authorities) : NULL,
        .certificate = a->certificate.len ? str_cstr(cx->arena, a->certificate) : NULL,
        .key = a->key.len ? str_cstr(cx->arena, a->key) : NULL,
        .user = a->user,
        .password = a->password,
    };
    struct oci_options options = { .settings = &settings, .len = 1, .no_cache = true };
    struct registry *r = oci_registry(cx, &options);
    str frame = str_format(cx->arena, "authenticating to \"%.*s\"", STR(host));
    diag_enter(cx, NOWHERE, str_cstr(cx->arena, frame));
    bool ok = r && oci_ping(cx, r, host, NOWHERE);
    diag_leave(cx);
    struct source *disk = ok ? source_disk(cx, S("")) : NULL;
    str path = helm_home(cx, &flags->globals)->registry;
    struct node *config = disk ? read_config(cx, disk, path) : NULL;
    if (!config)
        return false;
    put_login(cx, config, host, a->user, a->password);
    call->model_said = S("Login Succeeded\n");
    return write_config(cx, path, config);
}

static bool run_login(struct context *cx, struct call *call)
{
    return login(cx, call) || helm_fail_framed(cx, call);
}

static bool run_logout(struct context *cx, struct call *call)
{
    const struct registry_flags *flags = call->options;
    str host = call->operands.at[0], path = helm_home(cx, &flags->globals)->registry;
    struct source *disk = source_disk(cx, S(""));
    struct node *config = disk ? read_config(cx, disk, path) : NULL;
    struct node *auths = config ? node_get_text(cx, config, S("auths")) : NULL;
    if (!config)
        return helm_fail_framed(cx, call);
    if (auths && !node_remove(auths, intern(cx->keys, key_of(host))))
        auths = NULL;
    call->model_said = str_format(cx->arena, "Removing login credentials for %.*s\n", STR(host));
    return !auths || write_config(cx, path, config);
}

static str miscounted(struct context *cx, const struct call *call)
{
    str usage = str_format(cx->arena, "helm registry %s [host] [flags]", call->command->name);
    return helm_miscounted(cx, call, "requires at least 1 argument", str_cstr(cx->arena, usage));
}

static const struct command registry_login = {
    .name = "login",
    .operands = "HOST",
    .summary = "know user and password for a registry",
    .options = login_options,
    .options_size = sizeof(struct registry_flags),
    .run = run_login,
    .miscounted = miscounted,
    .foreign = true,
};

static const struct command registry_logout = {
    .name = "logout",
    .operands = "HOST",
    .summary = "know them no more",
    .options = logout_options,
    .options_size = sizeof(struct registry_flags),
    .run = run_logout,
    .miscounted = miscounted,
    .foreign = true,
};

static const struct command *const children[] = { &registry_login, &registry_logout, NULL };

const struct command helm_registry = {
    .name = "registry",
    .summary = "who we are to registries",
    .children = children,
    .foreign = true,
};
