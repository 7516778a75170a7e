/* hoist history: the sets that an environment ran. */
#include "cli/commands.h"
#include "promote/history.h"
#include "promote/hold.h"
#include "render/base/gotime.h"
#include "render/doc/json_write.h"

enum { SETS = 20 };

struct history_flags {
    int64_t limit;
    bool all;
};

static const struct option options[] = {
    { 'n', "limit", "N", "show this many sets (20)", OPTION_NUMBER,
      offsetof(struct history_flags, limit) },
    { 0, "images", NULL, "all images of each set, not only what changed", OPTION_FLAG,
      offsetof(struct history_flags, all) },
    { 0 },
};

static str date_of(struct context *cx, int64_t when, str layout)
{
    struct buf b;
    buf_init(&b, cx->arena, 32);
    gotime_print(&b, (struct gotime){ when, 0, &zone_utc }, layout);
    return buf_take(&b);
}

static str version_of(struct context *cx, const struct image_ref *ref)
{
    if (!ref)
        return S("-");
    if (!ref->digest.len)
        return image_ref_tag(*ref);
    return str_format(cx->arena, "%.*s%s%.*s", STR(ref->tag), ref->tag.len ? "@" : "",
                      STR(str_slice(ref->digest, 0, 19)));
}

static bool is_version(const struct image_ref *a, const struct image_ref *b)
{
    return a && b && str_eq(a->tag, b->tag) && str_eq(a->digest, b->digest);
}

/* As text: what each set changed in the one before it. */

static void print_change(struct context *cx, struct buf *out, str name,
                         const struct image_ref *before, const struct image_ref *after)
{
    buf_format(out, "    %.*s  %.*s -> %.*s\n", STR(name), STR(version_of(cx, before)),
               STR(version_of(cx, after)));
}

static void print_changes(struct context *cx, struct buf *out, const struct past_set *set,
                          const struct past_set *older)
{
    for (uint32_t i = 0; i < set->len; i++) {
        const struct image_ref *before = past_image(older, set->at[i]);
        if (!is_version(before, &set->at[i]))
            print_change(cx, out, set->at[i].name, before, &set->at[i]);
    }
    for (uint32_t i = 0; i < older->len; i++) {
        if (!past_image(set, older->at[i]))
            print_change(cx, out, older->at[i].name, &older->at[i], NULL);
    }
}

static void print_text(struct context *cx, struct call *call, const struct history_set *set,
                       const struct history_set *older)
{
    const struct history_flags *flags = call->options;
    const struct past_set *past = &set->past;
    buf_format(call->out, "%.*s  %.*s  %.*s\n", STR(date_of(cx, past->when, S("2006-01-02 15:04"))),
               STR(str_slice(past->commit, 0, 12)), STR(history_how(cx, set)));
    if (!past->rendered) {
        buf_str(call->out, S("    did not render\n"));
        return;
    }
    if (older && older->past.rendered && !flags->all) {
        print_changes(cx, call->out, past, &older->past);
        return;
    }
    for (uint32_t i = 0; i < past->len; i++)
        buf_format(call->out, "    %.*s  %.*s\n", STR(past->at[i].name),
                   STR(version_of(cx, &past->at[i])));
}

/* As JSON: whole sets. */

static void put(struct context *cx, struct node *map, const char *key, str value)
{
    node_add(cx, map, intern(cx->keys, str_from(key)), node_string(cx, value));
}

static struct node *receipt_node(struct context *cx, const struct history_set *set)
{
    if (!set->recorded)
        return node_null(cx);
    struct node *n = node_map(cx);
    put(cx, n, "from", set->receipt.from);
    put(cx, n, "source", set->receipt.source);
    if (set->receipt.forced.len)
        put(cx, n, "forced", set->receipt.forced);
    return n;
}

static bool print_json(struct context *cx, struct buf *out, const struct history_set *set)
{
    const struct past_set *past = &set->past;
    struct node *n = node_map(cx), *images = node_list(cx);
    put(cx, n, "commit", past->commit);
    put(cx, n, "date", date_of(cx, past->when, GOTIME_RFC3339));
    put(cx, n, "author", past->author);
    put(cx, n, "how", history_how(cx, set));
    node_add(cx, n, intern(cx->keys, S("receipt")), receipt_node(cx, set));
    node_add(cx, n, intern(cx->keys, S("rendered")), node_bool(cx, past->rendered));
    for (uint32_t i = 0; i < past->len; i++) {
        struct node *image = node_map(cx);
        put(cx, image, "name", past->at[i].name);
        put(cx, image, "tag", past->at[i].tag);
        put(cx, image, "digest", past->at[i].digest);
        node_push(cx, images, image);
    }
    node_add(cx, n, KEY(IMAGES), images);
    if (!json_write(cx, out, n, (struct json_style){ .keep_html = true, .keep_order = true }))
        return false;
    buf_char(out, '\n');
    return true;
}

/* A set is printed when the one before it is known. */
static bool print_all(struct context *cx, struct call *call, struct history *h)
{
    const struct history_flags *flags = call->options;
    uint64_t most = (uint64_t)flags->limit;
    struct history_set set, older;
    bool more = history_next(h, &set);
    for (uint64_t n = 0; more && n < most; n++) {
        more = history_next(h, &older);
        if (!more && diag_failed(cx))
            return false;
        if (!call->globals->json)
            print_text(cx, call, &set, more ? &older : NULL);
        else if (!print_json(cx, call->out, &set))
            return false;
        set = older;
    }
    return !diag_failed(cx);
}

static bool run(struct context *cx, struct call *call)
{
    struct history_flags *flags = call->options;
    struct plan_request request = { .from = call->operands.at[0],
                                    .to = call->operands.at[0],
                                    .back = true };
    if (flags->limit <= 0)
        flags->limit = SETS;
    cx->switches.deterministic = true;
    if (!plan_open(cx, &request))
        return false;
    struct history *h = history_begin(cx, &request);
    return h && print_all(cx, call, h);
}

const struct command cmd_history = {
    .name = "history",
    .operands = "ENV",
    .summary = "the sets of images that an environment ran, newest first",
    .about = "Read from the branch that ENV's promotions are for, along first parents: what each\n"
             "commit rendered to, who brought it, and the receipt of the promotion that did.",
    .options = options,
    .options_size = sizeof(struct history_flags),
    .run = run,
};
