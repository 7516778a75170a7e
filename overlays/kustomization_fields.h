/* The fields of a kustomization, and of the files that it names, as tables: what each may hold, and
 * when it is printed. */
#ifndef HOIST_OVERLAYS_KUSTOMIZATION_FIELDS_H
#define HOIST_OVERLAYS_KUSTOMIZATION_FIELDS_H

#include "render/doc/node.h"

enum field_type {
    TYPE_STRING,
    TYPE_BOOL,
    TYPE_INT,
    TYPE_STRINGS, /* a list of strings */
    TYPE_TEXTS,   /* a map of strings */
    TYPE_FLAGS,   /* a map of booleans */
    TYPE_MAP,     /* a map with `fields` */
    TYPE_MAPS,    /* a list of them */
    TYPE_ANY,     /* any map */
};

/* When kustomize prints a field of a file that it writes anew. */
enum field_print {
    PRINT_FILLED,  /* not when it is empty, zero or false; a map of fields when it is there */
    PRINT_PRESENT, /* when it is there, also empty */
    PRINT_NULL,    /* always: null when it is not there */
    PRINT_ALWAYS,  /* always: "", 0, a map of its own fields when it is not there */
};

struct field {
    str name;
    enum field_type type;
    enum field_print print;
    const struct field *fields;
};

/* Up to a row without a name. */
extern const struct field kustomization_fields[];
extern const struct field configuration_fields[]; /* of a file in `configurations` */
/* Of a built-in generator or transformer in a file of its own; NULL when it checks them itself. */
const struct field *plugin_fields(str kind);

extern const struct field metadata_fields[];

enum field_strictness { FIELDS_STRICT, FIELDS_OF_PLUGIN };

/* Names are compared without regard to case when none matches exactly, and given their usual
 * spelling. A null is no value, whatever is wanted. False after reports. */
bool fields_check(struct context *cx, const struct field *fields, struct node *map,
                  enum field_strictness strictness);
/* Takes out of what was checked the fields that are null, and makes strings of the other scalars
 * where strings are wanted: 0x10 is "16". */
void fields_settle(struct context *cx, const struct field *fields, struct node *map);

#endif
