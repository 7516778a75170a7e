/* libfyaml's events to places (libfyaml).
 *
 * The parser's marks are exact for what has a token. What has none is found beside it: an
 * empty value stands behind its colon or dash, a block ends with its last child, quotes
 * stand around their scalar, and "|" before the lines it opens. */
#include "render/doc/layout.h"

#include <libfyaml.h>

struct open {
    struct layout *layout;
    uint32_t first; /* its first child in the stack */
};

struct reader {
    struct context *cx;
    str bytes;
    struct layouts *out;
    struct layout **children;
    uint32_t child_count, child_cap;
    struct open *open;
    uint32_t open_count, open_cap;
    uint32_t end; /* of what was last delivered */
};

static uint32_t skip_line(str bytes, uint32_t at)
{
    while (at < bytes.len && bytes.at[at] != '\n')
        at++;
    return at;
}

uint32_t layout_skip(str bytes, uint32_t at)
{
    for (;;) {
        uint32_t from = at;
        while (at < bytes.len && str_has_char(S(" \t\r\n"), bytes.at[at]))
            at++;
        if (at < bytes.len && bytes.at[at] == '#')
            at = skip_line(bytes, at);
        if (at == from)
            return at;
    }
}

static uint32_t start_of(struct fy_token *token)
{
    return (uint32_t)fy_token_start_mark(token)->input_pos;
}

static uint32_t end_of(struct fy_token *token)
{
    return (uint32_t)fy_token_end_mark(token)->input_pos;
}

/* Where a value without tokens of its own would begin: behind the colon or dash that
 * follows what was read last. */
static uint32_t after_indicator(const struct reader *r)
{
    const struct open *o = r->open_count ? &r->open[r->open_count - 1] : NULL;
    if (!o)
        return r->end;
    uint32_t at = layout_skip(r->bytes, r->end);
    bool key = o->layout->form == LAYOUT_MAP && (r->child_count - o->first) % 2 == 0;
    char indicator = key ? '?' : o->layout->form == LAYOUT_MAP ? ':' : '-';
    if (at < r->bytes.len && r->bytes.at[at] == indicator)
        return at + 1;
    return r->end;
}

static str token_text(struct reader *r, struct fy_token *token)
{
    size_t len = 0;
    const char *at = token ? fy_token_get_text(token, &len) : NULL;
    return at ? str_dup(r->cx->arena, (str){ at, len }) : S("");
}

static struct layout *layout_new(struct reader *r, enum layout_form form, struct fy_token *token,
                                 struct fy_token *anchor, struct fy_token *tag)
{
    struct layout *l = NEW(r->cx->arena, struct layout);
    l->form = (uint8_t)form;
    bool placed = token && fy_token_start_mark(token);
    l->at = placed ? start_of(token) : after_indicator(r);
    if (tag && !placed)
        l->at = end_of(tag);
    l->tag = token_text(r, tag);
    l->anchor = token_text(r, anchor);
    if (anchor && !placed && end_of(anchor) > l->at)
        l->at = end_of(anchor);
    l->first = l->head = l->end = l->at;
    if (tag)
        l->first = start_of(tag);
    if (anchor && start_of(anchor) - 1 < l->first)
        l->first = start_of(anchor) - 1;
    return l;
}

/* A block's "|" or ">" stands behind its tag and anchor, else behind the indicator. */
static uint32_t block_head(const struct reader *r, struct fy_event *event)
{
    uint32_t at = after_indicator(r);
    if (event->scalar.tag && end_of(event->scalar.tag) > at)
        at = end_of(event->scalar.tag);
    if (event->scalar.anchor && end_of(event->scalar.anchor) > at)
        at = end_of(event->scalar.anchor);
    return layout_skip(r->bytes, at);
}

/* Blank lines behind a block are part of it only when its "+" keeps them. */
static uint32_t block_end(str bytes, const struct layout *l)
{
    str header = str_slice(bytes, l->head, l->at);
    uint32_t end = l->end;
    for (size_t i = 0; i < header.len && !str_has_char(S(" \t\r\n#"), header.at[i]); i++) {
        if (header.at[i] == '+')
            return end;
    }
    while (end > l->at && str_has_char(S(" \t\r\n"), bytes.at[end - 1]))
        end--;
    uint32_t line = skip_line(bytes, end);
    return line < l->end ? line + 1 : l->end;
}

static struct layout *scalar(struct reader *r, struct fy_event *event)
{
    struct fy_token *token = event->scalar.value;
    struct layout *l = layout_new(r, LAYOUT_SCALAR, token, event->scalar.anchor, event->scalar.tag);
    if (!token || !fy_token_start_mark(token))
        return l;
    l->end = end_of(token);
    bool bare = !event->scalar.anchor && !event->scalar.tag;
    switch (fy_scalar_token_get_style(token)) {
    case FYSS_SINGLE_QUOTED:
    case FYSS_DOUBLE_QUOTED:
        l->style = r->bytes.at[l->at - 1] == '"' ? STYLE_DOUBLE : STYLE_SINGLE;
        l->end++;
        l->head = --l->at;
        l->first = bare ? l->at : l->first;
        break;
    case FYSS_LITERAL:
    case FYSS_FOLDED:
        l->head = block_head(r, event);
        l->style = r->bytes.at[l->head] == '|' ? STYLE_LITERAL : STYLE_FOLDED;
        l->end = block_end(r->bytes, l);
        l->first = bare ? l->head : l->first;
        break;
    default:
        l->style = STYLE_PLAIN;
        break;
    }
    return l;
}

static struct layout *alias(struct reader *r, struct fy_event *event)
{
    struct layout *l = layout_new(r, LAYOUT_ALIAS, event->alias.anchor, event->alias.anchor, NULL);
    l->end = end_of(event->alias.anchor);
    l->at = l->head = l->first; /* the star */
    return l;
}

static void deliver(struct reader *r, struct layout *l)
{
    r->end = l->end;
    if (r->open_count == 0) {
        ARENA_PUSH(r->cx->arena, r->out->at, r->out->len, r->out->cap);
        r->out->at[r->out->len++] = l;
        return;
    }
    l->parent = r->open[r->open_count - 1].layout;
    ARENA_PUSH(r->cx->scratch, r->children, r->child_count, r->child_cap);
    r->children[r->child_count++] = l;
}

static void open_collection(struct reader *r, enum layout_form form, struct fy_event *event,
                            struct fy_token *token, struct fy_token *anchor, struct fy_token *tag)
{
    struct layout *l = layout_new(r, form, token, anchor, tag);
    l->flow = fy_event_get_node_style(event) == FYNS_FLOW;
    ARENA_PUSH(r->cx->scratch, r->open, r->open_count, r->open_cap);
    r->open[r->open_count++] = (struct open){ l, r->child_count };
    r->end = l->flow ? l->at + 1 : l->at;
}

static void close_collection(struct reader *r, struct fy_token *token)
{
    struct open o = r->open[--r->open_count];
    struct layout *l = o.layout;
    l->len = r->child_count - o.first;
    l->children = arena_copy(r->cx->arena, r->children + o.first, l->len * sizeof *l->children);
    r->child_count = o.first;
    /* "[a: b]" holds a map that has no braces. */
    l->flow = l->flow && str_has_char(S("{["), r->bytes.at[l->at]);
    l->end = l->flow ? end_of(token) : r->end;
    deliver(r, l);
}

static void take_event(struct reader *r, struct fy_event *e)
{
    switch (e->type) {
    case FYET_DOCUMENT_START:
        if (!fy_document_event_is_implicit(e) && e->document_start.document_start)
            r->end = end_of(e->document_start.document_start);
        break;
    case FYET_SCALAR:
        deliver(r, scalar(r, e));
        break;
    case FYET_ALIAS:
        deliver(r, alias(r, e));
        break;
    case FYET_MAPPING_START:
        open_collection(r, LAYOUT_MAP, e, e->mapping_start.mapping_start, e->mapping_start.anchor,
                        e->mapping_start.tag);
        break;
    case FYET_SEQUENCE_START:
        open_collection(r, LAYOUT_LIST, e, e->sequence_start.sequence_start,
                        e->sequence_start.anchor, e->sequence_start.tag);
        break;
    case FYET_MAPPING_END:
        close_collection(r, e->mapping_end.mapping_end);
        break;
    case FYET_SEQUENCE_END:
        close_collection(r, e->sequence_end.sequence_end);
        break;
    default:
        break;
    }
}

static void close_parser(void *parser)
{
    fy_parser_destroy(parser);
}

bool layout_read(struct context *cx, const struct text *text, struct layouts *out)
{
    struct mark before = arena_mark(cx->scratch);
    struct fy_parse_cfg config = { .flags = FYPCF_QUIET | FYPCF_SLOPPY_FLOW_INDENTATION };
    struct fy_parser *parser = fy_parser_create(&config);
    if (!parser)
        return report_surroundings(cx, NOWHERE, "no memory for a YAML parser");
    arena_defer(cx->scratch, close_parser, parser);
    struct reader r = { .cx = cx, .bytes = text->bytes, .out = out };
    fy_parser_set_string(parser, text->bytes.at, text->bytes.len);
    for (struct fy_event *e; (e = fy_parser_parse(parser));) {
        take_event(&r, e);
        fy_parser_event_free(parser, e);
    }
    bool ok = !fy_parser_get_stream_error(parser) && r.open_count == 0;
    arena_rewind(cx->scratch, before);
    return ok || report(cx, (struct pos){ text->id, r.end }, "not YAML behind this place");
}
