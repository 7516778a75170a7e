/* The promotion layer's tests. */
#include "tests/expect.h"

TCase *diff_tests(void);

int main(void)
{
    TCase *cases[] = { diff_tests() };
    return run_suites("promote", cases, countof(cases));
}
