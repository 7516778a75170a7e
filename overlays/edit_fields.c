/* Edits of plain fields and lists: names, images, replicas, labels, paths, build metadata.
 *
 * Where kustomize sorts a list whose order means nothing, its items stay where they are. */
#include <stdlib.h>

#include "overlays/edit_file.h"
#include "render/base/glob.h"

void edit_text(struct edit_file *f, str field, str text)
{
    edit_put(f, f->file, field, text);
}

static bool has_word(const struct strings *words, str word)
{
    for (uint32_t i = 0; i < words->len; i++) {
        if (str_eq(words->at[i], word))
            return true;
    }
    return false;
}

static bool list_has(const struct node *list, str text)
{
    for (uint32_t i = 0; i < list->len; i++) {
        if (str_eq(list->items[i]->kind == NODE_STRING ? list->items[i]->text : S(""), text))
            return true;
    }
    return false;
}

/* Named items: the first of a name counts, the others go. */

static struct node *named_item(const struct node *list, str name, uint32_t end)
{
    for (uint32_t i = 0; i < end; i++) {
        if (node_is(list->items[i], NODE_MAP)
            && str_eq(node_get_str(list->items[i], KEY_NAME), name))
            return list->items[i];
    }
    return NULL;
}

static void drop_repeated(struct node *list)
{
    for (uint32_t i = list->len; i-- > 1;) {
        if (named_item(list, node_get_str(list->items[i], KEY_NAME), i))
            node_remove_at(list, i);
    }
}

static struct node *named_or_new(struct edit_file *f, struct node *list, str name)
{
    struct node *item = named_item(list, name, list->len);
    if (item)
        return item;
    item = node_map(f->cx);
    edit_put(f, item, S("name"), name);
    node_push(f->cx, list, item);
    return item;
}

/* Images. */

/* "host:5000/app:1@sha256:…" into its parts; a colon before the first slash is a port. */
static void split_image(str word, str *name, str *tag, str *digest)
{
    ptrdiff_t slash = str_find_char(word, '/');
    size_t from = slash > 0 ? (size_t)slash : 0;
    str rest = str_skip(word, from);
    ptrdiff_t at = str_find_char(rest, '@');
    ptrdiff_t colon = str_find_char(rest, ':');
    *tag = *digest = S("");
    if (at >= 0 && at < colon)
        colon = -1;
    size_t tag_end = at >= 0 ? from + (size_t)at : word.len;
    *name = str_slice(word, 0, colon >= 0 ? from + (size_t)colon : tag_end);
    if (at >= 0)
        *digest = str_skip(word, tag_end + 1);
    if (colon >= 0)
        *tag = str_slice(word, from + (size_t)colon + 1, tag_end);
}

static bool invalid_image(struct edit_file *f)
{
    return report(f->cx, NOWHERE,
                  "invalid format of image, use one of the following options:\n"
                  "- <image>=<newimage>:<newtag>\n"
                  "- <image>=<newimage>@<digest>\n"
                  "- <image>=<newimage>:<newtag>@<digest>\n"
                  "- <image>=<newimage>\n"
                  "- <image>:<newtag>\n"
                  "- <image>:<newtag>@<digest>\n"
                  "- <image>@<digest>");
}

/* "*" keeps what the entry has; nothing takes it away. */
static void put_unless_star(struct edit_file *f, struct node *image, str field, str text)
{
    if (!str_eq(text, S("*")))
        edit_put(f, image, field, text);
}

static bool set_image(struct edit_file *f, struct node *images, str word)
{
    str key, value, name, tag, digest, new_name = S("");
    if (!str_cut(word, '=', &key, &value)) {
        value = word;
        key = S("");
    }
    split_image(value, &name, &tag, &digest);
    if (str_eq(name, word))
        return invalid_image(f);
    if (key.len) {
        new_name = name;
        name = key;
    }
    struct node *image = named_or_new(f, images, name);
    put_unless_star(f, image, S("newName"), new_name);
    put_unless_star(f, image, S("newTag"), tag);
    put_unless_star(f, image, S("digest"), digest);
    edit_put(f, image, S("tagSuffix"), S(""));
    return true;
}

/* Names are regular expressions to kustomize, and an image that was renamed may be renamed
 * again by the next entry: only then does the order mean something. */
static bool order_matters(const struct node *images)
{
    for (uint32_t i = 0; i < images->len; i++) {
        const struct node *image = images->items[i];
        str name = node_get_str(image, KEY_NAME);
        str new_name = node_get_str(image, KEY(NEW_NAME));
        for (uint32_t k = 0; k < name.len; k++) {
            if (str_has_char(S("*+?()[]{}|\\^$"), name.at[k]))
                return true;
        }
        if (new_name.len && !str_eq(new_name, name) && named_item(images, new_name, images->len))
            return true;
    }
    return false;
}

static int by_name(const void *a, const void *b)
{
    const struct node *x = *(const struct node *const *)a;
    const struct node *y = *(const struct node *const *)b;
    return str_cmp(node_get_str(x, KEY_NAME), node_get_str(y, KEY_NAME));
}

bool edit_images(struct edit_file *f, const struct strings *words)
{
    edit_follow_lists(f, S("imageTags"), S("images"));
    struct node *images = edit_list_of(f, f->file, S("images"));
    drop_repeated(images);
    for (uint32_t i = 0; i < words->len; i++) {
        if (!set_image(f, images, words->at[i]))
            return false;
    }
    if (order_matters(images))
        qsort(images->items, images->len, sizeof(struct node *), by_name);
    return true;
}

/* Replicas. */

/* Go's strconv.ParseInt with base 10. */
static bool read_count(str text, int64_t *count)
{
    bool negative = str_starts(text, S("-"));
    str digits = negative || str_starts(text, S("+")) ? str_skip(text, 1) : text;
    int64_t n = 0;
    for (size_t i = 0; i < digits.len; i++) {
        int digit = digits.at[i] - '0';
        if (digit < 0 || digit > 9 || __builtin_mul_overflow(n, 10, &n)
            || __builtin_add_overflow(n, negative ? -digit : digit, &n))
            return false;
    }
    *count = n;
    return digits.len > 0;
}

bool edit_replicas(struct edit_file *f, const struct strings *words)
{
    struct node *replicas = edit_list_of(f, f->file, S("replicas"));
    drop_repeated(replicas);
    for (uint32_t i = 0; i < words->len; i++) {
        str name, text;
        int64_t count;
        if (!str_cut(words->at[i], '=', &name, &text) || !read_count(text, &count))
            return report(f->cx, NOWHERE,
                          "invalid format of replica, use the following format: <name>=<count>");
        struct node *replica = named_or_new(f, replicas, name);
        node_set(f->cx, replica, KEY(COUNT), node_int(f->cx, count));
    }
    return true;
}

/* Labels and annotations. */

static bool split_pair(struct edit_file *f, const struct edit_pairs *pairs, str word, str *key,
                       str *value)
{
    str_cut(word, ':', key, value);
    if (!key->len && word.len)
        return report(f->cx, NOWHERE, "invalid %.*s: '%.*s' (need k:v pair where v may be quoted)",
                      STR(pairs->noun), STR(word));
    if (value->len >= 2 && str_starts(*value, S("\"")) && str_ends(*value, S("\"")))
        *value = str_slice(*value, 1, value->len - 1);
    return true;
}

static bool add_pair(struct edit_file *f, const struct edit_pairs *pairs, struct node *map, str key,
                     str value)
{
    const struct key *k = intern(f->cx->keys, key);
    const struct node *old = node_get(map, k);
    if (old && !pairs->force && old->pos.text)
        return report(f->cx, old->pos,
                      "%.*s %.*s already in kustomization file. Use --force to override.",
                      STR(pairs->noun), STR(key));
    if (!node_is(old, NODE_STRING) || !str_eq(old->text, value))
        node_set(f->cx, map, k, node_string(f->cx, value));
    return true;
}

static bool is_true(const struct node *map, str field, struct context *cx)
{
    const struct node *value = node_get_text(cx, map, field);
    return node_is(value, NODE_BOOL) && str_eq(value->text, S("true"));
}

/* The pairs of the first entry of `labels` that is of the same sort, or of a new one. */
static struct node *pairs_of_labels(struct edit_file *f, bool include_templates)
{
    struct node *labels = edit_list_of(f, f->file, S("labels"));
    for (uint32_t i = 0; i < labels->len; i++) {
        struct node *label = labels->items[i];
        if (node_is(label, NODE_MAP) && !is_true(label, S("includeSelectors"), f->cx)
            && is_true(label, S("includeTemplates"), f->cx) == include_templates)
            return edit_map_of(f, label, S("pairs"));
    }
    struct node *label = node_map(f->cx);
    if (include_templates)
        node_set(f->cx, label, KEY(INCLUDE_TEMPLATES), node_bool(f->cx, true));
    struct node *pairs = edit_map_of(f, label, S("pairs"));
    node_push(f->cx, labels, label);
    return pairs;
}

bool edit_add_pairs(struct edit_file *f, const struct edit_pairs *pairs)
{
    struct node *map = pairs->without_selector ? pairs_of_labels(f, pairs->include_templates)
                                               : edit_map_of(f, f->file, pairs->field);
    for (uint32_t i = 0; i < pairs->words->len; i++) {
        str key, value;
        if (!split_pair(f, pairs, pairs->words->at[i], &key, &value)
            || !add_pair(f, pairs, map, key, value))
            return false;
    }
    return true;
}

bool edit_remove_pairs(struct edit_file *f, str field, str noun, const struct strings *keys,
                       bool ignore_missing)
{
    struct node *map = node_get_text(f->cx, f->file, field);
    if (!node_is(map, NODE_MAP))
        return ignore_missing
               || report(f->cx, NOWHERE, "%.*s is not defined in kustomization file", STR(field));
    for (uint32_t i = 0; i < keys->len; i++) {
        if (!node_remove(map, intern(f->cx->keys, keys->at[i])) && !ignore_missing)
            return report(f->cx, map->pos, "%.*s %.*s is not defined in kustomization file",
                          STR(noun), STR(keys->at[i]));
    }
    edit_drop_empty(f, f->file, field);
    return true;
}

/* Lists of text. */

void edit_add_paths(struct edit_file *f, str field, str noun, const struct strings *paths)
{
    if (str_eq(field, S("resources")))
        edit_follow_lists(f, S("bases"), field);
    struct node *list = edit_list_of(f, f->file, field);
    for (uint32_t i = 0; i < paths->len; i++) {
        if (list_has(list, paths->at[i]))
            warn(f->cx, NOWHERE, "%.*s %.*s already in kustomization file", STR(noun),
                 STR(paths->at[i]));
        else
            node_push(f->cx, list, node_string(f->cx, paths->at[i]));
    }
    edit_drop_empty(f, f->file, field);
}

bool edit_add_bases(struct edit_file *f, const struct strings *paths)
{
    edit_follow_lists(f, S("bases"), S("resources"));
    struct node *list = edit_list_of(f, f->file, S("resources"));
    for (uint32_t i = 0; i < paths->len; i++) {
        if (list_has(list, paths->at[i]))
            return report(f->cx, list->pos, "base %.*s already in kustomization file",
                          STR(paths->at[i]));
        node_push(f->cx, list, node_string(f->cx, paths->at[i]));
    }
    return true;
}

bool edit_remove_paths(struct edit_file *f, str field, const struct strings *patterns)
{
    if (str_eq(field, S("resources")))
        edit_follow_lists(f, S("bases"), field);
    struct node *list = node_get_text(f->cx, f->file, field);
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < patterns->len; i++) {
        for (uint32_t k = list->len; k-- > 0;) {
            const struct node *item = list->items[k];
            str path = item->kind == NODE_STRING ? item->text : S("");
            enum glob_answer answer = glob_match(patterns->at[i], path);
            if (answer == GLOB_MALFORMED)
                return report(f->cx, NOWHERE, "syntax error in pattern");
            if (answer == GLOB_YES)
                node_remove_at(list, k);
        }
    }
    edit_drop_empty(f, f->file, field);
    return true;
}

/* Build metadata. */

bool edit_add_metadata(struct edit_file *f, const struct strings *options)
{
    struct node *list = edit_list_of(f, f->file, S("buildMetadata"));
    for (uint32_t i = 0; i < options->len; i++) {
        if (list_has(list, options->at[i]))
            return report(f->cx, list->pos,
                          "buildMetadata option %.*s already in kustomization file",
                          STR(options->at[i]));
        node_push(f->cx, list, node_string(f->cx, options->at[i]));
    }
    return true;
}

void edit_remove_metadata(struct edit_file *f, const struct strings *options)
{
    struct node *list = edit_list_of(f, f->file, S("buildMetadata"));
    for (uint32_t i = list->len; i-- > 0;) {
        if (has_word(options, list->items[i]->text))
            node_remove_at(list, i);
    }
    edit_drop_empty(f, f->file, S("buildMetadata"));
}

/* What was there and is wanted stays where it is. */
void edit_set_metadata(struct edit_file *f, const struct strings *options)
{
    struct node *list = edit_list_of(f, f->file, S("buildMetadata"));
    for (uint32_t i = list->len; i-- > 0;) {
        if (!has_word(options, list->items[i]->text))
            node_remove_at(list, i);
    }
    for (uint32_t i = 0; i < options->len; i++) {
        if (!list_has(list, options->at[i]))
            node_push(f->cx, list, node_string(f->cx, options->at[i]));
    }
}
