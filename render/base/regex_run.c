/* Running a program over a subject.
 *
 * A literal is looked for as such. Small cases walk the program depth first in the order of
 * preference and never visit an instruction twice at one place of the subject. Large ones keep,
 * character by character, the list of all instructions that could be running, in order of
 * preference (Pike's machine). Both find the same match, in time linear in the subject. */
#include "render/base/regex_parts.h"

#include "render/base/context.h"

enum { NO_RUNE = 0x110000, STEPS_BETWEEN_LOOKS = 1 << 20 };
enum {
    LISTED = 4
}; /* an instruction that is kept in lists takes as long as four that are walked */

/* False once the match may take no more steps. */
static inline bool steps(const struct regex *re, uint64_t n)
{
    struct re_watch *w = re->watch;
    if (!w)
        return true;
    w->steps += n;
    if (w->steps % STEPS_BETWEEN_LOOKS < n)
        w->late = limit_is_late(w->cx);
    return w->steps <= w->left && !w->late;
}

static bool begin_watch(struct re_watch *w)
{
    const struct limits *l = &w->cx->limits;
    uint64_t used = l->used[LIMIT_STEPS], max = l->max[LIMIT_STEPS];
    w->steps = 0;
    w->left = used < max ? max - used : 0;
    return used <= max && !w->late;
}

static bool end_watch(struct re_watch *w)
{
    return limit_count(w->cx, LIMIT_STEPS, w->steps, NOWHERE)
           && (!w->late || limit_time(w->cx, NOWHERE));
}

static bool is_word(uint32_t r)
{
    return r == '_' || (r >= '0' && r <= '9') || (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z');
}

static bool place_is(uint32_t wanted, uint32_t before, uint32_t after)
{
    switch ((enum re_place)wanted) {
    case PLACE_LINE_BEGIN:
        return before == NO_RUNE || before == '\n';
    case PLACE_LINE_END:
        return after == NO_RUNE || after == '\n';
    case PLACE_TEXT_BEGIN:
        return before == NO_RUNE;
    case PLACE_TEXT_END:
        return after == NO_RUNE;
    case PLACE_WORD_EDGE:
        return is_word(before) != is_word(after);
    case PLACE_NO_WORD_EDGE:
        return is_word(before) == is_word(after);
    }
    return false;
}

static inline uint32_t rune_at(str s, size_t at, size_t *width)
{
    *width = 0;
    if (at >= s.len)
        return NO_RUNE;
    *width = 1;
    if ((unsigned char)s.at[at] < 0x80)
        return (unsigned char)s.at[at];
    size_t end = at;
    uint32_t r = utf8_next(s, &end);
    *width = end - at;
    return r;
}

static uint32_t rune_before(str s, size_t at)
{
    if (at == 0)
        return NO_RUNE;
    if ((unsigned char)s.at[at - 1] < 0x80)
        return (unsigned char)s.at[at - 1];
    for (size_t back = at < 4 ? at : 4; back > 1; back--) {
        size_t end = at - back;
        uint32_t r = utf8_next(s, &end);
        if (end == at)
            return r;
    }
    return 0xFFFD;
}

static bool set_has(const struct re_set *set, uint32_t r)
{
    if (r < 128)
        return set->ascii[r / 64] >> r % 64 & 1;
    uint32_t low = 0, high = set->len;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (set->ranges[middle].last < r)
            low = middle + 1;
        else
            high = middle;
    }
    return low < set->len && set->ranges[low].first <= r;
}

static inline bool accepts(const struct regex *re, const struct re_inst *inst, uint32_t r)
{
    if (inst->op == OP_RUNE)
        return inst->arg == r;
    return inst->op == OP_SET && r != NO_RUNE && set_has(&re->sets[inst->arg], r);
}

/* The next place at which a match may begin; false when there is none. */
static bool next_start(const struct regex *re, str s, size_t *at)
{
    if (*at > s.len || (re->from_begin && *at > 0))
        return false;
    if (re->prefix.len == 0)
        return true;
    str rest = str_skip(s, *at);
    if (re->from_begin)
        return str_starts(rest, re->prefix);
    ptrdiff_t found = str_find(rest, re->prefix);
    *at += found > 0 ? (size_t)found : 0;
    return found >= 0;
}

static bool run_literal(const struct regex *re, str s, size_t from, ptrdiff_t *slots,
                        uint32_t slot_count)
{
    size_t at = from;
    if (re->to_end && !re->from_begin) {
        if (s.len < re->prefix.len || s.len - re->prefix.len < from)
            return false;
        at = s.len - re->prefix.len;
    }
    if (!next_start(re, s, &at) || (re->to_end && at + re->prefix.len != s.len))
        return false;
    if (slot_count) {
        slots[0] = (ptrdiff_t)at;
        slots[1] = (ptrdiff_t)(at + re->prefix.len);
    }
    return true;
}

/* Depth first. */

struct way {
    uint32_t at; /* an instruction, or a slot to restore */
    bool restore;
    size_t offset; /* in the subject, or the slot's old value */
};

struct walk {
    const struct regex *re;
    struct arena *arena;
    str subject;
    size_t from;
    uint64_t *visited; /* a bit for each instruction at each place */
    struct way *ways;
    uint32_t len;
    uint32_t cap;
    ptrdiff_t *slots;
    uint32_t slot_count;
};

static void push_way(struct walk *w, uint32_t at, bool restore, size_t offset)
{
    ARENA_PUSH(w->arena, w->ways, w->len, w->cap);
    w->ways[w->len++] = (struct way){ at, restore, offset };
}

static bool visit(struct walk *w, uint32_t at, size_t offset)
{
    size_t bit = (offset - w->from) * w->re->program_len + at;
    uint64_t mask = (uint64_t)1 << bit % 64;
    bool seen = w->visited[bit / 64] & mask;
    w->visited[bit / 64] |= mask;
    return !seen;
}

/* Follows one way until it ends; true at a match. */
static bool walk_on(struct walk *w, uint32_t at, size_t offset)
{
    while (steps(w->re, 1) && visit(w, at, offset)) {
        const struct re_inst *inst = &w->re->program[at];
        size_t width;
        uint32_t r = rune_at(w->subject, offset, &width);
        switch (inst->op) {
        case OP_MATCH:
            if (w->slot_count)
                w->slots[1] = (ptrdiff_t)offset;
            return true;
        case OP_FAIL:
            return false;
        case OP_RUNE:
        case OP_SET:
            if (!accepts(w->re, inst, r))
                return false;
            offset += width;
            break;
        case OP_ASSERT:
            if (!place_is(inst->arg, rune_before(w->subject, offset), r))
                return false;
            break;
        case OP_SAVE:
            if (inst->arg < w->slot_count) {
                push_way(w, inst->arg, true, (size_t)w->slots[inst->arg]);
                w->slots[inst->arg] = (ptrdiff_t)offset;
            }
            break;
        case OP_SPLIT:
            push_way(w, inst->arg, false, offset);
            break;
        }
        at = inst->next;
    }
    return false;
}

static bool walk_from(struct walk *w, size_t offset)
{
    w->len = 0;
    push_way(w, w->re->start, false, offset);
    while (w->len) {
        struct way s = w->ways[--w->len];
        if (s.restore)
            w->slots[s.at] = (ptrdiff_t)s.offset;
        else if (walk_on(w, s.at, s.offset))
            return true;
    }
    return false;
}

enum { WALK_BITS = 64 * 1024 };

static bool is_small(const struct regex *re, size_t length)
{
    return length < WALK_BITS && re->program_len <= WALK_BITS / (length + 1);
}

static void clear_slots(ptrdiff_t *slots, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        slots[i] = -1;
}

static bool run_depth_first(struct arena *a, const struct regex *re, str s, size_t from,
                            ptrdiff_t *slots, uint32_t slot_count)
{
    size_t bits = (s.len - from + 1) * re->program_len;
    struct walk w = {
        .re = re, .arena = a, .subject = s, .from = from, .slots = slots, .slot_count = slot_count
    };
    w.visited = NEW_ARRAY(a, uint64_t, bits / 64 + 1);
    for (size_t at = from, width; next_start(re, s, &at); at += width ? width : 1) {
        clear_slots(slots, slot_count);
        if (slot_count)
            slots[0] = (ptrdiff_t)at;
        if (walk_from(&w, at))
            return true;
        rune_at(s, at, &width);
    }
    return false;
}

/* All at once. */

struct threads {
    uint32_t *order; /* instructions, best first */
    uint32_t *index; /* of an instruction in `order`, if that agrees */
    uint32_t len;
    ptrdiff_t *slots; /* slot_count for each in `order` */
};

struct machine {
    const struct regex *re;
    struct arena *arena;
    uint32_t slot_count;
    struct threads now, then;
    struct way *ways;
    uint32_t len;
    uint32_t cap;
    ptrdiff_t *current; /* the slots of the thread that is being added */
};

static struct threads new_threads(struct arena *a, uint32_t n, uint32_t slot_count)
{
    return (struct threads){ .order = NEW_ARRAY(a, uint32_t, n),
                             .index = NEW_ARRAY(a, uint32_t, n),
                             .slots = NEW_ARRAY(a, ptrdiff_t, (size_t)n * slot_count) };
}

static bool is_listed(const struct threads *t, uint32_t at)
{
    return t->index[at] < t->len && t->order[t->index[at]] == at;
}

static void push_machine_way(struct machine *m, uint32_t at, bool restore, ptrdiff_t slot)
{
    ARENA_PUSH(m->arena, m->ways, m->len, m->cap);
    m->ways[m->len++] = (struct way){ at, restore, (size_t)slot };
}

/* Follows all ways from an instruction that read nothing, best first, and lists them. */
static void follow(struct machine *m, struct threads *t, uint32_t at, size_t offset,
                   uint32_t before, uint32_t after)
{
    while (!is_listed(t, at)) {
        const struct re_inst *inst = &m->re->program[at];
        t->index[at] = t->len;
        t->order[t->len] = at;
        if (m->slot_count)
            memcpy(t->slots + (size_t)t->len * m->slot_count, m->current,
                   m->slot_count * sizeof *m->current);
        t->len++;
        switch (inst->op) {
        case OP_ASSERT:
            if (!place_is(inst->arg, before, after))
                return;
            break;
        case OP_SAVE:
            if (inst->arg < m->slot_count) {
                push_machine_way(m, inst->arg, true, m->current[inst->arg]);
                m->current[inst->arg] = (ptrdiff_t)offset;
            }
            break;
        case OP_SPLIT:
            push_machine_way(m, inst->arg, false, 0);
            break;
        default:
            return;
        }
        at = inst->next;
    }
}

static void add_thread(struct machine *m, struct threads *t, uint32_t at, size_t offset,
                       uint32_t before, uint32_t after)
{
    m->len = 0;
    push_machine_way(m, at, false, 0);
    while (m->len) {
        struct way s = m->ways[--m->len];
        if (s.restore)
            m->current[s.at] = (ptrdiff_t)s.offset;
        else
            follow(m, t, s.at, offset, before, after);
    }
}

/* Lets every thread read the character behind `offset`. A match ends all that are less
 * preferred; true when there was one. */
static bool advance(struct machine *m, str s, size_t offset, ptrdiff_t *slots)
{
    size_t width, next_width;
    uint32_t r = rune_at(s, offset, &width);
    uint32_t after = rune_at(s, offset + width, &next_width);
    m->then.len = 0;
    for (uint32_t i = 0; i < m->now.len; i++) {
        const struct re_inst *inst = &m->re->program[m->now.order[i]];
        const ptrdiff_t *own = m->now.slots + (size_t)i * m->slot_count;
        if (!steps(m->re, LISTED))
            return false;
        if (inst->op == OP_MATCH) {
            if (m->slot_count) {
                memcpy(slots, own, m->slot_count * sizeof *slots);
                slots[1] = (ptrdiff_t)offset;
            }
            return true;
        }
        if (!accepts(m->re, inst, r))
            continue;
        if (m->slot_count)
            memcpy(m->current, own, m->slot_count * sizeof *own);
        add_thread(m, &m->then, inst->next, offset + width, r, after);
    }
    return false;
}

static bool may_start(const struct regex *re, str s, size_t at)
{
    if (re->prefix.len && (at >= s.len || s.at[at] != re->prefix.at[0]))
        return false;
    return !re->from_begin || at == 0;
}

static bool run_all_at_once(struct arena *a, const struct regex *re, str s, size_t from,
                            ptrdiff_t *slots, uint32_t slot_count)
{
    struct machine m = { .re = re, .arena = a, .slot_count = slot_count };
    m.now = new_threads(a, re->program_len, slot_count);
    m.then = new_threads(a, re->program_len, slot_count);
    m.current = NEW_ARRAY(a, ptrdiff_t, slot_count + 1);
    bool matched = false;
    if (re->watch) /* clearing that is work, too */
        re->watch->steps += re->program_len / 8;
    for (size_t at = from;;) {
        if (!matched && (m.now.len > 0 || next_start(re, s, &at))) {
            size_t width;
            clear_slots(m.current, slot_count);
            if (slot_count)
                m.current[0] = (ptrdiff_t)at;
            if (may_start(re, s, at))
                add_thread(&m, &m.now, re->start, at, rune_before(s, at), rune_at(s, at, &width));
        }
        if (m.now.len == 0)
            return matched;
        matched |= advance(&m, s, at, slots);
        if (matched && slot_count == 0)
            return true;
        size_t width;
        if (rune_at(s, at, &width) == NO_RUNE)
            return matched;
        at += width;
        struct threads swap = m.now;
        m.now = m.then;
        m.then = swap;
    }
}

bool re_run(struct arena *a, const struct regex *re, str subject, size_t from, ptrdiff_t *slots,
            uint32_t slot_count)
{
    if (from > subject.len)
        return false;
    if (re->is_literal)
        return run_literal(re, subject, from, slots, slot_count);
    size_t first = from;
    if (!next_start(re, subject, &first))
        return false;
    if (re->watch && !begin_watch(re->watch))
        return false;
    struct mark before = arena_mark(a);
    bool found = is_small(re, subject.len - from)
                     ? run_depth_first(a, re, subject, from, slots, slot_count)
                     : run_all_at_once(a, re, subject, from, slots, slot_count);
    arena_rewind(a, before);
    return (!re->watch || end_watch(re->watch)) && found;
}
