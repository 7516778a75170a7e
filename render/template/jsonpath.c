/* Every part maps a list of values to another. What is not there is an error, and then nothing at
 * all is printed, as kubectl and Helm have it. The order of a map's entries is that of its keys,
 * where Go's is any. */
#include "render/template/jsonpath.h"

#include "render/base/limits.h"
#include "render/template/print.h"
#include "render/template/value_text.h"

struct values {
    struct value *at;
    uint32_t len;
    uint32_t cap;
};

struct walk {
    struct context *cx;
    str *why;
    int begun;    /* ranges that were just named */
    int within;   /* ranges that are running */
    int ended;    /* ends that were just named */
    uint32_t end; /* where the last of them stands */
};

#define FAIL(w, ...) (*(w)->why = str_format((w)->cx->arena, __VA_ARGS__), false)

static void add(struct walk *w, struct values *list, struct value v)
{
    ARENA_PUSH(w->cx->arena, list->at, list->len, list->cap);
    list->at[list->len++] = v;
}

static bool walk_list(struct walk *w, const struct jsonpath_node *list, struct values in,
                      struct values *out);

static bool walk_field(struct walk *w, const struct jsonpath_node *n, struct values in,
                       struct values *out)
{
    for (uint32_t i = 0; i < in.len; i++) {
        const struct dict_entry *e = in.at[i].kind == VALUE_MAP && in.at[i].dict
                                         ? dict_find(in.at[i].dict, intern(w->cx->keys, n->text))
                                         : NULL;
        if (e)
            add(w, out, e->value);
    }
    return !in.len || out->len || FAIL(w, "%.*s is not found", STR(n->text));
}

static bool bounds_of(struct walk *w, const struct jsonpath_node *n, int64_t len, int64_t *from,
                      int64_t *to)
{
    *from = n->bounds[0].known ? n->bounds[0].value : 0;
    *to = n->bounds[1].known ? n->bounds[1].value : len;
    *from += *from < 0 ? len : 0;
    *to += *to < 0 || (*to == 0 && n->bounds[1].derived) ? len : 0;
    if (*from == *to)
        return true;
    if (*from >= len || *from < 0 || *to > len || *to < 0)
        return FAIL(w, "array index out of bounds: index %lld, length %lld",
                    (long long)(*from >= len || *from < 0 ? *from : *to - 1), (long long)len);
    return *from < *to
           || FAIL(w, "starting index %lld is greater than ending index %lld", (long long)*from,
                   (long long)*to);
}

static bool walk_array(struct walk *w, const struct jsonpath_node *n, struct values in,
                       struct values *out)
{
    int64_t from, to, step = n->bounds[2].known ? n->bounds[2].value : 1;
    for (uint32_t i = 0; i < in.len; i++) {
        struct value v = in.at[i];
        if (v.kind == VALUE_NIL)
            continue;
        if (v.kind != VALUE_LIST)
            return FAIL(w, "%.*s is not array or slice", STR(value_type_name(v)));
        if (!bounds_of(w, n, v.len, &from, &to))
            return false;
        if (from == to)
            return true;
        if (step <= 0)
            return FAIL(w, "step must be > 0");
        for (int64_t k = from; k < to; k += step)
            add(w, out, v.items[k]);
    }
    return true;
}

/* What a map, a list, or a text's bytes hold. */
static void add_inner(struct walk *w, struct value v, struct values *out)
{
    if (v.kind == VALUE_MAP && v.dict) {
        const struct dict_entry *e = dict_sorted(v.dict);
        for (uint32_t i = 0; i < v.dict->len; i++)
            add(w, out, e[i].value);
    }
    for (uint32_t i = 0; v.kind == VALUE_LIST && i < v.len; i++)
        add(w, out, v.items[i]);
    for (uint32_t i = 0; v.kind == VALUE_STRING && i < v.len; i++)
        add(w, out, (struct value){ .kind = VALUE_UINT8, .u = (unsigned char)v.at[i] });
}

static void add_recursively(struct walk *w, struct value v, struct values *out)
{
    struct values inner = { 0 };
    add_inner(w, v, &inner);
    if (inner.len)
        add(w, out, v);
    for (uint32_t i = 0; i < inner.len; i++)
        add_recursively(w, inner.at[i], out);
}

/* --- filters --- */

/* Values are compared with those of their own kind alone: a number of values.yaml is a float64, so
 * it equals 2.0 and can't be compared with 2. */
static bool compare(struct walk *w, struct value a, struct value b, int *order)
{
    bool ints = value_is_int(a) && value_is_int(b);
    bool comparable =
        ints
        || (a.kind == b.kind
            && (a.kind == VALUE_FLOAT || a.kind == VALUE_STRING || a.kind == VALUE_BOOL));
    if (!comparable)
        return FAIL(w, "incompatible types for comparison");
    if (a.kind == VALUE_STRING)
        *order = str_cmp(value_str(a), value_str(b));
    else if (a.kind == VALUE_BOOL)
        *order = a.b - b.b;
    else if (a.kind == VALUE_FLOAT)
        *order = (a.f > b.f) - (a.f < b.f);
    else
        *order = (a.i > b.i) - (a.i < b.i);
    return true;
}

static bool judge(struct walk *w, str operator_, struct value a, struct value b, bool *pass)
{
    static const struct {
        str operator_;
        bool less, equal, greater;
    } rows[] = {
        { S("<"), true, false, false },  { S(">"), false, false, true },
        { S("=="), false, true, false }, { S("!="), true, false, true },
        { S("<="), true, true, false },  { S(">="), false, true, true },
    };
    int order;
    for (size_t i = 0; i < countof(rows); i++) {
        if (!str_eq(rows[i].operator_, operator_))
            continue;
        if (!compare(w, a, b, &order))
            return false;
        if (a.kind == VALUE_BOOL && rows[i].less != rows[i].greater)
            return FAIL(w, "invalid type for comparison");
        *pass = order < 0 ? rows[i].less : order > 0 ? rows[i].greater : rows[i].equal;
        return true;
    }
    return FAIL(w, "unrecognized filter operator %.*s", STR(operator_));
}

static bool passes(struct walk *w, const struct jsonpath_node *n, struct value item, bool *pass)
{
    struct values one = { &item, 1, 1 }, lefts = { 0 }, rights = { 0 };
    *pass = false;
    bool ok = walk_list(w, n->left, one, &lefts);
    if (!n->text.len) {
        *pass = lefts.len; /* and why there are none does not matter */
        *w->why = S("");
        return true;
    }
    if (!ok || !lefts.len)
        return ok;
    if (lefts.len > 1)
        return FAIL(w, "can only compare one element at a time");
    if (!walk_list(w, n->right, one, &rights))
        return false;
    if (!rights.len)
        return true;
    if (rights.len > 1)
        return FAIL(w, "can only compare one element at a time");
    return judge(w, n->text, lefts.at[0], rights.at[0], pass);
}

static bool walk_filter(struct walk *w, const struct jsonpath_node *n, struct values in,
                        struct values *out)
{
    for (uint32_t i = 0; i < in.len; i++) {
        struct value v = in.at[i];
        if (v.kind != VALUE_LIST)
            return FAIL(w, "%.*s is not array or slice and cannot be filtered",
                        STR(value_type_name(v)));
        for (uint32_t k = 0; k < v.len; k++) {
            bool pass;
            if (!passes(w, n, v.items[k], &pass))
                return false;
            if (pass)
                add(w, out, v.items[k]);
        }
    }
    return true;
}

/* --- the walk --- */

static bool walk_word(struct walk *w, const struct jsonpath_node *n, struct values in,
                      struct values *out)
{
    if (str_eq(n->text, S("range"))) {
        w->begun++;
        *out = in;
        return true;
    }
    if (!str_eq(n->text, S("end")))
        return FAIL(w, "unrecognized identifier %.*s", STR(n->text));
    if (!w->within)
        return FAIL(w, "not in range, nothing to end");
    w->ended++;
    return true;
}

static bool walk(struct walk *w, const struct jsonpath_node *n, struct values in,
                 struct values *out)
{
    *out = (struct values){ 0 };
    switch (n->kind) {
    case JSONPATH_TEXT:
        add(w, out, value_string(n->text));
        return true;
    case JSONPATH_LIST:
        return walk_list(w, n, in, out);
    case JSONPATH_FIELD:
        return walk_field(w, n, in, out);
    case JSONPATH_ARRAY:
        return walk_array(w, n, in, out);
    case JSONPATH_VALUE:
        for (uint32_t i = 0; i < in.len; i++)
            add(w, out, n->value);
        return true;
    case JSONPATH_WORD:
        return walk_word(w, n, in, out);
    case JSONPATH_FILTER:
        return walk_filter(w, n, in, out);
    case JSONPATH_RECURSIVE:
        for (uint32_t i = 0; i < in.len; i++)
            add_recursively(w, in.at[i], out);
        return true;
    case JSONPATH_WILDCARD:
        for (uint32_t i = 0; i < in.len; i++)
            add_inner(w, in.at[i], out);
        return true;
    case JSONPATH_UNION:
        for (uint32_t i = 0; i < n->nodes.len; i++) {
            struct values some;
            if (!walk(w, n->nodes.at[i], in, &some))
                return false;
            for (uint32_t k = 0; k < some.len; k++)
                add(w, out, some.at[k]);
        }
        return true;
    }
    return true;
}

static bool walk_list(struct walk *w, const struct jsonpath_node *list, struct values in,
                      struct values *out)
{
    for (uint32_t i = 0; i < list->nodes.len; i++) {
        if (!limit_count(w->cx, LIMIT_STEPS, 1, NOWHERE) || !walk(w, list->nodes.at[i], in, out))
            return false;
        in = *out;
    }
    *out = in;
    return true;
}

static bool print_one(struct walk *w, struct value v, struct buf *out)
{
    if (v.kind == VALUE_MAP || v.kind == VALUE_LIST)
        return value_write_json(w->cx, out, v, (struct json_style){ 0 }, w->why);
    if (v.kind == VALUE_NIL)
        buf_str(out, S("null"));
    else
        print_value(out, v);
    return true;
}

/* Parts from `from` on for one value; a range runs those up to its end for each of its own. */
static bool run(struct walk *w, const struct jsonpath_nodes *nodes, uint32_t from,
                struct value root, struct buf *out)
{
    for (uint32_t i = from; i < nodes->len; i++) {
        struct values found, in = { &root, 1, 1 };
        if (!walk(w, nodes->at[i], in, &found))
            return false;
        if (w->ended > 0 && w->ended <= w->within) {
            w->ended--;
            w->end = i;
            return true;
        }
        if (w->begun > 0) {
            w->begun--;
            w->within++;
            struct buf unsaid;
            buf_init(&unsaid, w->cx->arena, 16);
            for (uint32_t k = 0; k < found.len || k == 0; k++) {
                if (!run(w, nodes, i + 1, k < found.len ? found.at[k] : NIL,
                         found.len ? out : &unsaid))
                    return false;
            }
            w->within--;
            i = w->end > i ? w->end : i;
            continue;
        }
        for (uint32_t k = 0; k < found.len; k++) {
            if (k)
                buf_char(out, ' ');
            if (!print_one(w, found.at[k], out))
                return false;
        }
    }
    return true;
}

bool jsonpath_print(struct context *cx, const struct jsonpath_nodes *path, struct value root,
                    struct buf *out, str *why)
{
    struct walk w = { .cx = cx, .why = why };
    size_t before = out->len;
    *why = S("");
    if (run(&w, path, 0, root, out))
        return true;
    out->len = before;
    return false;
}
