/* The table of checks. */
#include "promote/check.h"

#include "promote/receipt.h"
#include "promote/registries.h"
#include "render/base/suggest.h"

static const struct check checks[] = {
    { S("registry"), false, check_registry },
    { S("signatures"), false, check_signatures },
    { S("attestations"), false, check_attestations },
    { S("argocd"), true, check_argocd },
    { S("soak"), true, check_soak },
    { S("command"), false, check_command },
};

static const char *const state_names[] = {
    [CHECK_UNCHECKED] = "unchecked",
    [CHECK_PASSED] = "passed",
    [CHECK_FAILED] = "failed",
};

const char *check_state_name(enum check_state state)
{
    return state_names[state];
}

static const struct check *find(str name)
{
    for (size_t i = 0; i < countof(checks); i++) {
        if (str_eq(checks[i].name, name))
            return &checks[i];
    }
    return NULL;
}

bool check_known(struct context *cx, str name)
{
    str names[countof(checks)];
    for (size_t i = 0; i < countof(checks); i++)
        names[i] = checks[i].name;
    if (find(name))
        return true;
    report(cx, NOWHERE, "there is no check '%.*s'", STR(name));
    ptrdiff_t near = suggest(name, names, countof(names));
    if (near >= 0)
        hint(cx, NOWHERE, "did you mean '%.*s'?", STR(names[near]));
    else
        hint(cx, NOWHERE, "there are: %.*s",
             STR(str_join(cx->arena, names, countof(names), S(", "))));
    return false;
}

void check_pass(struct check_result *result, str evidence)
{
    result->state = CHECK_PASSED;
    result->evidence = evidence;
}

const struct requirement *requirement_find(const struct promotion_row *row, str name)
{
    for (uint32_t i = 0; i < row->check_count; i++) {
        if (str_eq(row->checks[i].name, name))
            return &row->checks[i];
    }
    return NULL;
}

static struct diag *first_since(struct context *cx, const struct diag *last)
{
    return last ? last->next : cx->diags.first;
}

void check_fail(struct context *cx, struct check_result *result, const struct diag *last)
{
    result->state = CHECK_UNCHECKED;
    result->evidence = S("could not be checked");
    bool said = false;
    for (const struct diag *d = first_since(cx, last); d; d = d->next) {
        if (d->kind != DIAG_ERROR)
            continue;
        if (!said)
            result->evidence = d->message;
        said = true;
        if (d->class_ == DIAG_SURROUNDINGS) {
            result->state = CHECK_UNCHECKED;
            result->evidence = d->message;
            return;
        }
        result->state = CHECK_FAILED;
    }
}

bool candidate_resolve(struct context *cx, struct checking *c, struct candidate *image)
{
    if (image->manifest.digest.len)
        return true;
    struct image_ref ref = image->ref;
    ref.digest = image->digest;
    if (!registry_resolve(cx, c->registry, ref, image->pos, &image->manifest)) {
        image->manifest = (struct descriptor){ 0 };
        return false;
    }
    image->digest = image->manifest.digest;
    return true;
}

/* A rule that is wrong where it stands (a key that is no file) says nothing of any image. */
static bool is_of_rules(const struct diag *d, const struct promotion_row *row)
{
    return d->kind == DIAG_ERROR && d->class_ == DIAG_INPUT && row->pos.text
           && d->pos.text == row->pos.text;
}

/* What is wrong with an image refuses its promotion, whatever class the report had. */
static void as_refusals(struct context *cx, const struct checking *c, uint32_t at,
                        const struct diag *last)
{
    bool failed = false;
    for (uint32_t i = 0; i < c->images->len; i++)
        failed |= c->images->at[i].results[at].state == CHECK_FAILED;
    for (struct diag *d = first_since(cx, last); failed && d; d = d->next) {
        if (d->kind == DIAG_ERROR && d->class_ == DIAG_INPUT)
            d->class_ = DIAG_REFUSED;
    }
}

/* What fails for all images, which a wrong rule does not. */
static void fail_once(struct context *cx, const struct checking *c, struct check_result *result,
                      const struct diag *last)
{
    check_fail(cx, result, last);
    for (const struct diag *d = first_since(cx, last); d; d = d->next) {
        if (is_of_rules(d, c->row))
            result->state = CHECK_UNCHECKED;
    }
}

/* A registry that is down is the reason of many images, and said once. */
static void say_once(struct context *cx, struct diag *last)
{
    struct mark before = arena_mark(cx->scratch);
    struct map said = { .arena = cx->scratch };
    struct diag **slot = last ? &last->next : &cx->diags.first;
    bool dropping = false;
    for (struct diag *d; (d = *slot);) {
        bool head = d->kind == DIAG_ERROR || d->kind == DIAG_WARNING;
        if (head)
            dropping = d->kind == DIAG_ERROR && d->class_ == DIAG_SURROUNDINGS
                       && map_put(&said, d->message, d);
        if (dropping) {
            *slot = d->next;
            continue;
        }
        last = d;
        slot = &d->next;
    }
    cx->diags.last = last;
    arena_rewind(cx->scratch, before);
}

void check_all(const struct checking *c, uint32_t at, struct check_result result)
{
    for (uint32_t i = 0; i < c->images->len; i++)
        c->images->at[i].results[at] = result;
}

void check_fail_all(struct context *cx, const struct checking *c, uint32_t at,
                    const struct diag *last)
{
    struct check_result result = { 0 };
    fail_once(cx, c, &result, last);
    check_all(c, at, result);
}

void check_fail_rule(struct context *cx, const struct checking *c, uint32_t at,
                     const struct diag *last)
{
    struct check_result result = { 0 };
    check_fail(cx, &result, last);
    result.state = CHECK_UNCHECKED;
    check_all(c, at, result);
    for (struct diag *d = first_since(cx, last); d; d = d->next) {
        if (d->kind == DIAG_ERROR && d->class_ == DIAG_REFUSED)
            d->class_ = DIAG_INPUT;
    }
}

bool checking_open(struct context *cx, struct checking *c, uint32_t at)
{
    if (!c->registry && !c->no_registry) {
        const struct diag *last = cx->diags.last;
        const struct requirement *r = requirement_find(c->row, S("registry"));
        c->registry = registry_open(cx, c->project, r ? r->how : NULL);
        if (!c->registry) {
            c->no_registry = NEW(cx->arena, struct check_result);
            fail_once(cx, c, c->no_registry, last);
        }
    }
    if (c->no_registry)
        check_all(c, at, *c->no_registry);
    return c->registry;
}

static enum check_state outcome_of(const struct promotion_row *row, const struct candidates *images)
{
    enum check_state all = CHECK_PASSED;
    for (uint32_t i = 0; i < images->len; i++) {
        for (uint32_t k = 0; k < row->check_count; k++) {
            enum check_state one = images->at[i].results[k].state;
            if (one == CHECK_FAILED)
                return CHECK_FAILED;
            if (one == CHECK_UNCHECKED)
                all = CHECK_UNCHECKED;
        }
    }
    return all;
}

/* The source does not run the set any more: what it showed then stands in the receipt. */
static void take_recorded(struct context *cx, const struct checking *c, const struct requirement *r,
                          uint32_t at)
{
    for (uint32_t i = 0; i < c->images->len; i++) {
        struct candidate *image = &c->images->at[i];
        const struct receipt *receipt = c->scene->recorded;
        const struct receipt_image *then = receipt ? receipt_image(receipt, image->ref) : NULL;
        const struct node *found = then ? node_get_text(cx, then->checks, r->name) : NULL;
        const struct diag *last = cx->diags.last;
        if (node_is(found, NODE_STRING) && found->text.len && !receipt->forced.len) {
            check_pass(&image->results[at],
                       str_concat(cx->arena, S("as recorded: "),
                                  str_trim_prefix(found->text, S("as recorded: "))));
            continue;
        }
        report_refused(cx, r->pos, "no receipt says that '%.*s' passed the check '%.*s'",
                       STR(image->ref.name), STR(r->name));
        if (i == 0)
            hint(cx, NOWHERE, "--force REASON goes back without the checks");
        check_fail(cx, &image->results[at], last);
    }
}

enum check_state checks_run(struct context *cx, const struct project *p,
                            const struct promotion_row *row, const struct check_scene *scene,
                            struct candidates *images)
{
    struct checking c = { .scene = scene, .project = p, .row = row, .images = images };
    struct diag *last = cx->diags.last;
    for (uint32_t i = 0; i < images->len; i++)
        images->at[i].results = NEW_ARRAY(cx->arena, struct check_result, row->check_count);
    for (uint32_t i = 0; i < row->check_count; i++) {
        const struct requirement *r = &row->checks[i];
        const struct check *check = find(r->name);
        const struct diag *before = cx->diags.last;
        if (check && check->of_source && scene->back) {
            take_recorded(cx, &c, r, i);
        } else if (check) {
            check->run(cx, &c, r, i);
        } else {
            report_refused(cx, r->pos, "the check '%.*s' cannot be made by this version",
                           STR(r->name));
            check_all(&c, i, (struct check_result){ CHECK_FAILED, S("cannot be made"), NULL });
        }
        as_refusals(cx, &c, i, before);
    }
    say_once(cx, last);
    return outcome_of(row, images);
}
