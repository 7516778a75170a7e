/* Merge types: every field of the rows leads where the rows say; a user's schema, node by node. */
#include "schema/merge_keys.h"
#include "tests/schema/rows.h"

static struct merge_type definition(struct context *cx, const struct merge_schema *s, str name)
{
    struct node *said = node_map(cx);
    str reference = str_concat(cx->arena, S("#/definitions/"), name);
    node_set(cx, said, intern(cx->keys, S("$ref")), node_string(cx, reference));
    struct merge_type t = merge_type_said(s, said);
    ck_assert_msg(!t.said && t.number, "%.*s", STR(name));
    return t;
}

/* Does a type stand for what the row writes? */
static void expect_type(struct context *cx, const struct merge_schema *s, struct merge_type t,
                        str written)
{
    const struct key *any = intern(cx->keys, S("any name"));
    ck_assert(merge_type_known(t));
    if (str_starts(written, S("@")))
        ck_assert_uint_eq(t.number, definition(cx, s, str_skip(written, 1)).number);
    else if (str_starts(written, S("[]")))
        expect_type(cx, s, merge_type_element(s, t), str_skip(written, 2));
    else if (str_starts(written, S("{}")))
        expect_type(cx, s, merge_type_field(s, t, any), str_skip(written, 2));
    else
        ck_assert(!merge_type_known(merge_type_field(s, t, any))
                  && !merge_type_known(merge_type_element(s, t)));
}

static void expect_merge(struct merge_list l, str mark)
{
    ck_assert_int_eq(l.merges, mark.len > 0);
    str word, keys;
    str_cut(mark, ' ', &word, &keys);
    size_t at = 0;
    for (str key; keys.len && str_next_field(&keys, ',', &key);)
        expect_same(merge_list_key(l, at++), key);
    ck_assert_uint_eq(l.len, at);
}

START_TEST(every_field_is_found)
{
    struct context *cx = test_context();
    struct merge_schema *s = merge_schema_builtin(cx);
    struct merge_type type = { 0 };
    int fields = 0, kinds = 0;
    for (struct rows r = rows_open(cx, "kustomize-types.tsv"); rows_next(&r);) {
        if (str_eq(r.at[0], S("T"))) {
            type = definition(cx, s, r.at[1]);
        } else if (str_eq(r.at[0], S("K"))) {
            ck_assert_uint_eq(merge_type_of_kind(s, r.at[1], r.at[2]).number, type.number);
            kinds++;
        } else if (str_eq(r.at[0], S("F"))) {
            struct merge_type field = merge_type_field(s, type, intern(cx->keys, r.at[1]));
            expect_type(cx, s, field, r.at[2]);
            expect_merge(merge_type_list(s, field), r.at[3]);
            fields++;
        }
    }
    ck_assert_int_eq(fields, 2658);
    ck_assert_int_eq(kinds, 274);
    context_free(cx);
}
END_TEST

START_TEST(what_nobody_said_is_unknown)
{
    struct context *cx = test_context();
    struct merge_schema *s = merge_schema_builtin(cx);
    ck_assert(!merge_type_known(merge_type_of_kind(s, S("example.com/v1"), S("Widget"))));
    ck_assert(!merge_type_known(merge_type_of_kind(s, S("v1"), S("PodExecOptions"))));
    struct merge_type pod = merge_type_of_kind(s, S("v1"), S("Pod"));
    ck_assert(!merge_type_known(merge_type_field(s, pod, intern(cx->keys, S("nothing")))));
    ck_assert(!merge_type_list(s, (struct merge_type){ 0 }).merges);
    context_free(cx);
}
END_TEST

static struct node *text(struct context *cx, const char *words)
{
    return node_string(cx, str_from(words));
}

static struct node *put(struct context *cx, struct node *map, const char *name, struct node *value)
{
    node_set(cx, map, intern(cx->keys, str_from(name)), value);
    return value;
}

/* {"definitions": {"Widget": {"x-kubernetes-group-version-kind": [...],
 *                             "properties": {"parts": {"$ref": "#/definitions/Parts"}}},
 *                  "Parts": {"type": "array", "items": {"additionalProperties": {"type": "string"}},
 *                            "x-kubernetes-patch-strategy": "retainKeys,merge",
 *                            "x-kubernetes-patch-merge-key": "id"},
 *                  "Circle": {"$ref": "#/definitions/Circle"}},
 *  "paths": {"/w": {"get": {"x-kubernetes-group-version-kind": {...}}}}} */
static struct node *widgets(struct context *cx)
{
    struct node *document = node_map(cx);
    struct node *definitions = put(cx, document, "definitions", node_map(cx));
    struct node *widget = put(cx, definitions, "Widget", node_map(cx));
    struct node *kinds = put(cx, widget, "x-kubernetes-group-version-kind", node_list(cx));
    struct node *gvk = node_map(cx);
    put(cx, gvk, "group", text(cx, "example.com"));
    put(cx, gvk, "version", text(cx, "v1"));
    put(cx, gvk, "kind", text(cx, "Widget"));
    node_push(cx, kinds, gvk);
    struct node *fields = put(cx, widget, "properties", node_map(cx));
    put(cx, put(cx, fields, "parts", node_map(cx)), "$ref", text(cx, "#/definitions/Parts"));
    put(cx, put(cx, fields, "round", node_map(cx)), "$ref", text(cx, "#/definitions/Circle"));
    struct node *parts = put(cx, definitions, "Parts", node_map(cx));
    put(cx, parts, "type", text(cx, "array"));
    struct node *items = put(cx, parts, "items", node_map(cx));
    put(cx, put(cx, items, "additionalProperties", node_map(cx)), "type", text(cx, "string"));
    put(cx, parts, "x-kubernetes-patch-strategy", text(cx, "retainKeys,merge"));
    put(cx, parts, "x-kubernetes-patch-merge-key", text(cx, "id"));
    put(cx, put(cx, definitions, "Circle", node_map(cx)), "$ref", text(cx, "#/definitions/Circle"));
    struct node *paths = put(cx, document, "paths", node_map(cx));
    struct node *get = put(cx, put(cx, paths, "/w", node_map(cx)), "get", node_map(cx));
    put(cx, get, "x-kubernetes-group-version-kind", node_copy(cx, gvk));
    return document;
}

START_TEST(a_users_schema_takes_the_place_of_the_built_in)
{
    struct context *cx = test_context();
    struct merge_schema *s = merge_schema_from_openapi(cx, widgets(cx), false);
    ck_assert_ptr_nonnull(s);
    ck_assert(!merge_type_known(merge_type_of_kind(s, S("v1"), S("Pod"))));
    struct merge_type widget = merge_type_of_kind(s, S("example.com/v1"), S("Widget"));
    struct merge_type parts = merge_type_field(s, widget, intern(cx->keys, S("parts")));
    expect_merge(merge_type_list(s, parts), S("merge id"));
    struct merge_type part = merge_type_element(s, parts);
    ck_assert(merge_type_known(part));
    ck_assert(merge_type_known(merge_type_field(s, part, KEY_NAME)));
    ck_assert(!merge_type_known(merge_type_field(s, widget, intern(cx->keys, S("round")))));
    context_free(cx);
}
END_TEST

START_TEST(a_users_paths_add_scopes)
{
    struct context *cx = test_context();
    struct merge_schema *s = merge_schema_from_openapi(cx, widgets(cx), false);
    ck_assert_int_eq(merge_schema_scope(s, S("example.com/v1"), S("Widget")), SCOPE_CLUSTER);
    ck_assert_int_eq(merge_schema_scope(s, S("v1"), S("Pod")), SCOPE_NAMESPACED);
    ck_assert_int_eq(merge_schema_scope(s, S("v1"), S("Widget")), SCOPE_UNKNOWN);
    context_free(cx);
}
END_TEST

START_TEST(an_openapi_document_is_a_map)
{
    struct context *cx = test_context();
    ck_assert_ptr_null(merge_schema_from_openapi(cx, node_list(cx), false));
    expect_str(test_diagnostics(cx), "error: an OpenAPI document must be a map, not a list\n");
    context_free(cx);
}
END_TEST

TCase *merge_keys_tests(void)
{
    TCase *t = tcase_create("merge_keys");
    tcase_add_test(t, every_field_is_found);
    tcase_add_test(t, what_nobody_said_is_unknown);
    tcase_add_test(t, a_users_schema_takes_the_place_of_the_built_in);
    tcase_add_test(t, a_users_paths_add_scopes);
    tcase_add_test(t, an_openapi_document_is_a_map);
    return t;
}
