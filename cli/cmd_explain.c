/* hoist explain: where a value comes from, step by step. */
#include "cli/commands.h"
#include "promote/explain.h"
#include "promote/explain_chart.h"
#include "promote/explain_values.h"
#include "promote/past_value.h"

struct explain_flags {
    bool values;
    bool history;
};

static const struct option options[] = {
    { 0, "values", NULL, "explain the values of a chart: PATH [KEY]", OPTION_FLAG,
      offsetof(struct explain_flags, values) },
    { 0, "history", NULL, "the commits that brought its values, the newest first", OPTION_FLAG,
      offsetof(struct explain_flags, history) },
    { 0 },
};

/* A field of the document, or all of it. */
static bool print(struct context *cx, struct call *call, const struct node *document,
                  struct explain_style style, uint32_t operand)
{
    bool json = call->globals->json, whole = call->operands.len <= operand;
    struct field field;
    if (!whole && !field_read(cx, document, call->operands.at[operand], &field))
        return false;
    if (json)
        return explain_write_json(cx, call->out, document, whole ? NULL : &field, style);
    if (whole)
        return explain_write_document(cx, call->out, document, style);
    explain_write(cx, call->out, document, &field, style);
    return true;
}

static bool run_history(struct context *cx, struct call *call, const struct environment *env,
                        const struct node *document, bool of_chart)
{
    struct explain_style style = { .name = env->name, .values = of_chart };
    struct past_values past;
    struct field field;
    uint32_t operand = of_chart ? 1 : 2;
    if (call->operands.len <= operand)
        return report(cx, NOWHERE, "--history is that of one %s", of_chart ? "KEY" : "FIELD");
    if (!field_read(cx, document, call->operands.at[operand], &field)
        || !past_values_of(cx, env, document, of_chart, &field, &past))
        return false;
    if (call->globals->json)
        return explain_write_past_json(cx, call->out, document, &field, &past, style);
    explain_write_past(cx, call->out, document, &field, &past, style);
    return true;
}

static bool run_values(struct context *cx, struct call *call)
{
    const struct words *words = &call->operands;
    const struct explain_flags *flags = call->options;
    if (words->len > 2)
        return report(cx, NOWHERE, "'%.*s' is one operand too many", STR(words->at[2]));
    struct environment *env = environment_open_named(cx, words->at[0]);
    const struct node *values = env ? explain_values(cx, env) : NULL;
    if (values && flags->history)
        return run_history(cx, call, env, values, true);
    return values
           && print(cx, call, values,
                    (struct explain_style){ env->name, call->terminal->color_out, true, NULL }, 1);
}

static bool run(struct context *cx, struct call *call)
{
    const struct words *words = &call->operands;
    const struct explain_flags *flags = call->options;
    if (flags->values)
        return run_values(cx, call);
    if (words->len < 2) {
        report(cx, NOWHERE, "which document?");
        hint(cx, NOWHERE, "usage: %s [OPTIONS] PATH KIND/NAME [FIELD]", call->called);
        return false;
    }
    cx->switches.deterministic = true; /* a chart's experiments must agree with its render */
    struct environment *env = environment_named(cx, words->at[0]);
    const struct node *document = env ? explain_document(cx, &env->documents, words->at[1]) : NULL;
    if (!document)
        return false;
    if (flags->history)
        return run_history(cx, call, env, document, false);
    struct explain_style style = { env->name, call->terminal->color_out, false, NULL };
    style.inquiry = explain_inquiry_new(cx, env, document, words->len < 3);
    return print(cx, call, document, style, 2);
}

const struct command cmd_explain = {
    .name = "explain",
    .operands = "PATH [KIND/NAME] [FIELD]",
    .summary = "where a value comes from, step by step",
    .about =
        "PATH may be the name of an environment. NAME is that of the rendered document, or the\n"
        "one without the prefixes and hashes that it was given; KIND/NAMESPACE/NAME and\n"
        "KIND.GROUP/NAME tell two of a name apart. FIELD is written as 'hoist diff' prints it,\n"
        "spec.containers[name=app].image, or as a JSON pointer. The chain begins with the file\n"
        "that says the value first and ends with the step that says it last. Without FIELD, the\n"
        "document is printed with the line and the step behind each of its values.\n"
        "Of a chart's field, the values that decide it are found by rendering again with others.\n"
        "The values of Secrets are never shown.",
    .options = options,
    .options_size = sizeof(struct explain_flags),
    .run = run,
};
