/* Zones are loaded once in a set of templates. */
#include "render/template/clock.h"

#include <time.h>

#include "render/template/eval.h"
#include "render/template/random.h"

struct gotime clock_now(struct call *c)
{
    struct timespec now = { .tv_sec = (time_t)c->cx->now };
    if (c->cx->switches.deterministic)
        random_warn(c);
    else
        clock_gettime(CLOCK_REALTIME, &now);
    return (struct gotime){ now.tv_sec, (int32_t)now.tv_nsec, clock_zone(c) };
}

static const struct zone *zone_of(struct call *c, str name)
{
    if (str_eq(name, S("Local")))
        return zone_local(c->cx->arena, c->cx->timezone);
    return zone_load(c->cx->arena, NULL, name);
}

const struct zone *clock_zone_named(struct call *c, str name)
{
    struct map_entry *e = map_entry(&c->run->engine->zones, name);
    if (!e->value) {
        const struct zone *zone = zone_of(c, name);
        e->value = (void *)(uintptr_t)(zone ? zone : &zone_utc);
    }
    return e->value;
}

const struct zone *clock_zone(struct call *c)
{
    return clock_zone_named(c, S("Local"));
}
