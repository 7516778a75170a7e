/* Every chart below is checked, whatever its parent's schema has found; what is wrong comes out in
 * Helm's words, and as a report at the place in the values. */
#include "render/chart/values_check.h"

#include "render/base/quote.h"
#include "render/chart/values.h"
#include "render/doc/json_read.h"
#include "render/doc/path.h"
#include "render/template/value_text.h"
#include "schema/json_schema.h"

/* How Helm names the file to its validator, wherever it stands. */
#define SCHEMA_URL S("file:///values.schema.json")

struct checking {
    struct context *cx;
    struct buf words;
    str under; /* where the chart's values are in those of all: "/db" */
};

/* Helm also fetches what a schema refers to; a render that depends on nothing but its input does
 * not. An unknown name allows everything, as in Helm. */
static const struct node *load(struct context *cx, void *who, str url, str *why)
{
    const struct chart *chart = who;
    str path = str_trim_prefix(url, S("file://"));
    if (str_starts(url, S("urn:"))) {
        warn(cx, (struct pos){ chart->schema->id, 0 },
             "'%.*s' is not known: whatever refers to it allows everything", STR(url));
        return json_read(cx, text_add(cx, url, S("true")));
    }
    if (path.len < url.len)
        *why = str_format(cx->arena, "open %.*s: no such file or directory", STR(path));
    else if (str_starts(url, S("http://")) || str_starts(url, S("https://")))
        *why = str_format(cx->arena,
                          "HTTP request failed for %.*s: the network is not asked for schemas",
                          STR(url));
    else
        *why =
            str_format(cx->arena, "no URLLoader registered for %.*s", STR(quoted(cx->arena, url)));
    return NULL;
}

/* A decoder of a stream says less about what is behind the value than Go's other reader. */
static str decoder_words(str text, str why)
{
    if (str_eq(why, S("unexpected end of JSON input")))
        return str_trim(text).len ? S("unexpected EOF") : S("EOF");
    if (str_ends(why, S(" after top-level value")))
        return S("invalid character after top-level value");
    return why;
}

static const struct json_schema *read_schema(struct context *cx, const struct chart *chart,
                                             struct json_schema_error *error)
{
    struct json_schema_source source = { load, (void *)chart };
    struct value ignored;
    str why;
    const struct node *root = json_try(cx, chart->schema);
    if (root)
        return json_schema_read(cx, SCHEMA_URL, root, &source, error);
    if (value_read_json(cx, chart->schema->bytes, &ignored, &why)) {
        json_read(cx, chart->schema); /* which reports: too deep, too large */
        return NULL;
    }
    error->words = error->brief = decoder_words(chart->schema->bytes, why);
    error->at = (struct pos){ chart->schema->id, 0 };
    return NULL;
}

/* How a person would write the place: 'image.tag'. */
static str shown(struct context *cx, str pointer)
{
    struct path path;
    if (!pointer.len || !path_pointer(cx->arena, pointer, &path))
        return S("the values");
    return str_format(cx->arena, "'%.*s'", STR(path_print(cx->arena, path)));
}

static void report_failures(const struct checking *c, const struct json_failure *first)
{
    struct context *cx = c->cx;
    for (const struct json_failure *f = first; f; f = f->next) {
        const struct json_failure *d = json_failure_deepest(f);
        str at = str_concat(cx->arena, c->under, d->at);
        report(cx, d->value, "%.*s: %.*s", STR(shown(cx, at)), STR(d->words));
        note(cx, d->rule, "required here");
    }
}

/* Adds to the words, or reports that a limit was reached. */
static bool check_one(struct checking *c, const struct chart *chart, struct dict *values)
{
    struct context *cx = c->cx;
    struct json_schema_error error = { 0 };
    const struct json_failure *failures;
    const struct json_schema *schema = read_schema(cx, chart, &error);
    const struct node *node = schema ? value_to_node(cx, value_map(values), &error.words) : NULL;
    if (!node) {
        if (!error.words.len)
            return false;
        buf_format(&c->words, "%.*s:\n%.*s", STR(chart->name), STR(error.words));
        if (schema)
            report(cx, NOWHERE, "the values are no JSON: %.*s", STR(error.words));
        else
            report(cx, error.at, "this is no JSON Schema: %.*s", STR(error.brief));
        return true;
    }
    if (!json_schema_check(cx, schema, node, &failures))
        return false;
    if (!failures)
        return true;
    buf_format(&c->words, "%.*s:\n", STR(chart->name));
    json_failure_print(&c->words, failures);
    buf_char(&c->words, '\n');
    report_failures(c, failures);
    return true;
}

static bool check_tree(struct checking *c, const struct chart *chart, struct dict *values)
{
    str under = c->under;
    if (chart->schema && !check_one(c, chart, values))
        return false;
    for (uint32_t i = 0; i < chart->chart_count; i++) {
        const struct chart *child = chart->charts[i];
        struct value v = dict_get_text(c->cx, values, child->name);
        c->under = str_format(c->cx->arena, "%.*s/%.*s", STR(under), STR(child->name));
        if (v.kind == VALUE_MAP && v.dict && !check_tree(c, child, v.dict))
            return false;
    }
    c->under = under;
    return true;
}

bool values_check(struct context *cx, const struct chart *chart, struct dict *values, str *words)
{
    struct checking c = { .cx = cx, .under = S("") };
    buf_init(&c.words, cx->arena, 0);
    if (!check_tree(&c, chart, values))
        return false;
    if (!c.words.len)
        return true;
    *words = str_format(cx->arena,
                        "values don't meet the specifications of the schema(s) in the following "
                        "chart(s):\n%.*s",
                        STR(buf_view(&c.words)));
    return false;
}
