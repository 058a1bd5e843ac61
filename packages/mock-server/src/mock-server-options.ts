import {
  booleanField,
  choiceField,
  formatIssues,
  integerField,
  nullable,
  numberField,
  type Secret,
  type SecretReference,
  secretField,
  textField,
  withDefault,
} from "@core/registry";
import * as v from "valibot";
import { MockServerError } from "./errors.js";
import type { FailureInput } from "./failures/failure.js";
import { failuresField } from "./failures/failures-field.js";
import { type IncidentInput, incidentsField } from "./incidents/incident.js";
import { LATENCY_MODELS } from "./latency-model.js";

/** Whose times replies keep. */
const ENGINES = ["own", "batch"] as const;
const SHARE = { minimum: 0, maximum: 1 };
const FROM_ZERO = { minimum: 0 };

/** Options of the mock server; the descriptions and defaults are those of `goodput mock-server` too. */
export const mockServerOptionsSchema = v.pipe(
  v.strictObject({
    host: withDefault(textField("Address to listen on."), "127.0.0.1"),
    port: withDefault(integerField("Port to listen on; 0 takes a free one.", { minimum: 0, maximum: 65535 }), 8000),
    model: withDefault(textField("Name of the one model; requests for another are answered 404."), "goodput-mock"),
    ttft_ms: withDefault(numberField("Mean time from arrival to the first token, ms.", FROM_ZERO), 50),
    ttft_ms_std: withDefault(numberField("Standard deviation of the time to the first token, ms.", FROM_ZERO), 0),
    itl_ms: withDefault(numberField("Mean time between two tokens, ms.", FROM_ZERO), 10),
    itl_ms_std: withDefault(numberField("Standard deviation of the time between two tokens, ms.", FROM_ZERO), 0),
    latency_model: withDefault(
      choiceField(
        "How both times vary: not at all (the deviations are not used), normal cut at 0, or lognormal.",
        LATENCY_MODELS,
      ),
      "normal",
    ),
    engine: withDefault(
      choiceField(
        "Whether each reply keeps its own times, or all requests for text share the iterations of one batch.",
        ENGINES,
      ),
      "own",
    ),
    itl_ms_per_sequence: withDefault(
      numberField("Batch: added to each iteration for every sequence in it but one, ms.", FROM_ZERO),
      0,
    ),
    prefill_ms_per_token: withDefault(
      numberField("Time that each prompt token takes; in a batch it holds up all others, ms.", FROM_ZERO),
      0,
    ),
    prefill_chunk_tokens: nullable(
      integerField("Batch: most prompt tokens of an iteration. Null: all that there are.", { minimum: 1 }),
    ),
    prefix_cache_tokens: withDefault(
      integerField(
        "How many tokens of prompts and replies are kept, so that a prompt that begins alike takes no time for them.",
        FROM_ZERO,
      ),
      0,
    ),
    prefix_block_tokens: withDefault(
      integerField("Tokens of a block of that cache; only whole blocks are found.", { minimum: 1 }),
      16,
    ),
    output_tokens: withDefault(integerField("Mean length of a reply, tokens.", { minimum: 1 }), 128),
    output_tokens_std: withDefault(numberField("Standard deviation of the length (normal), tokens.", FROM_ZERO), 0),
    seed: withDefault(integerField("Seed of everything that is drawn.", FROM_ZERO), 42),
    tokens_per_chunk: withDefault(
      integerField("Tokens in one event; the first event of a reply always holds one.", { minimum: 1 }),
      1,
    ),
    reasoning_tokens: withDefault(
      integerField("How many tokens of a reply are reasoning; completions have none.", FROM_ZERO),
      0,
    ),
    tool_calls: withDefault(integerField("How many calls a reply makes that calls tools.", { minimum: 1 }), 1),
    tool_text_tokens: withDefault(
      integerField("How many tokens of text such a reply has before its calls.", FROM_ZERO),
      0,
    ),
    tool_call_rate: withDefault(
      numberField("Share of requests that may call a tool (`auto`) whose reply does.", SHARE),
      0,
    ),
    tool_call_missing_rate: withDefault(
      numberField("Share of requests that must call a tool (`required`, or a named one) whose reply does not.", SHARE),
      0,
    ),
    empty_token_every: withDefault(
      integerField("Every how many tokens one has empty text; 0: none has.", FROM_ZERO),
      0,
    ),
    embedding_dimensions: withDefault(
      integerField("Length of vectors, where a request does not say.", { minimum: 1 }),
      128,
    ),
    image_tokens: withDefault(integerField("Prompt tokens of one image.", FROM_ZERO), 576),
    video_tokens: withDefault(integerField("Prompt tokens of one video.", FROM_ZERO), 1024),
    audio_tokens_per_second: withDefault(numberField("Prompt tokens of one second of audio.", FROM_ZERO), 25),
    audio_dialect: withDefault(
      choiceField("Whose events and usage transcriptions have: those of vLLM or of OpenAI.", ["vllm", "openai"]),
      "vllm",
    ),
    omit_done: withDefault(booleanField("Leave out the closing `data: [DONE]`."), false),
    error_rate: withDefault(numberField("Share of requests that are answered 500.", SHARE), 0),
    cut_rate: withDefault(numberField("Share of requests whose connection breaks within the reply.", SHARE), 0),
    hang_rate: withDefault(numberField("Share of requests that are never answered.", SHARE), 0),
    failures: withDefault(
      failuresField("Other failures, such as at=headers,do=status,status=429,retry_after=1,rate=0.1."),
      [],
    ),
    incidents: withDefault(
      incidentsField(
        "What happens to the whole server for a while, such as at=30,for=5,do=stall; seconds after its first request.",
      ),
      [],
    ),
    fail_after_requests: nullable(
      integerField("How many requests for text are answered before all further ones get 500.", { minimum: 0 }),
    ),
    max_concurrent_requests: nullable(
      integerField("How many requests for text are answered at once; the others wait.", { minimum: 1 }),
    ),
    max_waiting_requests: nullable(
      integerField("How many may wait; all further ones get 503. Null: all may.", { minimum: 0 }),
    ),
    capture_requests: withDefault(integerField("How many of the newest requests `/captured` shows.", FROM_ZERO), 0),
    log_request_received: withDefault(booleanField("Write a line to stderr for every request that arrives."), false),
    api_key: nullable(secretField("Key that requests to `/v1` must bring as bearer token; without one all may.")),
    tls_cert: nullable(textField("File of the certificate (PEM) with which the server speaks TLS.")),
    tls_key: nullable(textField("File of the certificate's key (PEM).")),
    truth_log: withDefault(booleanField("Keep the log of when each token was written."), true),
    truth_log_size: withDefault(integerField("How many of the newest requests the log keeps.", { minimum: 1 }), 100000),
  }),
  v.check(
    ({ error_rate, cut_rate, hang_rate, failures }) =>
      failures.reduce((sum, { at, rate }) => sum + (at === "connect" ? 0 : rate), error_rate + cut_rate + hang_rate) <=
      1 + 1e-9,
    "error_rate, cut_rate, hang_rate and the rates of failures together must be <= 1",
  ),
  v.check(({ tls_cert, tls_key }) => (tls_cert === null) === (tls_key === null), "tls_cert and tls_key go together"),
);

/** Validated options of the mock server. */
export type MockServerOptions = v.InferOutput<typeof mockServerOptionsSchema>;

/** Options as they may be given: each may be left out; the key may be plain text or a reference, failures and incidents may be text. */
export type MockServerOptionsInput = Omit<
  v.InferInput<typeof mockServerOptionsSchema>,
  "api_key" | "failures" | "incidents"
> & {
  readonly api_key?: Secret | SecretReference | string | null;
  readonly failures?: FailureInput | string | readonly (FailureInput | string)[];
  readonly incidents?: IncidentInput | string | readonly (IncidentInput | string)[];
};

/**
 * Validates options; loose spellings (`"5"` for a number, `"yes"` for true) are read.
 *
 * @throws {MockServerError} CORE_MOCK_SERVER_INVALID_OPTIONS when they do not validate, with all issues.
 */
export function parseMockServerOptions(input: unknown): MockServerOptions {
  const result = v.safeParse(mockServerOptionsSchema, input);
  if (result.success) return result.output;
  const issues = formatIssues(result.issues, mockServerOptionsSchema, "mock-server");
  throw new MockServerError(`The options of the mock server are invalid:\n${issues}`, {
    code: "CORE_MOCK_SERVER_INVALID_OPTIONS",
    cause: result.issues,
  });
}
