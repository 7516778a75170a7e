/* Each root is read, its entries replaced by the paths of their copies, and the file written
 * anew; roots below it on the way. What is copied where is kustomize v5.7.1's choice. */
#include "overlays/localizer.h"

#include "overlays/accumulate.h"
#include "overlays/documents.h"
#include "overlays/kustomization.h"
#include "overlays/kustomization_write.h"
#include "overlays/remote.h"
#include "render/source/fetch.h"

#define DEFAULT_HOME "charts"

static bool localize_root(struct context *cx, struct local_root *outer, struct folder *folder,
                          struct node *entry, const struct remote_address *address);

static void put(struct context *cx, struct local_copy *copy, struct local_file file)
{
    copy->by_path.arena = cx->arena;
    struct map_entry *e = map_entry(&copy->by_path, file.path);
    if (e->value) {
        copy->files[(uintptr_t)e->value - 1] = file;
        return;
    }
    ARENA_PUSH(cx->arena, copy->files, copy->len, copy->cap);
    copy->files[copy->len++] = file;
    e->value = (void *)(uintptr_t)copy->len;
}

static void put_file(struct context *cx, struct local_root *r, str place, str bytes)
{
    put(cx, r->copy, (struct local_file){ source_join(cx->arena, r->place, place), bytes, false });
}

static void replace(struct context *cx, struct node *entry, str path)
{
    node_assign(cx, entry, node_string(cx, path));
}

static bool names_nothing(const struct node *entry)
{
    return !entry || !node_is_scalar(entry) || entry->kind == NODE_NULL || entry->text.len == 0;
}

/* What a remote entry brings stands in a folder that must not be the user's own. */
static bool has_room(struct context *cx, const struct local_root *r, const struct node *entry)
{
    const struct folder *folder = r->overlay.folder;
    if (folder_kind(cx, folder, S(LOCALIZE_FOLDER)) == FILE_NONE)
        return true;
    return report(cx, entry->pos, "'%.*s' has a '" LOCALIZE_FOLDER "' already, which '%.*s' needs",
                  STR(folder->path), STR(fetch_public(cx, entry->text)));
}

/* Hosts and revisions are others' words: none leads out of the folder for remote content. */
static bool is_held(struct context *cx, str place, const struct node *entry)
{
    return str_starts(place, S(LOCALIZE_FOLDER "/"))
           || report(cx, entry->pos, "'%.*s' has no place in a copy",
                     STR(fetch_public(cx, entry->text)));
}

/* The path of a file's copy, as seen from its root; links on the way are gone. */
static bool file_place(struct context *cx, const struct local_root *r, str path,
                       const struct node *entry, str *place)
{
    const struct folder *folder = r->overlay.folder;
    str real;
    if (remote_address_is_url(path)) {
        *place = localize_file_place(cx->arena, path);
        return is_held(cx, *place, entry) && has_room(cx, r, entry);
    }
    str from_here = source_join(cx->arena, folder->path, path);
    if (!source_real(cx, folder->source, from_here, entry->pos, &real))
        return false;
    *place = localize_way(cx->arena, folder->real, real);
    return true;
}

bool localize_bytes(struct context *cx, struct local_root *r, const struct node *entry, str path,
                    str bytes, str *place)
{
    if (!file_place(cx, r, path, entry, place))
        return false;
    put_file(cx, r, *place, bytes);
    return true;
}

static bool copy_file(struct context *cx, struct local_root *r, str path, const struct node *entry,
                      str *place)
{
    const struct text *text = remote_read(cx, &r->overlay, path, entry->pos);
    return text && localize_bytes(cx, r, entry, path, text->bytes, place);
}

bool localize_file(struct context *cx, struct local_root *r, struct node *entry)
{
    str place;
    if (names_nothing(entry))
        return true;
    if (!copy_file(cx, r, entry->text, entry, &place))
        return false;
    replace(cx, entry, place);
    return true;
}

bool localize_file_source(struct context *cx, struct local_root *r, struct node *entry)
{
    str key, path, place;
    if (names_nothing(entry))
        return true;
    if (!str_cut(entry->text, '=', &key, &path))
        return localize_file(cx, r, entry);
    if (str_has_char(path, '='))
        return report(cx, entry->pos, "the key or the path in '%.*s' contains '='",
                      STR(entry->text));
    if (key.len == 0 || path.len == 0)
        return report(cx, entry->pos, "missing %s in '%.*s'", key.len ? "path" : "key",
                      STR(entry->text));
    if (!copy_file(cx, r, path, entry, &place))
        return false;
    replace(cx, entry, str_format(cx->arena, "%.*s=%.*s", STR(key), STR(place)));
    return true;
}

bool localize_inline(struct context *cx, const struct node *entry, struct resources *out)
{
    uint32_t errors = cx->diags.errors;
    diag_mute(cx);
    bool ok = documents_append(cx, text_of_scalar(cx, entry), out);
    diag_unmute(cx);
    cx->diags.errors = errors;
    return ok;
}

/* A file of resources. */
static bool copy_manifest(struct context *cx, struct local_root *r, struct node *entry,
                          struct text *text)
{
    struct resources all = { 0 };
    str place;
    if (!documents_append(cx, text, &all)
        || !localize_bytes(cx, r, entry, entry->text, text->bytes, &place))
        return false;
    replace(cx, entry, place);
    return true;
}

bool localize_manifest(struct context *cx, struct local_root *r, struct node *entry)
{
    struct resources all = { 0 };
    if (names_nothing(entry) || localize_inline(cx, entry, &all))
        return true;
    struct text *text = remote_read(cx, &r->overlay, entry->text, entry->pos);
    return text && copy_manifest(cx, r, entry, text);
}

/* The revision decides which state is copied, so it must be said. */
static bool has_revision(struct context *cx, str entry, const struct remote_address *address,
                         struct pos from)
{
    if (address->revision.len)
        return true;
    report(cx, from, "'%.*s' says no revision", STR(fetch_public(cx, entry)));
    hint(cx, NOWHERE, "add '?ref=' with a tag, a branch or a commit");
    return false;
}

static bool in_scope(struct context *cx, const struct local_root *r, const struct folder *folder,
                     struct pos from)
{
    if (!r->scope || folder->source != r->scope->source || folder_holds(r->scope, folder))
        return true;
    report(cx, from, "'%.*s' is outside of the scope '%.*s'", STR(folder->path),
           STR(r->scope->path));
    hint(cx, NOWHERE, "--scope names a folder that holds all that is needed");
    return false;
}

/* A file at an address that is no manifest is a repository's page: what is there is a root. */
static bool copy_remote(struct context *cx, struct local_root *r, struct node *entry,
                        const struct remote_address *address, bool may_be_file)
{
    struct text *text = NULL;
    struct folder *folder = NULL;
    if (address && !remote_address_is_url(entry->text)
        && !has_revision(cx, entry->text, address, entry->pos))
        return false;
    if (!may_be_file)
        folder = remote_folder(cx, r->overlay.build, &r->overlay, entry->text, entry->pos);
    else if (!remote_take(cx, &r->overlay, entry, &text, &folder))
        return false;
    if (text)
        return copy_manifest(cx, r, entry, text);
    return folder && address && has_revision(cx, entry->text, address, entry->pos)
           && has_room(cx, r, entry) && localize_root(cx, r, folder, entry, address);
}

static bool copy_folder(struct context *cx, struct local_root *r, struct node *entry)
{
    struct remote_address address;
    if (names_nothing(entry))
        return true;
    if (remote_address_parse(cx->arena, entry->text, &address))
        return copy_remote(cx, r, entry, &address, false);
    if (str_starts(entry->text, S("/")))
        return report(cx, entry->pos, "the folder of a base cannot be absolute");
    struct folder *folder = folder_enter(cx, r->overlay.folder, entry->text, entry->pos);
    return folder && localize_root(cx, r, folder, entry, NULL);
}

static bool copy_resource(struct context *cx, struct local_root *r, struct node *entry)
{
    struct remote_address address;
    struct text *text = NULL;
    if (names_nothing(entry))
        return true;
    bool repository = remote_address_parse(cx->arena, entry->text, &address);
    if ((repository || remote_address_is_url(entry->text))
        && folder_kind(cx, r->overlay.folder, entry->text) != FILE_PLAIN)
        return copy_remote(cx, r, entry, repository ? &address : NULL, true);
    switch (folder_take(cx, r->overlay.folder, entry->text, entry->pos, &text)) {
    case FILE_PLAIN:
        return copy_manifest(cx, r, entry, text);
    case FILE_FOLDER:
        return copy_folder(cx, r, entry);
    default:
        return false;
    }
}

bool localize_each(struct context *cx, struct local_root *r, struct node *entries, localize_fn *one)
{
    if (!entries || entries->kind != NODE_LIST)
        return names_nothing(entries) || one(cx, r, entries);
    for (uint32_t i = 0; i < entries->len; i++) {
        if (!names_nothing(entries->items[i]) && !one(cx, r, entries->items[i]))
            return false;
    }
    return true;
}

/* All below a folder, links and what is no file left out; a folder without content stays one. */
static bool copy_tree(struct context *cx, struct local_root *r, const struct folder *folder,
                      str place, struct pos from)
{
    struct listing names = { 0 };
    if (!limit_enter(cx, LIMIT_DEPTH, from))
        return false;
    bool ok = folder_list(cx, folder, from, &names);
    const struct listing *kinds = map_get(&folder->source->lists, folder->real);
    put(cx, r->copy, (struct local_file){ place, S(""), true });
    for (uint32_t i = 0; ok && i < kinds->len; i++) {
        str name = kinds->at[i].name, to = source_join(cx->arena, place, name);
        if (kinds->at[i].kind == FILE_FOLDER) {
            const struct folder *below = folder_enter(cx, folder, name, from);
            ok = below && copy_tree(cx, r, below, to, from);
        } else if (kinds->at[i].kind == FILE_PLAIN) {
            const struct text *text = folder_read(cx, folder, name, from);
            ok = text != NULL;
            if (ok)
                put(cx, r->copy, (struct local_file){ to, text->bytes, false });
        }
    }
    limit_leave(cx, LIMIT_DEPTH);
    return ok;
}

/* The copy stands where links lead, but for the default home, which keeps its name. A home that
 * is not there is one that a chart would be fetched into. */
static bool copy_home(struct context *cx, struct local_root *r, str path, struct pos from,
                      str *place)
{
    const struct folder *folder = r->overlay.folder;
    *place = source_join(cx->arena, S(""), path);
    if (folder_kind(cx, folder, path) == FILE_NONE)
        return true;
    const struct folder *home = folder_enter(cx, folder, path, from);
    if (!home || !in_scope(cx, r, home, from) || accumulate_is_cycle(cx, &r->overlay, home, from))
        return false;
    if (!str_eq(*place, S(DEFAULT_HOME)))
        *place = localize_way(cx->arena, folder->real, home->real);
    return copy_tree(cx, r, home, source_join(cx->arena, r->place, *place), from);
}

bool localize_default_home(struct context *cx, struct local_root *r, struct pos from)
{
    str place;
    return copy_home(cx, r, S(DEFAULT_HOME), from, &place);
}

bool localize_chart_home(struct context *cx, struct local_root *r, struct node *entry)
{
    str place;
    if (names_nothing(entry))
        return localize_default_home(cx, r, entry->pos);
    if (str_starts(entry->text, S("/")))
        return report(cx, entry->pos, "the home of charts cannot be absolute");
    if (!copy_home(cx, r, entry->text, entry->pos, &place))
        return false;
    replace(cx, entry, place);
    return true;
}

/* The fields that name something: at the top, or in the items of a list there. */
static const struct field_place {
    str field;
    str inner; /* "" when the field itself names it */
    localize_fn *copy;
} field_places[] = {
    { S("openapi"), S("path"), localize_file },
    { S("resources"), S(""), copy_resource },
    { S("bases"), S(""), copy_folder },
    { S("components"), S(""), copy_folder },
    { S("configurations"), S(""), localize_file },
    { S("crds"), S(""), localize_file },
    { S("configMapGenerator"), S("env"), localize_file },
    { S("configMapGenerator"), S("envs"), localize_file },
    { S("configMapGenerator"), S("files"), localize_file_source },
    { S("secretGenerator"), S("env"), localize_file },
    { S("secretGenerator"), S("envs"), localize_file },
    { S("secretGenerator"), S("files"), localize_file_source },
    { S("helmChartInflationGenerator"), S("values"), localize_file },
    { S("helmChartInflationGenerator"), S("chartHome"), localize_chart_home },
    { S("helmCharts"), S("valuesFile"), localize_file },
    { S("helmCharts"), S("additionalValuesFiles"), localize_file },
    { S("helmGlobals"), S("chartHome"), localize_chart_home },
    { S("patches"), S("path"), localize_file },
    { S("patchesJson6902"), S("path"), localize_file },
    { S("patchesStrategicMerge"), S(""), localize_manifest },
    { S("replacements"), S("path"), localize_file },
};

static bool copy_inner(struct context *cx, struct local_root *r, struct node *map,
                       const struct field_place *p)
{
    return localize_each(cx, r, node_get_text(cx, map, p->inner), p->copy);
}

static bool copy_place(struct context *cx, struct local_root *r, const struct field_place *p)
{
    struct node *field = node_get_text(cx, r->overlay.file, p->field);
    if (!field)
        return true;
    if (!p->inner.len)
        return localize_each(cx, r, field, p->copy);
    if (field->kind != NODE_LIST)
        return copy_inner(cx, r, field, p);
    for (uint32_t i = 0; i < field->len; i++) {
        if (!copy_inner(cx, r, field->items[i], p))
            return false;
    }
    return true;
}

/* Charts without a word about their home are looked for in "charts". */
static bool copy_default_homes(struct context *cx, struct local_root *r)
{
    const struct node *file = r->overlay.file;
    const struct node *charts = node_get_text(cx, file, S("helmCharts"));
    const struct node *globals = node_get_text(cx, file, S("helmGlobals"));
    const struct node *old = node_get_text(cx, file, S("helmChartInflationGenerator"));
    bool any = (node_is(charts, NODE_LIST) && charts->len && !node_is(globals, NODE_MAP))
               || (node_is(globals, NODE_MAP)
                   && names_nothing(node_get_text(cx, globals, S("chartHome"))));
    for (uint32_t i = 0; node_is(old, NODE_LIST) && i < old->len; i++)
        any = any || names_nothing(node_get_text(cx, old->items[i], S("chartHome")));
    return !any || localize_default_home(cx, r, file->pos);
}

static bool copy_fields(struct context *cx, struct local_root *r)
{
    static const str plugins[] = { S("generators"), S("transformers"), S("validators") };
    for (size_t i = 0; i < countof(field_places); i++) {
        if (!copy_place(cx, r, &field_places[i]))
            return false;
    }
    if (!copy_default_homes(cx, r))
        return false;
    for (size_t i = 0; i < countof(plugins); i++) {
        if (!localize_plugins(cx, r, node_get_text(cx, r->overlay.file, plugins[i])))
            return false;
    }
    return true;
}

static bool copy_root(struct context *cx, struct local_root *r)
{
    struct buf out;
    buf_init(&out, cx->arena, 256);
    if (!kustomization_open(cx, &r->overlay))
        return false;
    if (!r->overlay.file)
        r->overlay.file = node_map(cx);
    if (!copy_fields(cx, r) || !kustomization_write(cx, &out, r->overlay.file))
        return false;
    put_file(cx, r, r->overlay.file_name, buf_take(&out));
    return true;
}

static bool localize_root(struct context *cx, struct local_root *outer, struct folder *folder,
                          struct node *entry, const struct remote_address *address)
{
    struct local_root *r = NEW(cx->arena, struct local_root);
    *r = *outer;
    r->overlay = (struct overlay){ .build = outer->overlay.build, .outer = &outer->overlay };
    r->overlay.folder = folder;
    if (address)
        r->scope = NULL;
    if (!in_scope(cx, outer, folder, entry->pos)
        || accumulate_is_cycle(cx, &outer->overlay, folder, entry->pos))
        return false;
    str place = address ? localize_root_place(cx->arena, address, folder->real)
                        : localize_way(cx->arena, outer->overlay.folder->real, folder->real);
    r->place = source_join(cx->arena, outer->place, place);
    if ((address && !is_held(cx, place, entry)) || !limit_enter(cx, LIMIT_DEPTH, entry->pos))
        return false;
    diag_enter(cx, entry->pos, "in this root");
    bool ok = copy_root(cx, r);
    diag_leave(cx);
    limit_leave(cx, LIMIT_DEPTH);
    replace(cx, entry, place);
    return ok;
}

static bool find_scope(struct context *cx, struct source *disk, const struct localize_order *order,
                       const struct remote_address *address, struct local_root *r)
{
    r->scope = r->overlay.folder;
    if (address && order->scope.len)
        return report(cx, NOWHERE, "--scope is for local targets: '%.*s' has its repository's",
                      STR(fetch_public(cx, order->target)));
    if (order->scope.len)
        r->scope = source_folder(cx, disk, order->scope, NOWHERE);
    if (!r->scope || !in_scope(cx, r, r->overlay.folder, NOWHERE))
        return false;
    const struct folder *top = r->scope;
    if (address)
        r->scope = NULL;
    r->place = localize_way(cx->arena, address ? S("") : top->real, r->overlay.folder->real);
    return true;
}

static bool find_destination(struct context *cx, struct source *disk,
                             const struct localize_order *order,
                             const struct remote_address *address, struct local_copy *out)
{
    str destination = order->destination;
    if (!destination.len)
        destination = localize_default_name(cx->arena, out->root, address);
    out->destination = source_join(cx->arena, S(""), destination);
    if (source_kind(cx, disk, out->destination) == FILE_NONE)
        return true;
    return report(cx, NOWHERE, "the destination '%.*s' exists already", STR(destination));
}

bool localize(struct context *cx, struct source *disk, const struct localize_order *order,
              struct local_copy *out)
{
    struct build build = { 0 };
    struct remote_address address;
    struct local_root r = { .overlay = { .build = &build }, .copy = out };
    bool remote = remote_address_parse(cx->arena, order->target, &address);
    *out = (struct local_copy){ 0 };
    if (remote && !has_revision(cx, order->target, &address, NOWHERE))
        return false;
    out->root = remote ? remote_folder(cx, &build, NULL, order->target, NOWHERE)
                       : source_folder(cx, disk, order->target, NOWHERE);
    r.overlay.folder = out->root;
    if (!out->root || !find_scope(cx, disk, order, remote ? &address : NULL, &r)
        || !find_destination(cx, disk, order, remote ? &address : NULL, out))
        return false;
    out->place = r.place;
    return copy_root(cx, &r);
}
