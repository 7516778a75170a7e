/* Experiments with values. For one field they are made with many values at once, and only where
 * that changes anything with half of them each, so that a few renders find a few values among
 * thousands. What makes a render fail is not followed further. */
#include "promote/explain_chart.h"

#include <stdlib.h>

#include "overlays/kustomization.h"
#include "promote/experiment.h"
#include "promote/explain_values.h"
#include "render/doc/origin.h"

enum { EXPERIMENTS_MOST = 400, DECIDERS_MOST = 8, HELPERS_MOST = 24 };

struct candidate {
    const struct node *scalar;
    struct text *text;
    str label; /* ".Values.image.tag" */
};

/* One field, to be known again in another render. */
struct told {
    uint32_t document;
    str field;
    str value;
    uint32_t seen;      /* number of the last experiment in which it was there */
    uint32_t *value_of; /* candidates that decide it … */
    uint32_t value_len;
    uint32_t value_cap;
    uint32_t *presence_of; /* … and those for which it is there */
    uint32_t presence_len;
    uint32_t presence_cap;
};

struct explain_inquiry {
    struct context *cx;
    const struct environment *env;
    struct candidate *at;
    uint32_t len;
    uint32_t cap;
    uint32_t experiments;
    bool all;
    struct map helpers; /* "action key" to struct pos */
    struct map fields;  /* of all documents: "3 spec.replicas" to struct told */
};

static str value_text(const struct node *n)
{
    if (node_is_scalar(n))
        return n->text;
    return n->len ? S("…") : n->kind == NODE_MAP ? S("{}") : S("[]");
}

/* Candidates. */

struct gathering {
    struct explain_inquiry *q;
    const char *prefix;
};

static void gather(void *who, const struct field *f, const struct node *value)
{
    struct gathering *g = who;
    struct explain_inquiry *q = g->q;
    struct text *text = text_of(q->cx, value->pos);
    if (!text || text->cut_from.text || !node_is_scalar(value))
        return;
    ARENA_PUSH(q->cx->arena, q->at, q->len, q->cap);
    str label = str_concat(q->cx->arena, str_from(g->prefix), field_print(q->cx->arena, f));
    q->at[q->len++] = (struct candidate){ value, text, label };
}

static void gather_tree(struct explain_inquiry *q, const struct node *tree, const char *prefix)
{
    if (node_is(tree, NODE_MAP))
        field_each(q->cx, tree, gather, &(struct gathering){ q, prefix });
}

static str base_name(str path)
{
    str folder, name;
    return str_cut_last(path, '/', &folder, &name) ? name : path;
}

static const struct node *read_quietly(struct context *cx, struct text *text)
{
    struct documents all = { 0 };
    struct diags before = cx->diags;
    bool ok = yaml_read_all(cx, text, YAML_GO2, &all);
    diag_take_back(cx, before);
    return ok && all.len ? all.at[0] : NULL;
}

static bool is_kustomization(str name)
{
    for (size_t i = 0; i < countof(kustomization_names); i++) {
        if (str_eq(name, kustomization_names[i]))
            return true;
    }
    return false;
}

/* Files that were read, by what they are called: charts of a kustomization have no settings. */
static void gather_files(struct explain_inquiry *q, const struct source *src, bool values)
{
    for (uint32_t i = 0; i < src->texts.len; i++) {
        struct text *text = src->texts.entries[i].value;
        str name = text ? base_name(text->name) : S("");
        bool yaml = str_ends(name, S(".yaml")) || str_ends(name, S(".yml"));
        if (str_eq(name, S("Chart.yaml"))) {
            gather_tree(q, read_quietly(q->cx, text), ".Chart ");
        } else if (values && yaml && str_has(name, S("values"))) {
            gather_tree(q, read_quietly(q->cx, text), ".Values.");
        } else if (values && is_kustomization(name)) {
            const struct node *file = read_quietly(q->cx, text);
            const struct node *list = node_get(file, KEY(HELM_CHARTS));
            for (uint32_t k = 0; node_is(list, NODE_LIST) && k < list->len; k++)
                gather_tree(q, list->items[k], "helmCharts ");
        }
    }
}

/* Files of a chart that are neither templates nor values may be printed as they are. */
static void gather_contents(struct explain_inquiry *q, const struct environment_part *part)
{
    const struct folder *folder = part->path.folder;
    for (uint32_t i = 0; folder && i < folder->source->texts.len; i++) {
        const struct map_entry *e = &folder->source->texts.entries[i];
        struct text *text = e->value;
        str path = str_starts(e->key, folder->real) ? str_skip(e->key, folder->real.len) : S("");
        if (!text || !text->bytes.len || !str_starts(path, S("/"))
            || str_has(path, S("/templates/")) || str_has(path, S("values"))
            || str_ends(path, S("Chart.yaml")))
            continue;
        struct node *whole = node_string(q->cx, text->bytes);
        whole->pos = (struct pos){ text->id, 0 };
        whole->style = STYLE_LITERAL;
        node_set_maker(q->cx, whole, NULL);
        ARENA_PUSH(q->cx->arena, q->at, q->len, q->cap);
        q->at[q->len++] =
            (struct candidate){ whole, text,
                                str_concat(q->cx->arena, S(".Files "), str_skip(path, 1)) };
    }
}

static bool gather_all(struct explain_inquiry *q)
{
    bool chart = false;
    for (uint32_t i = 0; i < q->env->part_count; i++) {
        if (q->env->parts[i].path.renderer != RENDER_CHART || q->env->parts[i].path.file)
            continue;
        chart = true;
        gather_contents(q, &q->env->parts[i]);
    }
    struct diags before = q->cx->diags;
    const struct node *values = chart ? explain_values(q->cx, q->env) : NULL;
    diag_take_back(q->cx, before);
    if (values)
        gather_tree(q, values, ".Values.");
    for (uint32_t i = 0; i < q->env->source_count; i++)
        gather_files(q, q->env->sources[i], !values);
    return q->len > 0;
}

/* One experiment. */

static int by_place(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    bool vx = str_starts(x->label, S(".Values.")), vy = str_starts(y->label, S(".Values."));
    if (vx != vy)
        return vx ? -1 : 1;
    if (x->text != y->text)
        return x->text->id < y->text->id ? -1 : 1;
    return x->scalar->pos.offset < y->scalar->pos.offset   ? -1
           : x->scalar->pos.offset > y->scalar->pos.offset ? 1
                                                           : 0;
}

/* The edits that change candidates, which are sorted by place; in the scratch arena. */
static size_t edits_for(struct explain_inquiry *q, const struct candidate *at, uint32_t n,
                        struct experiment_edit *out)
{
    struct arena *a = q->cx->scratch;
    const struct node **scalars = NEW_ARRAY(a, const struct node *, n);
    size_t count = 0;
    for (uint32_t i = 0; i < n;) {
        uint32_t k = 0;
        const struct text *text = at[i].text;
        for (; i < n && at[i].text == text; i++)
            scalars[k++] = at[i].scalar;
        out[count].text = text;
        count += experiment_change_all(a, text, scalars, k, &out[count].bytes);
    }
    return count;
}

enum outcome { SAME, CHANGED, GONE, FAILED };

struct question {
    const struct environment *env; /* as it is */
    const struct told *told;
    enum outcome outcome;
};

static bool same_document(struct identity a, struct identity b)
{
    return str_eq(a.name, b.name) && str_eq(a.gvk.kind, b.gvk.kind)
           && str_eq(a.gvk.group, b.gvk.group) && str_eq(a.namespace_, b.namespace_);
}

/* By its place while there are as many documents, else by its name. */
static const struct node *document_again(const struct environment *env, uint32_t number,
                                         const struct environment *again)
{
    if (again->documents.len == env->documents.len)
        return again->documents.at[number];
    struct identity id = identity_of(env->documents.at[number]);
    for (uint32_t i = 0; i < again->documents.len; i++) {
        if (same_document(id, identity_of(again->documents.at[i])))
            return again->documents.at[i];
    }
    return NULL;
}

static void look_at_field(void *who, struct context *inner, const struct environment *again)
{
    struct question *question = who;
    const struct told *told = question->told;
    struct field field;
    question->outcome = FAILED;
    if (!again)
        return;
    const struct node *document = document_again(question->env, told->document, again);
    question->outcome = GONE;
    if (!document || !field_read(inner, document, told->field, &field))
        return;
    bool same = str_eq(value_text(field_find(document, &field)), told->value);
    question->outcome = same ? SAME : CHANGED;
}

static enum outcome try_edits(struct explain_inquiry *q, const struct told *told,
                              const struct experiment_edit *edits, size_t n)
{
    struct question question = { q->env, told, SAME };
    if (n == 0 || q->experiments++ >= EXPERIMENTS_MOST)
        return SAME;
    if (!experiment_run(q->cx, q->env, edits, n, look_at_field, &question))
        return SAME;
    return question.outcome;
}

static void push_number(struct context *cx, uint32_t **list, uint32_t *len, uint32_t *cap,
                        uint32_t number)
{
    uint32_t *at = *list;
    ARENA_PUSH(cx->arena, at, *len, *cap);
    at[(*len)++] = number;
    *list = at;
}

/* Halves a range of candidates until single ones are left that make a difference. */
static void search(struct explain_inquiry *q, struct told *told, uint32_t from, uint32_t to)
{
    struct mark before = arena_mark(q->cx->scratch);
    struct experiment_edit *edits =
        NEW_ARRAY(q->cx->scratch, struct experiment_edit, (size_t)(to - from) + 1);
    size_t n = edits_for(q, q->at + from, to - from, edits);
    enum outcome outcome = try_edits(q, told, edits, n);
    arena_rewind(q->cx->scratch, before);
    if (outcome == SAME || told->value_len >= DECIDERS_MOST)
        return;
    if (to - from > 1) {
        search(q, told, from, from + (to - from) / 2);
        search(q, told, from + (to - from) / 2, to);
    } else if (outcome == CHANGED) {
        push_number(q->cx, &told->value_of, &told->value_len, &told->value_cap, from);
    } else if (outcome == GONE) {
        push_number(q->cx, &told->presence_of, &told->presence_len, &told->presence_cap, from);
    }
}

/* Booleans behind all others: flipped together they would take most documents away. */
static int by_kind_and_place(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    bool bx = x->scalar->kind == NODE_BOOL, by = y->scalar->kind == NODE_BOOL;
    return bx != by ? (bx ? 1 : -1) : by_place(a, b);
}

static uint32_t booleans_from(const struct explain_inquiry *q)
{
    uint32_t i = 0;
    while (i < q->len && q->at[i].scalar->kind != NODE_BOOL)
        i++;
    return i;
}

/* All fields. */

struct survey {
    struct explain_inquiry *q;
    uint32_t document;
    uint32_t candidate;
};

static str key_of(struct arena *a, uint32_t document, const struct field *f)
{
    return str_format(a, "%u %.*s", document, STR(field_print(a, f)));
}

static void remember(void *who, const struct field *f, const struct node *value)
{
    struct survey *s = who;
    struct context *cx = s->q->cx;
    struct told *told = NEW(cx->arena, struct told);
    *told = (struct told){ .document = s->document, .value = value_text(value) };
    map_put(&s->q->fields, key_of(cx->arena, s->document, f), told);
}

struct second_look {
    struct survey *s;
    struct context *inner;
};

static void compare(void *who, const struct field *f, const struct node *value)
{
    struct second_look *l = who;
    struct survey *s = l->s;
    struct told *told = map_get(&s->q->fields, key_of(l->inner->arena, s->document, f));
    if (!told)
        return;
    told->seen = s->candidate + 1;
    if (!str_eq(told->value, value_text(value)))
        push_number(s->q->cx, &told->value_of, &told->value_len, &told->value_cap, s->candidate);
}

static void look_at_all(void *who, struct context *inner, const struct environment *again)
{
    struct survey *s = who;
    struct explain_inquiry *q = s->q;
    if (!again)
        return;
    for (s->document = 0; s->document < q->env->documents.len; s->document++) {
        const struct node *document = document_again(q->env, s->document, again);
        if (document)
            field_each(inner, document, compare, &(struct second_look){ s, inner });
    }
    for (uint32_t i = 0; i < q->fields.len; i++) {
        struct told *told = q->fields.entries[i].value;
        if (told->seen != s->candidate + 1)
            push_number(q->cx, &told->presence_of, &told->presence_len, &told->presence_cap,
                        s->candidate);
    }
}

static void survey(struct explain_inquiry *q)
{
    struct survey s = { .q = q };
    for (; s.document < q->env->documents.len; s.document++)
        field_each(q->cx, q->env->documents.at[s.document], remember, &s);
    for (; s.candidate < q->len; s.candidate++) {
        struct experiment_edit edit;
        struct mark before = arena_mark(q->cx->scratch);
        bool ok = edits_for(q, q->at + s.candidate, 1, &edit) == 0
                  || experiment_run(q->cx, q->env, &edit, 1, look_at_all, &s);
        arena_rewind(q->cx->scratch, before);
        if (!ok)
            return;
    }
}

struct explain_inquiry *explain_inquiry_new(struct context *cx, const struct environment *env,
                                            const struct node *document, bool all)
{
    struct explain_inquiry *q = NEW(cx->arena, struct explain_inquiry);
    *q = (struct explain_inquiry){ .cx = cx, .env = env, .all = all, .fields.arena = cx->arena };
    q->helpers.arena = cx->arena;
    const struct text *text = document ? text_of(cx, document->pos) : NULL;
    if (document && !(text && text->cut_from.text))
        return NULL;
    if (!gather_all(q) || (all && q->len > EXPERIMENTS_MOST))
        return NULL;
    qsort(q->at, q->len, sizeof *q->at, by_kind_and_place);
    if (all)
        survey(q);
    return q;
}

/* Helpers: the line of a named template that prints "KEY: …" for this field. */

static str last_key(const struct field *f)
{
    for (uint32_t i = f->len; i-- > 0;) {
        if (f->at[i].key)
            return f->at[i].key->text;
    }
    return S("");
}

/* "KEY: value" with the value at *from; false for a line without one, or with a block's. */
static bool line_says(str line, str key, size_t *from)
{
    size_t at = 0;
    while (at < line.len && str_has_char(S(" \t-{"), line.at[at]))
        at++;
    str rest = str_skip(line, at);
    if (!str_starts(rest, key) || !str_starts(str_skip(rest, key.len), S(": ")))
        return false;
    str value = str_trim(str_skip(rest, key.len + 2));
    *from = at + key.len + 2;
    return value.len && !str_has_char(S("|>&"), value.at[0]);
}

static bool calls_a_template(struct context *cx, struct pos pos)
{
    struct place place;
    return text_place_here(cx, pos, &place)
           && (str_has(place.source, S("include ")) || str_has(place.source, S("template "))
               || str_has(place.source, S("tpl ")));
}

/* "list[name=x].name": another name is another item. */
static bool names_its_item(const struct field *f)
{
    return f->len > 1 && f->at[f->len - 1].key && f->at[f->len - 2].by == f->at[f->len - 1].key;
}

static bool decides(struct explain_inquiry *q, const struct told *told, const struct field *f,
                    const struct text *text, size_t from, size_t to)
{
    struct experiment_edit edit = { text, { NULL, 0 } };
    edit.bytes = str_format(q->cx->arena, "%.*sx%.*s", STR(str_slice(text->bytes, 0, from)),
                            STR(str_skip(text->bytes, to)));
    enum outcome outcome = try_edits(q, told, &edit, 1);
    bool written = str_has(str_slice(text->bytes, from, to), told->value);
    return outcome == CHANGED || (outcome == GONE && (written || names_its_item(f)));
}

static struct pos helper_in(struct explain_inquiry *q, const struct told *told,
                            const struct field *f, const struct text *text, uint32_t *tried)
{
    str rest = text->bytes, line, key = last_key(f);
    while (str_next_line(&rest, &line)) {
        size_t value, at = (size_t)(line.at - text->bytes.at);
        if (!line_says(line, key, &value) || ++*tried > HELPERS_MOST)
            continue;
        if (decides(q, told, f, text, at + value, at + line.len))
            return (struct pos){ text->id, (uint32_t)(at + value) };
    }
    return NOWHERE;
}

static struct pos find_helper(struct explain_inquiry *q, const struct told *told,
                              const struct field *f)
{
    uint32_t tried = 0;
    for (uint32_t i = 1; i < q->cx->text_count; i++) {
        const struct text *text = q->cx->texts[i];
        if (text->cut_from.text || !str_has(text->name, S("/templates/")))
            continue;
        struct pos found = helper_in(q, told, f, text, &tried);
        if (found.text)
            return found;
    }
    return NOWHERE;
}

/* The same line of a template prints the same key by the same helper, whatever the document. */
static struct pos helper_of(struct explain_inquiry *q, const struct told *told,
                            const struct field *f, struct pos action)
{
    struct arena *a = q->cx->arena;
    str key = last_key(f);
    if (!calls_a_template(q->cx, action))
        return NOWHERE;
    struct map_entry *known =
        map_entry(&q->helpers, str_format(a, "%u:%u %.*s %.*s", action.text, action.offset,
                                          STR(key), STR(names_its_item(f) ? told->value : S(""))));
    if (known->value)
        return *(struct pos *)known->value;
    struct pos found = NOWHERE;
    q->experiments = 0;
    if (key.len)
        found = find_helper(q, told, f);
    known->value = arena_copy(a, &found, sizeof found);
    return found;
}

/* Telling. */

static void tell(struct explain_inquiry *q, struct explain_hop *hop, const uint32_t *numbers,
                 uint32_t n, bool presence)
{
    for (uint32_t i = 0; i < n && i < DECIDERS_MOST; i++) {
        const struct candidate *c = &q->at[numbers[i]];
        struct field none = { 0 };
        ARENA_PUSH(q->cx->arena, hop->deciders, hop->decider_count, hop->decider_cap);
        struct explain_decider *d = &hop->deciders[hop->decider_count++];
        *d = (struct explain_decider){ .label = c->label, .presence = presence };
        explain_field(q->cx, c->scalar, &none, &d->chain);
    }
}

static struct explain_hop *printed_hop(struct context *cx, struct explain_chain *chain)
{
    for (uint32_t i = chain->len; i-- > 0;) {
        const struct text *text = text_of(cx, chain->at[i].value->pos);
        if (text && text->cut_from.text)
            return &chain->at[i];
    }
    return NULL;
}

static bool same_line(struct context *cx, struct pos a, struct pos b)
{
    struct place x, y;
    return text_place(cx, a, &x) && text_place(cx, b, &y) && x.line == y.line
           && str_eq(x.name, y.name);
}

static uint32_t number_of(const struct environment *env, const struct node *document)
{
    uint32_t i = 0;
    while (i < env->documents.len && env->documents.at[i] != document)
        i++;
    return i;
}

void explain_inquire(struct explain_inquiry *q, const struct node *document, const struct field *f,
                     struct explain_chain *chain)
{
    struct context *cx = q->cx;
    struct explain_hop *hop = printed_hop(cx, chain);
    const struct node *value = field_find(document, f);
    if (!hop || !value)
        return;
    struct told one = { .document = number_of(q->env, document), .value = value_text(value) };
    one.field = field_print(cx->arena, f);
    struct told *told = &one;
    if (q->all) {
        told = map_get(&q->fields, key_of(cx->arena, one.document, f));
        if (!told)
            return;
        told->field = one.field;
    } else {
        uint32_t booleans = booleans_from(q);
        q->experiments = 0;
        if (booleans)
            search(q, told, 0, booleans);
        if (booleans < q->len)
            search(q, told, booleans, q->len);
    }
    tell(q, hop, told->value_of, told->value_len, false);
    tell(q, hop, told->presence_of, told->presence_len, true);
    struct pos helper = helper_of(q, told, f, text_origin(cx, hop->pos));
    if (!same_line(cx, helper, hop->pos))
        hop->helper = helper;
}
