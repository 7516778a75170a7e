/* Passes over what is still unmatched. */
#include "promote/match.h"

#include <stdlib.h>

#include "promote/likeness.h"
#include "render/doc/identity.h"

struct side {
    const struct documents *documents;
    struct identity *ids;
    bool *matched;
    str release;    /* Helm's, that most documents are labelled with; or "" */
    str prefix;     /* that most names begin with, with its hyphen; or "" */
    str suffix;     /* that most names end in */
    str namespace_; /* that most documents are in */
};

/* kustomize's alphabet for hashes: hexadecimal digits, the look-alikes replaced. */
str name_without_hash(str name)
{
    enum { HASH = 10 };
    if (name.len <= HASH + 1 || name.at[name.len - HASH - 1] != '-')
        return name;
    for (size_t i = name.len - HASH; i < name.len; i++) {
        if (!str_has_char(S("2456789bcdfghkmt"), name.at[i]))
            return name;
    }
    return str_slice(name, 0, name.len - HASH - 1);
}

/* What a side gives its documents. */

typedef str word_rule(struct context *cx, const struct side *s, uint32_t i);

/* The word that more than half of the documents share. */
static str most_common(struct context *cx, const struct side *s, word_rule *word_of)
{
    struct map counts = { .arena = cx->scratch };
    for (uint32_t i = 0; i < s->documents->len; i++) {
        str word = word_of(cx, s, i);
        struct map_entry *e = word.len ? map_entry(&counts, word) : NULL;
        if (!e)
            continue;
        e->value = (void *)((uintptr_t)e->value + 1);
        if ((uintptr_t)e->value * 2 > s->documents->len)
            return e->key;
    }
    return S("");
}

/* One part more than the prefix that is known already. */
static str first_parts(struct context *cx, const struct side *s, uint32_t i)
{
    (void)cx;
    str name = s->ids[i].name;
    ptrdiff_t hyphen =
        str_starts(name, s->prefix) ? str_find_char(str_skip(name, s->prefix.len), '-') : -1;
    return hyphen < 0 ? S("") : str_slice(name, 0, s->prefix.len + (size_t)hyphen + 1);
}

static str last_part(struct context *cx, const struct side *s, uint32_t i)
{
    (void)cx;
    str name = name_without_hash(s->ids[i].name);
    ptrdiff_t hyphen = str_find_last(name, '-');
    return hyphen < 0 ? S("") : str_skip(name, (size_t)hyphen);
}

static str namespace_of(struct context *cx, const struct side *s, uint32_t i)
{
    (void)cx;
    return s->ids[i].namespace_;
}

static str release_of(struct context *cx, const struct side *s, uint32_t i)
{
    static const char *const labels[] = { "app.kubernetes.io/instance", "release" };
    const struct node *meta = node_get(s->documents->at[i], KEY_METADATA);
    for (size_t k = 0; k < countof(labels); k++) {
        const struct node *value =
            node_get_text(cx, node_get(meta, KEY_LABELS), str_from(labels[k]));
        if (value && node_is_scalar(value) && value->text.len)
            return value->text;
    }
    return S("");
}

static void side_init(struct context *cx, struct side *s, const struct documents *documents)
{
    *s = (struct side){ .documents = documents };
    s->ids = NEW_ARRAY(cx->scratch, struct identity, documents->len);
    s->matched = NEW_ARRAY(cx->scratch, bool, documents->len);
    for (uint32_t i = 0; i < documents->len; i++)
        s->ids[i] = identity_of(documents->at[i]);
}

static void side_words(struct context *cx, struct side *s)
{
    enum { PARTS_MOST = 4 };
    for (int i = 0; i < PARTS_MOST; i++) {
        str longer = most_common(cx, s, first_parts);
        if (longer.len)
            s->prefix = longer;
    }
    s->suffix = most_common(cx, s, last_part);
    s->namespace_ = most_common(cx, s, namespace_of);
    s->release = most_common(cx, s, release_of);
}

/* Only what tells the sides apart may be taken off names. */
static void keep_different(str *a, str *b)
{
    if (str_eq(*a, *b))
        *a = *b = S("");
}

/* What must agree in each pass; an empty key matches nothing. */

typedef str name_rule(struct context *cx, const struct side *s, struct identity id);

static str key_of(struct context *cx, str group, str kind, str namespace_, str name)
{
    size_t len = group.len + kind.len + namespace_.len + name.len + 3;
    char *at = arena_alloc(cx->scratch, len), *to = at;
    const str parts[] = { group, kind, namespace_, name };
    for (size_t i = 0; i < countof(parts); i++) {
        if (i)
            *to++ = '/';
        if (parts[i].len)
            memcpy(to, parts[i].at, parts[i].len);
        to += parts[i].len;
    }
    return (str){ at, len };
}

static str whole_name(struct context *cx, const struct side *s, struct identity id)
{
    (void)s;
    str namespace_ = id.namespace_.len ? id.namespace_ : S("default");
    return key_of(cx, id.gvk.group, id.gvk.kind, namespace_, id.name);
}

static str hashless_name(struct context *cx, const struct side *s, struct identity id)
{
    id.name = name_without_hash(id.name);
    return whole_name(cx, s, id);
}

static str any_group(struct context *cx, const struct side *s, struct identity id)
{
    id.gvk.group = S("*");
    return whole_name(cx, s, id);
}

/* "shop-web" of the release "shop" is "*-web"; so is "web-shop" "web-*". */
static str without_release(struct context *cx, const struct side *s, str name)
{
    str r = s->release;
    for (size_t at = 0; r.len && at + r.len <= name.len; at++) {
        bool begins = at == 0 || name.at[at - 1] == '-';
        bool ends = at + r.len == name.len || name.at[at + r.len] == '-';
        if (begins && ends && memcmp(name.at + at, r.at, r.len) == 0)
            return str_format(cx->scratch, "%.*s*%.*s", STR(str_slice(name, 0, at)),
                              STR(str_skip(name, at + r.len)));
    }
    return S("");
}

static str common_name(struct context *cx, const struct side *s, struct identity id)
{
    str name = name_without_hash(id.name);
    str released = without_release(cx, s, name);
    id.name =
        released.len ? released : str_trim_suffix(str_trim_prefix(name, s->prefix), s->suffix);
    if (str_eq(id.namespace_, s->namespace_))
        id.namespace_ = S("*");
    if (str_eq(id.gvk.kind, S("Namespace")) && str_eq(name, s->namespace_))
        id.name = S("*");
    return key_of(cx, id.gvk.group, id.gvk.kind, id.namespace_, id.name);
}

static str any_namespace(struct context *cx, const struct side *s, struct identity id)
{
    (void)s;
    return key_of(cx, id.gvk.group, id.gvk.kind, S("*"), name_without_hash(id.name));
}

/* Kinds that do the same work, one of them after the other. */
static str same_work(struct context *cx, const struct side *s, struct identity id)
{
    static const char *const families[][4] = {
        { "Deployment", "StatefulSet", "DaemonSet", "Rollout" },
        { "Job", "CronJob" },
        { "Role", "ClusterRole" },
        { "RoleBinding", "ClusterRoleBinding" },
        { "ConfigMap", "Secret" },
        { "Issuer", "ClusterIssuer" },
        { "Ingress", "HTTPRoute", "IngressRoute" },
    };
    (void)s;
    for (size_t i = 0; i < countof(families); i++) {
        for (size_t k = 0; k < countof(families[i]) && families[i][k]; k++) {
            if (str_eq(id.gvk.kind, str_from(families[i][k])))
                return key_of(cx, S(""), str_from(families[i][0]), S("*"),
                              name_without_hash(id.name));
        }
    }
    return S("");
}

static const struct {
    enum match_how how;
    name_rule *rule;
    bool renames; /* references to the old name follow */
    bool unique;  /* only where nobody else has that key, on either side */
} passes[] = {
    { MATCH_NAME, whole_name, false, false },       { MATCH_HASH, hashless_name, true, false },
    { MATCH_GROUP, any_group, false, true },        { MATCH_SIDE, common_name, true, false },
    { MATCH_NAMESPACE, any_namespace, true, true }, { MATCH_KIND, same_work, false, true },
};

/* Several documents of one key are matched in their order. */
struct waiting {
    uint32_t at;
    struct waiting *next;
};

struct queue {
    struct waiting *first;
    uint32_t len, asked;
};

static void queue_unmatched(struct context *cx, const struct side *s, name_rule *rule,
                            struct map *queues)
{
    for (uint32_t i = s->documents->len; i-- > 0;) {
        str key = s->matched[i] ? S("") : rule(cx, s, s->ids[i]);
        if (!key.len)
            continue;
        struct map_entry *e = map_entry(queues, key);
        struct queue *q = e->value = e->value ? e->value : NEW(cx->scratch, struct queue);
        struct waiting *w = NEW(cx->scratch, struct waiting);
        *w = (struct waiting){ i, q->first };
        q->first = w;
        q->len++;
    }
}

static void note_rename(struct context *cx, struct matches *out, str old, str new_, bool generated)
{
    if (str_eq(old, new_) || !old.len || !new_.len)
        return;
    struct map_entry *e = map_entry(&out->renamed, old);
    if (e->value)
        return;
    struct rename *r = NEW(cx->arena, struct rename);
    *r = (struct rename){ .to = new_, .generated = generated };
    e->value = r;
}

struct pairing {
    struct context *cx;
    struct side from, to;
    struct matches *out;
};

static void pair(struct pairing *p, uint32_t from, uint32_t to, enum match_how how)
{
    p->from.matched[from] = p->to.matched[to] = true;
    p->out->from[to] = p->from.documents->at[from];
    p->out->how[to] = how;
}

static void follow_names(struct pairing *p, uint32_t from, uint32_t to, enum match_how how)
{
    struct identity old = p->from.ids[from], new_ = p->to.ids[to];
    if (how != MATCH_NAMESPACE)
        note_rename(p->cx, p->out, old.name, new_.name, how == MATCH_HASH);
    else if (!str_eq(name_without_hash(old.name), old.name))
        note_rename(p->cx, p->out, old.name, new_.name, true);
    if (how == MATCH_SIDE)
        note_rename(p->cx, p->out, old.namespace_, new_.namespace_, false);
}

static void run_pass(struct pairing *p, size_t pass)
{
    struct context *cx = p->cx;
    struct map queues = { .arena = cx->scratch };
    queue_unmatched(cx, &p->from, passes[pass].rule, &queues);
    if (!queues.len)
        return;
    str *keys = NEW_ARRAY(cx->scratch, str, p->to.documents->len);
    for (uint32_t i = 0; i < p->to.documents->len; i++) {
        keys[i] = p->to.matched[i] ? S("") : passes[pass].rule(cx, &p->to, p->to.ids[i]);
        struct queue *q = keys[i].len ? map_get(&queues, keys[i]) : NULL;
        if (q)
            q->asked++;
    }
    for (uint32_t i = 0; i < p->to.documents->len; i++) {
        struct queue *q = keys[i].len ? map_get(&queues, keys[i]) : NULL;
        if (!q || !q->first || (passes[pass].unique && (q->len > 1 || q->asked > 1)))
            continue;
        uint32_t at = q->first->at;
        q->first = q->first->next;
        pair(p, at, i, passes[pass].how);
        if (passes[pass].renames)
            follow_names(p, at, i, passes[pass].how);
    }
}

/* Likeness. */

enum { ALIKE_MOST = 64, FEATURES_LEAST = 3 };
static const double alike_least = 0.6;

/* The unmatched documents of one kind. */
struct kin {
    uint32_t from[ALIKE_MOST], to[ALIKE_MOST];
    struct sketch old[ALIKE_MOST], new_[ALIKE_MOST];
    uint32_t from_len, to_len;
};

struct likely {
    double likeness;
    uint32_t from, to;
};

static int compare_likely(const void *a, const void *b)
{
    const struct likely *x = a, *y = b;
    if (x->likeness != y->likeness)
        return x->likeness < y->likeness ? 1 : -1;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    return x->from < y->from ? -1 : x->from > y->from;
}

static void collect_kin(struct context *cx, const struct side *s, struct map *kinds, bool old)
{
    for (uint32_t i = 0; i < s->documents->len; i++) {
        if (s->matched[i])
            continue;
        str key = key_of(cx, s->ids[i].gvk.group, s->ids[i].gvk.kind, S(""), S(""));
        struct map_entry *e = old ? map_entry(kinds, key) : map_find(kinds, key);
        if (!e)
            continue;
        struct kin *k = e->value = e->value ? e->value : NEW(cx->scratch, struct kin);
        uint32_t *len = old ? &k->from_len : &k->to_len;
        if (*len == ALIKE_MOST)
            continue;
        (old ? k->from : k->to)[*len] = i;
        (old ? k->old : k->new_)[*len] = sketch_of(cx, s->documents->at[i]);
        ++*len;
    }
}

static void pair_kin(struct pairing *p, const struct kin *k)
{
    struct likely *all = NEW_ARRAY(p->cx->scratch, struct likely, k->from_len * k->to_len);
    uint32_t len = 0;
    for (uint32_t i = 0; i < k->from_len; i++) {
        for (uint32_t j = 0; j < k->to_len; j++) {
            bool little = k->old[i].len < FEATURES_LEAST || k->new_[j].len < FEATURES_LEAST;
            double likeness = little ? 0 : sketch_likeness(&k->old[i], &k->new_[j]);
            if (likeness >= alike_least)
                all[len++] = (struct likely){ likeness, k->from[i], k->to[j] };
        }
    }
    qsort(all, len, sizeof *all, compare_likely);
    for (uint32_t i = 0; i < len; i++) {
        if (!p->from.matched[all[i].from] && !p->to.matched[all[i].to])
            pair(p, all[i].from, all[i].to, MATCH_LIKENESS);
    }
}

/* At most so many of a kind are compared with each other, so that the cost stays linear. */
static void pair_alike(struct pairing *p)
{
    struct map kinds = { .arena = p->cx->scratch };
    collect_kin(p->cx, &p->from, &kinds, true);
    if (kinds.len)
        collect_kin(p->cx, &p->to, &kinds, false);
    for (uint32_t i = 0; i < kinds.len; i++)
        pair_kin(p, kinds.entries[i].value);
}

static bool all_matched(const struct side *s)
{
    for (uint32_t i = 0; i < s->documents->len; i++) {
        if (!s->matched[i])
            return false;
    }
    return true;
}

static void weaker_passes(struct pairing *p)
{
    side_words(p->cx, &p->from);
    side_words(p->cx, &p->to);
    keep_different(&p->from.prefix, &p->to.prefix);
    keep_different(&p->from.suffix, &p->to.suffix);
    keep_different(&p->from.release, &p->to.release);
    note_rename(p->cx, p->out, p->from.release, p->to.release, false);
    for (size_t i = 1; i < countof(passes); i++)
        run_pass(p, i);
    pair_alike(p);
}

void matches_find(struct context *cx, const struct documents *from, const struct documents *to,
                  struct matches *out)
{
    *out = (struct matches){ .renamed.arena = cx->arena };
    out->from = NEW_ARRAY(cx->arena, const struct node *, to->len);
    out->how = NEW_ARRAY(cx->arena, enum match_how, to->len);
    out->left = NEW_ARRAY(cx->arena, const struct node *, from->len);
    struct mark before = arena_mark(cx->scratch);
    struct pairing p = { .cx = cx, .out = out };
    side_init(cx, &p.from, from);
    side_init(cx, &p.to, to);
    run_pass(&p, 0);
    if (!all_matched(&p.from) && !all_matched(&p.to))
        weaker_passes(&p);
    for (uint32_t i = 0; i < from->len; i++) {
        if (!p.from.matched[i])
            out->left[out->left_len++] = from->at[i];
    }
    arena_rewind(cx->scratch, before);
}

str matches_new_name(const struct matches *m, str old)
{
    const struct rename *found = m->renamed.len ? map_get(&m->renamed, old) : NULL;
    return found ? found->to : old;
}

struct rename *matches_renamed(const struct matches *m, str old, str new_)
{
    struct rename *found = m->renamed.len ? map_get(&m->renamed, old) : NULL;
    return found && str_eq(found->to, new_) ? found : NULL;
}
