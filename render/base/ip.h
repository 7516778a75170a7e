/* IP addresses as Go's net/netip takes them, with its sentences about those it does not. */
#ifndef HOIST_BASE_IP_H
#define HOIST_BASE_IP_H

#include "render/base/arena.h"
#include "render/base/str.h"

struct ip {
    bool six;
    str zone; /* "eth0" of "fe80::1%eth0" */
};

/* False with ParseAddr("1.2.3"): IPv4 address too short. */
bool ip_parse(struct arena *a, str text, struct ip *out, str *why);

#endif
