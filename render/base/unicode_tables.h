/* What unicode_tables.c holds; for unicode.c only. */
#ifndef HOIST_BASE_UNICODE_TABLES_H
#define HOIST_BASE_UNICODE_TABLES_H

#include <stddef.h>
#include <stdint.h>

/* Runes first, first + step, … last move by these distances. */
struct case_run {
    uint32_t first;
    uint32_t last;
    uint32_t step;
    int32_t upper;
    int32_t lower;
    int32_t title;
};

struct category_alias {
    char name[24];
    char category[3];
};

/* Where each run of runes begins that share a category or script: first << 8 | number. */
extern const uint32_t category_runs[];
extern const size_t category_run_count;
extern const uint32_t script_runs[];
extern const size_t script_run_count;

extern const char script_names[][24]; /* 0 is no script */
extern const size_t script_count;
extern const struct category_alias category_aliases[];
extern const size_t category_alias_count;

extern const struct case_run case_runs[];
extern const size_t case_run_count;
extern const uint32_t fold_exceptions[][2];
extern const size_t fold_exception_count;

#endif
