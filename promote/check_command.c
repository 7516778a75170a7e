/* A program of the project's own, run for each image; its exit status decides.
 *
 *     command: scripts/check-image.sh
 *     command: [scripts/check-image.sh, --strict]
 *     command: {run: [scripts/check-image.sh], timeout: 30s}
 *
 * 0 passes and 1 fails the image; 3, as hoist's own status, a signal, and a program that
 * cannot be started or takes too long say that nothing was found out. The first line that it
 * prints is the evidence. It is given the image as its last argument, and HOIST_IMAGE,
 * HOIST_TAG, HOIST_DIGEST, HOIST_FROM and HOIST_TO. */
#include <stdlib.h>
#include <unistd.h>

#include "promote/check.h"
#include "render/base/buf.h"
#include "render/base/gotime.h"
#include "render/base/process.h"

enum { STATUS_UNCHECKED = 3, STATUS_NOT_STARTED = 126, EVIDENCE_MOST = 160, SECRET_LEAST = 6 };

#define TIMEOUT_NS  60000000000u
#define OUTPUT_MOST ((size_t)1 << 20)

struct command {
    const struct node *words; /* a list, or one scalar */
    uint64_t timeout_ns;
    const char *folder;
    struct pos pos;
};

static bool read_words(struct context *cx, const struct node *n)
{
    if (node_is_scalar(n))
        return n->text.len || report(cx, n->pos, "'command' names no program");
    if (n->kind != NODE_LIST || !n->len)
        return report(cx, n->pos, "'command' must be a program and its arguments, not %s",
                      node_kind_name(n));
    for (uint32_t i = 0; i < n->len; i++) {
        if (!node_is_scalar(n->items[i]))
            return report(cx, n->items[i]->pos, "an argument must be a text, not %s",
                          node_kind_name(n->items[i]));
    }
    return true;
}

static bool read_timeout(struct context *cx, const struct node *n, uint64_t *out)
{
    int64_t ns;
    str error;
    *out = TIMEOUT_NS;
    if (!n)
        return true;
    if (!node_is_scalar(n) || !duration_parse(cx->scratch, n->text, &ns, &error) || ns <= 0)
        return report(cx, n->pos, "'timeout' must be a duration such as 30s");
    *out = (uint64_t)ns;
    return true;
}

static bool read_command(struct context *cx, const struct checking *c, const struct requirement *r,
                         struct command *out)
{
    static const str keys[] = { S("run"), S("timeout") };
    const struct node *how = r->how;
    *out = (struct command){ .words = how, .timeout_ns = TIMEOUT_NS, .pos = r->pos };
    if (how->kind == NODE_MAP) {
        if (!project_check_keys(cx, how, keys, countof(keys), "'command'")
            || !read_timeout(cx, node_get_text(cx, how, S("timeout")), &out->timeout_ns))
            return false;
        out->words = node_get_text(cx, how, S("run"));
        if (!out->words)
            return report(cx, how->pos, "'run' is missing");
    }
    const struct check_scene *scene = c->scene;
    str top = scene->repository ? repository_worktree(scene->repository) : S("");
    if (top.len)
        out->folder = str_cstr(cx->arena, source_join(cx->arena, top, scene->folder));
    return read_words(cx, out->words);
}

static const char **arguments_of(struct context *cx, const struct command *command, str image)
{
    const struct node *n = command->words;
    uint32_t len = n->kind == NODE_LIST ? n->len : 1;
    const char **argv = NEW_ARRAY(cx->arena, const char *, len + 2);
    for (uint32_t i = 0; i < len; i++)
        argv[i] = str_cstr(cx->arena, n->kind == NODE_LIST ? n->items[i]->text : n->text);
    argv[len] = str_cstr(cx->arena, image);
    return argv;
}

static const char **environment_of(struct context *cx, const struct checking *c,
                                   const struct candidate *image)
{
    struct arena *a = cx->arena;
    const str more[] = { str_concat(a, S("HOIST_IMAGE="), image->ref.name),
                         str_concat(a, S("HOIST_TAG="), image->ref.tag),
                         str_concat(a, S("HOIST_DIGEST="), image->digest),
                         str_concat(a, S("HOIST_FROM="), c->row->from),
                         str_concat(a, S("HOIST_TO="), c->row->to) };
    return process_environment(cx, more, countof(more));
}

static bool is_secret_name(str name)
{
    static const str ends[] = { S("TOKEN"),  S("PASSWORD"), S("PASSWD"),
                                S("SECRET"), S("KEY"),      S("CREDENTIALS") };
    for (size_t i = 0; i < countof(ends); i++) {
        if (str_ends(name, ends[i]))
            return true;
    }
    return false;
}

/* Evidence ends up in a commit for all to read: what the environment calls a secret is cut
 * out of it, should the program have printed it. */
static str without_secrets(struct context *cx, str evidence)
{
    for (char **e = environ; *e; e++) {
        str name, value;
        if (str_cut(str_from(*e), '=', &name, &value) && value.len >= SECRET_LEAST
            && is_secret_name(name))
            evidence = str_replace_all(cx->arena, evidence, value, S("***"));
    }
    return evidence;
}

/* The first line that says something, as plain text of a bounded length. */
static str first_line(struct context *cx, str printed)
{
    str line = S("");
    while (!line.len && str_next_line(&printed, &line))
        line = str_trim(line);
    struct buf b;
    buf_init(&b, cx->arena, EVIDENCE_MOST + 4);
    line = without_secrets(cx, line);
    for (size_t at = 0, n = 0; at < line.len && n < EVIDENCE_MOST; n++) {
        uint32_t rune = utf8_next(line, &at);
        buf_rune(&b, rune < ' ' || rune == 127 ? ' ' : rune);
    }
    return buf_take(&b);
}

static bool judge(struct context *cx, const struct command *command, const struct candidate *image,
                  const struct process_result *done, str *evidence)
{
    str line = first_line(cx, done->output);
    if (!line.len && done->status)
        line = first_line(cx, done->errors);
    *evidence = line.len ? line : S("exit status 0");
    if (done->status == 0)
        return true;
    enum diag_class class_ = done->status == STATUS_UNCHECKED || done->status >= STATUS_NOT_STARTED
                                 ? DIAG_SURROUNDINGS
                                 : DIAG_REFUSED;
    report_class(cx, class_, command->pos, "'command' %s '%.*s': exit status %d%s%.*s",
                 class_ == DIAG_REFUSED ? "refuses" : "could not check", STR(image->ref.name),
                 done->status, line.len ? ": " : "", STR(line));
    return false;
}

static bool check_image(struct context *cx, const struct checking *c, const struct command *command,
                        const struct candidate *image, str *evidence)
{
    struct image_ref ref = image->ref;
    ref.digest = image->digest;
    struct process p = { .argv = arguments_of(cx, command, image_ref_print(cx->arena, ref)),
                         .env = environment_of(cx, c, image),
                         .folder = command->folder,
                         .timeout_ns = command->timeout_ns,
                         .most_output = OUTPUT_MOST,
                         .pos = command->pos };
    struct process_result done;
    return process_run(cx, &p, &done) && judge(cx, command, image, &done, evidence);
}

void check_command(struct context *cx, struct checking *c, const struct requirement *r, uint32_t at)
{
    struct command command;
    const struct diag *last = cx->diags.last;
    if (!read_command(cx, c, r, &command)) {
        check_fail_all(cx, c, at, last);
        return;
    }
    for (uint32_t i = 0; i < c->images->len; i++) {
        struct check_result *result = &c->images->at[i].results[at];
        str evidence;
        last = cx->diags.last;
        if (check_image(cx, c, &command, &c->images->at[i], &evidence))
            check_pass(result, evidence);
        else
            check_fail(cx, result, last);
    }
}
