/* The name we were called by, global flags, the command, the exit status. */
#include <stdio.h>

int main(void)
{
    puts("hoist " HOIST_VERSION);
    return 0;
}
