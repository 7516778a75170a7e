/* Edits: the bytes they leave alone, and that reading again gives exactly the change. */
#include <stdlib.h>

#include "render/doc/edit.h"
#include "render/doc/yaml_read.h"
#include "render/source/source.h"
#include "tests/expect.h"

static struct node *read_yaml(struct context *cx, str bytes, struct text **text)
{
    *text = text_add(cx, S("t.yaml"), bytes);
    return yaml_read(cx, *text, YAML_GO3);
}

static struct node *value_of(struct context *cx, const char *yaml)
{
    struct text *text;
    return read_yaml(cx, str_from(yaml), &text);
}

/* "a/0/b" from the root; "" is the root. */
static struct node *at_path(struct context *cx, struct node *n, str path)
{
    for (str part; path.len && str_next_field(&path, '/', &part);)
        n = n->kind == NODE_LIST ? n->items[atoi(part.at)] : node_get_text(cx, n, part);
    return n;
}

enum op { SET, APPEND, REMOVE, DROP, SCALAR, RENAME };

struct row {
    const char *title;
    enum op op;
    const char *path;
    const char *key; /* or the item's number */
    const char *value;
    const char *before;
    const char *after; /* NULL: refused */
};

static bool edit(struct context *cx, struct edits *e, const struct row *row, struct node *root)
{
    struct node *n = at_path(cx, root, str_from(row->path));
    ck_assert_ptr_nonnull(n);
    switch (row->op) {
    case SET:
        return edit_set(e, n, str_from(row->key), value_of(cx, row->value));
    case APPEND:
        return edit_append(e, n, value_of(cx, row->value));
    case REMOVE:
        return edit_remove(e, n, str_from(row->key));
    case DROP:
        return edit_remove_item(e, n, (uint32_t)atoi(row->key));
    case SCALAR:
        return edit_scalar(e, n, str_from(row->value));
    case RENAME:
        return edit_rename(e, n, str_from(row->key), str_from(row->value));
    }
    return false;
}

static const struct row rows[] = {
    { "a field is renamed where it stands", RENAME, "", "bases", "resources",
      "# these\nbases: # all\n- a # first\n", "# these\nresources: # all\n- a # first\n" },
    { "a renamed field keeps its quotes", RENAME, "", "a", "b", "{\"a\": 1}\n", "{\"b\": 1}\n" },
    { "a field that others use is not renamed for one", RENAME, "a", "x", "y",
      "a: &m {x: 1}\nb: *m\n", NULL },
    { "a plain scalar keeps its comment", SET, "images/0", "newTag", "v2",
      "images:\n- name: a   # ours\n  newTag:  v1   # by CI\n",
      "images:\n- name: a   # ours\n  newTag:  v2   # by CI\n" },
    { "single quotes stay", SET, "", "a", "\"it's\"", "a: 'x' # c\n", "a: 'it''s' # c\n" },
    { "double quotes stay", SET, "", "a", "z", "a: \"x\"\n", "a: \"z\"\n" },
    { "what would not be a string is quoted", SET, "", "a", "'1.10'", "a: v1\n", "a: '1.10'\n" },
    { "a number stays bare", SET, "", "count", "3", "count: 1\n", "count: 3\n" },
    { "tag and anchor stay", SET, "", "a", "v", "a: !!str &x z # c\n", "a: !!str &x v # c\n" },
    { "who used the anchor keeps the old value", SET, "", "a", "v2", "a: &v v1\nb: *v # same\n",
      "a: &v v2\nb: v1 # same\n" },
    { "an alias becomes a value", SET, "", "b", "v2", "a: &v v1\nb: *v # same\n",
      "a: &v v1\nb: v2 # same\n" },
    { "a map behind an anchor is not edited for one", SET, "a", "x", "2", "a: &m {x: 1}\nb: *m\n",
      NULL },
    { "a field goes over a merged one", SET, "b", "x", "2", "a: &m {x: 1}\nb:\n  <<: *m\nc: 1\n",
      "a: &m {x: 1}\nb:\n  <<: *m\n  x: 2\nc: 1\n" },
    { "an empty value is filled", SET, "", "a", "x", "a: # todo\nb: 1\n", "a: x # todo\nb: 1\n" },
    { "an empty field opens into a list", SET, "", "a", "[{name: x}]", "a: # todo\nb: 1\n",
      "a: # todo\n- name: x\nb: 1\n" },
    { "a block's text is replaced with its bar", SET, "", "a", "x",
      "a: |- # c\n  old\n  text\nb: 1\n", "a: x # c\nb: 1\n" },
    { "CRLF stays", APPEND, "images", NULL, "{name: b, newTag: v1}",
      "images:\r\n- name: a\r\nx: 1\r\n",
      "images:\r\n- name: a\r\n- name: b\r\n  newTag: v1\r\nx: 1\r\n" },
    { "no final line end stays so", APPEND, "images", NULL, "{name: b}", "images:\n- name: a",
      "images:\n- name: a\n- name: b" },
    { "items stand as the others do", APPEND, "images", NULL, "{name: b}",
      "images:\n    - name: a\n\n# next\nx: 1\n",
      "images:\n    - name: a\n    - name: b\n\n# next\nx: 1\n" },
    { "behind a comment of the last item", APPEND, "r", NULL, "b",
      "r:\n  - a # first\n  # - c\nx: 1\n", "r:\n  - a # first\n  - b\n  # - c\nx: 1\n" },
    { "an empty list opens", APPEND, "r", NULL, "b", "m:\n  - 1\nr: []  # none\nx: 1\n",
      "m:\n  - 1\nr:  # none\n  - b\nx: 1\n" },
    { "brackets stay", APPEND, "r", NULL, "{name: b}", "r: [{name: a}] # c\n",
      "r: [{name: a}, {name: b}] # c\n" },
    { "lines in brackets", APPEND, "r", NULL, "b", "r: [\n  a  # c\n  ]\n",
      "r: [\n  a,  # c\n  b\n  ]\n" },
    { "lines in brackets with a comma", APPEND, "r", NULL, "b", "r: [\n  a, # c\n  ]\n",
      "r: [\n  a, # c\n  b,\n  ]\n" },
    { "JSON stays JSON", SET, "images/0", "digest", "sha256:0",
      "{\n  \"images\": [{\"name\": \"a\"}]\n}\n",
      "{\n  \"images\": [{\"name\": \"a\", \"digest\": \"sha256:0\"}]\n}\n" },
    { "a missing field goes last", SET, "", "images", "[{name: a, newTag: v1}]",
      "kind: Kustomization\nresources:\n- a\n# end\n",
      "kind: Kustomization\nresources:\n- a\nimages:\n- name: a\n  newTag: v1\n# end\n" },
    { "where fields stand apart it does too", SET, "", "b", "1", "a: 1\n\nr:\n- a\n",
      "a: 1\n\nr:\n- a\n\nb: 1\n" },
    { "a field inside an item", SET, "images/0", "digest", "x",
      "images:\n-   name: a\n-   name: b\n", "images:\n-   name: a\n    digest: x\n-   name: b\n" },
    { "a field leaves with its line", REMOVE, "images/0", "newTag", NULL,
      "images:\n- name: a\n  # why\n  newTag: v1 # c\n- name: b\n",
      "images:\n- name: a\n  # why\n- name: b\n" },
    { "the first field of an item leaves", REMOVE, "r/0", "a", NULL, "r:\n- a: 1\n  b: 2\n",
      "r:\n- b: 2\n" },
    { "the last field leaves braces", REMOVE, "r", "a", NULL, "r:\n  a: 1\nb: 2\n",
      "r: {}\nb: 2\n" },
    { "the only item leaves brackets", DROP, "r", "0", NULL, "r: # c\n- a\nb: 2\n",
      "r: [] # c\nb: 2\n" },
    { "an item leaves brackets", DROP, "r", "1", NULL, "r: [a, b, c]\n", "r: [a, c]\n" },
    { "the last item leaves brackets", DROP, "r", "2", NULL, "r: [a, b, c ]\n", "r: [a, b ]\n" },
    { "an item of several lines leaves", DROP, "r", "0", NULL, "r:\n- a: |\n    x\n\n  b: 1\n- c\n",
      "r:\n- c\n" },
    { "a scalar found by its place", SCALAR, "spec/0/image", NULL, "b:2",
      "spec:\n- image: a:1 # c\n", "spec:\n- image: b:2 # c\n" },
};

START_TEST(edits_leave_the_rest)
{
    const struct row *row = &rows[_i];
    struct context *cx = test_context();
    struct text *text;
    struct node *root = read_yaml(cx, str_from(row->before), &text);
    struct edits *e = edits_begin(cx, text);
    bool ok = edit(cx, e, row, root);
    ck_assert_msg(ok == !!row->after, "%s: %.*s", row->title, STR(test_diagnostics(cx)));
    str got = edits_apply(e);
    if (row->after && !str_eq(got, str_from(row->after)))
        ck_abort_msg("%s\n got: %.*s\nwant: %s", row->title, STR(got), row->after);
    if (row->op == SET && ok) {
        root = read_yaml(cx, got, &text);
        e = edits_begin(cx, text);
        ck_assert(edit(cx, e, row, root));
        ck_assert_msg(!edits_any(e), "%s: not the same twice", row->title);
    }
    context_free(cx);
}
END_TEST

START_TEST(several_at_once)
{
    struct context *cx = test_context();
    struct text *text;
    struct node *root = read_yaml(cx,
                                  S("images:\n- name: a\n  newTag: v1 # c\n- name: b\n"
                                    "  newTag: v1\nempty: []\n"),
                                  &text);
    struct edits *e = edits_begin(cx, text);
    struct node *images = node_get(root, KEY(IMAGES));
    for (uint32_t i = 0; i < 2; i++) {
        ck_assert(edit_remove(e, images->items[i], S("newTag")));
        ck_assert(edit_set(e, images->items[i], S("digest"), node_string(cx, S("sha256:0"))));
    }
    ck_assert(edit_append(e, images, value_of(cx, "{name: c}")));
    ck_assert(edit_append(e, images, value_of(cx, "{name: d}")));
    ck_assert(edit_append(e, node_get_text(cx, root, S("empty")), value_of(cx, "1")));
    ck_assert(edit_append(e, node_get_text(cx, root, S("empty")), value_of(cx, "2")));
    expect_str(edits_apply(e), "images:\n- name: a\n  digest: sha256:0\n- name: b\n"
                               "  digest: sha256:0\n- name: c\n- name: d\nempty:\n- 1\n- 2\n");
    context_free(cx);
}
END_TEST

/* Random edits of many texts: what is read again is the tree with that very change. */

struct random {
    uint64_t state;
};

static uint32_t next(struct random *r, uint32_t below)
{
    r->state = r->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(r->state >> 33) % below;
}

static void collect(struct node *n, struct node **out, uint32_t *len, uint32_t most)
{
    if (node_is_scalar(n) || *len == most)
        return;
    out[(*len)++] = n;
    for (uint32_t i = 0; i < n->len; i++)
        collect(n->kind == NODE_MAP ? n->entries[i].value : n->items[i], out, len, most);
}

static const char *const values[] = {
    "sha-1a2b3c",
    "'1.10'",
    "'true'",
    "\"it's\"",
    "'a: b'",
    "''",
    "' x'",
    "'#c'",
    "'[x'",
    "\"\\u00e9\\n\"",
    "3",
    "null",
    "[]",
    "{}",
    "[a, {b: c}]",
    "{a: {b: [c]}, d: e}",
    "\"a\\nb\\n\"",
    "'2020-01-01'",
    "[[a], [b]]",
    "\"a\\tb\"",
};

/* One edit of text and tree; false when it was refused. */
static bool edit_both(struct context *cx, struct random *r, struct edits *e, struct node *n)
{
    struct node *value = value_of(cx, values[next(r, countof(values))]);
    uint32_t op = next(r, 3);
    if (n->kind == NODE_LIST) {
        uint32_t at = n->len ? next(r, n->len) : 0;
        if (op || !n->len) {
            if (!edit_append(e, n, value))
                return false;
            node_push(cx, n, value);
            return true;
        }
        if (!edit_remove_item(e, n, at))
            return false;
        node_remove_at(n, at);
        return true;
    }
    const struct key *key = intern(cx->keys, S("new"));
    if (n->len && op != 2)
        key = n->entries[next(r, n->len)].key;
    if (op == 1) {
        if (!edit_remove(e, n, key->text))
            return false;
        node_remove(n, key);
        return true;
    }
    if (!edit_set(e, n, key->text, value))
        return false;
    node_set(cx, n, key, value);
    return true;
}

/* From where the two begin to differ. */
static void fail_with(struct context *cx, str before, str after)
{
    size_t same = 0;
    while (same < before.len && same < after.len && before.at[same] == after.at[same])
        same++;
    size_t from = same > 200 ? same - 200 : 0;
    ck_abort_msg("%.*s\nfrom:\n%.*s\ngot:\n%.*s", STR(test_diagnostics(cx)),
                 STR(str_slice(before, from, same + 400)), STR(str_slice(after, from, same + 400)));
}

static void check_once(struct context *cx, struct random *r, str bytes, uint32_t *done)
{
    struct text *text;
    struct node *root = read_yaml(cx, bytes, &text);
    ck_assert_msg(root, "%.*s\n%.*s", STR(test_diagnostics(cx)), STR(bytes));
    struct node *all[512];
    uint32_t len = 0;
    collect(root, all, &len, countof(all));
    struct edits *e = edits_begin(cx, text);
    ck_assert_ptr_nonnull(e);
    diag_mute(cx);
    bool ok = len && edit_both(cx, r, e, all[next(r, len)]);
    diag_unmute(cx);
    if (!ok)
        return;
    str got = edits_apply(e);
    struct node *again = read_yaml(cx, got, &text);
    if (!again || !node_equal(root, again))
        fail_with(cx, bytes, got);
    ++*done;
}

static const char *const texts[] = {
    "a: 1\nb:\n  c: [x, {y: z}]\n  d: 'q'\ne:\n- f: |\n    lit\n    two\n\n  g: >-\n    fold\n- h\n",
    "# head\na: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\nf: &y v\ng: *y\nh: [*y, *x]\n# tail\n",
    "{\n  \"a\": \"b\",\n  \"c\": [1, 2],\n  \"d\": {}\n  }",
    "a:\r\n  - b: 1\r\n    c: |\r\n      x\r\n  -   d: 2\r\n",
    "- - a\n  - b\n- c: 1\n  # inside\n  d: 2\n-\n  e: 3\n- \n- {}\n- []\n",
    "---\na: # c\n\n  b: # d\n    - x # e\n    # f\n\nc: !!str\nd: !!map {a: b}\n...\n",
    "a: [\n  x, # one\n  y  # two\n]\nb: {\n  k: v,\n}\nc: \"d\\\n  e\"\nf: g\n  h\n",
    "\xEF\xBB\xBF"
    "a: b\nc:\n    - d\n    - e",
    "? a\n: b\n? c\n: - d\n  - e\n\"q r\": s\n't': |+\n  keep\n\nu: |2\n    deep\n",
};

START_TEST(random_edits_change_what_they_say)
{
    uint32_t done = 0;
    struct random r = { 7 + (uint64_t)_i };
    for (uint32_t i = 0; i < 1000; i++) {
        struct context *cx = test_context();
        check_once(cx, &r, str_from(texts[_i]), &done);
        context_free(cx);
    }
    ck_assert_msg(done > 300, "only %u edits were made", done);
}
END_TEST

static const char *const files[] = {
    "overlays/staging/kustomization.yaml",        "overlays/production/kustomization.yaml",
    "base/services/user-service/deployment.yaml", "base/cache/statefulset.yaml",
    "components/zone-spread/zone-spread.yaml",    "overlays/production/patches/resources.yaml",
};

START_TEST(random_edits_of_the_sample)
{
    uint32_t done = 0;
    struct random r = { 99 + (uint64_t)_i };
    for (uint32_t i = 0; i < 100; i++) {
        struct context *cx = test_context();
        struct source *disk = source_disk(cx, S(""));
        struct text *text = source_read(
            cx, disk, str_format(cx->arena, "testdata/inventory-system/k8s/%s", files[_i]),
            NOWHERE);
        check_once(cx, &r, text->bytes, &done);
        context_free(cx);
    }
    ck_assert_msg(done > 30, "only %u edits were made", done);
}
END_TEST

TCase *edit_tests(void)
{
    TCase *t = tcase_create("edit");
    tcase_add_loop_test(t, edits_leave_the_rest, 0, countof(rows));
    tcase_add_test(t, several_at_once);
    tcase_add_loop_test(t, random_edits_change_what_they_say, 0, countof(texts));
    tcase_add_loop_test(t, random_edits_of_the_sample, 0, countof(files));
    return t;
}
