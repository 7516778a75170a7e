/* Which comment belongs to which node: one behind a node on its line, or one alone on a
 * line above the next line that holds anything. */
#include "render/doc/yaml_comment.h"

#include "render/doc/json_read.h"

static bool is_blank_or_comment(str line)
{
    str rest = str_trim_chars(line, S(" \t\r"));
    return rest.len == 0 || rest.at[0] == '#';
}

/* The offset of a "#" that opens a JSON object and stands at the line's beginning or
 * behind a space, or -1. */
static ptrdiff_t comment_in(str line)
{
    for (size_t i = 0; i + 1 < line.len; i++) {
        if (line.at[i] != '#' || (i && line.at[i - 1] != ' ' && line.at[i - 1] != '\t'))
            continue;
        str body = str_trim(str_skip(line, i + 1));
        return body.len && body.at[0] == '{' ? (ptrdiff_t)i : -1;
    }
    return -1;
}

/* The extent of the first line at or behind `offset` that holds more than a comment. */
static uint32_t end_of_next_content(str bytes, size_t offset)
{
    str rest = str_skip(bytes, offset);
    str line;
    while (str_next_line(&rest, &line) && is_blank_or_comment(line))
        ;
    return (uint32_t)(bytes.len - rest.len);
}

static void add(struct context *cx, struct text *text, uint32_t *cap, size_t line_start, str line,
                size_t at)
{
    ARENA_PUSH(cx->arena, text->notes, text->note_count, *cap);
    struct text_note *note = &text->notes[text->note_count++];
    bool alone = str_trim(str_slice(line, 0, at)).len == 0;
    size_t next = line_start + line.len;
    note->from = (uint32_t)line_start;
    note->to = alone ? end_of_next_content(text->bytes, next) : (uint32_t)(line_start + at);
    note->node = UINT32_MAX;
    note->json = str_trim(str_skip(line, at + 1));
}

/* Is there a "#" with a brace behind it, blanks aside? */
static bool may_hold_json(str bytes)
{
    for (ptrdiff_t at; (at = str_find_char(bytes, '#')) >= 0;) {
        bytes = str_skip(bytes, (size_t)at + 1);
        size_t i = 0;
        while (i < bytes.len && (bytes.at[i] == ' ' || bytes.at[i] == '\t'))
            i++;
        if (i < bytes.len && bytes.at[i] == '{')
            return true;
    }
    return false;
}

void comments_find(struct context *cx, struct text *text)
{
    if (text->notes || !may_hold_json(text->bytes))
        return;
    uint32_t cap = 0;
    str rest = text->bytes;
    str line;
    for (size_t start = 0; str_next_line(&rest, &line); start = text->bytes.len - rest.len) {
        ptrdiff_t at = comment_in(line);
        if (at >= 0)
            add(cx, text, &cap, start, line, (size_t)at);
    }
}

static bool stands_alone(const struct text *text, const struct text_note *note)
{
    str line = str_slice(text->bytes, note->from, note->to);
    return str_starts(str_trim(line), S("#"));
}

/* A list's item that begins with a key on this line: a comment behind it is the key's. */
static bool begins_with_key(const struct node *n, uint32_t key_offset)
{
    return n->kind == NODE_MAP && !(n->flags & NODE_FLOW) && n->pos.offset == key_offset;
}

/* Notes stand in the order of the file, so do their ranges. */
void comment_attach(struct text *text, uint32_t key_offset, struct node *n)
{
    uint32_t low = 0;
    uint32_t high = text->note_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (text->notes[middle].from <= key_offset)
            low = middle;
        else
            high = middle;
    }
    struct text_note *note = &text->notes[low];
    if (key_offset < note->from || key_offset >= note->to)
        return;
    if (begins_with_key(n, key_offset) && !stands_alone(text, note))
        return;
    note->node = n->pos.offset;
    n->flags |= NODE_COMMENTED;
}

struct node *node_comment(struct context *cx, const struct node *n)
{
    const struct text *text = text_of(cx, n->pos);
    for (uint32_t i = 0; text && (n->flags & NODE_COMMENTED) && i < text->note_count; i++) {
        const struct text_note *note = &text->notes[i];
        if (note->node != n->pos.offset)
            continue;
        struct node *object = json_try(cx, text_add(cx, text->name, note->json));
        return node_is(object, NODE_MAP) ? object : NULL;
    }
    return NULL;
}
