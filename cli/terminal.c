/* Colour is for terminals that have it: NO_COLOR and TERM=dumb refuse, --color decides. */
#include "cli/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool colorful(int fd)
{
    const char *refused = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    if ((refused && *refused) || !term || !*term || str_eq(str_from(term), S("dumb")))
        return false;
    return isatty(fd);
}

static uint32_t width(void)
{
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

struct terminal terminal_find(str color)
{
    bool always = str_eq(color, S("always")), never = str_eq(color, S("never"));
    return (struct terminal){
        .color_out = always || (!never && colorful(STDOUT_FILENO)),
        .color_err = always || (!never && colorful(STDERR_FILENO)),
        .width = width(),
    };
}
