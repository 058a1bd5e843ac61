import {
  booleanField,
  choiceField,
  defineField,
  integerField,
  mappingField,
  nullable,
  numberField,
  type Secret,
  secretField,
  withDefault,
} from "@core/backend";
import * as v from "valibot";
import { targetField } from "./target-field.js";
import { validateBackendField } from "./validate-backend-field.js";

/** Path of the endpoint, which is the one request format as well. */
export const REALTIME_PATH = "/v1/realtime";

/** The field reads all of these; its own type names only the result. */
type GivenSecretSchema = v.GenericSchema<
  Secret | string | { readonly env: string } | { readonly file: string },
  Secret
>;

const trimmedText = (description: string) =>
  defineField<string>(description, { typeText: "text", jsonSchema: { type: "string" } }, (input) =>
    typeof input === "string" ? { value: input.trim() } : { problem: "must be text (put it in quotes)" },
  );

/** Configuration of the kind `openai_websocket`. */
export const OpenAIWebSocketArgsSchema = v.strictObject({
  kind: v.literal("openai_websocket"),
  target: targetField("Base URL of the server (http, https, ws, wss), with or without /v1."),
  model: withDefault(trimmedText("Model to ask; empty takes the first that the server lists."), ""),
  request_format: withDefault(choiceField("Kind of request, named after its path.", [REALTIME_PATH]), REALTIME_PATH),
  chunk_samples: withDefault(integerField("Samples of audio (16 kHz, mono) in one message.", { minimum: 1 }), 3200),
  pace: nullable(
    numberField("Speed of the audio: 1 sends it in real time, 2 twice as fast; null sends all at once.", {
      exclusiveMinimum: 0,
    }),
  ),
  api_key: v.optional(
    v.nullable(
      secretField("Key sent as a bearer token: text, {env: NAME} or {file: PATH}.") as unknown as GivenSecretSchema,
    ),
    null,
  ),
  keep_alive: withDefault(
    booleanField("Open connections ahead and use them again; false opens a new one for every request."),
    true,
  ),
  verify: withDefault(booleanField("Check TLS certificates."), true),
  timeout: nullable(
    numberField("Seconds without an event before a request fails; null waits for ever.", { exclusiveMinimum: 0 }),
  ),
  timeout_connect: v.optional(
    v.nullable(
      numberField("Seconds to open a connection, the greeting of the server included; null waits for ever.", {
        exclusiveMinimum: 0,
      }),
    ),
    5,
  ),
  validate_backend: v.optional(
    validateBackendField(
      "Check of the server before the run: true asks /health; a path, a URL, or a mapping with url, method, headers, body.",
    ),
    true,
  ),
  extras: nullable(
    mappingField("Merged into the session.update of every request; type and model are left as they are."),
  ),
});

/** Validated args, complete. */
export type OpenAIWebSocketArgs = v.InferOutput<typeof OpenAIWebSocketArgsSchema>;

/** Args as given; defaults may be left out. */
export type OpenAIWebSocketArgsInput = v.InferInput<typeof OpenAIWebSocketArgsSchema>;
