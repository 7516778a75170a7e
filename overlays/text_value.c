/* The first part of a path that is a scalar is the text; patterns and "*" don't lead to one. A
 * delimiter means nothing in it. What JSON can't hold changes nothing, which is said. */
#include "overlays/text_value.h"

#include "overlays/kustomization.h"
#include "render/doc/edit.h"
#include "render/doc/json_write.h"
#include "render/doc/scalar.h"
#include "render/doc/yaml_again.h"
#include "render/doc/yaml_read.h"

struct inner {
    struct context *cx;
    const struct field_path *path;
    struct node *field; /* the text */
    struct text *text;
    struct node *root;
    bool several; /* documents */
};

bool scalar_retext(struct context *cx, const struct node *n, str text, struct node **out)
{
    struct scalar_kind means = scalar_resolve(text, YAML_GO3);
    struct node *scalar = node_string(cx, text);
    scalar->style = n->style;
    scalar->pos = n->pos;
    scalar->flags = n->flags;
    scalar->kind = n->kind;
    *out = scalar;
    if (n->flags & NODE_UNTAGGED) {
        scalar->kind = text.len ? means.kind : NODE_STRING;
        scalar->flags = means.flags | NODE_UNTAGGED;
        return true;
    }
    if (n->kind == NODE_STRING && !(n->flags & NODE_TIMESTAMP))
        return true;
    return means.kind == n->kind ? (means.flags & NODE_TIMESTAMP) == (n->flags & NODE_TIMESTAMP)
                                 : means.kind == NODE_INT && n->kind == NODE_FLOAT;
}

static struct field_path part_of(struct context *cx, const struct field_path *p, uint32_t from,
                                 uint32_t to)
{
    struct field_path part = *p;
    part.path.parts += from;
    part.path.len = to - from;
    part.patterns = NEW_ARRAY(cx->arena, struct regex *, part.path.len + 1);
    return part;
}

/* Reads without a report: what is no YAML is no text to lead into. */
static bool read_text(struct inner *in)
{
    struct context *cx = in->cx;
    struct documents all = { 0 };
    uint32_t errors = cx->diags.errors;
    in->text = text_of_scalar(cx, in->field);
    diag_mute(cx);
    bool ok = yaml_read_all(cx, in->text, YAML_GO3, &all) && all.len && !node_is_scalar(all.at[0]);
    diag_unmute(cx);
    cx->diags.errors = errors;
    in->root = ok ? all.at[0] : NULL;
    in->several = all.len > 1;
    return ok;
}

/* How many parts lead to a text; 0 when none does. */
static uint32_t find_text(struct inner *in, struct node *document)
{
    struct context *cx = in->cx;
    uint32_t errors = cx->diags.errors, found = 0;
    diag_mute(cx);
    for (uint32_t i = 1; i < in->path->path.len && !found; i++) {
        struct field_path head = part_of(cx, in->path, 0, i);
        struct node *n;
        if (!field_path_get(cx, &head, document, false, &n, NULL) || !n)
            break;
        in->field = n;
        found = node_is_scalar(n) && n->kind != NODE_NULL ? i : 0;
    }
    diag_unmute(cx);
    cx->diags.errors = errors;
    return found;
}

static bool is_json(str text)
{
    text = str_trim(text);
    return text.len && str_has_char(S("{["), text.at[0]);
}

/* False, changing nothing more, for what the kind of a field can't hold in JSON. */
static bool set_all(struct inner *in, const struct matches *found, const struct node *value,
                    bool *fits)
{
    struct context *cx = in->cx;
    str text = node_is_scalar(value) ? value->text : S("");
    *fits = true;
    for (uint32_t i = 0; i < found->len; i++) {
        struct node *scalar, *field = found->at[i];
        if (!node_is_scalar(field)) {
            if (!node_may_copy(cx, value, in->path->pos))
                return false;
            node_assign(cx, field, node_take(cx, value));
            continue;
        }
        *fits = scalar_retext(cx, field, text, &scalar) && *fits;
        node_assign(cx, field, scalar);
    }
    return true;
}

static bool print_json(struct inner *in, str *printed)
{
    str was = in->field->text;
    bool pretty = str_has_char(was, '\n') && str_has(was, S("  "));
    struct buf out;
    buf_init(&out, in->cx->arena, was.len + 64);
    if (!json_write(in->cx, &out, in->root,
                    (struct json_style){ .indent = pretty ? S("  ") : S("") }))
        return false;
    *printed = str_trim(buf_view(&out));
    return true;
}

/* What can't be printed anew without a loss is changed where it stands. */
static bool edit_in_place(struct inner *in, const struct matches *found, const struct matches *was,
                          str *printed)
{
    struct edits *e = edits_begin(in->cx, in->text);
    for (uint32_t i = 0; e && i < found->len; i++) {
        if (!node_is_scalar(found->at[i]) || was->at[i]->pos.text != in->text->id)
            return report(in->cx, in->path->pos,
                          "'%.*s' leads into a text with anchors, tags, folded texts or comments "
                          "in odd places, where only a scalar that is there can be set",
                          STR(in->path->text));
        if (!edit_scalar(e, was->at[i], found->at[i]->text))
            return false;
    }
    if (!e)
        return false;
    *printed = str_trim(edits_apply(e));
    return true;
}

static bool print_yaml(struct inner *in, const struct matches *found, const struct matches *was,
                       str *printed)
{
    struct buf out;
    buf_init(&out, in->cx->arena, in->field->text.len + 64);
    if (!yaml_again(in->cx, &out, in->text, in->root))
        return edit_in_place(in, found, was, printed);
    if (in->several)
        warn(in->cx, in->field->pos, "kustomize drops the documents behind the first of this text");
    *printed = str_trim(buf_view(&out));
    return true;
}

static struct matches copies_of(struct context *cx, const struct matches *found)
{
    struct matches copies = { 0 };
    for (uint32_t i = 0; i < found->len; i++) {
        ARENA_PUSH(cx->arena, copies.at, copies.len, copies.cap);
        copies.at[copies.len++] = node_copy(cx, found->at[i]);
    }
    return copies;
}

static bool set_in(struct inner *in, uint32_t at, const struct node *value, enum node_kind make)
{
    struct context *cx = in->cx;
    struct field_path rest = part_of(cx, in->path, at, in->path->path.len);
    struct matches found, was;
    str printed;
    bool fits;
    if (!field_path_match(cx, &rest, in->root, make, &found))
        return false;
    if (found.len == 0) {
        report(cx, in->path->pos, "unable to find field '%.*s' in replacement target",
               STR(in->path->text));
        note(cx, in->field->pos, "the text is here");
        missed_hint(cx, &found.missed);
        return false;
    }
    was = copies_of(cx, &found);
    if (!set_all(in, &found, value, &fits))
        return false;
    bool json = is_json(in->field->text);
    if (json && !fits) {
        warn(cx, in->path->pos, "'%.*s' is left as it is: the value there is %s, and stays one",
             STR(in->path->text), node_kind_name(was.at[0]));
        return true;
    }
    if (json ? !print_json(in, &printed) : !print_yaml(in, &found, &was, &printed))
        return false;
    struct node *text = node_string(cx, printed);
    text->style = in->field->style;
    text->pos = in->field->pos;
    node_assign(cx, in->field, text);
    return true;
}

bool text_value_set(struct context *cx, struct node *document, const struct field_path *path,
                    const struct node *value, enum node_kind make, bool *into)
{
    struct inner in = { .cx = cx, .path = path };
    uint32_t at = find_text(&in, document);
    *into = at && read_text(&in);
    return !*into || set_in(&in, at, value, make);
}
