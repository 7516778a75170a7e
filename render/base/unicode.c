/* Unicode's tables: found by bisection, ASCII without. */
#include "render/base/unicode.h"

#include "render/base/unicode_tables.h"

/* The order of tests/oracle/unicode_tables.go. */
static const char category_names[][3] = {
    "Cn", "Cc", "Cf", "Co", "Cs", "Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Me", "Mn", "Nd", "Nl",
    "No", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Sc", "Sk", "Sm", "So", "Zl", "Zp", "Zs",
};

static unsigned run_of(const uint32_t *runs, size_t n, uint32_t r)
{
    size_t low = 0, high = n;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (runs[middle] >> 8 <= r)
            low = middle;
        else
            high = middle;
    }
    return runs[low] & 0xFF;
}

static const char *category(uint32_t r)
{
    return r > RUNE_LAST ? "Cn" : category_names[run_of(category_runs, category_run_count, r)];
}

static bool is(uint32_t r, const char *name)
{
    return strcmp(category(r), name) == 0;
}

bool rune_is_letter(uint32_t r)
{
    if (r < 0x80)
        return (r | 0x20) >= 'a' && (r | 0x20) <= 'z';
    return category(r)[0] == 'L';
}

bool rune_is_digit(uint32_t r)
{
    return r < 0x80 ? r >= '0' && r <= '9' : is(r, "Nd");
}

bool rune_is_number(uint32_t r)
{
    return category(r)[0] == 'N';
}

bool rune_is_upper(uint32_t r)
{
    return r < 0x80 ? r >= 'A' && r <= 'Z' : is(r, "Lu");
}

bool rune_is_lower(uint32_t r)
{
    return r < 0x80 ? r >= 'a' && r <= 'z' : is(r, "Ll");
}

bool rune_is_title(uint32_t r)
{
    return is(r, "Lt");
}

bool rune_is_punct(uint32_t r)
{
    return category(r)[0] == 'P';
}

bool rune_is_space(uint32_t r)
{
    if (r < 0x80)
        return r == ' ' || (r >= '\t' && r <= '\r');
    return r == 0x85 || category(r)[0] == 'Z';
}

bool rune_is_print(uint32_t r)
{
    return r < 0x80 ? r >= ' ' && r < 0x7F : strchr("LMNPS", category(r)[0]) != NULL;
}

static const struct case_run *case_run(uint32_t r)
{
    size_t low = 0, high = case_run_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (case_runs[middle].last < r)
            low = middle + 1;
        else
            high = middle;
    }
    /* Runs two apart may interleave with others: look at those that begin before r. */
    for (; low < case_run_count && case_runs[low].first <= r; low++) {
        const struct case_run *run = &case_runs[low];
        if (r <= run->last && (r - run->first) % run->step == 0)
            return run;
    }
    return NULL;
}

uint32_t rune_upper(uint32_t r)
{
    if (r < 0x80)
        return r >= 'a' && r <= 'z' ? r - 32 : r;
    const struct case_run *run = case_run(r);
    return run ? r + (uint32_t)run->upper : r;
}

uint32_t rune_lower(uint32_t r)
{
    if (r < 0x80)
        return r >= 'A' && r <= 'Z' ? r + 32 : r;
    const struct case_run *run = case_run(r);
    return run ? r + (uint32_t)run->lower : r;
}

uint32_t rune_title(uint32_t r)
{
    if (r < 0x80)
        return rune_upper(r);
    const struct case_run *run = case_run(r);
    return run ? r + (uint32_t)run->title : r;
}

static uint32_t fold_exception(uint32_t r)
{
    size_t low = 0, high = fold_exception_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (fold_exceptions[middle][0] < r)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < fold_exception_count && fold_exceptions[low][0] == r;
    return found ? fold_exceptions[low][1] : 0;
}

uint32_t rune_fold(uint32_t r)
{
    uint32_t exception = fold_exception(r);
    if (exception)
        return exception;
    uint32_t lower = rune_lower(r);
    return lower != r ? lower : rune_upper(r);
}

/* `loose` without case, spaces, '-' and '_' equals `name`. */
static bool same_name(str loose, const char *name)
{
    for (size_t i = 0;; name++) {
        while (*name && strchr(" -_", *name))
            name++;
        while (i < loose.len && strchr(" -_", loose.at[i]))
            i++;
        if (i == loose.len || !*name)
            return i == loose.len && !*name;
        if (rune_lower((unsigned char)loose.at[i++]) != rune_lower((unsigned char)*name))
            return false;
    }
}

struct visitor {
    void (*each)(void *who, uint32_t first, uint32_t last);
    void *who;
};

/* The runs of all numbers that are set in `wanted`, neighbours joined. */
static void visit(const uint32_t *runs, size_t n, const bool wanted[256], struct visitor v)
{
    for (size_t i = 0; i < n; i++) {
        if (!wanted[runs[i] & 0xFF])
            continue;
        uint32_t first = runs[i] >> 8;
        while (i + 1 < n && wanted[runs[i + 1] & 0xFF])
            i++;
        v.each(v.who, first, i + 1 < n ? (runs[i + 1] >> 8) - 1 : RUNE_LAST);
    }
}

static bool in_category(const char *name, const char *wanted)
{
    if (strcmp(wanted, "LC") == 0)
        return strcmp(name, "Lu") == 0 || strcmp(name, "Ll") == 0 || strcmp(name, "Lt") == 0;
    return strncmp(name, wanted, strlen(wanted)) == 0;
}

static bool visit_category(str name, struct visitor v)
{
    char wanted[3] = "";
    for (size_t i = 0; i < category_alias_count; i++) {
        if (same_name(name, category_aliases[i].name))
            memcpy(wanted, category_aliases[i].category, sizeof wanted);
    }
    for (size_t i = 0; i < countof(category_names) && !wanted[0]; i++) {
        char group[2] = { category_names[i][0], '\0' };
        if (same_name(name, category_names[i]))
            memcpy(wanted, category_names[i], sizeof wanted);
        else if (same_name(name, group))
            memcpy(wanted, group, sizeof group);
    }
    if (!wanted[0] && same_name(name, "LC"))
        memcpy(wanted, "LC", sizeof wanted);
    if (!wanted[0])
        return false;
    bool set[256] = { false };
    for (size_t i = 0; i < countof(category_names); i++)
        set[i] = in_category(category_names[i], wanted);
    visit(category_runs, category_run_count, set, v);
    return true;
}

/* Go folds the name that it is asked for, not those it has, so that scripts of several words
 * (Old_Italic, SignWriting) are found under no name at all. */
static bool can_be_named(const char *script)
{
    for (const char *c = script + 1; *c; c++) {
        if (*c < 'a' || *c > 'z')
            return false;
    }
    return true;
}

static bool visit_script(str name, struct visitor v)
{
    for (size_t i = 1; i < script_count; i++) {
        if (!can_be_named(script_names[i]) || !same_name(name, script_names[i]))
            continue;
        bool set[256] = { false };
        set[i] = true;
        visit(script_runs, script_run_count, set, v);
        return true;
    }
    return false;
}

bool rune_class(str name, void (*each)(void *who, uint32_t first, uint32_t last), void *who)
{
    struct visitor v = { each, who };
    if (same_name(name, "Any") || same_name(name, "ASCII")) {
        each(who, 0, same_name(name, "Any") ? RUNE_LAST : 0x7F);
        return true;
    }
    if (same_name(name, "Assigned")) {
        bool set[256];
        memset(set, true, sizeof set);
        set[0] = false;
        visit(category_runs, category_run_count, set, v);
        return true;
    }
    return visit_category(name, v) || visit_script(name, v);
}
