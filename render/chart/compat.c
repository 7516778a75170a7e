/* Each column was found by giving the same charts to both releases: v4.1.4 and v3.20.2, which are
 * made with the same client of Kubernetes. testdata/chart/compat.cases */
#include "render/chart/compat.h"

static const str webhooks[] = { S("MutatingWebhookConfiguration"),
                                S("ValidatingWebhookConfiguration") };

static const struct chart_compat rows[] = {
    { .name = S("helm-4") },
    {
        .name = S("helm-3"),
        .version = S("v3.20.2"),
        .unknown_kinds = webhooks,
        .unknown_kind_count = countof(webhooks),
        .unknown_function = S("mustToYaml"),
        .any_chart_version = true,
        .first_document = true,
        .index_must_end = true,
        .json_needs_key = true,
        .plain_kube_version = true,
        .chart_is_struct = true,
    },
};

const struct chart_compat *chart_compat_find(str name)
{
    for (size_t i = 0; i < countof(rows); i++) {
        if (name.len == 0 || str_eq(name, rows[i].name))
            return &rows[i];
    }
    return NULL;
}

const struct chart_compat *chart_compat(const struct context *cx)
{
    return cx->charts_like ? cx->charts_like : &rows[0];
}

bool chart_compat_knows_kind(const struct chart_compat *compat, str kind)
{
    for (size_t i = 0; i < compat->unknown_kind_count; i++) {
        if (str_eq(kind, compat->unknown_kinds[i]))
            return false;
    }
    return true;
}
