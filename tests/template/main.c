/* The template layer's tests. */
#include "tests/expect.h"

TCase *cases_tests(void);
TCase *failure_tests(void);
TCase *functions_tests(void);
TCase *parse_tests(void);
TCase *run_tests(void);
TCase *value_tests(void);

int main(void)
{
    TCase *cases[] = { cases_tests(), failure_tests(), functions_tests(),
                       parse_tests(), run_tests(),     value_tests() };
    return run_suites("template", cases, countof(cases));
}
