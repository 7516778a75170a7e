/* Run-time values of the template language, with Go's kinds.
 *
 * A value is 16 bytes and is passed by copy. Strings, bytes and lists are views whose
 * content never changes; maps are shared, as in Go: what `set` does in one place is
 * seen in all. Everything lives in an arena, as long as the render. */
#ifndef HOIST_TEMPLATE_VALUE_H
#define HOIST_TEMPLATE_VALUE_H

#include "render/doc/node.h"

struct dict;
struct gotime;
struct object;

enum value_kind {
    VALUE_NIL, /* nothing; `boxed`: an interface that holds nothing */
    VALUE_BOOL,
    VALUE_INT, /* the integers stand together: value_is_int() */
    VALUE_INT32,
    VALUE_INT64,
    VALUE_UINT8,
    VALUE_UINT64,
    VALUE_DURATION, /* nanoseconds in `i` */
    VALUE_FLOAT,
    VALUE_COMPLEX,
    VALUE_STRING,
    VALUE_BYTES,
    VALUE_LIST,
    VALUE_MAP,
    VALUE_TIME,
    VALUE_ERROR, /* an error that a function gives as a value; its text like a string's */
    VALUE_OBJECT,
    VALUE_KIND_COUNT
};

/* Where Go has several types of one kind. The first is what most functions make. */
enum value_type {
    TYPE_ANY,     /* []interface {}, map[string]interface {}, and of other kinds the plain type */
    TYPE_STRINGS, /* []string, map[string]string */
    TYPE_INTS,    /* []int */
    TYPE_LISTS,   /* [][]interface {} */
    TYPE_MAPS,    /* []map[string]interface {} */
    TYPE_VALUES,  /* common.Values, a map */
    TYPE_MONTH,   /* time.Month and time.Weekday, ints that print as names */
    TYPE_WEEKDAY,
};

struct value {
    uint8_t kind; /* enum value_kind */
    uint8_t type; /* enum value_type */
    /* It was read out of a container of interface {}. Only error sentences of the
     * evaluator tell the difference; functions need neither set nor look at it. */
    bool boxed;
    uint32_t len; /* bytes of a string, items of a list */
    union {
        bool b;
        int64_t i;
        uint64_t u;
        double f;
        const double *complex; /* real and imaginary part */
        const char *at;
        const struct value *items; /* NULL: a nil slice */
        struct dict *dict;         /* NULL: a nil map */
        const struct gotime *time;
        const struct object *object;
    };
};

_Static_assert(sizeof(struct value) == 16, "two registers");

#define NIL ((struct value){ .kind = VALUE_NIL })

static inline struct value value_bool(bool b)
{
    return (struct value){ .kind = VALUE_BOOL, .b = b };
}

static inline struct value value_int(int64_t i)
{
    return (struct value){ .kind = VALUE_INT, .i = i };
}

static inline struct value value_int64(int64_t i)
{
    return (struct value){ .kind = VALUE_INT64, .i = i };
}

static inline struct value value_float(double f)
{
    return (struct value){ .kind = VALUE_FLOAT, .f = f };
}

static inline struct value value_string(str s)
{
    return (struct value){ .kind = VALUE_STRING, .len = (uint32_t)s.len, .at = s.at };
}

static inline struct value value_bytes(str s)
{
    return (struct value){ .kind = VALUE_BYTES, .len = (uint32_t)s.len, .at = s.at };
}

static inline struct value value_error(str s)
{
    return (struct value){ .kind = VALUE_ERROR, .len = (uint32_t)s.len, .at = s.at };
}

/* Not a nil slice, even when it is empty. */
struct value value_list(const struct value *items, uint32_t len);
struct value value_list_of(enum value_type type, const struct value *items, uint32_t len);

static inline struct value value_map(struct dict *dict)
{
    return (struct value){ .kind = VALUE_MAP, .dict = dict };
}

static inline struct value value_object(const struct object *object)
{
    return (struct value){ .kind = VALUE_OBJECT, .object = object };
}

static inline struct value value_time(const struct gotime *time)
{
    return (struct value){ .kind = VALUE_TIME, .time = time };
}

/* The text of a string, of bytes or of an error. */
static inline str value_str(struct value v)
{
    return (str){ v.at, v.len };
}

static inline bool value_is_int(struct value v)
{
    return v.kind >= VALUE_INT && v.kind <= VALUE_DURATION;
}

static inline bool value_is_unsigned(struct value v)
{
    return v.kind == VALUE_UINT8 || v.kind == VALUE_UINT64;
}

/* As `if` decides: zero, "", nil and what is empty are false. Also Sprig's `empty`, reversed. */
bool value_true(struct value v);
/* Go's reflect.DeepEqual: types count. */
bool value_equal(struct value a, struct value b);
/* Maps and lists copied all the way down. What is nested deeper than VALUE_DEPTH (a map
 * that a template put into itself) has no end: it is unequal, and NIL in a copy. */
struct value value_copy(struct arena *a, struct value v);
enum { VALUE_DEPTH = 2000 };

/* "map[string]interface {}", "*semver.Version"; "<nil>" for nothing. */
str value_type_name(struct value v);
/* reflect's name: "map", "slice", "ptr", "int64"; "invalid" for nothing. */
str value_kind_name(struct value v);

/* Maps. Keys are interned in cx->keys; entries stand in no order that counts. */
struct dict_entry {
    const struct key *key;
    struct value value;
    struct pos pos; /* where a file says so; NOWHERE when a template did */
};

struct dict {
    struct dict_entry *entries;
    uint32_t *slots; /* above a few entries, by the key's address */
    uint32_t len;
    uint32_t cap;
    uint32_t slot_mask;
    bool sorted;
    bool fixed; /* the fields of a struct, in Go's order: never sorted */
};

struct dict *dict_new(struct arena *a, uint32_t room);
/* NULL when the key is absent or NULL, or when the map is nil. */
struct dict_entry *dict_find(const struct dict *d, const struct key *key);
/* NIL when absent. */
struct value dict_get(const struct dict *d, const struct key *key);
struct value dict_get_text(const struct context *cx, const struct dict *d, str key);
void dict_set(struct arena *a, struct dict *d, const struct key *key, struct value v);
void dict_set_at(struct arena *a, struct dict *d, const struct key *key, struct value v,
                 struct pos pos);
void dict_set_text(struct context *cx, struct dict *d, str key, struct value v);
bool dict_remove(struct dict *d, const struct key *key);
/* Sorts the entries by key, in place; copy them when the loop may change the map. */
const struct dict_entry *dict_sorted(struct dict *d);
struct dict *dict_copy(struct arena *a, const struct dict *d); /* shallow */

/* Values with methods or of a named type: .Files, .Capabilities, a version. */
struct object_type {
    const char *name; /* as Go says it: "*semver.Version" */
    const char *kind; /* "ptr", "struct", "map", "slice" */
    /* Ended by a zero row. args[0] is the object; `params` leave it out. */
    const struct func *methods;
};

struct object {
    const struct object_type *type;
    /* What range, len, index, printing and toYaml see: a map, a list, or for a struct
     * its fields as a fixed dict; NIL when it shows nothing. */
    struct value plain;
    str text; /* what its String method gives, which printing uses; `at` is NULL without one */
    const void *data;
    /* What %v prints where the String method is that of a pointer, which only an action has;
     * `at` is NULL for `text` everywhere. */
    str fields;
};

/* An object's plain value, any other value as it is. */
static inline struct value value_plain(struct value v)
{
    return v.kind == VALUE_OBJECT ? v.object->plain : v;
}

/* A document as Helm reads values: every number is a float64. */
struct value value_from_node(struct context *cx, const struct node *n);
/* The same with int64 where the text is an integer: what TOML and --set give. */
struct value value_from_node_ints(struct context *cx, const struct node *n);
/* A value of a document's kinds as new nodes, keys sorted, where the entries of maps stand in their
 * files. NULL, with the Go error's words in *why, for what JSON can't hold: "json: unsupported
 * value: NaN". */
struct node *value_to_node(struct context *cx, struct value v, str *why);

#endif
