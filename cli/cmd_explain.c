/* hoist explain: where a value comes from, step by step. */
#include "cli/commands.h"
#include "promote/explain.h"

static bool run(struct context *cx, struct call *call)
{
    struct environment *env = environment_named(cx, call->operands.at[0]);
    const struct node *document =
        env ? explain_document(cx, &env->documents, call->operands.at[1]) : NULL;
    if (!document)
        return false;
    struct explain_style style = { env->name, call->terminal->color_out };
    bool json = call->globals->json, whole = call->operands.len < 3;
    struct field field;
    if (!whole && !field_read(cx, document, call->operands.at[2], &field))
        return false;
    if (json)
        return explain_write_json(cx, call->out, document, whole ? NULL : &field, style);
    if (whole)
        return explain_write_document(cx, call->out, document, style);
    explain_write(cx, call->out, document, &field, style);
    return true;
}

const struct command cmd_explain = {
    .name = "explain",
    .operands = "PATH KIND/NAME [FIELD]",
    .summary = "where a value comes from, step by step",
    .about =
        "PATH may be the name of an environment. NAME is that of the rendered document, or the\n"
        "one without the prefixes and hashes that it was given; KIND/NAMESPACE/NAME and\n"
        "KIND.GROUP/NAME tell two of a name apart. FIELD is written as 'hoist diff' prints it,\n"
        "spec.containers[name=app].image, or as a JSON pointer. The chain begins with the file\n"
        "that says the value first and ends with the step that says it last. Without FIELD, the\n"
        "document is printed with the line and the step behind each of its values.\n"
        "The values of Secrets are never shown.",
    .run = run,
};
