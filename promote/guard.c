/* Guards.
 *
 * A hold keeps an image, or the environment, where it is. A hotfix is a version that the
 * target was given and that the source never ran: promoting over it would take it away. What
 * the target has run from the beginning of its history is none, nor is what a receipt has
 * brought, or what the source ran at any time before. */
#include "promote/guard.h"

#include "promote/history.h"
#include "promote/hold.h"

enum { COMMITS_MOST = 5000, SETS_MOST = 200 };

static bool is_named(const struct names *names, str image)
{
    str path, last;
    if (!str_cut_last(image, '/', &path, &last))
        last = image;
    for (uint32_t i = 0; i < names->len; i++) {
        if (str_eq(names->at[i], image) || str_eq(names->at[i], last))
            return true;
    }
    return false;
}

/* The target's own version, where that would be another from now on. */
static const struct image *to_be_replaced(const struct plan *p, const struct candidate *c)
{
    const struct image *now = image_set_find(&p->to->images, c->ref);
    if (!now || is_named(&p->request->only, c->ref.name))
        return NULL;
    bool same = str_eq(now->ref.digest, c->ref.digest) && str_eq(now->ref.tag, c->ref.tag);
    return same ? NULL : now;
}

/* Holds. */

static bool report_held(struct context *cx, const struct hold *hold, str what, str to)
{
    report_refused(cx, hold->pos, "'%.*s' is held where it is%.*s", STR(what),
                   STR(hold_describe(cx, hold)));
    if (hold->image.len)
        hint(cx, NOWHERE,
             "--exclude %.*s leaves it out, --only %.*s promotes it all the same, hoist hold %.*s "
             "%.*s --release ends it",
             STR(hold->image), STR(hold->image), STR(to), STR(hold->image));
    else
        hint(cx, NOWHERE, "hoist hold %.*s --release ends it", STR(to));
    return false;
}

static bool check_holds(struct context *cx, struct plan *p)
{
    struct holds holds;
    str to = p->request->to;
    if (!holds_read(cx, p->project->folder, &holds))
        return false;
    const struct hold *whole = hold_find(&holds, to, S(""), cx->now);
    if (whole)
        return report_held(cx, whole, to, to);
    bool ok = true;
    for (uint32_t i = 0; i < p->candidates.len; i++) {
        const struct candidate *c = &p->candidates.at[i];
        const struct hold *hold = hold_find(&holds, to, c->ref.name, cx->now);
        if (hold && to_be_replaced(p, c))
            ok = report_held(cx, hold, c->ref.name, to);
    }
    return ok;
}

/* Hotfixes. */

struct suspect {
    const struct image *now;
    const struct candidate *candidate;
    bool cleared;
    str commit; /* that gave it to the target, once that is known */
    str subject;
};

struct suspects {
    struct suspect *at;
    uint32_t len;
    uint32_t open;
    bool receipts; /* the target's history holds some */
};

static void clear(struct suspects *all, struct suspect *s)
{
    all->open -= !s->cleared;
    s->cleared = true;
}

static bool is_version(struct image_ref a, struct image_ref b)
{
    return str_eq(a.tag, b.tag) && str_eq(a.digest, b.digest);
}

/* Could they be told apart at all? A tag beside a digest says nothing. */
static bool comparable(struct image_ref a, struct image_ref b)
{
    return (a.tag.len && b.tag.len) || (a.digest.len && b.digest.len);
}

/* The same as far as both say. */
static bool agrees(struct image_ref a, struct image_ref b)
{
    return comparable(a, b) && (!a.digest.len || !b.digest.len || str_eq(a.digest, b.digest))
           && (!a.tag.len || !b.tag.len || str_eq(a.tag, b.tag));
}

static void find_suspects(struct context *cx, const struct plan *p, struct suspects *all)
{
    all->at = NEW_ARRAY(cx->arena, struct suspect, p->candidates.len);
    for (uint32_t i = 0; i < p->candidates.len; i++) {
        const struct candidate *c = &p->candidates.at[i];
        const struct image *now = to_be_replaced(p, c);
        if (now && !agrees(now->ref, c->ref))
            all->at[all->len++] = (struct suspect){ .now = now, .candidate = c };
    }
    all->open = all->len;
}

/* Messages alone, without a render: most versions came by a promotion. */
static bool take_receipts(struct context *cx, const struct plan *p, struct suspects *all)
{
    uint32_t errors = cx->diags.errors;
    struct message_walk *walk = messages_begin(cx, p->request->repository, p->base);
    if (!walk)
        return false;
    str message;
    for (uint32_t n = 0; all->open && n < COMMITS_MOST && messages_next(walk, &message); n++) {
        struct receipt r;
        if (!receipt_find(cx, message, p->request->to, &r))
            continue;
        all->receipts = true;
        for (uint32_t i = 0; i < all->len; i++) {
            struct suspect *s = &all->at[i];
            const struct receipt_image *image = receipt_image(&r, s->now->ref);
            if (image && is_version(image->after, s->now->ref))
                clear(all, s);
        }
    }
    return cx->diags.errors == errors;
}

static struct timeline_request request_of(const struct plan *p, str environment, str tip)
{
    return (struct timeline_request){ .repository = p->request->repository,
                                      .folder = p->request->folder,
                                      .environment = environment,
                                      .rules = p->base,
                                      .tip = tip };
}

/* The commits that gave the target its versions. What it has had from the beginning, as far as
 * this clone knows it, is cleared. */
static bool find_commits(struct context *cx, const struct plan *p, struct suspects *all)
{
    uint32_t errors = cx->diags.errors;
    struct timeline_request r = request_of(p, p->request->to, p->base);
    struct timeline *t = timeline_begin(cx, &r);
    struct past_set set, newer = { 0 };
    uint32_t wanted = all->open;
    for (uint32_t n = 0; t && wanted && n < SETS_MOST && timeline_next(t, &set); n++) {
        for (uint32_t i = 0; n && i < all->len; i++) {
            struct suspect *s = &all->at[i];
            const struct image_ref *then = past_image(&set, s->now->ref);
            if (s->cleared || s->commit.len || !set.rendered
                || (then && is_version(*then, s->now->ref)))
                continue;
            str message = newer.message;
            s->commit = newer.commit;
            str_next_line(&message, &s->subject);
            wanted--;
        }
        newer = set;
    }
    for (uint32_t i = 0; i < all->len; i++) {
        if (!all->at[i].commit.len)
            clear(all, &all->at[i]);
    }
    return t && cx->diags.errors == errors;
}

/* What the source ran at some time is on its way back, and no hotfix. Where its tags and the
 * target's digests cannot be compared, receipts are what tells; without any there, nobody knows
 * better than the one who pinned it. */
static bool ask_source(struct context *cx, const struct plan *p, struct suspects *all)
{
    uint32_t errors = cx->diags.errors;
    struct timeline_request r = request_of(p, p->request->from, p->source);
    struct timeline *t = timeline_begin(cx, &r);
    struct past_set set;
    for (uint32_t n = 0; t && all->open && n < SETS_MOST && timeline_next(t, &set); n++) {
        for (uint32_t i = 0; i < all->len; i++) {
            struct suspect *s = &all->at[i];
            const struct image_ref *ran = past_image(&set, s->now->ref);
            if (ran
                && (agrees(*ran, s->now->ref)
                    || (!all->receipts && !comparable(*ran, s->now->ref))))
                clear(all, s);
        }
    }
    return t && cx->diags.errors == errors;
}

static bool report_hotfix(struct context *cx, const struct plan *p, const struct suspect *s)
{
    str name = s->candidate->ref.name;
    report_refused(cx, s->now->uses[0].image->pos, "'%.*s' runs '%.*s', which '%.*s' never ran",
                   STR(p->request->to), STR(image_ref_print(cx->arena, s->now->ref)),
                   STR(p->request->from));
    note(cx, NOWHERE, "it came with %.*s, '%.*s'", STR(str_slice(s->commit, 0, 12)),
         STR(s->subject));
    hint(cx, NOWHERE, "--only %.*s replaces it, --exclude %.*s leaves it", STR(name), STR(name));
    return false;
}

static bool check_hotfixes(struct context *cx, const struct plan *p)
{
    struct suspects all = { 0 };
    find_suspects(cx, p, &all);
    if ((all.open && !take_receipts(cx, p, &all)) || (all.open && !find_commits(cx, p, &all))
        || (all.open && !ask_source(cx, p, &all)))
        return false;
    bool ok = true;
    for (uint32_t i = 0; i < all.len; i++) {
        if (!all.at[i].cleared)
            ok = report_hotfix(cx, p, &all.at[i]);
    }
    return ok;
}

bool guards_pass(struct context *cx, struct plan *p)
{
    if (p->request->force.len)
        return true;
    return check_holds(cx, p) && (p->request->back || check_hotfixes(cx, p));
}
