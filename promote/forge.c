/* The algorithm.
 *
 * Found: title and body are renewed where they differ, and only our part of the body. Not
 * found: made, unless the forge says that there is one, which is then looked for again.
 * Labels and reviewers come last, and their failure is a warning. */
#include "promote/forge.h"

#include <time.h>

#include "promote/forge_call.h"

enum { CREATIONS_MOST = 3 };

str forge_body_mark(bool html, bool end)
{
    if (html)
        return end ? S("<!-- hoist:end -->") : S("<!-- hoist:begin -->");
    /* A link's definition that nothing refers to is not shown either. */
    return end ? S("[//]: # (hoist:end)") : S("[//]: # (hoist:begin)");
}

/* A form on a page sends "\r\n". */
static str plain(struct context *cx, str body)
{
    return str_replace_all(cx->arena, body, S("\r\n"), S("\n"));
}

/* A body in three: what stands before our part, it, and what stands behind. */
static void split(str body, bool html, str *before, str *after)
{
    str begin = forge_body_mark(html, false), end = forge_body_mark(html, true);
    ptrdiff_t from = str_find(body, begin);
    ptrdiff_t to = from < 0 ? -1 : str_find(str_skip(body, (size_t)from), end);
    *before = S("");
    *after = body;
    if (to < 0)
        return;
    *before = str_slice(body, 0, (size_t)from);
    *after = str_skip(body, (size_t)from + (size_t)to + end.len);
}

/* The body with our part in it, whole. */
static bool compose(struct context *cx, const struct forge *f, const struct forge_wish *w,
                    str old_body, str *out)
{
    bool html = f->row->html;
    str before, after, begin = forge_body_mark(html, false), end = forge_body_mark(html, true);
    split(old_body, html, &before, &after);
    bool theirs_only = old_body.len && !before.len && after.len == old_body.len;
    size_t around = begin.len + end.len + before.len + after.len + 8;
    struct buf b;
    buf_init(&b, cx->arena, 16 * 1024);
    buf_str(&b, before);
    /* A link's definition needs a line of its own and an empty one before it. */
    buf_str(&b, begin);
    buf_str(&b, S("\n\n"));
    if (!w->body(cx, w->who, &b, f->row->body_most > around ? f->row->body_most - around : 0, html))
        return false;
    buf_str(&b, S("\n"));
    buf_str(&b, end);
    buf_str(&b, theirs_only ? S("\n\n") : S(""));
    buf_str(&b, after);
    *out = buf_take(&b);
    return true;
}

static bool same_word(str a, str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        unsigned x = (unsigned char)a.at[i], y = (unsigned char)b.at[i];
        x += x >= 'A' && x <= 'Z' ? 32 : 0;
        y += y >= 'A' && y <= 'Z' ? 32 : 0;
        if (x != y)
            return false;
    }
    return true;
}

/* Whoever is asked as "team/name" is listed as "name". */
static bool lists(const struct words_found *words, str word)
{
    str team, last;
    if (!str_cut_last(word, '/', &team, &last))
        last = word;
    for (uint32_t i = 0; i < words->len; i++) {
        if (same_word(words->at[i], word) || same_word(words->at[i], last))
            return true;
    }
    return false;
}

static struct words_found missing(struct context *cx, const struct node *wanted,
                                  const struct words_found *there)
{
    struct words_found out = { 0 };
    for (uint32_t i = 0; wanted && i < wanted->len; i++) {
        str word = wanted->items[i]->text;
        if (!lists(there, word) && !lists(&out, word))
            forge_add(cx, &out, word);
    }
    return out;
}

/* What was reported is only a warning: the pull request is there. */
static void soften(struct context *cx, struct diags before, const char *what)
{
    const struct diag *d = diag_take_back(cx, before);
    warn(cx, NOWHERE, "the pull request is there, but not its %s: %.*s", what,
         STR(d ? d->message : S("no reason was given")));
}

static bool add_labels(struct context *cx, const struct forge *f, const struct forge_wish *w,
                       struct pull_request *p)
{
    struct words_found more = missing(cx, w->labels, &p->labels);
    struct diags before = cx->diags;
    if (!more.len)
        return false;
    if (!f->row->label) {
        warn(cx, NOWHERE, "%.*s has no labels for pull requests", STR(f->row->title));
        return false;
    }
    bool ok = f->row->label(cx, f, p, &more);
    if (!ok)
        soften(cx, before, "labels");
    return ok;
}

static bool add_reviewers(struct context *cx, const struct forge *f, const struct forge_wish *w,
                          struct pull_request *p)
{
    struct diags before = cx->diags;
    bool ok = true;
    struct words_found more = missing(cx, w->reviewers, &p->reviewers);
    if (!more.len)
        return false;
    /* Who has reviewed is no longer asked to, and is not asked again. */
    if (f->row->reviewed) {
        ok = f->row->reviewed(cx, f, p);
        more = missing(cx, w->reviewers, &p->reviewers);
    }
    if (ok && !more.len)
        return false;
    ok = ok && f->row->review(cx, f, p, &more);
    if (!ok)
        soften(cx, before, "reviewers");
    return ok;
}

static str without_draft(const struct forge *f, str title, bool *draft)
{
    str mark = f->row->draft_title;
    *draft = mark.len && str_starts(title, mark);
    return *draft ? str_skip(title, mark.len) : title;
}

/* A title that a person has worded stays, and so does the mark of a draft. */
static str next_title(struct context *cx, const struct forge *f, const struct forge_wish *w,
                      str old_title)
{
    bool draft;
    str bare = without_draft(f, old_title, &draft);
    bool ours = str_starts(bare, w->title_begin) && str_ends(bare, w->title_end);
    str title = str_slice(w->title, 0, f->row->title_most - f->row->draft_title.len);
    if (!ours)
        return old_title;
    return draft ? str_concat(cx->arena, f->row->draft_title, title) : title;
}

static bool update(struct context *cx, const struct forge *f, const struct forge_wish *w,
                   struct pull_request *p, struct forge_result *out)
{
    str body, old = plain(cx, p->body), title = next_title(cx, f, w, p->title);
    if (!compose(cx, f, w, old, &body))
        return false;
    bool changes = !str_eq(str_trim(body), str_trim(old)) || !str_eq(title, p->title);
    if (changes && !f->row->update(cx, f, p, title, body))
        return false;
    changes |= add_labels(cx, f, w, p);
    changes |= add_reviewers(cx, f, w, p);
    *out = (struct forge_result){ changes ? FORGE_UPDATED : FORGE_SAME, p->url };
    return true;
}

static bool report_hidden(struct context *cx, const struct forge *f, const struct forge_wish *w)
{
    return report_surroundings(
        cx, NOWHERE,
        "%.*s says that there is a pull request of '%.*s' into '%.*s', but does not show it",
        STR(f->row->title), STR(w->branch), STR(w->base));
}

static bool create_once(struct context *cx, const struct forge *f, const struct forge_wish *w,
                        struct pull_request *p, enum forge_creation *how)
{
    str body, title = str_slice(w->title, 0, f->row->title_most - f->row->draft_title.len);
    *how = CREATION_DONE;
    if (w->draft && f->row->draft_title.len)
        title = str_concat(cx->arena, f->row->draft_title, title);
    return compose(cx, f, w, S(""), &body) && f->row->create(cx, f, w, title, body, p, how);
}

/* After a creation that gave no answer: whether one is there all the same. */
static bool look_again(struct context *cx, const struct forge *f, const struct forge_wish *w,
                       struct pull_request *p, bool *found)
{
    const struct timespec pause = { .tv_sec = 1 };
    nanosleep(&pause, NULL);
    return f->row->find(cx, f, w, p, found);
}

static bool created(struct context *cx, const struct forge *f, const struct forge_wish *w,
                    struct pull_request *p, struct forge_result *out)
{
    add_labels(cx, f, w, p);
    add_reviewers(cx, f, w, p);
    *out = (struct forge_result){ FORGE_CREATED, p->url };
    return true;
}

static bool create(struct context *cx, const struct forge *f, const struct forge_wish *w,
                   struct forge_result *out)
{
    for (int i = 1;; i++) {
        struct pull_request p = { 0 };
        enum forge_creation how;
        bool found = false;
        struct diags before = cx->diags;
        bool answered = create_once(cx, f, w, &p, &how);
        *out = (struct forge_result){ FORGE_NOTHING, S("") };
        if (answered && how == CREATION_DONE)
            return created(cx, f, w, &p, out);
        if (answered && how == CREATION_EMPTY)
            return true;
        if (!answered && (how != CREATION_UNCERTAIN || i == CREATIONS_MOST))
            return false;
        diag_take_back(cx, before);
        if (!look_again(cx, f, w, &p, &found))
            return false;
        if (found)
            return update(cx, f, w, &p, out);
        if (how == CREATION_DUPLICATE)
            return report_hidden(cx, f, w);
    }
}

bool forge_publish(struct context *cx, const struct forge *f, const struct forge_wish *wish,
                   struct forge_result *out)
{
    struct pull_request p = { 0 };
    bool found = false;
    if (!f->row->find(cx, f, wish, &p, &found))
        return false;
    return found ? update(cx, f, wish, &p, out) : create(cx, f, wish, out);
}

bool forge_withdraw(struct context *cx, const struct forge *f, str branch, str base, str comment,
                    struct forge_result *out)
{
    struct pull_request p = { 0 };
    struct forge_wish wish = { .branch = branch, .base = base };
    bool found = false;
    *out = (struct forge_result){ FORGE_NOTHING, S("") };
    if (!f->row->find(cx, f, &wish, &p, &found))
        return false;
    if (!found)
        return true;
    struct diags before = cx->diags;
    if (!f->row->comment(cx, f, &p, comment)) {
        const struct diag *d = diag_take_back(cx, before);
        warn(cx, NOWHERE, "%.*s", STR(d ? d->message : S("")));
    }
    *out = (struct forge_result){ FORGE_CLOSED, p.url };
    return f->row->close(cx, f, &p);
}
