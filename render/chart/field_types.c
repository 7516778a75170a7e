/* Go reads files into structs: a table of fields for each, and one walk over a document and the
 * tables. From YAML it first makes JSON, with sorted keys, and a number becomes a text where one is
 * wanted, which it does not see for those fields of an index's entries that Chart.yaml has, too. */
#include "render/chart/field_types.h"

#include <stdlib.h>
#include <strings.h>

#include "render/base/gotime.h"
#include "render/base/zone.h"

enum type { TEXT, SOFT_TEXT, BOOL, TIME, ANY, LIST, MAP, STRUCT };

struct field;

/* What a value must be: of a list or a map, what it holds. */
struct wanted {
    enum type type;
    const char *name; /* in Go */
    const struct wanted *of;
    const struct field *fields; /* of a struct, which `name` is then the name of */
};

struct field {
    const char *name;
    const struct wanted *wanted;
    const char *inside; /* the struct in Go's struct that has it, with its dot; or NULL */
};

static const struct wanted text = { TEXT, "string", NULL, NULL };
static const struct wanted soft_text = { SOFT_TEXT, "string", NULL, NULL };
static const struct wanted truth = { BOOL, "bool", NULL, NULL };
static const struct wanted moment = { TIME, "time.Time", NULL, NULL };
static const struct wanted any = { ANY, "", NULL, NULL };
static const struct wanted texts = { LIST, "[]string", &text, NULL };
static const struct wanted soft_texts = { LIST, "[]string", &soft_text, NULL };
static const struct wanted anything = { LIST, "[]interface {}", &any, NULL };
static const struct wanted text_map = { MAP, "map[string]string", &text, NULL };
static const struct wanted soft_map = { MAP, "map[string]string", &soft_text, NULL };
static const struct wanted any_map = { MAP, "map[string]interface {}", &any, NULL };

static const struct field maintainer_fields[] = {
    { "name", &text, NULL }, { "email", &text, NULL }, { "url", &text, NULL }, { 0 }
};
static const struct wanted maintainer = { STRUCT, "v2.Maintainer", NULL, maintainer_fields };
static const struct wanted maintainers = { LIST, "[]*v2.Maintainer", &maintainer, NULL };

static const struct field dependency_fields[] = {
    { "name", &text, NULL },
    { "version", &text, NULL },
    { "repository", &text, NULL },
    { "condition", &text, NULL },
    { "tags", &texts, NULL },
    { "enabled", &truth, NULL },
    { "alias", &text, NULL },
    { "import-values", &anything, NULL },
    { 0 },
};
static const struct wanted dependency = { STRUCT, "v2.Dependency", NULL, dependency_fields };
static const struct wanted dependencies = { LIST, "[]*v2.Dependency", &dependency, NULL };

#define DEFINITION_FIELDS(inside)                                                                  \
    { "name", &text, inside }, { "home", &text, inside }, { "sources", &texts, inside },           \
        { "version", &text, inside }, { "description", &text, inside },                            \
        { "keywords", &texts, inside }, { "maintainers", &maintainers, inside },                   \
        { "icon", &text, inside }, { "apiVersion", &text, inside },                                \
        { "condition", &text, inside }, { "tags", &text, inside },                                 \
        { "appVersion", &text, inside }, { "deprecated", &truth, inside },                         \
        { "annotations", &text_map, inside }, { "kubeVersion", &text, inside },                    \
        { "dependencies", &dependencies, inside },                                                 \
    {                                                                                              \
        "type", &text, inside                                                                      \
    }

static const struct field definition_fields[] = { DEFINITION_FIELDS(NULL), { 0 } };
static const struct wanted definition = { STRUCT, "v2.Metadata", NULL, definition_fields };

static const struct field lock_fields[] = { { "generated", &moment, NULL },
                                            { "digest", &text, NULL },
                                            { "dependencies", &dependencies, NULL },
                                            { 0 } };
static const struct wanted lock = { STRUCT, "v2.Lock", NULL, lock_fields };

static const struct field entry_fields[] = {
    DEFINITION_FIELDS("Metadata."), { "urls", &soft_texts, NULL },
    { "created", &moment, NULL },   { "removed", &truth, NULL },
    { "digest", &soft_text, NULL }, { "checksum", &soft_text, NULL },
    { "engine", &soft_text, NULL }, { "tillerVersion", &soft_text, NULL },
    { "url", &soft_text, NULL },    { 0 },
};
static const struct wanted entry = { STRUCT, "repo.ChartVersion", NULL, entry_fields };
static const struct wanted versions = { LIST, "repo.ChartVersions", &entry, NULL };
static const struct wanted entries = { MAP, "map[string]repo.ChartVersions", &versions, NULL };

static const struct field index_fields[] = {
    { "serverInfo", &any_map, NULL },
    { "apiVersion", &soft_text, NULL },
    { "generated", &moment, NULL },
    { "entries", &entries, NULL },
    { "publicKeys", &soft_texts, NULL },
    { "annotations", &soft_map, NULL },
    { 0 },
};
static const struct wanted whole = { STRUCT, "repo.IndexFile", NULL, index_fields };

struct checker {
    struct context *cx;
    bool json;      /* no text is made of a number */
    bool soft;      /* it is in all places */
    bool lenient;   /* there may be fields that nobody knows */
    bool sorted;    /* a mistake is there: find the one that Go finds first */
    const char *in; /* the struct that we are in */
    str path;       /* and the fields that lead here: "entries.Metadata.name" */
};

static str decoding(struct checker *c, str words)
{
    return str_format(c->cx->arena, "%s%.*s",
                      c->json ? "" : "error unmarshaling JSON: while decoding JSON: ", STR(words));
}

static const char *said(const struct wanted *w)
{
    static const char *const names[] = {
        [TEXT] = "a string", [SOFT_TEXT] = "a string", [BOOL] = "true or false",
        [LIST] = "a list",   [MAP] = "a map",          [STRUCT] = "a map"
    };
    return names[w->type];
}

static bool wrong_type(struct checker *c, const struct node *n, const struct wanted *w)
{
    static const char *const kinds[] = {
        [NODE_BOOL] = "bool",     [NODE_INT] = "number", [NODE_FLOAT] = "number",
        [NODE_STRING] = "string", [NODE_LIST] = "array", [NODE_MAP] = "object"
    };
    const char *in = strrchr(c->in, '.');
    str head = c->path, name = S("the file"), field = S("value of");
    if (c->path.len) {
        field =
            str_format(c->cx->arena, "struct field %s.%.*s of", in ? in + 1 : c->in, STR(c->path));
        str_cut_last(c->path, '.', &head, &name);
        name = str_format(c->cx->arena, "'%.*s'", STR(name.len ? name : c->path));
    }
    str words = str_format(c->cx->arena, "json: cannot unmarshal %s into Go %.*s type %s",
                           kinds[n->kind], STR(field), w->name);
    return report_as(c->cx, n->pos, decoding(c, words), "%.*s must be %s, not %s", STR(name),
                     said(w), node_kind_name(n));
}

static bool check_time(struct checker *c, const struct node *n)
{
    struct gotime_zones zones = { &zone_utc, &zone_utc };
    struct gotime t;
    str error = S("Time.UnmarshalJSON: input is not a JSON string");
    struct mark before = arena_mark(c->cx->scratch);
    bool ok = n->kind == NODE_STRING
              && gotime_parse(c->cx->scratch, GOTIME_RFC3339, n->text, zones, &t, &error);
    if (!ok)
        report(c->cx, n->pos, "%.*s", STR(decoding(c, error)));
    arena_rewind(c->cx->scratch, before);
    return ok;
}

static int compare(const void *x, const void *y)
{
    const struct entry *const *a = x, *const *b = y;
    return str_cmp((*a)->key->text, (*b)->key->text);
}

/* A map's entries, in Go's order where that is asked for. */
static const struct entry **ordered(struct checker *c, const struct node *n)
{
    const struct entry **list = NEW_ARRAY(c->cx->scratch, const struct entry *, n->len + 1u);
    for (uint32_t i = 0; i < n->len; i++)
        list[i] = &n->entries[i];
    if (c->sorted && n->len)
        qsort(list, n->len, sizeof *list, compare);
    return list;
}

static const struct field *find(const struct field *fields, str name)
{
    const struct field *folded = NULL;
    for (const struct field *f = fields; f->name; f++) {
        if (str_eq(str_from(f->name), name))
            return f;
        if (strlen(f->name) == name.len && strncasecmp(f->name, name.at, name.len) == 0)
            folded = f;
    }
    return folded;
}

static bool check(struct checker *c, const struct node *n, const struct wanted *w);

static bool check_field(struct checker *c, const struct entry *e, const struct wanted *w)
{
    const struct field *f = find(w->fields, e->key->text);
    if (!f)
        return c->lenient
               || report(c->cx, e->value->pos, "%.*s\"%.*s\"",
                         STR(decoding(c, S("json: unknown field "))), STR(e->key->text));
    struct checker inner = *c;
    inner.in = w->name;
    if (c->sorted)
        inner.path = str_format(c->cx->arena, "%.*s%s%s%s", STR(c->path), c->path.len ? "." : "",
                                f->inside ? f->inside : "", f->name);
    return check(&inner, e->value, f->wanted);
}

static bool check_map(struct checker *c, const struct node *n, const struct wanted *w)
{
    struct mark before = arena_mark(c->cx->scratch);
    const struct entry **list = ordered(c, n);
    bool ok = true;
    for (uint32_t i = 0; ok && i < n->len; i++)
        ok = w->type == STRUCT ? check_field(c, list[i], w) : check(c, list[i]->value, w->of);
    arena_rewind(c->cx->scratch, before);
    return ok;
}

static bool check(struct checker *c, const struct node *n, const struct wanted *w)
{
    bool scalar = n->kind == NODE_BOOL || n->kind == NODE_INT || n->kind == NODE_FLOAT;
    if (n->kind == NODE_NULL || w->type == ANY)
        return true;
    if (w->type == TIME)
        return check_time(c, n);
    if (n->kind == NODE_STRING && (w->type == TEXT || w->type == SOFT_TEXT))
        return true;
    if ((w->type == BOOL && n->kind == NODE_BOOL)
        || ((w->type == SOFT_TEXT || (w->type == TEXT && c->soft)) && scalar && !c->json))
        return true;
    if (n->kind == NODE_MAP && (w->type == MAP || w->type == STRUCT))
        return check_map(c, n, w);
    if (n->kind != NODE_LIST || w->type != LIST)
        return wrong_type(c, n, w);
    for (uint32_t i = 0; i < n->len; i++) {
        if (!check(c, n->items[i], w->of))
            return false;
    }
    return true;
}

static bool check_all(struct checker *c, const struct node *n, const struct wanted *w)
{
    struct diags before = c->cx->diags;
    c->in = "";
    if (check(c, n, w))
        return true;
    diag_take_back(c->cx, before);
    c->sorted = true;
    return check(c, n, w);
}

bool index_types_check(struct context *cx, const struct node *index, bool json)
{
    struct checker c = { .cx = cx, .json = json, .lenient = json };
    return check_all(&c, index, &whole);
}

bool definition_types_check(struct context *cx, const struct node *document)
{
    struct checker c = { .cx = cx, .soft = true, .lenient = true };
    return check_all(&c, document, &definition);
}

bool definition_types_check_strict(struct context *cx, const struct node *document)
{
    struct checker c = { .cx = cx, .soft = true };
    return check_all(&c, document, &definition);
}

bool lock_types_check(struct context *cx, const struct node *file)
{
    struct checker c = { .cx = cx, .soft = true, .lenient = true };
    return check_all(&c, file, &lock);
}
