/* Charts in registries: "oci://HOST/PATH", where a version is a tag in which "_" stands for "+". */
#ifndef HOIST_CHART_OCI_CHART_H
#define HOIST_CHART_OCI_CHART_H

#include "render/chart/pull.h"

/* The tag that a request comes to, and the chart under it. False after a report. */
bool oci_chart_pull(struct puller *p, const struct chart_request *request, struct pulled *out);
/* The newest version in a dependency's range, or what the dependency says, where none is. */
bool oci_chart_version(struct puller *p, const struct access *access, const struct dependency *wish,
                       const struct semver_range *range, str *version);

#endif
