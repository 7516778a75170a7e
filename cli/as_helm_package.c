/* helm package: a chart's folder to an archive, and its provenance. */
#include "cli/as_helm.h"
#include "render/chart/definition.h"
#include "render/chart/depend.h"
#include "render/chart/depend_fetch.h"
#include "render/chart/save.h"

struct package_flags {
    struct helm_globals globals;
    struct access access;
    str version, app_version, destination, key, keyring, passphrase_file;
    bool update, sign;
};

#define ROW(letter, name, value, help, kind, member)                                               \
    {                                                                                              \
        letter, name, value, help, kind, offsetof(struct package_flags, member), NULL              \
    }

static const struct option options[] = {
    ROW(0, "version", "VERSION", "the chart's version, instead of its own", OPTION_TEXT, version),
    ROW(0, "app-version", "VERSION", "and the application's", OPTION_TEXT, app_version),
    ROW('d', "destination", "DIR", "where the archive is written", OPTION_TEXT, destination),
    ROW('u', "dependency-update", NULL, "fill charts/ first", OPTION_FLAG, update),
    ROW(0, "sign", NULL, "write a provenance file, too, with GnuPG's gpg", OPTION_FLAG, sign),
    ROW(0, "key", "NAME", "whose key signs: a part of its name", OPTION_TEXT, key),
    ROW(0, "keyring", "FILE", "where that key is; ~/.gnupg/pubring.gpg if not said", OPTION_TEXT,
        keyring),
    ROW(0, "passphrase-file", "FILE", "its passphrase; '-' reads standard input", OPTION_TEXT,
        passphrase_file),
    OPTION_ROWS_OF(helm_access_options, struct package_flags, access),
    OPTION_ROWS_OF(helm_global_options, struct package_flags, globals),
    { 0 },
};

static bool update(struct context *cx, const struct package_flags *flags, struct puller *p,
                   str path)
{
    struct charts_folder folder = { .puller = p, .path = path, .access = flags->access };
    struct buf unsaid;
    buf_init(&unsaid, cx->arena, 256);
    return depend_update(&folder, &unsaid) && helm_apply(cx, p->changes);
}

static void set_version(struct context *cx, struct chart *chart, str name, str version)
{
    if (version.len)
        node_set(cx, chart->metadata, intern(cx->keys, name), node_string(cx, version));
}

static struct chart *load(struct context *cx, const struct package_flags *flags, struct puller *p,
                          str path)
{
    struct semver v;
    str error;
    if (source_kind(cx, p->disk, path) == FILE_NONE) {
        report(cx, NOWHERE, "stat %.*s: no such file or directory", STR(path));
        return NULL;
    }
    if (!helm_detect(cx, p->disk, path))
        return NULL;
    if (flags->update && !update(cx, flags, p, path))
        return NULL;
    struct chart *chart = chart_load(cx, p->disk, path, NOWHERE);
    if (!chart)
        return NULL;
    set_version(cx, chart, S("version"), flags->version);
    set_version(cx, chart, S("appVersion"), flags->app_version);
    if (flags->version.len)
        chart->version = flags->version;
    if (!semver_parse(cx->arena, chart->version, &v, &error)) {
        report(cx, NOWHERE, "%.*s", STR(error));
        return NULL;
    }
    return depend_check(cx, chart) ? chart : NULL;
}

/* Helm names the whole path of what it wrote where no destination was said. */
static str place(struct context *cx, const struct package_flags *flags, str file)
{
    str to = flags->destination;
    if (to.len && !str_eq(to, S(".")))
        return source_join(cx->arena, to, file);
    struct source *disk = source_disk(cx, S(""));
    return disk ? source_join(cx->arena, disk->here, file) : file;
}

/* Who signs; no key signs nothing. */
struct signer {
    const struct openpgp_key *key;
    str passphrase;
};

static bool find_signer(struct context *cx, const struct package_flags *flags, struct signer *out)
{
    struct source *disk = source_disk(cx, S(""));
    str file = flags->passphrase_file, rest;
    *out = (struct signer){ 0 };
    if (!flags->sign)
        return true;
    if (!flags->key.len)
        return report(cx, NOWHERE, "--key is required for signing a package");
    out->key = disk ? provenance_key(cx, disk, helm_keyring(cx, flags->keyring), flags->key) : NULL;
    if (!out->key || !file.len)
        return out->key;
    if (!str_eq(file, S("-")) && source_kind(cx, disk, file) == FILE_NONE)
        return report(cx, NOWHERE, "open %.*s: no such file or directory", STR(file));
    struct text *text =
        str_eq(file, S("-")) ? source_stdin(cx) : source_read(cx, disk, file, NOWHERE);
    if (!text)
        return false;
    rest = text->bytes;
    str_next_line(&rest, &out->passphrase);
    return true;
}

static bool sign(struct context *cx, const struct signer *signer, const struct chart *chart,
                 str file, str bytes, str *message)
{
    struct buf definition;
    *message = S("");
    if (!signer->key)
        return true;
    buf_init(&definition, cx->arena, 1024);
    return definition_write(cx, &definition, chart->metadata, true)
           && provenance_make(cx, signer->key, signer->passphrase, file, bytes,
                              buf_take(&definition), message);
}

static bool write(struct context *cx, str path, str bytes, str message)
{
    return output_file_below(cx, path, bytes)
           && (!message.len
               || output_file_below(cx, str_concat(cx->arena, path, S(".prov")), message));
}

static bool run(struct context *cx, struct call *call)
{
    const struct package_flags *flags = call->options;
    struct signer signer;
    if (!find_signer(cx, flags, &signer))
        return helm_fail_framed(cx, call);
    for (uint32_t i = 0; i < call->operands.len; i++) {
        struct puller *p = helm_puller(cx, &flags->globals);
        struct chart *chart = p ? load(cx, flags, p, call->operands.at[i]) : NULL;
        str file, bytes, message;
        if (!chart || !chart_save(cx, chart, &file, &bytes))
            return helm_fail_framed(cx, call);
        str path = place(cx, flags, file);
        if (!sign(cx, &signer, chart, file, bytes, &message) || !write(cx, path, bytes, message))
            return helm_fail_framed(cx, call);
        buf_format(call->out, "Successfully packaged chart and saved it to: %.*s\n", STR(path));
    }
    return true;
}

static str miscounted(struct context *cx, const struct call *call)
{
    (void)cx;
    (void)call;
    return S("need at least one argument, the path to the chart");
}

const struct command helm_package = {
    .name = "package",
    .operands = "DIR...",
    .summary = "make an archive of a chart's folder",
    .options = options,
    .options_size = sizeof(struct package_flags),
    .run = run,
    .miscounted = miscounted,
    .foreign = true,
};
