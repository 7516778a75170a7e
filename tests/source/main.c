/* The source layer's tests. */
#include "tests/expect.h"

TCase *cache_folder_tests(void);
TCase *git_wire_tests(void);
TCase *http_tests(void);
TCase *image_ref_tests(void);
TCase *keyring_tests(void);
TCase *oci_tests(void);
TCase *oci_layout_tests(void);
TCase *source_tests(void);
TCase *source_disk_tests(void);
TCase *source_git_tests(void);
TCase *source_tar_tests(void);
TCase *walk_tests(void);

/* libgit2 1.5 forgets to free what it matched a repository's extensions with, when a setting
 * is none. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void)
{
    return "leak:libpcre2-8\n";
}

int main(void)
{
    TCase *cases[] = { cache_folder_tests(), git_wire_tests(),   http_tests(),
                       image_ref_tests(),    keyring_tests(),    oci_tests(),
                       oci_layout_tests(),   source_tests(),     source_disk_tests(),
                       source_git_tests(),   source_tar_tests(), walk_tests() };
    return run_suites("source", cases, countof(cases));
}
