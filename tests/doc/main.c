/* The document layer's tests. */
#include "tests/expect.h"

TCase *edit_tests(void);
TCase *yaml_characters_tests(void);

int main(void)
{
    TCase *cases[] = { edit_tests(), yaml_characters_tests() };
    return run_suites("doc", cases, countof(cases));
}
