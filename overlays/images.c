/* images: names, tags and digests of containers.
 *
 * An image is found in any list called containers or initContainers, at any depth, and at
 * the field specs; never in a CustomResourceDefinition. A name is a regular expression that
 * must match all of the image before its tag. Each document is searched once, whatever the
 * number of entries. */
#include "overlays/steps.h"

#include "render/base/regex.h"
#include "render/doc/origin.h"

struct image_entry {
    str name;
    str new_name;
    str new_tag;
    str tag_suffix;
    str digest;
    struct pos pos;
    bool used;
    const struct step *step; /* at the line that decides: the digest, else the tag, else the name */
    struct regex *regex;     /* NULL when the name has no special character but the dot */
};

/* A place that holds an image, and the ways by which it was found. */
struct image_slot {
    struct node **slot;
    uint32_t times;
};

struct search {
    struct image_slot *at;
    uint32_t len;
    uint32_t cap;
};

static void add_slot(struct context *cx, struct search *s, struct node **slot)
{
    for (uint32_t i = 0; i < s->len; i++) {
        if (s->at[i].slot == slot) {
            s->at[i].times++;
            return;
        }
    }
    ARENA_PUSH(cx->scratch, s->at, s->len, s->cap);
    s->at[s->len++] = (struct image_slot){ slot, 1 };
}

static void search_containers(struct context *cx, struct search *s, struct node *list)
{
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        struct entry *e = node_entry(list->items[i], KEY(IMAGE));
        if (e && e->value->kind != NODE_NULL)
            add_slot(cx, s, &e->value);
    }
}

static void search_tree(struct context *cx, struct search *s, struct node *n)
{
    for (uint32_t i = 0; n->kind == NODE_LIST && i < n->len; i++)
        search_tree(cx, s, n->items[i]);
    for (uint32_t i = 0; n->kind == NODE_MAP && i < n->len; i++) {
        struct entry *e = &n->entries[i];
        if (node_is_scalar(e->value))
            continue;
        search_tree(cx, s, e->value);
        if (e->key == KEY(CONTAINERS) || e->key == KEY(INIT_CONTAINERS))
            search_containers(cx, s, e->value);
    }
}

static bool found_by_spec(struct context *cx, struct node **slot, void *arg)
{
    add_slot(cx, arg, slot);
    return true;
}

static bool is_tag_char(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
           || str_has_char(S("_.{}-"), c);
}

static size_t skip_tag(str s, size_t i)
{
    while (i < s.len && is_tag_char(s.at[i]))
        i++;
    return i;
}

/* What may follow a name: (:tag)?(@sha256:digest)? */
static bool is_tail(str s)
{
    size_t i = 0;
    if (i < s.len && s.at[i] == ':')
        i = skip_tag(s, i + 1);
    str rest = str_skip(s, i);
    if (!str_starts(rest, S("@sha256:")))
        return rest.len == 0;
    return skip_tag(rest, 8) == rest.len;
}

/* Does the image begin with the name, and does no more of a name follow? Names differ at their ends. */
static inline bool may_match(str name, str image)
{
    if (image.len < name.len
        || (image.len > name.len && image.at[name.len] != ':' && image.at[name.len] != '@'))
        return false;
    for (size_t i = name.len; i-- > 0;) {
        if (name.at[i] != image.at[i] && name.at[i] != '.')
            return false;
    }
    return true;
}

static bool entry_matches(struct context *cx, const struct image_entry *e, str image)
{
    if (e->regex)
        return regex_matches(cx->scratch, e->regex, image);
    return may_match(e->name, image) && is_tail(str_skip(image, e->name.len));
}

struct image_parts {
    str name, tag, digest;
};

/* A colon in front of the first slash belongs to a registry's port. */
static struct image_parts split_image(str image)
{
    struct image_parts parts = { image, S(""), S("") };
    ptrdiff_t slash = str_find_char(image, '/');
    size_t from = slash > 0 ? (size_t)slash : 0;
    str path = str_skip(image, from);
    ptrdiff_t at = str_find_char(path, '@');
    ptrdiff_t colon = str_find_char(path, ':');
    if (at >= 0) {
        parts.digest = str_skip(path, (size_t)at + 1);
        parts.name = str_slice(image, 0, from + (size_t)at);
    }
    if (colon >= 0 && (at < 0 || colon < at)) {
        parts.tag = str_slice(path, (size_t)colon + 1, at < 0 ? path.len : (size_t)at);
        parts.name = str_slice(image, 0, from + (size_t)colon);
    }
    return parts;
}

static str changed_image(struct context *cx, const struct image_entry *e, str image)
{
    struct image_parts parts = split_image(image);
    struct buf b;
    if (e->new_name.len)
        parts.name = e->new_name;
    if (e->new_tag.len || e->digest.len) {
        parts.tag = e->new_tag;
        parts.digest = e->digest;
    } else if (e->tag_suffix.len) {
        parts.tag = str_concat(cx->arena, parts.tag, e->tag_suffix);
        parts.digest = S("");
    }
    buf_init(&b, cx->arena, image.len + 80);
    buf_str(&b, parts.name);
    if (parts.tag.len)
        buf_format(&b, ":%.*s", STR(parts.tag));
    if (parts.digest.len)
        buf_format(&b, "@%.*s", STR(parts.digest));
    return buf_take(&b);
}

static bool change(struct context *cx, struct node **slot, struct image_entry *e)
{
    if (!node_is_scalar(*slot))
        return report(cx, (*slot)->pos, "an image is a scalar, not %s", node_kind_name(*slot));
    if (!entry_matches(cx, e, (*slot)->text))
        return true;
    e->used = true;
    const struct step *before = step_switch(cx, e->step);
    bool ok = field_set_plain(cx, slot, changed_image(cx, e, (*slot)->text));
    step_switch(cx, before);
    return ok;
}

struct image_entries {
    struct image_entry *at;
    str *names; /* of the entries, empty where a regular expression decides: looked through fast */
    uint32_t len;
};

static bool apply_to(struct context *cx, struct node *document, const struct image_entries *all,
                     struct field_specs *specs)
{
    struct search s = { 0 };
    if (str_eq(node_get_str(document, KEY_KIND), S("CustomResourceDefinition")))
        return true;
    search_tree(cx, &s, document);
    if (!field_specs_apply(cx, document, specs, NODE_NULL, found_by_spec, &s))
        return false;
    for (uint32_t i = 0; i < s.len; i++) {
        if (!limit_count(cx, LIMIT_STEPS, all->len, document->pos))
            return false;
        for (uint32_t j = 0; j < all->len; j++) {
            const struct node *image = *s.at[i].slot;
            if (all->names[j].len && node_is_scalar(image)
                && !may_match(all->names[j], image->text))
                continue;
            /* kustomize changes an image once for each way to find it: a suffix is added twice. */
            for (uint32_t k = 0; k < s.at[i].times; k++) {
                if (!change(cx, s.at[i].slot, &all->at[j]))
                    return false;
            }
        }
    }
    return true;
}

/* Strictly, an entry that changes nothing is a mistake. */
static bool check_used(struct context *cx, const struct image_entries *all)
{
    bool ok = true;
    for (uint32_t i = 0; cx->switches.strict && i < all->len; i++) {
        if (!all->at[i].used)
            ok = report(cx, all->at[i].pos, "no container runs the image '%.*s'",
                        STR(all->at[i].name));
    }
    return ok;
}

static bool apply(struct context *cx, struct overlay *o, const struct image_entries *all,
                  struct field_specs *specs)
{
    struct resources *resources = &o->sum->resources;
    for (uint32_t i = 0; i < resources->len; i++) {
        struct mark before = arena_mark(cx->scratch);
        bool ok = apply_to(cx, resources->at[i]->node, all, specs);
        arena_rewind(cx->scratch, before);
        if (!ok)
            return false;
    }
    return check_used(cx, all);
}

static const struct step *step_of(struct context *cx, const struct node *entry)
{
    const struct key *fields[] = { KEY(DIGEST), KEY(NEW_TAG), KEY(TAG_SUFFIX), KEY(NEW_NAME) };
    struct pos pos = entry ? entry->pos : NOWHERE;
    for (size_t i = countof(fields); i-- > 0;) {
        const struct node *n = node_get(entry, fields[i]);
        if (n && n->kind != NODE_NULL)
            pos = n->pos;
    }
    return step_new(cx, cx->step ? cx->step->name : S("images"), pos);
}

static struct image_entry read_entry(struct context *cx, const struct node *n)
{
    struct image_entry e = {
        .pos = n ? n->pos : NOWHERE,
        .name = node_get_str(n, KEY_NAME),
        .new_name = node_get_str(n, KEY(NEW_NAME)),
        .new_tag = node_get_str(n, KEY(NEW_TAG)),
        .tag_suffix = node_get_str(n, KEY(TAG_SUFFIX)),
        .digest = node_get_str(n, KEY(DIGEST)),
        .step = step_of(cx, n),
    };
    if (str_trim_chars(e.name, S("\\+*?()|[]{}^$")).len == e.name.len && !str_has(e.name, S("*"))
        && !str_has(e.name, S("(")) && !str_has(e.name, S("[")) && !str_has(e.name, S("+"))
        && !str_has(e.name, S("|")) && !str_has(e.name, S("\\")))
        return e;
    str error;
    str pattern = str_format(cx->arena, "^%.*s(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$",
                             STR(e.name));
    e.regex = regex_compile(cx->arena, pattern, &error);
    if (e.regex)
        regex_watch(e.regex, cx);
    return e;
}

static void add_entry(struct image_entries *all, struct image_entry e)
{
    all->names[all->len] = e.regex ? S("") : e.name;
    all->at[all->len++] = e;
}

bool images_field(struct context *cx, struct overlay *o, const struct node *config)
{
    struct image_entries all = { NEW_ARRAY(cx->arena, struct image_entry, config->len),
                                 NEW_ARRAY(cx->arena, str, config->len), 0 };
    for (uint32_t i = 0; i < config->len; i++) {
        if (config->items[i]->kind == NODE_MAP)
            add_entry(&all, read_entry(cx, config->items[i]));
    }
    return apply(cx, o, &all, field_config_list(cx, o->sum->config, FIELDS_IMAGES));
}

bool images_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    struct field_specs specs = { 0 };
    struct image_entries all = { &(struct image_entry){ 0 }, &(str){ 0 }, 0 };
    add_entry(&all, read_entry(cx, node_get(config, KEY(IMAGE_TAG))));
    return step_field_specs(cx, config, &specs) && apply(cx, o, &all, &specs);
}
