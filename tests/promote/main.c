/* The promotion layer's tests. */
#include "tests/expect.h"

TCase *command_tests(void);
TCase *commit_tests(void);
TCase *diff_tests(void);
TCase *explain_tests(void);
TCase *forge_tests(void);
TCase *project_tests(void);

int main(void)
{
    TCase *cases[] = { command_tests(), commit_tests(), diff_tests(),
                       explain_tests(), forge_tests(),  project_tests() };
    return run_suites("promote", cases, countof(cases));
}
