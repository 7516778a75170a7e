/* The body of a pull request.
 *
 * A forge takes so many bytes and no more: the images come first, then how to see the same
 * at home, the checks, the differences; what does not fit is left out whole, and said. */
#include "promote/diff_lines.h"
#include "promote/report.h"
#include "render/base/encode.h"

enum { PATHS_MOST = 6, LEFT_OUT_ROOM = 200, DIGEST_SHOWN = 19 };

/* How much of an image's version a table shows. */
enum form { FORM_WHOLE, FORM_SHORT, FORM_COUNT };

struct body {
    struct context *cx;
    const struct plan *plan;
    bool html;
    size_t room;     /* what is left of the forge's limit */
    str left_out[5]; /* names of sections that did not fit */
    uint32_t left_out_len;
};

static struct buf new_section(struct body *b)
{
    struct buf section;
    buf_init(&section, b->cx->arena, 1024);
    return section;
}

/* Text in a cell: no line of its own, no markup of HTML. */
static void cell(struct buf *out, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '|')
            buf_str(out, S("\\|"));
        else if (c == '<')
            buf_str(out, S("&lt;"));
        else
            buf_char(out, (unsigned char)c < ' ' ? ' ' : c);
    }
}

static void code(struct buf *out, str text)
{
    buf_char(out, '`');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool odd = c == '`' || c == '|' || (unsigned char)c < ' ';
        buf_char(out, odd ? ' ' : c);
    }
    buf_char(out, '`');
}

static void version(struct body *b, struct buf *out, struct image_ref ref, enum form form)
{
    struct arena *a = b->cx->arena;
    str digest = ref.digest;
    if (form != FORM_WHOLE && digest.len > DIGEST_SHOWN)
        digest = str_concat(a, str_slice(digest, 0, DIGEST_SHOWN), S("\xE2\x80\xA6"));
    if (!ref.tag.len && !digest.len)
        buf_str(out, S("(none)"));
    else
        code(out, str_format(a, "%.*s%s%.*s", STR(ref.tag), ref.tag.len && digest.len ? "@" : "",
                             STR(digest)));
}

/* Images. */

static str image_line(struct body *b, const struct promise *p, enum form form)
{
    struct buf out = new_section(b);
    buf_str(&out, S("| "));
    code(&out, p->after.name);
    buf_str(&out, S(" | "));
    version(b, &out, p->before, form);
    buf_str(&out, S(" | "));
    version(b, &out, p->after, form);
    buf_str(&out, S(" | "));
    version(b, &out, p->source, form);
    buf_str(&out, S(" |\n"));
    return buf_take(&out);
}

/* As many rows as fit; false when that is not all of them. */
static bool image_lines(struct body *b, struct buf *out, enum form form)
{
    uint32_t more = 0;
    for (uint32_t i = 0; i < b->plan->len; i++) {
        if (!b->plan->at[i].changes)
            continue;
        str line = image_line(b, &b->plan->at[i], form);
        if (!more && out->len + line.len + LEFT_OUT_ROOM < b->room)
            buf_str(out, line);
        else
            more++;
    }
    if (more)
        buf_format(out, "\n%u image%s more; the commit's message has all.\n", more,
                   more == 1 ? "" : "s");
    return !more;
}

static void images(struct body *b, struct buf *out)
{
    const struct plan *p = b->plan;
    str start = str_slice(p->source, 0, 12);
    for (enum form form = 0; form < FORM_COUNT; form++) {
        struct buf table = new_section(b);
        buf_format(&table,
                   "`%.*s` ran these images at %.*s; this brings them to `%.*s`.\n\n"
                   "| image | %.*s ran | becomes | as in %.*s |\n| --- | --- | --- | --- |\n",
                   STR(p->from->name), STR(start), STR(p->to->name), STR(p->to->name),
                   STR(p->from->name));
        if (!image_lines(b, &table, form) && form + 1 < FORM_COUNT)
            continue;
        buf_str(out, buf_view(&table));
        b->room -= table.len < b->room ? table.len : b->room;
        return;
    }
}

static void names(struct buf *out, const char *what, str env, const struct str_list *list)
{
    if (!list->len)
        return;
    buf_format(out, "- %s%.*s: ", what, STR(env));
    for (uint32_t i = 0; i < list->len; i++) {
        buf_str(out, i ? S(", ") : S(""));
        code(out, list->at[i]);
    }
    buf_char(out, '\n');
}

static void others(struct body *b, struct buf *out)
{
    const struct plan *p = b->plan;
    names(out, "not promoted", S(""), &p->left_out);
    names(out, "only in ", p->from->name, &p->only_source);
    names(out, "only in ", p->to->name, &p->only_target);
}

/* Evidence. */

static void checks(struct body *b, struct buf *out)
{
    const struct promotion_row *row = b->plan->row;
    if (!row->check_count)
        return;
    buf_str(out, S("### Checks\n\n| image |"));
    for (uint32_t k = 0; k < row->check_count; k++)
        buf_format(out, " %.*s |", STR(row->checks[k].name));
    buf_str(out, S("\n| --- |"));
    for (uint32_t k = 0; k < row->check_count; k++)
        buf_str(out, S(" --- |"));
    for (uint32_t i = 0; i < b->plan->candidates.len; i++) {
        const struct candidate *c = &b->plan->candidates.at[i];
        buf_str(out, S("\n| "));
        code(out, c->ref.name);
        buf_str(out, S(" |"));
        for (uint32_t k = 0; k < row->check_count; k++) {
            buf_char(out, ' ');
            cell(out, c->results[k].evidence);
            buf_str(out, S(" |"));
        }
    }
    buf_char(out, '\n');
}

/* Differences. */

static bool changes(struct body *b, struct buf *out)
{
    const struct plan *p = b->plan;
    buf_format(out, "### What changes in %.*s\n\n", STR(p->to->name));
    struct diff_style style = { .from_name = p->to->name,
                                .to_name = p->to->name,
                                .no_html = !b->html,
                                .budget = b->room - out->len };
    return diff_write_markdown(b->cx, out, p->diff, style);
}

static void paths_of(struct body *b, struct buf *out, const struct diff_document *d)
{
    uint32_t shown = 0, more = 0;
    buf_str(out, S("- "));
    code(out, diff_title(b->cx->arena, d->id));
    buf_str(out, d->kind == DIFF_ADDED     ? S(", only there")
                 : d->kind == DIFF_REMOVED ? S(", missing there")
                                           : S(""));
    const struct diff_changes *all = diff_shown_changes(d);
    for (uint32_t i = 0; i < all->len; i++) {
        const struct diff_change *c = &all->at[i];
        if (!diff_is_own(c))
            continue;
        if (shown == PATHS_MOST) {
            more++;
            continue;
        }
        buf_str(out, shown++ ? S(", ") : S(": "));
        code(out, c->path);
    }
    if (more)
        buf_format(out, " and %u more", more);
    buf_char(out, '\n');
}

/* Where the two differ besides: what an approver may have to do as well. */
static void drift(struct body *b, struct buf *out)
{
    const struct plan *p = b->plan;
    const struct diff *d = diff_documents(b->cx, &p->from->documents, &p->after->documents,
                                          (struct diff_options){ 0 });
    if (!d->len)
        return;
    struct buf list = new_section(b);
    buf_format(out, "### Where %.*s and %.*s differ besides\n\n", STR(p->from->name),
               STR(p->to->name));
    buf_format(out, "%u documents differ, %u are only in %.*s, %u only in %.*s.\n", d->changed,
               d->added, STR(p->to->name), d->removed, STR(p->from->name));
    for (uint32_t i = 0; i < d->common_len; i++) {
        buf_format(&list, "- %u documents: ", d->common[i].documents);
        code(&list, d->common[i].change->path);
        buf_char(&list, '\n');
    }
    for (uint32_t i = 0; i < d->len; i++) {
        if (diff_has_own_change(d->at[i]))
            paths_of(b, &list, d->at[i]);
    }
    buf_str(out, b->html ? S("\n<details><summary>document by document</summary>\n\n") : S("\n"));
    buf_str(out, buf_view(&list));
    buf_str(out, b->html ? S("\n</details>\n") : S(""));
}

/* At home. */

static void reproduce(struct body *b, struct buf *out)
{
    const struct plan *p = b->plan;
    str base = str_slice(p->base, 0, 12);
    buf_str(out, S("### The same at home\n\n```sh\n"));
    buf_format(out, "git fetch origin %.*s\n", STR(p->row->branch));
    buf_format(out, "hoist diff %.*s:%.*s FETCH_HEAD:%.*s\n", STR(base), STR(p->to->name),
               STR(p->to->name));
    buf_format(out, "hoist promote %.*s %.*s --dry-run\n```\n", STR(p->from->name),
               STR(p->to->name));
}

/* Whole, or its name in the list of what was left out. */
static bool keep(struct body *b, const struct buf *section, str name)
{
    if (!section->len)
        return false;
    if (section->len + 1 <= b->room) {
        b->room -= section->len + 1;
        return true;
    }
    b->left_out[b->left_out_len++] = name;
    return false;
}

static void put(struct buf *out, const struct buf *section, bool kept)
{
    if (!kept)
        return;
    buf_char(out, '\n');
    buf_str(out, buf_view(section));
}

static bool print_changes(struct body *b, struct buf *out, bool *kept)
{
    /* A heading without one document below it says nothing. */
    enum { LEAST = 700 };
    *kept = b->room > LEAST;
    if (!*kept)
        b->left_out[b->left_out_len++] = S("what changes");
    else if (!changes(b, out))
        return false;
    else
        b->room -= out->len < b->room ? out->len + 1 : b->room;
    return true;
}

bool report_body(struct context *cx, struct buf *out, const struct plan *plan,
                 struct report_style style)
{
    struct body b = { .cx = cx, .plan = plan, .html = style.html };
    struct buf home = new_section(&b), evidence = new_section(&b), other = new_section(&b);
    struct buf diff = new_section(&b), besides = new_section(&b);
    bool has_diff;
    reproduce(&b, &home);
    size_t reserve = LEFT_OUT_ROOM + home.len;
    b.room = style.most > reserve ? style.most - reserve : 0;
    images(&b, out);
    b.room += home.len;
    checks(&b, &evidence);
    others(&b, &other);
    bool has_home = keep(&b, &home, S("how to see it at home"));
    bool has_checks = keep(&b, &evidence, S("checks"));
    bool has_other = keep(&b, &other, S("images that stay"));
    if (!print_changes(&b, &diff, &has_diff))
        return false;
    drift(&b, &besides);
    bool has_drift = keep(&b, &besides, S("where the environments differ besides"));
    put(out, &other, has_other);
    put(out, &evidence, has_checks);
    put(out, &diff, has_diff);
    put(out, &besides, has_drift);
    put(out, &home, has_home);
    if (b.left_out_len)
        buf_format(out, "\n*Too long to be shown here: %.*s.*\n",
                   STR(str_join(cx->arena, b.left_out, b.left_out_len, S("; "))));
    return true;
}
