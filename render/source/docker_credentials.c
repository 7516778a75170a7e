/* Of the entries that fit, the one with the longest path is the right one: "ghcr.io/acme" before
 * "ghcr.io". Docker writes its own registry as "https://index.docker.io/v1/".
 *
 * A helper is the program docker-credential-NAME. One that is named for a host comes first, then
 * the store for all hosts, then what the file itself holds. */
#include "render/source/docker_credentials.h"

#include <stdlib.h>

#include "render/base/encode.h"
#include "render/base/map.h"
#include "render/base/process.h"
#include "render/doc/json_read.h"
#include "render/source/source.h"

enum { FILES_MOST = 3, ANSWER_MOST = 64 * 1024 };
#define HELPER_TIMEOUT_NS 20000000000u
#define DOCKER_ADDRESS    "https://index.docker.io/v1/"

struct docker_config {
    const struct node *files[FILES_MOST];
    uint32_t len;
    struct map asked; /* struct registry_login, by helper and host */
};

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

static bool add_file(struct context *cx, struct docker_config *config, str path, struct pos from)
{
    struct source *disk = source_disk(cx, S(""));
    if (!disk)
        return false;
    if (source_kind(cx, disk, path) != FILE_PLAIN)
        return true;
    struct text *text = source_read(cx, disk, path, from);
    if (!text)
        return false;
    const struct node *file = json_try(cx, text);
    if (!node_is(file, NODE_MAP))
        return report(cx, from, "'%.*s' is no JSON object, so it tells no credentials", STR(path));
    config->files[config->len++] = file;
    return true;
}

static str docker_file(struct context *cx)
{
    const char *folder = variable("DOCKER_CONFIG");
    return folder ? str_format(cx->arena, "%s/config.json", folder)
                  : str_format(cx->arena, "%s/.docker/config.json", cx->home);
}

static str podman_file(struct context *cx)
{
    const char *file = variable("REGISTRY_AUTH_FILE"), *run = variable("XDG_RUNTIME_DIR");
    if (file)
        return str_from(file);
    return run ? str_format(cx->arena, "%s/containers/auth.json", run) : S("");
}

struct docker_config *docker_config_read(struct context *cx, const char *first, struct pos from)
{
    struct docker_config *config = NEW(cx->arena, struct docker_config);
    config->asked.arena = cx->arena;
    if (first && !add_file(cx, config, str_from(first), from))
        return NULL;
    if (!cx->home)
        return config;
    str podman = podman_file(cx);
    if (!add_file(cx, config, docker_file(cx), from)
        || (podman.len && !add_file(cx, config, podman, from)))
        return NULL;
    return config;
}

static str text_field(struct context *cx, const struct node *map, str key)
{
    const struct node *value = node_get_text(cx, map, key);
    return node_is(value, NODE_STRING) ? value->text : S("");
}

/* --- helpers --- */

static bool is_helper_name(str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i], low = (char)(c | 32);
        if (!(low >= 'a' && low <= 'z') && !(c >= '0' && c <= '9') && !str_has_char(S("-_."), c))
            return false;
    }
    return name.len > 0;
}

static void warn_helper(struct context *cx, struct pos from, str name, const char *why)
{
    warn(cx, from, "the credential helper 'docker-credential-%.*s' %s", STR(name), why);
}

/* What it prints may be a secret, so none of it is shown. */
static struct registry_login ask_helper(struct context *cx, str name, str host, struct pos from)
{
    struct registry_login login = { .identity = S("") };
    str program = str_concat(cx->arena, S("docker-credential-"), name);
    const char *argv[] = { str_cstr(cx->arena, program), "get", NULL };
    struct process p = { .argv = argv,
                         .env = process_environment(cx, NULL, 0),
                         .folder = "/",
                         .input = host,
                         .timeout_ns = HELPER_TIMEOUT_NS,
                         .most_output = ANSWER_MOST,
                         .pos = from };
    struct process_result result;
    struct diags before = cx->diags;
    if (!process_run(cx, &p, &result)) {
        diag_take_back(cx, before);
        warn_helper(cx, from, name, "can't be run");
        return login;
    }
    if (result.status != 0) {
        if (!str_has(result.output, S("credentials not found")))
            warn_helper(cx, from, name, "failed");
        return login;
    }
    const struct node *answer = json_try(cx, text_add(cx, program, result.output));
    if (!node_is(answer, NODE_MAP)) {
        warn_helper(cx, from, name, "did not answer with JSON");
        return login;
    }
    login.user = text_field(cx, answer, S("Username"));
    login.password = text_field(cx, answer, S("Secret"));
    if (str_eq(login.user, S("<token>")))
        login = (struct registry_login){ .identity = login.password };
    return login;
}

static struct registry_login helper_login(struct context *cx, struct docker_config *config,
                                          str name, str host, struct pos from)
{
    str key = str_format(cx->arena, "%.*s %.*s", STR(name), STR(host));
    struct registry_login *login = map_get(&config->asked, key);
    if (login)
        return *login;
    login = NEW(cx->arena, struct registry_login);
    map_put(&config->asked, key, login);
    if (is_helper_name(name))
        *login = ask_helper(cx, name, host, from);
    else
        warn(cx, from, "'%.*s' can't be the name of a credential helper", STR(name));
    return *login;
}

/* --- entries --- */

static bool is_docker(str host)
{
    return str_eq(host, S("docker.io")) || str_eq(host, S("index.docker.io"))
           || str_eq(host, S("registry-1.docker.io"));
}

static bool same_host(str a, str b)
{
    if (is_docker(a) && is_docker(b))
        return true;
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        char x = a.at[i], y = b.at[i];
        x = (char)(x >= 'A' && x <= 'Z' ? x + 32 : x);
        y = (char)(y >= 'A' && y <= 'Z' ? y + 32 : y);
        if (x != y)
            return false;
    }
    return true;
}

/* How many bytes of the path an entry's name takes, and one; 0 when it is for another host. */
static size_t fits(str name, str host, str path)
{
    str own, own_path;
    ptrdiff_t scheme = str_find(name, S("://"));
    str_cut(scheme < 0 ? name : str_skip(name, (size_t)scheme + 3), '/', &own, &own_path);
    own_path = str_trim_suffix(own_path, S("/"));
    if (!same_host(own, host))
        return 0;
    if (!own_path.len || str_eq(own_path, S("v1")) || str_eq(own_path, S("v2")))
        return 1;
    str rest = str_skip(path, own_path.len);
    bool inside = str_starts(path, own_path) && (!rest.len || rest.at[0] == '/');
    return inside ? own_path.len + 1 : 0;
}

static const struct node *best_entry(const struct node *map, str host, str path)
{
    const struct node *best = NULL;
    size_t longest = 0;
    for (uint32_t i = 0; node_is(map, NODE_MAP) && i < map->len; i++) {
        size_t fit = fits(map->entries[i].key->text, host, path);
        if (fit <= longest)
            continue;
        longest = fit;
        best = map->entries[i].value;
    }
    return best;
}

static struct registry_login entry_login(struct context *cx, const struct node *entry)
{
    struct registry_login login = { text_field(cx, entry, S("username")),
                                    text_field(cx, entry, S("password")),
                                    text_field(cx, entry, S("identitytoken")) };
    str decoded;
    if (decode_base64(cx->arena, BASE64_STD, text_field(cx, entry, S("auth")), &decoded)
        && decoded.len) {
        str_cut(decoded, ':', &login.user, &login.password);
        /* Old files of Docker's end it with NULs. */
        login.password = str_trim_chars(login.password, (str){ "", 1 });
    }
    if (login.identity.len)
        login.user = login.password = S("");
    return login;
}

static bool is_login(struct registry_login login)
{
    return login.user.len || login.password.len || login.identity.len;
}

struct registry_login docker_login(struct context *cx, struct docker_config *config, str host,
                                   str path, struct pos from)
{
    str address = is_docker(host) ? S(DOCKER_ADDRESS) : host;
    for (uint32_t i = 0; i < config->len; i++) {
        const struct node *file = config->files[i];
        struct registry_login login = { .identity = S("") };
        const struct node *helper =
            best_entry(node_get_text(cx, file, S("credHelpers")), host, path);
        str store =
            node_is(helper, NODE_STRING) ? helper->text : text_field(cx, file, S("credsStore"));
        if (store.len)
            login = helper_login(cx, config, store, address, from);
        if (!is_login(login))
            login = entry_login(cx, best_entry(node_get_text(cx, file, S("auths")), host, path));
        if (is_login(login))
            return login;
    }
    return (struct registry_login){ .identity = S("") };
}
