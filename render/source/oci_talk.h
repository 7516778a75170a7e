/* Talking to registries: where they are, who we are to them, many questions at once. */
#ifndef HOIST_SOURCE_OCI_TALK_H
#define HOIST_SOURCE_OCI_TALK_H

#include "render/source/http.h"
#include "render/source/oci.h"

struct oci_talk;
struct oci_endpoint;

struct oci_question {
    struct image_ref ref; /* its host and path */
    str what;             /* below the repository: "manifests/v1"; "/…" is below the host */
    str method;           /* "" is GET */
    bool writes;          /* and needs to be let do so */
    str body;
    str body_type;
    bool by_digest; /* so that anybody may answer: a mirror */
    size_t most;    /* bytes of the answer */
    struct pos pos;
    struct http_answer answer; /* status 0: none came, and why */
    /* While it is asked. */
    struct oci_endpoint *endpoint;
    struct http_request request;
    str scope;
    bool again;
};

struct oci_talk *oci_talk_begin(struct context *cx, const struct oci_options *options);
/* Fills in the answers, whatever they are. False only when nothing can be asked at all, which has
 * been reported. */
bool oci_ask(struct context *cx, struct oci_talk *talk, struct oci_question *questions, uint32_t n);
/* What an address that a host named for going on is there: a path for `what`. False after a report
 * when it leads to another host, which is not told who we are. */
bool oci_talk_location(struct context *cx, const struct oci_question *question, str *what);
/* The status 0, 401 or another that is no answer, said as a failure of the surroundings; always
 * false. */
bool oci_report(struct context *cx, const struct oci_question *question);
/* Whether the host is there at all, and takes who we are; false after a report. */
bool oci_talk_ping(struct context *cx, struct oci_talk *talk, str host, struct pos from);

#endif
