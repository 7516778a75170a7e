/* Values from a command line; what is said of mistakes is what Helm says. */
#include "cli/value_flags.h"

#include "render/chart/compat.h"
#include "render/chart/repository.h"
#include "render/chart/values.h"
#include "render/doc/json_read.h"

#define FLAGS_ROW(letter, name, value, help, kind, member)                                         \
    {                                                                                              \
        letter, name, value, help, kind, offsetof(struct value_flags, member)                      \
    }

const struct option value_options[] = {
    FLAGS_ROW('f', "values", "FILE", "a file of values, over the earlier ones", OPTION_COMMAS,
              values),
    FLAGS_ROW(0, "set", "KEY=VALUE", "a value", OPTION_LIST, set),
    FLAGS_ROW(0, "set-file", "KEY=FILE", "a value that is a file's content", OPTION_LIST, set_file),
    FLAGS_ROW(0, "set-json", "KEY=JSON", "a value in JSON", OPTION_LIST, set_json),
    FLAGS_ROW(0, "set-literal", "KEY=TEXT", "a text taken as it is", OPTION_LIST, set_literal),
    FLAGS_ROW(0, "set-string", "KEY=TEXT", "a value that is a text", OPTION_LIST, set_string),
    { 0 },
};

bool value_flags_any(const struct value_flags *flags)
{
    return flags->values.len || flags->set.len || flags->set_string.len || flags->set_json.len
           || flags->set_file.len || flags->set_literal.len;
}

static bool lay(struct context *cx, struct text *text, struct dict **values)
{
    struct dict *more;
    if (!values_read(cx, text, &more))
        return false;
    *values = values_over(cx, *values, more);
    return true;
}

/* A path, an address, or "-". */
static struct text *find_values(struct context *cx, struct source *disk, str path)
{
    if (str_eq(str_trim(path), S("-")))
        return source_stdin(cx);
    if (!is_address(path) && source_kind(cx, disk, path) == FILE_NONE) {
        report(cx, NOWHERE, "open %.*s: no such file or directory", STR(path));
        return NULL;
    }
    return file_or_address_read(cx, disk, path, NOWHERE);
}

static bool set_json_object(struct context *cx, str text, struct dict **values)
{
    const struct node *n = json_try(cx, text_add(cx, S("--set-json"), text));
    if (!node_is(n, NODE_MAP))
        return false;
    *values = values_over(cx, *values, value_from_node(cx, n).dict);
    return true;
}

static bool set_all(struct context *cx, struct source *disk, const struct words *words,
                    enum set_mode mode, const char *option, struct dict **values)
{
    const struct chart_compat *compat = chart_compat(cx);
    for (uint32_t i = 0; i < words->len; i++) {
        str text = words->at[i];
        str error = S("");
        if (mode == SET_JSON && !compat->json_needs_key && str_starts(str_trim(text), S("{"))) {
            if (set_json_object(cx, str_trim(text), values))
                continue;
            return report(cx, NOWHERE, "failed parsing --set-json data JSON: %.*s", STR(text));
        }
        if (set_apply(cx, *values, text, mode, disk, NOWHERE, &error))
            continue;
        if (mode == SET_JSON)
            return report(cx, NOWHERE, "failed parsing --set-json data %.*s", STR(text));
        return report(cx, NOWHERE, "failed parsing %s data: %.*s", option, STR(error));
    }
    return true;
}

bool value_flags_lay(struct context *cx, const struct value_flags *flags, struct source *disk,
                     struct dict **values, str *before)
{
    *before = S("");
    for (uint32_t i = 0; i < flags->values.len; i++) {
        str path = flags->values.at[i];
        struct text *text = find_values(cx, disk, path);
        if (!text)
            return false;
        if (!lay(cx, text, values)) {
            *before = str_format(
                cx->arena, "failed to parse %.*s: cannot unmarshal yaml document: ", STR(path));
            return false;
        }
    }
    return set_all(cx, disk, &flags->set_json, SET_JSON, "--set-json", values)
           && set_all(cx, disk, &flags->set, SET_TYPED, "--set", values)
           && set_all(cx, disk, &flags->set_string, SET_STRING, "--set-string", values)
           && set_all(cx, disk, &flags->set_file, SET_FILE, "--set-file", values)
           && set_all(cx, disk, &flags->set_literal, SET_LITERAL, "--set-literal", values);
}
