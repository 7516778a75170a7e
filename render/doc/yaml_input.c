/* Mistakes of libfyaml's, mended one at a time. */
#include "render/doc/yaml_input.h"

#include "render/base/buf.h"
#include "render/doc/empty_entry.h"
#include "render/doc/node.h"

#define FILLING " ~"

/* Making. */

/* A last line without an end makes libfyaml miscount the block text in it, so it is given one;
 * a last line of nothing but spaces is left out. */
static str with_end(struct arena *a, str text)
{
    if (str_ends(text, S("\n")) || str_ends(text, S("\r")))
        return text;
    size_t end = text.len;
    while (end && (text.at[end - 1] == ' ' || text.at[end - 1] == '\t'))
        end--;
    if (end == 0 || text.at[end - 1] == '\n')
        return str_slice(text, 0, end);
    return str_concat(a, text, S("\n"));
}

/* "|-" to "~ ": a scalar of its own at the same place. */
static str with_mended(const struct yaml_input *in, struct arena *a, str bytes)
{
    char *copy = arena_copy(a, bytes.at, bytes.len);
    for (uint32_t i = 0; i < in->mended_count; i++) {
        char *at = copy + in->mended[i].at, *end = copy + bytes.len;
        if (in->mended[i].comment) {
            while (at < end && *at != '\n')
                *at++ = ' ';
            continue;
        }
        *at++ = '~';
        while (*at == '+' || *at == '-' || (*at >= '0' && *at <= '9'))
            *at++ = ' ';
    }
    return (str){ copy, bytes.len };
}

static str with_filled(const struct yaml_input *in, struct arena *a, str bytes)
{
    struct buf b;
    size_t from = 0;
    buf_init(&b, a, bytes.len + in->filled_count * sizeof FILLING);
    for (uint32_t i = 0; i < in->filled_count; i++) {
        size_t to = in->filled[i] + 1;
        buf_str(&b, str_slice(bytes, from, to));
        buf_str(&b, S(FILLING));
        from = to;
    }
    buf_str(&b, str_skip(bytes, from));
    return buf_take(&b);
}

void yaml_input_make(struct yaml_input *in, struct arena *a, str text)
{
    in->again = false;
    in->bytes = with_end(a, text);
    if (in->mended_count)
        in->bytes = with_mended(in, a, in->bytes);
    if (in->filled_count)
        in->bytes = with_filled(in, a, in->bytes);
}

size_t yaml_input_in_text(const struct yaml_input *in, size_t offset)
{
    const size_t length = sizeof FILLING - 1;
    size_t gone = 0;
    for (uint32_t i = 0; i < in->filled_count; i++) {
        size_t begin = in->filled[i] + 1; /* of the filling, in the text */
        if (offset - gone <= begin)
            break;
        gone += length < offset - gone - begin ? length : offset - gone - begin;
    }
    return offset - gone;
}

bool yaml_input_is_filling(const struct yaml_input *in, size_t offset)
{
    for (uint32_t i = 0; i < in->filled_count; i++) {
        if (in->filled[i] + 1 == offset)
            return true;
    }
    return false;
}

const struct yaml_mended *yaml_input_mended_at(const struct yaml_input *in, size_t at)
{
    for (uint32_t i = 0; i < in->mended_count; i++) {
        if (in->mended[i].at == at)
            return &in->mended[i];
    }
    return NULL;
}

/* Mending. */

static bool mend(struct yaml_input *in, struct arena *a, struct yaml_mended m)
{
    if (in->mended_count == YAML_MENDED_MOST)
        return false;
    ARENA_PUSH(a, in->mended, in->mended_count, in->mended_cap);
    in->mended[in->mended_count++] = m;
    return in->again = true;
}

bool yaml_input_mend_block(struct yaml_input *in, struct arena *a, size_t header, str text)
{
    return mend(in, a, (struct yaml_mended){ header, text, STYLE_LITERAL, false });
}

/* Gives the nearest empty entry above a mistake a null. */
static bool fill(struct yaml_input *in, struct arena *a, str text, size_t mistake)
{
    size_t dash;
    bool found = empty_entry_above(text, mistake, &dash);
    while (found && yaml_input_is_filling(in, dash + 1)) {
        ptrdiff_t above = str_find_last(str_slice(text, 0, dash), '\n');
        found = above >= 0 && empty_entry_above(text, (size_t)above, &dash);
    }
    if (!found || in->filled_count == YAML_MENDED_MOST)
        return false;
    ARENA_PUSH(a, in->filled, in->filled_count, in->filled_cap);
    uint32_t at = in->filled_count++;
    for (; at && in->filled[at - 1] > dash; at--)
        in->filled[at] = in->filled[at - 1];
    in->filled[at] = dash;
    return in->again = true;
}

bool yaml_input_mend_mistake(struct yaml_input *in, struct arena *a, str text, size_t at)
{
    if (fill(in, a, text, at))
        return true;
    str rest = str_skip(text, at);
    if (in->filled_count || rest.len < 2 || at == 0)
        return false;
    if (rest.at[0] == '-' && str_has_char(S(",[]{}"), rest.at[1]))
        return mend(in, a, (struct yaml_mended){ .at = at, .text = S("-"), .style = STYLE_PLAIN });
    if (rest.at[0] == '#' && str_has_char(S("'\"]}|>+-0123456789"), rest.at[-1]))
        return mend(in, a, (struct yaml_mended){ .at = at, .comment = true });
    return false;
}
