/* The base layer's tests. */
#include "tests/expect.h"

TCase *arena_tests(void);
TCase *diag_tests(void);
TCase *map_tests(void);
TCase *str_tests(void);

int main(void)
{
    TCase *cases[] = { arena_tests(), diag_tests(), map_tests(), str_tests() };
    return run_suites("base", cases, countof(cases));
}
