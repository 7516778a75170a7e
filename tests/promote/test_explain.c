/* Explanations: testdata/promote/explain.cases, and that they are true. For every field of the
 * sample the line that explain names is changed, in memory, and the field must change with it. */
#include <stdio.h>

#include "promote/explain.h"
#include "promote/explain_chart.h"
#include "promote/match.h"
#include "tests/cases.h"
#include "tests/source/tree.h"

#define SAMPLE "testdata/inventory-system"

/* With sanitizers a render takes ten times as long. */
#ifdef __SANITIZE_ADDRESS__
enum { EVERY = 31 };
#else
enum { EVERY = 1 };
#endif

/* A field of the sample, by the text that stood for it. */
struct told {
    uint32_t number;          /* of the document … */
    uint32_t documents;       /* … among how many */
    struct identity document; /* its name without a hash */
    uint32_t siblings;        /* of the item that the field tells from others, or 0 */
    str field;
    str value;
};

/* A line that explain named, and the fields that it named it for. */
struct named {
    str file;
    str bytes;
    uint32_t offset;
    struct told *fields;
    uint32_t len;
    uint32_t cap;
};

struct survey {
    struct context *cx;
    const struct environment *env;
    struct explain_inquiry *inquiry; /* of a chart */
    struct map places;               /* "file:offset" to struct named */
    uint32_t document;
    uint32_t fields;
    uint32_t nowhere;
};

static str value_text(const struct node *n)
{
    if (node_is_scalar(n))
        return n->text;
    return n->len ? S("…") : n->kind == NODE_MAP ? S("{}") : S("[]");
}

/* How many items the list has in which the field is what finds its item: "list[name=x].name". */
static uint32_t siblings_of(const struct node *document, const struct field *f)
{
    if (f->len < 2 || !f->at[f->len - 1].key || f->at[f->len - 2].by != f->at[f->len - 1].key)
        return 0;
    const struct node *list = field_find(document, &(struct field){ f->at, f->len - 2, 0 });
    return list ? list->len : 0;
}

static void tell(void *who, const struct field *f, const struct node *value)
{
    struct survey *s = who;
    struct explain_chain chain;
    const struct node *document = s->env->documents.at[s->document];
    explain_field(s->cx, document, f, &chain);
    if (s->inquiry)
        explain_inquire(s->inquiry, document, f, &chain);
    struct pos pos = text_origin(s->cx, explain_source(&chain));
    const struct text *text = text_of(s->cx, pos);
    str name = field_print(s->cx->arena, f);
    s->fields++;
    if (!text) {
        struct identity id = identity_of(s->env->documents.at[s->document]);
        printf("%.*s/%.*s %.*s: no place\n", STR(id.gvk.kind), STR(id.name), STR(name));
        s->nowhere++;
        return;
    }
    str key = str_format(s->cx->arena, "%.*s:%u", STR(text->name), pos.offset);
    struct map_entry *e = map_entry(&s->places, key);
    if (!e->value) {
        struct named *named = NEW(s->cx->arena, struct named);
        named->file = text->name;
        named->bytes = text->bytes;
        named->offset = pos.offset;
        e->value = named;
    }
    struct named *named = e->value;
    ARENA_PUSH(s->cx->arena, named->fields, named->len, named->cap);
    struct identity id = identity_of(s->env->documents.at[s->document]);
    id.name = name_without_hash(id.name);
    named->fields[named->len++] = (struct told){
        .number = s->document,
        .documents = s->env->documents.len,
        .document = id,
        .siblings = siblings_of(s->env->documents.at[s->document], f),
        .field = name,
        .value = value_text(value),
    };
}

/* The chart that the working directory holds. */
static struct environment *render_chart(struct context *cx, struct source *src)
{
    struct folder *here = source_folder(cx, src, S("."), NOWHERE);
    struct environment_row *row = NEW(cx->arena, struct environment_row);
    *row = (struct environment_row){ .name = S("shop"), .path = S("chart"), .release = S("shop") };
    return here ? environment_render(cx, here, row) : NULL;
}

/* An environment of the sample's hoist.yaml, or its chart with the values of "chart-NAME". */
static struct environment *render(struct context *cx, struct source *src, str name)
{
    if (str_eq(name, S("packed")))
        return render_chart(cx, src);
    struct folder *project = source_folder(cx, src, S(SAMPLE), NOWHERE);
    struct project *p = project ? project_read(cx, project) : NULL;
    if (!str_starts(name, S("chart-"))) {
        const struct environment_row *row = p ? project_environment(cx, p, name) : NULL;
        return row ? environment_render(cx, project, row) : NULL;
    }
    struct environment_row *row = NEW(cx->arena, struct environment_row);
    struct value_name *values = NEW(cx->arena, struct value_name);
    values->path = str_format(cx->arena, "%.*s-values.yaml", STR(str_skip(name, 6)));
    *row = (struct environment_row){ .name = name,
                                     .path = S("charts/inventory"),
                                     .release = S("shop"),
                                     .values = values,
                                     .value_count = 1 };
    struct environment *env = project ? environment_open(cx, project, row) : NULL;
    if (!env)
        return NULL;
    env->parts[0].path.chart->skip_schema = true; /* made-up values are not what it describes */
    return environment_finish(cx, env) ? env : NULL;
}

/* Does a value that stands in braces or brackets end here? */
static bool is_flow_end(str bytes, size_t from, size_t at)
{
    str value = str_slice(bytes, from, at);
    return (bytes.at[at] == ',' && !str_has_char(value, '"'))
           || (bytes.at[at] == '}' && !str_has_char(value, '{'))
           || (bytes.at[at] == ']' && !str_has_char(value, '['));
}

/* Some other value in the place of the one at an offset: what does for a name does not for a
 * number or a boolean. False when there is no such way. */
static bool other_value(struct arena *a, str bytes, size_t at, int way, str *out)
{
    size_t end = at;
    bool quoted = at < bytes.len && (bytes.at[at] == '"' || bytes.at[at] == '\'');
    at += quoted;
    while (end < bytes.len && bytes.at[end] != '\n' && (quoted || !is_flow_end(bytes, at, end))
           && !(bytes.at[end] == ' ' && end + 1 < bytes.len && bytes.at[end + 1] == '#'))
        end++;
    while (end > at && str_has_char(S(" \r"), bytes.at[end - 1]))
        end--;
    if (quoted)
        end--;
    str tail = str_skip(bytes, end);
    str value = str_slice(bytes, at, end);
    if (way >= 3) { /* behind what a template prints there, and in its place */
        ptrdiff_t close = str_find(str_skip(bytes, at), S("}}"));
        size_t behind = at + (size_t)close + 2;
        while (way == 4 && at > 0 && !str_ends(str_slice(bytes, 0, at), S("{{")))
            at--;
        if (way == 4 && at > 1 && close >= 0) {
            *out = str_format(a, "%.*sx%.*s", STR(str_slice(bytes, 0, at - 2)),
                              STR(str_skip(bytes, behind)));
            return true;
        }
        *out = str_format(a, "%.*s7%.*s", STR(str_slice(bytes, 0, behind)),
                          STR(str_skip(bytes, behind)));
        return close >= 0;
    }
    char last = value.len ? value.at[value.len - 1] : 0;
    switch (way) {
    case 0: /* as long as before: a digest, a number */
        if (str_eq(value, S("true")) || str_eq(value, S("false")))
            value = str_eq(value, S("true")) ? S("false") : S("true");
        else if (str_eq(value, S("{}")) || str_eq(value, S("[]")))
            value = value.at[0] == '{' ? S("{x: y}") : S("[x]");
        else if (str_has_char(S("0123456789abcdef"), last))
            value = str_format(a, "%.*s%c", STR(str_slice(value, 0, value.len - 1)),
                               last == '7' ? '8' : '7');
        else
            return false;
        break;
    case 1:
        value = str_concat(a, value, S("x"));
        break;
    default: /* the name in NAME=value, a text of several lines */
        value = str_format(a, "%.*sx%.*s", STR(str_slice(value, 0, 1)), STR(str_skip(value, 1)));
    }
    *out = str_format(a, "%.*s%.*s%.*s", STR(str_slice(bytes, 0, at)), STR(value), STR(tail));
    return true;
}

static bool is_identity(str field)
{
    return str_eq(field, S("kind")) || str_eq(field, S("apiVersion"))
           || str_eq(field, S("metadata.name")) || str_eq(field, S("metadata.namespace"));
}

/* The same document: by its name, or by its place when that has changed. */
static const struct node *again(const struct environment *env, const struct told *t)
{
    for (uint32_t i = 0; i < env->documents.len; i++) {
        struct identity id = identity_of(env->documents.at[i]);
        id.name = name_without_hash(id.name);
        if (identity_equal(id, t->document))
            return env->documents.at[i];
    }
    if (is_identity(t->field) || t->number >= env->documents.len)
        return NULL;
    const struct node *n = env->documents.at[t->number];
    return str_eq(identity_of(n).gvk.kind, t->document.gvk.kind) ? n : NULL;
}

static bool is_changed(struct context *cx, const struct environment *env, const struct told *t)
{
    struct field field;
    const struct node *document = again(env, t);
    if (!document)
        return is_identity(t->field) || env->documents.len < t->documents;
    struct diags before = cx->diags;
    diag_mute(cx);
    bool there = field_read(cx, document, t->field, &field);
    diag_unmute(cx);
    cx->diags = before;
    if (!there || !str_eq(value_text(field_find(document, &field)), t->value))
        return true;
    /* A patch for the item of the old name has added one. */
    return t->siblings && siblings_of(document, &field) > t->siblings;
}

enum outcome { CHANGED, UNCHANGED, REFUSED };

/* The render with a line changed in one way: are all of its fields others now? */
static enum outcome try_way(str env_name, const struct named *named, int way, str *field)
{
    struct context *cx = test_context();
    struct source *disk = source_disk(cx, S(""));
    enum outcome outcome = UNCHANGED;
    str bytes;
    if (other_value(cx->arena, named->bytes, named->offset, way, &bytes)) {
        struct source *edited = source_edited(cx, disk);
        struct map members = { .arena = cx->arena };
        if (str_has(named->file, S(".tgz:"))) {
            map_put(&members, named->file, &bytes);
            cx->instead = &members;
        } else {
            ck_assert(source_edit(cx, edited, named->file, bytes, NOWHERE));
        }
        struct environment *env = render(cx, edited, env_name);
        outcome = env ? CHANGED : REFUSED;
        for (uint32_t i = 0; env && outcome == CHANGED && i < named->len; i++) {
            if (is_changed(cx, env, &named->fields[i]))
                continue;
            outcome = UNCHANGED;
            *field = named->fields[i].field;
        }
    }
    context_free(cx);
    return outcome;
}

/* What others refer to can't change alone, and a JSON patch may test for a value: the sample's
 * production does for this one. */
static bool may_be_refused(const struct named *named)
{
    for (uint32_t i = 0; i < named->len; i++) {
        str field = named->fields[i].field;
        if (is_identity(field) || str_eq(field, S("type"))
            || str_ends(field, S("securityContext.runAsNonRoot")))
            return true;
    }
    return false;
}

static bool check_place(const char *env, str place, const struct named *named)
{
    str field = named->fields[0].field;
    bool refused = false;
    for (int way = 0; way < 5; way++) {
        enum outcome outcome = try_way(str_from(env), named, way, &field);
        if (outcome == CHANGED)
            return true;
        refused |= outcome == REFUSED;
    }
    if (refused && may_be_refused(named))
        return true;
    struct identity id = named->fields[0].document;
    printf("%s: %.*s: %s %.*s (%.*s/%.*s)\n", env, STR(place),
           refused ? "is refused for" : "does not change", STR(field), STR(id.gvk.kind),
           STR(id.name));
    return false;
}

static void check_environment(const char *name)
{
    struct context *cx = test_context();
    struct survey s = { .cx = cx, .places.arena = cx->arena };
    s.env = render(cx, source_disk(cx, S("")), str_from(name));
    ck_assert_msg(s.env, "%.*s", STR(test_diagnostics(cx)));
    if (str_starts(str_from(name), S("chart-")) || str_eq(str_from(name), S("packed")))
        s.inquiry = explain_inquiry_new(cx, s.env, NULL, true);
    for (; s.document < s.env->documents.len; s.document++)
        field_each(cx, s.env->documents.at[s.document], tell, &s);
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < s.places.len; i += EVERY)
        wrong += !check_place(name, s.places.entries[i].key, s.places.entries[i].value);
    fflush(stdout);
    ck_assert_msg(wrong + s.nowhere == 0, "%u of %u places of %u fields are wrong, %u have none",
                  wrong, s.places.len, s.fields, s.nowhere);
    context_free(cx);
}

START_TEST(the_named_line_decides)
{
    static const char *const names[] = { "staging", "production", "chart-production" };
    check_environment(names[_i]);
}
END_TEST

/* A subchart in an archive, and one in an archive of that one. */
START_TEST(what_is_packed_decides)
{
    tree_make("mkdir -p chart/charts chart/templates\n"
              "subchart() {\n"
              "    mkdir -p $1/templates\n"
              "    printf 'apiVersion: v2\\nname: %s\\nversion: 1.0.0\\n' $1 > $1/Chart.yaml\n"
              "    printf 'image: {tag: v1}\\nlevel: info\\n' > $1/values.yaml\n"
              "    printf '{{ define \"%s.labels\" }}\\nteam: red\\n{{ end }}' $1 > "
              "$1/templates/_labels.tpl\n"
              "    cat > $1/templates/settings.yaml <<'END'\n"
              "apiVersion: v1\n"
              "kind: ConfigMap\n"
              "metadata:\n"
              "  name: {{ .Chart.Name }}-{{ .Release.Name }}\n"
              "  labels:\n"
              "    {{- include (printf \"%s.labels\" .Chart.Name) . | nindent 4 }}\n"
              "data:\n"
              "  tag: {{ .Values.image.tag }}\n"
              "  level: {{ .Values.level | quote }}\n"
              "END\n"
              "}\n"
              "subchart inner && subchart outer && mkdir outer/charts\n"
              "tar czf outer/charts/inner.tgz inner && tar czf chart/charts/outer.tgz outer\n"
              "printf 'apiVersion: v2\\nname: chart\\nversion: 1.0.0\\n' > chart/Chart.yaml\n"
              "printf 'outer: {level: debug}\\n' > chart/values.yaml\n");
    check_environment("packed");
    tree_remove();
}
END_TEST

TCase *explain_tests(void)
{
    TCase *t = tcase_create("explain");
    tcase_set_timeout(t, 900);
    tcase_add_loop_test(t, the_named_line_decides, 0, 3);
    tcase_add_test(t, what_is_packed_decides);
    return t;
}
