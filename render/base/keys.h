/* The field names that the code mentions, interned before the program starts. */
#ifndef HOIST_BASE_KEYS_H
#define HOIST_BASE_KEYS_H

#include "render/base/intern.h"

/* X(identifier, text), in the order of the text. */
#define KEY_LIST(X)                                                                                \
    X(ANNOTATIONS, "annotations")                                                                  \
    X(API_GROUP, "apiGroup")                                                                       \
    X(API_VERSION, "apiVersion")                                                                   \
    X(BINARY_DATA, "binaryData")                                                                   \
    X(CONTAINERS, "containers")                                                                    \
    X(DATA, "data")                                                                                \
    X(DIGEST, "digest")                                                                            \
    X(EPHEMERAL_CONTAINERS, "ephemeralContainers")                                                 \
    X(GROUP, "group")                                                                              \
    X(IMAGE, "image")                                                                              \
    X(IMAGES, "images")                                                                            \
    X(IMMUTABLE, "immutable")                                                                      \
    X(INIT_CONTAINERS, "initContainers")                                                           \
    X(ITEMS, "items")                                                                              \
    X(KEY, "key")                                                                                  \
    X(KIND, "kind")                                                                                \
    X(LABELS, "labels")                                                                            \
    X(METADATA, "metadata")                                                                        \
    X(NAME, "name")                                                                                \
    X(NAMESPACE, "namespace")                                                                      \
    X(NEW_NAME, "newName")                                                                         \
    X(NEW_TAG, "newTag")                                                                           \
    X(OPTIONS, "options")                                                                          \
    X(PATH, "path")                                                                                \
    X(REPLICAS, "replicas")                                                                        \
    X(RESOURCES, "resources")                                                                      \
    X(SELECTOR, "selector")                                                                        \
    X(SPEC, "spec")                                                                                \
    X(STATUS, "status")                                                                            \
    X(STRING_DATA, "stringData")                                                                   \
    X(SUBJECTS, "subjects")                                                                        \
    X(TARGET, "target")                                                                            \
    X(TEMPLATE, "template")                                                                        \
    X(TYPE, "type")                                                                                \
    X(VALUE, "value")                                                                              \
    X(VERSION, "version")                                                                          \
    X(MERGE, "<<")                                                                                 \
    X(PATCH, "$patch")

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
