/* Reading and editing holds. A hold that is not understood is an error, never none. */
#include "promote/hold.h"

#include "promote/project.h"
#include "render/base/buf.h"
#include "render/base/gotime.h"
#include "render/doc/edit.h"
#include "render/doc/yaml_read.h"

static const char head[] = "# What promotions leave where it is; `hoist hold` writes it.\n"
                           "apiVersion: hoist/v1\n"
                           "kind: Holds\n"
                           "holds: []\n";

bool hold_until(struct context *cx, str word, struct pos from, int64_t *ends)
{
    struct gotime_zones utc = { &zone_utc, &zone_utc };
    struct gotime t;
    int64_t ns;
    str error;
    if (gotime_parse(cx->scratch, GOTIME_RFC3339, word, utc, &t, &error)
        || gotime_parse(cx->scratch, S("2006-01-02"), word, utc, &t, &error)) {
        *ends = t.seconds;
        return true;
    }
    if (duration_parse(cx->scratch, word, &ns, &error) && ns > 0) {
        *ends = cx->now + ns / 1000000000;
        return true;
    }
    report(cx, from, "'%.*s' is neither a date nor a duration", STR(word));
    hint(cx, NOWHERE, "2026-12-01, 2026-12-01T12:00:00Z and 48h are");
    return false;
}

static bool field(struct context *cx, const struct node *map, const char *name, str *out)
{
    const struct node *n = node_get_text(cx, map, str_from(name));
    *out = S("");
    if (!n || n->kind == NODE_NULL)
        return true;
    if (!node_is_scalar(n))
        return report(cx, n->pos, "'%s' must be a text, not %s", name, node_kind_name(n));
    *out = n->text;
    return true;
}

static bool read_hold(struct context *cx, const struct node *n, struct holds *out)
{
    static const str keys[] = { S("environment"), S("image"), S("until"), S("reason") };
    struct hold hold = { .pos = n->pos };
    if (!project_check_keys(cx, n, keys, countof(keys), "a hold")
        || !field(cx, n, "environment", &hold.environment) || !field(cx, n, "image", &hold.image)
        || !field(cx, n, "until", &hold.until) || !field(cx, n, "reason", &hold.reason))
        return false;
    if (!hold.environment.len)
        return report(cx, n->pos, "'environment' is missing");
    const struct node *until = node_get_text(cx, n, S("until"));
    if (hold.until.len && !hold_until(cx, hold.until, until->pos, &hold.ends))
        return false;
    ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
    out->at[out->len++] = hold;
    return true;
}

bool holds_read(struct context *cx, struct folder *folder, struct holds *out)
{
    static const str keys[] = { S("apiVersion"), S("kind"), S("holds") };
    *out = (struct holds){ 0 };
    if (folder_kind(cx, folder, S(HOLD_FILE)) != FILE_PLAIN)
        return true;
    out->text = folder_read(cx, folder, S(HOLD_FILE), NOWHERE);
    out->root = out->text ? yaml_read(cx, out->text, YAML_GO3) : NULL;
    if (!out->root || !project_check_keys(cx, out->root, keys, countof(keys), HOLD_FILE))
        return false;
    const struct node *list = node_get_text(cx, out->root, S("holds"));
    if (!list || list->kind == NODE_NULL)
        return true;
    if (list->kind != NODE_LIST)
        return report(cx, list->pos, "'holds' must be a list, not %s", node_kind_name(list));
    bool ok = true;
    for (uint32_t i = 0; i < list->len; i++)
        ok = read_hold(cx, list->items[i], out) && ok;
    return ok;
}

static bool is_for(const struct hold *hold, str environment, str image)
{
    return str_eq(hold->environment, environment) && str_eq(hold->image, image);
}

const struct hold *hold_find(const struct holds *holds, str environment, str image, int64_t now)
{
    for (uint32_t i = 0; i < holds->len; i++) {
        const struct hold *hold = &holds->at[i];
        if (is_for(hold, environment, image) && (!hold->ends || hold->ends > now))
            return hold;
    }
    return NULL;
}

static void put(struct context *cx, struct node *map, const char *key, str text)
{
    if (text.len)
        node_add(cx, map, intern(cx->keys, str_from(key)), node_string(cx, text));
}

static struct node *entry_of(struct context *cx, const struct hold *hold)
{
    struct node *n = node_map(cx);
    put(cx, n, "environment", hold->environment);
    put(cx, n, "image", hold->image);
    put(cx, n, "until", hold->until);
    put(cx, n, "reason", hold->reason);
    return n;
}

static const struct node *list_of(struct context *cx, const struct holds *holds)
{
    const struct node *list = node_get_text(cx, holds->root, S("holds"));
    return node_is(list, NODE_LIST) ? list : NULL;
}

/* An empty list, or none, gets its first entry as a whole. */
static bool add_entry(struct context *cx, struct edits *edits, const struct holds *holds,
                      struct node *entry)
{
    const struct node *list = list_of(cx, holds);
    if (list && list->len)
        return edit_append(edits, list, entry);
    struct node *first = node_list(cx);
    node_push(cx, first, entry);
    return edit_set(edits, holds->root, S("holds"), first);
}

static bool set_field(struct context *cx, struct edits *edits, const struct node *entry,
                      const char *name, str value)
{
    if (value.len)
        return edit_set(edits, entry, str_from(name), node_string(cx, value));
    return !node_get_text(cx, entry, str_from(name)) || edit_remove(edits, entry, str_from(name));
}

bool hold_add(struct context *cx, const struct holds *holds, const struct hold *hold, str *bytes)
{
    struct holds first = *holds;
    if (!first.text) {
        first.text = text_add(cx, S(HOLD_FILE), str_from(head));
        first.root = yaml_read(cx, first.text, YAML_GO3);
    }
    struct edits *edits = edits_begin(cx, first.text);
    if (!edits)
        return false;
    bool found = false, ok = true;
    const struct node *list = list_of(cx, &first);
    for (uint32_t i = 0; ok && !found && i < first.len; i++) {
        found = is_for(&first.at[i], hold->environment, hold->image);
        if (found)
            ok = set_field(cx, edits, list->items[i], "until", hold->until)
                 && set_field(cx, edits, list->items[i], "reason", hold->reason);
    }
    ok = ok && (found || add_entry(cx, edits, &first, entry_of(cx, hold)));
    if (ok)
        *bytes = edits_apply(edits);
    return ok;
}

static bool report_none(struct context *cx, str environment, str image)
{
    if (image.len)
        return report(cx, NOWHERE, "'%.*s' is not held in '%.*s'", STR(image), STR(environment));
    return report(cx, NOWHERE, "'%.*s' is not held", STR(environment));
}

bool hold_remove(struct context *cx, const struct holds *holds, str environment, str image,
                 str *bytes)
{
    const struct node *list = holds->root ? list_of(cx, holds) : NULL;
    struct edits *edits = list ? edits_begin(cx, holds->text) : NULL;
    uint32_t removed = 0;
    bool ok = true;
    for (uint32_t i = 0; i < holds->len; i++)
        removed += is_for(&holds->at[i], environment, image);
    if (!removed)
        return report_none(cx, environment, image);
    if (!edits)
        return false;
    if (removed == holds->len)
        ok = edit_set(edits, holds->root, S("holds"), node_list(cx));
    for (uint32_t i = 0; ok && removed < holds->len && i < holds->len; i++) {
        if (is_for(&holds->at[i], environment, image))
            ok = edit_remove_item(edits, list, i);
    }
    if (ok)
        *bytes = edits_apply(edits);
    return ok;
}

str hold_describe(struct context *cx, const struct hold *hold)
{
    struct buf b;
    buf_init(&b, cx->arena, 64);
    if (hold->until.len)
        buf_format(&b, " until %.*s", STR(hold->until));
    if (hold->reason.len)
        buf_format(&b, ": %.*s", STR(hold->reason));
    return buf_take(&b);
}
