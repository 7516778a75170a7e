/* Path patterns: those of Go's path.Match, and the richer ones of Helm's .Files.Glob. */
#ifndef HOIST_BASE_GLOB_H
#define HOIST_BASE_GLOB_H

#include "render/base/regex.h"

enum glob_answer { GLOB_NO, GLOB_YES, GLOB_MALFORMED };

/* path.Match and filepath.Match: '*' and '?' stop at '/', [a-z], [^a], '\' takes the next
 * character as it is. Malformed whatever the path; Go then says "syntax error in pattern". */
enum glob_answer glob_match(str pattern, str path);

/* gobwas/glob: '**' crosses the separator, {a,b} are alternatives, [abc], [a-z], [!a]. The answer
 * is matched with regex_matches; NULL when the pattern is malformed, which Helm takes for '**'. */
struct regex *glob_compile(struct arena *a, str pattern, char separator);

#endif
