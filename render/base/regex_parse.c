/* Reading RE2's syntax, as Go does with its Perl extensions.
 *
 * Errors come in the order of the text, with Go's name for each and the part that it names:
 * regex.tsv holds one of every kind. A repetition applies to the last item, even across a change
 * of flags: a(?i)* repeats the a. */
#include "render/base/regex_parser.h"

#include "render/base/unicode.h"

enum {
    MOST_REPEATS = 1000,
    MOST_HEIGHT = 1000,
    MOST_SIZE = (128 << 20) / 40, /* Go's measure: 128 MiB of its instructions, … */
    MOST_RUNES = (128 << 20) / 4, /* … and of its characters */
    MOST_GROUPS_OPEN = 2000       /* our stack; Go nests groups without an effect any deeper */
};

struct items {
    struct re_node **at;
    uint32_t len;
    uint32_t cap;
};

static struct re_node *new_node(struct parser *p, enum re_kind kind)
{
    struct re_node *n = NEW(p->arena, struct re_node);
    n->kind = kind;
    n->height = 1;
    n->size = 1;
    return n;
}

static struct re_node *new_parent(struct parser *p, enum re_kind kind, struct re_node *part)
{
    struct re_node *n = new_node(p, kind);
    n->parts = NEW_ARRAY(p->arena, struct re_node *, 1);
    n->parts[0] = part;
    n->len = 1;
    n->height = part->height + 1;
    return n;
}

static void push(struct parser *p, struct items *items, struct re_node *n)
{
    ARENA_PUSH(p->arena, items->at, items->len, items->cap);
    items->at[items->len++] = n;
}

static bool push_set(struct parser *p, struct items *items, struct rune_set *set)
{
    rune_set_sort(set);
    struct re_node *n = new_node(p, RE_SET);
    n->ranges = set->at;
    n->len = set->len;
    push(p, items, n);
    p->runes += 2 * (int64_t)set->len;
    return p->runes <= MOST_RUNES || re_fail(p, "expression too large", p->pattern);
}

static bool push_rune(struct parser *p, struct items *items, uint32_t r)
{
    struct rune_set set = { .arena = p->arena };
    (p->flags & FLAG_FOLD ? rune_set_add_folded : rune_set_add)(&set, r, r);
    return push_set(p, items, &set);
}

static bool push_place(struct parser *p, struct items *items, enum re_place place, size_t width)
{
    struct re_node *n = new_node(p, RE_ASSERT);
    n->place = place;
    push(p, items, n);
    p->at += width;
    return true;
}

static bool push_any(struct parser *p, struct items *items)
{
    static const struct rune_range any[] = { { 0, '\n' - 1 }, { '\n' + 1, RUNE_LAST } };
    static const struct rune_range all[] = { { 0, RUNE_LAST } };
    struct re_node *n = new_node(p, RE_SET);
    n->ranges = p->flags & FLAG_DOT_NEWLINE ? all : any;
    n->len = p->flags & FLAG_DOT_NEWLINE ? 1 : 2;
    push(p, items, n);
    p->at++;
    return true;
}

/* One node for a list of items: none, itself, or all in a row. */
static struct re_node *join(struct parser *p, enum re_kind kind, const struct items *items)
{
    if (items->len == 0)
        return new_node(p, RE_EMPTY);
    if (items->len == 1)
        return items->at[0];
    struct re_node *n = new_node(p, kind);
    n->parts = items->at;
    n->len = items->len;
    n->size = kind == RE_ALTERNATE ? items->len - 1 : 0;
    bool only_sets = true;
    for (uint32_t i = 0; i < items->len; i++) {
        struct re_node *part = items->at[i];
        n->size += part->size;
        only_sets &= part->kind == RE_SET;
        if (part->height >= n->height)
            n->height = part->height + 1;
    }
    if (only_sets) /* a run of letters is one node to Go, when it measures heights */
        n->height = 1;
    return n;
}

static bool fits(struct parser *p, const struct re_node *n)
{
    if (n->size > MOST_SIZE)
        return re_fail(p, "expression too large", p->pattern);
    if (n->height > MOST_HEIGHT)
        return re_fail(p, "expression nests too deeply", p->pattern);
    return true;
}

/* Whether nested counts multiply to more than n. */
static bool repeats_fit(const struct re_node *n, int most)
{
    if (n->kind == RE_SET)
        return true;
    if (n->kind == RE_REPEAT && (n->min > 1 || n->max > 1 || n->max == 0)) {
        int count = n->max < 0 ? n->min : n->max;
        if (count == 0)
            return true;
        if (count > most)
            return false;
        most /= count;
    }
    for (uint32_t i = 0; i < n->len; i++) {
        if (!repeats_fit(n->parts[i], most))
            return false;
    }
    return true;
}

static int64_t repeat_size(const struct re_node *n)
{
    int64_t part = n->parts[0]->size;
    if (n->max < 0)
        return n->min == 0 ? 2 + part : 1 + n->min * part;
    int64_t size = n->max * part + (n->max - n->min);
    return size ? size : 1;
}

/* A repetition that began at `from`, its own characters read. */
static bool push_repeat(struct parser *p, struct items *items, int min, int max, size_t from,
                        ptrdiff_t last_repeat)
{
    bool lazy = p->flags & FLAG_LAZY;
    if (re_peek(p, 0) == '?') {
        p->at++;
        lazy = !lazy;
    }
    if (last_repeat >= 0)
        return re_fail_from(p, "invalid nested repetition operator", (size_t)last_repeat);
    if (items->len == 0)
        return re_fail_from(p, "missing argument to repetition operator", from);
    struct re_node *n = new_parent(p, RE_REPEAT, items->at[items->len - 1]);
    n->lazy = lazy;
    n->min = min;
    n->max = max;
    n->size = repeat_size(n);
    if (!fits(p, n))
        return false;
    if ((min >= 2 || max >= 2) && !repeats_fit(n, MOST_REPEATS))
        return re_fail_from(p, "invalid repeat count", from);
    items->at[items->len - 1] = n;
    return true;
}

/* Digits without a leading zero; -1 for a number that is too big. */
static bool read_count(struct parser *p, int *n)
{
    int c = re_peek(p, 0);
    if (c < '0' || c > '9' || (c == '0' && re_peek(p, 1) >= '0' && re_peek(p, 1) <= '9'))
        return false;
    *n = 0;
    for (; (c = re_peek(p, 0)) >= '0' && c <= '9'; p->at++) {
        if (*n >= 0)
            *n = *n >= 100000000 ? -1 : *n * 10 + (c - '0');
    }
    return true;
}

/* {n}, {n,} or {n,m}; anything else leaves the brace a letter. */
static bool read_braces(struct parser *p, int *min, int *max)
{
    p->at++;
    if (!read_count(p, min))
        return false;
    *max = *min;
    if (re_peek(p, 0) == ',') {
        p->at++;
        if (re_peek(p, 0) == '}')
            *max = -1;
        else if (!read_count(p, max))
            return false;
        else if (*max < 0)
            *min = -1;
    }
    return re_peek(p, 0) == '}' && p->at++ < p->pattern.len;
}

/* At a brace. *is_repeat tells whether a repetition was read. */
static bool parse_braces(struct parser *p, struct items *items, ptrdiff_t last_repeat,
                         bool *is_repeat)
{
    int min, max;
    size_t from = p->at;
    *is_repeat = read_braces(p, &min, &max);
    if (!*is_repeat) {
        p->at = from + 1;
        return push_rune(p, items, '{');
    }
    if (min < 0 || min > MOST_REPEATS || max > MOST_REPEATS || (max >= 0 && min > max))
        return re_fail_from(p, "invalid repeat count", from);
    return push_repeat(p, items, min, max, from, last_repeat);
}

static bool parse_repeat(struct parser *p, struct items *items, ptrdiff_t last_repeat)
{
    size_t from = p->at;
    char c = p->pattern.at[p->at++];
    return push_repeat(p, items, c == '+', c == '?' ? 1 : -1, from, last_repeat);
}

static bool parse_quoted(struct parser *p, struct items *items)
{
    p->at += 2;
    str rest = str_skip(p->pattern, p->at);
    ptrdiff_t length = str_find(rest, S("\\E"));
    size_t end = length < 0 ? p->pattern.len : p->at + (size_t)length;
    while (p->at < end) {
        uint32_t r;
        str all = p->pattern;
        p->pattern = str_slice(all, 0, end);
        bool ok = re_next_rune(p, &r);
        p->pattern = all;
        if (!ok || !push_rune(p, items, r))
            return false;
    }
    p->at = end + (length < 0 ? 0 : 2);
    return true;
}

static bool parse_backslash(struct parser *p, struct items *items)
{
    struct rune_set set = { .arena = p->arena };
    uint32_t r;
    switch (re_peek(p, 1)) {
    case 'A':
        return push_place(p, items, PLACE_TEXT_BEGIN, 2);
    case 'z':
        return push_place(p, items, PLACE_TEXT_END, 2);
    case 'b':
        return push_place(p, items, PLACE_WORD_EDGE, 2);
    case 'B':
        return push_place(p, items, PLACE_NO_WORD_EDGE, 2);
    case 'C':
        return re_fail(p, "invalid escape sequence", S("\\C"));
    case 'Q':
        return parse_quoted(p, items);
    case 'p':
    case 'P':
        return re_read_unicode_class(p, &set) && push_set(p, items, &set);
    }
    if (re_read_perl_class(p, &set))
        return push_set(p, items, &set);
    return re_read_escape(p, &r) && push_rune(p, items, r);
}

static bool parse_alternatives(struct parser *p, struct re_node **out);

static void add_group(struct parser *p, str name)
{
    p->groups++;
    ARENA_PUSH(p->arena, p->names, p->groups, p->names_cap);
    p->names[p->groups] = name;
}

/* Inside a group, up to its closing parenthesis; number 0 groups without capturing. */
static bool parse_inside(struct parser *p, struct items *items, uint32_t number, unsigned flags)
{
    unsigned before = p->flags;
    struct re_node *inside;
    if (++p->open > MOST_GROUPS_OPEN)
        return re_fail(p, "expression nests too deeply", p->pattern);
    p->flags = flags;
    if (!parse_alternatives(p, &inside))
        return false;
    p->flags = before;
    p->open--;
    p->at++;
    if (number) {
        struct re_node *group = new_parent(p, RE_GROUP, inside);
        group->min = (int32_t)number;
        group->size = inside->size + 2;
        inside = group;
    }
    push(p, items, inside);
    return fits(p, inside);
}

static bool is_group_name(str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        if (c != '_' && !(c >= '0' && c <= '9') && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
            return false;
    }
    return name.len > 0;
}

/* (?P<name>…) or (?<name>…), whose name begins at `name_at`. */
static bool parse_named_group(struct parser *p, struct items *items, size_t name_at)
{
    size_t from = p->at;
    ptrdiff_t end = str_find_char(str_skip(p->pattern, from), '>');
    if (end < 0)
        return re_check_utf8(p, from, p->pattern.len)
               && re_fail(p, "invalid named capture", str_skip(p->pattern, from));
    p->at = from + (size_t)end + 1;
    str name = str_slice(p->pattern, from + name_at, p->at - 1);
    if (!re_check_utf8(p, from + name_at, p->at - 1))
        return false;
    if (!is_group_name(name))
        return re_fail_from(p, "invalid named capture", from);
    add_group(p, name);
    return parse_inside(p, items, p->groups, p->flags);
}

static unsigned flag_of(uint32_t c)
{
    switch (c) {
    case 'i':
        return FLAG_FOLD;
    case 'm':
        return FLAG_MULTILINE;
    case 's':
        return FLAG_DOT_NEWLINE;
    case 'U':
        return FLAG_LAZY;
    }
    return 0;
}

/* (?flags) for what follows, or (?flags:…) for a group that captures nothing. */
static bool parse_flags(struct parser *p, struct items *items)
{
    size_t from = p->at;
    unsigned flags = p->flags;
    bool off = false, any = false;
    p->at += 2;
    while (!re_at_end(p)) {
        uint32_t c;
        if (!re_next_rune(p, &c))
            return false;
        unsigned flag = flag_of(c);
        if (flag) {
            flags = off ? flags & ~flag : flags | flag;
            any = true;
        } else if (c == '-' && !off) {
            off = true;
            any = false;
        } else if ((c == ':' || c == ')') && (any || !off)) {
            if (c == ':')
                return parse_inside(p, items, 0, flags);
            p->flags = flags;
            return true;
        } else {
            break;
        }
    }
    return re_fail_from(p, "invalid or unsupported Perl syntax", from);
}

static bool parse_group(struct parser *p, struct items *items)
{
    str rest = str_skip(p->pattern, p->at);
    if (rest.len > 4 && str_starts(rest, S("(?P<")))
        return parse_named_group(p, items, 4);
    if (rest.len > 3 && str_starts(rest, S("(?<")))
        return parse_named_group(p, items, 3);
    if (str_starts(rest, S("(?")))
        return parse_flags(p, items);
    p->at++;
    add_group(p, S(""));
    return parse_inside(p, items, p->groups, p->flags);
}

static bool parse_brackets(struct parser *p, struct items *items)
{
    struct rune_set set = { .arena = p->arena };
    return re_read_brackets(p, &set) && push_set(p, items, &set);
}

static bool parse_item(struct parser *p, struct items *items)
{
    uint32_t r;
    bool lines = p->flags & FLAG_MULTILINE;
    switch (re_peek(p, 0)) {
    case '(':
        return parse_group(p, items);
    case '^':
        return push_place(p, items, lines ? PLACE_LINE_BEGIN : PLACE_TEXT_BEGIN, 1);
    case '$':
        return push_place(p, items, lines ? PLACE_LINE_END : PLACE_TEXT_END, 1);
    case '.':
        return push_any(p, items);
    case '[':
        return parse_brackets(p, items);
    case '\\':
        return parse_backslash(p, items);
    }
    return re_next_rune(p, &r) && push_rune(p, items, r);
}

/* Items up to a bar, a closing parenthesis or the end. */
static bool parse_row(struct parser *p, struct re_node **out)
{
    struct items items = { 0 };
    ptrdiff_t last_repeat = -1;
    while (!re_at_end(p) && re_peek(p, 0) != '|' && re_peek(p, 0) != ')') {
        int c = re_peek(p, 0);
        size_t from = p->at;
        bool is_repeat = c == '*' || c == '+' || c == '?';
        bool ok = is_repeat  ? parse_repeat(p, &items, last_repeat)
                  : c == '{' ? parse_braces(p, &items, last_repeat, &is_repeat)
                             : parse_item(p, &items);
        if (!ok)
            return false;
        last_repeat = is_repeat ? (ptrdiff_t)from : -1;
    }
    *out = join(p, RE_CONCAT, &items);
    return fits(p, *out);
}

static bool parse_alternatives(struct parser *p, struct re_node **out)
{
    struct items rows = { 0 };
    for (;;) {
        struct re_node *row;
        if (!parse_row(p, &row))
            return false;
        push(p, &rows, row);
        if (re_peek(p, 0) != '|')
            break;
        p->at++;
    }
    if (re_at_end(p) && p->open)
        return re_fail(p, "missing closing )", p->pattern);
    if (!re_at_end(p) && !p->open)
        return re_fail(p, "unexpected )", p->pattern);
    *out = join(p, RE_ALTERNATE, &rows);
    return fits(p, *out);
}

bool re_parse(struct arena *a, str pattern, struct re_tree *out, str *error)
{
    struct parser p = { .arena = a, .pattern = pattern, .error = error };
    ARENA_PUSH(a, p.names, 0, p.names_cap);
    p.names[0] = S("");
    if (!parse_alternatives(&p, &out->root))
        return false;
    out->names = p.names;
    out->groups = p.groups;
    return true;
}
