/* Signing (libgit2, for Git's configuration).
 *
 * gpg.format says with what: openpgp (gpg), x509 (gpgsm) or ssh (ssh-keygen); gpg.program and
 * gpg.FORMAT.program name another program for it. Each gets the arguments that Git gives it,
 * so agents, cards and wrappers work as they do there. */
#include "promote/signing.h"

#include <git2.h>
#include <string.h>

#include "render/base/buf.h"
#include "render/base/library.h"
#include "render/base/private_folder.h"
#include "render/base/process.h"
#include "render/source/source.h"

struct signing_calls {
    __typeof__(git_buf_dispose) *buf_dispose;
    __typeof__(git_config_free) *config_free;
    __typeof__(git_config_get_bool) *get_bool;
    __typeof__(git_config_get_path) *get_path;
    __typeof__(git_config_get_string) *get_string;
    __typeof__(git_repository_config_snapshot) *config;
};
static struct signing_calls git2;
#define ROW(member, symbol) LIBRARY_SYMBOL(struct signing_calls, member, symbol)
static const struct library_symbol signing_symbols[] = {
    ROW(buf_dispose, git_buf_dispose),      ROW(config_free, git_config_free),
    ROW(get_bool, git_config_get_bool),     ROW(get_path, git_config_get_path),
    ROW(get_string, git_config_get_string), ROW(config, git_repository_config_snapshot),
};
static struct library signing_library = { LIBRARY("libgit2.so.1.5", "libgit2-1.5", signing_symbols,
                                                  &git2) };

/* Long enough for a person to type a passphrase or to touch a key. */
#define TIMEOUT_NS 300000000000u

struct signer {
    struct context *cx;
    git_config *config;
    str bytes;
    str committer;
    str key; /* user.signingkey, or "" */
};

struct format {
    str name;
    const char *setting;
    const char *program;
    bool (*sign)(struct signer *s, str program, str *signature);
};

static str setting(struct signer *s, const char *name)
{
    const char *value;
    return git2.get_string(&value, s->config, name) == 0 ? str_dup(s->cx->arena, str_from(value))
                                                         : S("");
}

/* Its last words say why, the program's own and nothing of what it was given. */
static bool report_failed(struct signer *s, str program, const struct process_result *done)
{
    str line, last = S(""), errors = done->errors;
    while (str_next_line(&errors, &line)) {
        if (str_trim(line).len && !str_starts(line, S("[GNUPG:]")))
            last = str_trim(line);
    }
    report_surroundings(s->cx, NOWHERE, "'%.*s' did not sign the commit: %.*s", STR(program),
                        STR(last.len ? last : S("it said nothing")));
    hint(s->cx, NOWHERE, "commit.gpgsign asks for signatures, user.signingkey names the key");
    return false;
}

static bool run(struct signer *s, const char *const *argv, str input, struct process_result *done)
{
    struct process p = { .argv = argv,
                         .env = process_environment(s->cx, NULL, 0),
                         .input = input,
                         .timeout_ns = TIMEOUT_NS };
    return process_run(s->cx, &p, done);
}

static str without_returns(struct context *cx, str text)
{
    return str_replace_all(cx->arena, text, S("\r\n"), S("\n"));
}

static bool sign_openpgp(struct signer *s, str program, str *signature)
{
    const char *argv[] = { str_cstr(s->cx->arena, program), "--status-fd=2", "-bsau",
                           str_cstr(s->cx->arena, s->key.len ? s->key : s->committer), NULL };
    struct process_result done;
    if (!run(s, argv, s->bytes, &done))
        return false;
    bool made = str_starts(done.errors, S("[GNUPG:] SIG_CREATED "))
                || str_has(done.errors, S("\n[GNUPG:] SIG_CREATED "));
    if (done.status != 0 || !made)
        return report_failed(s, program, &done);
    *signature = without_returns(s->cx, done.output);
    return true;
}

/* SSH: by files, in a folder that is ours alone. */

/* "ssh-ed25519 AAAA…" and "key::…" are public keys, of which an agent has the other half; all
 * else is a path. */
static str literal_key(str key)
{
    if (str_starts(key, S("key::")))
        return str_skip(key, 5);
    return str_starts(key, S("ssh-")) ? key : S("");
}

static bool default_key(struct signer *s)
{
    str command = setting(s, "gpg.ssh.defaultKeyCommand"), line;
    struct process_result done;
    if (!command.len) {
        report_surroundings(s->cx, NOWHERE, "commits are to be signed, and no key is named");
        hint(s->cx, NOWHERE, "git config user.signingkey names it");
        return false;
    }
    const char *argv[] = { "sh", "-c", str_cstr(s->cx->arena, command), NULL };
    if (!run(s, argv, S(""), &done))
        return false;
    if (done.status != 0 || !str_next_line(&done.output, &line) || !literal_key(line).len)
        return report_failed(s, command, &done);
    s->key = line;
    return true;
}

static bool key_file(struct signer *s, const char *folder, const char **path, bool *in_agent)
{
    git_buf expanded = { 0 };
    if (!s->key.len && !default_key(s))
        return false;
    str literal = literal_key(s->key);
    *in_agent = literal.len;
    if (literal.len) {
        *path = private_file(s->cx, s->cx->scratch, folder, "key",
                             str_concat(s->cx->scratch, literal, S("\n")));
        return *path;
    }
    if (git2.get_path(&expanded, s->config, "user.signingkey") < 0)
        return report_git(s->cx, NOWHERE, "read user.signingkey");
    *path = str_cstr(s->cx->scratch, str_from(expanded.ptr));
    git2.buf_dispose(&expanded);
    return true;
}

static bool sign_ssh(struct signer *s, str program, str *signature)
{
    const char *key = NULL, *commit;
    bool in_agent;
    struct process_result done;
    const char *folder = private_folder(s->cx, s->cx->scratch);
    if (!folder || !key_file(s, folder, &key, &in_agent))
        return false;
    commit = private_file(s->cx, s->cx->scratch, folder, "commit", s->bytes);
    if (!commit)
        return false;
    const char *argv[] = { str_cstr(s->cx->arena, program),
                           "-Y",
                           "sign",
                           "-n",
                           "git",
                           "-f",
                           key,
                           in_agent ? "-U" : commit,
                           in_agent ? commit : NULL,
                           NULL };
    if (!run(s, argv, S(""), &done))
        return false;
    if (done.status != 0)
        return report_failed(s, program, &done);
    struct source *disk = source_disk(s->cx, S(""));
    struct text *text =
        disk ? source_read(s->cx, disk, str_concat(s->cx->arena, str_from(commit), S(".sig")),
                           NOWHERE)
             : NULL;
    if (text)
        *signature = without_returns(s->cx, text->bytes);
    return text;
}

static const struct format formats[] = {
    { S("openpgp"), "gpg.openpgp.program", "gpg", sign_openpgp },
    { S("x509"), "gpg.x509.program", "gpgsm", sign_openpgp },
    { S("ssh"), "gpg.ssh.program", "ssh-keygen", sign_ssh },
};

/* gpg.program is what gpg.openpgp.program was called first. */
static str program_of(struct signer *s, const struct format *f)
{
    str program = setting(s, f->setting);
    if (!program.len && f == &formats[0])
        program = setting(s, "gpg.program");
    return program.len ? program : str_from(f->program);
}

static bool sign(struct signer *s, str *signature)
{
    int wanted = 0;
    *signature = S("");
    if (git2.get_bool(&wanted, s->config, "commit.gpgsign") < 0 || !wanted)
        return true;
    str name = setting(s, "gpg.format");
    s->key = setting(s, "user.signingkey");
    for (size_t i = 0; i < countof(formats); i++) {
        if (str_eq(formats[i].name, name.len ? name : formats[0].name))
            return formats[i].sign(s, program_of(s, &formats[i]), signature);
    }
    return report(s->cx, NOWHERE, "gpg.format is '%.*s', and can be openpgp, x509 or ssh",
                  STR(name));
}

bool signing_make(struct context *cx, struct repository *repository, str bytes, str committer,
                  str *signature)
{
    struct signer s = { .cx = cx, .bytes = bytes, .committer = committer };
    if (!library_open(cx, &signing_library))
        return false;
    if (git2.config(&s.config, repository_handle(repository)) < 0)
        return report_git(cx, NOWHERE, "read Git's configuration");
    struct mark before = arena_mark(cx->scratch);
    bool ok = sign(&s, signature);
    arena_rewind(cx->scratch, before);
    git2.config_free(s.config);
    return ok;
}
