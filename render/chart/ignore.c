/* Rules in order; the first that decides wins. A pattern without a slash looks at the last part of
 * a path. "!" ignores what does not match, which is what Helm makes of a negation. */
#include "render/chart/ignore.h"

#include "render/base/glob.h"

struct rule {
    str pattern;
    bool negated;
    bool folder;   /* ends in a slash: only folders */
    bool anchored; /* has a slash: the whole path must match */
};

struct ignore_rules {
    struct rule *at;
    uint32_t len;
    uint32_t cap;
};

static bool add_rule(struct context *cx, struct ignore_rules *rules, str line, struct pos pos)
{
    struct rule rule = { .pattern = str_trim(line) };
    if (rule.pattern.len == 0 || rule.pattern.at[0] == '#')
        return true;
    if (str_has(rule.pattern, S("**")))
        return report(cx, pos, "double-star (**) syntax is not supported");
    if (glob_match(rule.pattern, S("abc")) == GLOB_MALFORMED)
        return report(cx, pos, "syntax error in pattern");
    rule.negated = str_starts(rule.pattern, S("!"));
    rule.pattern = str_trim_prefix(rule.pattern, S("!"));
    rule.folder = str_ends(rule.pattern, S("/"));
    rule.pattern = str_trim_suffix(rule.pattern, S("/"));
    rule.anchored = str_has_char(rule.pattern, '/');
    rule.pattern = str_trim_prefix(rule.pattern, S("/"));
    ARENA_PUSH(cx->arena, rules->at, rules->len, rules->cap);
    rules->at[rules->len++] = rule;
    return true;
}

struct ignore_rules *ignore_read(struct context *cx, const struct folder *folder, struct pos from)
{
    struct ignore_rules *rules = NEW(cx->arena, struct ignore_rules);
    if (folder_kind(cx, folder, S(".helmignore")) == FILE_PLAIN) {
        const struct text *text = folder_read(cx, folder, S(".helmignore"), from);
        if (!text)
            return NULL;
        str rest = str_trim_prefix(text->bytes, S("\xEF\xBB\xBF"));
        str line;
        for (size_t at = text->bytes.len - rest.len; str_next_line(&rest, &line);
             at = text->bytes.len - rest.len) {
            if (!add_rule(cx, rules, line, (struct pos){ text->id, (uint32_t)at }))
                return NULL;
        }
    }
    add_rule(cx, rules, S("templates/.?*"), NOWHERE);
    return rules;
}

static bool rule_matches(const struct rule *rule, str path)
{
    str folder, name;
    if (!rule->anchored && str_cut_last(path, '/', &folder, &name))
        path = name;
    return glob_match(rule->pattern, path) == GLOB_YES;
}

bool ignore_matches(const struct ignore_rules *rules, str path, enum file_kind kind)
{
    for (uint32_t i = 0; i < rules->len; i++) {
        const struct rule *rule = &rules->at[i];
        bool wrong_kind = rule->folder && kind != FILE_FOLDER;
        if (rule->negated && (wrong_kind || !rule_matches(rule, path)))
            return true;
        if (!rule->negated && !wrong_kind && rule_matches(rule, path))
            return true;
    }
    return false;
}
