/* `edit fix --vars`: vars turned into replacements.
 *
 * Each place that mentions $(NAME) becomes a target of NAME's replacement, and the mention
 * becomes NAME_PLACEHOLDER, in the resources and patches that the kustomization names and in
 * those of the folders it names. As in kustomize, the paths in a folder's own kustomization are
 * looked up from the working directory when they are folders again. */
#include "overlays/edit_file.h"
#include "overlays/kustomization.h"
#include "render/doc/yaml_read.h"

/* A file that may mention a var, and the patch that it belongs to. */
struct mention {
    str path;
    const struct node *patch;
    struct text *text; /* NULL: nothing to read */
};

struct search {
    struct edit_file *f;
    const struct folder *inside;
    struct mention *at;
    uint32_t len;
    uint32_t cap;
    str mark; /* "$(NAME)" */
    struct node *targets;
    /* Of the document that is searched. */
    const struct mention *file;
    const struct node *document;
};

static str text_at(struct context *cx, const struct node *map, str field)
{
    const struct node *value = node_get_text(cx, map, field);
    return value && node_is_scalar(value) && value->kind != NODE_NULL ? value->text : S("");
}

/* Files. */

static void add_file(struct search *s, str path, const struct node *patch)
{
    struct context *cx = s->f->cx;
    struct diags before = cx->diags;
    bool plain = path.len && folder_kind(cx, s->inside, path) == FILE_PLAIN;
    struct text *text = plain ? source_read(cx, s->inside->source, path, NOWHERE) : NULL;
    diag_take_back(cx, before);
    ARENA_PUSH(cx->arena, s->at, s->len, s->cap);
    s->at[s->len++] = (struct mention){ path, patch, text };
}

static bool add_files(struct search *s, const struct node *file, str folder);

static bool add_folder(struct search *s, str folder)
{
    struct context *cx = s->f->cx;
    for (size_t i = 0; i < countof(kustomization_names); i++) {
        str path = source_join(cx->arena, folder, kustomization_names[i]);
        if (folder_kind(cx, s->inside, path) != FILE_PLAIN)
            continue;
        struct text *text = source_read(cx, s->inside->source, path, NOWHERE);
        struct node *file = text ? yaml_read(cx, text, YAML_GO2) : NULL;
        if (!file || !add_files(s, file, folder))
            return false;
    }
    return true;
}

static bool add_files(struct search *s, const struct node *file, str folder)
{
    struct context *cx = s->f->cx;
    const struct node *resources = node_get_text(cx, file, S("resources"));
    const struct node *patches = node_get_text(cx, file, S("patches"));
    if (!limit_enter(cx, LIMIT_DEPTH, file->pos))
        return false;
    bool ok = true;
    for (uint32_t i = 0; ok && node_is(resources, NODE_LIST) && i < resources->len; i++) {
        str path = node_is(resources->items[i], NODE_STRING) ? resources->items[i]->text : S("");
        if (path.len && folder_kind(cx, s->inside, path) == FILE_FOLDER)
            ok = add_folder(s, path);
        add_file(s, source_join(cx->arena, folder, path), NULL);
    }
    for (uint32_t i = 0; node_is(patches, NODE_LIST) && i < patches->len; i++) {
        str path = text_at(cx, patches->items[i], S("path"));
        if (path.len)
            add_file(s, source_join(cx->arena, folder, path), patches->items[i]);
    }
    limit_leave(cx, LIMIT_DEPTH);
    return ok;
}

/* Targets. */

static void put_version(struct edit_file *f, struct node *id, str api_version)
{
    str group, version;
    if (!str_cut(api_version, '/', &group, &version)) {
        version = api_version;
        group = S("");
    }
    edit_put(f, id, S("group"), group);
    edit_put(f, id, S("version"), version);
}

static bool allows(struct context *cx, const struct node *patch, str what)
{
    const struct node *options = node_get_text(cx, patch, S("options"));
    return str_eq(text_at(cx, options, what), S("true"));
}

/* A patch's places are in what it patches. */
static struct node *select_patched(struct search *s)
{
    struct edit_file *f = s->f;
    const struct node *target = node_get_text(f->cx, s->file->patch, S("target"));
    const struct node *metadata = node_get(s->document, KEY_METADATA);
    struct node *select = node_is(target, NODE_MAP) ? node_take(f->cx, target) : node_map(f->cx);
    if (allows(f->cx, s->file->patch, S("allowNameChange")))
        edit_put(f, select, S("name"), text_at(f->cx, metadata, S("name")));
    if (allows(f->cx, s->file->patch, S("allowKindChange")))
        edit_put(f, select, S("kind"), text_at(f->cx, s->document, S("kind")));
    str namespace_ = text_at(f->cx, metadata, S("namespace"));
    if (namespace_.len)
        edit_put(f, select, S("namespace"), namespace_);
    return select;
}

static struct node *select_document(struct search *s)
{
    struct edit_file *f = s->f;
    const struct node *metadata = node_get(s->document, KEY_METADATA);
    struct node *select = node_map(f->cx);
    put_version(f, select, text_at(f->cx, s->document, S("apiVersion")));
    edit_put(f, select, S("kind"), text_at(f->cx, s->document, S("kind")));
    edit_put(f, select, S("name"), text_at(f->cx, metadata, S("name")));
    edit_put(f, select, S("namespace"), text_at(f->cx, metadata, S("namespace")));
    return select;
}

static struct node *select_for(struct search *s)
{
    struct context *cx = s->f->cx;
    const struct node *patch = s->file->patch;
    bool moves =
        patch && allows(cx, patch, S("allowNameChange")) && allows(cx, patch, S("allowKindChange"));
    return patch && !moves ? select_patched(s) : select_document(s);
}

/* How many parts stand before the mark, when the value is split at the delimiter. */
static int64_t parts_before(str before, char delimiter)
{
    int64_t n = 0;
    for (size_t i = 0; i < before.len; i++)
        n += before.at[i] == delimiter;
    return n;
}

/* A mark that is not the whole value stands between delimiters; NULL options for a whole one. */
static bool find_options(struct search *s, const struct node *value, struct node **options)
{
    struct edit_file *f = s->f;
    size_t at = (size_t)str_find(value->text, s->mark);
    size_t end = at + s->mark.len;
    *options = NULL;
    if (s->mark.len == value->text.len)
        return true;
    bool first = at == 0, last = end == value->text.len;
    char delimiter = value->text.at[first ? end : at - 1];
    if (!first && !last && value->text.at[end] != delimiter)
        return report(f->cx, value->pos,
                      "cannot convert all vars to replacements; %.*s is not delimited",
                      STR(s->mark));
    str before =
        last && !first ? str_slice(value->text, 0, value->text.len) : str_slice(value->text, 0, at);
    int64_t index = first ? 0 : parts_before(before, delimiter);
    *options = node_map(f->cx);
    edit_put(f, *options, S("delimiter"),
             str_slice(value->text, first ? end : at - 1, first ? end + 1 : at));
    if (index)
        node_set(f->cx, *options, KEY(INDEX), node_int(f->cx, index));
    return true;
}

static bool add_target(struct search *s, const struct node *value, str path)
{
    struct edit_file *f = s->f;
    struct node *options;
    if (!find_options(s, value, &options))
        return false;
    struct node *target = node_map(f->cx);
    node_set(f->cx, target, intern(f->cx->keys, S("select")), select_for(s));
    node_push(f->cx, edit_list_of(f, target, S("fieldPaths")), node_string(f->cx, path));
    if (options)
        node_set(f->cx, target, KEY(OPTIONS), options);
    node_push(f->cx, s->targets, target);
    return true;
}

static str below(struct arena *a, str path, str part)
{
    return path.len ? str_format(a, "%.*s.%.*s", STR(path), STR(part)) : part;
}

static bool find_marks(struct search *s, const struct node *n, str path)
{
    struct arena *a = s->f->cx->arena;
    if (node_is_scalar(n))
        return !str_has(n->text, s->mark) || add_target(s, n, path);
    for (uint32_t i = 0; i < n->len; i++) {
        bool map = n->kind == NODE_MAP;
        str part = map ? str_trim(n->entries[i].key->text) : str_format(a, "%u", i);
        if (map && str_has_char(part, '.'))
            part = str_format(a, "[%.*s]", STR(part));
        if (!find_marks(s, map ? n->entries[i].value : n->items[i], below(a, path, part)))
            return false;
    }
    return true;
}

static bool search_document(struct search *s, const struct node *document)
{
    const struct node *items = node_get(document, KEY(ITEMS));
    if (str_eq(node_get_str(document, KEY_KIND), S("List")) && node_is(items, NODE_LIST)) {
        for (uint32_t i = 0; i < items->len; i++) {
            if (!search_document(s, items->items[i]))
                return false;
        }
        return true;
    }
    s->document = document;
    return find_marks(s, document, S(""));
}

static bool search_file(struct search *s, const struct mention *file)
{
    struct context *cx = s->f->cx;
    struct documents docs = { 0 };
    if (!file->text || !str_has(file->text->bytes, s->mark))
        return true;
    struct diags before = cx->diags;
    bool read = yaml_read_all(cx, file->text, YAML_GO3, &docs);
    diag_take_back(cx, before);
    s->file = file;
    for (uint32_t i = 0; read && i < docs.len; i++) {
        if (!search_document(s, docs.at[i]))
            return false;
    }
    return true;
}

/* Replacements. */

static struct node *new_source(struct edit_file *f, const struct node *var)
{
    const struct node *object = node_get(var, KEY(OBJECT_REF));
    struct node *source = node_map(f->cx);
    put_version(f, source, text_at(f->cx, object, S("apiVersion")));
    edit_put(f, source, S("kind"), text_at(f->cx, object, S("kind")));
    edit_put(f, source, S("name"), text_at(f->cx, object, S("name")));
    edit_put(f, source, S("namespace"), text_at(f->cx, object, S("namespace")));
    edit_put(f, source, S("fieldPath"),
             text_at(f->cx, node_get(var, KEY(FIELD_REF)), S("fieldPath")));
    return source;
}

static bool replace_var(struct search *s, const struct node *var)
{
    struct edit_file *f = s->f;
    str name = text_at(f->cx, var, S("name"));
    struct node *replacement = node_map(f->cx);
    s->mark = str_format(f->cx->arena, "$(%.*s)", STR(name));
    node_set(f->cx, replacement, intern(f->cx->keys, S("source")), new_source(f, var));
    s->targets = edit_list_of(f, replacement, S("targets"));
    for (uint32_t i = 0; i < s->len; i++) {
        if (!search_file(s, &s->at[i]))
            return false;
    }
    edit_drop_empty(f, replacement, S("targets"));
    node_push(f->cx, edit_list_of(f, f->file, S("replacements")), replacement);
    return true;
}

/* A mention may stand in a file that is named twice: it is written once. */
static bool is_new(const struct edit_texts *out, str path)
{
    for (uint32_t i = 0; i < out->len; i++) {
        if (str_eq(out->at[i].path, path))
            return false;
    }
    return true;
}

static void place_holders(struct search *s, const struct node *vars, struct edit_texts *out)
{
    struct arena *a = s->f->cx->arena;
    for (uint32_t i = 0; i < s->len; i++) {
        const struct mention *file = &s->at[i];
        if (!file->text || !is_new(out, file->path))
            continue;
        str bytes = file->text->bytes;
        for (uint32_t k = 0; k < vars->len; k++) {
            str name = text_at(s->f->cx, vars->items[k], S("name"));
            bytes = str_replace_all(a, bytes, str_format(a, "$(%.*s)", STR(name)),
                                    str_format(a, "%.*s_PLACEHOLDER", STR(name)));
        }
        if (str_eq(bytes, file->text->bytes))
            continue;
        ARENA_PUSH(a, out->at, out->len, out->cap);
        out->at[out->len++] = (struct edit_text){ file->path, bytes };
    }
}

bool edit_vars(struct edit_file *f, const struct folder *inside, struct edit_texts *out)
{
    struct search s = { .f = f, .inside = inside };
    const struct node *vars = node_get(f->file, KEY(VARS));
    if (!node_is(vars, NODE_LIST))
        return true;
    if (!add_files(&s, f->file, S("")))
        return false;
    for (uint32_t i = 0; i < vars->len; i++) {
        if (!replace_var(&s, vars->items[i]))
            return false;
    }
    place_holders(&s, vars, out);
    node_remove(f->file, KEY(VARS));
    return true;
}
