import fc from "fast-check";
import type { ReplayedFormat } from "./replayer.js";

/** A stream of events as a server might write it. */
export interface EventStream {
  readonly route: ReplayedFormat;
  /** JSON of each event, on one line. */
  readonly events: readonly Buffer[];
  /** What the `event` line of each says; left out when there are none. */
  readonly types?: readonly string[];
}

const word = fc.constantFrom(
  " the",
  "a",
  " ",
  "\n",
  '"',
  "\\",
  "\u2028",
  "é",
  "€",
  "😀",
  "\ud83d",
  "\ude00",
  "\0",
  "\x7f",
);
const trap = fc.constantFrom("[DONE]", "data: x", '","text":"', '"},"x":{"content":"', "\\u0061", "\n\ndata: ", "null");
/** A text that may mislead a reader. */
export const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: word, maxLength: 4 }) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
  { weight: 1, arbitrary: trap },
);

/** How a server writes JSON. */
type Writer = (value: unknown) => string;

/** Ways of servers to write JSON. */
export const WRITERS: readonly Writer[] = [
  JSON.stringify,
  // as Python writes it: blanks behind separators, everything above ASCII escaped
  (value) => escapeAll(spaced(value)),
  spaced,
  (value) => JSON.stringify(value).replaceAll("/", "\\/"),
];

function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${fields.map(([name, inner]) => `${JSON.stringify(name)}: ${spaced(inner)}`).join(", ")}}`;
}

function escapeAll(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * Puts a text and another one, which is not the text of the event, into an event that is meant to mislead: the text stays
 * the same from event to event while the other one changes.
 */
type Misleading = (key: string, text: string, other: string) => string;

const MISLEADING: readonly Misleading[] = [
  (key, given, other) => `"${key}":${JSON.stringify(other)},"${key}":${JSON.stringify(given)}`,
  (key, given, other) => `"${key}":${JSON.stringify(other)},"${key}" : ${JSON.stringify(given)}`,
  (key, given, other) => `"${key}": ${JSON.stringify(other)},"${key}":${JSON.stringify(given)}`,
  (key, given, other) => `"${key}":${JSON.stringify(other)},"${escapedKey(key)}":${JSON.stringify(given)}`,
  (key, given, other) => `"${escapedKey(key)}":${JSON.stringify(given)},"x":{"${key}":${JSON.stringify(other)}}`,
];

function escapedKey(key: string): string {
  return `\\u${key.charCodeAt(0).toString(16).padStart(4, "0")}${key.slice(1)}`;
}

/** What the event at an index says of the tokens so far: fields before and behind the choices. */
type Counting = (index: number) => { readonly front?: object; readonly back?: object };

const ODD_NUMBERS: readonly unknown[] = [7, 7.5, 1e21, -1, null, "8", 0, 1234567890123456];

const COUNTINGS: readonly Counting[] = [
  () => ({}),
  (index) => ({ back: { usage: usageOf(index + 1) } }),
  (index) => ({ back: { usage: { ...usageOf(index ** 3), completion_tokens_details: null } } }),
  (index) => ({ front: { usage: usageOf(index + 95) } }),
  (index) => ({ back: { usage: { ...usageOf(1), completion_tokens: ODD_NUMBERS[index % ODD_NUMBERS.length] } } }),
  (index) => ({ back: { usage: { ...usageOf(index), total_tokens: ODD_NUMBERS[index % ODD_NUMBERS.length] } } }),
  (index) => ({ front: { x: { completion_tokens: index } }, back: { usage: usageOf(index + 1) } }),
  (index) => ({ back: { usage: { ...usageOf(index + 1), details: { total_tokens: 9 } } } }),
  (index) => ({ back: { usage: { ...usageOf(index + 1), prompt_tokens: index } } }),
];

function usageOf(tokens: number): object {
  return { prompt_tokens: 3, total_tokens: tokens + 3, completion_tokens: tokens };
}

interface Style {
  readonly isChat: boolean;
  readonly writer: Writer;
  readonly id: string;
  readonly model: string;
  /** Fields that all events have. */
  readonly more: object;
  readonly misleading: Misleading | null;
  readonly counting: Counting;
}

const style: fc.Arbitrary<Style> = fc.record({
  isChat: fc.boolean(),
  writer: fc.constantFrom(...WRITERS),
  id: fc.constantFrom("chatcmpl-1", "", "é", '"content":"', "a/b"),
  model: fc.constantFrom("tiny", "org/model", '"text":"a"', "text", "content", "C:\\models"),
  more: fc.constantFrom({}, { logprobs: null }, { token_ids: null, stop_reason: null }, { usage: null }),
  misleading: fc.option(fc.constantFrom(...MISLEADING), { freq: 3 }),
  counting: fc.constantFrom(...COUNTINGS),
});

type Kind =
  | "token"
  | "reasoning"
  | "both"
  | "empty"
  | "counted"
  | "other"
  | "tool"
  | "finish"
  | "usage"
  | "role"
  | "invalid";

const kind = fc.oneof(
  { weight: 20, arbitrary: fc.constant<Kind>("token") },
  {
    weight: 6,
    arbitrary: fc.constantFrom<Kind>(
      "reasoning",
      "both",
      "empty",
      "counted",
      "other",
      "tool",
      "finish",
      "usage",
      "role",
      "invalid",
    ),
  },
);

/** Streams in which most events differ in their text alone. */
export const eventStream: fc.Arbitrary<EventStream> = fc
  .tuple(style, fc.array(fc.tuple(kind, text, text), { minLength: 1, maxLength: 25 }))
  .map(([given, tokens]) => ({
    route: given.isChat ? "/v1/chat/completions" : "/v1/completions",
    events: tokens.map(([what, own, other], index) => eventOf(given, what, own, other, index)),
  }));

function eventOf(given: Style, what: Kind, own: string, other: string, index: number): Buffer {
  const key = given.isChat ? "content" : "text";
  const { choice, rest } = partsOf(given, what, own, index);
  const choices = what === "usage" ? [] : [choice];
  const { front, back } = given.counting(index);
  const json = given.writer({ ...front, id: given.id, model: given.model, choices, ...given.more, ...back, ...rest });
  if (what === "invalid") return withInvalidBytes(json, key);
  if (given.misleading === null || what !== "token") return Buffer.from(json);
  const field = given.misleading(key, index % 5 === 4 ? own : "a", index % 5 === 0 ? "a" : other);
  const body = given.isChat ? `"delta":{${field}}` : field;
  return Buffer.from(`{"id":${JSON.stringify(given.id)},"choices":[{"index":0,${body}}]}`);
}

function partsOf({ isChat }: Style, what: Kind, own: string, index: number): { choice: object; rest: object } {
  const usage = { usage: { prompt_tokens: 3, completion_tokens: index + 1 } };
  const content = (fields: object): object => (isChat ? { delta: fields } : { text: own });
  switch (what) {
    case "reasoning":
      return { choice: { index: 0, ...content({ reasoning: own }) }, rest: {} };
    case "both":
      return { choice: { index: 0, ...content({ content: own, reasoning_content: own }) }, rest: {} };
    case "empty":
      return { choice: { index: 0, ...(isChat ? { delta: { content: "" } } : { text: "" }) }, rest: {} };
    case "counted":
      return { choice: { index: 0, ...content({ content: own }) }, rest: usage };
    case "other":
      return { choice: { index: 1, ...content({ content: own }) }, rest: {} };
    case "tool": {
      const call = { index: 0, id: "1", function: { name: "f", arguments: own } };
      return { choice: { index: 0, ...content({ content: null, tool_calls: [call] }) }, rest: {} };
    }
    case "finish":
      return { choice: { index: 0, ...content({ content: own }), finish_reason: "stop" }, rest: {} };
    case "usage":
      return { choice: {}, rest: usage };
    case "role":
      return { choice: { index: 0, ...content({ role: "assistant", content: "" }) }, rest: {} };
    default:
      return { choice: { index: 0, ...content({ content: own }), finish_reason: null }, rest: {} };
  }
}

/** The event with bytes in its text that are no UTF-8. */
function withInvalidBytes(json: string, key: string): Buffer {
  const bytes = Buffer.from(json);
  const at = bytes.indexOf(`"${key}"`) + key.length + 2;
  const start = bytes.indexOf('"', at) + 1;
  if (at < key.length + 2 || start === 0) return bytes;
  return Buffer.concat([bytes.subarray(0, start), Buffer.from([0xff, 0xe2, 0x82]), bytes.subarray(start)]);
}
