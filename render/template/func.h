/* Functions of the template language: rows of a name, Go's parameter types and C code.
 *
 * Arguments are counted, checked and converted by their parameters before the code runs,
 * and refused in Go's words; a function only ever sees what its row says. */
#ifndef HOIST_TEMPLATE_FUNC_H
#define HOIST_TEMPLATE_FUNC_H

#include "render/base/buf.h"
#include "render/template/value.h"

struct ast;
struct run; /* an execution; run_include and run_tpl in eval.h */

/* One call of a function. */
struct call {
    struct context *cx;
    struct arena *arena; /* results live here */
    struct run *run;
    struct pos pos; /* of the call in its template */
    const struct func *func;
    const struct value *args;
    uint32_t count;
    const struct ast *node; /* the command, for Go's own functions */
    bool failed;
    bool said;     /* `error` is the chart author's own: fail, required */
    bool reported; /* the user has been told already */
    str error;     /* for Go's sentence; none when it is that of what the call ran */
};

typedef struct value func_fn(struct call *c);

struct func {
    const char *name;
    /* A letter for each parameter, in order; a final '*' repeats the last one, none or more.
     *   s string    i int      I int64    f float64     b bool
     *   . interface {}: anything, nil included
     *   v as '.', said by Go's own functions (reflect.Value)
     *   m map[string]interface {}: kind VALUE_MAP, dict NULL for nil
     *   l []interface {}       S []string        y []uint8
     *   u uint32, of literals only: a uint64 value    c sprig.certificate
     *   t time.Time            d time.Duration   O *semver.Version: `object` NULL for nil */
    const char *params;
    func_fn *fn;
};

/* The families; each ends with a zero row. */
extern const struct func certificate_funcs[];
extern const struct func core_funcs[];
extern const struct func crypto_funcs[];
extern const struct func date_funcs[];
extern const struct func dict_funcs[];
extern const struct func encoding_funcs[];
/* Not one of func_each: only for a template of the user himself. */
extern const struct func environment_funcs[];
extern const struct func helm_funcs[];
extern const struct func list_funcs[];
extern const struct func math_funcs[];
extern const struct func network_funcs[];
extern const struct func path_funcs[];
extern const struct func random_funcs[];
extern const struct func reflection_funcs[];
extern const struct func regex_funcs[];
extern const struct func semver_funcs[];
extern const struct func string_funcs[];
extern const struct func word_funcs[];

/* Calls visit for every function there is, family by family. */
void func_each(void (*visit)(const struct func *f, void *who), void *who);

/* Least number of arguments, and the most (UINT32_MAX when the last one repeats). */
uint32_t func_least(const struct func *f);
uint32_t func_most(const struct func *f);
/* The letter that argument `at` must satisfy. */
char func_param(const struct func *f, uint32_t at);
/* How Go names a parameter's type: "map[string]interface {}". */
str func_param_name(char param);
/* May a value be passed as it is, or as something that Go assigns? Changes *v to what the
 * function sees. */
bool func_accepts(char param, struct value *v);

/* The call fails with an error: "error calling NAME: " and these words. */
struct value call_fail(struct call *c, const char *format, ...) PRINTF_LIKE(2, 3);
/* The same where Go's own sentence helps nobody who reads a chart ("runtime error: …"): the user
 * reads the other one, at the call. */
struct value call_panic(struct call *c, const char *go, const char *format, ...) PRINTF_LIKE(3, 4);
/* The same with words of the chart's author: printed without the chain of calls. */
struct value call_say(struct call *c, str message);
/* The call fails because of something that has been reported. */
struct value call_stop(struct call *c);
/* The string that a buffer holds, when all of it could be printed; else call_stop(). */
struct value call_printed(struct call *c, struct buf *b);
/* The function looks for a key of a map and finds `e`, or NULL: whoever watches is told. */
void call_reads(struct call *c, const struct dict *map, const struct key *key,
                const struct dict_entry *e);
/* Counts work that takes as long as so many steps; when there are too many, it has been reported:
 * return call_stop(). */
bool call_costs(struct call *c, uint64_t steps);
/* May the function make this many bytes? Else it has been reported: return call_stop(). */
bool call_room(struct call *c, uint64_t bytes);

#endif
