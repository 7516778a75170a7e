/* A row for each field, as kustomize v5.7.1 has them: legacy fields too. */
#include "overlays/kustomization_fields.h"

#include "overlays/field_config.h"

#define FIELD(name, type)                                                                          \
    {                                                                                              \
        S(name), (type), PRINT_FILLED, NULL                                                        \
    }
#define NESTED(name, type, fields)                                                                 \
    {                                                                                              \
        S(name), (type), PRINT_FILLED, (fields)                                                    \
    }
#define PRINTED(print, name, type, fields)                                                         \
    {                                                                                              \
        S(name), (type), (print), (fields)                                                         \
    }
#define END                                                                                        \
    {                                                                                              \
        { NULL, 0 }, TYPE_ANY, PRINT_FILLED, NULL                                                  \
    }

const struct field metadata_fields[] = {
    FIELD("name", TYPE_STRING),
    FIELD("namespace", TYPE_STRING),
    FIELD("labels", TYPE_TEXTS),
    FIELD("annotations", TYPE_TEXTS),
    END,
};

#define GVK_FIELDS                                                                                 \
    FIELD("group", TYPE_STRING), FIELD("version", TYPE_STRING), FIELD("kind", TYPE_STRING)
#define ID_FIELDS GVK_FIELDS, FIELD("name", TYPE_STRING), FIELD("namespace", TYPE_STRING)

static const struct field selector_fields[] = {
    ID_FIELDS,
    FIELD("annotationSelector", TYPE_STRING),
    FIELD("labelSelector", TYPE_STRING),
    END,
};

static const struct field patch_fields[] = {
    FIELD("path", TYPE_STRING),
    FIELD("patch", TYPE_STRING),
    NESTED("target", TYPE_MAP, selector_fields),
    FIELD("options", TYPE_FLAGS),
    END,
};

static const struct field image_fields[] = {
    FIELD("name", TYPE_STRING),   FIELD("newName", TYPE_STRING), FIELD("tagSuffix", TYPE_STRING),
    FIELD("newTag", TYPE_STRING), FIELD("digest", TYPE_STRING),  END,
};

static const struct field spec_fields[] = {
    GVK_FIELDS,
    FIELD("path", TYPE_STRING),
    FIELD("create", TYPE_BOOL),
    END,
};

static const struct field label_fields[] = {
    FIELD("pairs", TYPE_TEXTS),
    FIELD("includeSelectors", TYPE_BOOL),
    FIELD("includeTemplates", TYPE_BOOL),
    NESTED("fields", TYPE_MAPS, spec_fields),
    END,
};

static const struct field value_option_fields[] = {
    FIELD("delimiter", TYPE_STRING),
    FIELD("index", TYPE_INT),
    FIELD("encoding", TYPE_STRING),
    FIELD("create", TYPE_BOOL),
    END,
};

static const struct field replacement_source_fields[] = {
    ID_FIELDS,
    FIELD("fieldPath", TYPE_STRING),
    NESTED("options", TYPE_MAP, value_option_fields),
    END,
};

static const struct field replacement_target_fields[] = {
    PRINTED(PRINT_NULL, "select", TYPE_MAP, selector_fields),
    NESTED("reject", TYPE_MAPS, selector_fields),
    FIELD("fieldPaths", TYPE_STRINGS),
    NESTED("options", TYPE_MAP, value_option_fields),
    END,
};

static const struct field replacement_fields[] = {
    FIELD("path", TYPE_STRING),
    NESTED("source", TYPE_MAP, replacement_source_fields),
    PRINTED(PRINT_PRESENT, "sourceValue", TYPE_STRING, NULL),
    NESTED("targets", TYPE_MAPS, replacement_target_fields),
    END,
};

static const struct field replica_fields[] = {
    FIELD("name", TYPE_STRING),
    PRINTED(PRINT_ALWAYS, "count", TYPE_INT, NULL),
    END,
};

static const struct field var_object_fields[] = {
    FIELD("apiVersion", TYPE_STRING), GVK_FIELDS, PRINTED(PRINT_ALWAYS, "name", TYPE_STRING, NULL),
    FIELD("namespace", TYPE_STRING),  END,
};

static const struct field var_field_fields[] = {
    FIELD("fieldPath", TYPE_STRING),
    END,
};

static const struct field var_fields[] = {
    PRINTED(PRINT_ALWAYS, "name", TYPE_STRING, NULL),
    PRINTED(PRINT_ALWAYS, "objref", TYPE_MAP, var_object_fields),
    PRINTED(PRINT_ALWAYS, "fieldref", TYPE_MAP, var_field_fields),
    END,
};

static const struct field sort_order_fields[] = {
    PRINTED(PRINT_NULL, "orderFirst", TYPE_STRINGS, NULL),
    PRINTED(PRINT_NULL, "orderLast", TYPE_STRINGS, NULL),
    END,
};

static const struct field sort_fields[] = {
    FIELD("order", TYPE_STRING),
    NESTED("legacySortOptions", TYPE_MAP, sort_order_fields),
    END,
};

static const struct field generator_option_fields[] = {
    FIELD("labels", TYPE_TEXTS),
    FIELD("annotations", TYPE_TEXTS),
    FIELD("disableNameSuffixHash", TYPE_BOOL),
    FIELD("immutable", TYPE_BOOL),
    END,
};

#define GENERATOR_FIELDS                                                                           \
    FIELD("name", TYPE_STRING), FIELD("namespace", TYPE_STRING), FIELD("behavior", TYPE_STRING),   \
        FIELD("literals", TYPE_STRINGS), FIELD("files", TYPE_STRINGS),                             \
        FIELD("envs", TYPE_STRINGS), FIELD("env", TYPE_STRING),                                    \
        NESTED("options", TYPE_MAP, generator_option_fields)

static const struct field config_map_fields[] = { GENERATOR_FIELDS, END };
static const struct field secret_fields[] = {
    GENERATOR_FIELDS,
    FIELD("type", TYPE_STRING),
    END,
};

static const struct field helm_global_fields[] = {
    FIELD("chartHome", TYPE_STRING),
    FIELD("configHome", TYPE_STRING),
    END,
};

static const struct field helm_chart_fields[] = {
    FIELD("name", TYPE_STRING),        FIELD("version", TYPE_STRING),
    FIELD("repo", TYPE_STRING),        FIELD("releaseName", TYPE_STRING),
    FIELD("namespace", TYPE_STRING),   FIELD("additionalValuesFiles", TYPE_STRINGS),
    FIELD("valuesFile", TYPE_STRING),  FIELD("valuesInline", TYPE_ANY),
    FIELD("valuesMerge", TYPE_STRING), FIELD("includeCRDs", TYPE_BOOL),
    FIELD("skipHooks", TYPE_BOOL),     FIELD("apiVersions", TYPE_STRINGS),
    FIELD("kubeVersion", TYPE_STRING), FIELD("nameTemplate", TYPE_STRING),
    FIELD("skipTests", TYPE_BOOL),     FIELD("debug", TYPE_BOOL),
    FIELD("devel", TYPE_BOOL),         END,
};

static const struct field helm_inflation_fields[] = {
    FIELD("chartName", TYPE_STRING),     FIELD("chartVersion", TYPE_STRING),
    FIELD("chartRepoUrl", TYPE_STRING),  FIELD("chartHome", TYPE_STRING),
    FIELD("chartRepoName", TYPE_STRING), FIELD("helmBin", TYPE_STRING),
    FIELD("helmHome", TYPE_STRING),      FIELD("values", TYPE_STRING),
    FIELD("valuesLocal", TYPE_ANY),      FIELD("valuesMerge", TYPE_STRING),
    FIELD("releaseName", TYPE_STRING),   FIELD("releaseNamespace", TYPE_STRING),
    FIELD("extraArgs", TYPE_STRINGS),    END,
};

const struct field kustomization_fields[] = {
    FIELD("apiVersion", TYPE_STRING),
    FIELD("kind", TYPE_STRING),
    NESTED("metadata", TYPE_MAP, metadata_fields),
    FIELD("openapi", TYPE_TEXTS),
    FIELD("namePrefix", TYPE_STRING),
    FIELD("nameSuffix", TYPE_STRING),
    FIELD("namespace", TYPE_STRING),
    FIELD("commonLabels", TYPE_TEXTS),
    NESTED("labels", TYPE_MAPS, label_fields),
    FIELD("commonAnnotations", TYPE_TEXTS),
    FIELD("patchesStrategicMerge", TYPE_STRINGS),
    NESTED("patchesJson6902", TYPE_MAPS, patch_fields),
    NESTED("patches", TYPE_MAPS, patch_fields),
    NESTED("images", TYPE_MAPS, image_fields),
    NESTED("imageTags", TYPE_MAPS, image_fields),
    NESTED("replacements", TYPE_MAPS, replacement_fields),
    NESTED("replicas", TYPE_MAPS, replica_fields),
    NESTED("vars", TYPE_MAPS, var_fields),
    NESTED("sortOptions", TYPE_MAP, sort_fields),
    FIELD("resources", TYPE_STRINGS),
    FIELD("components", TYPE_STRINGS),
    FIELD("crds", TYPE_STRINGS),
    FIELD("bases", TYPE_STRINGS),
    NESTED("configMapGenerator", TYPE_MAPS, config_map_fields),
    NESTED("secretGenerator", TYPE_MAPS, secret_fields),
    NESTED("helmGlobals", TYPE_MAP, helm_global_fields),
    NESTED("helmCharts", TYPE_MAPS, helm_chart_fields),
    NESTED("helmChartInflationGenerator", TYPE_MAPS, helm_inflation_fields),
    NESTED("generatorOptions", TYPE_MAP, generator_option_fields),
    FIELD("configurations", TYPE_STRINGS),
    FIELD("generators", TYPE_STRINGS),
    FIELD("transformers", TYPE_STRINGS),
    FIELD("validators", TYPE_STRINGS),
    FIELD("buildMetadata", TYPE_STRINGS),
    END,
};

static const struct field name_reference_fields[] = {
    GVK_FIELDS,
    NESTED("fieldSpecs", TYPE_MAPS, spec_fields),
    END,
};

const struct field configuration_fields[] = {
#define ROW(name, use) NESTED(name, TYPE_MAPS, spec_fields),
    CONFIGURATION_LISTS(ROW)
#undef ROW
        NESTED("nameReference", TYPE_MAPS, name_reference_fields),
    END,
};

#define SPECS NESTED("fieldSpecs", TYPE_MAPS, spec_fields)

static const struct field affix_fields[] = { FIELD("prefix", TYPE_STRING),
                                             FIELD("suffix", TYPE_STRING), SPECS, END };
static const struct field label_step_fields[] = { FIELD("labels", TYPE_TEXTS), SPECS, END };
static const struct field annotation_step_fields[] = { FIELD("annotations", TYPE_TEXTS), SPECS,
                                                       END };
static const struct field namespace_step_fields[] = {
    FIELD("unsetOnly", TYPE_BOOL),
    FIELD("setRoleBindingSubjects", TYPE_STRING),
    SPECS,
    END,
};
static const struct field image_step_fields[] = { NESTED("imageTag", TYPE_MAP, image_fields), SPECS,
                                                  END };
static const struct field replica_step_fields[] = { NESTED("replica", TYPE_MAP, replica_fields),
                                                    SPECS, END };
static const struct field json_step_fields[] = {
    NESTED("target", TYPE_MAP, selector_fields),
    FIELD("path", TYPE_STRING),
    FIELD("jsonOp", TYPE_STRING),
    END,
};
static const struct field merge_step_fields[] = { FIELD("paths", TYPE_STRINGS),
                                                  FIELD("patches", TYPE_STRING), END };
static const struct field replacement_step_fields[] = {
    NESTED("replacements", TYPE_MAPS, replacement_fields),
    END,
};

const struct field *plugin_fields(str kind)
{
    static const struct {
        str kind;
        const struct field *fields;
    } table[] = {
        { S("ConfigMapGenerator"), config_map_fields },
        { S("SecretGenerator"), secret_fields },
        { S("HelmChartInflationGenerator"), helm_chart_fields },
        { S("PrefixTransformer"), affix_fields },
        { S("SuffixTransformer"), affix_fields },
        { S("LabelTransformer"), label_step_fields },
        { S("AnnotationsTransformer"), annotation_step_fields },
        { S("NamespaceTransformer"), namespace_step_fields },
        { S("ImageTagTransformer"), image_step_fields },
        { S("ReplicaCountTransformer"), replica_step_fields },
        { S("PatchTransformer"), patch_fields },
        { S("PatchJson6902Transformer"), json_step_fields },
        { S("PatchStrategicMergeTransformer"), merge_step_fields },
        { S("ReplacementTransformer"), replacement_step_fields },
    };
    for (size_t i = 0; i < countof(table); i++) {
        if (str_eq(table[i].kind, kind))
            return table[i].fields;
    }
    return NULL;
}
