/* The table of policies' rules. */
#include "promote/policy.h"

#include "promote/signature_rule.h"
#include "render/base/encode.h"
#include "render/base/suggest.h"
#include "render/doc/scalar.h"

struct inspection {
    struct context *cx;
    const struct policy *policy;
    const struct node *document;
    struct findings *out;
};

struct policy_rule {
    str name;
    bool (*container)(struct inspection *i, const struct node *container);
    void (*document)(struct inspection *i);
    bool allows; /* it needs the patterns of `allow` */
};

/* `shown` is where the report points; what may not be printed is only named in it. */
static void add(struct inspection *i, struct pos pos, struct pos shown, str what)
{
    struct context *cx = i->cx;
    struct findings *out = i->out;
    struct identity id = identity_of(i->document);
    str message =
        str_format(cx->arena, "%.*s '%.*s': %.*s", STR(id.gvk.kind), STR(id.name), STR(what));
    ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
    out->at[out->len++] = (struct finding){ i->policy, i->document, pos, message };
    if (i->policy->warning) {
        warn(cx, shown, "%.*s", STR(message));
    } else {
        out->errors++;
        report_refused(cx, shown, "%.*s", STR(message));
    }
    note(cx, i->policy->pos, "the policy '%.*s' says so", STR(i->policy->name));
}

static void find(struct inspection *i, const struct node *at, const char *format, ...)
    PRINTF_LIKE(3, 4);

static void find(struct inspection *i, const struct node *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str what = str_vformat(i->cx->arena, format, args);
    va_end(args);
    struct pos pos = at ? at->pos : i->document->pos;
    add(i, pos, pos, what);
}

static const struct node *get(struct inspection *i, const struct node *map, const char *a,
                              const char *b)
{
    const struct node *n = node_get_text(i->cx, map, str_from(a));
    return b ? node_get_text(i->cx, n, str_from(b)) : n;
}

static bool is_true(const struct node *n)
{
    return node_is(n, NODE_BOOL) && scalar_true(n->text);
}

static str name_of(const struct node *container)
{
    return node_get_str(container, KEY(NAME));
}

/* Images. */

static bool image_of(struct inspection *i, const struct node *container, const struct node **at,
                     struct image_ref *out)
{
    *at = node_get(container, KEY(IMAGE));
    return *at && node_is_scalar(*at) && image_ref_try(i->cx, (*at)->text, out);
}

static bool pinned_by_digest(struct inspection *i, const struct node *container)
{
    const struct node *at;
    struct image_ref ref;
    if (image_of(i, container, &at, &ref) && !ref.digest.len)
        find(i, at, "the image '%.*s' is not pinned by its digest", STR(at->text));
    return true;
}

static bool not_latest(struct inspection *i, const struct node *container)
{
    const struct node *at;
    struct image_ref ref;
    if (image_of(i, container, &at, &ref) && !ref.digest.len
        && str_eq(image_ref_tag(ref), S("latest")))
        find(i, at, "the image '%.*s' is whatever is latest", STR(at->text));
    return true;
}

/* As it is written, and with the registry that it leaves out. */
static bool allowed_source(struct inspection *i, const struct node *container)
{
    const struct node *at;
    struct image_ref ref;
    if (!image_of(i, container, &at, &ref))
        return true;
    str full = str_format(i->cx->arena, "%.*s/%.*s", STR(ref.host), STR(ref.path));
    if (!patterns_match(i->policy->allow, ref.name) && !patterns_match(i->policy->allow, full))
        find(i, at, "the image '%.*s' is not from where images may come", STR(at->text));
    return true;
}

/* Secrets. What is encrypted, empty, or a place for another program to fill in, is none. */

static bool is_placeholder(str value)
{
    value = str_trim(value);
    return !value.len || str_starts(value, S("ENC[AES256_GCM,"))
           || (str_starts(value, S("<")) && str_ends(value, S(">")))
           || (str_starts(value, S("${")) && str_ends(value, S("}")));
}

/* The line itself is not shown: whoever reads a log would read the secret. */
static void find_secret(struct inspection *i, const struct entry *e)
{
    struct context *cx = i->cx;
    struct place place;
    str where = S("");
    if (text_place(cx, e->value->pos, &place))
        where = str_format(cx->arena, " in %.*s:%u", STR(place.name), place.line);
    add(i, e->value->pos, NOWHERE,
        str_format(cx->arena, "the value of '%.*s' can be read by all%.*s", STR(e->key->text),
                   STR(where)));
}

static void find_plain(struct inspection *i, const struct node *map, bool encoded)
{
    for (uint32_t k = 0; node_is(map, NODE_MAP) && k < map->len; k++) {
        const struct entry *e = &map->entries[k];
        bool said = node_is_scalar(e->value) && e->value->kind != NODE_NULL;
        str value = said ? e->value->text : S("");
        str plain;
        if (encoded && decode_base64(i->cx->arena, BASE64_STD, value, &plain))
            value = plain;
        if (!is_placeholder(value)) {
            find_secret(i, e);
            return;
        }
    }
}

static void no_plain_secrets(struct inspection *i)
{
    struct identity id = identity_of(i->document);
    if (!str_eq(id.gvk.kind, S("Secret")) || id.gvk.group.len)
        return;
    find_plain(i, node_get(i->document, KEY(DATA)), true);
    find_plain(i, node_get(i->document, KEY(STRING_DATA)), false);
}

/* Containers. */

static bool not_privileged(struct inspection *i, const struct node *container)
{
    const struct node *flag = get(i, container, "securityContext", "privileged");
    if (is_true(flag))
        find(i, flag, "the container '%.*s' is privileged", STR(name_of(container)));
    return true;
}

static bool non_root(struct inspection *i, const struct node *container)
{
    const struct node *own = get(i, container, "securityContext", "runAsNonRoot");
    if (!own)
        own = get(i, pod_spec_of(i->document), "securityContext", "runAsNonRoot");
    if (!is_true(own))
        find(i, own ? own : container, "the container '%.*s' may run as root",
             STR(name_of(container)));
    return true;
}

static bool limited(struct inspection *i, const struct node *container)
{
    const struct node *resources = get(i, container, "resources", NULL);
    if (!get(i, resources, "requests", "cpu") || !get(i, resources, "requests", "memory")
        || !get(i, resources, "limits", "memory"))
        find(
            i, resources ? resources : container,
            "the container '%.*s' does not say its requests.cpu, requests.memory and limits.memory",
            STR(name_of(container)));
    return true;
}

static void no_host_access(struct inspection *i)
{
    static const char *const flags[] = { "hostNetwork", "hostPID", "hostIPC" };
    const struct node *pod = pod_spec_of(i->document), *volumes = get(i, pod, "volumes", NULL);
    for (size_t k = 0; k < countof(flags); k++) {
        const struct node *flag = get(i, pod, flags[k], NULL);
        if (is_true(flag))
            find(i, flag, "its pods have '%s'", flags[k]);
    }
    for (uint32_t k = 0; node_is(volumes, NODE_LIST) && k < volumes->len; k++) {
        const struct node *path = get(i, volumes->items[k], "hostPath", NULL);
        if (path)
            find(i, path, "its volume '%.*s' is a folder of the host",
                 STR(name_of(volumes->items[k])));
    }
}

static const struct policy_rule rules[] = {
    { S("images-pinned-by-digest"), pinned_by_digest, NULL, false },
    { S("images-not-latest"), not_latest, NULL, false },
    { S("images-from"), allowed_source, NULL, true },
    { S("no-plain-secrets"), NULL, no_plain_secrets, false },
    { S("no-privileged-containers"), not_privileged, NULL, false },
    { S("no-host-access"), NULL, no_host_access, false },
    { S("run-as-non-root"), non_root, NULL, false },
    { S("containers-have-resources"), limited, NULL, false },
};

str policy_rule_name(const struct policy *policy)
{
    return policy->rule->name;
}

/* Reading. */

static const struct policy_rule *find_rule(struct context *cx, const struct node *n)
{
    str names[countof(rules)];
    for (size_t i = 0; i < countof(rules); i++) {
        names[i] = rules[i].name;
        if (str_eq(n->text, names[i]))
            return &rules[i];
    }
    report(cx, n->pos, "no policy has the rule '%.*s'", STR(n->text));
    ptrdiff_t near = suggest(n->text, names, countof(rules));
    if (near >= 0)
        hint(cx, NOWHERE, "did you mean '%.*s'?", STR(names[near]));
    else
        hint(cx, NOWHERE, "there are: %.*s",
             STR(str_join(cx->arena, names, countof(rules), S(", "))));
    return NULL;
}

static bool texts(struct context *cx, const struct node *n, const char *name,
                  const struct node **out)
{
    *out = node_get_text(cx, n, str_from(name));
    if (*out && (*out)->kind != NODE_LIST)
        return report(cx, (*out)->pos, "'%s' must be a list, not %s", name, node_kind_name(*out));
    for (uint32_t i = 0; *out && i < (*out)->len; i++) {
        if (!node_is((*out)->items[i], NODE_STRING))
            return report(cx, (*out)->items[i]->pos, "'%s' must hold texts, not %s", name,
                          node_kind_name((*out)->items[i]));
    }
    return true;
}

static bool environments_exist(struct context *cx, const struct project *p, const struct node *list)
{
    for (uint32_t i = 0; list && i < list->len; i++) {
        if (!project_find(p, list->items[i]->text))
            return report(cx, list->items[i]->pos, "no environment is called '%.*s'",
                          STR(list->items[i]->text));
    }
    return true;
}

static bool read_level(struct context *cx, const struct node *n, struct policy *out)
{
    const struct node *level = node_get_text(cx, n, S("level"));
    out->warning = level && str_eq(level->text, S("warning"));
    return !level || out->warning
           || (node_is(level, NODE_STRING) && str_eq(level->text, S("error")))
           || report(cx, level->pos, "'level' must be error or warning");
}

static bool read_policy(struct context *cx, const struct project *p, const struct node *n,
                        struct policy *out)
{
    static const str known[] = { S("name"),  S("rule"),   S("environments"),
                                 S("allow"), S("except"), S("level") };
    *out = (struct policy){ .pos = n->pos };
    if (!project_check_keys(cx, n, known, countof(known), "a policy"))
        return false;
    const struct node *rule = node_get_text(cx, n, S("rule"));
    const struct node *name = node_get(n, KEY(NAME));
    if (!node_is(rule, NODE_STRING))
        return report(cx, rule ? rule->pos : n->pos, "a policy needs its 'rule'");
    out->name = node_is(name, NODE_STRING) ? name->text : rule->text;
    out->rule = find_rule(cx, rule);
    if (!out->rule || !texts(cx, n, "environments", &out->environments)
        || !texts(cx, n, "allow", &out->allow) || !texts(cx, n, "except", &out->except)
        || !environments_exist(cx, p, out->environments) || !read_level(cx, n, out))
        return false;
    if (out->rule->allows && !out->allow)
        return report(cx, n->pos, "'%.*s' needs 'allow'", STR(rule->text));
    return out->rule->allows || !out->allow
           || report(cx, out->allow->pos, "'%.*s' takes no 'allow'", STR(rule->text));
}

bool policies_read(struct context *cx, const struct project *p, struct policies *out)
{
    const struct node *list = p->policies;
    *out = (struct policies){ 0 };
    if (!list || list->kind == NODE_NULL)
        return true;
    if (list->kind != NODE_LIST)
        return report(cx, list->pos, "'policies' must be a list, not %s", node_kind_name(list));
    bool ok = true;
    for (uint32_t i = 0; i < list->len; i++) {
        ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
        ok = read_policy(cx, p, list->items[i], &out->at[out->len++]) && ok;
    }
    return ok;
}

/* Running. */

static bool is_about(const struct policy *policy, str environment)
{
    const struct node *list = policy->environments;
    bool found = !list;
    for (uint32_t i = 0; list && i < list->len; i++)
        found |= str_eq(list->items[i]->text, environment);
    return found;
}

static bool inspect_container(void *who, const struct node *container)
{
    struct inspection *i = who;
    return i->policy->rule->container(i, container);
}

static void inspect(struct inspection *i)
{
    struct identity id = identity_of(i->document);
    str name = str_format(i->cx->arena, "%.*s/%.*s", STR(id.gvk.kind), STR(id.name));
    if (patterns_match(i->policy->except, name))
        return;
    if (i->policy->rule->container)
        containers_each(i->document, inspect_container, i);
    else
        i->policy->rule->document(i);
}

void policies_run(struct context *cx, const struct policies *policies,
                  const struct environment *env, struct findings *out)
{
    *out = (struct findings){ 0 };
    for (uint32_t k = 0; k < policies->len; k++) {
        const struct policy *policy = &policies->at[k];
        if (!is_about(policy, env->name))
            continue;
        for (uint32_t i = 0; i < env->documents.len; i++)
            inspect(&(struct inspection){ cx, policy, env->documents.at[i], out });
    }
}
