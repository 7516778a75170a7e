/* The schema layer's tests: every row of schema/data is asked of the tables made from it. */
#include "tests/expect.h"

TCase *field_rows_tests(void);
TCase *json_schema_tests(void);
TCase *kinds_tests(void);
TCase *merge_keys_tests(void);
TCase *orders_tests(void);

int main(void)
{
    TCase *cases[] = { field_rows_tests(), json_schema_tests(), kinds_tests(), merge_keys_tests(),
                       orders_tests() };
    return run_suites("schema", cases, countof(cases));
}
