/* Packet lines: four hexadecimal digits that count themselves and what follows.
 *
 * A greeting, as gitprotocol-pack(5) and gitprotocol-v2(5) have them, may come with or
 * without the line that HTTP puts before it. */
#include "render/source/git_wire.h"

#include "render/base/buf.h"

enum packet { PACKET_DATA, PACKET_FLUSH, PACKET_DELIMITER, PACKET_END, PACKET_NONE, PACKET_WRONG };

static int hex_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Takes the next packet off *rest; a text's line end is cut. */
static enum packet next(str *rest, str *data)
{
    static const enum packet special[] = { PACKET_FLUSH, PACKET_DELIMITER, PACKET_END,
                                           PACKET_WRONG };
    size_t n = 0;
    *data = (str){ 0 };
    if (rest->len == 0)
        return PACKET_NONE;
    for (size_t i = 0; i < 4; i++) {
        int digit = i < rest->len ? hex_of(rest->at[i]) : -1;
        if (digit < 0)
            return PACKET_WRONG;
        n = n * 16 + (size_t)digit;
    }
    if (n < 4) {
        *rest = str_skip(*rest, 4);
        return special[n];
    }
    if (n > rest->len)
        return PACKET_WRONG;
    *data = str_slice(*rest, 4, n);
    *rest = str_skip(*rest, n);
    return PACKET_DATA;
}

static str line_of(str data)
{
    return str_trim_suffix(data, S("\n"));
}

static bool report_wire(struct context *cx, struct pos from)
{
    return report_surroundings(cx, from, "the answer is not Git's");
}

/* The other side's own words, which may hold anything. */
static str clean(struct context *cx, str words)
{
    char *out = str_cstr(cx->arena, str_slice(words, 0, 300));
    for (char *c = out; *c; c++)
        *c = (char)((unsigned char)*c < ' ' || *c == 127 ? ' ' : *c);
    return str_trim(str_from(out));
}

static bool report_theirs(struct context *cx, struct pos from, str words)
{
    return report_surroundings(cx, from, "the repository answers: %.*s", STR(clean(cx, words)));
}

bool wire_is_object(str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (hex_of(name.at[i]) < 0)
            return false;
    }
    return name.len == 40;
}

static bool add_ref(struct context *cx, struct wire_refs *out, str line)
{
    str object, name, rest;
    if (!str_cut(line, ' ', &object, &name) || !wire_is_object(object))
        return false;
    str_cut(name, ' ', &name, &rest);
    if (str_ends(name, S("^{}")) || str_eq(name, S("capabilities")))
        return true;
    ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
    out->at[out->len++] = (struct wire_ref){ name, object };
    return true;
}

static bool read_ability(struct context *cx, struct pos from, struct wire_refs *out, str word)
{
    if (str_eq(word, S("shallow")))
        out->shallow = true;
    else if (str_eq(word, S("ofs-delta")))
        out->offsets = true;
    else if (str_eq(word, S("side-band-64k")))
        out->bands = true;
    else if (str_starts(word, S("object-format=")) && !str_eq(word, S("object-format=sha1")))
        return report(cx, from, "the repository names its objects by %.*s; only sha1 is known",
                      STR(clean(cx, str_skip(word, 14))));
    else if (str_starts(word, S("fetch=")))
        out->shallow = str_has(word, S("shallow"));
    return true;
}

static bool read_abilities(struct context *cx, struct pos from, struct wire_refs *out, str list)
{
    for (str word; str_next_field(&list, ' ', &word);) {
        if (!read_ability(cx, from, out, word))
            return false;
    }
    return true;
}

static bool greet_line(struct context *cx, struct pos from, struct wire_refs *out, str line)
{
    str before, abilities;
    if (str_starts(line, S("ERR ")))
        return report_theirs(cx, from, str_skip(line, 4));
    if (str_eq(line, S("version 1")) || str_starts(line, S("shallow ")))
        return true;
    if (str_eq(line, S("version 2"))) {
        out->version2 = out->offsets = true;
        return true;
    }
    if (out->version2)
        return str_starts(line, S("agent=")) || read_abilities(cx, from, out, line);
    if (str_cut(line, 0, &before, &abilities) && !read_abilities(cx, from, out, abilities))
        return false;
    /* An empty repository has no reference to carry its abilities. */
    if (str_ends(before, S(" capabilities^{}")))
        return true;
    return add_ref(cx, out, before) || report_wire(cx, from);
}

bool wire_greeting(struct context *cx, str bytes, struct pos from, struct wire_refs *out)
{
    str rest = bytes, data;
    *out = (struct wire_refs){ 0 };
    enum packet kind = next(&rest, &data);
    if (kind == PACKET_DATA && str_starts(data, S("# service="))) {
        kind = next(&rest, &data);
        if (kind == PACKET_FLUSH)
            kind = next(&rest, &data);
    }
    for (; kind == PACKET_DATA; kind = next(&rest, &data)) {
        if (!greet_line(cx, from, out, line_of(data)))
            return false;
    }
    return kind == PACKET_FLUSH || report_wire(cx, from);
}

bool wire_skip_greeting(struct context *cx, str *bytes, struct pos from)
{
    str data;
    enum packet kind;
    while ((kind = next(bytes, &data)) == PACKET_DATA)
        ;
    return kind == PACKET_FLUSH || report_wire(cx, from);
}

static void put(struct buf *b, str line)
{
    buf_format(b, "%04zx", line.len + 5);
    buf_str(b, line);
    buf_char(b, '\n');
}

/* Git's order of what a short name may mean. */
static const char *const meanings[] = { "%.*s", "refs/%.*s", "refs/tags/%.*s", "refs/heads/%.*s" };

str wire_list(struct context *cx, str name)
{
    struct buf b;
    buf_init(&b, cx->arena, 512);
    put(&b, S("command=ls-refs"));
    buf_str(&b, S("0001"));
    if (name.len == 0)
        name = S("HEAD");
    for (size_t i = 0; i < countof(meanings); i++) {
        str meaning = str_format(cx->arena, meanings[i], STR(name));
        put(&b, str_concat(cx->arena, S("ref-prefix "), meaning));
    }
    buf_str(&b, S("0000"));
    return buf_take(&b);
}

bool wire_listed(struct context *cx, str bytes, struct pos from, struct wire_refs *out)
{
    str rest = bytes, data;
    enum packet kind;
    while ((kind = next(&rest, &data)) == PACKET_DATA) {
        if (str_starts(data, S("ERR ")))
            return report_theirs(cx, from, str_skip(data, 4));
        if (!add_ref(cx, out, line_of(data)))
            return report_wire(cx, from);
    }
    return kind == PACKET_FLUSH || report_wire(cx, from);
}

static bool is_meaning(str full, str prefix, str name)
{
    return full.len == prefix.len + name.len && str_starts(full, prefix) && str_ends(full, name);
}

str wire_find(const struct wire_refs *refs, str name)
{
    static const str prefixes[] = { S(""), S("refs/"), S("refs/tags/"), S("refs/heads/") };
    if (wire_is_object(name))
        return name;
    if (name.len == 0)
        name = S("HEAD");
    for (size_t i = 0; i < countof(prefixes); i++) {
        for (uint32_t k = 0; k < refs->len; k++) {
            if (is_meaning(refs->at[k].name, prefixes[i], name))
                return refs->at[k].object;
        }
    }
    return S("");
}

static str want_version2(struct context *cx, const struct wire_refs *refs, const str *objects,
                         size_t n, bool history)
{
    struct buf b;
    buf_init(&b, cx->arena, 256);
    put(&b, S("command=fetch"));
    buf_str(&b, S("0001"));
    put(&b, S("no-progress"));
    put(&b, S("ofs-delta"));
    if (!history && refs->shallow)
        put(&b, S("deepen 1"));
    for (size_t i = 0; i < n; i++)
        put(&b, str_concat(cx->arena, S("want "), objects[i]));
    put(&b, S("done"));
    buf_str(&b, S("0000"));
    return buf_take(&b);
}

/* Without a side band: the pack follows as it is. */
str wire_want(struct context *cx, const struct wire_refs *refs, const str *objects, size_t n,
              bool history)
{
    struct buf b;
    if (refs->version2)
        return want_version2(cx, refs, objects, n, history);
    buf_init(&b, cx->arena, 256);
    for (size_t i = 0; i < n; i++) {
        str abilities = i == 0 && refs->offsets ? S(" ofs-delta") : S("");
        put(&b, str_format(cx->arena, "want %.*s%.*s", STR(objects[i]), STR(abilities)));
    }
    if (!history && refs->shallow)
        put(&b, S("deepen 1"));
    buf_str(&b, S("0000"));
    put(&b, S("done"));
    return buf_take(&b);
}

/* Collects the side band's first channel. */
static bool unband(struct context *cx, str rest, struct pos from, str *pack)
{
    struct buf b;
    str data;
    enum packet kind;
    buf_init(&b, cx->arena, rest.len);
    while ((kind = next(&rest, &data)) == PACKET_DATA) {
        if (data.len && data.at[0] == 3)
            return report_theirs(cx, from, str_skip(data, 1));
        if (data.len && data.at[0] == 1)
            buf_str(&b, str_skip(data, 1));
    }
    *pack = buf_take(&b);
    return kind != PACKET_WRONG || report_wire(cx, from);
}

bool wire_pack(struct context *cx, const struct wire_refs *refs, str bytes, struct pos from,
               str *pack)
{
    str rest = bytes, data;
    enum packet kind;
    while (!str_starts(rest, S("PACK"))) {
        kind = next(&rest, &data);
        if (kind == PACKET_DATA && str_starts(data, S("ERR ")))
            return report_theirs(cx, from, str_skip(data, 4));
        if (kind == PACKET_DATA && refs->version2 && str_eq(line_of(data), S("packfile")))
            return unband(cx, rest, from, pack);
        if (kind == PACKET_NONE || kind == PACKET_WRONG)
            return report_wire(cx, from);
    }
    *pack = rest;
    return true;
}

static void put_lines(struct context *cx, struct buf *b, const char *word, const str *objects,
                      size_t n)
{
    for (size_t i = 0; i < n; i++)
        put(b, str_format(cx->arena, "%s %.*s", word, STR(objects[i])));
}

str wire_want_missing(struct context *cx, const struct wire_refs *refs, str object,
                      const struct wire_known *known)
{
    struct buf b;
    buf_init(&b, cx->arena, 1024);
    if (refs->version2) {
        put(&b, S("command=fetch"));
        buf_str(&b, S("0001"));
        put(&b, S("no-progress"));
        put(&b, S("ofs-delta"));
    }
    str abilities = !refs->version2 && refs->offsets ? S(" ofs-delta") : S("");
    put(&b, str_format(cx->arena, "want %.*s%.*s", STR(object), STR(abilities)));
    put_lines(cx, &b, "shallow", known->shallow, known->shallow_len);
    if (!refs->version2)
        buf_str(&b, S("0000"));
    put_lines(cx, &b, "have", known->have, known->have_len);
    put(&b, S("done"));
    if (refs->version2)
        buf_str(&b, S("0000"));
    return buf_take(&b);
}

str wire_push(struct context *cx, const struct wire_refs *refs, const struct wire_update *update,
              str pack)
{
    static const str nothing = S("0000000000000000000000000000000000000000");
    struct buf b, line;
    buf_init(&line, cx->arena, 256);
    buf_init(&b, cx->arena, pack.len + 512);
    buf_format(&line, "%.*s %.*s %.*s", STR(update->from.len ? update->from : nothing),
               STR(update->to), STR(update->reference));
    buf_char(&line, 0);
    buf_str(&line, S(" report-status"));
    if (refs->bands)
        buf_str(&line, S(" side-band-64k"));
    buf_str(&line, S(" agent=hoist"));
    put(&b, buf_view(&line));
    buf_str(&b, S("0000"));
    buf_str(&b, pack);
    return buf_take(&b);
}

/* "unpack ok", then "ok REFERENCE" or "ng REFERENCE WHY". */
static bool read_report(struct context *cx, str rest, struct pos from, struct wire_verdict *out)
{
    str data, reference;
    bool unpacked = false;
    for (;;) {
        enum packet kind = next(&rest, &data);
        if (kind == PACKET_FLUSH || kind == PACKET_NONE)
            break;
        if (kind != PACKET_DATA)
            return report_wire(cx, from);
        str line = line_of(data);
        if (str_starts(line, S("ERR ")))
            return report_theirs(cx, from, str_skip(line, 4));
        if (str_starts(line, S("ng ")))
            str_cut(clean(cx, str_skip(line, 3)), ' ', &reference, &out->refusal);
        else if (str_starts(line, S("unpack ")) && !str_eq(line, S("unpack ok")))
            out->refusal = clean(cx, line);
        unpacked |= str_starts(line, S("unpack "));
    }
    return unpacked || report_wire(cx, from);
}

/* Parts the bands: the report, words for people, and the last words of one that gives up. */
static bool part_bands(struct context *cx, str rest, struct pos from, str *report, str *words)
{
    struct buf bands[2];
    str data;
    enum packet kind;
    for (size_t i = 0; i < countof(bands); i++)
        buf_init(&bands[i], cx->arena, 256);
    while ((kind = next(&rest, &data)) == PACKET_DATA) {
        if (data.len && data.at[0] == 3)
            return report_theirs(cx, from, str_skip(data, 1));
        if (data.len && (data.at[0] == 1 || data.at[0] == 2))
            buf_str(&bands[data.at[0] - 1], str_skip(data, 1));
    }
    *report = buf_take(&bands[0]);
    *words = buf_take(&bands[1]);
    return kind != PACKET_WRONG || report_wire(cx, from);
}

/* Progress is written over itself, by returns. */
static str clean_lines(struct context *cx, str words)
{
    struct buf b;
    str line, before, last;
    buf_init(&b, cx->arena, words.len + 1);
    while (str_next_line(&words, &line)) {
        if (str_cut_last(str_trim(line), '\r', &before, &last))
            line = last;
        line = clean(cx, line);
        if (!line.len)
            continue;
        buf_str(&b, line);
        buf_char(&b, '\n');
    }
    return buf_take(&b);
}

bool wire_pushed(struct context *cx, str bytes, struct pos from, struct wire_verdict *out)
{
    str rest = bytes, data, words = S("");
    *out = (struct wire_verdict){ .refusal = S("") };
    bool banded = next(&rest, &data) == PACKET_DATA && data.len && data.at[0] <= 3;
    if (banded && !part_bands(cx, bytes, from, &bytes, &words))
        return false;
    out->words = clean_lines(cx, words);
    return read_report(cx, bytes, from, out);
}
