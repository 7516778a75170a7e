/* An archive, unpacked into literals, with libarchive.
 *
 * Archives come from strangers. Only plain files are taken; whatever else could lead
 * somewhere (links, devices, absolute names, "..") is refused, as is what grows too large:
 * a gzip of a few kilobytes can hold gigabytes. */
#include "render/source/source.h"

#include <archive.h>
#include <archive_entry.h>

#include "render/base/library.h"

enum {
    BYTES_MOST = 100 << 20, /* what Helm allows a chart */
    FILES_MOST = 65536,
    DEPTH_MOST = 100,
    NAME_MOST = 4095,
};

struct archive_calls {
    __typeof__(archive_read_new) *read_new;
    __typeof__(archive_read_free) *read_free;
    __typeof__(archive_read_support_format_tar) *support_tar;
    __typeof__(archive_read_support_filter_gzip) *support_gzip;
    __typeof__(archive_read_open_memory) *open_memory;
    __typeof__(archive_read_next_header) *next_header;
    __typeof__(archive_read_data) *read_data;
    __typeof__(archive_error_string) *error_string;
    __typeof__(archive_entry_pathname) *pathname;
    __typeof__(archive_entry_pathname_utf8) *pathname_utf8;
    __typeof__(archive_entry_filetype) *filetype;
    __typeof__(archive_entry_hardlink) *hardlink;
    __typeof__(archive_entry_size) *size;
};
static struct archive_calls tar;
#define ROW(member, symbol) LIBRARY_SYMBOL(struct archive_calls, member, symbol)
static const struct library_symbol archive_symbols[] = {
    ROW(read_new, archive_read_new),
    ROW(read_free, archive_read_free),
    ROW(support_tar, archive_read_support_format_tar),
    ROW(support_gzip, archive_read_support_filter_gzip),
    ROW(open_memory, archive_read_open_memory),
    ROW(next_header, archive_read_next_header),
    ROW(read_data, archive_read_data),
    ROW(error_string, archive_error_string),
    ROW(pathname, archive_entry_pathname),
    ROW(pathname_utf8, archive_entry_pathname_utf8),
    ROW(filetype, archive_entry_filetype),
    ROW(hardlink, archive_entry_hardlink),
    ROW(size, archive_entry_size),
};
static struct library archive_library = { LIBRARY("libarchive.so.13", "libarchive13",
                                                  archive_symbols, &tar) };

struct unpacking {
    struct context *cx;
    struct source *into;
    struct archive *archive;
    str name; /* of the archive */
    struct pos from;
    size_t bytes;
    uint32_t files;
};

static bool refuse(struct unpacking *u, str member, const char *why)
{
    return report(u->cx, u->from, "archive '%.*s': '%.*s' %s", STR(u->name), STR(member), why);
}

static bool broken(struct unpacking *u)
{
    const char *why = tar.error_string(u->archive);
    return report(u->cx, u->from, "cannot unpack '%.*s': %s", STR(u->name),
                  why ? why : "no reason was given");
}

static bool name_is_safe(struct unpacking *u, str name)
{
    uint32_t depth = 0;
    if (name.len == 0 || name.len > NAME_MOST)
        return refuse(u, str_slice(name, 0, 80), "has no usable name");
    if (name.at[0] == '/')
        return refuse(u, name, "has an absolute name");
    for (str rest = name, part; str_next_field(&rest, '/', &part); depth++) {
        if (str_eq(part, S("..")))
            return refuse(u, name, "has '..' in its name");
    }
    return depth <= DEPTH_MOST || refuse(u, name, "is in too many folders");
}

/* The size in the header is only where to begin: the bytes that come are counted. */
static bool read_member(struct unpacking *u, str name, int64_t size, str *out)
{
    size_t left = BYTES_MOST - u->bytes;
    size_t room = size > 0 && (uint64_t)size <= left ? (size_t)size + 1 : 512;
    char *at = arena_alloc(u->cx->arena, room);
    size_t len = 0;
    for (;;) {
        if (len == room) {
            at = arena_grow(u->cx->arena, at, room, room * 2);
            room *= 2;
        }
        la_ssize_t n = tar.read_data(u->archive, at + len, room - len);
        if (n < 0)
            return broken(u);
        if (n == 0)
            break;
        len += (size_t)n;
        if (len > left)
            return refuse(u, name, "is beyond the limit of 100 MiB for all files");
    }
    arena_shrink(u->cx->arena, at, room, len);
    u->bytes += len;
    *out = (str){ at, len };
    return true;
}

/* An experiment reads something else. */
static void read_instead(struct unpacking *u, str name, str *bytes)
{
    const struct map *instead = u->cx->instead;
    str whole = instead ? str_format(u->cx->scratch, "%.*s:%.*s", STR(u->name), STR(name)) : S("");
    const str *other = instead ? map_get(instead, whole) : NULL;
    if (other)
        *bytes = *other;
}

static bool take_member(struct unpacking *u, struct archive_entry *entry)
{
    const char *raw = tar.pathname_utf8(entry);
    str name = str_dup(u->cx->arena, str_from(raw ? raw : tar.pathname(entry)));
    str bytes;
    if (!name_is_safe(u, name))
        return false;
    if (++u->files > FILES_MOST)
        return refuse(u, name, "is beyond the limit of 65536 members");
    if (tar.hardlink(entry) || tar.filetype(entry) == AE_IFLNK)
        return refuse(u, name, "is a link; archives with links are not unpacked");
    if (tar.filetype(entry) == AE_IFDIR)
        return true;
    if (tar.filetype(entry) != AE_IFREG)
        return refuse(u, name, "is neither a file nor a folder");
    if (!read_member(u, name, tar.size(entry), &bytes))
        return false;
    read_instead(u, name, &bytes);
    return source_mem_put(u->cx, u->into, name, bytes, u->from);
}

static bool unpack(struct unpacking *u, str bytes)
{
    struct archive_entry *entry;
    tar.support_tar(u->archive);
    tar.support_gzip(u->archive);
    if (tar.open_memory(u->archive, bytes.at, bytes.len) != ARCHIVE_OK)
        return broken(u);
    for (;;) {
        int answer = tar.next_header(u->archive, &entry);
        if (answer == ARCHIVE_EOF)
            return true;
        if (answer < ARCHIVE_WARN)
            return broken(u);
        if (!take_member(u, entry))
            return false;
    }
}

static void free_archive(void *archive)
{
    tar.read_free(archive);
}

struct source *source_tar(struct context *cx, str name, str bytes, struct pos from)
{
    if (!library_open(cx, &archive_library))
        return NULL;
    struct unpacking u = { .cx = cx, .name = name, .from = from };
    u.into = source_mem(cx, str_concat(cx->arena, name, S(":")));
    u.archive = tar.read_new();
    if (!u.archive) {
        report_surroundings(cx, from, "no memory to unpack '%.*s'", STR(name));
        return NULL;
    }
    struct mark before = arena_mark(cx->scratch);
    arena_defer(cx->scratch, free_archive, u.archive);
    bool ok = unpack(&u, bytes);
    arena_rewind(cx->scratch, before);
    return ok ? u.into : NULL;
}
