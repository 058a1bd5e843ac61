import {
  booleanField,
  choiceField,
  integerField,
  nullable,
  numberField,
  type Secret,
  secretField,
  textField,
  withDefault,
} from "@core/backend";
import * as v from "valibot";
import { apiRoutesField } from "./api-routes-field.js";
import { ExtrasSchema } from "./extras-schema.js";
import { extrasWithoutEffect } from "./extras-without-effect.js";
import { multiturnReasoningField } from "./multiturn-reasoning-field.js";
import { requestFormatField } from "./request-format-field.js";
import { targetField } from "./target-field.js";

/** The field reads all of these; its own type names only the result. */
type GivenSecretSchema = v.GenericSchema<
  Secret | string | { readonly env: string } | { readonly file: string },
  Secret
>;

const seconds = (description: string) => nullable(numberField(description, { exclusiveMinimum: 0 }));

/** Configuration of the kind `openai_http`. */
export const OpenAIHttpArgsSchema = v.pipe(
  v.strictObject({
    kind: v.literal("openai_http"),
    target: targetField("Base URL of the server, with or without /v1."),
    model: withDefault(textField("Model to ask; empty takes the first that the server lists."), ""),
    request_format: withDefault(requestFormatField("Kind of request, named after its path."), "/v1/chat/completions"),
    api_key: v.optional(
      v.nullable(
        secretField("Key sent as a bearer token: text, {env: NAME} or {file: PATH}.") as unknown as GivenSecretSchema,
      ),
      null,
    ),
    api_routes: withDefault(apiRoutesField("Paths (relative to the target) or URLs in place of the usual ones."), {}),
    timeout: seconds("Seconds without a byte of the response before a request fails; null waits for ever."),
    timeout_connect: v.optional(
      v.nullable(numberField("Seconds to open a connection; null waits for ever.", { exclusiveMinimum: 0 })),
      5,
    ),
    timeout_first_token: seconds("Seconds from the send to the first token of a stream; null waits for ever."),
    timeout_stall: seconds(
      "Seconds from one token of a stream to the next, comments and empty events not counted; null waits for ever.",
    ),
    timeout_total: seconds("Seconds from the send to the end of the response; null waits for ever."),
    http2: withDefault(booleanField("Offer HTTP/2 to https targets; plain http always uses HTTP/1.1."), true),
    transport: withDefault(
      choiceField(
        "Client code: direct (HTTP/1.1 over own sockets), undici (HTTP/2, proxies), or auto: direct where it can go.",
        ["auto", "direct", "undici"],
      ),
      "auto",
    ),
    keep_alive: withDefault(booleanField("Reuse connections; false opens a new one for every request."), true),
    follow_redirects: withDefault(booleanField("Follow redirects; 301, 302 and 303 turn POST into GET."), true),
    verify: withDefault(booleanField("Check TLS certificates."), true),
    validate_backend: withDefault(booleanField("Ask the server for its health and models before the run."), true),
    validate_request: withDefault(
      choiceField(
        "Whether that check sends one tiny request, too: always, never, or auto: where health and models tell nothing.",
        ["auto", "always", "never"],
      ),
      "auto",
    ),
    server: withDefault(
      choiceField(
        "What serves: decides which fields beyond the API are sent. auto takes it from host and models, else vllm.",
        ["auto", "vllm", "sglang", "tgi", "llama.cpp", "openai"],
      ),
      "auto",
    ),
    stream: withDefault(booleanField("Ask for the response as a stream, where the format can."), true),
    extras: v.optional(v.nullable(ExtrasSchema), null),
    max_tokens: nullable(
      integerField("Output limit for requests without an output length of their own (also: max_completion_tokens).", {
        exclusiveMinimum: 0,
      }),
    ),
    max_completion_tokens: v.optional(integerField("Other name of max_tokens.", { exclusiveMinimum: 0 })),
    server_history: withDefault(
      booleanField("Let the server keep the conversation (previous_response_id); only for /v1/responses."),
      false,
    ),
    tool_call_missing_behavior: withDefault(
      choiceField("What happens when a turn that must call a tool does not.", [
        "ignore_continue",
        "ignore_stop",
        "error_stop",
      ]),
      "error_stop",
    ),
    multiturn_reasoning: withDefault(
      multiturnReasoningField(
        "Whether earlier reasoning is sent again: false, true (in think tags), structured (apart), or a template with {reasoning}.",
      ),
      false,
    ),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { server_history, request_format, max_tokens, max_completion_tokens, extras } = dataset.value;
    if (server_history && request_format !== "/v1/responses") {
      addIssue({ message: `server_history needs request_format /v1/responses, not ${request_format}` });
    }
    if (max_tokens !== null && max_completion_tokens !== undefined) {
      addIssue({ message: "give max_tokens or max_completion_tokens, not both: they are the same field" });
    }
    for (const message of extrasWithoutEffect(extras, request_format)) addIssue({ message });
  }),
  v.transform(({ max_completion_tokens, ...args }) => ({
    ...args,
    max_tokens: args.max_tokens ?? max_completion_tokens ?? null,
  })),
);

/** Validated args, complete. */
export type OpenAIHttpArgs = v.InferOutput<typeof OpenAIHttpArgsSchema>;

/** Args as given; defaults may be left out. */
export type OpenAIHttpArgsInput = v.InferInput<typeof OpenAIHttpArgsSchema>;
