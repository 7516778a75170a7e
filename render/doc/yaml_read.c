/* libfyaml's events to nodes.
 *
 * No fy_document is ever made: its builder is quadratic in the keys of a map and keeps
 * forty times the text in memory. A stack of unfinished maps and lists collects their
 * children; a finished one is copied, at its exact size, into the arena. */
#include "render/doc/yaml_read.h"

#include <libfyaml.h>

#include "render/base/encode.h"
#include "render/base/map.h"
#include "render/doc/block_text.h"
#include "render/doc/flow_text.h"
#include "render/doc/tabs.h"
#include "render/doc/yaml_characters.h"
#include "render/doc/yaml_comment.h"
#include "render/doc/yaml_input.h"
#include "render/doc/yaml_key.h"

struct child {
    const struct key *key; /* NULL while a map waits for its next key */
    struct node *value;
    struct pos pos;
};

struct frame {
    struct node *node;
    uint32_t first; /* its first child in the stack of children */
    struct child pending;
    str anchor;
    const struct node *unfit_key; /* the pending one, when JSON cannot have it */
    struct node *colon;           /* a key that took its colon: "[a:]" is a list of the text "a:" */
    int column;                   /* of its first key or dash */
    bool odd_keys;
    bool merges;
};

struct reader {
    struct context *cx;
    struct text *text;
    struct yaml_input input;
    bool rare_breaks; /* the text may have line ends that are not ASCII */
    enum yaml_dialect dialect;
    struct documents *out;
    struct child *children;
    uint32_t child_count, child_cap;
    struct frame *frames;
    uint32_t frame_count, frame_cap;
    struct map anchors;
    struct tabs tabs;
    uint64_t decoded; /* nodes of the document, keys too, what aliases stand for among them */
    uint64_t aliased;
};

static struct pos at_offset(const struct reader *r, size_t offset)
{
    size_t end = r->text->bytes.len;
    return (struct pos){ r->text->id, (uint32_t)(offset < end ? offset : end) };
}

static struct pos token_pos(const struct reader *r, struct fy_token *token)
{
    const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
    return at_offset(r, mark ? yaml_input_in_text(&r->input, mark->input_pos) : r->text->bytes.len);
}

/* Where the parser stands, for what has no token of its own: an empty value. */
static struct pos here(const struct reader *r)
{
    const struct frame *f = r->frame_count ? &r->frames[r->frame_count - 1] : NULL;
    return f ? (f->pending.key ? f->pending.pos : f->node->pos) : at_offset(r, 0);
}

/* The column of the block map or list that is being read; -1 when there is none. */
static ptrdiff_t block_column(const struct reader *r)
{
    for (uint32_t i = r->frame_count; i-- > 0;) {
        const struct node *n = r->frames[i].node;
        if (n->flags & NODE_FLOW)
            continue;
        str before = str_slice(r->text->bytes, 0, n->pos.offset);
        return (ptrdiff_t)utf8_count(str_skip(before, (size_t)(str_find_last(before, '\n') + 1)));
    }
    return -1;
}

/* The text of a plain or quoted scalar. */
static str scalar_text(struct reader *r, struct fy_token *token, enum scalar_style style)
{
    static const char quotes[] = { [STYLE_SINGLE] = '\'', [STYLE_DOUBLE] = '"' };
    const struct fy_mark *start = fy_token_start_mark(token);
    const struct fy_mark *end = fy_token_end_mark(token);
    str raw = str_slice(r->input.bytes, start->input_pos, end->input_pos);
    bool words = style == STYLE_PLAIN && start->line == end->line && !r->rare_breaks;
    return words ? raw : flow_text(r->cx->arena, raw, quotes[style]);
}

static bool mend_block(struct reader *r, const struct block_text *block)
{
    if (!yaml_input_mend_block(&r->input, r->cx->arena, block->header, block->text))
        return report(r->cx, at_offset(r, block->header), "more than %d empty texts such as this",
                      YAML_MENDED_MOST);
    return false;
}

/* In a map that is indented, libfyaml takes "a: |" and the key in the next line for a text. */
static bool read_block(struct reader *r, struct fy_token *token, struct node *n)
{
    size_t start = yaml_input_in_text(&r->input, fy_token_start_mark(token)->input_pos);
    size_t end = yaml_input_in_text(&r->input, fy_token_end_mark(token)->input_pos);
    str bytes = r->text->bytes;
    struct block_text block = block_text(r->cx->arena, bytes, start, block_column(r));
    n->text = block.text;
    if (block.led_by_tab)
        return report(r->cx, at_offset(r, block.header),
                      "not YAML: this text begins with a tab, where its indentation is looked for");
    return str_trim(str_slice(bytes, block.end, end)).len == 0 || mend_block(r, &block);
}

static enum scalar_style style_of(struct fy_token *token)
{
    switch (fy_scalar_token_get_style(token)) {
    case FYSS_SINGLE_QUOTED:
        return STYLE_SINGLE;
    case FYSS_DOUBLE_QUOTED:
        return STYLE_DOUBLE;
    case FYSS_LITERAL:
        return STYLE_LITERAL;
    case FYSS_FOLDED:
        return STYLE_FOLDED;
    default:
        return STYLE_PLAIN;
    }
}

static bool decode_binary(struct reader *r, struct node *n)
{
    str decoded;
    if (decode_base64(r->cx->arena, BASE64_STD, n->text, &decoded)) {
        n->text = decoded;
        return true;
    }
    return report(r->cx, n->pos, "a !!binary value must be base64");
}

/* The kind that a tag asks for; NULL-tagged and unknown tags leave a string. */
static bool apply_tag(struct reader *r, struct node *n, str tag)
{
    static const struct {
        str name;
        uint8_t kind;
    } tags[] = {
        { S("tag:yaml.org,2002:str"), NODE_STRING },  { S("tag:yaml.org,2002:int"), NODE_INT },
        { S("tag:yaml.org,2002:float"), NODE_FLOAT }, { S("tag:yaml.org,2002:bool"), NODE_BOOL },
        { S("tag:yaml.org,2002:null"), NODE_NULL },
    };
    n->flags |= NODE_TAGGED;
    n->kind = NODE_STRING;
    if (str_eq(tag, S("tag:yaml.org,2002:binary")))
        return decode_binary(r, n);
    for (size_t i = 0; i < countof(tags); i++) {
        if (!str_eq(tag, tags[i].name))
            continue;
        struct scalar_kind plain = scalar_resolve(n->text, r->dialect);
        bool widened = tags[i].kind == NODE_FLOAT && plain.kind == NODE_INT;
        if (tags[i].kind != NODE_STRING && plain.kind != tags[i].kind && !widened)
            return report(r->cx, n->pos, "'%.*s' is not what its tag '%.*s' says", STR(n->text),
                          STR(tag));
        n->kind = tags[i].kind;
        return true;
    }
    return true;
}

static str tag_of(struct fy_token *token)
{
    size_t len = 0;
    const char *at = token ? fy_token_get_text(token, &len) : NULL;
    return (str){ at, at ? len : 0 };
}

static struct node *new_node(struct reader *r, enum node_kind kind, struct pos pos)
{
    struct node *n = arena_alloc(r->cx->arena, sizeof *n);
    *n = (struct node){ .kind = (uint8_t)kind, .pos = pos, .maker = r->cx->step };
    return n;
}

static uint64_t count_decoded(const struct node *n)
{
    uint64_t count = 1;
    for (uint32_t i = 0; !node_is_scalar(n) && i < n->len; i++)
        count += n->kind == NODE_MAP ? 1 + count_decoded(n->entries[i].value)
                                     : count_decoded(n->items[i]);
    return count;
}

/* Go's YAML packages refuse a document of which too much comes from aliases: 99 of 100 nodes may,
 * of more than 400000 ever fewer, down to one of ten. */
static bool may_expand(struct reader *r, const struct node *target)
{
    const double few = 400000, many = 4000000;
    uint64_t more = count_decoded(target);
    r->decoded += more;
    r->aliased += more;
    double share = (double)r->aliased / (double)r->decoded, n = (double)r->decoded;
    double most = n <= few ? 0.99 : n >= many ? 0.10 : 0.99 - 0.89 * (n - few) / (many - few);
    return r->aliased <= 100 || r->decoded <= 1000 || share <= most
           || report(r->cx, here(r), "not YAML: document contains excessive aliasing");
}

/* In a block a value stands deeper than the key or dash it belongs to. libfyaml lets one pass that
 * stands in the next line at the same column, where Go takes it for a key without a colon. A token
 * of a quoted scalar begins behind its quote. */
static bool is_deep_enough(struct reader *r, struct fy_token *token, int quote)
{
    const struct frame *f = r->frame_count ? &r->frames[r->frame_count - 1] : NULL;
    const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
    if (!f || !mark || (f->node->flags & NODE_FLOW) || mark->column - quote > f->column
        || (f->node->kind == NODE_MAP && !f->pending.key))
        return true;
    return report(r->cx, token_pos(r, token), "not YAML: this value stands no deeper than its key");
}

static bool read_alias(struct reader *r, struct fy_event *event, struct node **out)
{
    str name = tag_of(event->alias.anchor);
    const struct node *target = map_get(&r->anchors, name);
    if (!target)
        return report(r->cx, here(r), "unknown anchor '%.*s'", STR(name));
    if (!may_expand(r, target) || !node_may_copy(r->cx, target, here(r)))
        return false;
    *out = node_copy(r->cx, target);
    return true;
}

static void remember_anchor(struct reader *r, str name, struct node *n)
{
    if (name.len)
        map_put(&r->anchors, name, n);
}

static str anchor_of(struct reader *r, struct fy_token *token)
{
    str name = tag_of(token);
    return name.len ? str_dup(r->cx->arena, name) : name;
}

static bool refuse_tab(struct reader *r)
{
    report(r->cx, at_offset(r, r->tabs.at), "not YAML: a tab stands where only spaces may");
    return false;
}

/* What stands before a scalar, and the scalar itself. A block text's own tabs are its text. */
static bool check_tabs(struct reader *r, struct fy_token *token, const struct node *n)
{
    if (!r->tabs.any || r->input.mended_count)
        return true;
    bool block = n->style == STYLE_LITERAL || n->style == STYLE_FOLDED;
    size_t start = yaml_input_in_text(&r->input, fy_token_start_mark(token)->input_pos);
    size_t end = yaml_input_in_text(&r->input, fy_token_end_mark(token)->input_pos);
    if (start < r->tabs.at)
        return true;
    if (!tabs_pass(&r->tabs, start))
        return refuse_tab(r);
    if (n->style == STYLE_PLAIN)
        return tabs_over_plain(&r->tabs, end, (size_t)(block_column(r) + 1)) || refuse_tab(r);
    tabs_over(&r->tabs, block && end && r->text->bytes.at[end - 1] == '\n' ? end - 1 : end);
    return true;
}

/* In brackets a '?' or a ':' ends a plain text, and begins none. */
static bool check_brackets(struct reader *r, const struct node *n)
{
    const struct frame *f = r->frame_count ? &r->frames[r->frame_count - 1] : NULL;
    if (!f || !(f->node->flags & NODE_FLOW) || n->style != STYLE_PLAIN)
        return true;
    if (!str_has_char(n->text, '?') && !str_starts(n->text, S(":")))
        return true;
    return report(r->cx, n->pos, "not YAML: in brackets '%.*s' must be put in quotes",
                  STR(n->text));
}

/* Of JSON's escapes Go's YAML packages do not know this one. */
static bool check_escapes(struct reader *r, struct fy_token *token, const struct node *n)
{
    size_t at = fy_token_start_mark(token)->input_pos, end = fy_token_end_mark(token)->input_pos;
    if (n->style != STYLE_DOUBLE)
        return true;
    for (; at + 1 < end; at++) {
        if (r->input.bytes.at[at] != '\\')
            continue;
        if (r->input.bytes.at[++at] == '/')
            return report(r->cx, at_offset(r, yaml_input_in_text(&r->input, at - 1)),
                          "not YAML: unknown escape '\\/'");
    }
    return true;
}

static struct node *read_scalar(struct reader *r, struct fy_event *event)
{
    struct fy_token *token = event->scalar.value;
    bool present = token && fy_token_start_mark(token);
    struct node *n = new_node(r, NODE_NULL, present ? token_pos(r, token) : here(r));
    n->text = S("");
    if (present) {
        n->style = (uint8_t)style_of(token);
        bool quoted = n->style == STYLE_SINGLE || n->style == STYLE_DOUBLE;
        bool block = n->style == STYLE_LITERAL || n->style == STYLE_FOLDED;
        if (!block && !is_deep_enough(r, token, quoted))
            return NULL;
        const struct yaml_mended *mended =
            r->input.mended_count ? yaml_input_mended_at(&r->input, n->pos.offset) : NULL;
        if (mended) {
            n->style = mended->style;
            n->text = mended->text;
        } else if (block) {
            if (!read_block(r, token, n))
                return NULL;
        } else if (!yaml_input_is_filling(&r->input, n->pos.offset)) {
            n->text = scalar_text(r, token, n->style);
        }
        if (!check_tabs(r, token, n) || !check_escapes(r, token, n) || !check_brackets(r, n))
            return NULL;
        /* The mark of a quoted scalar stands behind its quote. */
        if (quoted && n->pos.offset)
            n->pos.offset--;
    }
    if (event->scalar.tag) {
        if (!apply_tag(r, n, tag_of(event->scalar.tag)))
            return NULL;
    } else if (n->style != STYLE_PLAIN) {
        n->kind = NODE_STRING;
    } else {
        struct scalar_kind k = scalar_resolve(n->text, r->dialect);
        n->kind = k.kind;
        if (r->dialect != YAML_GO2) /* YAML_GO2 leaves times the strings they are */
            n->flags |= k.flags;
    }
    remember_anchor(r, anchor_of(r, event->scalar.anchor), n);
    return n;
}

static void push_child(struct reader *r, struct child c)
{
    ARENA_PUSH(r->cx->scratch, r->children, r->child_count, r->child_cap);
    r->children[r->child_count++] = c;
}

/* "[a: 1]" is a list of a map without braces. */
static bool in_braces(const struct reader *r, const struct frame *f)
{
    return str_starts(str_skip(r->text->bytes, f->node->pos.offset), S("{"));
}

/* To Go a colon in braces ends a key only before a space: "{a:, b:}" has the keys "a:" and "b:". */
static bool take_colon(struct reader *r, struct frame *f, struct node *n)
{
    str after = str_skip(r->text->bytes, n->pos.offset + n->text.len);
    if (!(f->node->flags & NODE_FLOW) || n->style != STYLE_PLAIN || !n->text.len || after.len < 2
        || after.at[0] != ':' || !memchr(",[]{}", after.at[1], 5))
        return true;
    if (after.at[1] == '[' || after.at[1] == '{')
        return report_as(r->cx, n->pos,
                         in_braces(r, f) ? S("yaml: did not find expected ',' or '}'")
                                         : S("yaml: did not find expected ',' or ']'"),
                         "a space must stand behind the colon of '%.*s:'", STR(n->text));
    n->text = str_slice(r->text->bytes, n->pos.offset, n->pos.offset + n->text.len + 1);
    n->kind = NODE_STRING;
    n->flags = 0;
    f->colon = n;
    return true;
}

/* A map's key: its text, or under YAML_GO2 what the text means. */
static bool take_key(struct reader *r, struct frame *f, struct node *n)
{
    if (!node_is_scalar(n))
        return yaml_key_refuse_collection(r->cx, n);
    if (!take_colon(r, f, n))
        return false;
    bool merge = n->style == STYLE_PLAIN && str_eq(n->text, S("<<"));
    f->merges |= merge;
    str text = n->text;
    if (n->kind != NODE_STRING && r->dialect == YAML_GO2)
        text = yaml_key_text(r->cx, n);
    else if (n->kind != NODE_STRING || (n->flags & NODE_TIMESTAMP))
        f->odd_keys = true;
    f->unfit_key = r->dialect == YAML_GO2 && !yaml_key_fits(n) ? n : NULL;
    f->pending = (struct child){ intern(r->cx->keys, text), NULL, n->pos };
    if (!f->unfit_key && f->colon != n)
        arena_shrink(r->cx->arena, n, sizeof *n, 0); /* but for its text, a key needs no node */
    return true;
}

static bool add_document(struct reader *r, struct node *n)
{
    if (!r->out->at) /* most files hold one */
        r->out->at = NEW_ARRAY(r->cx->arena, struct node *, r->out->cap = 1);
    ARENA_PUSH(r->cx->arena, r->out->at, r->out->len, r->out->cap);
    r->out->at[r->out->len++] = n;
    return true;
}

static bool deliver(struct reader *r, struct node *n)
{
    r->decoded++;
    if (r->frame_count == 0)
        return add_document(r, n);
    struct frame *f = &r->frames[r->frame_count - 1];
    if (f->node->kind == NODE_MAP && !f->pending.key)
        return take_key(r, f, n);
    struct child c = f->pending;
    if (n->kind == NODE_NULL && !n->text.len && f->node->flags & NODE_FLOW
        && !(n->flags & NODE_TAGGED))
        n->flags |= NODE_BLANK;
    c.value = n;
    if (f->unfit_key)
        return yaml_key_refuse(r->cx, f->unfit_key, n);
    if (f->node->kind == NODE_LIST)
        c.pos = n->pos;
    if (r->text->note_count)
        comment_attach(r->text, c.pos.offset, n);
    push_child(r, c);
    f->pending.key = NULL;
    return limit_count(r->cx, LIMIT_NODES, 1, n->pos);
}

static bool open_collection(struct reader *r, enum node_kind kind, struct fy_token *start,
                            struct fy_token *anchor, bool flow)
{
    struct pos pos = token_pos(r, start);
    const struct fy_mark *mark = start ? fy_token_start_mark(start) : NULL;
    if (flow && !is_deep_enough(r, start, 0))
        return false;
    if (!limit_enter(r->cx, LIMIT_DEPTH, pos))
        return false;
    ARENA_PUSH(r->cx->scratch, r->frames, r->frame_count, r->frame_cap);
    struct frame *f = &r->frames[r->frame_count++];
    *f = (struct frame){ .node = new_node(r, kind, pos), .first = r->child_count };
    f->node->flags = flow ? NODE_FLOW : 0;
    f->column = mark ? mark->column : -1;
    f->anchor = anchor_of(r, anchor);
    return true;
}

static void fill_list(struct reader *r, struct frame *f)
{
    struct node *list = f->node;
    list->len = list->items_cap = r->child_count - f->first;
    list->items = arena_alloc(r->cx->arena, arena_array(list->len, sizeof *list->items));
    for (uint32_t i = 0; i < list->len; i++)
        list->items[i] = r->children[f->first + i].value;
}

/* A key that is there already: an error for kustomize; Helm's reader takes the last. */
static bool add_entry(struct reader *r, struct node *map, const struct child *c)
{
    struct entry *e = node_entry(map, c->key);
    if (!e) {
        node_add(r->cx, map, c->key, c->value)->pos = c->pos;
        return true;
    }
    if (r->dialect == YAML_GO2) {
        node_replace(r->cx, &e->value, c->value);
        return true;
    }
    if (r->dialect == YAML_GO3_FIRST) {
        map->flags |= NODE_TWICE;
        return true;
    }
    report(r->cx, c->pos, "the key '%.*s' is here twice", STR(c->key->text));
    note(r->cx, e->pos, "it is first set here");
    return false;
}

/* Adds what a merged map holds: never over a key of the map itself, but with YAML_GO2
 * also over the keys that stand before the merge. */
static bool merge_map(struct reader *r, struct node *map, const struct node *from, bool over)
{
    for (uint32_t i = 0; i < from->len; i++) {
        const struct entry *e = &from->entries[i];
        struct entry *mine = node_entry(map, e->key);
        if (mine && over)
            node_replace(r->cx, &mine->value, e->value);
        else if (!mine)
            node_add(r->cx, map, e->key, e->value)->pos = e->pos;
    }
    return true;
}

static bool merge_value(struct reader *r, struct node *map, const struct node *from, bool over)
{
    if (from->kind == NODE_MAP)
        return merge_map(r, map, from, over);
    bool maps = from->kind == NODE_LIST;
    for (uint32_t i = 0; maps && i < from->len; i++)
        maps = from->items[i]->kind == NODE_MAP;
    if (!maps)
        return report(r->cx, from->pos, "a merge key takes a map or a list of maps, not %s",
                      node_kind_name(from));
    /* Earlier maps win over later ones. */
    for (uint32_t i = from->len; over && i-- > 0;)
        merge_map(r, map, from->items[i], over);
    for (uint32_t i = 0; !over && i < from->len; i++)
        merge_map(r, map, from->items[i], over);
    return true;
}

static bool is_merge(const struct frame *f, const struct child *c)
{
    return f->merges && c->key == KEY(MERGE);
}

static bool fill_map(struct reader *r, struct frame *f)
{
    struct node *map = f->node;
    node_reserve(r->cx, map, r->child_count - f->first);
    bool over = r->dialect == YAML_GO2;
    for (uint32_t i = f->first; i < r->child_count; i++) {
        const struct child *c = &r->children[i];
        if (is_merge(f, c) ? over && !merge_value(r, map, c->value, true) : !add_entry(r, map, c))
            return false;
    }
    for (uint32_t i = f->first; !over && f->merges && i < r->child_count; i++) {
        if (is_merge(f, &r->children[i]) && !merge_value(r, map, r->children[i].value, false))
            return false;
    }
    if (f->odd_keys)
        map->flags |= NODE_ODD_KEYS;
    return true;
}

static bool close_collection(struct reader *r)
{
    struct frame *f = &r->frames[r->frame_count - 1];
    limit_leave(r->cx, LIMIT_DEPTH);
    if (f->node->kind == NODE_LIST)
        fill_list(r, f);
    else if (!fill_map(r, f))
        return false;
    r->child_count = f->first;
    r->frame_count--;
    remember_anchor(r, f->anchor, f->node);
    return deliver(r, f->colon && !in_braces(r, f) ? f->colon : f->node);
}

static bool take_event(struct reader *r, struct fy_event *event)
{
    struct node *n = NULL;
    switch (event->type) {
    case FYET_DOCUMENT_START:
        r->anchors = (struct map){ .arena = r->cx->scratch };
        r->decoded = r->aliased = 0;
        return true;
    case FYET_SCALAR:
        n = read_scalar(r, event);
        return n && deliver(r, n);
    case FYET_ALIAS:
        return is_deep_enough(r, event->alias.anchor, 1) && read_alias(r, event, &n)
               && deliver(r, n);
    case FYET_MAPPING_START:
        return open_collection(r, NODE_MAP, event->mapping_start.mapping_start,
                               event->mapping_start.anchor,
                               fy_event_get_node_style(event) == FYNS_FLOW);
    case FYET_SEQUENCE_START:
        return open_collection(r, NODE_LIST, event->sequence_start.sequence_start,
                               event->sequence_start.anchor,
                               fy_event_get_node_style(event) == FYNS_FLOW);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        return close_collection(r);
    default:
        return true;
    }
}

/* The mistake is told, unless the parser made it and can be helped: then all is read again. */
static bool report_syntax(struct reader *r, struct fy_diag *diag)
{
    void *at = NULL;
    const struct fy_diag_error *e = fy_diag_errors_iterate(diag, &at);
    size_t offset = 0;
    for (int line = 1; e && line < e->line; line++) {
        ptrdiff_t end = str_find_char(str_skip(r->text->bytes, offset), '\n');
        if (end < 0)
            break;
        offset += (size_t)end + 1;
    }
    if (e && e->column > 0)
        offset += (size_t)e->column - 1;
    if (yaml_input_mend_mistake(&r->input, r->cx->arena, r->text->bytes, offset))
        return false;
    return report(r->cx, at_offset(r, offset), "not YAML: %s",
                  e && e->msg ? e->msg : "the text ends in the middle");
}

static bool parse(struct reader *r, struct fy_parser *parser, struct fy_diag *diag)
{
    struct fy_event *event;
    bool ok = true;
    while (ok && (event = fy_parser_parse(parser))) {
        ok = take_event(r, event);
        fy_parser_event_free(parser, event);
    }
    if (ok && fy_parser_get_stream_error(parser))
        return report_syntax(r, diag);
    if (ok && r->tabs.any && !r->input.mended_count && !tabs_pass(&r->tabs, r->text->bytes.len))
        return refuse_tab(r);
    return ok;
}

static void close_parser(void *parser)
{
    fy_parser_destroy(parser);
}

static void close_diag(void *diag)
{
    fy_diag_destroy(diag);
}

static bool run(struct reader *r)
{
    yaml_input_make(&r->input, r->cx->arena, r->text->bytes);
    struct fy_diag_cfg quiet;
    fy_diag_cfg_default(&quiet);
    struct fy_diag *diag = fy_diag_create(&quiet);
    if (!diag)
        return report_surroundings(r->cx, NOWHERE, "no memory for a YAML parser");
    arena_defer(r->cx->scratch, close_diag, diag);
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg config = { .flags = FYPCF_QUIET | FYPCF_SLOPPY_FLOW_INDENTATION,
                                   .diag = diag };
    struct fy_parser *parser = fy_parser_create(&config);
    if (!parser)
        return report_surroundings(r->cx, NOWHERE, "no memory for a YAML parser");
    arena_defer(r->cx->scratch, close_parser, parser);
    if (fy_parser_set_string(parser, r->input.bytes.at, r->input.bytes.len) != 0)
        return report_surroundings(r->cx, NOWHERE, "the YAML parser did not start");
    return parse(r, parser, diag);
}

static bool read_once(struct reader *r)
{
    struct mark before = arena_mark(r->cx->scratch);
    uint64_t depth = r->cx->limits.used[LIMIT_DEPTH];
    bool ok = run(r);
    r->cx->limits.used[LIMIT_DEPTH] = depth;
    arena_rewind(r->cx->scratch, before);
    return ok;
}

bool yaml_read_all(struct context *cx, struct text *text, enum yaml_dialect dialect,
                   struct documents *out)
{
    if (str_trim(text->bytes).len == 0)
        return true;
    if (!yaml_characters_check(cx, text))
        return false;
    struct reader r = { .input.again = true };
    comments_find(cx, text);
    bool ok = false;
    uint32_t documents = out->len;
    while (r.input.again) {
        r = (struct reader){ .cx = cx,
                             .text = text,
                             .dialect = dialect,
                             .rare_breaks = str_has_char(text->bytes, '\xC2')
                                            || str_has_char(text->bytes, '\xE2'),
                             .out = out,
                             .input = r.input };
        r.tabs = tabs_begin(text->bytes);
        out->len = documents;
        ok = read_once(&r);
    }
    return ok;
}

struct node *yaml_read(struct context *cx, struct text *text, enum yaml_dialect dialect)
{
    struct documents all = { 0 };
    if (!yaml_read_all(cx, text, dialect, &all))
        return NULL;
    if (all.len == 0) {
        struct node *nothing = node_null(cx);
        nothing->pos = (struct pos){ text->id, 0 };
        return nothing;
    }
    if (all.len > 1) {
        report(cx, all.at[1]->pos, "a second document stands here, where one is expected");
        return NULL;
    }
    return all.at[0];
}
