/* What the user asks to see.
 *
 * A path to ignore is written as differences print it, and takes all below it along:
 * "spec.replicas", "metadata.annotations", "spec.containers[*].image". "*" and "[*]" stand
 * for one step whatever it is. */
#include "promote/diff_fields.h"
#include "render/base/glob.h"

/* Takes the next step off a path: a name, or what stands in brackets, with them. */
static bool next_step(str *path, str *step)
{
    if (path->len && path->at[0] == '.')
        *path = str_skip(*path, 1);
    if (!path->len)
        return false;
    size_t end = 1;
    if (path->at[0] == '[') {
        bool quoted = path->len > 1 && path->at[1] == '"';
        while (end < path->len && !(path->at[end] == ']' && (!quoted || path->at[end - 1] == '"')))
            end++;
        end += end < path->len;
    } else {
        while (end < path->len && path->at[end] != '.' && path->at[end] != '[')
            end++;
    }
    *step = str_slice(*path, 0, end);
    *path = str_skip(*path, end);
    return true;
}

static bool covers(str pattern, str path)
{
    for (str want, got; next_step(&pattern, &want);) {
        if (!next_step(&path, &got))
            return false;
        if (!str_eq(want, S("*")) && !str_eq(want, S("[*]")) && !str_eq(want, got))
            return false;
    }
    return true;
}

bool diff_ignored(const struct diff_options *options, str path)
{
    for (uint32_t i = 0; i < options->ignore_len; i++) {
        if (covers(options->ignore[i], path))
            return true;
    }
    return false;
}

static bool fits(str pattern, str text)
{
    return str_eq(pattern, text) || glob_match(pattern, text) == GLOB_YES;
}

/* "deployment" is what kubectl takes for Deployment. */
static bool fits_kind(str pattern, str kind)
{
    if (fits(pattern, kind))
        return true;
    for (size_t i = 0; i < kind.len && pattern.len == kind.len; i++) {
        char a = pattern.at[i], b = kind.at[i];
        if (a != b && (a < 'a' || a > 'z' || a - ('a' - 'A') != b))
            return false;
    }
    return pattern.len == kind.len;
}

bool diff_wanted(const struct diff_options *options, struct identity id)
{
    for (uint32_t i = 0; i < options->only_len; i++) {
        str kind, name;
        bool named = str_cut(options->only[i], '/', &kind, &name);
        bool name_fits = !named || fits(name, id.name) || fits(name, name_without_hash(id.name));
        if (name_fits && fits_kind(kind, id.gvk.kind))
            return true;
    }
    return options->only_len == 0;
}
