/* The tree of maps, lists and scalars that every document is.
 *
 * Nodes live in the context's arena and are never freed one by one, so a node that
 * is replaced stays as what the new one was: the chain that `explain` prints. A node
 * has one parent: put a copy, never the same node, into a second place. */
#ifndef HOIST_DOC_NODE_H
#define HOIST_DOC_NODE_H

#include "render/base/context.h"

enum node_kind { NODE_NULL, NODE_BOOL, NODE_INT, NODE_FLOAT, NODE_STRING, NODE_LIST, NODE_MAP };

/* How a scalar stood in its file. */
enum scalar_style { STYLE_PLAIN, STYLE_SINGLE, STYLE_DOUBLE, STYLE_LITERAL, STYLE_FOLDED };

enum node_flag {
    NODE_TIMESTAMP = 1 << 0, /* a plain string that Go's YAML v3 reads as a time */
    NODE_TAGGED = 1 << 1,    /* its kind was said by a tag, not by its text */
    NODE_FLOW = 1 << 2,      /* a map or list that was written in braces or brackets */
    NODE_COMMENTED = 1 << 3, /* a comment that is a JSON object stands at it: node_comment() */
    NODE_ODD_KEYS = 1 << 4,  /* a map with a key that is no string: JSON can't hold it */
    NODE_BLANK = 1 << 6,     /* a null of no bytes at all in braces: kustomize prints "" for it */
    NODE_TWICE = 1 << 7,     /* a map that had a key twice: YAML_GO3_FIRST */
    NODE_UNTAGGED = 1 << 5,  /* a scalar that becomes whatever the next text in its place means */
};

struct node;

/* How a node came that took the place of another. */
struct node_history {
    const struct step *step;
    struct node *was;
};

struct entry {
    const struct key *key;
    struct node *value;
    struct pos pos; /* of the key */
};

struct node {
    uint8_t kind;  /* enum node_kind */
    uint8_t style; /* enum scalar_style, of scalars */
    uint8_t flags; /* enum node_flag */
    bool replaces; /* which member of the last union */
    uint32_t len;  /* items of a list, entries of a map */
    union {
        str text; /* a scalar's text as written, without quotes and escapes */
        struct {
            struct node **items;
            uint32_t items_cap;
        };
        struct {
            struct entry *entries; /* in the order of the file */
            uint32_t entries_cap;
        };
    };
    struct pos pos;
    union {
        const struct step *maker; /* read them by node_maker and node_was */
        const struct node_history *history;
    };
};

/* Who made it; NULL for the file itself. */
static inline const struct step *node_maker(const struct node *n)
{
    return n->replaces ? n->history->step : n->maker;
}

/* What stood in its place before, or NULL. */
static inline struct node *node_was(const struct node *n)
{
    return n->replaces ? n->history->was : NULL;
}

void node_set_maker(struct context *cx, struct node *n, const struct step *step);
void node_set_was(struct context *cx, struct node *n, struct node *was);

/* New nodes carry cx->step. */
struct node *node_map(struct context *cx);
struct node *node_list(struct context *cx);
struct node *node_null(struct context *cx);
struct node *node_bool(struct context *cx, bool value);
struct node *node_int(struct context *cx, int64_t value);
/* A string whatever its text looks like; the text is not copied. */
struct node *node_string(struct context *cx, str text);
/* A scalar of the kind that its text has when it stands in a file unquoted. */
struct node *node_plain(struct context *cx, str text);

static inline bool node_is_scalar(const struct node *n)
{
    return n->kind < NODE_LIST;
}

static inline bool node_is(const struct node *n, enum node_kind kind)
{
    return n && n->kind == kind;
}

const char *node_kind_name(const struct node *n); /* "a map", "a list", "a string", … */

/* Maps. A lookup is NULL when the key is absent, or when `map` is NULL or no map. */
struct node *node_get(const struct node *map, const struct key *key);
struct entry *node_entry(const struct node *map, const struct key *key);
struct node *node_get_text(struct context *cx, const struct node *map, str key);
/* The text of a scalar field, else the empty view. */
str node_get_str(const struct node *map, const struct key *key);
/* Sets a field: an existing one keeps its place and its history, a new one goes last. */
void node_set(struct context *cx, struct node *map, const struct key *key, struct node *value);
/* Adds without looking whether the key is there already. */
struct entry *node_add(struct context *cx, struct node *map, const struct key *key,
                       struct node *value);
/* Room for n entries in an empty map, at its exact size. */
void node_reserve(struct context *cx, struct node *map, uint32_t n);
bool node_remove(struct node *map, const struct key *key);
/* Takes out, all at once, the entries whose value was set to NULL. */
void node_sweep(struct node *map);
/* The map under a key, made when absent. NULL when something else is there. */
struct node *node_get_map(struct context *cx, struct node *map, const struct key *key);

/* Lists. */
void node_push(struct context *cx, struct node *list, struct node *item);
/* The old one becomes what the new one was. */
void node_put(struct context *cx, struct node *list, uint32_t at, struct node *item);
void node_insert(struct context *cx, struct node *list, uint32_t at, struct node *item);
void node_remove_at(struct node *list, uint32_t at);

/* Puts `value` where *slot points; what stood there becomes its history. */
void node_replace(struct context *cx, struct node **slot, struct node *value);
/* Overwrites a node in place with the value of another; the old content becomes what it was. */
void node_assign(struct context *cx, struct node *n, const struct node *value);

/* A deep copy with the same positions and history. */
struct node *node_copy(struct context *cx, const struct node *n);
/* A deep copy of what the step at work puts into a document: each node carries cx->step. */
struct node *node_take(struct context *cx, const struct node *n);
/* Counts what a copy would make as LIMIT_COPIES, long texts for more than one node. */
bool node_may_copy(struct context *cx, const struct node *n, struct pos pos);
/* Same kinds, same texts, same items; the order of a map's keys and styles don't matter. */
bool node_equal(const struct node *a, const struct node *b);

#endif
