/* Helm's own functions: other templates, demands on the user, YAML and JSON.
 *
 * The functions without `must` swallow errors: a text that can't be read becomes a map with the
 * key "Error", or a list of that one sentence; a value that can't be printed becomes "". */
#include <math.h>

#include "render/doc/yaml_read.h"
#include "render/template/clock.h"
#include "render/template/eval.h"
#include "render/template/func.h"
#include "render/template/value_text.h"
#include "render/template/value_toml.h"
#include "render/template/yaml_words.h"

static struct value include(struct call *c)
{
    return run_include(c, value_str(c->args[0]), c->args[1]);
}

static struct value tpl(struct call *c)
{
    return run_tpl(c, value_str(c->args[0]), c->args[1]);
}

static struct value required(struct call *c)
{
    struct value v = c->args[1];
    if (c->run->engine->options.lint && (v.kind == VALUE_NIL || (v.kind == VALUE_STRING && !v.len)))
        return value_string(S(""));
    if (v.kind == VALUE_NIL || (v.kind == VALUE_STRING && v.len == 0))
        return call_say(c, value_str(c->args[0]));
    return v;
}

static struct value fail(struct call *c)
{
    if (c->run->engine->options.lint)
        return value_string(S(""));
    return call_say(c, value_str(c->args[0]));
}

/* There is no cluster to ask. */
static struct value lookup(struct call *c)
{
    return value_map(dict_new(c->arena, 0));
}

typedef bool write_fn(struct context *cx, struct buf *out, struct value v, str *why);

static struct value written(struct call *c, write_fn *write, const char *must)
{
    struct buf out;
    str why;
    buf_init(&out, c->arena, 128);
    bool ok = write(c->cx, &out, c->args[0], &why);
    str text = buf_take(&out);
    if (!call_room(c, text.len))
        return call_stop(c);
    if (ok)
        return value_string(str_trim_suffix(text, S("\n")));
    if (!must)
        return value_string(S(""));
    return call_fail(c, "%s%.*s", str_starts(why, S("json:")) ? must : "", STR(why));
}

static struct value to_yaml(struct call *c)
{
    return written(c, value_write_yaml, NULL);
}

static struct value must_to_yaml(struct call *c)
{
    return written(c, value_write_yaml, "error marshaling into JSON: ");
}

static struct value to_yaml_pretty(struct call *c)
{
    return written(c, value_write_yaml_pretty, "");
}

static bool write_plain(struct context *cx, struct buf *out, struct value v, str *why)
{
    return value_write_json(cx, out, v, (struct json_style){ 0 }, why);
}

static bool write_indented(struct context *cx, struct buf *out, struct value v, str *why)
{
    return value_write_json(cx, out, v, (struct json_style){ .indent = S("  ") }, why);
}

static bool write_raw(struct context *cx, struct buf *out, struct value v, str *why)
{
    return value_write_json(cx, out, v, (struct json_style){ .keep_html = true }, why);
}

static struct value to_json(struct call *c)
{
    return written(c, write_plain, NULL);
}

static struct value must_to_json(struct call *c)
{
    return written(c, write_plain, "");
}

static struct value to_pretty_json(struct call *c)
{
    return written(c, write_indented, NULL);
}

static struct value must_to_pretty_json(struct call *c)
{
    return written(c, write_indented, "");
}

static struct value to_raw_json(struct call *c)
{
    return written(c, write_raw, "");
}

/* What Go's decoder leaves in a map or list that it was given: a sentence when it failed. */
static struct value into_map(struct call *c, struct value v, str why)
{
    if (why.len) {
        struct dict *d = v.kind == VALUE_MAP ? v.dict : dict_new(c->arena, 1);
        dict_set_text(c->cx, d, S("Error"), value_string(why));
        return value_map(d);
    }
    return v.kind == VALUE_MAP ? v : value_map(NULL);
}

static struct value into_list(struct call *c, struct value v, str why)
{
    if (why.len) {
        struct value *item = arena_alloc(c->arena, sizeof *item);
        *item = value_string(why);
        return value_list(item, 1);
    }
    return v.kind == VALUE_LIST ? v : (struct value){ .kind = VALUE_LIST };
}

static str wrong_kind(struct call *c, const char *prefix, struct value v, const char *type)
{
    return str_format(c->arena, "%sjson: cannot unmarshal %s into Go value of type %s", prefix,
                      value_json_kind(v), type);
}

#define MAP_TYPE  "map[string]interface {}"
#define LIST_TYPE "[]interface {}"

static struct value from_json(struct call *c)
{
    struct value v;
    str why = S("");
    bool ok = value_read_json(c->cx, value_str(c->args[0]), &v, &why);
    if (ok && v.kind != VALUE_MAP && v.kind != VALUE_NIL)
        why = wrong_kind(c, "", v, MAP_TYPE);
    return into_map(c, v, why);
}

static struct value from_json_array(struct call *c)
{
    struct value v;
    str why = S("");
    bool ok = value_read_json(c->cx, value_str(c->args[0]), &v, &why);
    if (ok && v.kind != VALUE_LIST && v.kind != VALUE_NIL)
        why = wrong_kind(c, "", v, LIST_TYPE);
    return into_list(c, v, why);
}

/* JSON has no infinities, and so neither has YAML here: the first one found, or NULL. */
static const char *unfit(struct value v)
{
    const char *found = NULL;
    if (v.kind == VALUE_FLOAT && !isfinite(v.f))
        return isnan(v.f) ? "NaN" : v.f < 0 ? "-Inf" : "+Inf";
    for (uint32_t i = 0; v.kind == VALUE_LIST && !found && i < v.len; i++)
        found = unfit(v.items[i]);
    for (uint32_t i = 0; v.kind == VALUE_MAP && !found && i < v.dict->len; i++)
        found = unfit(v.dict->entries[i].value);
    return found;
}

/* The first document of a text. False with the error's words in *why. */
static bool read_yaml(struct call *c, struct value *out, str *why)
{
    struct documents all = { 0 };
    struct text *text = text_add(c->cx, S("a text given to fromYaml"), value_str(c->args[0]));
    struct diags before = c->cx->diags;
    bool ok = yaml_read_all(c->cx, text, YAML_GO2, &all);
    const struct diag *said = diag_take_back(c->cx, before);
    ok = ok || all.len > 0; /* what stands behind the first document is never read */
    *out = ok && all.len ? value_from_node(c->cx, all.at[0]) : NIL;
    const char *infinity = unfit(*out);
    if (ok && !infinity)
        return true;
    *out = NIL;
    if (infinity)
        *why = str_format(c->arena, "error converting YAML to JSON: json: unsupported value: %s",
                          infinity);
    else
        *why = str_concat(c->arena, S("error converting YAML to JSON: "),
                          yaml_words(c->cx, text->bytes, said));
    return false;
}

#define DECODING "error unmarshaling JSON: while decoding JSON: "

static struct value from_yaml(struct call *c)
{
    struct value v;
    str why = S("");
    bool ok = read_yaml(c, &v, &why);
    if (ok && v.kind == VALUE_NIL)
        return value_map(dict_new(c->arena, 0));
    if (ok && v.kind != VALUE_MAP)
        why = wrong_kind(c, DECODING, v, MAP_TYPE);
    return into_map(c, ok ? v : NIL, why);
}

static struct value from_yaml_array(struct call *c)
{
    struct value v;
    str why = S("");
    bool ok = read_yaml(c, &v, &why);
    if (ok && v.kind == VALUE_NIL)
        return value_list(NULL, 0);
    if (ok && v.kind != VALUE_LIST)
        why = wrong_kind(c, DECODING, v, LIST_TYPE);
    return into_list(c, v, why);
}

static struct value to_toml(struct call *c)
{
    struct buf out;
    str why;
    buf_init(&out, c->arena, 256);
    if (c->args[0].kind == VALUE_NIL)
        return call_panic(c, "reflect: call of reflect.Value.Type on zero Value",
                          "nil has no form in TOML");
    bool ok = value_write_toml(c->cx, &out, c->args[0], &why);
    if (!call_room(c, out.len))
        return call_stop(c);
    return value_string(ok ? buf_take(&out) : why);
}

static struct value from_toml(struct call *c)
{
    struct value v;
    str why = S("");
    if (!value_read_toml(c->cx, value_str(c->args[0]), clock_zone(c), &v, &why))
        v = NIL;
    return into_map(c, v, why);
}

static struct value must_from_json(struct call *c)
{
    struct value v;
    str why = S("");
    if (value_read_json(c->cx, value_str(c->args[0]), &v, &why))
        return v;
    return call_fail(c, "%.*s", STR(why));
}

const struct func helm_funcs[] = {
    { "fail", "s", fail },
    { "fromJson", "s", from_json },
    { "fromJsonArray", "s", from_json_array },
    { "fromToml", "s", from_toml },
    { "fromYaml", "s", from_yaml },
    { "fromYamlArray", "s", from_yaml_array },
    { "include", "s.", include },
    { "lookup", "ssss", lookup },
    { "mustFromJson", "s", must_from_json },
    { "mustToJson", ".", must_to_json },
    { "mustToPrettyJson", ".", must_to_pretty_json },
    { "mustToRawJson", ".", to_raw_json },
    { "mustToYaml", ".", must_to_yaml },
    { "required", "s.", required },
    { "toJson", ".", to_json },
    { "toPrettyJson", ".", to_pretty_json },
    { "toRawJson", ".", to_raw_json },
    { "toToml", ".", to_toml },
    { "toYaml", ".", to_yaml },
    { "toYamlPretty", ".", to_yaml_pretty },
    { "tpl", "s.", tpl },
    { 0 },
};
