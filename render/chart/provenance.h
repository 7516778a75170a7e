/* Provenance: NAME.tgz.prov says in a clear-signed message what an archive's bytes hash to. */
#ifndef HOIST_CHART_PROVENANCE_H
#define HOIST_CHART_PROVENANCE_H

#include "render/source/openpgp.h"
#include "render/source/source.h"

struct provenance {
    const struct openpgp_key *key; /* whose signature it is */
    str digest;                    /* "sha256:…" of the archive */
};

/* `file` is the archive's name without folders. False after a report in Helm's words. */
bool provenance_check(struct context *cx, struct source *disk, str keyring, str file, str archive,
                      str message, struct provenance *out);
/* The same for an archive on disk and the file beside it. */
bool provenance_check_file(struct context *cx, struct source *disk, str keyring, str path,
                           struct provenance *out);
/* What Helm prints of it. */
void provenance_print(struct buf *out, const struct provenance *p);

/* The one secret key of a keyring that is named, or that has `name` in but one of its names; NULL
 * after a report. */
const struct openpgp_key *provenance_key(struct context *cx, struct source *disk, str keyring,
                                         str name);
/* The message for an archive; `definition` is its Chart.yaml. False after a report. */
bool provenance_make(struct context *cx, const struct openpgp_key *key, str passphrase, str file,
                     str archive, str definition, str *message);

#endif
