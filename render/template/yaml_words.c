/* yaml.v2 says what it expected, our reader what it found; the same mistake has other words and
 * often another place. Where yaml.v2 has read to the end of the text before it noticed, its line is
 * the one behind the last. A mistake of the first line has no line. */
#include "render/template/yaml_words.h"

#include "render/base/text.h"

enum where {
    NO_PLACE,   /* a sentence without a line */
    ITS_LINE,   /* the line of the mistake */
    NEXT_LINE,  /* the one behind it */
    LINE_ABOVE, /* the parser counts from 0 */
    LAST_LINE,  /* where the text ends */
    BEHIND_LAST,
};

static const struct {
    const char *ours; /* how our message begins behind "not YAML: " */
    const char *theirs;
    enum where where;
} sentences[] = {
    { "invalid nested block mapping", "mapping values are not allowed in this context", ITS_LINE },
    { "invalid multiline plain key", "mapping values are not allowed in this context", NEXT_LINE },
    { "invalid indentation in mapping", "mapping values are not allowed in this context",
      ITS_LINE },
    { "block sequence on the same line", "block sequence entries are not allowed in this context",
      ITS_LINE },
    { "plain scalar cannot start", "found character that cannot start any token", ITS_LINE },
    { "tab character may not", "found a tab character that violates indentation", ITS_LINE },
    { "invalid escape", "found unknown escape character", ITS_LINE },
    { "double-quoted scalar without", "found unexpected end of stream", LAST_LINE },
    { "single-quoted scalar without", "found unexpected end of stream", LAST_LINE },
    { "block scalar no linebreak", "did not find expected comment or line break", ITS_LINE },
    { "mismatched flow sequence end", "did not find expected ',' or '}'", LINE_ABOVE },
    { "mismatched flow mapping end", "did not find expected ',' or ']'", LINE_ABOVE },
    { "missing comma in flow sequence", "did not find expected ',' or ']'", LINE_ABOVE },
    { "flow sequence with invalid extra", "did not find expected node content", LINE_ABOVE },
    { "flow mapping with invalid extra", "did not find expected key", LINE_ABOVE },
    { "did not find expected key", "did not find expected key", LINE_ABOVE },
    { "did not find expected '-'", "did not find expected '-' indicator", LINE_ABOVE },
    { "invalid trailing content", "did not find expected key", LINE_ABOVE },
    { "invalid value after mapping", "did not find expected key", LINE_ABOVE },
    { "this value stands no deeper", "could not find expected ':'", NEXT_LINE },
    { "missing '>' uri", "did not find the expected '>'", ITS_LINE },
    { "document contains excessive", "document contains excessive aliasing", NO_PLACE },
    { "the control character", "control characters are not allowed", NO_PLACE },
    { "", "did not find expected node content", LINE_ABOVE },
};

static uint32_t count_lines(str s)
{
    uint32_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += s.at[i] == '\n';
    return n;
}

static str at_line(struct context *cx, uint32_t line, const char *words)
{
    if (line == 0)
        return str_from(words);
    return str_format(cx->arena, "line %u: %s", line, words);
}

/* The line of the mistake, from 1; its text. */
static uint32_t line_of(struct context *cx, const struct diag *said, str *source)
{
    struct place here;
    *source = S("");
    if (!text_place_here(cx, said->pos, &here))
        return 1;
    *source = here.source;
    return here.line;
}

/* The number that yaml.v2 prints: none for the first line. */
static uint32_t numbered(enum where where, uint32_t line, str text)
{
    uint32_t last = count_lines(text) + 1;
    bool ended = str_ends(text, S("\n"));
    switch (where) {
    case NO_PLACE:
        return 0;
    case ITS_LINE:
        return line > 1 ? line : 0;
    case NEXT_LINE:
        return line + 1;
    case LINE_ABOVE:
        return line - 1;
    case LAST_LINE:
        return last > 1 ? last : 0;
    case BEHIND_LAST:
        return last - ended + 1;
    }
    return 0;
}

/* A flow collection that is still open where the text ends. */
static str unclosed(struct context *cx, str text, char close)
{
    str end = str_trim(text);
    char last = end.len ? end.at[end.len - 1] : '[';
    uint32_t line = count_lines(text) + !str_ends(text, S("\n"));
    if (last == '[' || last == '{' || last == ',' || last == ':')
        return at_line(cx, line, "did not find expected node content");
    return at_line(cx, line,
                   close == ']' ? "did not find expected ',' or ']'"
                                : "did not find expected ',' or '}'");
}

/* A line that fits nothing: a key of another level, or no key at all. */
static bool is_key(str line)
{
    return str_has(line, S(": ")) || str_ends(line, S(":"));
}

static str line_at(str text, uint32_t line)
{
    str found = S("");
    for (uint32_t i = 0; i < line && str_next_line(&text, &found); i++)
        ;
    return found;
}

/* Does the line before this one end in a colon, so that a value must follow? */
static bool follows_colon(str text, uint32_t line)
{
    return str_ends(str_trim(line_at(text, line - 1)), S(":"));
}

static str sentence(struct context *cx, str text, const struct diag *said)
{
    str message = str_trim_prefix(said->message, S("not YAML: ")), source;
    uint32_t line = line_of(cx, said, &source);
    if (str_starts(message, S("unknown anchor")))
        return str_concat(cx->arena, message, S(" referenced"));
    if (str_starts(message, S("a merge key takes")))
        return S("map merge requires map or sequence of maps as the value");
    if (str_starts(message, S("invalid multiline plain key"))
        && str_starts(line_at(text, line + 1), S("\t")))
        return at_line(cx, line + 1, "found a tab character that violates indentation");
    if (str_starts(message, S("tab character")) && follows_colon(text, line))
        return at_line(cx, numbered(ITS_LINE, line, text),
                       "found character that cannot start any token");
    if (str_starts(message, S("did not find expected node content"))
        || str_starts(message, S("flow sequence without")))
        return unclosed(cx, text, ']');
    if (str_starts(message, S("missing comma in flow mapping")))
        return unclosed(cx, text, '}');
    if (str_starts(message, S("invalid scalar at the end of block sequence")) && is_key(source))
        return at_line(cx, line - 1, "did not find expected '-' indicator");
    bool stray = str_starts(message, S("invalid scalar at the end of block sequence"))
                 || (str_starts(message, S("invalid value after mapping")) && line > 1);
    if (stray && str_starts(str_trim(source), S("-")) && source.at[0] == ' ')
        return at_line(cx, line - 1, "did not find expected '-' indicator");
    if (stray)
        return at_line(cx, numbered(BEHIND_LAST, line, text), "could not find expected ':'");
    size_t i = 0;
    while (!str_starts(message, str_from(sentences[i].ours)))
        i++;
    return at_line(cx, numbered(sentences[i].where, line, text), sentences[i].theirs);
}

str yaml_words(struct context *cx, str text, const struct diag *said)
{
    if (!said) /* reports are muted: nobody will read this one */
        return S("yaml: ");
    return said->model.len ? said->model
                           : str_concat(cx->arena, S("yaml: "), sentence(cx, text, said));
}

str yaml_words_of(struct context *cx, const struct diag *said)
{
    const struct text *text = text_of(cx, said->pos);
    if (!text || !str_starts(said->message, S("not YAML: ")))
        return said->model.len ? said->model : said->message;
    str words = yaml_words(cx, text->bytes, said);
    return str_format(cx->arena, "error converting YAML to JSON: %.*s", STR(words));
}
