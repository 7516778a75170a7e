/* Pin sites, found by where the rendered image stands. */
#include "promote/pin_site.h"

#include "overlays/kustomization.h"

bool pin_is_shared(const struct environments *others, str real)
{
    for (uint32_t i = 0; others && i < others->len; i++) {
        if (environment_uses(others->at[i], real))
            return true;
    }
    return false;
}

/* Is this file another environment's Application too? Of several in one file each has its own. */
static bool takes_application(struct context *cx, const struct environment *other,
                              const struct node *source, str real)
{
    bool another = false;
    for (uint32_t i = 0; i < other->part_count; i++) {
        const struct node *n = other->parts[i].source;
        str file;
        if (!n || !environment_file(other, text_of(cx, n->pos), &file) || !str_eq(file, real))
            continue;
        if (n->pos.offset == source->pos.offset)
            return true;
        another = true;
    }
    return !another;
}

/* The file of an Application may hold those of others. */
static bool is_own_application(struct context *cx, const struct environments *others,
                               const struct environment_part *part, str real)
{
    for (uint32_t i = 0; others && i < others->len; i++) {
        if (environment_uses(others->at[i], real)
            && takes_application(cx, others->at[i], part->source, real))
            return false;
    }
    return true;
}

/* A text that this environment alone reads, or reads from. */
static bool is_own(struct context *cx, const struct environment *env,
                   const struct environment_part *part, const struct environments *others,
                   const struct text *text, str *real)
{
    if (!text || !environment_file(env, text, real))
        return false;
    if (part->source && text == text_of(cx, part->source->pos))
        return is_own_application(cx, others, part, *real);
    return !pin_is_shared(others, *real);
}

const struct image_use *pin_use_in(const struct environment *env,
                                   const struct environment_part *part, const struct image *image)
{
    for (uint32_t i = 0; i < image->len; i++) {
        if (environment_part_of(env, &image->uses[i]) == part)
            return &image->uses[i];
    }
    return NULL;
}

/* Entries name the image as it was before them, or say what it is called from then on; of
 * several the last one counts. */
static struct node *find_entry(const struct node *images, str name)
{
    struct node *found = NULL;
    for (uint32_t i = 0; node_is(images, NODE_LIST) && i < images->len; i++) {
        str renamed = node_get_str(images->items[i], KEY(NEW_NAME));
        str was = node_get_str(images->items[i], KEY_NAME);
        if (str_eq(renamed.len ? renamed : was, name))
            found = images->items[i];
    }
    return found;
}

/* Do these very bytes stand there, or has a step changed what the node says? */
static bool stands_in(const struct text *text, const struct node *image)
{
    str bytes = str_skip(text->bytes, image->pos.offset);
    bool quoted = str_starts(bytes, S("'")) || str_starts(bytes, S("\""));
    return str_starts(str_skip(bytes, quoted ? 1 : 0), image->text);
}

static bool is_own_literal(struct context *cx, const struct environment *env,
                           const struct environment_part *part, const struct environments *others,
                           const struct node *image, str *real)
{
    struct text *text = text_of(cx, image->pos);
    if (!text || !environment_file(env, text, real) || !stands_in(text, image))
        return false;
    str folder = part->plain->real;
    bool below = str_starts(*real, folder) && real->at[folder.len] == '/';
    return below && !pin_is_shared(others, *real);
}

static bool all_literal(struct context *cx, const struct environment *env,
                        const struct environment_part *part, const struct environments *others,
                        const struct image *image)
{
    str real;
    for (uint32_t i = 0; i < image->len; i++) {
        if (environment_part_of(env, &image->uses[i]) == part
            && !is_own_literal(cx, env, part, others, image->uses[i].image, &real))
            return false;
    }
    return true;
}

static bool report_shared(struct context *cx, const struct environment *env,
                          const struct image *image)
{
    report(cx, image->len ? image->uses[0].image->pos : NOWHERE,
           "'%.*s' is set in files that '%.*s' shares with others", STR(image->ref.name),
           STR(env->name));
    hint(cx, NOWHERE, "a kustomization of its own could set it for '%.*s' alone", STR(env->name));
    return false;
}

/* Its files are another repository's, or those of a revision that does not move. */
static bool report_far(struct context *cx, const struct environment *env,
                       const struct environment_part *part, const struct image *image)
{
    const struct node *at = node_get_text(cx, part->source, S("targetRevision"));
    const struct node *url = node_get_text(cx, part->source, S("repoURL"));
    report(cx,
           url  ? url->pos
           : at ? at->pos
                : NOWHERE,
           "'%.*s' is set in '%.*s', which is not edited from here", STR(image->ref.name),
           STR(str_trim_chars(part->plain->source->name, S("/:"))));
    hint(cx, NOWHERE, "an Application that is '%.*s' alone, in this repository, could set it",
         STR(env->name));
    return false;
}

/* Kustomizations. */

static bool load_kustomization(struct context *cx, const struct environment *env,
                               struct environment_part *part)
{
    str name;
    if (part->fields)
        return true;
    part->file = kustomization_read(cx, part->plain, NOWHERE, &name);
    if (!part->file)
        return false;
    if (!part->plain->source->far && !environment_file(env, part->file, &part->file_real))
        return false;
    part->fields = yaml_read(cx, part->file, YAML_GO3);
    return part->fields;
}

/* The last word that says what the image is called from then on: "NAME=NEW:TAG", "NAME:TAG". */
static const struct node *find_word(struct context *cx, const struct environment_part *part,
                                    str name)
{
    const struct node *words =
        node_get(node_get_text(cx, part->source, S("kustomize")), KEY(IMAGES));
    const struct node *found = NULL;
    for (uint32_t i = 0; node_is(words, NODE_LIST) && i < words->len; i++) {
        str before, after;
        struct image_ref ref;
        if (!str_cut(words->items[i]->text, '=', &before, &after))
            after = words->items[i]->text;
        if (image_ref_try(cx, after, &ref) && str_eq(ref.name, name))
            found = words->items[i];
    }
    return found;
}

/* A parameter of this Application alone, in a list element or a file of the generator's. */
static bool take_parameter(struct context *cx, const struct environment *env,
                           const struct node *word, struct pin_site *out)
{
    if (!generated_find(cx, env, out->part->generated, word, NULL, &out->parameter)) {
        report(cx, word->pos, "the ApplicationSet says this for other Applications too");
        hint(cx, NOWHERE, "a parameter in the element or the file that is for '%.*s' alone could",
             STR(env->name));
        return false;
    }
    out->pos = out->parameter.parameter->pos;
    out->text = text_of(cx, out->pos);
    return environment_file(env, out->text, &out->real);
}

static bool take_word(struct context *cx, const struct environment *env,
                      const struct environments *others, const struct node *word,
                      struct pin_site *out)
{
    out->kind = PIN_WORD;
    out->word = word;
    out->pos = word->pos;
    if (generated_says(cx, out->part, word))
        return take_parameter(cx, env, word, out);
    out->text = text_of(cx, word->pos);
    if (is_own(cx, env, out->part, others, out->text, &out->real))
        return true;
    report(cx, word->pos, "this word is for other environments too");
    return false;
}

/* An Application of its own can say it when the kustomization is not. */
static bool take_new_word(struct context *cx, const struct environment *env,
                          const struct environments *others, struct pin_site *out)
{
    const struct node *source = out->part->source;
    out->kind = PIN_NEW_WORD;
    out->text = source ? text_of(cx, source->pos) : NULL;
    out->pos = source ? source->pos : NOWHERE;
    return !out->part->generated && is_own(cx, env, out->part, others, out->text, &out->real);
}

static bool find_kustomized(struct context *cx, const struct environment *env,
                            const struct environments *others, const struct image *image,
                            struct pin_site *out)
{
    struct environment_part *part = out->part;
    if (!load_kustomization(cx, env, part))
        return false;
    const struct node *word = find_word(cx, part, image->ref.name);
    if (word)
        return take_word(cx, env, others, word, out);
    out->text = part->file;
    out->real = part->file_real;
    out->root = part->fields;
    const struct node *images = node_get(out->root, KEY(IMAGES));
    out->entry = find_entry(images, image->ref.name);
    bool far = part->plain->source->far, own = !far && !pin_is_shared(others, out->real);
    out->kind = out->entry ? PIN_ENTRY : PIN_NEW_ENTRY;
    out->pos = out->entry ? out->entry->pos : images ? images->pos : out->root->pos;
    if (out->entry && own)
        return true;
    if (all_literal(cx, env, part, others, image)) {
        out->kind = PIN_LITERAL;
        return true;
    }
    return own || take_new_word(cx, env, others, out)
           || (far ? report_far(cx, env, part, image) : report_shared(cx, env, image));
}

static bool find_literal(struct context *cx, const struct environment *env,
                         const struct image_use *use, struct pin_site *out)
{
    out->root = NULL;
    out->pos = use->image->pos;
    out->text = text_of(cx, out->pos);
    return environment_file(env, out->text, &out->real);
}

/* Charts. */

/* The text that holds a layer's values, or the value of a setting. */
static struct text *layer_text(struct context *cx, const struct value_layer *layer)
{
    if (layer->kind == LAYER_FILE)
        return layer->text;
    if (layer->value)
        return text_of(cx, layer->value->pos);
    return layer->tree ? text_of(cx, layer->tree->pos) : NULL;
}

static bool layer_says(struct context *cx, struct value_layer *layer, const struct value_path *path)
{
    if (layer->kind != LAYER_SET) {
        const struct node *tree = value_layer_tree(cx, layer);
        const struct node *there = tree ? value_path_node(tree, path) : NULL;
        return there && node_is_scalar(there);
    }
    str key, value;
    return str_cut(layer->set, '=', &key, &value) && str_eq(key, value_path_print(cx, path));
}

/* A chart's own values are below all else; another environment may read them too. */
static struct value_layer *own_defaults(struct context *cx, const struct environment_part *part)
{
    struct value_layer *layer = NEW(cx->arena, struct value_layer);
    if (part->path.archive.len
        || folder_kind(cx, part->path.folder, S("values.yaml")) != FILE_PLAIN)
        return NULL;
    layer->kind = LAYER_FILE;
    layer->text = folder_read(cx, part->path.folder, S("values.yaml"), NOWHERE);
    return layer->text ? layer : NULL;
}

static bool says_something(struct context *cx, struct value_layer *layer,
                           const struct value_path *path)
{
    const struct node *tree = layer->kind == LAYER_SET ? NULL : value_layer_tree(cx, layer);
    const struct node *there = tree ? value_path_node(tree, path) : NULL;
    if (layer->kind == LAYER_SET)
        return layer_says(cx, layer, path);
    return there && there->kind != NODE_NULL && (!node_is_scalar(there) || there->text.len);
}

bool value_stays_without(struct context *cx, struct environment_part *part,
                         const struct value_layer *layer, const struct value_path *path)
{
    const struct chart_settings *s = part->path.chart;
    for (uint32_t i = 0; i < s->len; i++) {
        if (&s->layers[i] != layer && says_something(cx, &s->layers[i], path))
            return true;
    }
    struct value_layer *defaults = own_defaults(cx, part);
    return defaults && says_something(cx, defaults, path);
}

static bool report_no_values(struct context *cx, const struct environment *env,
                             const struct value_path *path, const struct value_layer *in_the_way)
{
    str name = value_path_print(cx, path);
    if (in_the_way)
        report(cx, in_the_way->pos, "'%.*s' is set here, which is not '%.*s' alone", STR(name),
               STR(env->name));
    else
        report(cx, env->row ? env->row->pos : NOWHERE,
               "'%.*s' has no values file of its own to set '%.*s' in", STR(env->name), STR(name));
    hint(cx, NOWHERE, "a file '%.*s-values.yaml' of its own, the last of its 'values', could",
         STR(env->name));
    return false;
}

/* The scalar of an Application that decides a value: a parameter, a field, or a text of fields. */
static const struct node *scalar_of(struct context *cx, struct value_layer *layer,
                                    const struct value_path *path)
{
    if (layer->value)
        return layer->value;
    const struct node *tree = layer->kind == LAYER_TREE ? value_layer_tree(cx, layer) : NULL;
    return tree ? value_path_node(tree, path) : NULL;
}

/* What an ApplicationSet fills in is changed in the element or the file that says it. */
static bool find_parameter(struct context *cx, const struct environment *env,
                           const struct environment_part *part, struct value_layer *layer,
                           const struct value_path *path, struct generated_site *out)
{
    const struct node *scalar = scalar_of(cx, layer, path);
    return scalar && layer_says(cx, layer, path)
           && generated_find(cx, env, part->generated, scalar,
                             layer->kind == LAYER_TREE && layer->value ? path : NULL, out);
}

static bool take_found(struct context *cx, const struct environment *env, struct value_layer *layer,
                       struct value_target *out)
{
    out->layer = layer;
    out->text = out->parameter.parameter ? text_of(cx, out->parameter.parameter->pos)
                                         : layer_text(cx, layer);
    return environment_file(env, out->text, &out->real);
}

/* One more parameter of the Application, which wins over all files. */
static bool take_new_parameter(struct context *cx, const struct environment *env,
                               const struct environment_part *part,
                               const struct environments *others, struct value_target *out)
{
    out->text = part->source && !part->generated ? text_of(cx, part->source->pos) : NULL;
    return is_own(cx, env, part, others, out->text, &out->real);
}

bool value_target_find(struct context *cx, const struct environment *env,
                       struct environment_part *part, const struct environments *others,
                       const struct value_path *path, struct value_target *out)
{
    struct chart_settings *s = part->path.chart;
    struct value_layer *own = NULL, *found = NULL;
    *out = (struct value_target){ 0 };
    for (uint32_t i = s->len; i-- && !found;) {
        struct value_layer *layer = &s->layers[i];
        const struct node *at = layer->value ? layer->value : layer->tree;
        str real;
        bool made = layer->kind != LAYER_FILE && at && generated_says(cx, part, at);
        if (made && !own && find_parameter(cx, env, part, layer, path, &out->parameter))
            return take_found(cx, env, layer, out);
        bool mine = !made && is_own(cx, env, part, others, layer_text(cx, layer), &real);
        bool says = layer_says(cx, layer, path);
        if (says && !mine && !own)
            return (layer->kind == LAYER_FILE && take_new_parameter(cx, env, part, others, out))
                   || report_no_values(cx, env, path, layer);
        if (says)
            found = mine ? layer : own;
        if (mine && !own && value_layer_takes(cx, layer))
            own = layer;
    }
    found = found ? found : own ? own : own_defaults(cx, part);
    if (found && is_own(cx, env, part, others, layer_text(cx, found), &out->real))
        return take_found(cx, env, found, out);
    return take_new_parameter(cx, env, part, others, out) || report_no_values(cx, env, path, NULL);
}

/* The value that says which version it is now. */
static const struct value_path *telling_path(const struct value_site *site, struct image_ref ref)
{
    if (site->whole)
        return site->whole;
    bool by_digest = site->digest && (ref.digest.len || !site->tag);
    return by_digest ? site->digest : site->tag;
}

static bool find_values(struct context *cx, struct environment *env,
                        const struct environments *others, const struct image *image,
                        struct pin_site *out)
{
    const struct image_use *use = pin_use_in(env, out->part, image);
    struct value_target target;
    out->kind = PIN_VALUES;
    if (!value_site_find(cx, env, out->part, use->image, &out->values))
        return false;
    if (!out->values)
        return report(cx, use->image->pos, "no value of the chart decides '%.*s'",
                      STR(image->ref.name));
    const struct value_path *path = telling_path(out->values, image->ref);
    if (!value_target_find(cx, env, out->part, others, path, &target))
        return false;
    out->text = target.text;
    out->real = target.real;
    const struct node *tree =
        target.layer && target.layer->kind != LAYER_SET ? value_layer_tree(cx, target.layer) : NULL;
    const struct node *there = tree ? value_path_node(tree, path) : NULL;
    out->pos = there ? there->pos : target.layer ? target.layer->pos : out->part->source->pos;
    if (target.parameter.parameter)
        out->pos = target.parameter.parameter->pos;
    return true;
}

/* Is it the overlay over a chart that says which image this is, and no value of the chart? */
static bool is_overlaid(struct context *cx, struct environment *env, struct environment_part *part,
                        const struct image_use *use, bool *overlaid)
{
    const struct value_site *site = NULL;
    if (!part->overlay)
        return true;
    if (!value_site_find(cx, env, part, use->image, &site))
        return false;
    *overlaid = !site;
    return true;
}

bool pin_site_find(struct context *cx, struct environment *env, struct environment_part *part,
                   const struct environments *others, const struct image *image,
                   struct pin_site *out)
{
    *out = (struct pin_site){ .part = part };
    const struct image_use *use = pin_use_in(env, part, image);
    bool overlaid = false;
    if (!is_overlaid(cx, env, part, use, &overlaid))
        return false;
    if (part->path.renderer == RENDER_CHART && !overlaid)
        return find_values(cx, env, others, image, out);
    if (part->plain && (overlaid || part->path.renderer == RENDER_KUSTOMIZATION)) {
        if (!find_kustomized(cx, env, others, image, out))
            return false;
        return out->kind != PIN_LITERAL || find_literal(cx, env, use, out);
    }
    out->kind = PIN_LITERAL;
    if (part->plain && part->plain->source->far)
        return report_far(cx, env, part, image);
    if (!part->plain || !all_literal(cx, env, part, others, image))
        return report_shared(cx, env, image);
    return find_literal(cx, env, use, out);
}

/* Does an ApplicationSet write "NAME:{{tag}}"? Then a digest goes behind a tag. */
static bool needs_tag(struct context *cx, const struct environment *env,
                      const struct environment_part *part, str name)
{
    struct generated_site site;
    const struct node *word = part->generated ? find_word(cx, part, name) : NULL;
    return word && generated_says(cx, part, word)
           && generated_find(cx, env, part->generated, word, NULL, &site)
           && str_ends(site.before, S(":"));
}

bool pin_settle(struct context *cx, struct environment *env, const struct image *image, str tag,
                struct image_ref *after)
{
    for (uint32_t i = 0; after->digest.len && i < image->len; i++) {
        struct environment_part *part = environment_part_of(env, &image->uses[i]);
        const struct value_site *site;
        if (!after->tag.len && needs_tag(cx, env, part, image->ref.name))
            after->tag = tag.len ? tag : image_ref_tag(image->ref);
        if (part->path.renderer != RENDER_CHART)
            continue;
        if (!value_site_find(cx, env, part, image->uses[i].image, &site))
            return false;
        if (!site || site->whole)
            continue;
        if (site->digest && !site->tag_stays)
            after->tag = S("");
        else if (!after->tag.len)
            after->tag = tag.len ? tag : image_ref_tag(image->ref);
    }
    return true;
}
