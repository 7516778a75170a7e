/* TZif files (RFC 8536), read as Go reads them: version 2 and 3 for their 64-bit part, and the
 * rule at the end for all times after the last change. */
#include "render/base/zone.h"

#include <fcntl.h>
#include <unistd.h>

#include "render/base/buf.h"
#include "render/base/zone_rule.h"

struct zone_type {
    str name;
    int32_t offset;
    bool dst;
};

struct zone_change {
    int64_t when;
    uint8_t type;
};

struct zone {
    str name;
    const struct zone_type *types;
    const struct zone_change *changes;
    uint32_t type_count; /* none is UTC */
    uint32_t change_count;
    str rule;
};

const struct zone zone_utc = { { "UTC", 3 }, NULL, NULL, 0, 0, { "", 0 } };

/* A file being read; `short_` once more was wanted than there is. */
struct reader {
    str rest;
    bool short_;
};

static str take(struct reader *r, uint64_t n)
{
    if (n > r->rest.len) {
        r->short_ = true;
        return S("");
    }
    str taken = str_slice(r->rest, 0, n);
    r->rest = str_skip(r->rest, n);
    return taken;
}

static int64_t take_big(struct reader *r, size_t width)
{
    str bytes = take(r, width);
    uint64_t n = bytes.len && (bytes.at[0] & 0x80) ? UINT64_MAX : 0;
    for (size_t i = 0; i < bytes.len; i++)
        n = n << 8 | (unsigned char)bytes.at[i];
    return (int64_t)n;
}

enum { COUNT_UTC, COUNT_STD, COUNT_LEAPS, COUNT_CHANGES, COUNT_TYPES, COUNT_CHARS, COUNTS };

static void take_counts(struct reader *r, uint64_t counts[COUNTS])
{
    for (int i = 0; i < COUNTS; i++)
        counts[i] = (uint32_t)take_big(r, 4);
}

/* The header: how wide the numbers of the part are that counts, after skipping the other. */
static size_t take_header(struct reader *r, uint64_t n[COUNTS])
{
    str magic = take(r, 4), rest = take(r, 16);
    if (!str_eq(magic, S("TZif")) || rest.len != 16)
        return 0;
    take_counts(r, n);
    char version = rest.at[0];
    if (version == '\0')
        return 4;
    if (version != '2' && version != '3')
        return 0;
    take(r, n[COUNT_CHANGES] * 5 + n[COUNT_TYPES] * 6 + n[COUNT_CHARS] + n[COUNT_LEAPS] * 8
                + n[COUNT_STD] + n[COUNT_UTC] + 20);
    take_counts(r, n);
    return 8;
}

static str terminated(str chars, size_t from)
{
    str tail = str_skip(chars, from);
    ptrdiff_t end = str_find_char(tail, '\0');
    return end < 0 ? tail : str_slice(tail, 0, (size_t)end);
}

static bool read_types(struct arena *a, struct zone *z, str bytes, str chars)
{
    struct reader r = { bytes, false };
    struct zone_type *types = NEW_ARRAY(a, struct zone_type, z->type_count);
    for (uint32_t i = 0; i < z->type_count; i++) {
        types[i].offset = (int32_t)take_big(&r, 4);
        types[i].dst = take_big(&r, 1) != 0;
        size_t name = (unsigned char)take_big(&r, 1);
        if (r.short_ || name >= chars.len)
            return false;
        types[i].name = terminated(chars, name);
    }
    z->types = types;
    return z->type_count > 0;
}

static bool read_changes(struct arena *a, struct zone *z, str times, str indexes, size_t width)
{
    /* A zone without changes has its first type at all times. */
    struct zone_change *changes = NEW_ARRAY(a, struct zone_change, (size_t)z->change_count + 1);
    struct reader r = { times, false };
    changes[0].when = INT64_MIN;
    for (uint32_t i = 0; i < z->change_count; i++) {
        changes[i].when = take_big(&r, width);
        changes[i].type = (uint8_t)indexes.at[i];
        if (changes[i].type >= z->type_count)
            return false;
    }
    if (z->change_count == 0)
        z->change_count = 1;
    z->changes = changes;
    return true;
}

const struct zone *zone_read(struct arena *a, str name, str bytes)
{
    struct reader r = { bytes, false };
    uint64_t n[COUNTS] = { 0 };
    size_t width = take_header(&r, n);
    if (!width || r.short_)
        return NULL;
    str times = take(&r, n[COUNT_CHANGES] * width), indexes = take(&r, n[COUNT_CHANGES]);
    str types = take(&r, n[COUNT_TYPES] * 6), chars = take(&r, n[COUNT_CHARS]);
    take(&r, n[COUNT_LEAPS] * (width + 4) + n[COUNT_STD] + n[COUNT_UTC]);
    if (r.short_)
        return NULL;
    struct zone *z = NEW(a, struct zone);
    z->name = str_dup(a, name);
    z->type_count = (uint32_t)n[COUNT_TYPES];
    z->change_count = (uint32_t)n[COUNT_CHANGES];
    if (r.rest.len > 2 && r.rest.at[0] == '\n' && r.rest.at[r.rest.len - 1] == '\n')
        z->rule = str_slice(r.rest, 1, r.rest.len - 1);
    bool ok = read_types(a, z, types, chars) && read_changes(a, z, times, indexes, width);
    return ok ? z : NULL;
}

enum { LARGEST_FILE = 10 << 20 };

static const struct zone *load_file(struct arena *a, const char *folder, str name, str path)
{
    char *file = str_cstr(a, path.len ? path : str_format(a, "%s/%.*s", folder, STR(name)));
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return NULL;
    struct buf b;
    ssize_t got;
    buf_init(&b, a, 4096);
    do {
        buf_reserve(&b, 4096);
        got = read(fd, b.at + b.len, 4096);
        if (got > 0)
            b.len += (size_t)got;
    } while (got > 0 && b.len < LARGEST_FILE);
    close(fd);
    return got == 0 ? zone_read(a, name, buf_take(&b)) : NULL;
}

static const struct zone *load_system(struct arena *a, str name)
{
    static const char *const folders[] = { "/usr/share/zoneinfo", "/usr/share/lib/zoneinfo",
                                           "/usr/lib/locale/TZ", "/etc/zoneinfo" };
    const struct zone *found = NULL;
    for (size_t i = 0; i < countof(folders) && !found; i++)
        found = load_file(a, folders[i], name, S(""));
    return found;
}

const struct zone *zone_load(struct arena *a, const char *zoneinfo, str name)
{
    const struct zone *found = NULL;
    if (name.len == 0 || str_eq(name, S("UTC")))
        return &zone_utc;
    if (str_has(name, S("..")) || str_has_char(S("/\\"), name.at[0]) || str_has_char(name, '\0'))
        return NULL;
    if (zoneinfo && *zoneinfo)
        found = load_file(a, zoneinfo, name, S(""));
    return found ? found : load_system(a, name);
}

const struct zone *zone_local(struct arena *a, const char *tz)
{
    const struct zone *found = NULL;
    str name = str_trim_prefix(str_from(tz), S(":"));
    if (!tz)
        found = load_file(a, NULL, S("Local"), S("/etc/localtime"));
    else if (str_starts(name, S("/")))
        found = load_file(a, NULL, str_eq(name, S("/etc/localtime")) ? S("Local") : name, name);
    else if (name.len && !str_eq(name, S("UTC")))
        found = load_system(a, name);
    return found ? found : &zone_utc;
}

const struct zone *zone_fixed(struct arena *a, str name, int32_t offset)
{
    struct zone *z = NEW(a, struct zone);
    struct zone_type *type = NEW(a, struct zone_type);
    z->name = type->name = str_dup(a, name);
    type->offset = offset;
    z->types = type;
    z->type_count = 1;
    return z;
}

str zone_name(const struct zone *zone)
{
    return zone->name;
}

static bool type_changes_in(const struct zone *z, uint8_t type)
{
    for (uint32_t i = 0; i < z->change_count; i++) {
        if (z->changes[i].type == type)
            return true;
    }
    return false;
}

/* What held before the first change: the first type, unless a change leads to it; else the
 * standard time before the first change, or any. */
static uint32_t first_type(const struct zone *z)
{
    if (!type_changes_in(z, 0))
        return 0;
    if (z->change_count && z->types[z->changes[0].type].dst) {
        for (int i = z->changes[0].type - 1; i >= 0; i--) {
            if (!z->types[i].dst)
                return (uint32_t)i;
        }
    }
    for (uint32_t i = 0; i < z->type_count; i++) {
        if (!z->types[i].dst)
            return i;
    }
    return 0;
}

static struct zone_state state_of(const struct zone *z, uint32_t type, int64_t from, int64_t until)
{
    const struct zone_type *t = &z->types[type];
    return (struct zone_state){ t->name, t->offset, t->dst, from, until };
}

struct zone_state zone_at(const struct zone *z, int64_t seconds)
{
    struct zone_state by_rule;
    if (z->type_count == 0)
        return (struct zone_state){ S("UTC"), 0, false, INT64_MIN, INT64_MAX };
    if (z->change_count == 0 || seconds < z->changes[0].when)
        return state_of(z, first_type(z), INT64_MIN,
                        z->change_count ? z->changes[0].when : INT64_MAX);
    uint32_t low = 0, high = z->change_count;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (z->changes[middle].when <= seconds)
            low = middle;
        else
            high = middle;
    }
    const struct zone_change *change = &z->changes[low];
    bool last = low + 1 == z->change_count;
    if (last && z->rule.len && zone_rule_at(z->rule, change->when, seconds, &by_rule))
        return by_rule;
    return state_of(z, change->type, change->when, last ? INT64_MAX : z->changes[low + 1].when);
}

bool zone_offset_of(const struct zone *z, str abbreviation, int64_t local, int32_t *offset)
{
    bool known = false;
    for (uint32_t i = 0; i < z->type_count; i++) {
        if (!str_eq(z->types[i].name, abbreviation))
            continue;
        struct zone_state s = zone_at(z, local - z->types[i].offset);
        if (str_eq(s.name, abbreviation)) {
            *offset = s.offset;
            return true;
        }
        if (!known)
            *offset = z->types[i].offset;
        known = true;
    }
    return known;
}
