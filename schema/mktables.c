/* A build step: rows in schema/data to the constant arrays that tables.h declares.
 *
 *     mktables DATA-FOLDER OUTPUT.c
 *
 * Every string goes into one pool, once. A malformed row stops the build and is named. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "render/base/buf.h"
#include "render/base/map.h"
#include "schema/field_rows.h"
#include "schema/kinds.h"
#include "schema/tables.h"

enum { COLUMNS_MAX = 12, POOL_MAX = 65535 };

struct row {
    str at[COLUMNS_MAX];
    size_t len;
};

struct table {
    const char *file;
    struct row *rows;
    uint32_t len;
    uint32_t cap;
};

/* All that is known while the tables are made. */
struct maker {
    struct arena *arena;
    const char *folder;
    struct buf pool;
    struct map strings; /* text to its offset + 1 */
    struct buf out;
    struct map types; /* written type, with its merge mark, to its number + 1 */
    struct type_row *type_rows;
    uint32_t type_len;
    uint32_t type_cap;
    struct map merges;  /* "name", "port,protocol" to its number + 1 */
    const char *prefix; /* of the names of the arrays that are written */
};

static _Noreturn void stop(const char *what, str which)
{
    fprintf(stderr, "mktables: %s: '%.*s'\n", what, STR(which));
    exit(EXIT_FAILURE);
}

static void out_of_memory(void *who)
{
    (void)who;
    stop("out of memory", S(""));
}

static str read_file(struct maker *m, const char *name)
{
    str path = str_format(m->arena, "%s/%s", m->folder, name);
    FILE *file = fopen(str_cstr(m->arena, path), "rb");
    if (!file)
        stop(strerror(errno), path);
    struct buf b;
    buf_init(&b, m->arena, 1 << 18);
    for (int c; (c = getc(file)) != EOF;)
        buf_char(&b, (char)c);
    fclose(file);
    return buf_take(&b);
}

/* Tab-separated columns; '#' begins a comment line, "-" says "nothing". */
static struct table read_table(struct maker *m, const char *name)
{
    struct table t = { .file = name };
    str rest = read_file(m, name);
    for (str line; str_next_line(&rest, &line);) {
        if (!line.len || line.at[0] == '#')
            continue;
        struct row row = { .len = 0 };
        for (str field; str_next_field(&line, '\t', &field);) {
            if (row.len == COLUMNS_MAX)
                stop("too many columns", field);
            row.at[row.len++] = str_eq(field, S("-")) ? S("") : field;
        }
        ARENA_PUSH(m->arena, t.rows, t.len, t.cap);
        t.rows[t.len++] = row;
    }
    return t;
}

/* The offset of a string in the pool. */
static unsigned pooled(struct maker *m, str s)
{
    struct map_entry *e = map_entry(&m->strings, s);
    if (!e->value) {
        if (s.len > UINT8_MAX)
            stop("longer than a length byte can say", s);
        e->value = (void *)(uintptr_t)(m->pool.len + 1);
        buf_char(&m->pool, (char)s.len);
        buf_str(&m->pool, s);
        if (m->pool.len > POOL_MAX)
            stop("no room left in the pool of strings", s);
    }
    return (unsigned)(uintptr_t)e->value - 1;
}

static enum scope scope_of(str letter)
{
    if (str_eq(letter, S("N")))
        return SCOPE_NAMESPACED;
    if (str_eq(letter, S("C")))
        return SCOPE_CLUSTER;
    if (!str_eq(letter, S("U")))
        stop("no scope", letter);
    return SCOPE_UNKNOWN;
}

static unsigned number_of(str digits)
{
    unsigned n = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9')
            stop("no number", digits);
        n = n * 10 + (unsigned)(digits.at[i] - '0');
    }
    return n;
}

/* "1.36" to 36, "" to 0. Kubernetes 1.0 is told apart from "nothing" by nobody. */
static unsigned release_of(str version)
{
    return version.len ? number_of(str_trim_prefix(version, S("1."))) : 0;
}

static int compare_rows(const void *a, const void *b)
{
    const struct row *x = a;
    const struct row *y = b;
    int order = str_cmp(x->at[0], y->at[0]);
    return order ? order : str_cmp(x->at[1], y->at[1]);
}

static void sort_rows(struct table *t)
{
    qsort(t->rows, t->len, sizeof *t->rows, compare_rows);
}

/* Moves the kind before the API version and sorts: the order that lookups want. */
static void sort_by_kind(struct table *t)
{
    for (uint32_t i = 0; i < t->len; i++) {
        str api_version = t->rows[i].at[0];
        t->rows[i].at[0] = t->rows[i].at[1];
        t->rows[i].at[1] = api_version;
    }
    sort_rows(t);
    for (uint32_t i = 1; i < t->len; i++) {
        if (compare_rows(&t->rows[i - 1], &t->rows[i]) == 0)
            stop("said twice", t->rows[i].at[0]);
    }
}

/* ---- types ---- */

static unsigned add_type(struct maker *m, struct type_row row)
{
    ARENA_PUSH(m->arena, m->type_rows, m->type_len, m->type_cap);
    m->type_rows[m->type_len++] = row;
    if (m->type_len > UINT16_MAX)
        stop("too many types", S(""));
    return m->type_len - 1;
}

static unsigned merge_of(struct maker *m, str mark)
{
    if (!mark.len)
        return 0;
    str word, keys;
    str_cut(mark, ' ', &word, &keys);
    if (!str_eq(word, S("merge")))
        stop("no merge mark", mark);
    struct map_entry *e = map_entry(&m->merges, keys);
    if (!e->value)
        e->value = (void *)(uintptr_t)m->merges.len;
    return (unsigned)(uintptr_t)e->value;
}

/* "string:byte"; a quantity is called a string, whose definition tells it apart. */
static enum plain_type plain_of(str written, str definition)
{
    static const struct {
        str written;
        enum plain_type type;
    } plains[] = {
        { S("any"), PLAIN_ANY },
        { S("string"), PLAIN_STRING },
        { S("string:byte"), PLAIN_BYTES },
        { S("string:date-time"), PLAIN_TIME },
        { S("string:int-or-string"), PLAIN_INT_OR_STRING },
        { S("integer:int32"), PLAIN_INT32 },
        { S("integer:int64"), PLAIN_INT64 },
        { S("number:double"), PLAIN_NUMBER },
        { S("boolean"), PLAIN_BOOL },
    };
    if (str_ends(definition, S(".resource.Quantity")))
        return PLAIN_QUANTITY;
    for (size_t i = 0; i < countof(plains); i++) {
        if (str_eq(plains[i].written, written))
            return plains[i].type;
    }
    stop("no plain type", written);
}

/* The number of a type as it is written: "@Definition", "[]Type", "{}Type", anything else is plain. */
static unsigned type_of(struct maker *m, str written, str mark)
{
    bool list = str_starts(written, S("[]"));
    bool map = str_starts(written, S("{}"));
    str name = mark.len ? str_format(m->arena, "%.*s %.*s", STR(written), STR(mark)) : written;
    uintptr_t known = (uintptr_t)map_get(&m->types, name);
    if (known)
        return (unsigned)known - 1;
    if (str_starts(written, S("@")))
        stop("no such definition", written);
    struct type_row row = { .form = TYPE_PLAIN };
    if (!list && !map)
        row.first = (uint16_t)plain_of(written, S(""));
    if (list || map) {
        row.form = list ? TYPE_LIST : TYPE_MAP;
        row.first = (uint16_t)type_of(m, str_skip(written, 2), S(""));
        row.merge = (uint8_t)merge_of(m, mark);
    }
    unsigned number = add_type(m, row);
    map_put(&m->types, name, (void *)(uintptr_t)(number + 1));
    return number;
}

/* Numbers the definitions, so that fields may name later ones. */
static void number_definitions(struct maker *m, const struct table *t)
{
    str before = S("");
    add_type(m, (struct type_row){ .form = TYPE_PLAIN });
    for (uint32_t i = 0; i < t->len; i++) {
        const struct row *row = &t->rows[i];
        if (!str_eq(row->at[0], S("T")))
            continue;
        if (str_cmp(before, row->at[1]) >= 0)
            stop("definitions must be sorted", row->at[1]);
        before = row->at[1];
        unsigned number = add_type(m, (struct type_row){ .form = TYPE_PLAIN });
        map_put(&m->types, str_concat(m->arena, S("@"), row->at[1]),
                (void *)(uintptr_t)(number + 1));
    }
}

static void write_definition_names(struct maker *m, const struct table *t)
{
    unsigned count = 0;
    buf_format(&m->out, "const uint16_t definition_names[] = {");
    for (uint32_t i = 0; i < t->len; i++) {
        if (!str_eq(t->rows[i].at[0], S("T")))
            continue;
        buf_format(&m->out, "%u,", pooled(m, t->rows[i].at[1]));
        count++;
    }
    buf_format(&m->out, "};\nconst size_t definition_count = %u;\n", count);
}

static void write_fields(struct maker *m, const struct table *t)
{
    unsigned type = 0, field = 0;
    str before = S("");
    buf_format(&m->out, "const struct type_field_row %stype_field_rows[] = {", m->prefix);
    for (uint32_t i = 0; i < t->len; i++) {
        const struct row *row = &t->rows[i];
        if (str_eq(row->at[0], S("T"))) {
            type++;
            before = S("");
            m->type_rows[type].form = row->len > 2 ? TYPE_PLAIN : TYPE_OBJECT;
            m->type_rows[type].first =
                row->len > 2 ? (uint16_t)plain_of(row->at[2], row->at[1]) : (uint16_t)field;
        } else if (str_eq(row->at[0], S("F"))) {
            if (str_cmp(before, row->at[1]) >= 0)
                stop("fields must be sorted", row->at[1]);
            before = row->at[1];
            /* type_of may move the rows, so it goes first. */
            unsigned child = type_of(m, row->at[2], row->at[3]);
            buf_format(&m->out, "{%u,%u,%u,%u},", pooled(m, row->at[1]), child,
                       pooled(m, row->at[5]), str_eq(row->at[4], S("!")));
            m->type_rows[type].len++;
            field++;
        }
    }
    buf_format(&m->out, "};\n");
}

static void write_types(struct maker *m)
{
    buf_format(&m->out, "const struct type_row %stype_rows[] = {", m->prefix);
    for (uint32_t i = 0; i < m->type_len; i++) {
        const struct type_row *row = &m->type_rows[i];
        buf_format(&m->out, "{%u,%u,%u,%u},", row->form, row->merge, row->first, row->len);
    }
    buf_format(&m->out, "};\n");
}

static void write_merges(struct maker *m)
{
    buf_format(&m->out, "const struct merge_row merge_rows[] = {{0},");
    for (uint32_t i = 0; i < m->merges.len; i++) {
        str rest = m->merges.entries[i].key;
        unsigned keys[MERGE_KEYS_MAX] = { 0 };
        unsigned len = 0;
        for (str key; rest.len && str_next_field(&rest, ',', &key); len++) {
            if (len == MERGE_KEYS_MAX)
                stop("too many merge keys", key);
            keys[len] = pooled(m, key);
        }
        buf_format(&m->out, "{%u,{%u,%u}},", len, keys[0], keys[1]);
    }
    buf_format(&m->out, "};\n");
}

static void write_kinds(struct maker *m, const struct table *t)
{
    struct table kinds = { .file = t->file };
    unsigned type = 0;
    for (uint32_t i = 0; i < t->len; i++) {
        const struct row *row = &t->rows[i];
        bool whole = str_eq(row->at[0], S("K"));
        type += str_eq(row->at[0], S("T"));
        if (!whole && !str_eq(row->at[0], S("S")))
            continue;
        str number = str_format(m->arena, "%u", whole ? type : 0);
        ARENA_PUSH(m->arena, kinds.rows, kinds.len, kinds.cap);
        kinds.rows[kinds.len++] =
            (struct row){ { row->at[1], row->at[2], number, row->at[3] }, .len = 4 };
    }
    sort_by_kind(&kinds);
    buf_format(&m->out, "const struct kind_row %skind_rows[] = {", m->prefix);
    for (uint32_t i = 0; i < kinds.len; i++) {
        const struct row *row = &kinds.rows[i];
        buf_format(&m->out, "{%u,%u,%u,%u},", pooled(m, row->at[0]), pooled(m, row->at[1]),
                   number_of(row->at[2]), scope_of(row->at[3]));
    }
    buf_format(&m->out, "};\nconst size_t %skind_count = %u;\n", m->prefix, kinds.len);
}

static struct table make_types_of(struct maker *m, const char *file, const char *prefix)
{
    struct table t = read_table(m, file);
    m->prefix = prefix;
    m->types = (struct map){ .arena = m->arena };
    m->type_len = 0;
    number_definitions(m, &t);
    write_fields(m, &t);
    write_types(m);
    write_kinds(m, &t);
    return t;
}

static void make_types(struct maker *m)
{
    struct table t = make_types_of(m, "kustomize-types.tsv", "");
    write_definition_names(m, &t);
    write_merges(m);
    make_types_of(m, "kubernetes-types.tsv", "served_");
}

/* ---- the smaller tables ---- */

static void make_lifecycle(struct maker *m)
{
    struct table t = read_table(m, "lifecycle.tsv");
    sort_by_kind(&t);
    buf_format(&m->out, "const struct lifecycle_row lifecycle_rows[] = {");
    for (uint32_t i = 0; i < t.len; i++) {
        const str *at = t.rows[i].at;
        buf_format(&m->out, "{%u,%u,%u,%u,%u,%u,%u,%u,%u,%u},", pooled(m, at[0]), pooled(m, at[1]),
                   pooled(m, at[3]), pooled(m, at[9]), scope_of(at[2]), release_of(at[4]),
                   release_of(at[5]), release_of(at[6]), release_of(at[7]), release_of(at[8]));
    }
    buf_format(&m->out, "};\nconst size_t lifecycle_count = %u;\n", t.len);
}

/* Rows of one order, kind and rank, from those of a table; the ranks begin at `first`. */
static void add_order(struct maker *m, const struct table *t, str name, int first,
                      struct table *order)
{
    for (uint32_t i = 0; i < t->len; i++) {
        const struct row *row = &t->rows[i];
        if (!str_eq(row->at[0], name))
            continue;
        str rank = str_format(m->arena, "%d", first + (int)number_of(row->at[1]));
        ARENA_PUSH(m->arena, order->rows, order->len, order->cap);
        order->rows[order->len++] = (struct row){ { row->at[2], rank }, .len = 2 };
    }
}

static void write_order(struct maker *m, struct table *order, const char *name)
{
    sort_rows(order);
    buf_format(&m->out, "const struct order_row %s_rows[] = {", name);
    for (uint32_t i = 0; i < order->len; i++) {
        const str *at = order->rows[i].at;
        buf_format(&m->out, "{%u,%.*s},", pooled(m, at[0]), STR(at[1]));
    }
    buf_format(&m->out, "};\nconst size_t %s_count = %u;\n", name, order->len);
}

static void write_helm_facts(struct maker *m, const struct table *t)
{
    struct table defaults = { .len = 0 };
    unsigned versions = 0;
    buf_format(&m->out, "const uint16_t helm_api_version_rows[] = {");
    for (uint32_t i = 0; i < t->len; i++) {
        const struct row *row = &t->rows[i];
        if (str_eq(row->at[0], S("helm-apiversion"))) {
            if (number_of(row->at[1]) != versions++)
                stop("out of order", row->at[2]);
            buf_format(&m->out, "%u,", pooled(m, row->at[2]));
        } else if (str_eq(row->at[0], S("helm-default"))) {
            ARENA_PUSH(m->arena, defaults.rows, defaults.len, defaults.cap);
            defaults.rows[defaults.len++] = (struct row){ { row->at[1], row->at[2] }, .len = 2 };
        }
    }
    buf_format(&m->out, "};\nconst size_t helm_api_version_total = %u;\n", versions);
    sort_rows(&defaults);
    buf_format(&m->out, "const struct pair_row helm_default_rows[] = {");
    for (uint32_t i = 0; i < defaults.len; i++)
        buf_format(&m->out, "{%u,%u},", pooled(m, defaults.rows[i].at[0]),
                   pooled(m, defaults.rows[i].at[1]));
    buf_format(&m->out, "};\nconst size_t helm_default_count = %u;\n", defaults.len);
}

static void make_orders(struct maker *m)
{
    struct table t = read_table(m, "orders.tsv");
    struct table first = { .len = 0 }, legacy = { .len = 0 };
    struct table install = { .len = 0 }, uninstall = { .len = 0 };
    add_order(m, &t, S("kustomize-legacy-first"), 0, &first);
    add_order(m, &t, S("kustomize-legacy-first"), -(int)first.len, &legacy);
    add_order(m, &t, S("kustomize-legacy-last"), 1, &legacy);
    add_order(m, &t, S("helm-install"), 0, &install);
    add_order(m, &t, S("helm-uninstall"), 0, &uninstall);
    write_order(m, &legacy, "legacy_order");
    write_order(m, &install, "helm_install");
    write_order(m, &uninstall, "helm_uninstall");
    write_helm_facts(m, &t);
}

static unsigned pooled_pattern(struct maker *m, str s)
{
    return pooled(m, str_eq(s, S("*")) ? S("") : s);
}

static enum field_since since_of(str words)
{
    if (str_eq(words, S("only v5.7.1")))
        return FIELD_UNTIL_5_7;
    if (str_eq(words, S("only main")))
        return FIELD_SINCE_5_8;
    if (words.len)
        stop("no version", words);
    return FIELD_ALWAYS;
}

static unsigned write_specs_of(struct maker *m, const struct table *t, str use)
{
    unsigned len = 0;
    for (uint32_t i = 0; i < t->len; i++) {
        const str *at = t->rows[i].at;
        if (!str_eq(at[0], use))
            continue;
        buf_format(&m->out, "{{%u,%u,%u},{%u,%u,%u},%u,%u,%u},", pooled_pattern(m, at[1]),
                   pooled_pattern(m, at[2]), pooled_pattern(m, at[3]), pooled_pattern(m, at[4]),
                   pooled_pattern(m, at[5]), pooled_pattern(m, at[6]), pooled(m, at[7]),
                   number_of(at[8]), since_of(at[9]));
        len++;
    }
    return len;
}

static void make_field_specs(struct maker *m)
{
    static const char *const uses[] = {
#define X(identifier, name) [FIELDS_##identifier] = name,
        FIELD_USES(X)
#undef X
    };
    unsigned lens[FIELD_USE_COUNT];
    unsigned first = 0;
    struct table t = read_table(m, "field-specs.tsv");
    buf_format(&m->out, "const struct field_spec_row field_spec_rows[] = {");
    for (size_t i = 0; i < FIELD_USE_COUNT; i++) {
        lens[i] = write_specs_of(m, &t, str_from(uses[i]));
        first += lens[i];
    }
    if (first != t.len)
        stop("a row of a transformer that field_rows.h does not list", str_from(t.file));
    buf_format(&m->out, "};\nconst struct range_row field_use_rows[] = {");
    first = 0;
    for (size_t i = 0; i < FIELD_USE_COUNT; first += lens[i++])
        buf_format(&m->out, "{%u,%u},", first, lens[i]);
    buf_format(&m->out, "};\n");
}

static void write_pool(struct maker *m)
{
    buf_format(&m->out, "const unsigned char schema_pool[] = {");
    for (size_t i = 0; i < m->pool.len; i++)
        buf_format(&m->out, "%u,", (unsigned char)m->pool.at[i]);
    buf_format(&m->out, "};\n");
}

static void save(const struct maker *m, const char *path)
{
    FILE *file = fopen(path, "wb");
    bool ok = file && fwrite(m->out.at, 1, m->out.len, file) == m->out.len;
    if (file && fclose(file))
        ok = false;
    if (!ok)
        stop(strerror(errno), str_from(path));
}

int main(int argc, char **argv)
{
    if (argc != 3)
        stop("usage: mktables FOLDER OUTPUT", S(""));
    struct arena *arena = arena_new((size_t)1 << 30, out_of_memory, NULL);
    if (!arena)
        out_of_memory(NULL);
    struct maker m = { .arena = arena,
                       .folder = argv[1],
                       .strings.arena = arena,
                       .types.arena = arena,
                       .merges.arena = arena };
    buf_init(&m.pool, arena, 1 << 16);
    buf_init(&m.out, arena, 1 << 18);
    buf_format(&m.out, "/* Made by mktables from schema/data. */\n#include \"schema/tables.h\"\n");
    pooled(&m, S(""));
    make_types(&m);
    make_lifecycle(&m);
    make_orders(&m);
    make_field_specs(&m);
    write_pool(&m);
    save(&m, argv[2]);
    arena_free(arena);
    return EXIT_SUCCESS;
}
