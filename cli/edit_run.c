/* The kustomization file of the working directory, and files for patterns. */
#include "cli/edit_run.h"

#include "overlays/kustomization.h"
#include "overlays/remote.h"
#include "render/base/glob.h"

struct folder *edit_run_folder(struct context *cx)
{
    struct source *disk = source_disk(cx, S(""));
    return disk ? source_folder(cx, disk, S("."), NOWHERE) : NULL;
}

static bool find_file(struct context *cx, struct edit_run *run)
{
    struct strings found = { 0 };
    for (size_t i = 0; i < countof(kustomization_names); i++) {
        if (folder_kind(cx, run->folder, kustomization_names[i]) != FILE_NONE)
            strings_add(cx, &found, kustomization_names[i]);
    }
    if (found.len == 0)
        return report(cx, NOWHERE, "Missing kustomization file 'kustomization.yaml'.");
    if (found.len > 1)
        return report(cx, NOWHERE, "Found multiple kustomization file: %.*s",
                      STR(edit_listed(cx, &found)));
    run->path = found.at[0];
    if (folder_kind(cx, run->folder, run->path) == FILE_FOLDER)
        return report(cx, NOWHERE, "%.*s should be a file", STR(run->path));
    return true;
}

bool edit_run_open(struct context *cx, struct edit_run *run)
{
    run->folder = edit_run_folder(cx);
    if (!run->folder || !find_file(cx, run))
        return false;
    /* A link out of the folder is the user's own: he named no path that could lead there. */
    struct text *text = source_read(cx, run->folder->source, run->path, NOWHERE);
    return text && edit_file_open(cx, text, &run->file);
}

bool edit_run_close(struct edit_run *run)
{
    str bytes;
    if (!edit_file_close(&run->file, &bytes))
        return false;
    if (str_eq(bytes, run->file.text->bytes))
        return true;
    return output_file(run->file.cx, run->path, bytes);
}

/* Words. */

struct strings edit_operands(const struct call *call)
{
    return (struct strings){ call->operands.at, call->operands.len, call->operands.cap };
}

struct strings edit_split(struct context *cx, str word)
{
    struct strings parts = { 0 };
    str part;
    if (!word.len)
        strings_add(cx, &parts, word);
    while (word.at && word.len + parts.len && str_next_field(&word, ',', &part))
        strings_add(cx, &parts, part);
    return parts;
}

str edit_listed(struct context *cx, const struct strings *words)
{
    str inside = str_join(cx->arena, words->at, words->len, S(" "));
    return str_format(cx->arena, "[%.*s]", STR(inside));
}

/* Patterns. */

struct search {
    struct context *cx;
    const struct folder *folder;
    struct strings *out;
    bool hidden;
};

static bool has_magic(str pattern)
{
    for (size_t i = 0; i < pattern.len; i++) {
        if (str_has_char(S("*?[\\"), pattern.at[i]))
            return true;
    }
    return false;
}

static str base_name(str path)
{
    str head, name;
    return str_cut_last(path, '/', &head, &name) ? name : path;
}

static bool search(struct search *s, str done, str rest);

static bool step(struct search *s, str done, str name, str rest)
{
    struct arena *a = s->cx->arena;
    str path = name;
    if (done.len)
        path = str_concat(a, str_ends(done, S("/")) ? done : str_concat(a, done, S("/")), name);
    enum file_kind kind = folder_kind(s->cx, s->folder, path);
    if (rest.at)
        return kind != FILE_FOLDER || search(s, path, rest);
    if (kind != FILE_NONE && (s->hidden || !str_starts(base_name(path), S("."))))
        strings_add(s->cx, s->out, source_join(a, S(""), path));
    return true;
}

static bool search_names(struct search *s, str done, str pattern, str rest)
{
    struct listing names = { 0 };
    const struct folder *folder = s->folder;
    if (done.len)
        folder = folder_enter(s->cx, s->folder, done, NOWHERE);
    if (!folder || !folder_list(s->cx, folder, NOWHERE, &names))
        return false;
    for (uint32_t i = 0; i < names.len; i++) {
        if (glob_match(pattern, names.at[i].name) == GLOB_YES
            && !step(s, done, names.at[i].name, rest))
            return false;
    }
    return true;
}

/* `rest` is a pattern below the folder `done`; its `at` is NULL at the end. */
static bool search(struct search *s, str done, str rest)
{
    str part, more;
    if (!str_cut(rest, '/', &part, &more))
        more = (str){ 0 };
    if (!part.len)
        return !more.at || search(s, done.len ? done : S("/"), more);
    return has_magic(part) ? search_names(s, done, part, more) : step(s, done, part, more);
}

bool edit_glob(struct context *cx, const struct folder *folder, str pattern, struct strings *out)
{
    struct search s = { cx, folder, out, str_starts(base_name(pattern), S(".")) };
    if (glob_match(pattern, S("")) == GLOB_MALFORMED)
        return report(cx, NOWHERE, "syntax error in pattern");
    if (has_magic(pattern))
        return search(&s, S(""), pattern);
    if (pattern.len && folder_kind(cx, folder, pattern) != FILE_NONE)
        strings_add(cx, out, pattern);
    return true;
}

bool edit_globs(struct context *cx, const struct folder *folder, const struct strings *patterns,
                bool roots, struct strings *out)
{
    for (uint32_t i = 0; i < patterns->len; i++) {
        str pattern = patterns->at[i];
        uint32_t before = out->len;
        if (!edit_glob(cx, folder, pattern, out))
            return false;
        if (out->len > before)
            continue;
        if (roots && remote_is(cx, pattern))
            strings_add(cx, out, pattern);
        else if (roots)
            return report(cx, NOWHERE, "%.*s has no match: no such file or directory",
                          STR(pattern));
        else
            warn(cx, NOWHERE, "%.*s has no match", STR(pattern));
    }
    return true;
}
