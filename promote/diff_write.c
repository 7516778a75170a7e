/* The formats as a table, and several environments in each of them. */
#include "promote/diff.h"

struct format {
    const char *name;
    diff_writer *one; /* an environment after the other, */
    const char *head; /* each below its name; NULL for none */
    bool (*set)(struct context *cx, struct buf *out, const struct diff_set *set,
                struct diff_style style);
};

static const struct format formats[] = {
    { "tree", diff_write_tree, "%s# %.*s\n", NULL },
    { "side", diff_write_side, "%s# %.*s\n", NULL },
    { "unified", diff_write_unified, NULL, NULL },
    { "json", diff_write_json, NULL, diff_write_json_set },
    { "markdown", diff_write_markdown, "%s### %.*s\n\n", NULL },
    { "html", NULL, NULL, diff_write_html },
};

static bool section(struct context *cx, struct buf *out, const struct format *f,
                    const struct diff_section *s, struct diff_style style)
{
    size_t before = out->len;
    if (f->head && s->name.len)
        buf_format(out, f->head, before ? "\n" : "", STR(s->name));
    style.from_name = s->from_name;
    style.to_name = s->to_name;
    style.folder = s->name.len ? str_concat(cx->arena, s->name, S("/")) : S("");
    /* A budget is for all of it: a byte at the least, so that it never means "any". */
    if (style.budget)
        style.budget = style.budget > out->len + 1 ? style.budget - out->len : 1;
    return f->one(cx, out, s->diff, style);
}

bool diff_write(struct context *cx, struct buf *out, const struct diff_set *set, str format,
                struct diff_style style)
{
    const struct format *f = &formats[0];
    for (size_t i = 0; i < countof(formats); i++)
        f = str_eq(str_from(formats[i].name), format) ? &formats[i] : f;
    if (f->set && (set->several || !f->one))
        return f->set(cx, out, set, style);
    for (uint32_t i = 0; i < set->len; i++) {
        if (!section(cx, out, f, &set->at[i], style))
            return false;
    }
    if (set->unaffected && f->head)
        buf_format(out, "%s%u environment%s not affected\n", out->len ? "\n" : "", set->unaffected,
                   set->unaffected == 1 ? " is" : "s are");
    return true;
}
