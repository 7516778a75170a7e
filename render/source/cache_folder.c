/* Nothing depends on a cache: what can't be made is not reported. */
#include "render/source/cache_folder.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

str cache_folder(struct context *cx, const char *name)
{
    const char *cache = getenv("XDG_CACHE_HOME");
    if (!cx->home)
        return S("");
    if (cache && cache[0] == '/')
        return str_format(cx->arena, "%s/hoist/%s", cache, name);
    return str_format(cx->arena, "%s/.cache/hoist/%s", cx->home, name);
}

bool cache_folder_make(struct context *cx, str path)
{
    char *at = str_cstr(cx->arena, path);
    for (size_t i = 1; i < path.len; i++) {
        if (at[i] != '/')
            continue;
        at[i] = 0;
        mkdir(at, 0700);
        at[i] = '/';
    }
    return (mkdir(at, 0700) == 0 || errno == EEXIST) && access(at, W_OK | X_OK) == 0;
}
