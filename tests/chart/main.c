/* The chart layer's tests. */
#include "tests/expect.h"

TCase *cases_tests(void);

int main(void)
{
    TCase *cases[] = { cases_tests() };
    return run_suites("chart", cases, countof(cases));
}
