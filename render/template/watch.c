/* Functions that only hand a value on do not use it: what becomes of it is seen where it goes. */
#include "render/template/watch.h"

#include <math.h>

#include "render/base/map.h"
#include "render/template/func.h"
#include "render/template/print.h"

/* Shared maps can multiply what a whole is; beyond this nothing is said any more. */
enum { MOST_WORK = 100 * 1000 * 1000 };

/* From here on Go prints a float with an exponent, up to 1e15 an integer of YAML can be one
 * that was meant as such. */
#define FIRST_WITH_EXPONENT 1e6

/* One key looked for in one map. */
struct asked {
    const struct dict *map;
    const struct key *key;
};

/* The last place where a number was read. */
struct number_read {
    uint64_t bits;
    struct pos pos;
};

enum { NUMBERS_KEPT = 256 };

struct watch {
    struct context *cx;
    unsigned char **texts; /* by a text's id: a bit for each byte of it */
    uint32_t text_count;
    uint64_t work;
    struct asked *asked; /* open addressing, by both */
    uint32_t asked_len;
    uint32_t asked_cap;
    struct number_read numbers[NUMBERS_KEPT]; /* by their bits; a later one takes the place */
    struct watch_float *floats;
    uint32_t float_count;
    uint32_t float_cap;
};

struct watch *watch_new(struct context *cx)
{
    struct watch *w = NEW(cx->arena, struct watch);
    w->cx = cx;
    return w;
}

/* Places. */

static unsigned char *bits_of(struct watch *w, struct pos pos)
{
    struct arena *a = w->cx->arena;
    if (pos.text >= w->text_count) {
        uint32_t count = w->cx->text_count;
        unsigned char **grown = NEW_ARRAY(a, unsigned char *, count);
        for (uint32_t i = 0; i < w->text_count; i++)
            grown[i] = w->texts[i];
        w->texts = grown;
        w->text_count = count;
    }
    if (!w->texts[pos.text])
        w->texts[pos.text] = NEW_ARRAY(a, unsigned char, text_of(w->cx, pos)->bytes.len / 8 + 1);
    return w->texts[pos.text];
}

static void mark(struct watch *w, struct pos pos)
{
    if (pos.text)
        bits_of(w, pos)[pos.offset / 8] |= (unsigned char)(1u << pos.offset % 8);
}

bool watch_has(const struct watch *w, struct pos pos)
{
    if (w->work > MOST_WORK || !pos.text)
        return true;
    const unsigned char *bits = pos.text < w->text_count ? w->texts[pos.text] : NULL;
    return bits && bits[pos.offset / 8] >> pos.offset % 8 & 1;
}

/* Names. */

static uint32_t asked_slot(const struct watch *w, struct asked one)
{
    uint64_t hash = ((uintptr_t)one.map >> 4) * 0x9E3779B97F4A7C15u ^ (uintptr_t)one.key >> 4;
    uint32_t at = (uint32_t)(hash * 0x9E3779B97F4A7C15u >> 32) & (w->asked_cap - 1);
    while (w->asked[at].map && (w->asked[at].map != one.map || w->asked[at].key != one.key))
        at = (at + 1) & (w->asked_cap - 1);
    return at;
}

static void asked_grow(struct watch *w)
{
    struct asked *old = w->asked;
    uint32_t cap = w->asked_cap;
    w->asked_cap = cap ? cap * 2 : 256;
    w->asked = NEW_ARRAY(w->cx->arena, struct asked, w->asked_cap);
    for (uint32_t i = 0; i < cap; i++) {
        if (old[i].map)
            w->asked[asked_slot(w, old[i])] = old[i];
    }
}

static void ask(struct watch *w, const struct dict *map, const struct key *key)
{
    if (w->asked_len * 2 >= w->asked_cap)
        asked_grow(w);
    uint32_t at = asked_slot(w, (struct asked){ map, key });
    w->asked_len += !w->asked[at].map;
    w->asked[at] = (struct asked){ map, key };
}

uint32_t watch_names(const struct watch *w, struct arena *a, const struct dict *map, str **names)
{
    uint32_t len = 0, cap = 0;
    *names = NULL;
    for (uint32_t i = 0; i < w->asked_cap; i++) {
        if (w->asked[i].map != map)
            continue;
        ARENA_PUSH(a, *names, len, cap);
        (*names)[len++] = w->asked[i].key->text;
    }
    return len;
}

/* Numbers. */

static bool is_large_integer(struct value v)
{
    return v.kind == VALUE_FLOAT && fabs(v.f) >= FIRST_WITH_EXPONENT && floor(v.f) == v.f;
}

static struct number_read *number_slot(struct watch *w, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return &w->numbers[bits * 0x9E3779B97F4A7C15u >> 56];
}

static void note_number(struct watch *w, struct value v, struct pos pos)
{
    if (!is_large_integer(v) || !pos.text)
        return;
    struct number_read *n = number_slot(w, v.f);
    memcpy(&n->bits, &v.f, sizeof n->bits);
    n->pos = pos;
}

/* A list has no place for each item. */
static void note_numbers(struct watch *w, const struct dict_entry *e)
{
    note_number(w, e->value, e->pos);
    for (uint32_t i = 0; e->value.kind == VALUE_LIST && i < e->value.len; i++)
        note_number(w, e->value.items[i], e->pos);
}

/* Does the file say an integer there, and not "1e6"? A list's items are taken for such. */
static bool says_integer(const struct context *cx, struct pos pos)
{
    str s = str_skip(text_of(cx, pos)->bytes, pos.offset);
    size_t i = s.len && (s.at[0] == '-' || s.at[0] == '+');
    size_t digits = i;
    while (i < s.len && ((s.at[i] >= '0' && s.at[i] <= '9') || s.at[i] == '_'))
        i++;
    return i == digits || i == s.len || !strchr(".eE", s.at[i]);
}

static void note_float(struct watch *w, struct value v, struct pos at)
{
    const struct number_read *n = number_slot(w, v.f);
    if (memcmp(&n->bits, &v.f, sizeof n->bits) != 0 || !says_integer(w->cx, n->pos))
        return;
    for (uint32_t i = 0; i < w->float_count; i++) {
        const struct watch_float *f = &w->floats[i];
        if (f->number == v.f && memcmp(&f->said, &n->pos, sizeof n->pos) == 0)
            return;
    }
    ARENA_PUSH(w->cx->arena, w->floats, w->float_count, w->float_cap);
    w->floats[w->float_count++] = (struct watch_float){ v.f, n->pos, at };
}

struct watch_floats watch_floats(const struct watch *w)
{
    return (struct watch_floats){ w->floats, w->float_count };
}

/* Values. */

void watch_read(struct watch *w, const struct dict *map, const struct key *key,
                const struct dict_entry *e)
{
    if (map && key)
        ask(w, map, key);
    if (!e)
        return;
    mark(w, e->pos);
    note_numbers(w, e);
}

static void whole(struct watch *w, struct value v, uint32_t depth)
{
    v = value_plain(v);
    if (depth > VALUE_DEPTH || ++w->work > MOST_WORK)
        return;
    for (uint32_t i = 0; v.kind == VALUE_LIST && v.type != TYPE_STRINGS && i < v.len; i++)
        whole(w, v.items[i], depth + 1);
    for (uint32_t i = 0; v.kind == VALUE_MAP && v.dict && i < v.dict->len; i++) {
        const struct dict_entry *e = &v.dict->entries[i];
        mark(w, e->pos);
        note_numbers(w, e);
        whole(w, e->value, depth + 1);
    }
}

void watch_whole(struct watch *w, struct value v)
{
    if (v.kind == VALUE_MAP || v.kind == VALUE_LIST)
        whole(w, v, 0);
}

/* Functions, sorted, that give back or look at a value without using what is in it. */
static const str passing[] = {
    S("append"),       S("coalesce"),
    S("compact"),      S("concat"),
    S("deepCopy"),     S("default"),
    S("dict"),         S("dig"),
    S("empty"),        S("first"),
    S("get"),          S("hasKey"),
    S("include"),      S("index"),
    S("initial"),      S("kindIs"),
    S("kindOf"),       S("last"),
    S("len"),          S("list"),
    S("merge"),        S("mergeOverwrite"),
    S("mustAppend"),   S("mustCompact"),
    S("mustDeepCopy"), S("mustFirst"),
    S("mustInitial"),  S("mustLast"),
    S("mustMerge"),    S("mustMergeOverwrite"),
    S("mustPrepend"),  S("mustPush"),
    S("mustRest"),     S("mustReverse"),
    S("mustSlice"),    S("not"),
    S("omit"),         S("pick"),
    S("pluck"),        S("prepend"),
    S("push"),         S("required"),
    S("rest"),         S("reverse"),
    S("set"),          S("slice"),
    S("ternary"),      S("tpl"),
    S("tuple"),        S("typeIs"),
    S("typeIsLike"),   S("typeOf"),
    S("unset"),
};

static bool passes(const struct func *f)
{
    str name = str_from(f->name);
    size_t from = 0, to = countof(passing);
    while (from < to) {
        size_t middle = (from + to) / 2;
        int order = str_cmp(passing[middle], name);
        if (order == 0)
            return true;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return false;
}

void watch_call(struct watch *w, const struct func *f, const struct value *args, uint32_t count)
{
    bool any = false;
    for (uint32_t i = 0; i < count; i++)
        any |= args[i].kind == VALUE_MAP || args[i].kind == VALUE_LIST;
    if (!any || passes(f))
        return;
    for (uint32_t i = 0; i < count; i++)
        watch_whole(w, args[i]);
}

static void look_for(struct watch *w, struct value v, str printed, struct pos at)
{
    struct mark before = arena_mark(w->cx->scratch);
    if (is_large_integer(v) && str_has(printed, print_text(w->cx->scratch, v)))
        note_float(w, v, at);
    arena_rewind(w->cx->scratch, before);
}

void watch_result(struct watch *w, const struct value *args, uint32_t count, struct value result,
                  struct pos at)
{
    if (result.kind != VALUE_STRING)
        return;
    for (uint32_t i = 0; i < count; i++) {
        look_for(w, args[i], value_str(result), at);
        for (uint32_t k = 0; args[i].kind == VALUE_LIST && k < args[i].len; k++)
            look_for(w, args[i].items[k], value_str(result), at);
    }
}

void watch_print(struct watch *w, struct value v, struct pos at)
{
    watch_whole(w, v);
    if (is_large_integer(v))
        note_float(w, v, at);
}
