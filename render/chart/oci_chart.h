/* Charts in registries: "oci://HOST/PATH", where a version is a tag in which "_" stands for "+". */
#ifndef HOIST_CHART_OCI_CHART_H
#define HOIST_CHART_OCI_CHART_H

#include "render/chart/pull.h"
#include "render/source/oci.h"

#define OCI_CONFIG_TYPE S("application/vnd.cncf.helm.config.v1+json")
#define OCI_CHART_TYPE  S("application/vnd.cncf.helm.chart.content.v1.tar+gzip")
#define OCI_PROV_TYPE   S("application/vnd.cncf.helm.chart.provenance.v1.prov")

/* The tag that a request comes to, and the chart under it. False after a report. */
bool oci_chart_pull(struct puller *p, const struct chart_request *request, struct pulled *out);
/* The newest version in a dependency's range, or what the dependency says, where none is. */
bool oci_chart_version(struct puller *p, const struct access *access, const struct dependency *wish,
                       const struct semver_range *range, str *version);

/* How registries are asked: with what the user says, then with Helm's credentials, then Docker's. */
const struct oci_options *oci_chart_options(struct puller *p, const struct access *access);
/* Where a chart is in "oci://HOST/PATH", tagged with its version. False after a report. */
bool oci_chart_ref(struct puller *p, str remote, const struct chart *chart, struct image_ref *out);
/* "Pulled: …" and "Digest: …", and a word about "_", if there is one. */
void oci_chart_say(struct puller *p, const char *what, struct image_ref ref, str digest);

#endif
