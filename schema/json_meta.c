/* The schemas of schemas: which keyword takes what, draft by draft.
 *
 * Up to draft 7 a single document says so; from 2019-09 on there is one for each vocabulary. Here
 * all of them are rows, put together when a document is asked for. In the shapes, ' stands for ",
 * @ for "a schema" and & for where the document keeps its definitions. */
#include "render/doc/json_read.h"
#include "schema/json_parts.h"

static const struct {
    const char *name;
    enum vocabulary bit;
    enum draft since, until;
} vocabularies[] = {
    { "core", VOCABULARY_CORE, DRAFT_2019, DRAFT_2020 },
    { "applicator", VOCABULARY_APPLICATOR, DRAFT_2019, DRAFT_2020 },
    { "unevaluated", VOCABULARY_UNEVALUATED, DRAFT_2020, DRAFT_2020 },
    { "validation", VOCABULARY_VALIDATION, DRAFT_2019, DRAFT_2020 },
    { "meta-data", VOCABULARY_META_DATA, DRAFT_2019, DRAFT_2020 },
    { "format", VOCABULARY_FORMAT, DRAFT_2019, DRAFT_2019 },
    { "format-annotation", VOCABULARY_FORMAT, DRAFT_2020, DRAFT_2020 },
    { "format-assertion", VOCABULARY_FORMAT_ASSERTION, DRAFT_2020, DRAFT_2020 },
    { "content", VOCABULARY_CONTENT, DRAFT_2019, DRAFT_2020 },
};

struct keyword_shape {
    const char *keyword;
    enum draft since, until;
    unsigned vocabulary; /* 0: in the document that holds the others together */
    const char *shape;
};

#define STRING        "{'type':'string'}"
#define BOOLEAN       "{'type':'boolean'}"
#define NUMBER        "{'type':'number'}"
#define POSITIVE      "{'type':'number','exclusiveMinimum':0}"
#define URI           "{'type':'string','format':'uri'}"
#define URI_REFERENCE "{'type':'string','format':'uri-reference'}"
#define REGEX         "{'type':'string','format':'regex'}"
#define COUNT         "{'$ref':'&nonNegativeInteger'}"
#define COUNT_OR_0    "{'$ref':'&nonNegativeIntegerDefault0'}"
#define SCHEMAS       "{'$ref':'&schemaArray'}"
#define STRINGS       "{'$ref':'&stringArray'}"
#define MAP_OF(shape) "{'type':'object','additionalProperties':" shape "}"
#define EITHER(a, b)  "{'anyOf':[" a "," b "]}"
#define NO_FRAGMENT   "'pattern':'^[^#]*#?$'"

#define ALL        DRAFT_4, DRAFT_2020
#define ONLY(d)    DRAFT_##d, DRAFT_##d
#define FROM(d)    DRAFT_##d, DRAFT_2020
#define CORE       VOCABULARY_CORE
#define APPLICATOR VOCABULARY_APPLICATOR
#define VALIDATION VOCABULARY_VALIDATION

static const struct keyword_shape keywords[] = {
    { "id", ONLY(4), CORE, STRING },
    { "$id", DRAFT_6, DRAFT_7, CORE, URI_REFERENCE },
    { "$id", ONLY(2019), CORE, "{'type':'string','format':'uri-reference'," NO_FRAGMENT "}" },
    { "$id", ONLY(2020), CORE, "{'$ref':'&uriReferenceString'," NO_FRAGMENT "}" },
    { "$schema", DRAFT_4, DRAFT_2019, CORE, URI },
    { "$schema", ONLY(2020), CORE, "{'$ref':'&uriString'}" },
    { "$ref", ONLY(4), CORE, STRING },
    { "$ref", DRAFT_6, DRAFT_2019, CORE, URI_REFERENCE },
    { "$ref", ONLY(2020), CORE, "{'$ref':'&uriReferenceString'}" },
    { "$comment", FROM(7), CORE, STRING },
    { "$anchor", ONLY(2019), CORE, "{'type':'string','pattern':'^[A-Za-z][-A-Za-z0-9.:_]*$'}" },
    { "$anchor", ONLY(2020), CORE, "{'$ref':'&anchorString'}" },
    { "$recursiveRef", ONLY(2019), CORE, URI_REFERENCE },
    { "$recursiveRef", ONLY(2020), 0, "{'$ref':'meta/core&uriReferenceString'}" },
    { "$recursiveAnchor", ONLY(2019), CORE, BOOLEAN },
    { "$recursiveAnchor", ONLY(2020), 0, "{'$ref':'meta/core&anchorString'}" },
    { "$dynamicRef", ONLY(2020), CORE, "{'$ref':'&uriReferenceString'}" },
    { "$dynamicAnchor", ONLY(2020), CORE, "{'$ref':'&anchorString'}" },
    { "$vocabulary", ONLY(2019), CORE,
      "{'type':'object','propertyNames':" URI ",'additionalProperties':" BOOLEAN "}" },
    { "$vocabulary", ONLY(2020), CORE,
      "{'type':'object','propertyNames':{'$ref':'&uriString'},'additionalProperties':" BOOLEAN
      "}" },
    { "$defs", FROM(2019), CORE, MAP_OF("@") },
    { "definitions", ALL, 0, MAP_OF("@") },

    { "not", ALL, APPLICATOR, "@" },
    { "allOf", ALL, APPLICATOR, SCHEMAS },
    { "anyOf", ALL, APPLICATOR, SCHEMAS },
    { "oneOf", ALL, APPLICATOR, SCHEMAS },
    { "if", FROM(7), APPLICATOR, "@" },
    { "then", FROM(7), APPLICATOR, "@" },
    { "else", FROM(7), APPLICATOR, "@" },
    { "properties", ALL, APPLICATOR, MAP_OF("@") },
    { "patternProperties", DRAFT_4, DRAFT_6, APPLICATOR, MAP_OF("@") },
    { "patternProperties", FROM(7), APPLICATOR,
      "{'type':'object','additionalProperties':@,'propertyNames':{'format':'regex'}}" },
    { "additionalProperties", ONLY(4), APPLICATOR, EITHER(BOOLEAN, "@") },
    { "additionalProperties", FROM(6), APPLICATOR, "@" },
    { "propertyNames", FROM(6), APPLICATOR, "@" },
    { "dependencies", DRAFT_4, DRAFT_7, APPLICATOR, MAP_OF(EITHER("@", STRINGS)) },
    { "dependencies", FROM(2019), 0,
      MAP_OF(EITHER("@", "{'$ref':'meta/validation&stringArray'}")) },
    { "dependentSchemas", FROM(2019), APPLICATOR, MAP_OF("@") },
    { "items", DRAFT_4, DRAFT_2019, APPLICATOR, EITHER("@", SCHEMAS) },
    { "items", ONLY(2020), APPLICATOR, "@" },
    { "prefixItems", ONLY(2020), APPLICATOR, SCHEMAS },
    { "additionalItems", ONLY(4), APPLICATOR, EITHER(BOOLEAN, "@") },
    { "additionalItems", DRAFT_6, DRAFT_2019, APPLICATOR, "@" },
    { "contains", FROM(6), APPLICATOR, "@" },
    { "unevaluatedItems", ONLY(2019), APPLICATOR, "@" },
    { "unevaluatedProperties", ONLY(2019), APPLICATOR, "@" },
    { "unevaluatedItems", ONLY(2020), VOCABULARY_UNEVALUATED, "@" },
    { "unevaluatedProperties", ONLY(2020), VOCABULARY_UNEVALUATED, "@" },

    { "type", ALL, VALIDATION,
      EITHER("{'$ref':'&simpleTypes'}", "{'type':'array','items':{'$ref':'&simpleTypes'},"
                                        "'minItems':1,'uniqueItems':true}") },
    { "enum", DRAFT_4, DRAFT_7, VALIDATION, "{'type':'array','minItems':1,'uniqueItems':true}" },
    { "enum", FROM(2019), VALIDATION, "{'type':'array'}" },
    { "multipleOf", ONLY(4), VALIDATION, "{'type':'number','minimum':0,'exclusiveMinimum':true}" },
    { "multipleOf", FROM(6), VALIDATION, POSITIVE },
    { "maximum", ALL, VALIDATION, NUMBER },
    { "minimum", ALL, VALIDATION, NUMBER },
    { "exclusiveMaximum", ONLY(4), VALIDATION, BOOLEAN },
    { "exclusiveMinimum", ONLY(4), VALIDATION, BOOLEAN },
    { "exclusiveMaximum", FROM(6), VALIDATION, NUMBER },
    { "exclusiveMinimum", FROM(6), VALIDATION, NUMBER },
    { "maxLength", ALL, VALIDATION, COUNT },
    { "minLength", ALL, VALIDATION, COUNT_OR_0 },
    { "pattern", ALL, VALIDATION, REGEX },
    { "maxItems", ALL, VALIDATION, COUNT },
    { "minItems", ALL, VALIDATION, COUNT_OR_0 },
    { "uniqueItems", ALL, VALIDATION, BOOLEAN },
    { "maxContains", FROM(2019), VALIDATION, COUNT },
    { "minContains", FROM(2019), VALIDATION, COUNT },
    { "maxProperties", ALL, VALIDATION, COUNT },
    { "minProperties", ALL, VALIDATION, COUNT_OR_0 },
    { "required", ALL, VALIDATION, STRINGS },
    { "dependentRequired", FROM(2019), VALIDATION, MAP_OF(STRINGS) },

    { "title", ALL, VOCABULARY_META_DATA, STRING },
    { "description", ALL, VOCABULARY_META_DATA, STRING },
    { "deprecated", FROM(2019), VOCABULARY_META_DATA, BOOLEAN },
    { "readOnly", FROM(7), VOCABULARY_META_DATA, BOOLEAN },
    { "writeOnly", FROM(7), VOCABULARY_META_DATA, BOOLEAN },
    { "examples", FROM(7), VOCABULARY_META_DATA, "{'type':'array'}" },
    { "format", ALL, VOCABULARY_FORMAT, STRING },
    { "format", ONLY(2020), VOCABULARY_FORMAT_ASSERTION, STRING },
    { "contentMediaType", FROM(7), VOCABULARY_CONTENT, STRING },
    { "contentEncoding", FROM(7), VOCABULARY_CONTENT, STRING },
    { "contentSchema", FROM(2019), VOCABULARY_CONTENT, "@" },
};

static const struct keyword_shape definitions[] = {
    { "schemaArray", ALL, APPLICATOR, "{'type':'array','minItems':1,'items':@}" },
    { "nonNegativeInteger", ALL, VALIDATION, "{'type':'integer','minimum':0}" },
    { "positiveInteger", ONLY(4), VALIDATION, "{'type':'integer','minimum':0}" },
    /* A wrong minLength fails within 'allOf' where drafts say it so. */
    { "nonNegativeIntegerDefault0", DRAFT_4, DRAFT_7, VALIDATION, "{'allOf':[" COUNT "]}" },
    { "nonNegativeIntegerDefault0", FROM(2019), VALIDATION, COUNT },
    { "positiveIntegerDefault0", ONLY(4), VALIDATION, "{'allOf':[" COUNT "]}" },
    { "simpleTypes", ALL, VALIDATION,
      "{'enum':['array','boolean','integer','null','number','object','string']}" },
    { "stringArray", ONLY(4), VALIDATION,
      "{'type':'array','items':" STRING ",'minItems':1,'uniqueItems':true}" },
    { "stringArray", FROM(6), VALIDATION,
      "{'type':'array','items':" STRING ",'uniqueItems':true}" },
    { "anchorString", ONLY(2020), CORE,
      "{'type':'string','pattern':'^[A-Za-z_][-A-Za-z0-9._]*$'}" },
    { "uriString", ONLY(2020), CORE, URI },
    { "uriReferenceString", ONLY(2020), CORE, URI_REFERENCE },
};

static const struct {
    const char *folder; /* below json-schema.org/ */
    const char *scheme;
    const char *schema; /* how @ is written */
    const char *keep;   /* what & stands for */
    const char *head;
} drafts[DRAFT_COUNT] = {
    [DRAFT_4] = { "draft-04/", "http", "{'$ref':'#'}", "#/definitions/",
                  "'type':'object','dependencies':{'exclusiveMaximum':['maximum'],"
                  "'exclusiveMinimum':['minimum']}" },
    [DRAFT_6] = { "draft-06/", "http", "{'$ref':'#'}", "#/definitions/",
                  "'type':['object','boolean']" },
    [DRAFT_7] = { "draft-07/", "http", "{'$ref':'#'}", "#/definitions/",
                  "'type':['object','boolean']" },
    [DRAFT_2019] = { "draft/2019-09/", "https", "{'$recursiveRef':'#'}", "#/$defs/",
                     "'$recursiveAnchor':true,'type':['object','boolean']" },
    [DRAFT_2020] = { "draft/2020-12/", "https", "{'$dynamicRef':'#meta'}", "#/$defs/",
                     "'$dynamicAnchor':'meta','type':['object','boolean']" },
};

str meta_url(struct arena *a, enum draft draft)
{
    return str_format(a, "%s://json-schema.org/%sschema", drafts[draft].scheme,
                      drafts[draft].folder);
}

/* What comes behind the host of the site where these documents are. */
static bool cut_site(str url, str *path)
{
    url = str_trim_prefix(url, S("http://"));
    *path = str_trim_prefix(str_trim_prefix(url, S("https://")), S("json-schema.org/"));
    return path->len < url.len;
}

bool meta_is_its_own(str url)
{
    str path;
    return str_starts(url, S("urn:mem:")) || (str_has(url, S("://")) && cut_site(url, &path));
}

/* The draft of an address and the rest of it: "schema", "meta/core". */
static bool find(str url, enum draft *draft, str *rest)
{
    if (!meta_is_its_own(url) || !cut_site(url, rest))
        return false;
    *draft = DRAFT_2020;
    if (str_eq(*rest, S("schema")))
        return true;
    for (int i = 0; i < DRAFT_COUNT; i++) {
        str folder = str_from(drafts[i].folder);
        if (!str_starts(*rest, folder))
            continue;
        *draft = (enum draft)i;
        *rest = str_skip(*rest, folder.len);
        return true;
    }
    return false;
}

bool meta_draft(str url, enum draft *out)
{
    str rest;
    enum draft draft;
    if (!find(str_trim_suffix(url, S("#")), &draft, &rest) || !str_eq(rest, S("schema")))
        return false;
    *out = draft;
    return true;
}

unsigned meta_vocabulary(enum draft draft, str name)
{
    str base, path;
    enum draft its;
    if (!str_cut_last(name, '/', &base, &path) || !find(name, &its, &base) || its != draft
        || !str_starts(base, S("vocab/")))
        return 0;
    for (size_t i = 0; i < countof(vocabularies); i++) {
        if (str_eq(path, str_from(vocabularies[i].name)) && draft >= vocabularies[i].since
            && draft <= vocabularies[i].until)
            return vocabularies[i].bit;
    }
    return 0;
}

static void put_shape(struct buf *b, enum draft draft, const char *shape)
{
    for (; *shape; shape++) {
        if (*shape == '@')
            put_shape(b, draft, drafts[draft].schema);
        else if (*shape == '&')
            buf_str(b, str_from(drafts[draft].keep));
        else
            buf_char(b, *shape == '\'' ? '"' : *shape);
    }
}

/* The rows of a draft and, unless it is 0, of one of its vocabularies. */
static void put_rows(struct buf *b, enum draft draft, unsigned vocabulary,
                     const struct keyword_shape *rows, size_t n)
{
    bool all = draft < DRAFT_2019, first = true;
    for (size_t i = 0; i < n; i++) {
        const struct keyword_shape *row = &rows[i];
        if (draft < row->since || draft > row->until || (!all && row->vocabulary != vocabulary))
            continue;
        buf_format(b, "%s\"%s\":", first ? "" : ",", row->keyword);
        put_shape(b, draft, row->shape);
        first = false;
    }
}

static const struct node *read_text(struct context *cx, str name, struct buf *b)
{
    return json_read(cx, text_add(cx, name, buf_take(b)));
}

static void put_parts(struct buf *b, enum draft draft, unsigned which, const char *folder)
{
    bool first = true;
    buf_str(b, S(",\"allOf\":["));
    for (size_t i = 0; i < countof(vocabularies); i++) {
        if (draft < vocabularies[i].since || draft > vocabularies[i].until
            || !(vocabularies[i].bit & which))
            continue;
        buf_format(b, "%s{\"$ref\":\"%smeta/%s\"}", first ? "" : ",", folder, vocabularies[i].name);
        first = false;
    }
    buf_char(b, ']');
}

const struct node *meta_document(struct context *cx, str url)
{
    enum draft draft;
    str rest;
    struct buf b;
    unsigned vocabulary = 0;
    if (!find(url, &draft, &rest))
        return NULL;
    for (size_t i = 0; i < countof(vocabularies) && draft >= DRAFT_2019; i++) {
        if (str_eq(rest, str_format(cx->arena, "meta/%s", vocabularies[i].name)))
            vocabulary = vocabularies[i].bit;
    }
    if (!vocabulary && !str_eq(rest, S("schema")))
        return NULL;
    buf_init(&b, cx->arena, 4096);
    buf_format(&b, "{\"$schema\":\"%.*s\",\"%s\":\"%.*s\",", STR(meta_url(cx->arena, draft)),
               draft == DRAFT_4 ? "id" : "$id", STR(url));
    put_shape(&b, draft, drafts[draft].head);
    if (draft >= DRAFT_2019 && !vocabulary)
        put_parts(&b, draft, (unsigned)~VOCABULARY_FORMAT_ASSERTION, "");
    buf_str(&b, S(",\"properties\":{"));
    put_rows(&b, draft, vocabulary, keywords, countof(keywords));
    buf_str(&b, draft < DRAFT_2019 ? S("},\"definitions\":{") : S("},\"$defs\":{"));
    put_rows(&b, draft, vocabulary, definitions, countof(definitions));
    buf_str(&b, S("}}"));
    return read_text(cx, url, &b);
}

/* For a dialect that names its vocabularies: all of their schemas at once. */
static struct document *gathered(struct reader *meta, struct dialect d)
{
    struct arena *a = meta->cx->arena;
    str url = str_format(a, "urn:mem:metaschema/%d/%u", d.draft, d.vocabularies);
    struct document *doc = map_get(&meta->documents, url);
    struct buf b;
    if (doc)
        return doc;
    str draft = meta_url(a, d.draft);
    buf_init(&b, a, 512);
    buf_format(&b, "{\"$schema\":\"%.*s\",", STR(draft));
    put_shape(&b, d.draft, drafts[d.draft].head);
    put_parts(&b, d.draft, d.vocabularies, str_cstr(a, str_trim_suffix(draft, S("schema"))));
    buf_char(&b, '}');
    return document_add(meta, url, read_text(meta->cx, url, &b));
}

const struct json_schema *meta_schema(struct reader *meta, struct dialect dialect)
{
    struct document *doc = dialect.vocabularies
                               ? gathered(meta, dialect)
                               : document_at(meta, meta_url(meta->cx->arena, dialect.draft));
    const struct json_schema *s = doc ? schema_at(meta, doc, S("")) : NULL;
    return s && reader_drain(meta) ? s : NULL;
}
