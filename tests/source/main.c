/* The source layer's tests. */
#include "tests/expect.h"

TCase *image_ref_tests(void);
TCase *oci_layout_tests(void);
TCase *source_tests(void);
TCase *source_disk_tests(void);
TCase *source_git_tests(void);
TCase *source_tar_tests(void);

int main(void)
{
    TCase *cases[] = { image_ref_tests(),   oci_layout_tests(), source_tests(),
                       source_disk_tests(), source_git_tests(), source_tar_tests() };
    return run_suites("source", cases, countof(cases));
}
