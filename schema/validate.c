/* Validation. */
#include "schema/validate.h"

#include <assert.h>

#include "render/base/encode.h"
#include "render/base/gotime.h"
#include "render/base/map.h"
#include "render/base/suggest.h"
#include "render/doc/identity.h"
#include "render/doc/scalar.h"
#include "schema/kinds.h"
#include "schema/tables.h"

struct walk {
    struct context *cx;
    struct validation *v;
    const struct node *document;
    struct identity id;
};

static void problem(struct walk *w, struct pos pos, const char *format, ...) PRINTF_LIKE(3, 4);

static void problem(struct walk *w, struct pos pos, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str what = str_vformat(w->cx->arena, format, args);
    va_end(args);
    w->v->errors++;
    report_refused(w->cx, pos, "%.*s '%.*s': %.*s", STR(w->id.gvk.kind), STR(w->id.name),
                   STR(what));
}

/* Plain values. */

static bool is_string(struct context *cx, const struct node *n)
{
    (void)cx;
    return n->kind == NODE_STRING;
}

static bool is_bytes(struct context *cx, const struct node *n)
{
    str bytes;
    return n->kind == NODE_STRING && decode_base64(cx->scratch, BASE64_STD, n->text, &bytes);
}

static bool is_time(struct context *cx, const struct node *n)
{
    struct gotime_zones utc = { &zone_utc, &zone_utc };
    struct gotime t;
    str why;
    return n->kind == NODE_STRING
           && gotime_parse(cx->scratch, GOTIME_RFC3339, n->text, utc, &t, &why);
}

static bool fits(const struct node *n, uint64_t most)
{
    bool negative;
    uint64_t magnitude;
    return n->kind == NODE_INT && scalar_int(n->text, &negative, &magnitude)
           && magnitude <= most + negative;
}

static bool is_int32(struct context *cx, const struct node *n)
{
    (void)cx;
    return fits(n, INT32_MAX);
}

static bool is_int64(struct context *cx, const struct node *n)
{
    (void)cx;
    return fits(n, INT64_MAX);
}

static bool is_number(struct context *cx, const struct node *n)
{
    (void)cx;
    return n->kind == NODE_INT || n->kind == NODE_FLOAT;
}

static bool is_bool(struct context *cx, const struct node *n)
{
    (void)cx;
    return n->kind == NODE_BOOL;
}

static bool is_int_or_string(struct context *cx, const struct node *n)
{
    return is_string(cx, n) || is_int32(cx, n);
}

static size_t skip_digits(str s, size_t at)
{
    while (at < s.len && s.at[at] >= '0' && s.at[at] <= '9')
        at++;
    return at;
}

/* "1", "0.5", "100m", "1.5Gi", "1e3": a number and what it is multiplied by. */
static bool is_quantity(struct context *cx, const struct node *n)
{
    static const str units[] = { S(""),   S("n"),  S("u"),  S("m"), S("k"),  S("M"),
                                 S("G"),  S("T"),  S("P"),  S("E"), S("Ki"), S("Mi"),
                                 S("Gi"), S("Ti"), S("Pi"), S("Ei") };
    str s = n->text;
    if (n->kind != NODE_STRING)
        return is_number(cx, n);
    size_t sign = s.len && (s.at[0] == '-' || s.at[0] == '+');
    size_t at = skip_digits(s, sign), digits = at - sign;
    if (at < s.len && s.at[at] == '.') {
        size_t end = skip_digits(s, at + 1);
        digits += end - at - 1;
        at = end;
    }
    str unit = str_skip(s, at);
    for (size_t i = 0; digits && i < countof(units); i++) {
        if (str_eq(unit, units[i]))
            return true;
    }
    if (!digits || unit.len < 2 || (unit.at[0] | 32) != 'e')
        return false;
    size_t begin = 1 + (unit.at[1] == '-' || unit.at[1] == '+');
    return begin < unit.len && skip_digits(unit, begin) == unit.len;
}

static const struct {
    bool (*fits)(struct context *cx, const struct node *n);
    const char *name;
} plain_types[] = {
    [PLAIN_ANY] = { NULL, "" },
    [PLAIN_STRING] = { is_string, "a string" },
    [PLAIN_BYTES] = { is_bytes, "bytes in base64" },
    [PLAIN_TIME] = { is_time, "a time (RFC 3339)" },
    [PLAIN_INT32] = { is_int32, "an integer of 32 bits" },
    [PLAIN_INT64] = { is_int64, "an integer of 64 bits" },
    [PLAIN_NUMBER] = { is_number, "a number" },
    [PLAIN_BOOL] = { is_bool, "true or false" },
    [PLAIN_INT_OR_STRING] = { is_int_or_string, "an integer or a string" },
    [PLAIN_QUANTITY] = { is_quantity, "a quantity" },
};
static_assert(countof(plain_types) == PLAIN_TYPES, "every plain type is checked");

/* Secret values stay where they are: only what they are is said. */
static void say_mismatch(struct walk *w, const struct node *n, str name, const char *wanted)
{
    bool secret = str_eq(w->id.gvk.kind, S("Secret"));
    bool shown = node_is_scalar(n) && !secret && n->text.len && n->text.len < 60;
    struct pos pos = secret ? NOWHERE : n->pos;
    problem(w, pos, "'%.*s' must be %s, not %s%s%.*s%s", STR(name), wanted, node_kind_name(n),
            shown ? " '" : "", STR(shown ? n->text : S("")), shown ? "'" : "");
}

static void check_plain(struct walk *w, const struct node *n, uint16_t type, str name)
{
    struct mark before = arena_mark(w->cx->scratch);
    bool ok = !plain_types[type].fits || plain_types[type].fits(w->cx, n);
    arena_rewind(w->cx->scratch, before);
    if (ok)
        return;
    say_mismatch(w, n, name, plain_types[type].name);
    if (type == PLAIN_STRING && node_is_scalar(n))
        hint(w->cx, NOWHERE, "quotes make it a string");
}

/* The walk. */

static void check_unknown(struct walk *w, const struct entry *e, const struct type_row *type)
{
    str name = e->key->text;
    str *names = NEW_ARRAY(w->cx->arena, str, type->len);
    for (uint16_t i = 0; i < type->len; i++)
        names[i] = pool_str(served_type_field_rows[type->first + i].name);
    problem(w, e->pos, "it has no field '%.*s' here", STR(name));
    ptrdiff_t near = suggest(name, names, type->len);
    if (near >= 0)
        hint(w->cx, NOWHERE, "did you mean '%.*s'?", STR(names[near]));
}

static void check_choice(struct walk *w, const struct node *n, str choices, str name)
{
    str rest = choices, one;
    if (n->kind != NODE_STRING || !n->text.len)
        return;
    while (rest.len && str_next_field(&rest, '|', &one)) {
        if (str_eq(one, n->text))
            return;
    }
    problem(w, n->pos, "'%.*s' must be one of %.*s, not '%.*s'", STR(name),
            STR(str_replace_all(w->cx->arena, choices, S("|"), S(", "))), STR(n->text));
}

static bool is_absent(const struct node *map, str name)
{
    for (uint32_t i = 0; i < map->len; i++) {
        if (str_eq(map->entries[i].key->text, name))
            return map->entries[i].value->kind == NODE_NULL;
    }
    return true;
}

static void check_required(struct walk *w, const struct node *n, const struct type_row *type)
{
    for (uint16_t i = 0; i < type->len; i++) {
        const struct type_field_row *field = &served_type_field_rows[type->first + i];
        str name = pool_str(field->name);
        if (field->required && is_absent(n, name))
            problem(w, n->pos, "'%.*s' is missing here", STR(name));
    }
}

static void check_value(struct walk *w, const struct node *n, uint16_t number, str name);

/* A status is the cluster's own. */
static void check_fields(struct walk *w, const struct node *n, const struct type_row *type)
{
    bool document = n == w->document;
    for (uint32_t i = 0; i < n->len; i++) {
        const struct entry *e = &n->entries[i];
        const struct type_field_row *field =
            ROW_FIND(served_type_field_rows + type->first, type->len, e->key->text);
        str choices = field ? pool_str(field->choices) : S("");
        if (!field)
            check_unknown(w, e, type);
        else if (!document || e->key != KEY(STATUS))
            check_value(w, e->value, field->type, e->key->text);
        if (choices.len)
            check_choice(w, e->value, choices, e->key->text);
    }
    check_required(w, n, type);
}

static void check_items(struct walk *w, const struct node *n, const struct type_row *type, str name)
{
    bool list = type->form == TYPE_LIST;
    for (uint32_t i = 0; i < n->len; i++)
        check_value(w, list ? n->items[i] : n->entries[i].value, type->first,
                    list ? name : n->entries[i].key->text);
}

/* A definition without fields holds anything. What is null is not said at all. */
static void check_value(struct walk *w, const struct node *n, uint16_t number, str name)
{
    const struct type_row *type = &served_type_rows[number];
    enum node_kind wanted = type->form == TYPE_LIST ? NODE_LIST : NODE_MAP;
    if (!number || n->kind == NODE_NULL || (type->form == TYPE_OBJECT && !type->len))
        return;
    if (type->form == TYPE_PLAIN) {
        check_plain(w, n, type->first, name);
        return;
    }
    if (n->kind != wanted) {
        say_mismatch(w, n, name, wanted == NODE_LIST ? "a list" : "a map");
        return;
    }
    if (!limit_enter(w->cx, LIMIT_DEPTH, n->pos))
        return;
    if (type->form == TYPE_OBJECT)
        check_fields(w, n, type);
    else
        check_items(w, n, type, name);
    limit_leave(w->cx, LIMIT_DEPTH);
}

/* The document as a whole. */

static bool has_plain_names(const struct identity *id)
{
    static const str groups[] = { S(""),       S("apps"),
                                  S("batch"),  S("autoscaling"),
                                  S("policy"), S("networking.k8s.io") };
    for (size_t i = 0; i < countof(groups); i++) {
        if (str_eq(groups[i], id->gvk.group))
            return true;
    }
    return false;
}

static bool is_subdomain(str s)
{
    bool edge = true;
    for (size_t i = 0; i < s.len; i++) {
        bool word = (s.at[i] >= 'a' && s.at[i] <= 'z') || (s.at[i] >= '0' && s.at[i] <= '9');
        bool last = i + 1 == s.len;
        if (!word && (edge || last || (s.at[i] != '-' && s.at[i] != '.')))
            return false;
        edge = s.at[i] == '.';
    }
    return s.len && s.len <= 253;
}

static void check_name(struct walk *w, const struct node *document)
{
    struct context *cx = w->cx;
    const struct node *metadata = node_get(document, KEY_METADATA);
    const struct node *name = node_get(metadata, KEY(NAME));
    const struct node *generated = node_get_text(cx, metadata, S("generateName"));
    if (!name && generated)
        return;
    if (!name || !node_is_scalar(name) || !name->text.len)
        problem(w, document->pos, "it has no 'metadata.name'");
    else if (has_plain_names(&w->id) && !is_subdomain(name->text)) {
        problem(w, name->pos, "'%.*s' is no name for it", STR(name->text));
        hint(cx, NOWHERE, "small letters, digits, '-' and '.', a letter or digit at both ends");
    }
}

static void check_release(struct walk *w, const struct node *document, str api_version)
{
    struct kind_facts facts;
    unsigned now = w->v->release;
    const struct node *at = node_get(document, KEY_API_VERSION);
    str kind = w->id.gvk.kind;
    if (!kind_find(api_version, kind, &facts))
        return;
    if (facts.removed && facts.removed <= now) {
        problem(w, at->pos, "%.*s %.*s is not served since Kubernetes 1.%u", STR(api_version),
                STR(kind), facts.removed);
    } else if (facts.introduced > now) {
        problem(w, at->pos, "%.*s %.*s is served from Kubernetes 1.%u on", STR(api_version),
                STR(kind), facts.introduced);
        return;
    } else if (facts.deprecated && facts.deprecated <= now) {
        w->v->warnings++;
        warn(w->cx, at->pos, "%.*s '%.*s': %.*s is deprecated since Kubernetes 1.%u", STR(kind),
             STR(w->id.name), STR(api_version), facts.deprecated);
    } else {
        return;
    }
    if (facts.replacement.len)
        hint(w->cx, NOWHERE, "%.*s takes its place", STR(facts.replacement));
}

/* A workload's selector must select its own pods. */
static void check_selector(struct walk *w, const struct node *document)
{
    struct context *cx = w->cx;
    const struct node *spec = node_get(document, KEY(SPEC));
    const struct node *wanted = node_get_text(cx, node_get(spec, KEY(SELECTOR)), S("matchLabels"));
    const struct node *pods = node_get(node_get(spec, KEY(TEMPLATE)), KEY_METADATA);
    const struct node *labels = node_get(pods, KEY(LABELS));
    if (!str_eq(w->id.gvk.group, S("apps")) || !node_is(wanted, NODE_MAP))
        return;
    for (uint32_t i = 0; i < wanted->len; i++) {
        const struct entry *e = &wanted->entries[i];
        const struct node *label = node_get(labels, e->key);
        if (label && node_equal(label, e->value))
            continue;
        problem(w, e->pos, "its selector wants '%.*s: %.*s', which its pods do not have",
                STR(e->key->text), STR(node_is_scalar(e->value) ? e->value->text : S("")));
        if (label)
            note(cx, label->pos, "here they have another");
    }
}

static void check_document(struct walk *w, const struct node *document)
{
    const struct node *kind = node_get(document, KEY_KIND);
    const struct node *api = node_get(document, KEY_API_VERSION);
    if (!node_is(kind, NODE_STRING) || !node_is(api, NODE_STRING)) {
        w->v->errors++;
        report_refused(w->cx, document->pos, "a document needs 'apiVersion' and 'kind'");
        return;
    }
    w->document = document;
    w->id = identity_of(document);
    const struct kind_row *row =
        ROW_FIND(served_kind_rows, served_kind_count, kind->text, api->text);
    check_name(w, document);
    check_release(w, document, api->text);
    check_selector(w, document);
    if (row)
        check_value(w, document, row->type, kind->text);
}

static void check_twice(struct walk *w, struct map *known, const struct node *document)
{
    struct identity id = identity_of(document);
    str space = id.namespace_.len ? id.namespace_ : S("default");
    str key = str_format(w->cx->arena, "%.*s\n%.*s\n%.*s\n%.*s", STR(id.gvk.group),
                         STR(id.gvk.kind), STR(space), STR(id.name));
    const struct node *other = id.name.len ? map_put(known, key, (void *)document) : NULL;
    if (!other)
        return;
    w->id = id;
    problem(w, document->pos, "it is here twice");
    note(w->cx, other->pos, "first here");
}

void validate_documents(struct context *cx, const struct documents *documents, struct validation *v)
{
    struct walk w = { .cx = cx, .v = v };
    struct map known = { .arena = cx->arena };
    for (uint32_t i = 0; i < documents->len; i++) {
        check_document(&w, documents->at[i]);
        check_twice(&w, &known, documents->at[i]);
    }
}
