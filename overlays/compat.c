/* Each column was found by giving the same files to both releases: v5.7.1 and v5.8.1.
 * overlays/compat.cases */
#include "overlays/compat.h"

const struct compat compat_rows[2] = {
    { .name = S("kustomize-5.7"), .manager = S("kustomize-v5.7.1") },
    {
        .name = S("kustomize-5.8"),
        .manager = S("kustomize-v5.8.1"),
        .chart_namespaces = true,
        .target_patterns = true,
        .paths_into_texts = true,
        .empty_patches = true,
        .known_patch_options = true,
    },
};

const struct compat *compat_find(str name)
{
    for (size_t i = 0; i < countof(compat_rows); i++) {
        if (name.len == 0 || str_eq(name, compat_rows[i].name))
            return &compat_rows[i];
    }
    return NULL;
}
