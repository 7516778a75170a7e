/* The command line's suites. */
#include "tests/expect.h"

TCase *options_tests(void);

int main(void)
{
    TCase *cases[] = { options_tests() };
    return run_suites("cli", cases, countof(cases));
}
