/* The chart layer's tests. */
#include "tests/expect.h"

TCase *cases_tests(void);
TCase *values_check_tests(void);

int main(void)
{
    TCase *cases[] = { cases_tests(), values_check_tests() };
    return run_suites("chart", cases, countof(cases));
}
