/* The table of all functions, and what their parameters take. */
#include "render/template/func.h"

#include "render/template/run.h"

static const struct func *const families[] = {
    certificate_funcs, core_funcs,  crypto_funcs, date_funcs,    dict_funcs, encoding_funcs,
    helm_funcs,        list_funcs,  math_funcs,   network_funcs, path_funcs, random_funcs,
    reflection_funcs,  regex_funcs, semver_funcs, string_funcs,  word_funcs,
};

void func_each(void (*visit)(const struct func *f, void *who), void *who)
{
    for (size_t i = 0; i < countof(families); i++) {
        for (const struct func *f = families[i]; f->name; f++)
            visit(f, who);
    }
}

static bool repeats(const struct func *f, uint32_t *len)
{
    *len = (uint32_t)strlen(f->params);
    return *len && f->params[*len - 1] == '*';
}

uint32_t func_least(const struct func *f)
{
    uint32_t len;
    return repeats(f, &len) ? len - 2 : len;
}

uint32_t func_most(const struct func *f)
{
    uint32_t len;
    return repeats(f, &len) ? UINT32_MAX : len;
}

char func_param(const struct func *f, uint32_t at)
{
    uint32_t len;
    if (repeats(f, &len))
        return f->params[at < len - 2 ? at : len - 2];
    return f->params[at];
}

/* A parameter: how Go names it, the kind and type it takes, whether it takes nil. */
static const struct {
    char letter;
    bool nil;
    uint8_t kind;
    uint8_t type;
    const char *name;
} params[] = {
    { 's', false, VALUE_STRING, TYPE_ANY, "string" },
    { 'i', false, VALUE_INT, TYPE_ANY, "int" },
    { 'I', false, VALUE_INT64, TYPE_ANY, "int64" },
    { 'f', false, VALUE_FLOAT, TYPE_ANY, "float64" },
    { 'b', false, VALUE_BOOL, TYPE_ANY, "bool" },
    { '.', true, VALUE_NIL, TYPE_ANY, "interface {}" },
    { 'v', true, VALUE_NIL, TYPE_ANY, "reflect.Value" },
    { 'm', true, VALUE_MAP, TYPE_ANY, "map[string]interface {}" },
    { 'l', true, VALUE_LIST, TYPE_ANY, "[]interface {}" },
    { 'S', true, VALUE_LIST, TYPE_STRINGS, "[]string" },
    { 'y', true, VALUE_BYTES, TYPE_ANY, "[]uint8" },
    { 't', false, VALUE_TIME, TYPE_ANY, "time.Time" },
    { 'd', false, VALUE_DURATION, TYPE_ANY, "time.Duration" },
    { 'u', false, VALUE_KIND_COUNT, TYPE_ANY, "uint32" },
    { 'c', false, VALUE_OBJECT, TYPE_ANY, "sprig.certificate" },
    { 'O', true, VALUE_OBJECT, TYPE_ANY, "*semver.Version" },
};

static size_t param_row(char param)
{
    size_t i = 0;
    while (i + 1 < countof(params) && params[i].letter != param)
        i++;
    return i;
}

str func_param_name(char param)
{
    return str_from(params[param_row(param)].name);
}

bool func_accepts(char param, struct value *v)
{
    if (param == '.' || param == 'v')
        return true;
    size_t row = param_row(param);
    if (v->kind == VALUE_NIL && !v->boxed && params[row].nil) {
        *v = (struct value){ .kind = params[row].kind, .type = params[row].type };
        return true;
    }
    if (params[row].kind == VALUE_OBJECT && v->kind == VALUE_OBJECT)
        return !strcmp(v->object->type->name, params[row].name);
    if (v->kind == params[row].kind && v->type == params[row].type)
        return true;
    if (param == 'm' && v->kind == VALUE_MAP && v->type == TYPE_VALUES) {
        v->type = TYPE_ANY;
        return true;
    }
    if (v->kind != VALUE_OBJECT || v->object->plain.kind != params[row].kind
        || v->object->plain.type != params[row].type || !strcmp(v->object->type->kind, "struct"))
        return false;
    *v = v->object->plain;
    return true;
}

struct value call_fail(struct call *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    c->error = str_vformat(c->cx->arena, format, args);
    va_end(args);
    c->failed = true;
    return NIL;
}

struct value call_panic(struct call *c, const char *go, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str words = str_vformat(c->cx->arena, format, args);
    va_end(args);
    report(c->cx, c->pos, "%s: %.*s", c->func->name, STR(words));
    c->error = str_dup(c->cx->arena, str_from(go));
    c->failed = c->reported = true;
    return NIL;
}

struct value call_say(struct call *c, str message)
{
    c->error = message;
    c->failed = c->said = true;
    return NIL;
}

struct value call_stop(struct call *c)
{
    c->error = (str){ 0 };
    c->failed = c->reported = true;
    return NIL;
}

struct value call_printed(struct call *c, struct buf *b)
{
    if (!b->error)
        return value_string(buf_take(b));
    report(c->cx, c->pos, "'%s' would not end: something holds itself", c->func->name);
    return call_stop(c);
}

void call_reads(struct call *c, const struct dict *map, const struct key *key,
                const struct dict_entry *e)
{
    if (c->run && run_watch(c->run))
        watch_read(run_watch(c->run), map, key, e);
}

bool call_costs(struct call *c, uint64_t steps)
{
    return limit_count(c->cx, LIMIT_STEPS, steps, c->pos);
}

bool call_room(struct call *c, uint64_t bytes)
{
    enum { LARGEST = 256 << 20 };
    if (bytes <= LARGEST)
        return true;
    return report(c->cx, c->pos, "'%s' would make %llu bytes: a string can have %d", c->func->name,
                  (unsigned long long)bytes, LARGEST);
}
