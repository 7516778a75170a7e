/* Objects with Go's names and methods, made once for a chart tree. */
#include "render/chart/release.h"

#include "render/chart/compat.h"
#include "render/base/encode.h"
#include "render/base/glob.h"
#include "render/base/number.h"
#include "render/base/quote.h"
#include "render/base/regex.h"
#include "render/doc/scalar.h"
#include "render/doc/yaml_write.h"
#include "render/template/func.h"
#include "schema/orders.h"

/* .Files */

static struct value files_object(struct arena *a, struct dict *files);

static const struct dict *files_of(const struct call *c)
{
    return c->args[0].object->data;
}

static struct value file_bytes(struct call *c, str path)
{
    struct value v = dict_get_text(c->cx, files_of(c), path);
    return v.kind == VALUE_BYTES ? v : value_bytes(S(""));
}

static struct value files_get(struct call *c)
{
    return value_string(value_str(file_bytes(c, value_str(c->args[1]))));
}

static struct value files_get_bytes(struct call *c)
{
    return file_bytes(c, value_str(c->args[1]));
}

static struct value files_lines(struct call *c)
{
    struct value bytes = dict_get_text(c->cx, files_of(c), value_str(c->args[1]));
    str s = value_str(bytes);
    uint32_t count = 0;
    if (bytes.kind != VALUE_BYTES)
        return value_list_of(TYPE_STRINGS, NULL, 0);
    if (s.len == 0)
        return call_panic(c, "runtime error: index out of range [-1]", "the file '%.*s' is empty",
                          STR(value_str(c->args[1])));
    s = str_trim_suffix(s, S("\n"));
    for (size_t i = 0; i < s.len; i++)
        count += s.at[i] == '\n';
    struct value *lines = NEW_ARRAY(c->arena, struct value, count + 1);
    str line;
    for (uint32_t i = 0; str_next_field(&s, '\n', &line); i++)
        lines[i] = value_string(line);
    return value_list_of(TYPE_STRINGS, lines, count + 1);
}

static struct value files_glob(struct call *c)
{
    const struct dict *files = files_of(c);
    struct dict *found = dict_new(c->arena, 0);
    struct regex *glob = glob_compile(c->arena, value_str(c->args[1]), '/');
    for (uint32_t i = 0; i < files->len; i++) {
        const struct dict_entry *e = &files->entries[i];
        if (!glob || regex_matches(c->cx->scratch, glob, e->key->text))
            dict_set(c->arena, found, e->key, e->value);
    }
    return files_object(c->arena, found);
}

static str base_name(str path)
{
    str folder, name;
    return str_cut_last(path, '/', &folder, &name) ? name : path;
}

static struct value files_map(struct call *c, bool encoded)
{
    const struct dict *files = files_of(c);
    struct node *map = node_map(c->cx);
    struct buf out;
    buf_init(&out, c->arena, 256);
    for (uint32_t i = 0; i < files->len; i++) {
        str text = value_str(files->entries[i].value);
        if (encoded) {
            struct buf b;
            buf_init(&b, c->arena, text.len * 4 / 3 + 4);
            encode_base64(&b, BASE64_STD, text);
            text = buf_take(&b);
        }
        node_set(c->cx, map, intern(c->cx->keys, base_name(files->entries[i].key->text)),
                 node_string(c->cx, text));
    }
    if (!yaml_write(c->cx, &out, map))
        return call_stop(c);
    out.len--; /* without the last line's end */
    return value_string(buf_take(&out));
}

static struct value files_as_config(struct call *c)
{
    return files_map(c, false);
}

static struct value files_as_secrets(struct call *c)
{
    return files_map(c, true);
}

static const struct func files_methods[] = {
    { "AsConfig", "", files_as_config },
    { "AsSecrets", "", files_as_secrets },
    { "Get", "s", files_get },
    { "GetBytes", "s", files_get_bytes },
    { "Glob", "s", files_glob },
    { "Lines", "s", files_lines },
    { 0 },
};

static const struct object_type files_type = { "engine.files", "map", files_methods };

static struct value files_object(struct arena *a, struct dict *files)
{
    struct object *o = NEW(a, struct object);
    *o = (struct object){ &files_type, value_map(files), { NULL, 0 }, files };
    return value_object(o);
}

/* .Capabilities */

static struct value api_versions_has(struct call *c)
{
    struct value list = c->args[0].object->plain;
    for (uint32_t i = 0; i < list.len; i++) {
        if (str_eq(value_str(list.items[i]), value_str(c->args[1])))
            return value_bool(true);
    }
    return value_bool(false);
}

static struct value kube_version_string(struct call *c)
{
    return value_string(c->args[0].object->text);
}

static struct value kube_git_version(struct call *c)
{
    return dict_get_text(c->cx, c->args[0].object->plain.dict, S("Version"));
}

static const struct func api_version_methods[] = { { "Has", "s", api_versions_has }, { 0 } };
static const struct func kube_version_methods[] = {
    { "GitVersion", "", kube_git_version },
    { "String", "", kube_version_string },
    { 0 },
};
static const struct func no_methods[] = { { 0 } };

static const struct object_type api_versions_type = { "common.VersionSet", "slice",
                                                      api_version_methods };
static const struct object_type kube_version_type = { "common.KubeVersion", "struct",
                                                      kube_version_methods };
static const struct object_type capabilities_type = { "*common.Capabilities", "ptr", no_methods };
static const struct object_type chart_type = { "struct { chart.Metadata; IsRoot bool }", "struct",
                                               no_methods };
static const struct object_type build_info_type = { "version.BuildInfo", "struct", no_methods };

static struct value new_object(struct context *cx, const struct object_type *type,
                               struct value plain, str text)
{
    struct object *o = NEW(cx->arena, struct object);
    *o = (struct object){ type, plain, text, NULL };
    return value_object(o);
}

static struct dict *new_struct(struct context *cx)
{
    struct dict *d = dict_new(cx->arena, 8);
    d->fixed = true;
    return d;
}

static void set_text(struct context *cx, struct dict *d, str key, str value)
{
    dict_set_text(cx, d, key, value_string(value));
}

/* A version as Kubernetes reads one: numbers with dots between, then anything. */
static str take_digits(str *s)
{
    size_t n = 0;
    while (n < s->len && s->at[n] >= '0' && s->at[n] <= '9')
        n++;
    str digits = str_slice(*s, 0, n);
    *s = str_skip(*s, n);
    return digits;
}

/* Why a part of it is no number; NULL when it is one. Only the first may not begin with 0. */
static bool kube_part(struct context *cx, str text, uint32_t at, str part, uint64_t *n, str *error)
{
    struct arena *a = cx->arena;
    if (at == 0 && part.len > 1 && part.at[0] == '0') {
        *error = str_format(a, "illegal zero-prefixed version component \"%.*s\" in \"%.*s\"",
                            STR(part), STR(text));
        return false;
    }
    enum number_error e = number_uint(part, 10, 64, n);
    if (e == NUMBER_OK)
        return true;
    str why = number_error_text(a, "ParseUint", part, e);
    *error = str_format(a, "illegal non-numeric version component \"%.*s\" in \"%.*s\": %.*s",
                        STR(part), STR(text), STR(why));
    return false;
}

bool kube_version_parse(struct context *cx, str text, struct kube_version *v)
{
    struct buf plain;
    str s = str_trim_prefix(str_trim(text), S("v"));
    str part = take_digits(&s);
    uint32_t count = 0;
    buf_init(&plain, cx->arena, text.len + 1);
    if (part.len == 0) {
        v->error = str_format(cx->arena, "could not parse \"%.*s\" as version", STR(text));
        return false;
    }
    while (part.len) {
        uint64_t n;
        if (!kube_part(cx, text, count, part, &n, &v->error))
            return false;
        buf_char(&plain, count ? '.' : 'v');
        number_print_uint(&plain, n, 10);
        if (count < 2)
            *(count ? &v->minor : &v->major) = str_format(cx->arena, "%llu", (unsigned long long)n);
        count++;
        part = S("");
        if (str_starts(s, S("."))) {
            s = str_skip(s, 1);
            part = take_digits(&s);
        }
    }
    v->plain = buf_take(&plain);
    v->text = str_starts(text, S("v")) ? text : str_concat(cx->arena, S("v"), text);
    v->error = str_format(cx->arena, "illegal version string \"%.*s\"", STR(text));
    return count >= 2;
}

static bool kube_version(struct context *cx, str said, struct value *out)
{
    struct kube_version v;
    if (!kube_version_parse(cx, said.len ? said : helm_default(S("kubeVersion")), &v))
        return report(cx, NOWHERE, "invalid kube version '%.*s': %.*s", STR(said), STR(v.error));
    struct dict *d = new_struct(cx);
    const bool plain = chart_compat(cx)->plain_kube_version;
    set_text(cx, d, S("Version"), plain ? v.plain : v.text);
    set_text(cx, d, S("Major"), v.major);
    set_text(cx, d, S("Minor"), v.minor);
    struct object *o = NEW(cx->arena, struct object);
    *o = (struct object){ &kube_version_type, value_map(d), v.plain, .data = NULL };
    str numbers = str_format(cx->arena, "%.*s %.*s %.*s", STR(v.plain), STR(v.major), STR(v.minor));
    o->fields = str_format(cx->arena, plain ? "{%.*s%.*s}" : "{%.*s %.*s}",
                           STR(plain ? S("") : v.text), STR(numbers));
    *out = value_object(o);
    return true;
}

static struct value api_versions(struct context *cx, const struct release *release)
{
    size_t own = helm_api_version_count();
    size_t count = own + release->api_version_count;
    struct value *items = NEW_ARRAY(cx->arena, struct value, count);
    for (size_t i = 0; i < count; i++)
        items[i] = value_string(i < own ? helm_api_version(i) : release->api_versions[i - own]);
    return new_object(cx, &api_versions_type, value_list_of(TYPE_STRINGS, items, (uint32_t)count),
                      (str){ NULL, 0 });
}

static struct value build_info(struct context *cx, str version)
{
    struct dict *d = new_struct(cx);
    set_text(cx, d, S("Version"), version.len ? version : helm_default(S("helm")));
    set_text(cx, d, S("GitCommit"), helm_default(S("gitCommit")));
    set_text(cx, d, S("GitTreeState"), helm_default(S("gitTreeState")));
    set_text(cx, d, S("GoVersion"), helm_default(S("goVersion")));
    set_text(cx, d, S("KubeClientVersion"), helm_default(S("kubeClientVersion")));
    return new_object(cx, &build_info_type, value_map(d), (str){ NULL, 0 });
}

struct value release_build_info(struct context *cx)
{
    return build_info(cx, S(""));
}

static bool capabilities(struct context *cx, const struct release *release, struct value *out)
{
    struct value kube;
    struct dict *d = new_struct(cx);
    if (!kube_version(cx, release->kube_version, &kube))
        return false;
    dict_set_text(cx, d, S("KubeVersion"), kube);
    dict_set_text(cx, d, S("APIVersions"), api_versions(cx, release));
    dict_set_text(cx, d, S("HelmVersion"), build_info(cx, chart_compat(cx)->version));
    *out = new_object(cx, &capabilities_type, value_map(d), (str){ NULL, 0 });
    return true;
}

/* .Chart: the fields of Helm's structs, whether the file has them or not. */

enum field_kind { FIELD_TEXT, FIELD_BOOL, FIELD_LIST, FIELD_STRINGS, FIELD_TEXTS };

struct metadata_field {
    str go;
    str yaml;
    enum field_kind kind;
};

static const struct metadata_field chart_fields[] = {
    { S("Name"), S("name"), FIELD_TEXT },
    { S("Home"), S("home"), FIELD_TEXT },
    { S("Sources"), S("sources"), FIELD_STRINGS },
    { S("Version"), S("version"), FIELD_TEXT },
    { S("Description"), S("description"), FIELD_TEXT },
    { S("Keywords"), S("keywords"), FIELD_STRINGS },
    { S("Icon"), S("icon"), FIELD_TEXT },
    { S("APIVersion"), S("apiVersion"), FIELD_TEXT },
    { S("Condition"), S("condition"), FIELD_TEXT },
    { S("Tags"), S("tags"), FIELD_TEXT },
    { S("AppVersion"), S("appVersion"), FIELD_TEXT },
    { S("Deprecated"), S("deprecated"), FIELD_BOOL },
    { S("Annotations"), S("annotations"), FIELD_TEXTS },
    { S("KubeVersion"), S("kubeVersion"), FIELD_TEXT },
    { S("Type"), S("type"), FIELD_TEXT },
};

static const struct metadata_field maintainer_fields[] = {
    { S("Name"), S("name"), FIELD_TEXT },
    { S("Email"), S("email"), FIELD_TEXT },
    { S("URL"), S("url"), FIELD_TEXT },
};

static struct value string_map(struct context *cx, const struct node *n)
{
    struct dict *d = node_is(n, NODE_MAP) ? dict_new(cx->arena, n->len) : NULL;
    for (uint32_t i = 0; d && i < n->len; i++)
        dict_set(cx->arena, d, n->entries[i].key, value_string(n->entries[i].value->text));
    struct value v = value_map(d);
    v.type = TYPE_STRINGS;
    return v;
}

/* A list that was not said. */
static struct value no_list(struct context *cx)
{
    return chart_compat(cx)->chart_is_struct ? (struct value){ .kind = VALUE_LIST }
                                             : value_list(NULL, 0);
}

static struct value metadata_value(struct context *cx, const struct node *n, enum field_kind kind)
{
    switch (kind) {
    case FIELD_TEXT:
        return value_string(n && n->kind == NODE_STRING ? n->text : S(""));
    case FIELD_BOOL:
        return value_bool(node_is(n, NODE_BOOL) && scalar_true(n->text));
    case FIELD_TEXTS:
        return string_map(cx, n);
    default:
        return node_is(n, NODE_LIST) ? value_from_node(cx, n) : no_list(cx);
    }
}

static struct dict *struct_map(struct context *cx, const struct node *n,
                               const struct metadata_field *fields, size_t count)
{
    struct dict *d = dict_new(cx->arena, (uint32_t)count + 4);
    for (size_t i = 0; i < count; i++) {
        const struct node *field = node_get_text(cx, n, fields[i].yaml);
        dict_set_text(cx, d, fields[i].go, metadata_value(cx, field, fields[i].kind));
    }
    return d;
}

static struct value maintainers(struct context *cx, const struct node *list)
{
    uint32_t count = node_is(list, NODE_LIST) ? list->len : 0;
    struct value *items = NEW_ARRAY(cx->arena, struct value, count);
    for (uint32_t i = 0; i < count; i++)
        items[i] = value_map(
            struct_map(cx, list->items[i], maintainer_fields, countof(maintainer_fields)));
    return count ? value_list(items, count) : no_list(cx);
}

static struct value dependencies(struct context *cx, const struct chart *chart)
{
    struct value *items = NEW_ARRAY(cx->arena, struct value, chart->dependency_count);
    for (uint32_t i = 0; i < chart->dependency_count; i++) {
        const struct dependency *d = &chart->dependencies[i];
        struct dict *map = dict_new(cx->arena, 8);
        set_text(cx, map, S("Name"), d->name);
        set_text(cx, map, S("Version"), d->version);
        set_text(cx, map, S("Repository"), d->repository);
        set_text(cx, map, S("Condition"), d->condition);
        set_text(cx, map, S("Alias"), d->alias);
        dict_set_text(cx, map, S("Enabled"), value_bool(d->enabled));
        dict_set_text(cx, map, S("Tags"),
                      d->tags.kind == VALUE_LIST ? d->tags : value_list(NULL, 0));
        dict_set_text(cx, map, S("ImportValues"),
                      d->imports.kind == VALUE_LIST ? d->imports : value_list(NULL, 0));
        items[i] = value_map(map);
    }
    return chart->dependency_count ? value_list(items, chart->dependency_count) : no_list(cx);
}

static struct value chart_metadata(struct context *cx, const struct chart *chart)
{
    struct dict *d = struct_map(cx, chart->metadata, chart_fields, countof(chart_fields));
    set_text(cx, d, S("Name"), chart->name);
    set_text(cx, d, S("Version"), chart->version);
    set_text(cx, d, S("AppVersion"), chart->app_version);
    dict_set_text(cx, d, S("Maintainers"),
                  maintainers(cx, node_get_text(cx, chart->metadata, S("maintainers"))));
    dict_set_text(cx, d, S("Dependencies"), dependencies(cx, chart));
    dict_set_text(cx, d, S("IsRoot"), value_bool(chart->parent == NULL));
    d->fixed = chart_compat(cx)->chart_is_struct;
    return d->fixed ? new_object(cx, &chart_type, value_map(d), (str){ NULL, 0 }) : value_map(d);
}

static struct value chart_files(struct context *cx, const struct chart *chart)
{
    struct dict *files = dict_new(cx->arena, chart->files.len);
    for (uint32_t i = 0; i < chart->files.len; i++)
        dict_set_text(cx, files, chart->files.at[i].path,
                      value_bytes(chart->files.at[i].text->bytes));
    return files_object(cx->arena, files);
}

static struct value release_map(struct context *cx, const struct release *release)
{
    struct dict *d = dict_new(cx->arena, 8);
    set_text(cx, d, S("Name"), release->name);
    set_text(cx, d, S("Namespace"), release->namespace_);
    set_text(cx, d, S("Service"), S("Helm"));
    dict_set_text(cx, d, S("IsUpgrade"), value_bool(release->upgrade));
    dict_set_text(cx, d, S("IsInstall"), value_bool(!release->upgrade));
    dict_set_text(cx, d, S("Revision"), value_int(1));
    return value_map(d);
}

static struct chart_scope *new_scope(struct context *cx, const struct chart *chart,
                                     struct value release, struct value caps, struct dict *values)
{
    struct chart_scope *scope = NEW(cx->arena, struct chart_scope);
    struct dict *subcharts = dict_new(cx->arena, chart->chart_count);
    struct value seen = value_map(values ? values : dict_new(cx->arena, 0));
    seen.type = TYPE_VALUES;
    scope->chart = chart;
    scope->dict = dict_new(cx->arena, 8);
    dict_set_text(cx, scope->dict, S("Chart"), chart_metadata(cx, chart));
    dict_set_text(cx, scope->dict, S("Files"), chart_files(cx, chart));
    dict_set_text(cx, scope->dict, S("Release"), release);
    dict_set_text(cx, scope->dict, S("Capabilities"), caps);
    dict_set_text(cx, scope->dict, S("Values"), seen);
    dict_set_text(cx, scope->dict, S("Subcharts"), value_map(subcharts));
    scope->charts = NEW_ARRAY(cx->arena, struct chart_scope *, chart->chart_count);
    for (uint32_t i = 0; i < chart->chart_count; i++) {
        const struct chart *child = chart->charts[i];
        struct value v = values ? dict_get_text(cx, values, child->name) : NIL;
        scope->charts[i] = new_scope(cx, child, release, caps, v.kind == VALUE_MAP ? v.dict : NULL);
        dict_set_text(cx, subcharts, child->name, value_map(scope->charts[i]->dict));
    }
    return scope;
}

struct chart_scope *release_scope(struct context *cx, const struct chart *chart,
                                  const struct release *release, struct dict *values)
{
    struct value caps;
    if (!capabilities(cx, release, &caps))
        return NULL;
    return new_scope(cx, chart, release_map(cx, release), caps, values);
}

void release_set_template(struct context *cx, struct chart_scope *scope, str name, str folder)
{
    struct dict *d = dict_new(cx->arena, 2);
    struct value v = value_map(d);
    v.type = TYPE_VALUES;
    set_text(cx, d, S("Name"), name);
    set_text(cx, d, S("BasePath"), folder);
    dict_set_text(cx, scope->dict, S("Template"), v);
}

/* RELEASE_NAME is what messages say; letters and digits, "-" and "." between them. */
#define RELEASE_NAME "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"

static bool is_release_name(str name)
{
    enum { LONGEST = 53 };
    bool inner = false; /* may the name end, or a part of it? */
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!word && !(c == '-' && i && name.at[i - 1] != '.') && !(c == '.' && inner))
            return false;
        inner = word;
    }
    return inner && name.len <= LONGEST;
}

bool release_check_name(struct context *cx, str name, struct pos pos)
{
    if (name.len == 0)
        return report(cx, pos, "release name check failed: release name \"\": no name provided");
    if (is_release_name(name))
        return true;
    str shown = quoted(cx->arena, name);
    return report(cx, pos,
                  "release name check failed: release name %.*s: invalid release name, must match "
                  "regex " RELEASE_NAME " and the length must not be longer than 53",
                  STR(shown));
}
