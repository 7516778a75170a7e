/* What the commands of Helm's command line share: options, their meaning, and how one fails. */
#ifndef HOIST_CLI_AS_HELM_H
#define HOIST_CLI_AS_HELM_H

#include "cli/commands.h"
#include "cli/value_flags.h"
#include "render/chart/pull.h"

/* Options of every command: where Helm keeps things; what only a cluster would need. */
struct helm_globals {
    str namespace_, repositories, cache, content, registry, unused;
    str kube_context, kube_config, kube_server, kube_user, kube_authorities, kube_server_name,
        kube_token, queries;
    struct words kube_groups;
    int64_t burst;
    bool debug, kube_insecure;
};
extern const struct option helm_global_options[];

/* How a chart is found that is not on disk. */
struct helm_place {
    str version, repo, user, password, authorities, certificate, key, keyring;
    bool unverified, plain_http, everywhere, verify;
};
extern const struct option helm_place_options[];

/* How dependencies are asked for: the rows of a struct access. */
extern const struct option helm_access_options[];

/* Says Helm's words of a failure first: those given, or else our first report's; false. */
bool helm_fail(struct context *cx, struct call *call, const char *before, str words);
/* The same with the frames of the report, outermost first: "cannot load values.yaml: …". */
bool helm_fail_framed(struct context *cx, struct call *call);

/* Is a chart's folder there? Reports as Helm does where a chart may be of any version. */
bool helm_detect(struct context *cx, struct source *disk, str path);

/* From options and the environment, as Helm has it. */
struct helm_home *helm_home(struct context *cx, const struct helm_globals *globals);
str helm_namespace(const struct helm_globals *globals);
/* Where Helm keeps "cache", "config" and "data". */
enum helm_folder { HELM_CACHE, HELM_CONFIG, HELM_DATA };
str helm_folder(struct context *cx, enum helm_folder which, str below);

struct chart_request helm_request(struct context *cx, const struct helm_place *place, str name);
/* The file of public keys that signatures are checked with: the one said, or Helm's own. */
str helm_keyring(struct context *cx, str said);
/* A puller that reads from disk and notes down what to cache. NULL after a report. */
struct puller *helm_puller(struct context *cx, const struct helm_globals *globals);
/* All values that were said, later ones over earlier ones. */
bool helm_values(struct context *cx, struct call *call, struct source *disk,
                 const struct value_flags *said, struct dict **values);
/* Writes and removes what was noted down. */
bool helm_apply(struct context *cx, const struct changes *changes);
/* The same for what a puller noted down; what it has to say goes to standard error. */
bool helm_finish(struct call *call, struct puller *p);

/* For `miscounted`: "at least 1 argument" and the usage below it. */
str helm_miscounted(struct context *cx, const struct call *call, const char *needs,
                    const char *usage);

/* The rows of one group below `helm`. */
extern const struct command helm_dependency;
extern const struct command helm_env;
extern const struct command helm_lint;
extern const struct command helm_package;
extern const struct command helm_pull;
extern const struct command helm_push;
extern const struct command helm_registry;
extern const struct command helm_repo;
extern const struct command helm_search;
extern const struct command helm_show;
extern const struct command helm_template;
extern const struct command helm_verify;

#endif
