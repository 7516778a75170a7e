/* The fields of a kustomization as a table: what each may hold, and when it is printed. */
#ifndef HOIST_OVERLAYS_KUSTOMIZATION_FIELDS_H
#define HOIST_OVERLAYS_KUSTOMIZATION_FIELDS_H

#include "render/base/str.h"

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

#endif
