/* The table of impacts, and how a change finds its rows.
 *
 * A row's path and a change's pointer meet when one leads to the other: "/spec/template" is
 * met by a change of "/spec/template/spec/containers/0/image", and by one of "/spec". "*" is
 * any step. What the API server lets nobody change is from its own validation; most rows
 * can be read in the field's description ("immutable", "cannot be updated"). */
#include "promote/impact.h"

#include "promote/diff_schema.h"

enum { ADDED = 1 << DIFF_ADDED, REMOVED = 1 << DIFF_REMOVED, CHANGED = 1 << DIFF_CHANGED };
enum { GIVEN = ADDED | CHANGED, ANY = ADDED | REMOVED | CHANGED | 1 << DIFF_ORDER };

/* What must hold besides; `value` is the new one at the row's path, or what was removed. */
typedef bool also(const struct diff_document *doc, const struct diff_change *c,
                  const struct node *value);

struct rule {
    enum impact impact;
    const char *group; /* "*" is any */
    const char *kinds;
    const char *path; /* NULL: the document itself comes or goes */
    unsigned when;
    also *also;
};

/* Values. */

static bool is_text(const struct node *n, const char *text)
{
    return n && node_is_scalar(n) && str_eq(n->text, str_from(text));
}

static bool is_open_type(const struct diff_document *doc, const struct diff_change *c,
                         const struct node *value)
{
    (void)doc;
    (void)c;
    return is_text(value, "NodePort") || is_text(value, "LoadBalancer");
}

static const struct node *field(const struct node *n, const char *name)
{
    for (uint32_t i = 0; node_is(n, NODE_MAP) && i < n->len; i++) {
        if (str_eq(n->entries[i].key->text, str_from(name)))
            return n->entries[i].value;
    }
    return NULL;
}

static bool is_open_service(const struct diff_document *doc, const struct diff_change *c,
                            const struct node *value)
{
    return is_open_type(doc, c, field(field(value, "spec"), "type"));
}

static bool is_true(const struct diff_document *doc, const struct diff_change *c,
                    const struct node *value)
{
    (void)doc;
    (void)c;
    return is_text(value, "true");
}

/* The API server gives an address to a Service without one. */
static bool had_and_has(const struct diff_document *doc, const struct diff_change *c,
                        const struct node *value)
{
    (void)doc;
    (void)value;
    return c->kind == DIFF_CHANGED && !is_text(c->from, "") && !is_text(c->to, "");
}

static bool is_sealed(const struct diff_document *doc, const struct diff_change *c,
                      const struct node *value)
{
    (void)c;
    (void)value;
    return is_text(field(doc->from, "immutable"), "true");
}

static bool claims_volumes(const struct diff_document *doc, const struct diff_change *c,
                           const struct node *value)
{
    (void)doc;
    (void)c;
    const struct node *claims = field(field(value, "spec"), "volumeClaimTemplates");
    return claims && claims->len > 0;
}

/* Helm and Argo CD delete a hook before they create it again. */
static bool is_no_hook(const struct diff_document *doc, const struct diff_change *c,
                       const struct node *value)
{
    (void)c;
    (void)value;
    const struct node *annotations = field(field(doc->to, "metadata"), "annotations");
    return !field(annotations, "helm.sh/hook") && !field(annotations, "argocd.argoproj.io/hook");
}

/* Of a Pod only these may change. */
static bool is_fixed_in_pod(const struct diff_document *doc, const struct diff_change *c,
                            const struct node *value)
{
    return is_no_hook(doc, c, value) && !str_ends(c->pointer, S("/image"))
           && !str_starts(c->pointer, S("/spec/tolerations"))
           && !str_eq(c->pointer, S("/spec/activeDeadlineSeconds"))
           && !str_eq(c->pointer, S("/spec/terminationGracePeriodSeconds"));
}

/* Rules of another name, namespace or kind are new objects. */
static bool is_new_object(const struct diff_document *doc, const struct diff_change *c,
                          const struct node *value)
{
    (void)c;
    (void)value;
    return doc->how >= MATCH_NAMESPACE;
}

static bool narrows_schema(const struct diff_document *doc, const struct diff_change *c,
                           const struct node *value)
{
    (void)doc;
    (void)value;
    return diff_schema_narrows(c);
}

/* clang-format off */
static const struct rule rules[] = {
    /* Pods are made from a template: another template, other pods. */
    { IMPACT_ROLLS_OUT, "apps", "Deployment StatefulSet DaemonSet", "/spec/template", ANY, NULL },
    { IMPACT_ROLLS_OUT, "argoproj.io", "Rollout", "/spec/template", ANY, NULL },
    { IMPACT_ROLLS_OUT, "apps.openshift.io", "DeploymentConfig", "/spec/template", ANY, NULL },
    { IMPACT_ROLLS_OUT, "serving.knative.dev", "Service", "/spec/template", ANY, NULL },

    /* Fields that the API server lets nobody change. */
    { IMPACT_RECREATES, "*", "*", "/metadata/name", CHANGED, is_new_object },
    { IMPACT_RECREATES, "*", "*", "/metadata/namespace", ANY, is_new_object },
    { IMPACT_RECREATES, "*", "*", "/kind", CHANGED, NULL },
    { IMPACT_RECREATES, "apps", "Deployment StatefulSet DaemonSet ReplicaSet", "/spec/selector", ANY, NULL },
    { IMPACT_RECREATES, "apps", "StatefulSet", "/spec/serviceName", ANY, NULL },
    { IMPACT_RECREATES, "apps", "StatefulSet", "/spec/podManagementPolicy", ANY, NULL },
    { IMPACT_RECREATES, "apps", "StatefulSet", "/spec/volumeClaimTemplates", ANY, NULL },
    { IMPACT_RECREATES, "batch", "Job", "/spec/template", ANY, is_no_hook },
    { IMPACT_RECREATES, "batch", "Job", "/spec/selector", ANY, is_no_hook },
    { IMPACT_RECREATES, "batch", "Job", "/spec/completionMode", ANY, is_no_hook },
    { IMPACT_RECREATES, "batch", "Job", "/spec/podFailurePolicy", ANY, is_no_hook },
    { IMPACT_RECREATES, "", "Pod", "/spec", ANY, is_fixed_in_pod },
    { IMPACT_RECREATES, "", "Service", "/spec/clusterIP", CHANGED, had_and_has },
    { IMPACT_RECREATES, "", "ConfigMap", "/data", ANY, is_sealed },
    { IMPACT_RECREATES, "", "ConfigMap", "/binaryData", ANY, is_sealed },
    { IMPACT_RECREATES, "", "Secret", "/data", ANY, is_sealed },
    { IMPACT_RECREATES, "", "Secret", "/stringData", ANY, is_sealed },
    { IMPACT_RECREATES, "", "Secret", "/type", ANY, NULL },
    { IMPACT_RECREATES, "", "PersistentVolumeClaim", "/spec/accessModes", ANY, NULL },
    { IMPACT_RECREATES, "", "PersistentVolumeClaim", "/spec/storageClassName", ANY, NULL },
    { IMPACT_RECREATES, "", "PersistentVolumeClaim", "/spec/volumeMode", ANY, NULL },
    { IMPACT_RECREATES, "", "PersistentVolumeClaim", "/spec/volumeName", ANY, NULL },
    { IMPACT_RECREATES, "", "PersistentVolumeClaim", "/spec/selector", ANY, NULL },
    { IMPACT_RECREATES, "", "PersistentVolumeClaim", "/spec/dataSource", ANY, NULL },
    { IMPACT_RECREATES, "", "PersistentVolume", "/spec/csi", ANY, NULL },
    { IMPACT_RECREATES, "", "PersistentVolume", "/spec/nfs", ANY, NULL },
    { IMPACT_RECREATES, "", "PersistentVolume", "/spec/hostPath", ANY, NULL },
    { IMPACT_RECREATES, "", "PersistentVolume", "/spec/local", ANY, NULL },
    { IMPACT_RECREATES, "", "PersistentVolume", "/spec/volumeMode", ANY, NULL },
    { IMPACT_RECREATES, "storage.k8s.io", "StorageClass", "/provisioner", ANY, NULL },
    { IMPACT_RECREATES, "storage.k8s.io", "StorageClass", "/parameters", ANY, NULL },
    { IMPACT_RECREATES, "storage.k8s.io", "StorageClass", "/reclaimPolicy", ANY, NULL },
    { IMPACT_RECREATES, "storage.k8s.io", "StorageClass", "/volumeBindingMode", ANY, NULL },
    { IMPACT_RECREATES, "rbac.authorization.k8s.io", "RoleBinding ClusterRoleBinding", "/roleRef", ANY, NULL },
    { IMPACT_RECREATES, "scheduling.k8s.io", "PriorityClass", "/value", ANY, NULL },
    { IMPACT_RECREATES, "node.k8s.io", "RuntimeClass", "/handler", ANY, NULL },
    { IMPACT_RECREATES, "networking.k8s.io", "IngressClass", "/spec/controller", ANY, NULL },
    { IMPACT_RECREATES, "apiextensions.k8s.io", "CustomResourceDefinition", "/spec/scope", CHANGED, NULL },

    { IMPACT_NARROWS, "apiextensions.k8s.io", "CustomResourceDefinition", "/spec/versions", ANY, narrows_schema },

    { IMPACT_SCALES, "apps", "Deployment StatefulSet ReplicaSet", "/spec/replicas", ANY, NULL },
    { IMPACT_SCALES, "argoproj.io", "Rollout", "/spec/replicas", ANY, NULL },
    { IMPACT_SCALES, "autoscaling", "HorizontalPodAutoscaler", "/spec/minReplicas", ANY, NULL },
    { IMPACT_SCALES, "autoscaling", "HorizontalPodAutoscaler", "/spec/maxReplicas", ANY, NULL },
    { IMPACT_SCALES, "keda.sh", "ScaledObject", "/spec/minReplicaCount", ANY, NULL },
    { IMPACT_SCALES, "keda.sh", "ScaledObject", "/spec/maxReplicaCount", ANY, NULL },
    { IMPACT_SCALES, "batch", "Job", "/spec/parallelism", ANY, NULL },

    /* What can be reached from elsewhere. */
    { IMPACT_EXPOSES, "", "Service", "/spec/type", GIVEN, is_open_type },
    { IMPACT_EXPOSES, "", "Service", "/spec/externalIPs", GIVEN, NULL },
    { IMPACT_EXPOSES, "", "Service", "/spec/loadBalancerSourceRanges", ANY, NULL },
    { IMPACT_EXPOSES, "", "Service", "/spec/ports/*/nodePort", GIVEN, NULL },
    { IMPACT_EXPOSES, "", "Service", NULL, ADDED, is_open_service },
    { IMPACT_EXPOSES, "networking.k8s.io", "Ingress", "/spec/rules/*/host", GIVEN, NULL },
    { IMPACT_EXPOSES, "networking.k8s.io", "Ingress", "/spec/rules/*/http/paths/*/path", GIVEN, NULL },
    { IMPACT_EXPOSES, "networking.k8s.io", "Ingress", "/spec/defaultBackend", GIVEN, NULL },
    { IMPACT_EXPOSES, "networking.k8s.io", "Ingress", "/spec/ingressClassName", GIVEN, NULL },
    { IMPACT_EXPOSES, "networking.k8s.io", "Ingress", NULL, ADDED, NULL },
    { IMPACT_EXPOSES, "networking.k8s.io", "NetworkPolicy", "/spec/ingress", GIVEN, NULL },
    { IMPACT_EXPOSES, "networking.k8s.io", "NetworkPolicy", "/spec/podSelector", ANY, NULL },
    { IMPACT_EXPOSES, "networking.k8s.io", "NetworkPolicy", NULL, REMOVED, NULL },
    { IMPACT_EXPOSES, "gateway.networking.k8s.io", "HTTPRoute GRPCRoute TLSRoute", "/spec/hostnames", ANY, NULL },
    { IMPACT_EXPOSES, "gateway.networking.k8s.io", "HTTPRoute GRPCRoute TLSRoute TCPRoute", "/spec/parentRefs", GIVEN, NULL },
    { IMPACT_EXPOSES, "gateway.networking.k8s.io", "HTTPRoute GRPCRoute TLSRoute TCPRoute Gateway", NULL, ADDED, NULL },
    { IMPACT_EXPOSES, "gateway.networking.k8s.io", "Gateway", "/spec/listeners", GIVEN, NULL },
    { IMPACT_EXPOSES, "traefik.io", "IngressRoute", "/spec/routes", GIVEN, NULL },
    { IMPACT_EXPOSES, "traefik.io", "IngressRoute", NULL, ADDED, NULL },
    { IMPACT_EXPOSES, "networking.istio.io", "VirtualService", "/spec/hosts", GIVEN, NULL },
    { IMPACT_EXPOSES, "networking.istio.io", "VirtualService", "/spec/gateways", GIVEN, NULL },
    { IMPACT_EXPOSES, "route.openshift.io", "Route", "/spec/host", GIVEN, NULL },
    { IMPACT_EXPOSES, "route.openshift.io", "Route", NULL, ADDED, NULL },
    { IMPACT_EXPOSES, "*", "*", "/spec/template/spec/hostNetwork", GIVEN, is_true },
    { IMPACT_EXPOSES, "*", "*", "/spec/template/spec/containers/*/ports/*/hostPort", GIVEN, NULL },

    /* Who may do what. A list of names that goes away means all of them. */
    { IMPACT_WIDENS, "rbac.authorization.k8s.io", "Role ClusterRole", "/rules", GIVEN, NULL },
    { IMPACT_WIDENS, "rbac.authorization.k8s.io", "Role ClusterRole", "/rules/*/resourceNames", REMOVED, NULL },
    { IMPACT_WIDENS, "rbac.authorization.k8s.io", "ClusterRole", "/aggregationRule", GIVEN, NULL },
    { IMPACT_WIDENS, "rbac.authorization.k8s.io", "RoleBinding ClusterRoleBinding", "/subjects", GIVEN, NULL },
    { IMPACT_WIDENS, "rbac.authorization.k8s.io", "RoleBinding ClusterRoleBinding", "/roleRef", GIVEN, NULL },
    { IMPACT_WIDENS, "rbac.authorization.k8s.io", "Role ClusterRole RoleBinding ClusterRoleBinding", NULL, ADDED, NULL },
    { IMPACT_WIDENS, "*", "*", "/spec/template/spec/containers/*/securityContext/privileged", GIVEN, is_true },
    { IMPACT_WIDENS, "*", "*", "/spec/template/spec/containers/*/securityContext/capabilities/add", GIVEN, NULL },
    { IMPACT_WIDENS, "*", "*", "/spec/template/spec/hostPID", GIVEN, is_true },

    /* What takes data along. */
    { IMPACT_DELETES_STORAGE, "", "PersistentVolumeClaim PersistentVolume", NULL, REMOVED, NULL },
    { IMPACT_DELETES_STORAGE, "apps", "StatefulSet", NULL, REMOVED, claims_volumes },
    { IMPACT_DELETES_ALL, "", "Namespace", NULL, REMOVED, NULL },
    { IMPACT_DELETES_ALL, "apiextensions.k8s.io", "CustomResourceDefinition", NULL, REMOVED, NULL },
};

static const struct {
    const char *word;
    const char *name;
    bool grave;
} words[] = {
    [IMPACT_DELETES_STORAGE] = { "deletes storage", "deletes-storage", true },
    [IMPACT_DELETES_ALL] = { "deletes all it holds", "deletes-all", true },
    [IMPACT_RECREATES] = { "needs re-creation", "recreates", true },
    [IMPACT_NARROWS] = { "narrows the schema", "narrows", true },
    [IMPACT_WIDENS] = { "widens permissions", "widens", true },
    [IMPACT_EXPOSES] = { "exposes", "exposes", true },
    [IMPACT_ROLLS_OUT] = { "rolls out pods", "rolls-out", false },
    [IMPACT_SCALES] = { "scales", "scales", false },
    [IMPACT_IMAGE_ONLY] = { "image only", "image-only", false },
    [IMPACT_DATA_ONLY] = { "data only", "data-only", false },
};
/* clang-format on */
_Static_assert(countof(words) == IMPACT_COUNT, "every impact has a word");

static bool lists(const char *kinds, str kind)
{
    str rest = str_from(kinds);
    for (str one; str_next_field(&rest, ' ', &one);) {
        if (str_eq(one, kind) || str_eq(one, S("*")))
            return true;
    }
    return false;
}

static bool is_for(const struct rule *r, struct identity id)
{
    return (str_eq(str_from(r->group), S("*")) || str_eq(str_from(r->group), id.gvk.group))
           && lists(r->kinds, id.gvk.kind);
}

/* Does one lead to the other? *rest is what of the pattern is below the pointer. */
static bool meets(str pattern, str pointer, str *rest)
{
    str want, got;
    pattern = str_skip(pattern, 1);
    pointer = str_skip(pointer, 1);
    for (;;) {
        *rest = pattern;
        if (!pattern.len || !pointer.len)
            return true;
        str_cut(pattern, '/', &want, &pattern);
        str_cut(pointer, '/', &got, &pointer);
        if (!str_eq(want, S("*")) && !str_eq(want, got))
            return false;
    }
}

/* The first thing at a path below a node; NULL when nothing is there. */
static const struct node *below(const struct node *n, str path)
{
    for (str step; n && path.len && str_next_field(&path, '/', &step);) {
        if (n->kind == NODE_MAP) {
            const struct node *next = NULL;
            for (uint32_t i = 0; i < n->len && !next; i++) {
                if (str_eq(step, S("*")) || str_eq(n->entries[i].key->text, step))
                    next = n->entries[i].value;
            }
            n = next;
        } else {
            n = n->kind == NODE_LIST && n->len && str_eq(step, S("*")) ? n->items[0] : NULL;
        }
    }
    return n;
}

static bool holds(const struct rule *r, const struct diff_document *doc,
                  const struct diff_change *c)
{
    str rest;
    if (!r->path || !(r->when & (1u << c->kind)) || !meets(str_from(r->path), c->pointer, &rest))
        return false;
    const struct node *value = below(c->to ? c->to : c->from, rest);
    const struct node *old = below(c->from, rest);
    if (rest.len && !value && !old)
        return false;
    return !r->also || r->also(doc, c, value);
}

static void judge_rule(const struct rule *r, struct diff_document *doc)
{
    if (!is_for(r, doc->id))
        return;
    const struct node *whole = doc->to ? doc->to : doc->from;
    if (!r->path && doc->kind != DIFF_CHANGED && (r->when & (1u << doc->kind))
        && (!r->also || r->also(doc, NULL, whole)))
        doc->impact |= 1u << r->impact;
    for (uint32_t i = 0; i < doc->changes.len; i++) {
        struct diff_change *c = &doc->changes.at[i];
        /* Two environments are called otherwise; nothing follows from that. */
        bool called = c->fold == FOLD_RENAME && doc->how == MATCH_SIDE;
        if (c->fold != FOLD_IGNORED && !called && holds(r, doc, c))
            c->impact |= 1u << r->impact;
    }
}

/* Nothing but images, nothing but data. */

static bool is_image(const struct diff_change *c)
{
    return str_ends(c->pointer, S("/image"))
           && (str_has(c->pointer, S("/containers/"))
               || str_has(c->pointer, S("/initContainers/")));
}

static bool is_data(const struct diff_document *doc, const struct diff_change *c)
{
    bool holds_data =
        str_eq(doc->id.gvk.kind, S("ConfigMap")) || str_eq(doc->id.gvk.kind, S("Secret"));
    return holds_data && doc->id.gvk.group.len == 0
           && (str_starts(c->pointer, S("/data")) || str_starts(c->pointer, S("/binaryData"))
               || str_starts(c->pointer, S("/stringData")));
}

static void judge_only(struct diff_document *doc)
{
    bool image = true, data = true;
    uint32_t seen = 0;
    for (uint32_t i = 0; i < doc->changes.len; i++) {
        const struct diff_change *c = &doc->changes.at[i];
        if (c->fold)
            continue;
        image = image && is_image(c);
        data = data && is_data(doc, c);
        seen++;
    }
    doc->impact |= seen && image ? 1u << IMPACT_IMAGE_ONLY : 0;
    doc->impact |= seen && data ? 1u << IMPACT_DATA_ONLY : 0;
}

void impact_judge(struct diff_document *doc)
{
    for (size_t i = 0; i < countof(rules); i++)
        judge_rule(&rules[i], doc);
    for (uint32_t i = 0; i < doc->changes.len; i++)
        doc->impact |= doc->changes.at[i].impact;
    judge_only(doc);
}

str impact_word(enum impact i)
{
    return str_from(words[i].word);
}

str impact_name(enum impact i)
{
    return str_from(words[i].name);
}

str impact_words(struct arena *a, uint32_t bits)
{
    str all = S("");
    for (enum impact i = 0; i < IMPACT_COUNT; i++) {
        if (bits & 1u << i)
            all = str_format(a, "%.*s%s%.*s", STR(all), all.len ? ", " : "", STR(impact_word(i)));
    }
    return all;
}

bool impact_is_grave(uint32_t bits)
{
    for (enum impact i = 0; i < IMPACT_COUNT; i++) {
        if ((bits & 1u << i) && words[i].grave)
            return true;
    }
    return false;
}
