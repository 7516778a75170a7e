/* dlopen, once for each library.
 *
 * All symbols are bound at once (RTLD_NOW), so that a version that lacks one is reported here and
 * not by a crash later; they stay out of the global name space (RTLD_LOCAL). */
#include "render/base/library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#include "render/base/context.h"

static bool bind(struct context *cx, struct library *library, void *handle)
{
    for (size_t i = 0; i < library->symbol_count; i++) {
        const struct library_symbol *symbol = &library->symbols[i];
        void *found = dlsym(handle, symbol->name);
        if (!found)
            return report_surroundings(cx, NOWHERE, "'%s' has no function '%s'", library->soname,
                                       symbol->name);
        memcpy((char *)library->calls + symbol->offset, &found, sizeof found);
    }
    return true;
}

static bool load(struct context *cx, struct library *library)
{
    void *handle = dlopen(library->soname, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!handle) {
        const char *why = dlerror();
        str reason = str_trim_prefix(str_from(why), str_from(library->soname));
        report_surroundings(cx, NOWHERE, "can't load '%s': %.*s", library->soname,
                            STR(str_trim_prefix(reason, S(": "))));
        hint(cx, NOWHERE, "on Debian and Ubuntu it is in the package '%s'", library->package);
        return false;
    }
    if (bind(cx, library, handle))
        return true;
    hint(cx, NOWHERE, "another version of the package '%s' may have it", library->package);
    dlclose(handle);
    return false;
}

bool library_open(struct context *cx, struct library *library)
{
    static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&loading);
    if (!library->open)
        library->open = load(cx, library);
    bool open = library->open;
    pthread_mutex_unlock(&loading);
    return open;
}
