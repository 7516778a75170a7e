/* Command lines: rows of options, from which parsing, help, completion and the manual come.
 *
 * GNU's habits and Go's together: --name=v, --name v, -nv, -n v, -n=v, grouped flags (-qv), a
 * flag's --name=false, options after operands, "--" before operands that begin with a hyphen,
 * "-" as an operand. Of an option that is no list, the last one counts. */
#ifndef HOIST_CLI_OPTIONS_H
#define HOIST_CLI_OPTIONS_H

#include "render/base/buf.h"
#include "render/base/context.h"

struct words {
    str *at;
    uint32_t len;
    uint32_t cap;
};

/* What a row fills, at its offset in the command's struct. */
enum option_kind {
    OPTION_FLAG,     /* bool */
    OPTION_TEXT,     /* str; .at is NULL when it was not given */
    OPTION_CHOICE,   /* str, one of the words that `value` lists: "yaml|json" */
    OPTION_OPTIONAL, /* str, taken only from --name=v; "" for a bare --name */
    OPTION_LIST,     /* struct words, one more each time */
    OPTION_COMMAS,   /* struct words, each time split at commas */
    OPTION_NUMBER,   /* int64_t */
    OPTION_DURATION, /* uint64_t nanoseconds, written as Go does: 90s, 1h30m */
    OPTION_ROWS,     /* the rows of a struct that several commands hold */
};

struct option {
    char letter; /* 0 for none */
    const char *name;
    const char *value; /* what the help calls its value; FILE and DIR complete as such */
    const char *help;  /* NULL: understood but not shown */
    enum option_kind kind;
    size_t at;
    const struct option *rows;
};

/* `rows` that fill the member `member` of `struct_`. */
#define OPTION_ROWS_OF(rows, struct_, member)                                                      \
    {                                                                                              \
        0, NULL, NULL, NULL, OPTION_ROWS, offsetof(struct_, member), rows                          \
    }

/* Rows and the zeroed struct that they fill. */
struct option_set {
    const struct option *rows; /* may be NULL; else ends with an empty row */
    void *values;
};

/* A walk along a command line. Earlier sets hide later ones. */
struct parser {
    struct context *cx;
    struct option_set sets[2];
    const struct words *line;
    uint32_t at;
    bool operands_only; /* after "--" */
    str model_error;    /* a mistake as kustomize and Helm, which read their lines alike, say it */
};

enum parsed { PARSED_OPERAND, PARSED_END, PARSED_ERROR };

/* Takes options up to the next operand, the end, or a mistake, which is reported. */
enum parsed options_next(struct parser *p, str *operand);

/* The row of "--name", "--name=v" or the letter after a hyphen; NULL when there is none. */
const struct option *option_named(const struct option_set *sets, size_t n, str name);
const struct option *option_lettered(const struct option_set *sets, size_t n, char letter);

/* Calls see(row, arg) for each row that is shown, those of nested structs too. */
void options_each(const struct option *rows, void (*see)(const struct option *row, void *arg),
                  void *arg);

bool option_takes_value(const struct option *row);

void words_add(struct arena *a, struct words *w, str word);

/* Is `word` one of "yaml|json"? */
bool choice_has(str choices, str word);
/* Reports `what` ("output format") as unknown, with the nearest choice or all of them. */
bool choice_unknown(struct context *cx, const char *what, str word, str choices);

#endif
