/* The releases whose output is matched byte for byte. */
#ifndef HOIST_CLI_MODELS_H
#define HOIST_CLI_MODELS_H

#define MODEL_KUSTOMIZE "v5.7.1"
#define MODEL_HELM      "v4.1.4"

#endif
