/* Places of a JSON patch: maps take any key, lists an index that Go's Atoi reads. */
#include "overlays/json_place.h"

#include "render/base/number.h"
#include "render/base/suggest.h"
#include "render/doc/path.h"

/* An index below zero counts from the end; there are `room` places. */
static bool index_in(str key, uint32_t room, uint32_t *out)
{
    int64_t index;
    if (number_int(key, 10, 64, &index) != NUMBER_OK || index >= (int64_t)room
        || index < -(int64_t)room)
        return false;
    *out = (uint32_t)(index < 0 ? index + room : index);
    return true;
}

static void hint_length(struct context *cx, const struct node *list)
{
    if (list->len)
        hint(cx, list->pos, "the last index here is %u", list->len - 1);
    else
        hint(cx, list->pos, "this list is empty");
}

static bool refuse_index(struct context *cx, const struct json_place *at)
{
    report(cx, at->pos, "'%.*s': the list has no item '%.*s'", STR(at->text), STR(at->key));
    hint_length(cx, at->holder);
    return false;
}

/* The field of a map whose name is nearest to one that is not there. */
static void hint_nearest(struct context *cx, const struct node *map, str wanted)
{
    struct mark before = arena_mark(cx->scratch);
    str *names = NEW_ARRAY(cx->scratch, str, map->len);
    for (uint32_t i = 0; i < map->len; i++)
        names[i] = map->entries[i].key->text;
    ptrdiff_t near = suggest(wanted, names, map->len);
    if (near >= 0)
        hint(cx, map->entries[near].pos, "did you mean '%.*s'?", STR(names[near]));
    arena_rewind(cx->scratch, before);
}

static bool refuse_step(struct context *cx, const struct json_place *at, str part,
                        const struct node *next)
{
    if (next)
        return report(cx, at->pos, "'%.*s' leads through '%.*s', which is %s", STR(at->text),
                      STR(part), node_kind_name(next));
    report(cx, at->pos, "'%.*s' leads through '%.*s', which is not there", STR(at->text),
           STR(part));
    if (at->holder->kind == NODE_MAP)
        hint_nearest(cx, at->holder, part);
    else
        hint_length(cx, at->holder);
    return false;
}

static struct node *step(struct context *cx, const struct node *holder, str part)
{
    uint32_t index;
    if (holder->kind == NODE_MAP)
        return node_get_text(cx, holder, part);
    return index_in(part, holder->len, &index) ? holder->items[index] : NULL;
}

static bool walk(struct context *cx, struct json_place *at, const struct path *path)
{
    for (uint32_t i = 0; i + 1 < path->len; i++) {
        struct node *next = step(cx, at->holder, path->parts[i]);
        if (!next || node_is_scalar(next))
            return refuse_step(cx, at, path->parts[i], next);
        at->holder = next;
    }
    at->key = str_dup(cx->arena, path->parts[path->len - 1]);
    at->depth = path->len;
    return true;
}

bool json_place_find(struct context *cx, struct node *target, const struct node *path,
                     struct json_place *out)
{
    *out = (struct json_place){ .holder = target, .text = path->text, .pos = path->pos };
    ptrdiff_t slash = str_find_char(path->text, '/');
    if (slash < 0) {
        report(cx, path->pos, "the path '%.*s' names no field", STR(path->text));
        hint(cx, path->pos, "a path begins with a slash, and the whole document has none");
        return false;
    }
    struct path parts;
    struct mark before = arena_mark(cx->scratch);
    bool ok = path_pointer(cx->scratch, str_skip(path->text, (size_t)slash), &parts)
              && walk(cx, out, &parts);
    arena_rewind(cx->scratch, before);
    return ok;
}

bool json_place_get(struct context *cx, const struct json_place *at, struct node **out)
{
    *out = step(cx, at->holder, at->key);
    return *out || at->holder->kind == NODE_MAP || refuse_index(cx, at);
}

/* What stands behind a place moves when one is made or taken away. */
static bool may_shift(struct context *cx, const struct json_place *at)
{
    enum { AT_ONCE = 16 };
    return limit_count(cx, LIMIT_STEPS, 1 + at->holder->len / AT_ONCE, at->pos);
}

bool json_place_add(struct context *cx, const struct json_place *at, struct node *value)
{
    uint32_t index;
    if (at->holder->kind == NODE_MAP)
        return json_place_set(cx, at, value);
    if (str_eq(at->key, S("-")))
        index = at->holder->len;
    else if (!index_in(at->key, at->holder->len + 1, &index))
        return refuse_index(cx, at);
    if (index < at->holder->len && !may_shift(cx, at))
        return false;
    node_insert(cx, at->holder, index, value);
    return true;
}

bool json_place_set(struct context *cx, const struct json_place *at, struct node *value)
{
    uint32_t index;
    if (at->holder->kind == NODE_MAP) {
        node_set(cx, at->holder, intern(cx->keys, at->key), value);
        return true;
    }
    if (!index_in(at->key, at->holder->len, &index))
        return refuse_index(cx, at);
    node_put(cx, at->holder, index, value);
    return true;
}

bool json_place_remove(struct context *cx, const struct json_place *at)
{
    uint32_t index;
    if (!may_shift(cx, at))
        return false;
    if (at->holder->kind == NODE_MAP) {
        const struct key *key = intern_find(cx->keys, at->key);
        if (key && node_remove(at->holder, key))
            return true;
        report(cx, at->pos, "there is no field '%.*s' to remove", STR(at->key));
        hint_nearest(cx, at->holder, at->key);
        return false;
    }
    if (!index_in(at->key, at->holder->len, &index))
        return refuse_index(cx, at);
    node_remove_at(at->holder, index);
    return true;
}

static bool within_depth(struct context *cx, const struct node *value, uint32_t above,
                         struct pos pos)
{
    if (above == 0 && node_is_scalar(value))
        return true;
    if (!limit_enter(cx, LIMIT_DEPTH, pos))
        return false;
    bool ok = true;
    if (above > 0)
        ok = within_depth(cx, value, above - 1, pos);
    else if (value->kind == NODE_LIST)
        for (uint32_t i = 0; ok && i < value->len; i++)
            ok = within_depth(cx, value->items[i], 0, pos);
    else
        for (uint32_t i = 0; ok && i < value->len; i++)
            ok = within_depth(cx, value->entries[i].value, 0, pos);
    limit_leave(cx, LIMIT_DEPTH);
    return ok;
}

bool json_place_fits(struct context *cx, const struct json_place *at, const struct node *value)
{
    return within_depth(cx, value, at->depth, at->pos);
}
