/* helm verify: is an archive what its provenance file says, and who says so? */
#include "cli/as_helm.h"

struct verify_flags {
    struct helm_globals globals;
    str keyring;
};

static const struct option options[] = {
    { 0, "keyring", "FILE", "the keys that may have signed it; ~/.gnupg/pubring.gpg if not said",
      OPTION_TEXT, offsetof(struct verify_flags, keyring), NULL },
    OPTION_ROWS_OF(helm_global_options, struct verify_flags, globals),
    { 0 },
};

static bool run(struct context *cx, struct call *call)
{
    const struct verify_flags *flags = call->options;
    struct source *disk = source_disk(cx, S(""));
    struct provenance p;
    if (!disk
        || !provenance_check_file(cx, disk, helm_keyring(cx, flags->keyring), call->operands.at[0],
                                  &p))
        return helm_fail_framed(cx, call);
    provenance_print(call->out, &p);
    return true;
}

static str miscounted(struct context *cx, const struct call *call)
{
    return helm_miscounted(cx, call, "requires 1 argument", "helm verify PATH [flags]");
}

const struct command helm_verify = {
    .name = "verify",
    .operands = "ARCHIVE",
    .summary = "check an archive against its provenance file",
    .about = "The file is ARCHIVE.prov; its signature is checked with GnuPG's gpgv.",
    .options = options,
    .options_size = sizeof(struct verify_flags),
    .run = run,
    .miscounted = miscounted,
    .foreign = true,
};
