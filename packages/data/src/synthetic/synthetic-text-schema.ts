import {
  defineField,
  type Field,
  integerField,
  isMapping,
  mappingField,
  nullable,
  type Reading,
  readInteger,
  withDefault,
} from "@core/registry";
import * as v from "valibot";
import { branchesField, branchesProblem } from "./branch-spec.js";
import { countFields, distributionProblem, secondsFields, spreadFields } from "./count-fields.js";
import type { PrefixBucket } from "./prefix-buckets.js";
import { toolTurnNumbers, toolTurnsProblem } from "./tool-turn-numbers.js";

const DISTRIBUTIONS = [
  "prompt_tokens",
  "output_tokens",
  "first_prompt_tokens",
  "first_output_tokens",
  "delay",
  "tool_response_tokens",
];

const bucketSchema = {
  type: "object",
  properties: {
    bucket_weight: { type: "integer", exclusiveMinimum: 0, default: 100 },
    prefix_count: { type: "integer", minimum: 1, default: 1 },
    prefix_tokens: { type: "integer", minimum: 0, default: 0 },
  },
  additionalProperties: false,
};

const buckets: Field<readonly PrefixBucket[]> = defineField(
  "Groups of shared prefixes: bucket_weight, prefix_count, prefix_tokens.",
  {
    typeText: "list of {bucket_weight, prefix_count, prefix_tokens}",
    jsonSchema: { type: "array", items: bucketSchema },
  },
  readBuckets,
);

const turnList: (description: string) => Field<readonly number[] | number> = (description) =>
  defineField<readonly number[] | number>(description, { typeText: "int or list of int", jsonSchema: {} }, readTurns);

const mappings = (description: string): Field<readonly Readonly<Record<string, unknown>>[]> =>
  defineField(
    description,
    { typeText: "list of mappings", jsonSchema: { type: "array", items: { type: "object" } } },
    (input) =>
      Array.isArray(input) && input.every(isMapping) ? { value: input } : { problem: "must be a list of mappings" },
  );

/** Generated prompts of given lengths; never ends. */
export const SyntheticTextSchema = v.pipe(
  v.strictObject({
    kind: v.literal("synthetic_text"),
    prompt_tokens: integerField("Mean prompt tokens of a turn.", { exclusiveMinimum: 0 }),
    ...spreadFields("prompt_tokens", "prompt tokens of a turn"),
    ...countFields("output_tokens", "output tokens asked for"),
    ...countFields("first_prompt_tokens", "prompt tokens of the first turn"),
    ...countFields("first_output_tokens", "output tokens asked for in the first turn"),
    ...secondsFields("delay", "think time between turns"),
    turns: withDefault(integerField("User turns of a conversation.", { exclusiveMinimum: 0 }), 1),
    tool_call_turns: withDefault(turnList("Turns that ask for a client tool call."), []),
    server_tool_call_turns: withDefault(turnList("Turns whose tools the server calls."), []),
    tools: nullable(mappings("Tool definitions of those turns.")),
    ...countFields("tool_response_tokens", "tokens of a tool's answer"),
    branches: withDefault(branchesField, []),
    prefix_buckets: nullable(buckets),
    prefix_count: nullable(integerField("Shorthand for one bucket: different prefixes.", { minimum: 0 })),
    prefix_tokens: nullable(integerField("Shorthand for one bucket: tokens of each prefix.", { minimum: 0 })),
    load_kwargs: withDefault(mappingField("Accepted for compatibility; nothing reads it."), {}),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const name of DISTRIBUTIONS) {
      const problem = distributionProblem(dataset.value, name);
      if (problem !== null) addIssue({ message: problem });
    }
    const { turns } = dataset.value;
    const toolProblem = toolTurnsProblem(
      {
        client: toolTurnNumbers(dataset.value.tool_call_turns, turns),
        server: toolTurnNumbers(dataset.value.server_tool_call_turns, turns),
      },
      turns,
    );
    if (toolProblem !== null) addIssue({ message: toolProblem });
    const branchProblem = branchesProblem(dataset.value.branches, dataset.value.turns);
    if (branchProblem !== null) addIssue({ message: branchProblem });
    const shorthand = (dataset.value.prefix_count ?? 0) > 0 || (dataset.value.prefix_tokens ?? 0) > 0;
    if (shorthand && (dataset.value.prefix_buckets?.length ?? 0) > 0) {
      addIssue({ message: "give either prefix_buckets or the shorthand prefix_count and prefix_tokens" });
    }
  }),
  v.transform(({ prefix_count, prefix_tokens, prefix_buckets, ...rest }) => {
    const shorthand = (prefix_count ?? 0) > 0 || (prefix_tokens ?? 0) > 0;
    const bucket = { bucket_weight: 100, prefix_count: prefix_count || 1, prefix_tokens: prefix_tokens ?? 0 };
    return {
      ...rest,
      tool_call_turns: toolTurnNumbers(rest.tool_call_turns, rest.turns),
      server_tool_call_turns: toolTurnNumbers(rest.server_tool_call_turns, rest.turns),
      prefix_buckets: shorthand ? [bucket] : prefix_buckets,
    };
  }),
);

/** Parsed settings of generated prompts. */
export type SyntheticTextArgs = v.InferOutput<typeof SyntheticTextSchema>;

function readBuckets(input: unknown): Reading<readonly PrefixBucket[]> {
  if (!Array.isArray(input)) return { problem: "must be a list of buckets" };
  const result: PrefixBucket[] = [];
  for (const entry of input) {
    if (!isMapping(entry)) return { problem: "must hold mappings" };
    const { bucket_weight = 100, prefix_count = 1, prefix_tokens = 0, ...rest } = entry;
    const unknown = Object.keys(rest)[0];
    if (unknown !== undefined) return { problem: `must not hold the key "${unknown}"` };
    const weight = readInteger(bucket_weight, { exclusiveMinimum: 0 });
    const count = readInteger(prefix_count, { minimum: 1 });
    const tokens = readInteger(prefix_tokens, { minimum: 0 });
    if ("problem" in weight) return { problem: `bucket_weight ${weight.problem}` };
    if ("problem" in count) return { problem: `prefix_count ${count.problem}` };
    if ("problem" in tokens) return { problem: `prefix_tokens ${tokens.problem}` };
    result.push({ bucket_weight: weight.value, prefix_count: count.value, prefix_tokens: tokens.value });
  }
  return { value: result };
}

function readTurns(input: unknown): Reading<readonly number[] | number> {
  const given = typeof input === "string" ? parseJson(input) : input;
  const list = Array.isArray(given) ? given : [given];
  if (!list.every((turn) => Number.isInteger(turn) && turn >= -1))
    return { problem: "must be -1, a count, or a list of turn numbers" };
  return new Set(list).size === list.length ? { value: given as number } : { problem: "must not repeat a turn" };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // not JSON: judged as the text it is
  }
}
