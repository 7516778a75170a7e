/* Differences as one page for a browser: an overview, then documents that unfold.
 *
 * The page needs nothing else: no network, and without scripts all but search and filters
 * works. Whatever stands in a manifest is escaped, and the policy in its head lets only its
 * own script run. Where a value comes from stands in its title: the file, the line, and the
 * step that set it. */
#include "promote/diff_lines.h"
#include "promote/impact.h"
#include "render/base/digest.h"
#include "render/base/encode.h"
#include "render/base/plain.h"
#include "render/doc/origin.h"

/* diff_page.css and diff_page.js, made part of the program by the build. */
extern const char diff_page_css[], diff_page_js[];
extern const size_t diff_page_css_len, diff_page_js_len;

enum { LINES_AROUND = 3 };

struct html {
    struct context *cx;
    struct buf *out;
    const struct diff_set *set;
    bool common; /* what many documents have is being said */
};

/* Text. */

static void text(struct html *h, str s)
{
    for (size_t at = 0; at < s.len;) {
        size_t begin = at;
        uint32_t rune = utf8_next(s, &at);
        if ((plain_hides(rune) && rune != '\n') || rune == 0xFFFD)
            buf_str(h->out, S("\xEF\xBF\xBD"));
        else
            encode_html(h->out, str_slice(s, begin, at));
    }
}

static void raw(struct html *h, const char *markup)
{
    buf_str(h->out, str_from(markup));
}

/* <tag class="class">text</tag> */
static void element(struct html *h, const char *tag, const char *class_, str s)
{
    buf_format(h->out, "<%s class=\"%s\">", tag, class_);
    text(h, s);
    buf_format(h->out, "</%s>", tag);
}

static void attribute(struct html *h, const char *name, str value)
{
    buf_format(h->out, " %s=\"", name);
    text(h, value);
    raw(h, "\"");
}

/* "overlays/staging/kustomization.yaml:47 (replicas)" */
static void title(struct html *h, const struct node *n)
{
    struct place place;
    str step;
    if (!n || !text_place(h->cx, origin_of(n, &step), &place))
        return;
    raw(h, " title=\"");
    text(h, place.name);
    buf_format(h->out, ":%u", place.line);
    if (step.len) {
        raw(h, " (");
        text(h, step);
        raw(h, ")");
    }
    raw(h, "\"");
}

static void impact_words_of(struct html *h, uint32_t bits)
{
    for (enum impact i = 0; i < IMPACT_COUNT; i++) {
        if (bits & 1u << i)
            element(h, "i", impact_is_grave(1u << i) ? "w grave" : "w", impact_word(i));
    }
}

/* Changes. */

static void value(struct html *h, const char *tag, const struct diff_change *c,
                  const struct node *n)
{
    buf_format(h->out, "<%s", tag);
    title(h, n);
    raw(h, ">");
    text(h, diff_value(h->cx->scratch, c, n));
    buf_format(h->out, "</%s>", tag);
}

static void line(void *who, char mark, str s)
{
    struct html *h = who;
    const char *class_ = mark == '+' ? "a" : mark == '-' ? "x" : mark == '~' ? "g" : "";
    buf_format(h->out, "<span class=\"%s\">", class_);
    if (mark == '~') {
        text(h, S("\xE2\x8B\xAF"));
    } else {
        buf_char(h->out, mark);
        buf_char(h->out, ' ');
        text(h, s);
    }
    raw(h, "</span>");
}

static bool is_short(const struct diff_change *c)
{
    return !c->lines && !c->format && (!c->from || diff_is_short(c->from))
           && (!c->to || diff_is_short(c->to));
}

static bool changes(struct html *h, const struct diff_changes *all);

static bool values(struct html *h, const struct diff_change *c)
{
    str remark = diff_remark(c);
    if (remark.len) {
        element(h, "span", "v s", remark);
    } else if (is_short(c)) {
        raw(h, "<span class=\"v\">");
        if (c->from)
            value(h, "del", c, c->from);
        raw(h, c->from && c->to ? " \xE2\x86\x92 " : "");
        if (c->to)
            value(h, "ins", c, c->to);
        raw(h, "</span>");
    } else if (c->format) {
        buf_format(h->out, "<span class=\"v s\">%s</span><div class=\"in\">", c->format);
        bool ok = changes(h, &c->inside);
        raw(h, "</div>");
        return ok;
    } else {
        raw(h, "<pre");
        title(h, c->to ? c->to : c->from);
        raw(h, ">");
        bool ok = diff_lines(h->cx, c, LINES_AROUND, line, h);
        raw(h, "</pre>");
        return ok;
    }
    return true;
}

static bool change(struct html *h, const struct diff_change *c)
{
    struct mark before = arena_mark(h->cx->scratch);
    buf_format(h->out, "<div class=\"c %s%s\"><span class=\"p\">", diff_kind_names[c->kind],
               c->fold || (c->common && !h->common) ? " folded" : "");
    text(h, c->path.len ? c->path : S("(all)"));
    raw(h, " ");
    impact_words_of(h, c->impact & ~(1u << IMPACT_ROLLS_OUT));
    raw(h, "</span>");
    bool ok = values(h, c);
    raw(h, "</div>\n");
    arena_rewind(h->cx->scratch, before);
    return ok;
}

static bool changes(struct html *h, const struct diff_changes *all)
{
    bool ok = true;
    for (uint32_t i = 0; ok && i < all->len; i++)
        ok = change(h, &all->at[i]);
    return ok;
}

/* Documents. */

static void summary(struct html *h, const struct diff_document *d)
{
    static const char *const marks[] = {
        [DIFF_CHANGED] = "~", [DIFF_ADDED] = "+", [DIFF_REMOVED] = "\xE2\x88\x92"
    };
    struct arena *a = h->cx->scratch;
    buf_format(h->out, "<summary><span class=\"m\">%s</span><span class=\"t\">", marks[d->kind]);
    text(h, d->id.gvk.kind);
    raw(h, " ");
    text(h, d->id.name);
    raw(h, "</span>");
    if (d->id.namespace_.len)
        element(h, "span", "s", d->id.namespace_);
    str was = diff_was(a, d), named_by = diff_named_by(a, d);
    if (was.len)
        element(h, "span", "s", str_concat(a, S("was "), was));
    impact_words_of(h, d->impact);
    uint32_t own = 0;
    const struct diff_changes *all = diff_shown_changes(d);
    for (uint32_t i = 0; i < all->len; i++)
        own += diff_is_own(&all->at[i]);
    if (own)
        element(h, "span", "s", str_format(a, "%u change%s", own, own == 1 ? "" : "s"));
    if (named_by.len)
        element(h, "span", "s", named_by);
    raw(h, "</summary>");
}

static void document_begin(struct html *h, const struct diff_document *d, str environment,
                           bool quiet)
{
    struct arena *a = h->cx->scratch;
    str impact = S("");
    for (enum impact i = 0; i < IMPACT_COUNT; i++) {
        if (d->impact & 1u << i)
            impact = str_format(a, "%.*s %.*s", STR(impact), STR(impact_name(i)));
    }
    buf_format(h->out, "<details class=\"d %s%s\"", diff_kind_names[d->kind],
               quiet ? " folded" : "");
    attribute(h, "data-change", str_from(diff_kind_names[d->kind]));
    attribute(h, "data-kind", d->id.gvk.kind);
    attribute(h, "data-environment", environment);
    attribute(h, "data-impact", str_trim(impact));
    raw(h, ">");
}

static bool document(struct html *h, const struct diff_document *d, str environment, bool quiet)
{
    struct mark before = arena_mark(h->cx->scratch);
    document_begin(h, d, environment, quiet);
    summary(h, d);
    raw(h, "<div class=\"b\">");
    bool ok = changes(h, diff_shown_changes(d));
    if (d->kind != DIFF_CHANGED) {
        raw(h, "<pre");
        title(h, d->to ? d->to : d->from);
        raw(h, ">");
        ok = diff_document_lines(h->cx, d, line, h);
        raw(h, "</pre>");
    }
    raw(h, "</div></details>\n");
    arena_rewind(h->cx->scratch, before);
    return ok;
}

/* What many documents have is said once, before them. */
static bool common(struct html *h, const struct diff *d)
{
    bool ok = true;
    h->common = true;
    for (uint32_t i = 0; ok && i < d->common_len; i++) {
        const struct diff_common *c = &d->common[i];
        bool last = i + 1 == d->common_len || !d->common[i + 1].follows;
        if (!c->follows) {
            raw(h, "<div class=\"d many\">");
            element(h, "b", "t", str_format(h->cx->scratch, "%u documents", c->documents));
            str names = diff_common_names(h->cx->scratch, c);
            raw(h, names.len ? " " : "");
            if (names.len)
                element(h, "span", "s", names);
        }
        ok = change(h, c->change);
        raw(h, last ? "</div>\n" : "");
    }
    h->common = false;
    return ok;
}

static bool section(struct html *h, const struct diff_section *s)
{
    raw(h, "<section>");
    if (h->set->several)
        element(h, "h2", "e", s->name);
    bool ok = common(h, s->diff);
    for (uint32_t i = 0; ok && i < s->diff->len; i++)
        ok = document(h, s->diff->at[i], s->name, !diff_has_own_change(s->diff->at[i]));
    for (uint32_t i = 0; ok && i < s->diff->quiet.len; i++)
        ok = document(h, s->diff->quiet.at[i], s->name, true);
    raw(h, "</section>\n");
    return ok;
}

/* The overview: a row for each environment, then chips that filter. */

static void chip(struct html *h, const char *sort, str value_, str label, uint32_t n)
{
    raw(h, "<button type=\"button\" aria-pressed=\"false\"");
    attribute(h, "data-filter", str_format(h->cx->scratch, "%s:%.*s", sort, STR(value_)));
    raw(h, ">");
    text(h, label);
    buf_format(h->out, " %u</button>", n);
}

static void tally(struct map *counts, str key)
{
    struct map_entry *e = map_entry(counts, key);
    e->value = (void *)((uintptr_t)e->value + 1);
}

static void row(struct html *h, const struct diff_section *s)
{
    const struct diff *d = s->diff;
    raw(h, "<tr><td>");
    text(h, h->set->several ? s->name : s->to_name);
    buf_format(h->out,
               "</td><td class=\"n\">%u</td><td class=\"n\">%u</td><td class=\"n\">%u</td>"
               "<td class=\"n\">%u</td><td>",
               d->changed, d->added, d->removed, d->same + d->quiet.len);
    uint32_t impact = 0;
    for (uint32_t i = 0; i < d->len; i++)
        impact |= d->at[i]->impact;
    raw(h, "<span class=\"chips\">");
    impact_words_of(h, impact);
    raw(h, "</span></td></tr>\n");
}

static void chips_of(struct html *h, const char *sort, const struct map *counts)
{
    for (uint32_t i = 0; i < counts->len; i++) {
        str key = counts->entries[i].key;
        chip(h, sort, key, key, (uint32_t)(uintptr_t)counts->entries[i].value);
    }
}

/* How many documents have what; folded ones are not counted. */
struct tallies {
    struct map changes, environments, kinds;
    uint32_t impacts[IMPACT_COUNT];
};

static void tally_section(struct tallies *t, const struct diff_section *s)
{
    for (uint32_t i = 0; i < s->diff->len; i++) {
        const struct diff_document *d = s->diff->at[i];
        if (!diff_has_own_change(d))
            continue;
        tally(&t->changes, str_from(diff_kind_names[d->kind]));
        tally(&t->kinds, d->id.gvk.kind);
        if (s->name.len)
            tally(&t->environments, s->name);
        for (enum impact n = 0; n < IMPACT_COUNT; n++)
            t->impacts[n] += (d->impact >> n) & 1;
    }
}

static void filters(struct html *h)
{
    struct arena *a = h->cx->scratch;
    struct tallies t = { .changes.arena = a, .environments.arena = a, .kinds.arena = a };
    for (uint32_t i = 0; i < h->set->len; i++)
        tally_section(&t, &h->set->at[i]);
    raw(h, "<p class=\"chips\">");
    chips_of(h, "change", &t.changes);
    for (enum impact n = 0; n < IMPACT_COUNT; n++) {
        if (t.impacts[n])
            chip(h, "impact", impact_name(n), impact_word(n), t.impacts[n]);
    }
    raw(h, "</p><p class=\"chips\">");
    chips_of(h, "environment", &t.environments);
    chips_of(h, "kind", &t.kinds);
    raw(h, "</p>\n");
}

static void overview(struct html *h)
{
    struct mark before = arena_mark(h->cx->scratch);
    raw(h, "<div class=\"scroll\"><table><tr><th>environment</th><th>changed</th><th>added</th>"
           "<th>removed</th><th>the same</th><th>what it means</th></tr>\n");
    for (uint32_t i = 0; i < h->set->len; i++)
        row(h, &h->set->at[i]);
    raw(h, "</table></div>\n");
    if (h->set->unaffected)
        buf_format(h->out, "<p class=\"s\">%u environment%s not affected</p>\n", h->set->unaffected,
                   h->set->unaffected == 1 ? " is" : "s are");
    filters(h);
    raw(h, "<nav hidden><input id=\"search\" type=\"search\" placeholder=\"Search: / and words\" "
           "aria-label=\"Search\">"
           "<button type=\"button\" id=\"open\">unfold all</button>"
           "<button type=\"button\" id=\"close\">fold all</button>"
           "<button type=\"button\" id=\"all\" aria-pressed=\"false\">noise too</button>"
           "<span id=\"count\" role=\"status\"></span></nav>\n");
    arena_rewind(h->cx->scratch, before);
}

/* The page. */

static void policy(struct html *h, str script)
{
    unsigned char hash[SHA256_SIZE];
    digest_sha256(script, hash);
    raw(h, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
           "style-src 'unsafe-inline'; script-src 'sha256-");
    encode_base64(h->out, BASE64_STD, (str){ (const char *)hash, sizeof hash });
    raw(h, "'\">\n");
}

static str heading(struct html *h)
{
    if (h->set->several || !h->set->len)
        return S("What changes, by environment");
    return str_format(h->cx->arena, "%.*s \xE2\x86\x92 %.*s", STR(h->set->at[0].from_name),
                      STR(h->set->at[0].to_name));
}

bool diff_write_html(struct context *cx, struct buf *out, const struct diff_set *set,
                     struct diff_style style)
{
    struct html h = { cx, out, set };
    str script = { diff_page_js, diff_page_js_len }, name = heading(&h);
    (void)style;
    raw(&h, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    policy(&h, script);
    raw(&h, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    text(&h, name);
    raw(&h, "</title>\n<style>");
    buf_str(out, (str){ diff_page_css, diff_page_css_len });
    raw(&h, "</style>\n</head>\n<body>\n<h1>");
    text(&h, name);
    raw(&h, "</h1>\n");
    overview(&h);
    for (uint32_t i = 0; i < set->len; i++) {
        if (!section(&h, &set->at[i]))
            return false;
    }
    raw(&h,
        "<footer>The values of Secrets are not in this page. Where a value comes from stands in "
        "its tooltip.</footer>\n<script>");
    buf_str(out, script);
    raw(&h, "</script>\n</body>\n</html>\n");
    return true;
}
