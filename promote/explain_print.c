/* Chains and annotated documents, printed.
 *
 *     1   k8s/base/services/user-service/deployment.yaml:12
 *             12 |   replicas: 1
 *     4   k8s/overlays/production/kustomization.yaml:66  replicas
 *             66 |   count: 4
 */
#include "promote/diff.h"
#include "promote/explain.h"
#include "promote/explain_chart.h"
#include "promote/past_value.h"
#include "render/base/gotime.h"
#include "render/base/plain.h"
#include "render/doc/edit_print.h"
#include "render/doc/json_write.h"
#include "render/doc/yaml_write.h"

enum { NARROW = 28, WIDEST_LINE = 100, COMMENTS_FROM = 48, COMMENTS_LATEST = 88 };

static bool is_secret(const struct node *document, const struct field *f)
{
    if (!diff_is_secret(document) || !f->len)
        return false;
    const struct key *top = f->at[0].key;
    return top == KEY(DATA) || top == KEY(STRING_DATA);
}

static void trace(struct context *cx, const struct node *document, const struct field *f,
                  struct explain_style style, struct explain_chain *out)
{
    explain_field(cx, document, f, out);
    if (style.inquiry)
        explain_inquire(style.inquiry, document, f, out);
}

static str plain(struct context *cx, str text)
{
    struct buf b;
    buf_init(&b, cx->arena, text.len);
    plain_print(&b, text);
    return buf_take(&b);
}

static str one_line(struct context *cx, const struct node *n)
{
    struct buf b;
    buf_init(&b, cx->arena, 64);
    if (node_is_scalar(n) && str_has_char(n->text, '\n'))
        buf_format(&b, "%zu bytes of text", n->text.len);
    else if (node_is_scalar(n))
        edit_print_scalar(&b, n, STYLE_PLAIN);
    else if (n->len == 0)
        buf_str(&b, n->kind == NODE_MAP ? S("{}") : S("[]"));
    else
        buf_format(&b, n->kind == NODE_MAP ? "a map of %u" : "a list of %u", n->len);
    return plain(cx, buf_take(&b));
}

static str place_text(struct context *cx, struct pos pos)
{
    struct place p;
    if (!text_place(cx, pos, &p))
        return S("");
    return str_format(cx->arena, "%.*s:%u", STR(plain(cx, p.name)), p.line);
}

/* A chain for a person. */

struct printer {
    struct context *cx;
    struct buf *out;
    bool color;
    bool secret;
    uint32_t width; /* of the values */
};

static void dim(struct printer *p, bool on)
{
    if (p->color)
        buf_str(p->out, on ? S("\033[2m") : S("\033[0m"));
}

static str shown_value(struct printer *p, const struct explain_hop *hop)
{
    return p->secret ? S("(secret)") : one_line(p->cx, hop->value);
}

static void print_source(struct printer *p, struct pos pos, uint32_t indent)
{
    struct place place;
    if (p->secret || !text_place(p->cx, pos, &place))
        return;
    str line = place.source;
    size_t end = line.len < WIDEST_LINE ? line.len : WIDEST_LINE;
    while (end < line.len && end && ((unsigned char)line.at[end] & 0xC0) == 0x80)
        end--;
    line = str_slice(line, 0, end);
    buf_repeat(p->out, ' ', indent);
    dim(p, true);
    buf_format(p->out, "%5u | %.*s", place.line, STR(plain(p->cx, line)));
    dim(p, false);
    buf_char(p->out, '\n');
}

/* "patches of a component, asked for in k8s/components/tracing/kustomization.yaml:9" */
static void print_step(struct printer *p, const struct explain_hop *hop)
{
    str place = place_text(p->cx, hop->pos);
    buf_str(p->out, place);
    if (place.len && hop->step.len)
        buf_str(p->out, S("  "));
    buf_str(p->out, hop->step);
    if (hop->component)
        buf_str(p->out, S(" of a component"));
    str via = place_text(p->cx, hop->via);
    if (via.len)
        buf_format(p->out, "%s%.*s", hop->step.len ? ", asked for in " : "  listed in ", STR(via));
}

static void print_helper(struct printer *p, const struct explain_hop *hop, uint32_t indent)
{
    if (!hop->helper.text)
        return;
    buf_repeat(p->out, ' ', indent);
    buf_format(p->out, "printed by %.*s\n", STR(place_text(p->cx, hop->helper)));
    print_source(p, hop->helper, indent);
}

static void print_chain(struct printer *p, const struct explain_chain *chain, uint32_t indent);

/* Values that decide it with their chains; those for which it is there at all in a line each. */
static void print_deciders(struct printer *p, const struct explain_hop *hop, uint32_t indent)
{
    for (uint32_t i = 0; i < hop->decider_count; i++) {
        const struct explain_decider *d = &hop->deciders[i];
        buf_repeat(p->out, ' ', indent);
        if (d->presence)
            buf_format(p->out, "there because of %.*s  %.*s\n", STR(plain(p->cx, d->label)),
                       STR(place_text(p->cx, explain_source(&d->chain))));
        else
            buf_format(p->out, "%.*s\n", STR(plain(p->cx, d->label)));
        if (!d->presence)
            print_chain(p, &d->chain, indent);
    }
}

static void print_chain(struct printer *p, const struct explain_chain *chain, uint32_t indent)
{
    for (uint32_t i = 0; i < chain->len; i++) {
        const struct explain_hop *hop = &chain->at[i];
        str value = shown_value(p, hop);
        buf_repeat(p->out, ' ', indent);
        buf_str(p->out, value);
        if (value.len > p->width) {
            buf_char(p->out, '\n');
            buf_repeat(p->out, ' ', indent + p->width + 2);
        } else {
            buf_repeat(p->out, ' ', p->width + 2 - utf8_count(value));
        }
        print_step(p, hop);
        buf_char(p->out, '\n');
        print_source(p, hop->pos, indent + p->width + 2);
        print_helper(p, hop, indent + p->width + 2);
        if (hop->copied)
            print_chain(p, hop->copied, indent + 4);
        print_deciders(p, hop, indent + 4);
    }
}

static void widen(struct printer *p, const struct explain_chain *chain)
{
    for (uint32_t i = 0; i < chain->len; i++) {
        str value = shown_value(p, &chain->at[i]);
        if (value.len > p->width && value.len <= NARROW)
            p->width = (uint32_t)value.len;
        if (chain->at[i].copied)
            widen(p, chain->at[i].copied);
        for (uint32_t k = 0; k < chain->at[i].decider_count; k++)
            widen(p, &chain->at[i].deciders[k].chain);
    }
}

static void print_heading(struct context *cx, struct buf *out, const struct node *document,
                          const struct field *f, struct explain_style style)
{
    struct identity id = identity_of(document);
    buf_format(out, "%.*s ", STR(style.name));
    if (id.gvk.kind.len && !style.values)
        buf_format(out, "%.*s/%.*s ", STR(plain(cx, id.gvk.kind)), STR(plain(cx, id.name)));
    buf_format(out, "%.*s\n", STR(plain(cx, field_print(cx->arena, f))));
}

void explain_write(struct context *cx, struct buf *out, const struct node *document,
                   const struct field *f, struct explain_style style)
{
    struct explain_chain chain;
    struct printer p = { cx, out, style.color, is_secret(document, f), 4 };
    trace(cx, document, f, style, &chain);
    widen(&p, &chain);
    print_heading(cx, out, document, f, style);
    print_chain(&p, &chain, 0);
}

/* History. */

static str day_of(struct context *cx, int64_t when, str layout)
{
    struct buf b;
    buf_init(&b, cx->arena, 24);
    gotime_print(&b, (struct gotime){ when, 0, &zone_utc }, layout);
    return buf_take(&b);
}

static str past_text(const struct past_value *v, bool secret)
{
    if (!v->rendered)
        return S("unknown: it does not render");
    return !v->there ? S("not there") : secret ? S("(secret)") : v->value;
}

void explain_write_past(struct context *cx, struct buf *out, const struct node *document,
                        const struct field *f, const struct past_values *past,
                        struct explain_style style)
{
    enum { SHORT = 9 };
    bool secret = is_secret(document, f);
    size_t width = 4;
    print_heading(cx, out, document, f, style);
    for (uint32_t i = 0; i < past->len; i++) {
        size_t n = utf8_count(plain(cx, past_text(&past->at[i], secret)));
        width = n > width && n <= NARROW ? n : width;
    }
    for (uint32_t i = 0; i < past->len; i++) {
        const struct past_value *v = &past->at[i];
        str text = plain(cx, past_text(v, secret));
        size_t n = utf8_count(text);
        buf_str(out, text);
        if (n > width)
            buf_char(out, '\n');
        buf_repeat(out, ' ', n > width ? width + 2 : width + 2 - n);
        if (!v->commit.len)
            buf_str(out, S("not committed\n"));
        else
            buf_format(out, "%.*s  %.*s  %.*s  %.*s\n", STR(str_slice(v->commit, 0, SHORT)),
                       STR(day_of(cx, v->when, S("2006-01-02"))), STR(plain(cx, v->author)),
                       STR(plain(cx, v->summary)));
    }
    if (past->more)
        buf_str(out, S("and before that others\n"));
}

/* As JSON. */

static void put(struct context *cx, struct node *map, const char *key, struct node *value)
{
    node_add(cx, map, intern(cx->keys, str_from(key)), value);
}

static void put_text(struct context *cx, struct node *map, const char *key, str value)
{
    put(cx, map, key, node_string(cx, value));
}

static void put_place(struct printer *p, struct node *map, struct pos pos)
{
    struct place place;
    if (!text_place(p->cx, pos, &place))
        return;
    put_text(p->cx, map, "file", place.name);
    put(p->cx, map, "line", node_int(p->cx, place.line));
    put(p->cx, map, "column", node_int(p->cx, place.column));
    if (!p->secret)
        put_text(p->cx, map, "source", place.source);
}

static struct node *chain_node(struct printer *p, const struct explain_chain *chain);

static void put_deciders(struct printer *p, struct node *map, const struct explain_hop *hop)
{
    struct context *cx = p->cx;
    struct node *decided = node_list(cx), *there = node_list(cx), *helper = node_map(cx);
    for (uint32_t i = 0; i < hop->decider_count; i++) {
        const struct explain_decider *d = &hop->deciders[i];
        struct node *n = node_map(cx);
        put_text(cx, n, "key", d->label);
        put(cx, n, "chain", chain_node(p, &d->chain));
        node_push(cx, d->presence ? there : decided, n);
    }
    put_place(p, helper, hop->helper);
    if (helper->len)
        put(cx, map, "printedBy", helper);
    if (decided->len)
        put(cx, map, "decidedBy", decided);
    if (there->len)
        put(cx, map, "thereBecauseOf", there);
}

static struct node *chain_node(struct printer *p, const struct explain_chain *chain)
{
    struct context *cx = p->cx;
    struct node *list = node_list(cx);
    for (uint32_t i = 0; i < chain->len; i++) {
        const struct explain_hop *hop = &chain->at[i];
        struct node *n = node_map(cx), *via = node_map(cx);
        if (p->secret)
            put(cx, n, "secret", node_bool(cx, true));
        else
            put(cx, n, "value", node_copy(cx, hop->value));
        put_text(cx, n, "step", hop->step.len ? hop->step : S("file"));
        put_place(p, n, hop->pos);
        put_place(p, via, hop->via);
        if (via->len)
            put(cx, n, "askedForBy", via);
        if (hop->component)
            put(cx, n, "component", node_bool(cx, true));
        if (hop->copied)
            put(cx, n, "copiedFrom", chain_node(p, hop->copied));
        put_deciders(p, n, hop);
        node_push(cx, list, n);
    }
    return list;
}

bool explain_write_past_json(struct context *cx, struct buf *out, const struct node *document,
                             const struct field *f, const struct past_values *past,
                             struct explain_style style)
{
    struct node *n = node_map(cx), *list = node_list(cx);
    struct identity id = identity_of(document);
    bool secret = is_secret(document, f);
    put_text(cx, n, "environment", style.name);
    if (!style.values) {
        put_text(cx, n, "kind", id.gvk.kind);
        put_text(cx, n, "namespace", id.namespace_);
        put_text(cx, n, "name", id.name);
    }
    put_text(cx, n, style.values ? "key" : "field", field_print(cx->arena, f));
    for (uint32_t i = 0; i < past->len; i++) {
        const struct past_value *v = &past->at[i];
        struct node *one = node_map(cx);
        put(cx, one, "known", node_bool(cx, v->rendered));
        if (v->there && !secret)
            put_text(cx, one, "value", v->value);
        put(cx, one, "there", node_bool(cx, v->there));
        if (v->commit.len) {
            put_text(cx, one, "commit", v->commit);
            put_text(cx, one, "when", day_of(cx, v->when, GOTIME_RFC3339));
            put_text(cx, one, "author", v->author);
            put_text(cx, one, "summary", v->summary);
        }
        node_push(cx, list, one);
    }
    put(cx, n, "history", list);
    put(cx, n, "more", node_bool(cx, past->more));
    struct json_style json = { .keep_html = true, .keep_order = true };
    bool ok = json_write(cx, out, n, json);
    buf_char(out, '\n');
    return ok;
}

struct lines_of {
    struct printer p;
    const struct node *document;
    struct explain_style style;
    bool ok;
};

static void json_line(void *who, const struct field *f, const struct node *value)
{
    struct lines_of *l = who;
    struct context *cx = l->p.cx;
    struct identity id = identity_of(l->document);
    struct explain_chain chain;
    struct node *n = node_map(cx);
    l->p.secret = is_secret(l->document, f);
    trace(cx, l->document, f, l->style, &chain);
    put_text(cx, n, "environment", l->style.name);
    if (!l->style.values) {
        put_text(cx, n, "kind", id.gvk.kind);
        put_text(cx, n, "namespace", id.namespace_);
        put_text(cx, n, "name", id.name);
    }
    put_text(cx, n, l->style.values ? "key" : "field", field_print(cx->arena, f));
    if (!l->p.secret)
        put(cx, n, "value", node_copy(cx, value));
    put(cx, n, "chain", chain_node(&l->p, &chain));
    struct json_style style = { .keep_html = true, .keep_order = true };
    l->ok = l->ok && json_write(cx, l->p.out, n, style);
    buf_char(l->p.out, '\n');
}

bool explain_write_json(struct context *cx, struct buf *out, const struct node *document,
                        const struct field *f, struct explain_style style)
{
    struct lines_of l = { { cx, out, false, false, 0 }, document, style, true };
    if (f)
        json_line(&l, f, field_find(document, f));
    else
        field_each(cx, document, json_line, &l);
    return l.ok;
}

/* A document with a comment at each value. */

struct comment {
    str text;
    bool above; /* the value goes on in the next line, where a comment would become a part of it */
};

struct annotated {
    struct context *cx;
    const struct node *document;
    const struct node *printed; /* the same, read again from the text that is annotated */
    struct comment *comments;   /* by line, from 1 */
    uint32_t lines;
    struct explain_style style;
};

static str comment_of(struct annotated *a, const struct field *f)
{
    struct explain_chain chain;
    struct place place;
    trace(a->cx, a->document, f, a->style, &chain);
    if (!chain.len)
        return S("");
    const struct explain_hop *last = &chain.at[chain.len - 1];
    str step = last->step;
    if (last->decider_count && !last->deciders[0].presence)
        step = last->deciders[0].label;
    if (last->step.len && last->copied)
        step = str_concat(a->cx->arena, step, S(", from there"));
    if (!text_place(a->cx, explain_source(&chain), &place))
        return step;
    return str_format(a->cx->arena, "%.*s:%u%s%.*s", STR(plain(a->cx, place.name)), place.line,
                      step.len ? " " : "", STR(step));
}

/* Where a quoted text ends: at the quote that is neither doubled nor escaped. */
static size_t closing_quote(str text, char quote)
{
    for (size_t i = 1; i < text.len; i++) {
        bool twice = quote == '\'' && i + 1 < text.len && text.at[i + 1] == quote;
        if (text.at[i] == quote && !twice)
            return i;
        i += text.at[i] == quote || (quote == '"' && text.at[i] == '\\');
    }
    return text.len;
}

/* Is this scalar, printed at an offset, longer than the line it begins in? */
static bool goes_on(const struct text *text, const struct node *printed)
{
    str rest = str_skip(text->bytes, printed->pos.offset), line, later;
    if (!node_is_scalar(printed) || !rest.len)
        return false;
    str_cut(rest, '\n', &line, &later);
    if (rest.at[0] == '"' || rest.at[0] == '\'')
        return closing_quote(rest, rest.at[0]) >= line.len;
    return printed->style == STYLE_PLAIN && printed->text.len > line.len;
}

/* Beside the value; a block's text has no room for comments, so beside its key. */
static void annotate(void *who, const struct field *f, const struct node *value)
{
    struct annotated *a = who;
    struct place place;
    const struct node *there = field_find(a->printed, f);
    (void)value;
    if (!there || !text_place(a->cx, there->pos, &place))
        return;
    bool block = there->style == STYLE_LITERAL || there->style == STYLE_FOLDED;
    uint32_t line = place.line - (block && place.line > 1);
    if (line < a->lines && !a->comments[line].text.len)
        a->comments[line] =
            (struct comment){ comment_of(a, f), goes_on(text_of(a->cx, there->pos), there) };
}

static bool is_beside(const struct annotated *a, uint32_t line)
{
    return line < a->lines && a->comments[line].text.len && !a->comments[line].above;
}

/* Comments stand below each other, behind all but the longest lines. */
static size_t comment_column(struct annotated *a, str text)
{
    size_t column = COMMENTS_FROM;
    str line;
    for (uint32_t i = 1; str_next_line(&text, &line); i++) {
        size_t width = utf8_count(line) + 2;
        if (is_beside(a, i) && width > column && width <= COMMENTS_LATEST)
            column = width;
    }
    return column;
}

static void print_comment(struct buf *out, str comment, bool color)
{
    buf_format(out, "%s# %.*s%s", color ? "\033[2m" : "", STR(comment), color ? "\033[0m" : "");
}

static void print_annotated(struct annotated *a, struct buf *out, str text, bool color)
{
    size_t column = comment_column(a, text);
    str line;
    for (uint32_t i = 1; str_next_line(&text, &line); i++) {
        size_t indent = (size_t)(str_trim(line).at - line.at), width = utf8_count(line);
        if (i < a->lines && a->comments[i].above) {
            buf_repeat(out, ' ', indent);
            print_comment(out, a->comments[i].text, color);
            buf_char(out, '\n');
        }
        buf_str(out, line);
        if (is_beside(a, i)) {
            buf_repeat(out, ' ', width + 2 > column ? 2 : column - width);
            print_comment(out, a->comments[i].text, color);
        }
        buf_char(out, '\n');
    }
}

bool explain_write_document(struct context *cx, struct buf *out, const struct node *document,
                            struct explain_style style)
{
    struct buf b;
    buf_init(&b, cx->arena, 4096);
    if (!yaml_write(cx, &b, diff_shown(cx, document, NULL, false)))
        return false;
    str bytes = buf_take(&b);
    struct annotated a = { .cx = cx, .document = document, .style = style };
    a.printed = yaml_read(cx, text_add(cx, S("<document>"), bytes), YAML_GO3);
    if (!a.printed)
        return false;
    a.lines = 2;
    for (size_t i = 0; i < bytes.len; i++)
        a.lines += bytes.at[i] == '\n';
    a.comments = arena_zero(cx->arena, arena_array(a.lines, sizeof *a.comments));
    field_each(cx, document, annotate, &a);
    print_annotated(&a, out, bytes, style.color);
    return true;
}
