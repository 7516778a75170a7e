/* The two syntaxes of ApplicationSets.
 *
 * Without `goTemplate` a name in double braces is replaced by the text of that parameter, spaces
 * around it aside; a name that is not known, or whose value is no text, stays as it is. With it
 * every text is a template of Go's with Sprig's functions and a few of Argo CD's own, and a
 * missing key prints "<no value>" unless `goTemplateOptions` says else. */
#include "promote/fill.h"

#include "overlays/kustomization.h"
#include "render/base/buf.h"
#include "render/doc/scalar.h"
#include "render/template/print.h"
#include "render/template/template.h"

/* Functions. */

str fill_normalize(struct arena *a, str name)
{
    enum { MOST = 253 };
    struct buf b;
    buf_init(&b, a, name.len);
    for (size_t i = 0; i < name.len;) {
        uint32_t c = utf8_next(name, &i);
        if (c >= 'A' && c <= 'Z')
            c |= 32;
        bool fits = c == '-' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
        buf_char(&b, fits ? (char)c : '-');
    }
    return str_trim_chars(str_slice(buf_take(&b), 0, MOST), S("-."));
}

static struct value normalize(struct call *c)
{
    return value_string(fill_normalize(c->arena, value_str(c->args[0])));
}

/* Dots become hyphens, and of several hyphens in a row one stays. */
static str hyphenate(struct arena *a, str name)
{
    struct buf b;
    buf_init(&b, a, name.len);
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i] == '.' ? '-' : name.at[i];
        if (c != '-' || !b.len || b.at[b.len - 1] != '-')
            buf_char(&b, c);
    }
    return str_trim_chars(buf_take(&b), S("-"));
}

/* Between words, where there is a place for that. */
static str shorten(str name, size_t most, bool at_words)
{
    if (name.len <= most)
        return name;
    for (size_t i = most + 1; at_words && i--;) {
        if (name.at[i] == '-')
            return str_slice(name, 0, i);
    }
    return str_slice(name, 0, most);
}

/* `slugify [most] [at words] name`. */
static struct value slugify(struct call *c)
{
    struct value name = c->args[c->count - 1];
    size_t most = 50;
    bool at_words = true;
    if (name.kind != VALUE_STRING || (c->count > 1 && !value_is_int(c->args[0]))
        || (c->count > 2 && c->args[1].kind != VALUE_BOOL))
        return call_fail(c, "slugify takes a length, true or false, and a name");
    if (c->count > 1)
        most = c->args[0].i > 0 ? (size_t)c->args[0].i : SIZE_MAX;
    if (c->count > 2)
        at_words = c->args[1].b;
    str normal = fill_normalize(c->arena, value_str(name));
    return value_string(shorten(hyphenate(c->arena, normal), most, at_words));
}

static const struct func *helm_row(const char *name)
{
    const struct func *f = helm_funcs;
    while (f->name && strcmp(f->name, name) != 0)
        f++;
    return f;
}

/* A value that YAML cannot hold is an error here, and "" in a chart. */
static const struct func *own_functions(struct context *cx)
{
    const struct func rows[] = {
        { "normalize", "s", normalize },
        { "slugify", "..*", slugify },
        { "toYaml", ".", helm_row("mustToYaml")->fn },
        { "fromYaml", "s", helm_row("fromYaml")->fn },
        { "fromYamlArray", "s", helm_row("fromYamlArray")->fn },
        { 0 },
    };
    struct func *kept = NEW_ARRAY(cx->arena, struct func, countof(rows));
    memcpy(kept, rows, sizeof rows);
    return kept;
}

/* Options. */

static bool read_option(struct context *cx, const struct node *n, bool *missing_fails)
{
    static const str known[] = { S("missingkey=default"), S("missingkey=invalid"),
                                 S("missingkey=zero"), S("missingkey=error") };
    for (size_t i = 0; node_is_scalar(n) && i < countof(known); i++) {
        if (str_eq(n->text, known[i])) {
            *missing_fails = i == 3;
            return true;
        }
    }
    str said = node_is_scalar(n) ? n->text : S("");
    return report(cx, n->pos, "Go's templates have no option '%.*s'", STR(said));
}

bool fill_begin(struct context *cx, const struct node *spec, struct fill *out)
{
    const struct node *go = node_get_text(cx, spec, S("goTemplate"));
    const struct node *options = node_get_text(cx, spec, S("goTemplateOptions"));
    struct template_options how = { .bare = true };
    *out = (struct fill){ .go = node_is(go, NODE_BOOL) && scalar_true(go->text) };
    for (uint32_t i = 0; node_is(options, NODE_LIST) && i < options->len; i++) {
        if (!read_option(cx, options->items[i], &how.missing_key_fails))
            return false;
    }
    if (!out->go)
        return true;
    how.more = own_functions(cx);
    out->set = template_set_new(cx, how);
    how.missing_key_fails = true;
    out->strictly = template_set_new(cx, how);
    return true;
}

/* Texts. */

/* A mistake in it is shown where it stands. */
static struct text *template_text(struct context *cx, const struct node *n)
{
    struct text *text = text_of_scalar(cx, n), *file = text_of(cx, n->pos);
    if (!file || n->style == STYLE_LITERAL || n->style == STYLE_FOLDED)
        return text;
    text->cut_from = n->pos;
    text->cut_from.offset += n->style != STYLE_PLAIN;
    return text;
}

static bool fill_go(struct context *cx, const struct fill *f, const struct node *text,
                    struct params *p, str *out)
{
    struct rendered r;
    if (p->root.kind == VALUE_NIL)
        p->root = value_from_node(cx, p->node);
    if (!template_add(f->set, text->text, template_text(cx, text))
        || !template_execute(f->set, text->text, p->root, &r))
        return false;
    *out = str_dup(cx->arena, r.bytes);
    return true;
}

/* Does one line hold both pairs of braces? */
static bool has_names(str s)
{
    str rest = s, line;
    while (str_next_line(&rest, &line)) {
        ptrdiff_t open = str_find(line, S("{{"));
        if (open >= 0 && str_has(str_skip(line, (size_t)open + 2), S("}}")))
            return true;
    }
    return false;
}

static bool fill_names(struct context *cx, const struct node *text, const struct params *p,
                       str *out)
{
    struct buf b;
    str rest = text->text;
    buf_init(&b, cx->arena, rest.len + 64);
    for (;;) {
        ptrdiff_t open = str_find(rest, S("{{"));
        if (open < 0)
            break;
        buf_str(&b, str_slice(rest, 0, (size_t)open));
        rest = str_skip(rest, (size_t)open + 2);
        ptrdiff_t close = str_find(rest, S("}}"));
        if (close < 0)
            return report(cx, text->pos, "'{{' has no '}}'");
        str name = str_slice(rest, 0, (size_t)close);
        const struct node *value = node_get_text(cx, p->node, str_trim(name));
        if (node_is(value, NODE_STRING))
            buf_str(&b, value->text);
        else
            buf_format(&b, "{{%.*s}}", STR(name));
        rest = str_skip(rest, (size_t)close + 2);
    }
    buf_str(&b, rest);
    *out = buf_take(&b);
    return true;
}

bool fill_text(struct context *cx, const struct fill *f, const struct node *text, struct params *p,
               str *out)
{
    *out = text->text;
    if (f->go)
        return !str_has(text->text, S("{{")) || fill_go(cx, f, text, p, out);
    return !has_names(text->text) || fill_names(cx, text, p, out);
}

/* Trees. */

static struct node *fill_scalar(struct context *cx, const struct fill *f, const struct node *n,
                                struct params *p)
{
    str text;
    if (n->kind != NODE_STRING)
        return node_copy(cx, n);
    if (!fill_text(cx, f, n, p, &text))
        return NULL;
    if (str_eq(text, n->text))
        return node_copy(cx, n);
    struct node *made = node_string(cx, text);
    made->pos = n->pos;
    made->style = n->style;
    node_set_was(cx, made, (struct node *)n);
    return made;
}

static bool fill_key(struct context *cx, const struct fill *f, const struct entry *e,
                     struct params *p, const struct key **out)
{
    const struct node key = { .kind = NODE_STRING, .text = e->key->text, .pos = e->pos };
    str text;
    if (!fill_text(cx, f, &key, p, &text))
        return false;
    *out = intern(cx->keys, text);
    return true;
}

struct node *fill_tree(struct context *cx, const struct fill *f, const struct node *n,
                       struct params *p)
{
    struct node *made, *item;
    if (node_is_scalar(n))
        return fill_scalar(cx, f, n, p);
    made = n->kind == NODE_MAP ? node_map(cx) : node_list(cx);
    made->pos = n->pos;
    made->flags = n->flags;
    for (uint32_t i = 0; i < n->len; i++) {
        const struct key *key;
        item = fill_tree(cx, f, n->kind == NODE_MAP ? n->entries[i].value : n->items[i], p);
        if (!item)
            return NULL;
        if (n->kind == NODE_LIST)
            node_push(cx, made, item);
        else if (!fill_key(cx, f, &n->entries[i], p, &key))
            return NULL;
        else
            node_set(cx, made, key, item);
    }
    return made;
}

str fill_print(struct context *cx, const struct node *scalar)
{
    if (scalar->kind == NODE_STRING)
        return scalar->text;
    struct buf b;
    buf_init(&b, cx->arena, 32);
    print_value(&b, value_from_node(cx, scalar));
    return buf_take(&b);
}
