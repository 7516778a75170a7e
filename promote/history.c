/* History. A receipt counts when it stands in the commit that brought the set, or in one that
 * came with it by a merge, and names the versions that the environment then ran: a message
 * that was copied or edited records nothing. */
#include "promote/history.h"

struct history {
    struct context *cx;
    const struct plan_request *request;
    struct timeline *timeline;
};

static bool is_true(const struct receipt *receipt, const struct past_set *set)
{
    for (uint32_t i = 0; i < receipt->len; i++) {
        struct image_ref after = receipt->at[i].after;
        const struct image_ref *ran = past_image(set, after);
        if (!ran || !str_eq(ran->tag, after.tag) || !str_eq(ran->digest, after.digest))
            return false;
    }
    return receipt->len > 0;
}

static bool find_receipt(struct context *cx, const struct timeline_request *r,
                         struct history_set *set)
{
    struct messages messages;
    if (!timeline_messages(cx, r->repository, set->past.commit, &messages))
        return false;
    for (uint32_t i = 0; !set->recorded && set->past.rendered && i < messages.len; i++)
        set->recorded = receipt_find(cx, messages.at[i], r->environment, &set->receipt)
                        && is_true(&set->receipt, &set->past);
    return true;
}

static struct timeline_request request_of(const struct plan *p)
{
    return (struct timeline_request){ .repository = p->request->repository,
                                      .folder = p->request->folder,
                                      .environment = p->request->to,
                                      .rules = p->base,
                                      .tip = p->base };
}

struct history *history_begin(struct context *cx, const struct plan_request *request)
{
    struct plan place;
    struct history *h = NEW(cx->arena, struct history);
    *h = (struct history){ cx, request, NULL };
    if (!plan_place(cx, request, &place))
        return NULL;
    struct timeline_request r = request_of(&place);
    h->timeline = timeline_begin(cx, &r);
    return h->timeline ? h : NULL;
}

bool history_next(struct history *h, struct history_set *out)
{
    struct timeline_request r = { .repository = h->request->repository,
                                  .environment = h->request->to };
    *out = (struct history_set){ 0 };
    return timeline_next(h->timeline, &out->past) && find_receipt(h->cx, &r, out);
}

bool history_at(struct context *cx, const struct timeline_request *request, struct history_set *out)
{
    struct timeline *t = timeline_begin(cx, request);
    *out = (struct history_set){ 0 };
    return t && timeline_next(t, &out->past) && find_receipt(cx, request, out);
}

bool history_before(struct context *cx, const struct timeline_request *request,
                    struct history_set *out)
{
    uint32_t errors = cx->diags.errors;
    struct timeline *t = timeline_begin(cx, request);
    *out = (struct history_set){ 0 };
    if (!t || !timeline_next(t, &out->past))
        return false;
    enum timeline_before why = out->past.before;
    while (timeline_next(t, &out->past)) {
        if (out->past.rendered)
            return find_receipt(cx, request, out);
        why = out->past.before;
    }
    if (cx->diags.errors != errors)
        return false;
    report_refused(cx, NOWHERE, "'%.*s' has run no other set before", STR(request->environment));
    if (why == BEFORE_SHALLOW)
        hint(cx, NOWHERE, "git fetch --unshallow brings what was before");
    return false;
}

str history_how(struct context *cx, const struct history_set *set)
{
    const struct receipt *r = &set->receipt;
    str subject, message = set->past.message;
    if (!set->recorded)
        return str_next_line(&message, &subject) ? subject : S("");
    str at = str_slice(r->source, 0, 12);
    str how = receipt_is_back(r)
                  ? str_format(cx->arena, "rolled back to %.*s", STR(at))
                  : str_format(cx->arena, "promoted from %.*s at %.*s", STR(r->from), STR(at));
    if (r->forced.len)
        how = str_format(cx->arena, "%.*s, unchecked: %.*s", STR(how), STR(r->forced));
    return how;
}
