/* What kustomize takes for a repository: schemes, git hosts, scp-like addresses. */
#include "overlays/remote.h"

bool remote_is(str entry)
{
    static const str beginnings[] = { S("https://"), S("http://"),     S("ssh://"),     S("git::"),
                                      S("git@"),     S("github.com/"), S("github.com:") };
    for (size_t i = 0; i < countof(beginnings); i++) {
        if (str_starts(entry, beginnings[i]))
            return true;
    }
    return str_has(entry, S(".git")) || str_has(entry, S("?ref=")) || str_has(entry, S("_git/"));
}

bool remote_take(struct context *cx, struct overlay *o, const struct node *entry,
                 struct text **text, struct folder **folder)
{
    (void)o;
    *text = NULL;
    *folder = NULL;
    return report_surroundings(cx, entry->pos, "'%.*s' is remote, and cannot be fetched",
                               STR(entry->text));
}
