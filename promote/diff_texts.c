/* Texts: a JSON or YAML document that both hold is compared as such, else line by line.
 *
 * What only a reader of the text would see, comments and layout, is then not shown: where
 * nothing else differs, the lines are. */
#include "promote/diff_fields.h"
#include "render/doc/json_read.h"
#include "render/doc/yaml_read.h"

enum { TEXT_MOST = 512 * 1024, INSIDE_MOST = 100 };

static bool begins_json(str s)
{
    s = str_trim(s);
    return s.len && (s.at[0] == '{' || s.at[0] == '[');
}

static struct node *read_yaml(struct context *cx, struct text *text)
{
    struct documents docs = { 0 };
    struct limits limits = cx->limits;
    uint32_t errors = cx->diags.errors;
    diag_mute(cx);
    bool ok = yaml_read_all(cx, text, YAML_GO3, &docs);
    diag_unmute(cx);
    cx->diags.errors = errors;
    cx->limits = limits;
    return ok && docs.len == 1 ? docs.at[0] : NULL;
}

static struct node *read_text(struct differ *d, const struct node *n, bool json)
{
    struct text *text = text_add(d->cx, str_dup(d->cx->arena, buf_view(&d->path)), n->text);
    struct node *read = json ? json_try(d->cx, text) : read_yaml(d->cx, text);
    return read && !node_is_scalar(read) ? read : NULL;
}

/* "a: b" on a line of its own may be YAML; a script is not tried. */
static bool may_hold(str s, bool json)
{
    if (s.len > TEXT_MOST || str_starts(s, S("#!")))
        return false;
    return json ? begins_json(s) : str_has_char(s, '\n') && str_has_char(s, ':');
}

static bool all_folded(const struct diff_changes *c)
{
    for (uint32_t i = 0; i < c->len; i++) {
        if (!c->at[i].fold)
            return false;
    }
    return c->len > 0;
}

static void compare_inside(struct differ *d, const struct node *from, const struct node *to,
                           struct diff_changes *out)
{
    struct differ inner = *d;
    inner.inside = true;
    inner.options.ignore_len = 0;
    inner.out = out;
    inner.map = NULL;
    buf_init(&inner.path, d->cx->arena, 64);
    buf_init(&inner.pointer, d->cx->arena, 64);
    diff_values(&inner, from, to, (struct merge_type){ 0 });
}

static bool holds_document(struct differ *d, const struct node *from, const struct node *to,
                           bool json, struct diff_changes *out)
{
    if (d->inside || d->secret || !may_hold(from->text, json) || !may_hold(to->text, json))
        return false;
    struct node *a = read_text(d, from, json), *b = a ? read_text(d, to, json) : NULL;
    if (!b || a->kind != b->kind)
        return false;
    compare_inside(d, a, b, out);
    return out->len > 0 && out->len <= INSIDE_MOST;
}

void diff_texts(struct differ *d, const struct node *from, const struct node *to)
{
    struct diff_changes inside = { 0 };
    const char *format = NULL;
    if (holds_document(d, from, to, true, &inside))
        format = "json";
    else if (inside = (struct diff_changes){ 0 }, holds_document(d, from, to, false, &inside))
        format = "yaml";
    struct diff_change *c = diff_add(d, DIFF_CHANGED, from, to);
    c->lines = !d->secret && (str_has_char(from->text, '\n') || str_has_char(to->text, '\n'));
    c->format = format;
    if (!format)
        return;
    c->inside = inside;
    if (!c->fold && all_folded(&inside))
        c->fold = FOLD_RENAME;
}
