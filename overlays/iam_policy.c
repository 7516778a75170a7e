/* IAMPolicyGenerator: a service account that is bound to one of Google's cloud. */
#include "overlays/documents.h"
#include "overlays/steps.h"

#include "render/base/buf.h"

/* The names are put into a text that is then read, so that what they look like is what they
 * are: iam_policy.cases: "a name that is a number" */
static struct text *account(struct context *cx, const struct node *config)
{
    const struct node *service = node_get(config, KEY(KUBERNETES_SERVICE));
    const struct node *account = node_get(config, KEY(SERVICE_ACCOUNT));
    str namespace_ = node_get_str(service, KEY_NAMESPACE);
    struct buf b;
    buf_init(&b, cx->arena, 256);
    buf_format(&b,
               "apiVersion: v1\n"
               "kind: ServiceAccount\n"
               "metadata:\n"
               "  annotations:\n"
               "    iam.gke.io/gcp-service-account: %.*s@%.*s.iam.gserviceaccount.com\n"
               "  name: %.*s\n",
               STR(node_get_str(account, KEY_NAME)), STR(node_get_str(account, KEY(PROJECT_ID))),
               STR(node_get_str(service, KEY_NAME)));
    if (namespace_.len)
        buf_format(&b, "  namespace: %.*s\n", STR(namespace_));
    struct text *text = text_add(cx, S("IAMPolicyGenerator"), buf_take(&b));
    struct text_piece *piece = NEW(cx->arena, struct text_piece);
    piece->from = config->pos;
    text->pieces = piece;
    text->piece_count = 1;
    return text;
}

bool iam_policy_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    struct resources made = { 0 };
    const struct node *cloud = node_get(config, KEY(CLOUD));
    if (!cloud || !node_is_scalar(cloud) || !str_eq(cloud->text, S("gke")))
        return report(cx, cloud ? cloud->pos : config->pos,
                      "cloud provider '%.*s' is not supported: only gke is",
                      STR(node_get_str(config, KEY(CLOUD))));
    diag_enter(cx, config->pos, "in the account that this generates");
    bool ok = documents_append(cx, account(cx, config), &made)
              && resources_absorb(cx, &o->sum->resources, &made);
    diag_leave(cx);
    return ok;
}
