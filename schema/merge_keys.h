/* What a strategic merge knows of a document's lists: which merge, and by which keys.
 *
 * The built-in schema is kustomize's, of Kubernetes 1.21; a user's OpenAPI document takes its
 * place as a whole. A merge walks the types beside the documents, from the root's on. */
#ifndef HOIST_SCHEMA_MERGE_KEYS_H
#define HOIST_SCHEMA_MERGE_KEYS_H

#include "render/doc/node.h"
#include "schema/kinds.h"

struct merge_schema;

struct merge_schema *merge_schema_builtin(struct context *cx);
/* `document` must live as long as the schema; with `over_builtin` it is laid over the
 * built-in one and does not take its place. NULL after a report. */
struct merge_schema *merge_schema_from_openapi(struct context *cx, const struct node *document,
                                               bool over_builtin);

/* The schema of one place, built in or said by a user in OpenAPI's words; zero where none is known. */
struct merge_type {
    const struct node *said;
    uint16_t number;
};

static inline bool merge_type_known(struct merge_type t)
{
    return t.said || t.number;
}

struct merge_type merge_type_of_kind(const struct merge_schema *s, str api_version, str kind);
struct merge_type merge_type_field(const struct merge_schema *s, struct merge_type map,
                                   const struct key *name);
struct merge_type merge_type_element(const struct merge_schema *s, struct merge_type list);
/* A JSON object that stands as a comment at a place is that place's schema. */
struct merge_type merge_type_said(const struct merge_schema *s, const struct node *object);

/* How a list merges. Without keys it is a set of scalars. */
struct merge_list {
    bool merges;
    uint16_t len; /* of the keys */
    const uint16_t *rows;
    const struct node *said;
};

struct merge_list merge_type_list(const struct merge_schema *s, struct merge_type list);
str merge_list_key(struct merge_list list, size_t at);

/* The scope of a kind: kind_scope's, else what the paths of a user's OpenAPI document say. */
enum scope merge_schema_scope(const struct merge_schema *s, str api_version, str kind);

#endif
