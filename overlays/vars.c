/* $(NAME) is the var's value as text; when nothing stands beside it, it keeps its kind, so that a
 * number stays one. "$$" is a dollar sign, and a name that is no var stays as it is: a container's
 * own environment may know it. */
#include "overlays/vars.h"

#include <stdlib.h>

#include "overlays/field_path.h"
#include "render/base/encode.h"
#include "render/base/map.h"
#include "render/base/number.h"
#include "render/doc/origin.h"
#include "render/doc/scalar.h"

/* Declaring. */

/* The version that a var's `objref` says in either of two ways. */
static struct gvk object_gvk(const struct node *object)
{
    struct gvk gvk = { .group = node_get_str(object, KEY(GROUP)),
                       .version = node_get_str(object, KEY(VERSION)),
                       .kind = node_get_str(object, KEY_KIND) };
    str api_version = node_get_str(object, KEY_API_VERSION);
    str group, version;
    if (api_version.len == 0)
        return gvk;
    if (!str_cut(api_version, '/', &group, &version))
        gvk.version = api_version;
    else if (!str_has_char(version, '/')) {
        gvk.group = group;
        gvk.version = version;
    }
    return gvk;
}

struct search {
    struct identity wanted;
    struct found found;
};

static bool is_called(const struct search *s, str kind, str name, str namespace_)
{
    str wanted = s->wanted.namespace_;
    return str_eq(kind, s->wanted.gvk.kind) && str_eq(name, s->wanted.name)
           && (wanted.len == 0 || str_eq(wanted, namespace_));
}

static void consider(void *who, struct resource *r)
{
    struct search *s = who;
    struct identity id = resource_id(r);
    bool yes = is_called(s, id.gvk.kind, id.name, resource_namespace(r));
    for (uint32_t i = 0; !yes && i < r->past_len; i++)
        yes = is_called(s, r->past[i].kind, r->past[i].name, r->past[i].namespace_);
    if (!yes || !str_eq(id.gvk.group, s->wanted.gvk.group)
        || !str_eq(id.gvk.version, s->wanted.gvk.version))
        return;
    s->found.count++;
    s->found.second = s->found.first;
    s->found.first = r;
}

static bool declare(struct context *cx, struct overlay *o, const struct node *var)
{
    const struct node *object = node_get(var, KEY(OBJECT_REF));
    struct search s = { .wanted = { .gvk = object_gvk(object),
                                    .name = node_get_str(object, KEY_NAME),
                                    .namespace_ = node_get_str(object, KEY_NAMESPACE) } };
    str name = node_get_str(var, KEY_NAME);
    resources_named(cx, &o->sum->resources, s.wanted.gvk.kind, s.wanted.name, consider, &s);
    if (s.found.count == 1)
        strings_add(cx, &s.found.first->vars, name);
    if (s.found.count < 2)
        return true;
    report(cx, object ? object->pos : var->pos, "%u resources match the var '%.*s'", s.found.count,
           STR(name));
    note(cx, s.found.first->node->pos, "one is here");
    note(cx, s.found.second->node->pos, "another is here");
    return false;
}

static int compare(const void *a, const void *b)
{
    const struct variable *x = a, *y = b;
    int order = str_cmp(x->name, y->name);
    return order ? order : (x->node->pos.offset > y->node->pos.offset) ? 1 : -1;
}

static bool refuse_twice(struct context *cx, const struct variable *again,
                         const struct variable *first)
{
    report(cx, again->node->pos, "var '%.*s' already encountered", STR(again->name));
    note(cx, first->node->pos, "it is declared here, too");
    return false;
}

/* Both are in order. */
static bool merge(struct context *cx, struct variables *all, const struct variables *more)
{
    struct variables out = { 0 };
    uint32_t i = 0, j = 0;
    if (more->len == 0)
        return true;
    out.cap = all->len + more->len;
    out.at = NEW_ARRAY(cx->arena, struct variable, out.cap);
    while (i < all->len || j < more->len) {
        int order = i == all->len    ? 1
                    : j == more->len ? -1
                                     : str_cmp(all->at[i].name, more->at[j].name);
        if (order == 0)
            return refuse_twice(cx, &more->at[j], &all->at[i]);
        out.at[out.len++] = order < 0 ? all->at[i++] : more->at[j++];
    }
    *all = out;
    return true;
}

bool vars_declare(struct context *cx, struct overlay *o)
{
    const struct node *list = node_get(o->file, KEY(VARS));
    struct variables more = { 0 };
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        const struct node *var = list->items[i];
        if (!declare(cx, o, var))
            return false;
        ARENA_PUSH(cx->arena, more.at, more.len, more.cap);
        more.at[more.len++] = (struct variable){ node_get_str(var, KEY_NAME), var };
    }
    if (more.len)
        qsort(more.at, more.len, sizeof *more.at, compare);
    for (uint32_t i = 1; i < more.len; i++) {
        if (str_eq(more.at[i].name, more.at[i - 1].name))
            return refuse_twice(cx, &more.at[i], &more.at[i - 1]);
    }
    return merge(cx, &o->sum->vars, &more);
}

bool vars_merge(struct context *cx, struct accumulator *sum, const struct accumulator *base)
{
    return merge(cx, &sum->vars, &base->vars);
}

/* Values. */

struct value {
    const struct variable *var;
    struct node *whole; /* NULL for a map or list, which no text can hold */
    str inside;         /* of a longer text */
    const struct step *step;
    bool used;
};

struct resolver {
    struct context *cx;
    struct map values;       /* by name */
    const struct step *step; /* of the value put in last */
};

/* "ports[0]" is two parts. */
static struct field_path path_of(struct context *cx, const struct node *var)
{
    const struct node *field = node_get(node_get(var, KEY(FIELD_REF)), KEY(FIELD_PATH));
    bool said = field && field->text.len;
    struct field_path p = field_path_dotted(cx, said ? field->text : S("metadata.name"),
                                            said ? field->pos : var->pos);
    str *parts = NEW_ARRAY(cx->arena, str, (size_t)p.path.len * 2);
    uint32_t n = 0;
    for (uint32_t i = 0; i < p.path.len; i++) {
        str part = p.path.parts[i], name, index;
        bool split = str_ends(part, S("]")) && str_cut_last(part, '[', &name, &index);
        index = split ? str_trim_suffix(index, S("]")) : S("");
        if (index.len == 0 || str_trim_chars(index, S("0123456789")).len) {
            parts[n++] = part;
            continue;
        }
        if (name.len)
            parts[n++] = name;
        parts[n++] = index;
    }
    p.path = (struct path){ parts, n };
    return p;
}

/* Numbers come out as Go prints them; what Go can't read as the number it looks like is none. */
static bool take_number(struct context *cx, const struct node *n, struct value *v)
{
    struct buf b;
    int64_t integer;
    double real;
    buf_init(&b, cx->arena, 32);
    if (n->kind == NODE_INT) {
        if (number_int(n->text, 10, 64, &integer) != NUMBER_OK)
            return false;
        number_print_int(&b, integer, 10);
        v->inside = buf_take(&b);
        v->whole = node_plain(cx, v->inside);
        return true;
    }
    if (number_float(n->text, 64, &real) != NUMBER_OK)
        return false;
    number_print_float(&b, real, 'g', -1, 64);
    v->inside = buf_take(&b);
    buf_init(&b, cx->arena, 32);
    number_print_float(&b, real, 'f', -1, 64);
    v->whole = node_string(cx, buf_take(&b));
    v->whole->kind = NODE_FLOAT;
    return true;
}

static bool take_value(struct context *cx, const struct node *n, struct value *v)
{
    if (!node_is_scalar(n))
        return true;
    if (n->kind == NODE_INT || n->kind == NODE_FLOAT)
        return take_number(cx, n, v);
    v->inside = n->kind == NODE_BOOL ? scalar_true(n->text) ? S("true") : S("false") : n->text;
    v->whole = n->kind == NODE_BOOL ? node_plain(cx, v->inside) : node_string(cx, v->inside);
    return true;
}

static bool find_value(struct context *cx, const struct variable *var, struct resource *r,
                       struct value *v)
{
    struct field_path path = path_of(cx, var->node);
    struct missed missed;
    struct node *n;
    *v = (struct value){ .var = var };
    if (!field_path_get(cx, &path, r->node, false, &n, &missed))
        return false;
    if (!n) {
        report(cx, path.pos, "field '%.*s' of the var '%.*s' is not found in its resource",
               STR(path.text), STR(var->name));
        note(cx, r->node->pos, "the resource is here: '%.*s'", STR(resource_print(cx, r)));
        missed_hint(cx, &missed);
        return false;
    }
    struct step *step = step_new(cx, KEY(VARS)->text, var->node->pos);
    step->source = arena_copy(cx->arena, n, sizeof *n);
    v->step = step;
    if (take_value(cx, n, v))
        return true;
    report(cx, path.pos, "the var '%.*s' finds '%.*s', which is no decimal number", STR(var->name),
           STR(n->text));
    note(cx, n->pos, "it stands here");
    return false;
}

static bool refuse_unknown(struct context *cx, const struct resources *all,
                           const struct variable *var)
{
    const struct node *object = node_get(var->node, KEY(OBJECT_REF));
    struct identity id = { .gvk = object_gvk(object),
                           .name = node_get_str(object, KEY_NAME),
                           .namespace_ = node_get_str(object, KEY_NAMESPACE) };
    report(cx, object ? object->pos : var->node->pos,
           "var '%.*s' cannot be mapped to a field in the set of known resources: there is no "
           "'%.*s'",
           STR(var->name), STR(identity_print(cx->arena, id)));
    resources_hint(cx, all, id.gvk.kind, id.name);
    return false;
}

static bool find_values(struct resolver *v, struct accumulator *sum)
{
    const struct resources *all = &sum->resources;
    struct map owners = { .arena = v->cx->arena };
    for (uint32_t i = 0; i < all->len; i++) {
        const struct strings *names = &all->at[i]->vars;
        for (uint32_t j = 0; j < names->len; j++) {
            struct map_entry *e = map_entry(&owners, names->at[j]);
            e->value = e->value ? e->value : all->at[i];
        }
    }
    for (uint32_t i = 0; i < sum->vars.len; i++) {
        const struct variable *var = &sum->vars.at[i];
        struct resource *owner = map_get(&owners, var->name);
        struct value *value = NEW(v->cx->arena, struct value);
        if (!owner)
            return refuse_unknown(v->cx, all, var);
        if (!find_value(v->cx, var, owner, value))
            return false;
        map_put(&v->values, var->name, value);
    }
    return true;
}

/* Putting them in. */

static struct value *use(struct resolver *v, str name)
{
    struct value *value = map_get(&v->values, name);
    if (!value || !value->whole)
        return NULL;
    value->used = true;
    v->step = value->step;
    return value;
}

/* Takes "$…" off the front of a text. */
static str take_reference(struct resolver *v, struct buf *b, str text)
{
    ptrdiff_t end = text.at[1] == '(' ? str_find_char(text, ')') : -1;
    if (end >= 0) {
        const struct value *value = use(v, str_slice(text, 2, (size_t)end));
        buf_str(b, value ? value->inside : str_slice(text, 0, (size_t)end + 1));
        return str_skip(text, (size_t)end + 1);
    }
    buf_char(b, '$');
    /* Go takes the byte behind the dollar for a character: vars.cases: "beyond ASCII" */
    if (text.at[1] != '$')
        buf_rune(b, (unsigned char)text.at[1]);
    return str_skip(text, 2);
}

static struct node *expand(struct resolver *v, str text)
{
    if (str_starts(text, S("$(")) && str_find_char(text, ')') == (ptrdiff_t)text.len - 1) {
        const struct value *value = use(v, str_slice(text, 2, text.len - 1));
        return value ? node_copy(v->cx, value->whole) : node_string(v->cx, text);
    }
    struct buf b;
    buf_init(&b, v->cx->arena, text.len + 32);
    for (;;) {
        ptrdiff_t at = str_find_char(text, '$');
        if (at < 0 || (size_t)at + 1 == text.len)
            break;
        buf_str(&b, str_slice(text, 0, (size_t)at));
        text = take_reference(v, &b, str_skip(text, (size_t)at));
    }
    buf_str(&b, text);
    if (utf8_valid(buf_view(&b)))
        return node_string(v->cx, buf_take(&b));
    struct buf encoded;
    buf_init(&encoded, v->cx->arena, b.len * 2);
    encode_base64(&encoded, BASE64_STD, buf_view(&b));
    return node_string(v->cx, buf_take(&encoded));
}

static bool is_text(const struct node *n)
{
    return n->kind == NODE_STRING && !(n->flags & NODE_TIMESTAMP);
}

static void set_text(struct resolver *v, struct node **slot)
{
    if (!str_has_char((*slot)->text, '$'))
        return;
    v->step = v->cx->step;
    struct node *n = expand(v, (*slot)->text);
    n->pos = (*slot)->pos;
    node_set_maker(v->cx, n, v->step);
    node_replace(v->cx, slot, n);
}

static bool set_value(struct context *cx, struct node **slot, void *arg)
{
    struct resolver *v = arg;
    struct node *n = *slot;
    if (is_text(n))
        set_text(v, slot);
    if (n->flags & NODE_ODD_KEYS)
        return report(cx, n->pos, "a var is looked for in a map with a key that is no string");
    for (uint32_t i = 0; n->kind == NODE_MAP && i < n->len; i++) {
        if (is_text(n->entries[i].value))
            set_text(v, &n->entries[i].value);
    }
    for (uint32_t i = 0; n->kind == NODE_LIST && i < n->len; i++) {
        if (!is_text(n->items[i]))
            return report(cx, n->items[i]->pos,
                          "where vars may stand, each item of a list is a string, not %s",
                          node_kind_name(n->items[i]));
        set_text(v, &n->items[i]);
    }
    return true;
}

static void warn_unused(struct resolver *v)
{
    const struct value *first = NULL;
    struct buf names;
    buf_init(&names, v->cx->arena, 64);
    for (uint32_t i = 0; i < v->values.len; i++) {
        const struct value *value = v->values.entries[i].value;
        if (value->used)
            continue;
        if (first)
            buf_char(&names, ',');
        else
            first = value;
        buf_str(&names, value->var->name);
    }
    if (first)
        warn(v->cx, first->var->node->pos, "well-defined vars that were never replaced: %.*s",
             STR(buf_view(&names)));
}

bool vars_resolve(struct context *cx, struct accumulator *sum)
{
    struct resolver v = { .cx = cx, .values = { .arena = cx->arena } };
    if (sum->vars.len == 0)
        return true;
    if (!find_values(&v, sum))
        return false;
    struct field_specs *specs = field_config_list(cx, sum->config, FIELDS_VAR_REFERENCE);
    for (uint32_t i = 0; i < sum->resources.len; i++) {
        struct node *document = sum->resources.at[i]->node;
        if (!field_specs_apply(cx, document, specs, NODE_NULL, set_value, &v))
            return false;
    }
    warn_unused(&v);
    return true;
}
