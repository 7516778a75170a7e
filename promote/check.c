/* The table of checks. */
#include "promote/check.h"

static const struct check checks[] = {
    { S("registry"), check_registry },
};

static const struct check *find(str name)
{
    for (size_t i = 0; i < countof(checks); i++) {
        if (str_eq(checks[i].name, name))
            return &checks[i];
    }
    return NULL;
}

/* What is wrong with an image refuses its promotion, whatever class the report had. */
static void as_refusals(struct context *cx, struct diag *last)
{
    struct diag *d = last ? last->next : cx->diags.first;
    for (; d; d = d->next) {
        if (d->kind == DIAG_ERROR && d->class_ == DIAG_INPUT)
            d->class_ = DIAG_REFUSED;
    }
}

bool checks_run(struct context *cx, const struct project *p, const struct promotion_row *row,
                struct candidates *images)
{
    bool ok = true;
    for (uint32_t i = 0; i < images->len; i++)
        images->at[i].results = NEW_ARRAY(cx->arena, struct check_result, row->check_count);
    struct diag *last = cx->diags.last;
    for (uint32_t i = 0; i < row->check_count; i++) {
        const struct requirement *r = &row->checks[i];
        const struct check *check = find(r->name);
        if (check)
            ok = check->run(cx, p, r, images, i) && ok;
        else
            ok = report_refused(cx, r->pos, "the check '%.*s' cannot be made by this version",
                                STR(r->name));
    }
    as_refusals(cx, last);
    return ok;
}
