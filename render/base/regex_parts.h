/* What the files of the regular expressions share: the tree and the program. */
#ifndef HOIST_BASE_REGEX_PARTS_H
#define HOIST_BASE_REGEX_PARTS_H

#include "render/base/arena.h"
#include "render/base/regex.h"

struct rune_range {
    uint32_t first;
    uint32_t last;
};

/* A set of characters while it is put together: ranges in any order. */
struct rune_set {
    struct arena *arena;
    struct rune_range *at;
    uint32_t len;
    uint32_t cap;
};

void rune_set_add(struct rune_set *set, uint32_t first, uint32_t last);
/* The same, and every character that equals one of them case aside. */
void rune_set_add_folded(struct rune_set *set, uint32_t first, uint32_t last);
void rune_set_add_all(struct rune_set *set, const struct rune_set *other);
void rune_set_sort(struct rune_set *set); /* in order, neighbours joined */
void rune_set_negate(struct rune_set *set);

/* \d and its kin by their letter, [:alpha:] and its kin by name; false when there is none. */
bool rune_set_add_named(struct rune_set *set, str name, bool negated, bool fold);

enum re_kind { RE_EMPTY, RE_SET, RE_ASSERT, RE_GROUP, RE_REPEAT, RE_CONCAT, RE_ALTERNATE };

/* What an assertion asks about the place between two characters. */
enum re_place {
    PLACE_LINE_BEGIN = 1,
    PLACE_LINE_END = 2,
    PLACE_TEXT_BEGIN = 4,
    PLACE_TEXT_END = 8,
    PLACE_WORD_EDGE = 16,
    PLACE_NO_WORD_EDGE = 32
};

struct re_node {
    enum re_kind kind;
    enum re_place place;
    bool lazy;    /* repeat: as few as possible */
    uint32_t len; /* of a set's ranges, or of the parts */
    int32_t min;  /* repeat; a group's number */
    int32_t max;  /* repeat: -1 for no limit */
    int32_t height;
    int64_t size; /* of the program that this becomes, roughly */
    union {
        const struct rune_range *ranges;
        struct re_node **parts; /* group and repeat have one */
    };
};

struct re_tree {
    struct re_node *root;
    str *names; /* of the groups, from 0 */
    uint32_t groups;
};

bool re_parse(struct arena *a, str pattern, struct re_tree *out, str *error);

enum re_op { OP_MATCH, OP_RUNE, OP_SET, OP_ASSERT, OP_SAVE, OP_SPLIT, OP_FAIL };

struct re_inst {
    enum re_op op;
    uint32_t next;
    uint32_t arg; /* the character, the set, the place, the slot, or split's second choice */
};

struct re_set {
    const struct rune_range *ranges;
    uint32_t len;
    uint64_t ascii[2];
};

/* Reporting allocates, and a match gives back what the arena holds, so that a match only counts,
 * and what it counted is reported behind it. */
struct re_watch {
    struct context *cx;
    uint64_t steps; /* of this match */
    uint64_t left;  /* it may have */
    bool late;
};

struct regex {
    struct re_watch *watch; /* or NULL */
    struct re_inst *program;
    struct re_set *sets;
    str *names;
    uint32_t groups;
    uint32_t program_len;
    uint32_t set_count;
    uint32_t start;
    bool from_begin; /* only at the beginning of the subject */
    bool to_end;     /* a whole literal that ends the subject */
    bool empty_pattern;
    bool is_literal; /* the prefix is all there is */
    str prefix;      /* every match begins with it */
};

void re_compile(struct arena *a, const struct re_tree *tree, struct regex *out);

/* Runs the program; `slots` has two offsets for each group of interest, 0 for just yes or no. */
bool re_run(struct arena *a, const struct regex *re, str subject, size_t from, ptrdiff_t *slots,
            uint32_t slot_count);

#endif
