/* By libarchive, whose frames the arena must not be left through: the bytes are collected outside
 * of it. */
#include "render/source/tar_write.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

#include "render/base/library.h"

struct writer_calls {
    __typeof__(archive_write_new) *write_new;
    __typeof__(archive_write_free) *write_free;
    __typeof__(archive_write_set_format_pax_restricted) *set_format;
    __typeof__(archive_write_add_filter_gzip) *add_gzip;
    __typeof__(archive_write_set_options) *set_options;
    __typeof__(archive_write_open) *open;
    __typeof__(archive_write_close) *close;
    __typeof__(archive_write_header) *header;
    __typeof__(archive_write_data) *data;
    __typeof__(archive_entry_new) *entry_new;
    __typeof__(archive_entry_free) *entry_free;
    __typeof__(archive_entry_set_pathname) *set_pathname;
    __typeof__(archive_entry_set_size) *set_size;
    __typeof__(archive_entry_set_filetype) *set_filetype;
    __typeof__(archive_entry_set_perm) *set_perm;
    __typeof__(archive_entry_set_mtime) *set_mtime;
    __typeof__(archive_error_string) *error_string;
};
static struct writer_calls tar;
#define ROW(member, symbol) LIBRARY_SYMBOL(struct writer_calls, member, symbol)
static const struct library_symbol writer_symbols[] = {
    ROW(write_new, archive_write_new),
    ROW(write_free, archive_write_free),
    ROW(set_format, archive_write_set_format_pax_restricted),
    ROW(add_gzip, archive_write_add_filter_gzip),
    ROW(set_options, archive_write_set_options),
    ROW(open, archive_write_open),
    ROW(close, archive_write_close),
    ROW(header, archive_write_header),
    ROW(data, archive_write_data),
    ROW(entry_new, archive_entry_new),
    ROW(entry_free, archive_entry_free),
    ROW(set_pathname, archive_entry_set_pathname),
    ROW(set_size, archive_entry_set_size),
    ROW(set_filetype, archive_entry_set_filetype),
    ROW(set_perm, archive_entry_set_perm),
    ROW(set_mtime, archive_entry_set_mtime),
    ROW(error_string, archive_error_string),
};
static struct library writer_library = { LIBRARY("libarchive.so.13", "libarchive13", writer_symbols,
                                                 &tar) };

struct growing {
    char *at;
    size_t len;
    size_t cap;
};

static la_ssize_t collect(struct archive *archive, void *who, const void *bytes, size_t n)
{
    struct growing *g = who;
    (void)archive;
    if (g->len + n > g->cap) {
        size_t cap = (g->len + n) * 2;
        char *larger = realloc(g->at, cap);
        if (!larger)
            return -1;
        g->at = larger;
        g->cap = cap;
    }
    memcpy(g->at + g->len, bytes, n);
    g->len += n;
    return (la_ssize_t)n;
}

static bool put_file(struct archive *archive, struct archive_entry *entry, const char *path,
                     str bytes, int64_t when)
{
    tar.set_pathname(entry, path);
    tar.set_size(entry, (la_int64_t)bytes.len);
    tar.set_filetype(entry, AE_IFREG);
    tar.set_perm(entry, 0644);
    tar.set_mtime(entry, (time_t)when, 0);
    return tar.header(archive, entry) == ARCHIVE_OK
           && (bytes.len == 0 || tar.data(archive, bytes.at, bytes.len) == (la_ssize_t)bytes.len);
}

bool tar_write(struct context *cx, const struct tar_file *files, size_t n, int64_t when, str *bytes)
{
    struct growing g = { 0 };
    if (!library_open(cx, &writer_library))
        return false;
    const char **paths = NEW_ARRAY(cx->arena, const char *, n);
    for (size_t i = 0; i < n; i++)
        paths[i] = str_cstr(cx->arena, files[i].path);
    struct archive *archive = tar.write_new();
    struct archive_entry *entry = tar.entry_new();
    bool ok = archive && entry && tar.set_format(archive) == ARCHIVE_OK
              && tar.add_gzip(archive) == ARCHIVE_OK
              && tar.set_options(archive, "gzip:!timestamp") == ARCHIVE_OK
              && tar.open(archive, &g, NULL, collect, NULL) == ARCHIVE_OK;
    for (size_t i = 0; ok && i < n; i++)
        ok = put_file(archive, entry, paths[i], files[i].bytes, when);
    ok = ok && tar.close(archive) == ARCHIVE_OK;
    if (!ok) {
        const char *why = archive ? tar.error_string(archive) : NULL;
        report_surroundings(cx, NOWHERE, "cannot make an archive: %s", why ? why : "no memory");
    }
    tar.entry_free(entry);
    if (archive)
        tar.write_free(archive);
    *bytes = ok ? str_dup(cx->arena, (str){ g.at, g.len }) : S("");
    free(g.at);
    return ok;
}
