import {
  choiceField,
  defineField,
  integerField,
  isMapping,
  listField,
  mappingField,
  nullable,
  numberField,
  textField,
  withDefault,
} from "@core/registry";
import * as v from "valibot";
import { DataError } from "../errors.js";
import { countFields, distributionProblem } from "../synthetic/count-fields.js";

/** Fields that all traces share, with the names that their columns usually have. */
export const traceFields = (timestamp: string, prompt: string, output: string, conversation: string | null) => ({
  source: defineField<Readonly<Record<string, unknown>>>(
    "Data config that the trace is read from.",
    { typeText: "data config", jsonSchema: { type: "object", required: ["kind"] } },
    (input) =>
      isMapping(input) && typeof input["kind"] === "string"
        ? { value: input }
        : { problem: "must be a data config with a kind" },
  ),
  timestamp_column: withDefault(textField("Column of the start times."), timestamp),
  prompt_tokens_column: withDefault(textField("Column of the prompt lengths."), prompt),
  output_tokens_column: withDefault(textField("Column of the output lengths."), output),
  conversation_id_column:
    conversation === null
      ? nullable(textField("Column of the conversation."))
      : v.optional(v.nullable(textField("Column of the conversation.")), conversation),
  duration_column: withDefault(textField("Column of the service times."), "duration"),
  max_wait: nullable(numberField("Longest gap inside a session, seconds.", { exclusiveMinimum: 0 })),
  max_session_wait: nullable(numberField("Longest gap between sessions, seconds.", { exclusiveMinimum: 0 })),
  min_concurrent_sessions: nullable(integerField("Fewest sessions at once.", { minimum: 1 })),
  time_scale: withDefault(numberField("Factor on all times.", { exclusiveMinimum: 0 }), 1),
  copies: withDefault(integerField("How often the trace is repeated.", { minimum: 1 }), 1),
  copy_offset: withDefault(numberField("Start of a copy as a share of the trace's length.", { minimum: 0 }), 1),
  load_kwargs: withDefault(mappingField("Options of the reader."), {}),
});

/** Fields of `trace_synthetic`. */
export const TraceSyntheticSchema = v.strictObject({
  kind: v.literal("trace_synthetic"),
  ...traceFields("timestamp", "input_length", "output_length", null),
});

/** Args of `trace_synthetic`. */
export type TraceSyntheticArgs = v.InferOutput<typeof TraceSyntheticSchema>;

/** Fields of traces whose prompts are made of blocks. */
export const blockFields = (blockSize: number) => ({
  hash_ids_column: withDefault(textField("Column of the block identifiers."), "hash_ids"),
  hash_id_block_size: withDefault(integerField("Tokens of a block.", { exclusiveMinimum: 0 }), blockSize),
});

/** Fields of `mooncake`. */
export const MooncakeSchema = v.strictObject({
  kind: v.literal("mooncake"),
  ...traceFields("timestamp", "input_length", "output_length", null),
  ...blockFields(512),
});

/** Args of `mooncake`. */
export type MooncakeArgs = v.InferOutput<typeof MooncakeSchema>;

const mappingsOrText = defineField<unknown>(
  "Tool definitions.",
  { typeText: "list of mappings or JSON", jsonSchema: {} },
  (input) =>
    typeof input === "string" || (Array.isArray(input) && input.every(isMapping))
      ? { value: input }
      : { problem: "must be a list of mappings or JSON text" },
);

/** Fields of `weka`. */
export const WekaSchema = v.pipe(
  v.strictObject({
    kind: v.literal("weka"),
    ...traceFields("t", "in", "out", "id"),
    ...blockFields(64),
    max_context_len: nullable(integerField("Most tokens of a conversation.", { exclusiveMinimum: 0 })),
    tools: nullable(mappingsOrText),
    ...countFields("tool_response_tokens", "tokens of a tool's answer"),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.typed ? distributionProblem(dataset.value, "tool_response_tokens") : null;
    if (problem !== null) addIssue({ message: problem });
  }),
);

/** Args of `weka`. */
export type WekaArgs = v.InferOutput<typeof WekaSchema>;

const text = {
  typeText: "text",
  jsonSchema: { type: "string" },
  read: (input: unknown) => (typeof input === "string" ? { value: input } : { problem: "must be text" }),
};

/** Fields of `otel`. */
export const OtelSchema = v.strictObject({
  kind: v.literal("otel"),
  ...traceFields("timestamp", "input_length", "output_length", null),
  spans_column: withDefault(textField("Column of the spans of a session."), "spans"),
  trace_id_column: withDefault(textField("Column of the trace identifier."), "trace_id"),
  span_timestamp_field: withDefault(textField("Field of a span's start."), "start_time"),
  input_tokens_attributes: withDefault(listField("Attributes of the prompt length.", text), [
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
  ]),
  output_tokens_attributes: withDefault(listField("Attributes of the output length.", text), [
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
  ]),
  history: withDefault(choiceField("Where the history of a turn comes from.", ["trace", "runtime"]), "trace"),
  tool_choice: withDefault(choiceField("How tools are asked for.", ["required", "auto"]), "required"),
});

/** Args of `otel`. */
export type OtelArgs = v.InferOutput<typeof OtelSchema>;

/** What all traces share. */
export type TraceArgs = Omit<TraceSyntheticArgs, "kind">;

/** @throws {DataError} CORE_DATA_NOT_BUILT where lines of a trace of single requests are to make conversations. */
export function refuseConversations({ kind, conversation_id_column }: TraceSyntheticArgs | MooncakeArgs): void {
  if (conversation_id_column === null) return;
  throw new DataError(`${kind} cannot make conversations of several lines yet in this version.`, {
    code: "CORE_DATA_NOT_BUILT",
    hint: "Leave conversation_id_column out: each line is a request of its own.",
  });
}
