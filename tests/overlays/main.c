/* The overlays layer's tests. */
#include "tests/expect.h"

TCase *patch_json_tests(void);
TCase *patch_merge_tests(void);

int main(void)
{
    TCase *cases[] = { patch_json_tests(), patch_merge_tests() };
    return run_suites("overlays", cases, countof(cases));
}
