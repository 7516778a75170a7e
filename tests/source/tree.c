/* Temporary folders for the tests of sources. */
#include "tests/source/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[64];

void tree_run(const char *lines)
{
    FILE *shell =
        popen("exec env -i PATH=\"$PATH\" HOME=/nonexistent LC_ALL=C GIT_CONFIG_NOSYSTEM=1"
              " GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=a"
              " GIT_COMMITTER_EMAIL=a@example.com sh -eu",
              "w");
    ck_assert_ptr_nonnull(shell);
    ck_assert_int_ge(fputs(lines, shell), 0);
    ck_assert_msg(pclose(shell) == 0, "the shell failed at: %s", lines);
}

void tree_make(const char *lines)
{
    snprintf(folder, sizeof folder, "/tmp/hoist-source-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    tree_run(lines);
}

str tree_path(void)
{
    return str_from(folder);
}

void tree_remove(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    char line[256];
    snprintf(line, sizeof line, "chmod -R u+rwX '%s' && rm -rf '%s'\n", folder, folder);
    tree_run(line);
}

str tree_bytes(struct context *cx, const char *path)
{
    struct source *disk = source_disk(cx, S(""));
    struct text *text = source_read(cx, disk, str_from(path), NOWHERE);
    ck_assert_ptr_nonnull(text);
    return text->bytes;
}
