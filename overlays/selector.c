/* Matching resources against the five patterns and the two label expressions. */
#include "overlays/selector.h"

#include "render/base/regex.h"

/* An anchored pattern. Most are plain names, which need no machine at all. */
struct pattern {
    str literal; /* when `regex` is NULL; empty matches anything */
    struct regex *regex;
};

struct selector {
    struct pattern group, version, kind, name, namespace_;
    struct label_selector *labels;
    struct label_selector *annotations;
};

static bool is_literal(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (str_has_char(S("\\.+*?()|[]{}^$"), s.at[i]))
            return false;
    }
    return true;
}

static bool pattern_read(struct context *cx, const struct node *map, const struct key *key,
                         struct pattern *out)
{
    const struct node *n = node_get(map, key);
    str error;
    *out = (struct pattern){ 0 };
    if (!n || !node_is_scalar(n))
        return true;
    out->literal = n->text;
    if (is_literal(n->text))
        return true;
    out->regex =
        regex_compile(cx->arena, str_format(cx->arena, "^(?:%.*s)$", STR(n->text)), &error);
    return out->regex || report(cx, n->pos, "%.*s", STR(error));
}

static bool pattern_matches(struct context *cx, const struct pattern *p, str s)
{
    if (p->literal.len == 0)
        return true;
    return p->regex ? regex_matches(cx->scratch, p->regex, s) : str_eq(p->literal, s);
}

static bool labels_read(struct context *cx, const struct node *map, const struct key *key,
                        struct label_selector **out)
{
    const struct node *n = node_get(map, key);
    if (!n || !node_is_scalar(n) || n->text.len == 0)
        return true;
    *out = label_selector_read(cx, n->text, n->pos);
    return *out != NULL;
}

struct selector *selector_read(struct context *cx, const struct node *n)
{
    struct selector *s = NEW(cx->arena, struct selector);
    bool ok = pattern_read(cx, n, KEY(GROUP), &s->group)
              && pattern_read(cx, n, KEY(VERSION), &s->version)
              && pattern_read(cx, n, KEY_KIND, &s->kind) && pattern_read(cx, n, KEY_NAME, &s->name)
              && pattern_read(cx, n, KEY_NAMESPACE, &s->namespace_)
              && labels_read(cx, n, KEY(LABEL_SELECTOR), &s->labels)
              && labels_read(cx, n, KEY(ANNOTATION_SELECTOR), &s->annotations);
    return ok ? s : NULL;
}

bool selector_matches(struct context *cx, const struct selector *s, struct resource *r)
{
    if (!limit_count(cx, LIMIT_STEPS, 1, r->node->pos))
        return false;
    struct identity id = resource_id(r);
    if (!pattern_matches(cx, &s->kind, id.gvk.kind) || !pattern_matches(cx, &s->group, id.gvk.group)
        || !pattern_matches(cx, &s->version, id.gvk.version))
        return false;
    struct identity first = resource_original(r);
    if (!pattern_matches(cx, &s->name, first.name) && !pattern_matches(cx, &s->name, id.name))
        return false;
    if (!pattern_matches(cx, &s->namespace_, first.namespace_)
        && !pattern_matches(cx, &s->namespace_, resource_namespace(r)))
        return false;
    const struct node *metadata = node_get(r->node, KEY_METADATA);
    return (!s->labels || label_selector_matches(s->labels, node_get(metadata, KEY_LABELS)))
           && (!s->annotations
               || label_selector_matches(s->annotations, node_get(metadata, KEY_ANNOTATIONS)));
}
