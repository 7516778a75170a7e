/* The base layer's tests. */
#include "tests/expect.h"

TCase *arena_tests(void);
TCase *decimal_tests(void);
TCase *diag_tests(void);
TCase *encode_tests(void);
TCase *glob_tests(void);
TCase *gotime_tests(void);
TCase *ip_tests(void);
TCase *library_tests(void);
TCase *map_tests(void);
TCase *number_tests(void);
TCase *plain_tests(void);
TCase *process_tests(void);
TCase *regex_tests(void);
TCase *semver_tests(void);
TCase *str_tests(void);
TCase *unicode_tests(void);

int main(void)
{
    TCase *cases[] = { arena_tests(), decimal_tests(), diag_tests(),  encode_tests(),
                       glob_tests(),  gotime_tests(),  ip_tests(),    library_tests(),
                       map_tests(),   number_tests(),  plain_tests(), process_tests(),
                       regex_tests(), semver_tests(),  str_tests(),   unicode_tests() };
    return run_suites("base", cases, countof(cases));
}
