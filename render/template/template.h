/* Sets of templates: texts are parsed into one, and a template is executed with a root
 * value into a buffer. */
#ifndef HOIST_TEMPLATE_TEMPLATE_H
#define HOIST_TEMPLATE_TEMPLATE_H

#include "render/base/map.h"
#include "render/template/failure.h"
#include "render/template/func.h"

struct template;
struct watch; /* render/template/watch.h */

struct template_set {
    struct context *cx;
    const struct template_set *outer; /* what a text given to tpl defines lies over the rest */
    struct map templates;             /* by name */
    struct template_engine *engine;   /* shared with the sets over it */
};

struct template_options {
    bool missing_key_fails;  /* helm's --strict: a missing key is an error */
    bool dns;                /* getHostByName asks the resolver */
    bool lint;               /* helm lint: `fail` and `required` let it pass */
    bool pieces;             /* note which place printed what */
    bool bare;               /* no chart: Helm's own functions are unknown, "<no value>" stays */
    bool environment;        /* env and expandenv are known */
    str without;             /* a function that is unknown; empty for none */
    const struct func *more; /* functions that others know as well, before all others; or NULL */
    struct watch *watch;     /* who wants to know what is read, or NULL */
};

/* NULL is no answer: a set is always made. */
struct template_set *template_set_new(struct context *cx, struct template_options options);

/* Adds what a text defines, itself under `name`; a later definition takes the place of an
 * earlier one unless it is blank. False after a report. */
bool template_add(struct template_set *set, str name, const struct text *text);

/* The same for a text that defines nothing beside itself: it is parsed when it is run, and
 * forgotten after that, so that mistakes come late. template_check says them in their order. */
bool template_add_later(struct template_set *set, str name, const struct text *text);
/* Parses what was added for later: Go would have, before anything ran. Of the first mistake this
 * is the report, in place of all since `before`; without any, nothing changes. */
bool template_check(struct template_set *set, struct diags before);

/* Calls `see` for every field and text in a part that has not run, of a set that is watched:
 * `before` is the field before it, empty where that is not known. */
typedef void unrun_name(void *who, str before, str name);
void template_unrun(const struct template_set *set, unrun_name *see, void *who);

/* What one execution printed. */
struct rendered {
    str bytes; /* every "<no value>" removed, as Helm does */
    const struct text_piece *pieces;
    uint32_t piece_count;
};

/* False after a report. */
bool template_execute(struct template_set *set, str name, struct value root, struct rendered *out);

/* What Go would say of the last failure, and so Helm: failure_helm(). NULL when nothing
 * failed, or something that Go would not have refused (a limit). */
const struct failure *template_failure(const struct template_set *set);

#endif
