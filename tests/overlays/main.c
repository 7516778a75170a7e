/* The overlays layer's tests. */
#include "tests/expect.h"

TCase *cases_tests(void);
TCase *patch_json_tests(void);
TCase *patch_merge_tests(void);
TCase *pattern_tests(void);
TCase *remote_address_tests(void);
TCase *replacement_tests(void);

int main(void)
{
    TCase *cases[] = { cases_tests(),   patch_json_tests(),     patch_merge_tests(),
                       pattern_tests(), remote_address_tests(), replacement_tests() };
    return run_suites("overlays", cases, countof(cases));
}
