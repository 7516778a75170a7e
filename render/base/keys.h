/* The field names that the code mentions, interned before the program starts. */
#ifndef HOIST_BASE_KEYS_H
#define HOIST_BASE_KEYS_H

#include "render/base/intern.h"

/* X(identifier, text), in the order of the text. */
#define KEY_LIST(X)                                                                                \
    X(PATCH, "$patch")                                                                             \
    X(MERGE, "<<")                                                                                 \
    X(ALLOW_KIND_CHANGE, "allowKindChange")                                                        \
    X(ALLOW_NAME_CHANGE, "allowNameChange")                                                        \
    X(ANNOTATIONS, "annotations")                                                                  \
    X(ANNOTATION_SELECTOR, "annotationSelector")                                                   \
    X(API_GROUP, "apiGroup")                                                                       \
    X(API_VERSION, "apiVersion")                                                                   \
    X(BASES, "bases")                                                                              \
    X(BEHAVIOR, "behavior")                                                                        \
    X(BINARY_DATA, "binaryData")                                                                   \
    X(BUILD_METADATA, "buildMetadata")                                                             \
    X(CLOUD, "cloud")                                                                              \
    X(COMMON_ANNOTATIONS, "commonAnnotations")                                                     \
    X(COMMON_LABELS, "commonLabels")                                                               \
    X(COMPONENTS, "components")                                                                    \
    X(CONFIG_MAP_GENERATOR, "configMapGenerator")                                                  \
    X(CONFIGURATIONS, "configurations")                                                            \
    X(CONTAINERS, "containers")                                                                    \
    X(COUNT, "count")                                                                              \
    X(CRDS, "crds")                                                                                \
    X(CREATE, "create")                                                                            \
    X(DATA, "data")                                                                                \
    X(DELIMITER, "delimiter")                                                                      \
    X(DIGEST, "digest")                                                                            \
    X(DISABLE_NAME_SUFFIX_HASH, "disableNameSuffixHash")                                           \
    X(ENV, "env")                                                                                  \
    X(ENVS, "envs")                                                                                \
    X(EPHEMERAL_CONTAINERS, "ephemeralContainers")                                                 \
    X(FIELD_PATH, "fieldPath")                                                                     \
    X(FIELD_PATHS, "fieldPaths")                                                                   \
    X(FIELD_REF, "fieldref")                                                                       \
    X(FIELDS, "fields")                                                                            \
    X(FIELD_SPECS, "fieldSpecs")                                                                   \
    X(FILE_PATH_POSITION, "filePathPosition")                                                      \
    X(FILES, "files")                                                                              \
    X(GENERATOR_OPTIONS, "generatorOptions")                                                       \
    X(GENERATORS, "generators")                                                                    \
    X(GROUP, "group")                                                                              \
    X(HELM_CHARTS, "helmCharts")                                                                   \
    X(HELM_GLOBALS, "helmGlobals")                                                                 \
    X(IMAGE, "image")                                                                              \
    X(IMAGES, "images")                                                                            \
    X(IMAGE_TAG, "imageTag")                                                                       \
    X(IMAGE_TAGS, "imageTags")                                                                     \
    X(IMMUTABLE, "immutable")                                                                      \
    X(INCLUDE_SELECTORS, "includeSelectors")                                                       \
    X(INCLUDE_TEMPLATES, "includeTemplates")                                                       \
    X(INDEX, "index")                                                                              \
    X(INIT_CONTAINERS, "initContainers")                                                           \
    X(PREVIOUS_KINDS, "internal.config.kubernetes.io/previousKinds")                               \
    X(PREVIOUS_NAMES, "internal.config.kubernetes.io/previousNames")                               \
    X(PREVIOUS_NAMESPACES, "internal.config.kubernetes.io/previousNamespaces")                     \
    X(ITEMS, "items")                                                                              \
    X(JSON_OP, "jsonOp")                                                                           \
    X(KEY, "key")                                                                                  \
    X(KIND, "kind")                                                                                \
    X(KUBERNETES_SERVICE, "kubernetesService")                                                     \
    X(LABELS, "labels")                                                                            \
    X(LABEL_SELECTOR, "labelSelector")                                                             \
    X(LEGACY_SORT_OPTIONS, "legacySortOptions")                                                    \
    X(LITERALS, "literals")                                                                        \
    X(METADATA, "metadata")                                                                        \
    X(NAME, "name")                                                                                \
    X(NAME_PREFIX, "namePrefix")                                                                   \
    X(NAME_REFERENCE, "nameReference")                                                             \
    X(NAMESPACE, "namespace")                                                                      \
    X(NAME_SUFFIX, "nameSuffix")                                                                   \
    X(NEW_NAME, "newName")                                                                         \
    X(NEW_TAG, "newTag")                                                                           \
    X(OBJECT_REF, "objref")                                                                        \
    X(OPENAPI, "openapi")                                                                          \
    X(OPTIONS, "options")                                                                          \
    X(ORDER, "order")                                                                              \
    X(ORDER_FIRST, "orderFirst")                                                                   \
    X(ORDER_LAST, "orderLast")                                                                     \
    X(PAIRS, "pairs")                                                                              \
    X(PATCH_TEXT, "patch")                                                                         \
    X(PATCHES, "patches")                                                                          \
    X(PATCHES_JSON, "patchesJson6902")                                                             \
    X(PATCHES_MERGE, "patchesStrategicMerge")                                                      \
    X(PATH, "path")                                                                                \
    X(PATHS, "paths")                                                                              \
    X(PREFIX, "prefix")                                                                            \
    X(PROJECT_ID, "projectId")                                                                     \
    X(REJECT, "reject")                                                                            \
    X(REPLACEMENTS, "replacements")                                                                \
    X(REPLICA, "replica")                                                                          \
    X(REPLICAS, "replicas")                                                                        \
    X(RESOURCES, "resources")                                                                      \
    X(ROLE_REF, "roleRef")                                                                         \
    X(SECRET_GENERATOR, "secretGenerator")                                                         \
    X(SELECT, "select")                                                                            \
    X(SELECTOR, "selector")                                                                        \
    X(SERVICE_ACCOUNT, "serviceAccount")                                                           \
    X(SET_SUBJECTS, "setRoleBindingSubjects")                                                      \
    X(SORT_OPTIONS, "sortOptions")                                                                 \
    X(SOURCE, "source")                                                                            \
    X(SOURCE_VALUE, "sourceValue")                                                                 \
    X(SPEC, "spec")                                                                                \
    X(STATUS, "status")                                                                            \
    X(STRING_DATA, "stringData")                                                                   \
    X(SUBJECTS, "subjects")                                                                        \
    X(SUFFIX, "suffix")                                                                            \
    X(TAG_SUFFIX, "tagSuffix")                                                                     \
    X(TARGET, "target")                                                                            \
    X(TARGET_FILE_PATH, "targetFilePath")                                                          \
    X(TARGETS, "targets")                                                                          \
    X(TEMPLATE, "template")                                                                        \
    X(TRANSFORMERS, "transformers")                                                                \
    X(TYPE, "type")                                                                                \
    X(UNSET_ONLY, "unsetOnly")                                                                     \
    X(VALIDATORS, "validators")                                                                    \
    X(VALUE, "value")                                                                              \
    X(VARS, "vars")                                                                                \
    X(VERSION, "version")

enum known_key {
#define X(identifier, text) KNOWN_##identifier,
    KEY_LIST(X)
#undef X
        KNOWN_KEY_COUNT
};

extern const struct key known_keys[KNOWN_KEY_COUNT];

#define KEY(identifier) (&known_keys[KNOWN_##identifier])

#define KEY_ANNOTATIONS KEY(ANNOTATIONS)
#define KEY_API_VERSION KEY(API_VERSION)
#define KEY_KIND        KEY(KIND)
#define KEY_LABELS      KEY(LABELS)
#define KEY_METADATA    KEY(METADATA)
#define KEY_NAME        KEY(NAME)
#define KEY_NAMESPACE   KEY(NAMESPACE)

#endif
