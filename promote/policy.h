/* Policies: what a project forbids in the documents of its environments.
 *
 *     policies:
 *     - name: production-pinned
 *       rule: images-pinned-by-digest      a row of the table in policy.c
 *       environments: [production]         all when it is not there
 *       allow: ["ghcr.io/acme/web*"]       patterns, for the rules that ask what is allowed
 *       except: ["Secret/demo-*"]          documents that it is not about, by KIND/NAME
 *       level: warning                     findings that stop nothing; else error */
#ifndef HOIST_PROMOTE_POLICY_H
#define HOIST_PROMOTE_POLICY_H

#include "promote/environment.h"

struct policy {
    str name;
    const struct policy_rule *rule;
    const struct node *environments; /* lists of texts, or NULL */
    const struct node *allow;
    const struct node *except;
    bool warning;
    struct pos pos;
};

struct policies {
    struct policy *at;
    uint32_t len;
    uint32_t cap;
};

struct finding {
    const struct policy *policy;
    const struct node *document;
    struct pos pos;
    str message;
};

struct findings {
    struct finding *at;
    uint32_t len;
    uint32_t cap;
    uint32_t errors; /* those that are no warnings */
};

/* False after reports. */
bool policies_read(struct context *cx, const struct project *p, struct policies *out);

/* What the policies of an environment find in its documents; each finding is reported, as a refusal
 * or as a warning. */
void policies_run(struct context *cx, const struct policies *policies,
                  const struct environment *env, struct findings *out);

str policy_rule_name(const struct policy *policy);

#endif
