/* replacements: a value of one document, or a given one, copied into fields of others.
 *
 * A source is one resource, by any name it has or had; targets are all that `select` names and
 * `reject` does not. Both compare whole texts, but patterns when targets are said in those
 * (compat.h). A scalar keeps its kind and its quotes, and only
 * its text changes; a map or list makes way for whatever comes. */
#include "overlays/field_names.h"
#include "overlays/field_path.h"
#include "overlays/json_place.h"
#include "overlays/pattern.h"
#include "overlays/remote.h"
#include "overlays/selector.h"
#include "overlays/steps.h"
#include "overlays/text_value.h"

#include <stdlib.h>

#include "render/base/number.h"
#include "render/doc/origin.h"
#include "render/doc/scalar.h"
#include "render/doc/yaml_read.h"

struct options {
    str delimiter; /* empty: the whole text */
    int64_t index;
    bool create;
};

struct patterns {
    struct pattern group, version, kind, name, namespace_;
};

/* Empty fields are any. */
struct wanted {
    struct identity id;
    struct patterns *patterns; /* of a target, in place of the texts */
    struct label_selector *labels;
    struct label_selector *annotations;
};

struct target {
    const struct node *node;
    struct wanted select;
    struct wanted *reject;
    uint32_t reject_len;
    struct field_path *paths;
    uint32_t path_len;
    struct options options;
};

struct candidates {
    struct context *cx;
    struct resource **at;
    uint32_t len;
    uint32_t cap;
};

struct replacing {
    struct context *cx;
    const struct compat *compat;
    struct resources *all;
    struct candidates some; /* room for those of one question */
    bool names;             /* names, kinds or namespaces have changed */
    bool file;              /* a file of replacements is at work */
};

static bool wrong(struct context *cx, const struct node *n, const struct key *key, const char *what)
{
    return report(cx, n->pos, "'%.*s' is %s, not %s", STR(key->text), what, node_kind_name(n));
}

/* A field that may be absent; `empty` then. */
static bool read_field(struct context *cx, const struct node *map, const struct key *key,
                       enum node_kind kind, const char *what, const struct node **out)
{
    const struct node *n = node_get(map, key);
    *out = n && n->kind != NODE_NULL ? n : NULL;
    return !*out || n->kind == kind || wrong(cx, n, key, what);
}

static bool read_id(struct context *cx, const struct node *map, const struct key *key, str *out)
{
    const struct node *n;
    if (!read_field(cx, map, key, NODE_STRING, "a string", &n))
        return false;
    *out = n ? n->text : S("");
    return true;
}

/* In a file of its own a number is a text as well, but not so in a selector's identity:
 * replacement.cases: "a file may say a text as a number" */
static bool text_from(struct replacing *x, const struct node *n, const struct key *key, str *out)
{
    *out = S("");
    if (!n || n->kind == NODE_NULL)
        return true;
    if (n->kind != NODE_STRING && !(x->file && node_is_scalar(n)))
        return wrong(x->cx, n, key, "a string");
    *out = scalar_canonical(x->cx, n);
    return true;
}

static bool read_text(struct replacing *x, const struct node *map, const struct key *key, str *out)
{
    return text_from(x, node_get(map, key), key, out);
}

static bool read_options(struct replacing *x, const struct node *map, struct options *out)
{
    const struct node *options, *index, *create;
    *out = (struct options){ 0 };
    if (!read_field(x->cx, map, KEY(OPTIONS), NODE_MAP, "a map", &options)
        || !read_text(x, options, KEY(DELIMITER), &out->delimiter)
        || !read_field(x->cx, options, KEY(INDEX), NODE_INT, "an integer", &index)
        || !read_field(x->cx, options, KEY(CREATE), NODE_BOOL, "true or false", &create))
        return false;
    if (index && number_int(index->text, 10, 64, &out->index) != NUMBER_OK)
        return report(x->cx, index->pos, "the index %.*s is out of range", STR(index->text));
    out->create = create && scalar_true(create->text);
    return true;
}

static bool read_labels(struct replacing *x, const struct node *map, const struct key *key,
                        struct label_selector **out)
{
    str text;
    if (!read_text(x, map, key, &text))
        return false;
    if (text.len == 0)
        return true;
    *out = label_selector_read(x->cx, text, node_get(map, key)->pos);
    return *out != NULL;
}

static bool read_wanted(struct replacing *x, const struct node *map, struct wanted *out)
{
    *out = (struct wanted){ 0 };
    return read_id(x->cx, map, KEY(GROUP), &out->id.gvk.group)
           && read_id(x->cx, map, KEY(VERSION), &out->id.gvk.version)
           && read_id(x->cx, map, KEY_KIND, &out->id.gvk.kind)
           && read_id(x->cx, map, KEY_NAME, &out->id.name)
           && read_id(x->cx, map, KEY_NAMESPACE, &out->id.namespace_)
           && read_labels(x, map, KEY(LABEL_SELECTOR), &out->labels)
           && read_labels(x, map, KEY(ANNOTATION_SELECTOR), &out->annotations);
}

/* The same in patterns, where the release has those. */
static bool read_wanted_patterns(struct replacing *x, const struct node *map, struct wanted *out)
{
    if (!read_wanted(x, map, out))
        return false;
    if (!x->compat->target_patterns)
        return true;
    struct patterns *p = NEW(x->cx->arena, struct patterns);
    out->patterns = p;
    return pattern_read(x->cx, map, KEY(GROUP), &p->group)
           && pattern_read(x->cx, map, KEY(VERSION), &p->version)
           && pattern_read(x->cx, map, KEY_KIND, &p->kind)
           && pattern_read(x->cx, map, KEY_NAME, &p->name)
           && pattern_read(x->cx, map, KEY_NAMESPACE, &p->namespace_);
}

/* Selection. */

static bool is_any(const struct identity *id)
{
    return id->gvk.group.len + id->gvk.version.len + id->gvk.kind.len + id->name.len
               + id->namespace_.len
           == 0;
}

static bool same_namespace(str wanted, str namespace_)
{
    str effective = namespace_.len ? namespace_ : S("default");
    return wanted.len == 0 || str_eq(wanted, effective);
}

static bool is_called(const struct identity *wanted, str kind, str name, str namespace_)
{
    return (wanted->gvk.kind.len == 0 || str_eq(wanted->gvk.kind, kind))
           && (wanted->name.len == 0 || str_eq(wanted->name, name))
           && same_namespace(wanted->namespace_, namespace_);
}

/* Does an identity that it has, or ever had, match? Here nothing stands for no namespace. */
static bool matches(struct context *cx, struct resource *r, struct patterns *p)
{
    struct identity id = resource_id(r);
    if (!pattern_matches(cx, &p->group, id.gvk.group)
        || !pattern_matches(cx, &p->version, id.gvk.version))
        return false;
    if (pattern_matches(cx, &p->kind, id.gvk.kind) && pattern_matches(cx, &p->name, id.name)
        && pattern_matches(cx, &p->namespace_, id.namespace_))
        return true;
    for (uint32_t i = 0; i < r->past_len; i++) {
        const struct past_id *past = &r->past[i];
        if (pattern_matches(cx, &p->kind, past->kind) && pattern_matches(cx, &p->name, past->name)
            && pattern_matches(cx, &p->namespace_, past->namespace_))
            return true;
    }
    return false;
}

/* Has it, or had it ever, an identity like this? */
static bool has_id(struct context *cx, struct resource *r, const struct wanted *w)
{
    const struct identity *wanted = &w->id;
    if (w->patterns)
        return matches(cx, r, w->patterns);
    struct identity id = resource_id(r);
    if ((wanted->gvk.group.len && !str_eq(wanted->gvk.group, id.gvk.group))
        || (wanted->gvk.version.len && !str_eq(wanted->gvk.version, id.gvk.version)))
        return false;
    if (is_called(wanted, id.gvk.kind, id.name, id.namespace_))
        return true;
    /* Only here are kinds without a namespace in the default one. */
    for (uint32_t i = 0; i < r->past_len; i++) {
        const struct past_id *p = &r->past[i];
        str namespace_ = resource_cluster_scoped(r) ? id.namespace_ : p->namespace_;
        if (is_called(wanted, p->kind, p->name, namespace_))
            return true;
    }
    return false;
}

static bool has_labels(struct resource *r, const struct wanted *wanted)
{
    if (!wanted->labels && !wanted->annotations)
        return true;
    const struct node *metadata = node_get(r->node, KEY_METADATA);
    return (!wanted->labels
            || label_selector_matches(wanted->labels, node_get(metadata, KEY_LABELS)))
           && (!wanted->annotations
               || label_selector_matches(wanted->annotations, node_get(metadata, KEY_ANNOTATIONS)));
}

static bool is_rejected(struct context *cx, struct resource *r, const struct target *t)
{
    for (uint32_t i = 0; i < t->reject_len; i++) {
        const struct wanted *w = &t->reject[i];
        /* Names and labels reject on their own, not together:
         * replacement.cases: "labels reject whatever the name" */
        if (!is_any(&w->id) && has_id(cx, r, w))
            return true;
        if ((w->labels || w->annotations) && has_labels(r, w))
            return true;
    }
    return false;
}

static void add_candidate(void *who, struct resource *r)
{
    struct candidates *some = who;
    ARENA_PUSH(some->cx->arena, some->at, some->len, some->cap);
    some->at[some->len++] = r;
}

static int by_appearance(const void *a, const void *b)
{
    const struct resource *const *x = a, *const *y = b;
    return (*x)->serial < (*y)->serial ? -1 : 1;
}

/* All resources, or fewer that include every one with this identity. */
static struct candidates candidates_for(struct replacing *x, const struct wanted *w)
{
    const struct identity *wanted = &w->id;
    struct candidates all = { x->cx, x->all->at, x->all->len, 0 };
    if (x->names || wanted->gvk.kind.len == 0 || wanted->name.len == 0
        || (w->patterns && (w->patterns->kind.expression || w->patterns->name.expression)))
        return all;
    x->some.cx = x->cx;
    x->some.len = 0;
    resources_named(x->cx, x->all, wanted->gvk.kind, wanted->name, add_candidate, &x->some);
    if (x->some.len > 1)
        qsort(x->some.at, x->some.len, sizeof(struct resource *), by_appearance);
    return x->some;
}

/* The one resource that a source names. */
static struct resource *find_source(struct replacing *x, const struct node *source,
                                    const struct wanted *w)
{
    const struct identity *wanted = &w->id;
    struct resource *found = NULL;
    struct candidates some = candidates_for(x, w);
    for (uint32_t i = 0; i < some.len; i++) {
        struct resource *r = some.at[i];
        if (!has_id(x->cx, r, w))
            continue;
        if (found) {
            report(x->cx, source->pos, "multiple matches for the source '%.*s'",
                   STR(identity_print(x->cx->arena, *wanted)));
            note(x->cx, found->node->pos, "one is here");
            note(x->cx, r->node->pos, "another is here");
            return NULL;
        }
        found = r;
    }
    if (!limit_count(x->cx, LIMIT_STEPS, some.len, source->pos))
        return NULL;
    if (!found) {
        report(x->cx, source->pos, "nothing selected by the source '%.*s'",
               STR(identity_print(x->cx->arena, *wanted)));
        resources_hint(x->cx, x->all, wanted->gvk.kind, wanted->name);
    }
    return found;
}

/* Values. */

static str scalar_text(const struct node *n)
{
    return node_is_scalar(n) ? n->text : S("");
}

static bool set_scalar(struct context *cx, struct node *field, str text)
{
    struct node *scalar;
    if (!scalar_retext(cx, field, text, &scalar))
        return report(cx, field->pos, "a replaced value keeps its kind, and %s cannot be '%.*s'",
                      node_kind_name(field), STR(text));
    node_assign(cx, field, scalar);
    return true;
}

/* The part between delimiters that has the number `index`; false when there are not so many. */
static bool find_part(str text, str delimiter, int64_t index, size_t *from, size_t *to)
{
    *from = 0;
    for (int64_t at = 0; index >= 0; at++) {
        ptrdiff_t len = str_find(str_skip(text, *from), delimiter);
        *to = len < 0 ? text.len : *from + (size_t)len;
        if (at == index)
            return true;
        if (len < 0)
            return false;
        *from = *to + delimiter.len;
    }
    return false;
}

/* The text of a field with a value before, behind or instead of one of its parts. */
static str spliced(struct context *cx, str text, str value, const struct options *o)
{
    size_t from, to;
    if (o->index < 0)
        return str_join(cx->arena, (str[]){ value, text }, 2, o->delimiter);
    if (!find_part(text, o->delimiter, o->index, &from, &to))
        return str_join(cx->arena, (str[]){ text, value }, 2, o->delimiter);
    return str_join(cx->arena, (str[]){ str_slice(text, 0, from), value, str_skip(text, to) }, 3,
                    S(""));
}

static bool set_field(struct context *cx, struct node *field, const struct node *value,
                      const struct field_path *path, const struct options *o)
{
    struct json_place place = { .depth = path->path.len, .pos = path->pos };
    if (o->delimiter.len && !node_is_scalar(field))
        return report(cx, path->pos, "delimiter is for scalars: '%.*s' is %s", STR(path->text),
                      node_kind_name(field));
    if (o->delimiter.len)
        return node_may_copy(cx, field, path->pos)
               && set_scalar(cx, field, spliced(cx, field->text, scalar_text(value), o));
    if (node_is_scalar(field))
        return set_scalar(cx, field, scalar_text(value));
    if (!node_may_copy(cx, value, path->pos) || !json_place_fits(cx, &place, value))
        return false;
    node_assign(cx, field, node_take(cx, value));
    return true;
}

static bool is_empty(const struct node *n)
{
    return !n || n->kind == NODE_NULL || (!node_is_scalar(n) && n->len == 0);
}

/* The part of a source's value that its options ask for. */
static bool refine(struct context *cx, const struct node *source, const struct field_path *path,
                   const struct options *o, const struct node **value)
{
    if (o->delimiter.len == 0)
        return true;
    if (!node_is_scalar(*value))
        return report(cx, path->pos, "delimiter is for scalars: '%.*s' is %s", STR(path->text),
                      node_kind_name(*value));
    size_t from, to;
    if (!find_part((*value)->text, o->delimiter, o->index, &from, &to)) {
        const struct node *index = node_get(node_get(source, KEY(OPTIONS)), KEY(INDEX));
        return report(cx, index ? index->pos : source->pos,
                      "options.index %lld is out of bounds for the value '%.*s'",
                      (long long)o->index, STR((*value)->text));
    }
    struct node *part;
    if (!scalar_retext(cx, *value, str_slice((*value)->text, from, to), &part))
        part->kind = NODE_STRING;
    *value = part;
    return true;
}

static bool read_source(struct replacing *x, const struct node *source, const struct node **value,
                        struct step *step)
{
    struct context *cx = x->cx;
    struct wanted wanted;
    struct options options;
    struct missed missed;
    struct node *n;
    str text;
    if (!read_wanted(x, source, &wanted) || !read_options(x, source, &options)
        || !read_text(x, source, KEY(FIELD_PATH), &text))
        return false;
    struct resource *r = find_source(x, source, &wanted);
    if (!r)
        return false;
    const struct node *said = node_get(source, KEY(FIELD_PATH));
    struct field_path path =
        field_path_dotted(cx, text.len ? text : S("metadata.name"), said ? said->pos : source->pos);
    if (!field_path_get(cx, &path, r->node, false, &n, &missed))
        return false;
    if (is_empty(n)) {
        report(cx, path.pos, "fieldPath '%.*s' is missing for the replacement source '%.*s'",
               STR(path.text), STR(resource_print(cx, r)));
        note(cx, n ? n->pos : r->node->pos, n ? "it is empty here" : "the source is here");
        missed_hint(cx, &missed);
        return false;
    }
    /* As it is now: a later replacement may write over the node itself. */
    step->source = arena_copy(cx->arena, n, sizeof *n);
    *value = n;
    return refine(cx, source, &path, &options, value);
}

/* Targets. */

static bool read_paths(struct replacing *x, struct target *t)
{
    const struct node *list;
    if (!read_field(x->cx, t->node, KEY(FIELD_PATHS), NODE_LIST, "a list of paths", &list))
        return false;
    t->path_len = list && list->len ? list->len : 1;
    t->paths = NEW_ARRAY(x->cx->arena, struct field_path, t->path_len);
    t->paths[0] = field_path_dotted(x->cx, S("metadata.name"), t->node->pos);
    for (uint32_t i = 0; list && i < list->len; i++) {
        const struct node *path = list->items[i];
        str text;
        if (!text_from(x, path, KEY(FIELD_PATHS), &text))
            return false;
        t->paths[i] = field_path_dotted(x->cx, text, path->pos);
    }
    return true;
}

static bool read_rejects(struct replacing *x, struct target *t)
{
    const struct node *list;
    if (!read_field(x->cx, t->node, KEY(REJECT), NODE_LIST, "a list of selectors", &list))
        return false;
    t->reject_len = list ? list->len : 0;
    t->reject = NEW_ARRAY(x->cx->arena, struct wanted, t->reject_len);
    for (uint32_t i = 0; i < t->reject_len; i++) {
        if (list->items[i]->kind != NODE_MAP)
            return wrong(x->cx, list->items[i], KEY(REJECT), "a list of selectors");
        if (!read_wanted_patterns(x, list->items[i], &t->reject[i]))
            return false;
    }
    return true;
}

static bool read_target(struct replacing *x, const struct node *n, struct target *t)
{
    const struct node *select;
    *t = (struct target){ .node = n };
    if (n->kind != NODE_MAP)
        return wrong(x->cx, n, KEY(TARGETS), "a list of maps");
    if (!read_field(x->cx, n, KEY(SELECT), NODE_MAP, "a map", &select))
        return false;
    if (!select)
        return report(x->cx, n->pos, "target must specify resources to select");
    return read_wanted_patterns(x, select, &t->select) && read_rejects(x, t) && read_paths(x, t)
           && read_options(x, n, &t->options);
}

static bool renames(const struct field_path *p)
{
    str first = p->path.parts[0];
    if (str_eq(first, S("metadata")))
        return p->path.len == 1 || str_eq(p->path.parts[1], S("name"))
               || str_eq(p->path.parts[1], S("namespace"));
    return str_eq(first, S("kind")) || str_eq(first, S("apiVersion"));
}

static bool copy_to(struct replacing *x, const struct node *value, const struct target *t,
                    struct resource *r, const struct field_path *path)
{
    struct matches found;
    enum node_kind make = !t->options.create      ? NODE_NULL
                          : node_is_scalar(value) ? NODE_STRING
                                                  : (enum node_kind)value->kind;
    bool into = false;
    if (x->compat->paths_into_texts && !text_value_set(x->cx, r->node, path, value, make, &into))
        return false;
    if (into) {
        x->names = x->names || renames(path);
        return true;
    }
    if (!field_path_match(x->cx, path, r->node, make, &found))
        return false;
    if (found.len == 0) {
        report(x->cx, path->pos, "unable to find field '%.*s' in replacement target",
               STR(path->text));
        note(x->cx, r->node->pos, "the target is here: '%.*s'", STR(resource_print(x->cx, r)));
        missed_hint(x->cx, &found.missed);
        return false;
    }
    x->names = x->names || renames(path);
    for (uint32_t i = 0; i < found.len; i++) {
        if (!set_field(x->cx, found.at[i], value, path, &t->options))
            return false;
    }
    return true;
}

static bool apply_target(struct replacing *x, const struct node *value, const struct target *t)
{
    bool any = false;
    struct candidates some = candidates_for(x, &t->select);
    for (uint32_t i = 0; i < some.len; i++) {
        struct resource *r = some.at[i];
        if (!has_id(x->cx, r, &t->select) || !has_labels(r, &t->select) || is_rejected(x->cx, r, t))
            continue;
        any = true;
        for (uint32_t j = 0; j < t->path_len; j++) {
            if (!copy_to(x, value, t, r, &t->paths[j]))
                return false;
        }
    }
    if (!limit_count(x->cx, LIMIT_STEPS, some.len, t->node->pos))
        return false;
    if (any || !x->cx->switches.strict)
        return true;
    report(x->cx, t->node->pos, "no resource matches this target of a replacement");
    resources_hint(x->cx, x->all, t->select.id.gvk.kind, t->select.id.name);
    return false;
}

static bool replace(struct replacing *x, const struct node *n, struct step *step)
{
    struct context *cx = x->cx;
    const struct node *source, *targets;
    const struct node *value = NULL;
    const struct node *given = node_get(n, KEY(SOURCE_VALUE));
    str text;
    given = node_is(given, NODE_NULL) ? NULL : given;
    if (!read_field(cx, n, KEY(SOURCE), NODE_MAP, "a map", &source)
        || !read_text(x, n, KEY(SOURCE_VALUE), &text)
        || !read_field(cx, n, KEY(TARGETS), NODE_LIST, "a list", &targets))
        return false;
    if ((!source && !given) || !targets)
        return report(cx, n->pos, "replacements must specify a source and at least one target");
    if (source && given)
        return report(cx, given->pos, "source and sourceValue are mutually exclusive");
    if (source && !read_source(x, source, &value, step))
        return false;
    if (given) {
        struct node *plain = node_plain(cx, text);
        plain->flags |= NODE_UNTAGGED;
        plain->pos = given->pos;
        step->source = plain;
        value = plain;
    }
    for (uint32_t i = 0; i < targets->len; i++) {
        struct target t;
        if (!read_target(x, targets->items[i], &t) || !apply_target(x, value, &t))
            return false;
    }
    return true;
}

static bool replace_framed(struct replacing *x, const struct node *n)
{
    diag_enter(x->cx, n->pos, "in this replacement");
    bool ok = replace(x, n, step_enter_entry(x->cx, n->pos));
    step_leave(x->cx);
    diag_leave(x->cx);
    return ok;
}

/* A file holds one replacement or a list of them. */
static bool replace_from(struct replacing *x, struct text *text)
{
    struct documents file = { 0 };
    if (!yaml_read_all(x->cx, text, YAML_GO2, &file))
        return false;
    if (file.len == 0 || node_is_scalar(file.at[0]))
        return report(x->cx, (struct pos){ text->id, 0 },
                      "a file of replacements holds a map or a list of maps");
    field_names_fold(x->cx, file.at[0]);
    x->file = true;
    if (file.at[0]->kind == NODE_MAP)
        return replace_framed(x, file.at[0]);
    for (uint32_t i = 0; i < file.at[0]->len; i++) {
        const struct node *n = file.at[0]->items[i];
        if (n->kind != NODE_MAP && n->kind != NODE_NULL)
            return wrong(x->cx, n, KEY(REPLACEMENTS), "a list of maps");
        if (!replace_framed(x, n))
            return false;
    }
    return true;
}

static bool replace_from_file(struct replacing *x, struct overlay *o, const struct node *path)
{
    struct text *text = remote_read(x->cx, o, path->text, path->pos);
    diag_enter(x->cx, path->pos, "in this file of replacements");
    bool ok = text && replace_from(x, text);
    diag_leave(x->cx);
    return ok;
}

static bool replace_entry(struct replacing *x, struct overlay *o, const struct node *entry)
{
    const struct node *path, *source, *targets;
    if (!read_field(x->cx, entry, KEY(PATH), NODE_STRING, "a string", &path)
        || !read_field(x->cx, entry, KEY(SOURCE), NODE_MAP, "a map", &source)
        || !read_field(x->cx, entry, KEY(TARGETS), NODE_LIST, "a list", &targets))
        return false;
    x->file = false;
    if (!path || path->text.len == 0)
        return replace_framed(x, entry);
    if (source || (targets && targets->len))
        return report(x->cx, entry->pos, "cannot specify both path and inline replacement");
    return replace_from_file(x, o, path);
}

static bool replace_all(struct context *cx, struct overlay *o, const struct node *config)
{
    struct replacing x = { .cx = cx, .compat = o->build->compat, .all = &o->sum->resources };
    for (uint32_t i = 0; i < config->len; i++) {
        if (!replace_entry(&x, o, config->items[i]))
            return false;
    }
    if (!x.names)
        return true;
    resources_renamed(x.all);
    return resources_check_unique(cx, x.all, config->pos);
}

/* An empty list of targets is none in a kustomization, and one that does nothing elsewhere. */
bool replacements_field(struct context *cx, struct overlay *o, const struct node *config)
{
    for (uint32_t i = 0; i < config->len; i++) {
        const struct node *targets = node_get(config->items[i], KEY(TARGETS));
        const struct node *path = node_get(config->items[i], KEY(PATH));
        if (node_is(targets, NODE_LIST) && targets->len == 0 && !path)
            return report(cx, targets->pos,
                          "replacements must specify a source and at least one target");
    }
    return replace_all(cx, o, config);
}

bool replacements_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    const struct node *list;
    if (!read_field(cx, config, KEY(REPLACEMENTS), NODE_LIST, "a list", &list))
        return false;
    return !list || replace_all(cx, o, list);
}
