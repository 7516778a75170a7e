/* Templates: the input is parsed, executed over a small root value, and what fails is
 * put into Helm's words. Half of the mutations write a piece of the language's grammar. */
#include <stdlib.h>

#include "render/base/diag_print.h"
#include "render/template/template.h"

struct input {
    const uint8_t *bytes;
    size_t len;
};

static struct value root_value(struct context *cx)
{
    struct dict *values = dict_new(cx->arena, 8);
    struct value items[] = { value_int(1), value_string(S("two")), NIL, value_float(4.5) };
    struct value list = value_list(arena_copy(cx->arena, items, sizeof items), countof(items));
    dict_set_text(cx, values, S("list"), list);
    dict_set_text(cx, values, S("number"), value_float(1e6));
    dict_set_text(cx, values, S("text"), value_string(S("a: {{ .text }}\nb: é")));
    dict_set_text(cx, values, S("null"), NIL);
    struct dict *root = dict_new(cx->arena, 2);
    struct value map = value_map(values);
    map.type = TYPE_VALUES;
    dict_set_text(cx, root, S("Values"), map);
    dict_set_text(cx, root, S("Files"), value_bytes(S("bytes")));
    return value_map(root);
}

static bool work(struct context *cx, void *arg)
{
    const struct input *in = arg;
    struct template_set *set = template_set_new(cx, (struct template_options){ .pieces = true });
    str bytes = { (const char *)in->bytes, in->len };
    struct rendered out;
    bool ok = template_add(set, S("t"), text_add(cx, S("t"), bytes))
              && template_execute(set, S("t"), root_value(cx), &out);
    if (!ok && template_failure(set))
        failure_helm(cx->arena, template_failure(set));
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct context *cx = context_new(&(struct context_options){
        .memory = 256u << 20, .now = 1700000000, .timeout_ns = 2000000000u });
    if (!cx)
        return 0;
    cx->limits.max[LIMIT_STEPS] = 100000;
    cx->limits.max[LIMIT_OUTPUT] = 1 << 20;
    cx->switches.offline = true;
    cx->switches.deterministic = true;
    struct input in = { bytes, len };
    if (!context_run(cx, work, &in)) {
        struct buf b;
        buf_init(&b, cx->arena, 4096);
        diag_print(cx, &b, (struct diag_style){ 0 });
    }
    context_free(cx);
    return 0;
}

/* The grammar: a digit stands for a rule. */
static const char *const text_rules[] = { "a", " b: \n", "0 1", "1", "{{ 2 }}", "{{- 2 -}}", NULL };
static const char *const action_rules[] = {
    "{{ if 2 }}0{{ end }}",
    "{{ if 2 }}0{{ else if 2 }}0{{ else }}0{{ end }}",
    "{{ range 2 }}0{{ end }}",
    "{{ range $i, $x := 3 }}{{ $i }}{{ $x }}{{ break }}{{ else }}0{{ end }}",
    "{{ with 2 }}{{ . }}{{ else }}0{{ end }}",
    "{{ $x := 2 }}{{ $x }}0",
    "{{ $x := 3 }}{{ $x = 2 }}",
    "{{ define \"t\" }}0{{ end }}{{ template \"t\" 3 }}",
    "{{ block \"u\" 3 }}0{{ end }}",
    "{{ include \"t\" 3 }}",
    "{{ tpl `0` . }}",
    "{{/* 4 */}}",
    NULL,
};
static const char *const pipe_rules[] = {
    "3", "5 3", "5 3 3", "5 3 3 3", "3 | 5", "2 | 5 3", "printf `%4%+v` 3 3", "5", NULL
};
static const char *const operand_rules[] = {
    ".",
    "$",
    ".Values.list",
    ".Values.text",
    ".Values.null.x",
    ".Values.number",
    "(2)",
    "(2).a.b",
    "`4`",
    "\"a\\n4\"",
    "'c'",
    "6",
    "nil",
    "true",
    "(list 3 3)",
    "(dict \"a\" 3)",
    "(until 3)",
    "(index 3 3)",
    NULL,
};
static const char *const word_rules[] = { "a",  "4 b", "%d",         "[1]*.#q", "é",
                                          "*/", "}}",  "<no value>", NULL };
static const char *const number_rules[] = {
    "0", "1", "-1", "1.5", "0x1f", "9223372036854775807", "1e21", "1_0", "07", "3i", "1+2i", NULL
};

static const char *const *const rules[] = { text_rules, action_rules, pipe_rules,  operand_rules,
                                            word_rules, NULL,         number_rules };

struct writer {
    char *at;
    size_t len, max;
    unsigned random;
    int depth;
};

static unsigned chance(struct writer *w, unsigned n)
{
    w->random = w->random * 1103515245u + 12345u;
    return (w->random >> 16) % n;
}

static void put(struct writer *w, const char *s)
{
    for (; *s && w->len < w->max; s++)
        w->at[w->len++] = *s;
}

struct pick {
    unsigned left;
    const char *name;
};

static void pick_function(const struct func *f, void *who)
{
    struct pick *p = who;
    if (p->left-- == 0)
        p->name = f->name;
}

static void put_function(struct writer *w)
{
    struct pick p = { chance(w, 250), "print" };
    func_each(pick_function, &p);
    put(w, p.name);
}

static void expand(struct writer *w, unsigned rule)
{
    if (rule == 5) {
        put_function(w);
        return;
    }
    const char *const *choices = rules[rule];
    unsigned n = 0;
    while (choices[n])
        n++;
    const char *s = choices[w->depth > 5 ? 0 : chance(w, n)];
    w->depth++;
    for (; *s; s++) {
        if (*s >= '0' && *s <= '6' && rule != 6 && (rule != 4 || *s == '4'))
            expand(w, (unsigned)(*s - '0'));
        else
            put(w, (char[]){ *s, '\0' });
    }
    w->depth--;
}

size_t LLVMFuzzerMutate(uint8_t *bytes, size_t len, size_t max);

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t len, size_t max, unsigned seed)
{
    struct writer w = { .random = seed };
    if (chance(&w, 2))
        return LLVMFuzzerMutate(bytes, len, max);
    char piece[512];
    w.at = piece;
    w.max = sizeof piece;
    expand(&w, chance(&w, 5));
    if (len + w.len > max)
        return LLVMFuzzerMutate(bytes, len, max);
    size_t at = chance(&w, (unsigned)len + 1);
    memmove(bytes + at + w.len, bytes + at, len - at);
    memcpy(bytes + at, piece, w.len);
    return len + w.len;
}
