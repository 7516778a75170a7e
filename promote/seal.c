/* The hash of tree, parent and message. Author, committer and dates are left out: a commit that
 * is made again as it was takes nothing from anybody. */
#include "promote/seal.h"

#include "render/base/digest.h"

#define SEAL_TRAILER "Hoist-Seal: "

static str seal_of(struct arena *a, str tree, str parent, str message)
{
    return digest_sha256_hex(
        a, str_format(a, "%.*s\n%.*s\n%.*s", STR(tree), STR(parent), STR(message)));
}

str seal_line(struct arena *a, str tree, str parent, str message)
{
    return str_format(a, SEAL_TRAILER "%.*s\n", STR(seal_of(a, tree, parent, message)));
}

static bool is_promotion(str message)
{
    for (str line; str_next_line(&message, &line);) {
        if (str_starts(line, S(PROMOTION_TRAILER)))
            return true;
    }
    return false;
}

enum seal seal_read(struct arena *a, str tree, str parent, str message)
{
    str rest = message, line, last = S("");
    if (!is_promotion(message))
        return SEAL_NONE;
    while (str_next_line(&rest, &line))
        last = line;
    if (!parent.len || !str_starts(last, S(SEAL_TRAILER)))
        return SEAL_BROKEN;
    str sealed = str_slice(message, 0, (size_t)(last.at - message.at));
    str whole = str_concat(a, sealed, seal_line(a, tree, parent, sealed));
    return str_eq(whole, message) ? SEAL_HOLDS : SEAL_BROKEN;
}
