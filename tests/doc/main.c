/* The document layer's tests. */
#include "tests/expect.h"

TCase *block_text_tests(void);
TCase *edit_tests(void);
TCase *flow_text_tests(void);
TCase *node_tests(void);
TCase *yaml_characters_tests(void);
TCase *yaml_write_tests(void);

int main(void)
{
    TCase *cases[] = {
        block_text_tests(),      edit_tests(),       flow_text_tests(), node_tests(),
        yaml_characters_tests(), yaml_write_tests(),
    };
    return run_suites("doc", cases, countof(cases));
}
