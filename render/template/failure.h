/* What Go and Helm say when a template fails: sentences that other programs know.
 *
 * The diagnostic for the user is made where it fails; this is kept beside it. */
#ifndef HOIST_TEMPLATE_FAILURE_H
#define HOIST_TEMPLATE_FAILURE_H

#include "render/base/arena.h"
#include "render/base/str.h"

struct failure {
    str words;    /* of Go's sentence, up to where that of `inner` begins */
    bool parsing; /* the text is no template */
    /* Inside of it is an error that is not a template's own: Helm then prints the sentence. */
    bool foreign;
    const struct failure *inner; /* of the template that was included */
};

/* Go's sentence: "template: NAME:1:3: executing …", with all that is inside. */
str failure_sentence(struct arena *a, const struct failure *f);
/* As Helm 4 prints it after "Error: ". */
str failure_helm(struct arena *a, const struct failure *f);

#endif
