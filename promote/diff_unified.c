/* Differences as a unified diff of the rendered documents, a file for each. */
#include "promote/diff_lines.h"
#include "promote/hunks.h"
#include "render/base/plain.h"
#include "promote/manifest_name.h"
#include "render/doc/yaml_write.h"

enum { LINES_AROUND = 3 };

struct unified {
    struct context *cx;
    struct buf *out;
    struct diff_style style;
    const struct diff *diff;
};

static void range(struct buf *out, char mark, uint32_t at, uint32_t len)
{
    buf_format(out, "%c%u", mark, len ? at + 1 : at);
    if (len != 1)
        buf_format(out, ",%u", len);
}

static void marked(struct unified *u, const struct hunk_line *l)
{
    const char *color = l->mark == '-' ? "\033[31m" : l->mark == '+' ? "\033[32m" : NULL;
    if (u->style.color && color)
        buf_str(u->out, str_from(color));
    buf_char(u->out, l->mark);
    buf_str(u->out, l->text);
    if (u->style.color && color)
        buf_str(u->out, S("\033[0m"));
    buf_char(u->out, '\n');
    if (l->open)
        buf_str(u->out, S("\\ No newline at end of file\n"));
}

static void hunk(void *who, const struct hunk *h)
{
    struct unified *u = who;
    buf_str(u->out, S("@@ "));
    range(u->out, '-', h->from, h->from_len);
    buf_char(u->out, ' ');
    range(u->out, '+', h->to, h->to_len);
    buf_str(u->out, S(" @@\n"));
    for (uint32_t i = 0; i < h->len; i++)
        marked(u, &h->lines[i]);
}

/* Each document is a file, named as `hoist render --output-dir` names it. */

/* A document's own name can't lead out of the folder, or end the line. */
static str file_name(struct unified *u, const struct node *document, bool spread)
{
    str name = manifest_name(u->cx->arena, document, spread);
    char *at = arena_copy(u->cx->arena, name.at, name.len);
    for (size_t i = 0; i < name.len; i++) {
        if (at[i] == '/' || at[i] == '"' || at[i] == '\\' || (unsigned char)at[i] <= ' ')
            at[i] = '_';
    }
    return (str){ at, name.len };
}

static bool print(struct unified *u, const struct node *n, str *out)
{
    struct buf b;
    buf_init(&b, u->cx->arena, 4096);
    bool ok = !n || yaml_write(u->cx, &b, n);
    *out = buf_take(&b);
    return ok;
}

/* What Git's header says besides: renamed, new, deleted. GNU patch understands it too. */
static void header(struct unified *u, const struct diff_document *d, str old, str new_,
                   bool differs)
{
    str folder = u->style.folder;
    buf_format(u->out, "diff --git a/%.*s%.*s b/%.*s%.*s\n", STR(folder), STR(old), STR(folder),
               STR(new_));
    if (d->kind == DIFF_ADDED)
        buf_str(u->out, S("new file mode 100644\n"));
    else if (d->kind == DIFF_REMOVED)
        buf_str(u->out, S("deleted file mode 100644\n"));
    else if (!str_eq(old, new_))
        buf_format(u->out, "rename from %.*s%.*s\nrename to %.*s%.*s\n", STR(folder), STR(old),
                   STR(folder), STR(new_));
    if (!differs)
        return;
    if (!d->from)
        buf_str(u->out, S("--- /dev/null\n"));
    else
        buf_format(u->out, "--- a/%.*s%.*s\n", STR(folder), STR(old));
    if (d->to)
        buf_format(u->out, "+++ b/%.*s%.*s\n", STR(folder), STR(new_));
    else
        buf_str(u->out, S("+++ /dev/null\n"));
}

/* A patch with a Secret's masked values would not apply, so it only says that they differ. */
static void secret(struct unified *u, const struct diff_document *d)
{
    struct arena *a = u->cx->arena;
    buf_format(u->out, "# %s: %.*s, whose values are not shown\n", diff_kind_names[d->kind],
               STR(diff_title(a, d->id)));
    for (uint32_t i = 0; i < d->changes.len; i++) {
        const struct diff_change *c = &d->changes.at[i];
        buf_format(u->out, "#   %s: ", diff_kind_names[c->kind]);
        plain_print(u->out, c->path);
        buf_char(u->out, '\n');
    }
}

static bool document(struct unified *u, const struct diff_document *d)
{
    if ((d->from && diff_is_secret(d->from)) || (d->to && diff_is_secret(d->to))) {
        secret(u, d);
        return true;
    }
    str from, to;
    if (!print(u, d->from, &from) || !print(u, d->to, &to))
        return false;
    str old = d->from ? file_name(u, d->from, u->diff->spread[0]) : S("");
    str new_ = d->to ? file_name(u, d->to, u->diff->spread[1]) : old;
    header(u, d, d->from ? old : new_, new_, !str_eq(from, to));
    diff_hunks(u->cx, from, to, LINES_AROUND, hunk, u);
    return true;
}

/* Nothing is folded: the patch gives the whole other side. */
bool diff_write_unified(struct context *cx, struct buf *out, const struct diff *d,
                        struct diff_style style)
{
    struct unified u = { cx, out, style, d };
    const struct diff_list all[] = { { d->at, d->len, d->cap }, d->quiet, d->same_files };
    for (size_t k = 0; k < countof(all); k++) {
        for (uint32_t i = 0; i < all[k].len; i++) {
            if (!document(&u, all[k].at[i]))
                return false;
        }
    }
    return true;
}
