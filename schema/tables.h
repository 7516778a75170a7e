/* The generated tables, as mktables.c writes them into tables.c: constant arrays of 16-bit
 * numbers, so that a program starts without reading or relocating any of them.
 *
 * A string is an offset into `schema_pool`, where a byte with its length comes first.
 * Only the modules of this folder include this header; everyone else asks them. */
#ifndef HOIST_SCHEMA_TABLES_H
#define HOIST_SCHEMA_TABLES_H

#include <stdlib.h>

#include "render/base/str.h"

extern const unsigned char schema_pool[];

static inline str pool_str(uint16_t at)
{
    return (str){ (const char *)schema_pool + at + 1, schema_pool[at] };
}

enum type_form { TYPE_PLAIN, TYPE_OBJECT, TYPE_LIST, TYPE_MAP };

/* What a plain value must be. */
enum plain_type {
    PLAIN_ANY,
    PLAIN_STRING,
    PLAIN_BYTES, /* in base64 */
    PLAIN_TIME,
    PLAIN_INT32,
    PLAIN_INT64,
    PLAIN_NUMBER,
    PLAIN_BOOL,
    PLAIN_INT_OR_STRING,
    PLAIN_QUANTITY,
    PLAIN_TYPES
};

/* Type 0 is "unknown"; from 1 on the definitions, in the order of their names; then the rest. */
struct type_row {
    uint8_t form;
    uint8_t merge; /* of a list: a merge_row, 0 when it is replaced as a whole */
    /* Of an object: its first field; of a list or map: the element's type; else a plain_type. */
    uint16_t first;
    uint16_t len; /* of an object: how many fields */
};

struct type_field_row {
    uint16_t name;
    uint16_t type;
    uint16_t choices; /* "Always|Never", or "" */
    uint16_t required;
};

enum { MERGE_KEYS_MAX = 2 };

struct merge_row {
    uint16_t len; /* 0: a list of scalars, merged as a set */
    uint16_t keys[MERGE_KEYS_MAX];
};

struct kind_row {
    uint16_t kind;
    uint16_t api_version;
    uint16_t type;
    uint8_t scope; /* enum scope */
};

/* Releases are minor versions of Kubernetes 1; 0 where nothing is said. */
struct lifecycle_row {
    uint16_t kind;
    uint16_t api_version;
    uint16_t plural;
    uint16_t replacement;
    uint8_t scope;
    uint8_t served_first;
    uint8_t served_last;
    uint8_t introduced;
    uint8_t deprecated;
    uint8_t removed;
};

struct order_row {
    uint16_t kind;
    int16_t rank;
};

struct pair_row {
    uint16_t key;
    uint16_t value;
};

struct field_spec_row {
    uint16_t target[3]; /* group, version, kind */
    uint16_t gvk[3];
    uint16_t path;
    uint8_t create;
    uint8_t since; /* enum field_since */
};

struct range_row {
    uint16_t first;
    uint16_t len;
};

/* Sorted by their first column, then the second, unless said otherwise. */
extern const struct type_row type_rows[];             /* by number */
extern const struct type_field_row type_field_rows[]; /* sorted within each type */
extern const struct merge_row merge_rows[];           /* by number */
extern const uint16_t definition_names[];
extern const size_t definition_count;
extern const struct kind_row kind_rows[];
extern const size_t kind_count;
/* The same of the newest Kubernetes, for whoever judges documents. */
extern const struct type_row served_type_rows[];
extern const struct type_field_row served_type_field_rows[];
extern const struct kind_row served_kind_rows[];
extern const size_t served_kind_count;
extern const struct lifecycle_row lifecycle_rows[];
extern const size_t lifecycle_count;
extern const struct order_row legacy_order_rows[];
extern const size_t legacy_order_count;
extern const struct order_row helm_install_rows[];
extern const size_t helm_install_count;
extern const struct order_row helm_uninstall_rows[];
extern const size_t helm_uninstall_count;
extern const uint16_t helm_api_version_rows[]; /* in Helm's order */
extern const size_t helm_api_version_total;
extern const struct pair_row helm_default_rows[];
extern const size_t helm_default_count;
extern const struct field_spec_row field_spec_rows[]; /* in kustomize's order */
extern const struct range_row field_use_rows[];       /* by enum field_use */

struct wanted_row {
    str columns[2];
    size_t len;
};

static inline int row_compare(const void *wanted, const void *row)
{
    const struct wanted_row *w = wanted;
    const uint16_t *columns = row;
    int order = 0;
    for (size_t i = 0; i < w->len && order == 0; i++)
        order = str_cmp(w->columns[i], pool_str(columns[i]));
    return order;
}

/* The row of a sorted table whose first one or two columns are these strings, or NULL. */
#define ROW_FIND(rows, count, ...)                                                                 \
    bsearch(&(struct wanted_row){ { __VA_ARGS__ }, countof(((str[]){ __VA_ARGS__ })) }, (rows),    \
            (count), sizeof *(rows), row_compare)

#endif
