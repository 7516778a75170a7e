/* Template sets, and the two functions that run templates: include and tpl.
 *
 * A text given to tpl is parsed once, however often it comes. What it defines is seen
 * only by what it runs itself: such a text gets a set of its own over the one it is in. */
#include "render/template/template.h"

#include "render/base/quote.h"
#include "render/base/suggest.h"
#include "render/template/eval.h"

/* What Helm calls its root template, and so every text given to tpl. */
#define ROOT "gotpl"

enum { MOST_NESTED_INCLUDES = 1000, STEPS_OF_AN_INCLUDE = 20 };

/* What Helm adds to Sprig's functions for charts. */
static const str chart_functions[] = {
    S("fromJsonArray"), S("fromToml"), S("fromYaml"), S("fromYamlArray"),
    S("include"),       S("lookup"),   S("required"), S("mustToYaml"),
    S("toToml"),        S("toYaml"),   S("tpl"),      S("toYamlPretty"),
};

static bool is_for_charts(str name)
{
    for (size_t i = 0; i < countof(chart_functions); i++) {
        if (str_eq(name, chart_functions[i]))
            return true;
    }
    return false;
}

static void add_function(const struct func *f, void *who)
{
    struct template_engine *e = who;
    str name = str_from(f->name);
    bool hidden = (e->options.bare && is_for_charts(name)) || str_eq(name, e->options.without);
    if (!map_find(&e->functions, name) && !hidden)
        map_put(&e->functions, name, (void *)f);
}

/* Of the set's owner. */
static void add_own_functions(struct template_engine *e)
{
    for (const struct func *f = e->options.more; f && f->name; f++)
        map_put(&e->functions, str_from(f->name), (void *)f);
}

struct template_set *template_set_new(struct context *cx, struct template_options options)
{
    struct template_engine *e = NEW(cx->arena, struct template_engine);
    e->cx = cx;
    e->options = options;
    e->functions.arena = e->tpl_texts.arena = cx->arena;
    e->regexes.arena = e->chances.arena = e->zones.arena = cx->arena;
    add_own_functions(e);
    func_each(add_function, e);
    for (const struct func *f = environment_funcs; options.environment && f->name; f++)
        add_function(f, e);
    struct template_set *set = NEW(cx->arena, struct template_set);
    *set = (struct template_set){ .cx = cx, .templates.arena = cx->arena, .engine = e };
    return set;
}

static void add_parsed(struct template_set *set, const struct parsed *p)
{
    for (uint32_t i = 0; i < p->len; i++) {
        struct map_entry *e = map_entry(&set->templates, p->at[i]->name);
        if (!e->value || !p->at[i]->blank)
            e->value = p->at[i];
    }
}

static const struct failure *parse_failure(struct arena *a, str sentence)
{
    struct failure *f = NEW(a, struct failure);
    *f = (struct failure){ .words = sentence, .parsing = true };
    return sentence.at ? f : NULL;
}

bool template_add(struct template_set *set, str name, const struct text *text)
{
    struct parsed p;
    struct context *cx = set->cx;
    bool ok = template_read(cx, cx->arena, &set->engine->functions, name, text, &p);
    set->engine->failure = ok ? NULL : parse_failure(set->cx->arena, p.error);
    if (ok)
        add_parsed(set, &p);
    return ok;
}

bool template_add_later(struct template_set *set, str name, const struct text *text)
{
    if (set->engine->options.watch || str_has(text->bytes, S("define"))
        || str_has(text->bytes, S("block")) || map_find(&set->templates, name))
        return template_add(set, name, text);
    struct template *t = NEW(set->cx->arena, struct template);
    *t = (struct template){ .name = name, .parsed_as = name, .text = text, .pending = true };
    map_put(&set->templates, name, t);
    return true;
}

static bool parse_now(const struct template_set *set, struct template *t, struct arena *nodes)
{
    struct parsed p;
    struct template_engine *e = set->engine;
    bool ok = template_read(set->cx, nodes, &e->functions, t->name, t->text, &p);
    e->failure = ok ? NULL : parse_failure(set->cx->arena, p.error);
    if (!ok)
        return false;
    t->body = p.own->body;
    t->slots = p.own->slots;
    t->pending = false;
    return true;
}

/* A tree that is forgotten; the template can be run again. */
static void forget(struct template *t)
{
    t->body = (struct ast_list){ 0 };
    t->pending = true;
}

static bool parses(const struct template_set *set, struct template *t)
{
    struct mark before = arena_mark(set->cx->brief);
    bool ok = parse_now(set, t, set->cx->brief);
    if (ok)
        forget(t);
    arena_rewind(set->cx->brief, before);
    return ok;
}

bool template_check(struct template_set *set, struct diags before)
{
    const struct failure *failure = set->engine->failure;
    for (uint32_t i = 0; i < set->templates.len; i++) {
        struct template *t = set->templates.entries[i].value;
        if (!t->pending)
            continue;
        diag_mute(set->cx);
        bool ok = parses(set, t);
        diag_unmute(set->cx);
        if (ok)
            continue;
        diag_take_back(set->cx, before);
        return parses(set, t);
    }
    set->engine->failure = failure;
    return true;
}

const struct template *template_find(const struct template_set *set, str name)
{
    for (; set; set = set->outer) {
        const struct template *t = map_get(&set->templates, name);
        if (t)
            return t;
    }
    return NULL;
}

/* Where a template of nearly that name is defined. */
static void hint_template(const struct template_set *set, struct context *cx, str name)
{
    for (; set; set = set->outer) {
        str *names = NEW_ARRAY(cx->arena, str, set->templates.len + 1);
        for (uint32_t i = 0; i < set->templates.len; i++)
            names[i] = set->templates.entries[i].key;
        ptrdiff_t near = suggest(name, names, set->templates.len);
        if (near < 0)
            continue;
        const struct template *t = set->templates.entries[near].value;
        hint(cx, (struct pos){ t->text->id, t->at }, "did you mean '%.*s'?", STR(t->name));
        return;
    }
}

/* A buffer for what an include prints, kept for the next one. */
static struct buf *buffer_take(struct template_engine *e)
{
    if (e->buffers_used == e->buffer_count) {
        ARENA_PUSH(e->cx->arena, e->buffers, e->buffer_count, e->buffer_cap);
        struct buf *b = NEW(e->cx->arena, struct buf);
        buf_init(b, e->cx->arena, 4096);
        e->buffers[e->buffer_count++] = b;
    }
    struct buf *b = e->buffers[e->buffers_used++];
    b->len = 0;
    return b;
}

static str buffer_give_back(struct template_engine *e, struct arena *a)
{
    return str_dup(a, buf_view(e->buffers[--e->buffers_used]));
}

/* The call fails because of what it ran. */
static struct value failed_inside(struct call *c, str name)
{
    if (c->run->engine->failure)
        run_note_frame(c->run, c->pos, name);
    return call_stop(c);
}

static struct failure *failure_of(struct call *c, str words)
{
    struct failure *f = NEW(c->arena, struct failure);
    f->words = words;
    c->run->engine->failure = f;
    return f;
}

/* The error that Go's include gives for an unknown name is a template's own. */
static struct value not_found(struct call *c, str name)
{
    str wanted = quoted(c->arena, name);
    failure_of(c, str_format(c->arena,
                             "template: no template %.*s associated with template \"" ROOT "\"",
                             STR(wanted)));
    c->run->engine->frames = 0;
    report(c->cx, c->pos, "no template is named '%.*s'", STR(name));
    hint_template(c->run->set, c->cx, name);
    return call_stop(c);
}

struct value run_include(struct call *c, str name, struct value dot)
{
    struct template *t = (struct template *)template_find(c->run->set, name);
    if (!t)
        return not_found(c, name);
    if (!template_ready(c->run->set, t))
        return call_stop(c);
    if (t->calls > MOST_NESTED_INCLUDES)
        return call_fail(c,
                         "rendering template has a nested reference name: %.*s: unable to "
                         "execute template",
                         STR(name));
    struct template_engine *e = c->run->engine;
    struct buf *out = buffer_take(e);
    dot.boxed = false;
    t->calls++;
    bool ok = call_costs(c, STEPS_OF_AN_INCLUDE) && run_template(c->run, t, dot, out);
    t->calls--;
    str printed = buffer_give_back(e, c->arena);
    return ok ? value_string(printed) : failed_inside(c, name);
}

#define NO_VALUE "<no value>"

/* Removes every "<no value>" in place; pieces move with what they are about. */
static size_t remove_no_value(char *at, size_t len, struct pieces *pieces)
{
    size_t from = 0, to = 0;
    uint32_t piece = 0;
    const size_t gone = sizeof NO_VALUE - 1;
    for (;;) {
        const char *hit = len - from ? memmem(at + from, len - from, NO_VALUE, gone) : NULL;
        size_t end = hit ? (size_t)(hit - at) : len;
        for (; pieces && piece < pieces->len && pieces->at[piece].offset <= end; piece++)
            pieces->at[piece].offset -= (uint32_t)(from - to);
        if (to != from)
            memmove(at + to, at + from, end - from);
        to += end - from;
        if (!hit)
            return to;
        from = end + gone;
        for (; pieces && piece < pieces->len && pieces->at[piece].offset < from; piece++)
            pieces->at[piece].offset = (uint32_t)to;
    }
}

bool template_ready(const struct template_set *set, const struct template *t)
{
    return !t->pending || parse_now(set, (struct template *)t, set->cx->arena);
}

static struct parsed *tpl_parse(struct template_engine *e, str text)
{
    struct map_entry *known = map_find(&e->tpl_texts, text);
    if (known)
        return known->value;
    str bytes = str_dup(e->cx->arena, text);
    struct parsed *p = NEW(e->cx->arena, struct parsed);
    struct text *t = text_add(e->cx, S("tpl"), bytes);
    if (!template_read(e->cx, e->cx->arena, &e->functions, S(ROOT), t, p))
        p->own = NULL;
    map_put(&e->tpl_texts, bytes, p);
    return p;
}

static struct value tpl_failed(struct call *c, const char *what, str text,
                               const struct failure *inner)
{
    str shown = quoted(c->arena, text);
    if (inner) {
        struct failure *f = failure_of(c, str_format(c->arena, "%s %.*s: ", what, STR(shown)));
        f->inner = inner;
        f->foreign = true;
    }
    return failed_inside(c, S("tpl"));
}

struct value run_tpl(struct call *c, str text, struct value dot)
{
    struct template_engine *e = c->run->engine;
    /* Most texts are plain ones. */
    if (!str_has(text, S("{{")))
        return value_string(str_replace_all(c->arena, text, S(NO_VALUE), S("")));
    struct parsed *p = tpl_parse(e, text);
    if (!p->own)
        return tpl_failed(c, "cannot parse template", text, parse_failure(c->arena, p->error));
    struct run inside = *c->run;
    struct template_set over = { c->cx, c->run->set, { .arena = c->arena }, e };
    if (p->len > 1) {
        add_parsed(&over, p);
        inside.set = &over;
    }
    struct buf *out = buffer_take(e);
    dot.boxed = false;
    bool ok = run_template(&inside, p->own, dot, out);
    out->len = remove_no_value(out->at, out->len, NULL);
    str printed = buffer_give_back(e, c->arena);
    if (ok)
        return value_string(printed);
    return tpl_failed(c, "error during tpl function execution for", text, e->failure);
}

/* What was printed, exactly as large as it is, or the whole buffer of much. */
static void take_printed(struct template_engine *e, struct rendered *out)
{
    enum { MUCH = 64 << 10 };
    struct arena *a = e->cx->arena;
    struct pieces *p = &e->pieces;
    bool much = e->out.len >= MUCH;
    out->bytes = much ? buf_view(&e->out) : str_dup(a, buf_view(&e->out));
    out->piece_count = p->len;
    out->pieces = much ? p->at : arena_copy(a, p->at, p->len * sizeof *p->at);
    if (much) {
        e->out = (struct buf){ 0 };
        *p = (struct pieces){ 0 };
    }
    p->len = 0;
}

/* Asked when memory is used up. */
static struct pos where_it_runs(const void *who)
{
    const struct template_engine *e = who;
    const struct run *r = e->running;
    return r->at && r->template ? run_place(r, r->at) : NOWHERE;
}

static bool execute(struct template_set *set, const struct template *t, struct value root,
                    struct rendered *out)
{
    struct context *cx = set->cx;
    struct template_engine *e = set->engine;
    if (!e->out.at)
        buf_init(&e->out, cx->arena, 4096);
    e->out.len = 0;
    struct run run = {
        .cx = cx,
        .engine = e,
        .set = set,
        .out = &e->out,
        .pieces = e->options.pieces ? &e->pieces : NULL,
    };
    e->stack = __builtin_frame_address(0);
    e->buffers_used = 0;
    e->failure = NULL;
    e->running = &run;
    cx->where = where_it_runs;
    cx->who = e;
    bool ok = run_template(&run, t, root, &e->out);
    cx->where = NULL;
    if (!e->options.bare)
        e->out.len = remove_no_value(e->out.at, e->out.len, run.pieces);
    take_printed(e, out);
    return ok && limit_count(cx, LIMIT_OUTPUT, out->bytes.len, NOWHERE);
}

bool template_execute(struct template_set *set, str name, struct value root, struct rendered *out)
{
    struct context *cx = set->cx;
    struct template *t = (struct template *)template_find(set, name);
    if (!t)
        return report(cx, NOWHERE, "no template is named '%.*s'", STR(name));
    if (!t->pending)
        return execute(set, t, root, out);
    struct mark before = arena_mark(cx->brief);
    bool ok = parse_now(set, t, cx->brief) && execute(set, t, root, out);
    if (ok) {
        forget(t);
        arena_rewind(cx->brief, before);
    }
    return ok;
}

const struct failure *template_failure(const struct template_set *set)
{
    return set->engine->failure;
}
