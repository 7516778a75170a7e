/* The command line's suites. */
#include "tests/expect.h"

TCase *edit_tests(void);
TCase *options_tests(void);

int main(void)
{
    TCase *cases[] = { edit_tests(), options_tests() };
    return run_suites("cli", cases, countof(cases));
}
