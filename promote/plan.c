/* The plan, step by step: images are chosen, checked and promised, pins edited, and what the target
 * then renders to is compared with what it may. */
#include "promote/plan_parts.h"

#include "promote/guard.h"
#include "promote/policy.h"
#include "promote/registries.h"
#include "render/base/glob.h"

/* Choosing. */

static void add_name(struct context *cx, struct str_list *list, str name)
{
    if (list->len && str_eq(list->at[list->len - 1], name))
        return;
    ARENA_PUSH(cx->arena, list->at, list->len, list->cap);
    list->at[list->len++] = name;
}

/* A name as the command line has it: whole, its last part, or a pattern. */
static bool is_named(const struct names *names, str image)
{
    str path, last;
    if (!str_cut_last(image, '/', &path, &last))
        last = image;
    for (uint32_t i = 0; i < names->len; i++) {
        str name = names->at[i];
        if (str_eq(name, image) || str_eq(name, last) || glob_match(name, image) == GLOB_YES
            || glob_match(name, last) == GLOB_YES)
            return true;
    }
    return false;
}

static bool matches_patterns(const struct node *patterns, str image)
{
    for (uint32_t i = 0; patterns && i < patterns->len; i++) {
        if (glob_match(patterns->items[i]->text, image) == GLOB_YES)
            return true;
    }
    return !patterns;
}

static bool is_wanted(const struct plan *p, str image)
{
    return matches_patterns(p->row->images, image)
           && (!p->request->only.len || is_named(&p->request->only, image))
           && !is_named(&p->request->exclude, image);
}

/* A word of --only or --exclude that names nothing was meant to do something. */
static bool check_names(struct context *cx, const struct plan *p, const struct names *names,
                        const char *option)
{
    bool ok = true;
    for (uint32_t i = 0; i < names->len; i++) {
        bool found = false;
        struct names one = { &names->at[i], 1 };
        for (uint32_t k = 0; k < p->from->images.len; k++)
            found |= is_named(&one, p->from->images.at[k].ref.name);
        if (!found)
            ok = report(cx, NOWHERE, "%s: '%.*s' runs no image '%.*s'", option, STR(p->from->name),
                        STR(names->at[i]));
    }
    return ok;
}

static bool add_candidate(struct context *cx, struct plan *p, const struct image *image)
{
    const struct image *second = p->to ? image_set_next(&p->from->images, image) : NULL;
    if (second) {
        report_refused(cx, image->uses[0].image->pos,
                       "'%.*s' runs two versions of '%.*s', so none can be promoted",
                       STR(p->from->name), STR(image->ref.name));
        note(cx, second->uses[0].image->pos, "the other one stands here");
        return false;
    }
    ARENA_PUSH(cx->arena, p->candidates.at, p->candidates.len, p->candidates.cap);
    p->candidates.at[p->candidates.len++] =
        (struct candidate){ .ref = image->ref, .pos = image->uses[0].image->pos };
    p->candidates.at[p->candidates.len - 1].digest = image->ref.digest;
    return true;
}

bool plan_choose(struct context *cx, struct plan *p)
{
    bool ok = check_names(cx, p, &p->request->only, "--only")
              && check_names(cx, p, &p->request->exclude, "--exclude");
    const struct image_set *set = &p->from->images;
    for (uint32_t i = 0; i < set->len; i++) {
        const struct image *image = &set->at[i];
        if (p->to && i && image_ref_same_name(image->ref, set->at[i - 1].ref))
            continue;
        if (p->to && !image_set_find(&p->to->images, image->ref))
            add_name(cx, &p->only_source, image->ref.name);
        else if (!is_wanted(p, image->ref.name))
            add_name(cx, &p->left_out, image->ref.name);
        else
            ok = add_candidate(cx, p, image) && ok;
    }
    for (uint32_t i = 0; p->to && i < p->to->images.len; i++) {
        if (!image_set_find(set, p->to->images.at[i].ref))
            add_name(cx, &p->only_target, p->to->images.at[i].ref.name);
    }
    return ok;
}

/* Promising. */

/* By digest alone where that is asked for, else what the source says. */
static bool promise(struct context *cx, struct plan *p, const struct candidate *c)
{
    const struct image *old = image_set_find(&p->to->images, c->ref);
    struct promise promise = { .source = c->ref, .before = old->ref, .candidate = c };
    promise.after = old->ref;
    promise.after.tag = c->ref.tag;
    promise.after.digest = c->ref.digest;
    bool as_it_was = p->request->back && c->ref.digest.len;
    if (p->row->digest && !as_it_was) {
        if (!c->digest.len) {
            report_refused(cx, c->pos, "the digest of '%.*s' is not known", STR(c->ref.name));
            hint(cx, p->row->pos, "'require.registry' says who is asked for it");
            return false;
        }
        promise.after.tag = S("");
        promise.after.digest = c->digest;
    }
    if (!pin_settle(cx, p->to, old, c->ref.tag, &promise.after))
        return false;
    for (const struct image *i = old; i; i = image_set_next(&p->to->images, i))
        promise.changes |=
            !str_eq(i->ref.tag, promise.after.tag) || !str_eq(i->ref.digest, promise.after.digest);
    ARENA_PUSH(cx->arena, p->at, p->len, p->cap);
    p->at[p->len++] = promise;
    return true;
}

static bool promise_all(struct context *cx, struct plan *p)
{
    bool ok = true;
    for (uint32_t i = 0; i < p->candidates.len; i++)
        ok = promise(cx, p, &p->candidates.at[i]) && ok;
    return ok;
}

/* Editing. */

static bool edit(struct context *cx, struct plan *p, struct pins *pins)
{
    *pins = (struct pins){ .env = p->to, .others = &p->others };
    for (uint32_t i = 0; i < p->len; i++) {
        pins->remark = p->at[i].source.tag;
        if (p->at[i].changes && !pins_add(cx, pins, p->at[i].after))
            return false;
    }
    if (!pins_finish(cx, pins))
        return false;
    p->changes = NEW_ARRAY(cx->arena, struct tree_change, pins->len);
    p->change_count = pins->len;
    for (uint32_t i = 0; i < pins->len; i++)
        p->changes[i] = (struct tree_change){ str_trim_prefix(pins->files[i].real, S("/")),
                                              pins->files[i].bytes };
    return true;
}

static struct environment *render_edited(struct context *cx, struct plan *p,
                                         const struct environment_row *row, struct source *original)
{
    struct source *edited = source_edited(cx, original);
    for (uint32_t i = 0; i < p->change_count; i++) {
        if (!source_edit(cx, edited, p->changes[i].path, p->changes[i].bytes, NOWHERE))
            return NULL;
    }
    struct folder *folder = source_folder(cx, edited, p->request->folder, NOWHERE);
    return folder ? environment_render(cx, folder, row) : NULL;
}

/* Comparing. */

static const struct promise *promise_of(const struct plan *p, struct image_ref name)
{
    for (uint32_t i = 0; i < p->len; i++) {
        if (image_ref_same_name(p->at[i].after, name))
            return &p->at[i];
    }
    return NULL;
}

struct keeper {
    struct context *cx;
    const struct plan *plan;
};

static bool keep_promise(void *who, const struct node *container)
{
    struct keeper *k = who;
    struct entry *e = node_entry(container, KEY(IMAGE));
    struct image_ref ref;
    if (!e || !node_is_scalar(e->value) || !image_ref_try(k->cx, e->value->text, &ref))
        return true;
    const struct promise *promise = promise_of(k->plan, ref);
    if (!promise || !promise->changes)
        return true;
    struct image_ref after = promise->after;
    after.name = ref.name;
    e->value = node_string(k->cx, image_ref_print(k->cx->arena, after));
    return true;
}

/* What the target must look like: as before, with the promised images. */
static struct environment *expected(struct context *cx, const struct plan *p)
{
    struct environment *e = NEW(cx->arena, struct environment);
    *e = *p->to;
    e->documents = (struct documents){ 0 };
    struct keeper keeper = { cx, p };
    for (uint32_t i = 0; i < p->to->documents.len; i++) {
        struct node *copy = node_copy(cx, p->to->documents.at[i]);
        containers_each(copy, keep_promise, &keeper);
        ARENA_PUSH(cx->arena, e->documents.at, e->documents.len, e->documents.cap);
        e->documents.at[e->documents.len++] = copy;
    }
    return e;
}

/* The first differences, so that one sees why. */
static bool report_difference(struct context *cx, const struct environment *want,
                              const struct environment *got, const char *what)
{
    report_refused(cx, NOWHERE, "%s '%.*s' would change in more than the promised images", what,
                   STR(got->name));
    const struct diff *d =
        diff_documents(cx, &want->documents, &got->documents, (struct diff_options){ .all = true });
    for (uint32_t i = 0; i < d->len && i < 3; i++) {
        const struct diff_document *doc = d->at[i];
        str path = doc->changes.len ? doc->changes.at[0].path : S("the document itself");
        note(cx, NOWHERE, "%.*s %.*s: %.*s", STR(doc->id.gvk.kind), STR(doc->id.name), STR(path));
    }
    return false;
}

static bool compare_target(struct context *cx, struct plan *p)
{
    const struct environment_row *row = project_find(p->project, p->request->to);
    p->after = render_edited(cx, p, row, p->to->sources[0]);
    if (!p->after)
        return false;
    const struct environment *want = expected(cx, p);
    return environment_same(want, p->after)
           || report_difference(cx, want, p->after, "the environment");
}

static bool is_reached(struct context *cx, const struct plan *p, const struct environment *env)
{
    for (uint32_t i = 0; i < p->change_count; i++) {
        if (environment_reads(env, str_concat(cx->arena, S("/"), p->changes[i].path)))
            return true;
    }
    return false;
}

/* Who has read none of the edited files cannot have changed. */
static bool compare_others(struct context *cx, struct plan *p)
{
    for (uint32_t i = 0; i < p->others.len; i++) {
        struct environment *env = p->others.at[i];
        if (!is_reached(cx, p, env))
            continue;
        struct environment *after =
            render_edited(cx, p, project_find(p->project, env->name), env->sources[0]);
        if (!after)
            return false;
        if (!environment_same(env, after))
            return report_difference(cx, env, after, "the other environment");
    }
    return true;
}

static bool any_change(const struct plan *p)
{
    for (uint32_t i = 0; i < p->len; i++) {
        if (p->at[i].changes)
            return true;
    }
    return false;
}

/* What the target would then hold. A policy that it breaks refuses the promotion. */
static bool obey_policies(struct context *cx, struct plan *p)
{
    struct policies policies;
    struct findings findings;
    if (!policies_read(cx, p->project, &policies))
        return false;
    policies_run(cx, &policies, p->after, &findings);
    if (findings.errors)
        p->checked = CHECK_FAILED;
    return true;
}

static struct registry *registry_again(struct context *cx, const struct plan *p)
{
    const struct node *how = NULL;
    for (uint32_t i = 0; i < p->row->check_count; i++) {
        if (str_eq(p->row->checks[i].name, S("registry")))
            how = p->row->checks[i].how;
    }
    return registry_open(cx, p->project, how);
}

/* A promotion by tag promises a name, and what was checked is what it stood for then: the
 * registry is asked once more, by somebody who remembers nothing. */
static bool tags_hold(struct context *cx, const struct plan *p)
{
    struct registry *registry = NULL;
    bool ok = true;
    for (uint32_t i = 0; i < p->len; i++) {
        const struct candidate *c = p->at[i].candidate;
        struct descriptor now;
        if (!p->at[i].changes || p->at[i].after.digest.len || !c->manifest.digest.len)
            continue;
        if (!registry && !(registry = registry_again(cx, p)))
            return false;
        if (!registry_resolve(cx, registry, c->ref, c->pos, &now))
            ok = false;
        else if (!str_eq(now.digest, c->manifest.digest))
            ok = report_refused(cx, c->pos, "the tag of '%.*s' has moved since it was checked",
                                STR(image_ref_print(cx->arena, c->ref)));
    }
    return ok;
}

bool plan_make(struct context *cx, const struct plan_request *request, struct plan *out)
{
    *out = (struct plan){ .request = request };
    if (!plan_read_project(cx, out) || !plan_render_source(cx, out))
        return false;
    out->to =
        plan_render(cx, out, project_find(out->project, request->to), out->base, out->base_name);
    if (!out->to || !plan_choose(cx, out) || !guards_pass(cx, out))
        return false;
    out->checked = checks_run(cx, out->project, out->row, &out->scene, &out->candidates);
    if (out->checked != CHECK_PASSED)
        return true;
    if (!promise_all(cx, out))
        return false;
    if (!any_change(out))
        return true;
    struct pins pins;
    if (!plan_render_others(cx, out) || !edit(cx, out, &pins) || !compare_target(cx, out)
        || !compare_others(cx, out))
        return false;
    if (!obey_policies(cx, out) || !tags_hold(cx, out))
        return false;
    out->diff =
        diff_documents(cx, &out->to->documents, &out->after->documents, (struct diff_options){ 0 });
    return true;
}
