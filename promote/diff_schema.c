/* The schema of a definition repeats "properties" and "items" at every step, and the same field
 * often stands in many places: "spec.versions[name=v1].schema.openAPIV3Schema.properties.spec.
 * properties.hosts.items" is "spec.hosts[]" for those who write such objects. */
#include "promote/diff_schema.h"

#include <stdlib.h>

#include "promote/diff_lines.h"
#include "render/base/buf.h"
#include "render/base/map.h"

bool diff_schema_is_for(const struct diff_document *doc)
{
    return doc->kind == DIFF_CHANGED && str_eq(doc->id.gvk.kind, S("CustomResourceDefinition"))
           && str_eq(doc->id.gvk.group, S("apiextensions.k8s.io"));
}

/* A pointer below openAPIV3Schema, read. */
struct schema_place {
    str parent;  /* the field that the last one stands in, or "" */
    str field;   /* the last field's own name */
    str keyword; /* what of it changes: "maxLength", "required/2"; "" for the field itself */
};

static str next(str *pointer)
{
    str step;
    *pointer = str_trim_prefix(*pointer, S("/"));
    str_cut(*pointer, '/', &step, pointer);
    return step;
}

static void add_field(struct buf *path, str step)
{
    if (path->len)
        buf_char(path, '.');
    for (size_t i = 0; i < step.len; i++) {
        bool escape = step.at[i] == '~' && i + 1 < step.len;
        buf_char(path, !escape ? step.at[i] : step.at[i + 1] == '1' ? '/' : '~');
        i += escape;
    }
}

/* "spec.hosts[].name" behind what `path` holds, unless that is NULL. False for a change that is
 * none of a schema. */
static bool read_place(str pointer, struct schema_place *out, struct buf *path)
{
    static const char mark[] = "/openAPIV3Schema/";
    ptrdiff_t at = str_find(pointer, str_from(mark));
    *out = (struct schema_place){ S(""), S(""), S("") };
    if (at < 0)
        return false;
    str rest = str_skip(pointer, (size_t)at + sizeof mark - 2);
    while (rest.len) {
        str before = rest, step = next(&rest);
        if (rest.len && str_eq(step, S("properties"))) {
            out->parent = out->field;
            out->field = next(&rest);
            if (path)
                add_field(path, out->field);
        } else if (rest.len && str_eq(step, S("items"))) {
            if (path)
                buf_str(path, S("[]"));
        } else if (rest.len && str_eq(step, S("additionalProperties"))) {
            if (path)
                buf_str(path, S(".*"));
        } else {
            out->keyword = str_trim_prefix(before, S("/"));
            return true;
        }
    }
    return true;
}

static bool is_one_of(str word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(word, str_from(words[i])))
            return true;
    }
    return false;
}

void diff_schema_fold(struct diff_document *doc)
{
    static const char *const words[] = { "description", "title", "example", "externalDocs" };
    for (uint32_t i = 0; i < doc->changes.len; i++) {
        struct diff_change *c = &doc->changes.at[i];
        struct schema_place place;
        if (!c->fold && read_place(c->pointer, &place, NULL)
            && is_one_of(place.keyword, words, countof(words)))
            c->fold = FOLD_NOISE;
    }
}

/* Narrower. */

static double number_of(const struct node *n)
{
    char digits[64];
    size_t len = n && node_is_scalar(n) && n->text.len < sizeof digits ? n->text.len : 0;
    if (len)
        memcpy(digits, n->text.at, len);
    digits[len] = 0;
    return strtod(digits, NULL);
}

static bool is_lower(const struct diff_change *c)
{
    return c->kind == DIFF_ADDED
           || (c->kind == DIFF_CHANGED && number_of(c->to) < number_of(c->from));
}

static bool is_higher(const struct diff_change *c)
{
    return c->kind == DIFF_ADDED
           || (c->kind == DIFF_CHANGED && number_of(c->to) > number_of(c->from));
}

static bool is_given(const struct diff_change *c)
{
    return c->kind == DIFF_ADDED || c->kind == DIFF_CHANGED;
}

static bool is_taken(const struct diff_change *c)
{
    return c->kind == DIFF_REMOVED
           || (c->kind == DIFF_CHANGED && node_is_scalar(c->to) && str_eq(c->to->text, S("false")));
}

static bool is_enum_less(const struct diff_change *c)
{
    return str_ends(c->pointer, S("/enum")) ? is_given(c) : c->kind == DIFF_REMOVED;
}

static const struct {
    const char *keyword;
    bool (*narrows)(const struct diff_change *c);
} narrowing[] = {
    { "", is_taken },
    { "properties", is_taken },
    { "required", is_given },
    { "type", is_given },
    { "pattern", is_given },
    { "format", is_given },
    { "multipleOf", is_given },
    { "enum", is_enum_less },
    { "maximum", is_lower },
    { "maxLength", is_lower },
    { "maxItems", is_lower },
    { "maxProperties", is_lower },
    { "minimum", is_higher },
    { "minLength", is_higher },
    { "minItems", is_higher },
    { "minProperties", is_higher },
    { "allOf", is_given },
    { "anyOf", is_given },
    { "oneOf", is_given },
    { "not", is_given },
    { "nullable", is_taken },
    { "additionalProperties", is_taken },
    { "x-kubernetes-validations", is_given },
    { "x-kubernetes-preserve-unknown-fields", is_taken },
};

bool diff_schema_narrows(const struct diff_change *c)
{
    struct schema_place place;
    if (!read_place(c->pointer, &place, NULL)) {
        str rest = c->pointer, number = S("");
        bool version = str_eq(next(&rest), S("spec")) && str_eq(next(&rest), S("versions"));
        number = next(&rest);
        return version && number.len && (!rest.len || str_eq(rest, S("served"))) && is_taken(c);
    }
    str keyword, rest;
    str_cut(place.keyword, '/', &keyword, &rest);
    for (size_t i = 0; i < countof(narrowing); i++) {
        if (str_eq(keyword, str_from(narrowing[i].keyword)))
            return narrowing[i].narrows(c);
    }
    return false;
}

/* Types in words. */

enum { NAMES_MOST = 6, TYPE_DEEP = 4 };

static const struct node *field(const struct node *n, const char *name)
{
    for (uint32_t i = 0; node_is(n, NODE_MAP) && i < n->len; i++) {
        if (str_eq(n->entries[i].key->text, str_from(name)))
            return n->entries[i].value;
    }
    return NULL;
}

static str text_of_field(const struct node *n, const char *name)
{
    const struct node *value = field(n, name);
    return value && node_is_scalar(value) ? value->text : S("");
}

static void say_names(struct buf *b, const struct node *n)
{
    for (uint32_t i = 0; i < n->len && i < NAMES_MOST; i++)
        buf_format(b, "%s%.*s", i ? ", " : " ",
                   STR(n->kind == NODE_MAP           ? n->entries[i].key->text
                       : node_is_scalar(n->items[i]) ? n->items[i]->text
                                                     : S("…")));
    if (n->len > NAMES_MOST)
        buf_format(b, " and %u more", n->len - NAMES_MOST);
}

static void say_type(struct buf *b, const struct node *n, int depth)
{
    str type = text_of_field(n, "type"), format = text_of_field(n, "format");
    const struct node *properties = field(n, "properties"), *values = field(n, "enum");
    const struct node *items = field(n, "items"), *any = field(n, "additionalProperties");
    if (depth == TYPE_DEEP) {
        buf_str(b, S("…"));
    } else if (node_is(values, NODE_LIST)) {
        buf_str(b, S("one of"));
        say_names(b, values);
    } else if (str_eq(type, S("array"))) {
        buf_str(b, S("list of "));
        say_type(b, items, depth + 1);
    } else if (node_is(properties, NODE_MAP)) {
        buf_str(b, S("object of"));
        say_names(b, properties);
    } else if (node_is(any, NODE_MAP)) {
        buf_str(b, S("map of "));
        say_type(b, any, depth + 1);
    } else if (str_eq(text_of_field(n, "x-kubernetes-int-or-string"), S("true"))) {
        buf_str(b, S("integer or string"));
    } else {
        buf_str(b, type.len ? type : S("anything"));
        if (format.len)
            buf_format(b, " (%.*s)", STR(format));
    }
}

/* "string, by default info". */
static const struct node *type_node(struct context *cx, const struct node *schema)
{
    struct buf b;
    buf_init(&b, cx->arena, 64);
    say_type(&b, schema, 0);
    const struct node *given = field(schema, "default");
    if (given && diff_is_short(given))
        buf_format(&b, ", by default %.*s",
                   STR(diff_value(cx->arena, &(struct diff_change){ 0 }, given)));
    struct node *n = node_string(cx, buf_take(&b));
    n->pos = schema->pos;
    node_set_maker(cx, n, node_maker(schema));
    return n;
}

static const struct node *version_node(struct context *cx, const struct node *version)
{
    bool served = !str_eq(text_of_field(version, "served"), S("false"));
    bool stored = str_eq(text_of_field(version, "storage"), S("true"));
    struct node *n = node_string(cx, str_format(cx->arena, "%s%s", served ? "served" : "not served",
                                                stored ? ", stored" : ""));
    n->pos = version->pos;
    node_set_maker(cx, n, node_maker(version));
    return n;
}

/* Lines. */

struct shown {
    struct context *cx;
    struct diff_document *doc;
    struct map known; /* what happens to which field, to struct told */
    bool versions;    /* there are several */
};

struct told {
    uint32_t number; /* of the change in `shown` */
    uint32_t places;
};

static struct diff_change *push(struct shown *s, struct diff_change c)
{
    struct diff_changes *out = &s->doc->shown;
    ARENA_PUSH(s->cx->arena, out->at, out->len, out->cap);
    out->at[out->len] = c;
    return &out->at[out->len++];
}

static str said(struct shown *s, const struct diff_change *c, const struct node *n)
{
    return n && diff_is_short(n) ? diff_value(s->cx->scratch, c, n) : S("");
}

/* The same of the same field elsewhere is only counted. */
static void tell(struct shown *s, struct diff_change c, struct schema_place place)
{
    str key = str_format(s->cx->arena, "%d\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s", c.kind,
                         STR(place.parent), STR(place.field), STR(place.keyword),
                         STR(said(s, &c, c.from)), STR(said(s, &c, c.to)));
    bool alike = (!c.from || diff_is_short(c.from)) && (!c.to || diff_is_short(c.to));
    struct map_entry *e = alike ? map_entry(&s->known, key) : NULL;
    struct told *told = e ? e->value : NULL;
    if (told) {
        told->places++;
        s->doc->shown.at[told->number].impact |= c.impact;
        return;
    }
    if (e) {
        e->value = told = NEW(s->cx->arena, struct told);
        *told = (struct told){ s->doc->shown.len, 1 };
    }
    push(s, c);
}

/* A line for a name that a list of required ones has won or lost; a name that only moved in it
 * has both. */
static void tell_required(struct shown *s, struct diff_change c, str above, str name, bool added)
{
    c.kind = DIFF_CHANGED;
    c.words = true;
    c.path = str_format(s->cx->arena, "%.*s%s%.*s", STR(above), above.len ? "." : "", STR(name));
    c.from = node_string(s->cx, added ? S("optional") : S("required"));
    c.to = node_string(s->cx, added ? S("required") : S("optional"));
    for (uint32_t i = 0; i < s->doc->shown.len; i++) {
        struct diff_change *other = &s->doc->shown.at[i];
        if (!str_eq(other->path, c.path) || !other->from || !node_equal(other->from, c.to))
            continue;
        other->fold = FOLD_NOISE;
        c.fold = FOLD_NOISE;
    }
    push(s, c);
}

static void tell_all_required(struct shown *s, struct diff_change c, str above,
                              const struct node *names, bool added)
{
    if (!names)
        return;
    if (node_is_scalar(names))
        tell_required(s, c, above, names->text, added);
    for (uint32_t i = 0; names->kind == NODE_LIST && i < names->len; i++) {
        if (node_is_scalar(names->items[i]))
            tell_required(s, c, above, names->items[i]->text, added);
    }
}

static void tell_fields(struct shown *s, struct diff_change c, struct schema_place place, str above)
{
    const struct node *fields = c.to ? c.to : c.from;
    for (uint32_t i = 0; i < fields->len; i++) {
        const struct entry *e = &fields->entries[i];
        struct diff_change one = c;
        one.words = true;
        struct schema_place there = { place.field, e->key->text, S("") };
        one.path = str_format(s->cx->arena, "%.*s%s%.*s", STR(above), above.len ? "." : "",
                              STR(e->key->text));
        one.from = c.from ? type_node(s->cx, e->value) : NULL;
        one.to = c.to ? type_node(s->cx, e->value) : NULL;
        tell(s, one, there);
    }
}

/* "v1 " of "spec.versions[name=v1].schema…". */
static void say_version(struct shown *s, const struct diff_change *c, struct buf *path)
{
    ptrdiff_t from = str_find(c->path, S("[name="));
    str name = from < 0 ? S("") : str_skip(c->path, (size_t)from + 6), rest;
    if (s->versions && str_cut(name, ']', &name, &rest))
        buf_format(path, "%.*s ", STR(name));
}

static void tell_schema(struct shown *s, const struct diff_change *change)
{
    struct diff_change c = *change;
    struct schema_place place;
    struct buf path;
    buf_init(&path, s->cx->arena, 128);
    read_place(c.pointer, &place, &path);
    str above = buf_take(&path), first, rest;
    struct buf title;
    buf_init(&title, s->cx->arena, 128);
    say_version(s, change, &title);
    buf_str(&title, above);
    above = buf_take(&title);
    str_cut(place.keyword, '/', &first, &rest);
    c.path = above;
    if (!place.keyword.len && c.kind != DIFF_CHANGED) {
        c.words = true;
        c.from = c.from ? type_node(s->cx, c.from) : NULL;
        c.to = c.to ? type_node(s->cx, c.to) : NULL;
        tell(s, c, place);
    } else if (str_eq(first, S("required"))) {
        tell_all_required(s, c, above, c.from, false);
        tell_all_required(s, c, above, c.to, true);
    } else if (str_eq(place.keyword, S("properties")) && c.kind != DIFF_CHANGED) {
        tell_fields(s, c, place, above);
    } else {
        if (place.keyword.len)
            c.path = str_format(s->cx->arena, "%.*s%s(%.*s)", STR(above), above.len ? " " : "",
                                STR(str_eq(first, S("enum")) ? first : place.keyword));
        if (str_eq(first, S("enum")))
            place.keyword = first;
        tell(s, c, place);
    }
}

static bool is_version(str pointer)
{
    str rest = pointer;
    return str_eq(next(&rest), S("spec")) && str_eq(next(&rest), S("versions")) && next(&rest).len
           && !rest.len;
}

static void show_change(struct shown *s, const struct diff_change *change)
{
    struct schema_place place;
    struct diff_change c = *change;
    if (diff_is_own(change) && read_place(c.pointer, &place, NULL)) {
        tell_schema(s, change);
        return;
    }
    if (diff_is_own(change) && c.kind != DIFF_CHANGED && is_version(c.pointer)) {
        c.words = true;
        c.from = c.from ? version_node(s->cx, c.from) : NULL;
        c.to = c.to ? version_node(s->cx, c.to) : NULL;
    }
    push(s, c);
}

void diff_schema_show(struct context *cx, struct diff_document *doc)
{
    struct mark before = arena_mark(cx->scratch);
    struct shown s = { .cx = cx, .doc = doc, .known.arena = cx->arena };
    const struct node *versions = field(field(doc->to, "spec"), "versions");
    s.versions = versions && versions->len > 1;
    for (uint32_t i = 0; i < doc->changes.len; i++)
        show_change(&s, &doc->changes.at[i]);
    for (uint32_t i = 0; i < s.known.len; i++) {
        const struct told *told = s.known.entries[i].value;
        struct diff_change *c = &doc->shown.at[told->number];
        if (told->places > 1)
            c->path = str_format(cx->arena, "%.*s, in %u places", STR(c->path), told->places);
    }
    arena_rewind(cx->scratch, before);
}
