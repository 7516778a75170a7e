/* The digest is of Go's JSON of Helm's structs: fields in their order, empty ones left out. */
#include "render/chart/lock.h"

#include "render/base/digest.h"
#include "render/chart/definition.h"
#include "render/chart/field_types.h"
#include "render/doc/json_write.h"
#include "render/doc/yaml_read.h"
#include "render/doc/yaml_write.h"

bool lock_read(struct context *cx, struct text *text, struct lock *out)
{
    struct node *n = yaml_read(cx, text, YAML_GO2);
    struct node *read;
    *out = (struct lock){ 0 };
    if (!n || !lock_types_check(cx, n) || !definition_dependencies(cx, n, &read))
        return false;
    const struct node *digest = node_get_text(cx, n, S("digest"));
    const struct node *generated = node_get_text(cx, n, S("generated"));
    out->digest = node_is(digest, NODE_STRING) ? digest->text : S("");
    out->generated = node_is(generated, NODE_STRING) ? generated->text : S("");
    if (read) {
        out->at = chart_dependencies(cx, read);
        out->len = read->len;
    }
    return true;
}

static void put_field(struct buf *b, const char *name, str text, bool keep_empty)
{
    if (!text.len && !keep_empty)
        return;
    buf_format(b, "%s\"%s\":", b->at[b->len - 1] == '{' ? "" : ",", name);
    json_write_string(b, text, false);
}

static void put_node(struct context *cx, struct buf *b, const struct dependency *d,
                     const char *name)
{
    const struct node *n = d->node ? node_get_text(cx, d->node, str_from(name)) : NULL;
    if (!n || (n->kind == NODE_LIST && n->len == 0))
        return;
    buf_format(b, ",\"%s\":", name);
    json_write(cx, b, n, (struct json_style){ 0 });
}

static void put_dependencies(struct context *cx, struct buf *b, const struct dependency *at,
                             uint32_t len)
{
    buf_char(b, '[');
    for (uint32_t i = 0; i < len; i++) {
        const struct dependency *d = &at[i];
        buf_str(b, i ? S(",{") : S("{"));
        put_field(b, "name", d->name, true);
        put_field(b, "version", d->version, false);
        put_field(b, "repository", d->repository, true);
        put_field(b, "condition", d->condition, false);
        put_node(cx, b, d, "tags");
        put_node(cx, b, d, "enabled");
        put_node(cx, b, d, "import-values");
        put_field(b, "alias", d->alias, false);
        buf_char(b, '}');
    }
    buf_char(b, ']');
}

static str digest_of(struct context *cx, struct buf *b)
{
    return str_concat(cx->arena, S("sha256:"), digest_sha256_hex(cx->arena, buf_take(b)));
}

str lock_digest(struct context *cx, const struct dependency *wishes, uint32_t n,
                const struct dependency *locked, uint32_t m)
{
    struct buf b;
    buf_init(&b, cx->arena, 512);
    buf_char(&b, '[');
    put_dependencies(cx, &b, wishes, n);
    buf_char(&b, ',');
    put_dependencies(cx, &b, locked, m);
    buf_char(&b, ']');
    return digest_of(cx, &b);
}

str lock_digest_v2(struct context *cx, const struct dependency *wishes, uint32_t n)
{
    struct buf b;
    buf_init(&b, cx->arena, 512);
    buf_str(&b, S("{\"dependencies\":"));
    put_dependencies(cx, &b, wishes, n);
    buf_char(&b, '}');
    return digest_of(cx, &b);
}

static void set(struct context *cx, struct node *map, str name, struct node *value)
{
    node_set(cx, map, intern(cx->keys, name), value);
}

str lock_print(struct context *cx, const struct lock *lock)
{
    struct node *n = node_map(cx);
    struct node *list = node_list(cx);
    struct buf out;
    for (uint32_t i = 0; i < lock->len; i++) {
        struct node *d = node_map(cx);
        set(cx, d, S("name"), node_string(cx, lock->at[i].name));
        set(cx, d, S("repository"), node_string(cx, lock->at[i].repository));
        if (lock->at[i].version.len)
            set(cx, d, S("version"), node_string(cx, lock->at[i].version));
        node_push(cx, list, d);
    }
    set(cx, n, S("dependencies"), list);
    set(cx, n, S("digest"), node_string(cx, lock->digest));
    set(cx, n, S("generated"), node_string(cx, lock->generated));
    buf_init(&out, cx->arena, 512);
    return yaml_write(cx, &out, n) ? buf_take(&out) : S("");
}
