/* Shared libraries, opened when first needed: linked the usual way, each would cost every run
 * milliseconds of start-up. A library stays open for the rest of the process.
 *
 * The one file that includes a library's headers declares what it calls, with its types:
 *
 *     struct git_calls {
 *         __typeof__(git_repository_open) *repository_open;
 *         …
 *     };
 *     static struct git_calls git;
 *     static const struct library_symbol git_symbols[] = {
 *         LIBRARY_SYMBOL(struct git_calls, repository_open, git_repository_open),
 *         …
 *     };
 *     static struct library git_library = {
 *         LIBRARY("libgit2.so.1.5", "libgit2-1.5", git_symbols, &git)
 *     };
 *
 * and then: if (!library_open(cx, &git_library)) return false; … git.repository_open(…). */
#ifndef HOIST_BASE_LIBRARY_H
#define HOIST_BASE_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

struct context;

struct library_symbol {
    const char *name;
    size_t offset; /* of the pointer in the calls */
};

struct library {
    const char *soname;
    const char *package; /* Debian's name, for the hint */
    const struct library_symbol *symbols;
    size_t symbol_count;
    void *calls; /* a struct of function pointers, filled by the first library_open */
    bool open;
};

#define LIBRARY_SYMBOL(calls, member, symbol)                                                      \
    {                                                                                              \
#        symbol, offsetof(calls, member)                                                           \
    }
#define LIBRARY(soname, package, symbols, calls)                                                   \
    (soname), (package), (symbols), sizeof(symbols) / sizeof((symbols)[0]), (calls), false

/* Opens the library and finds all its symbols, the first time; false is a failure of the
 * surroundings. Threads may come at once. */
bool library_open(struct context *cx, struct library *library);

#endif
