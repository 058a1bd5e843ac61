import { chunk, delta, LAST_CHUNK, reply, STREAM_HEAD } from "../support/raw-server.js";
import { accepted, DONE, failed, type HostileCase, kept, type Told } from "./hostile-case.js";

const A = delta({ content: "a" });
const B = delta({ content: "b" });
const OTHER_TYPES = [null, 5, true, "x", [], {}] as const;
/** Stands for lists in lists, deeper than what JSON.stringify can write. */
const DEEP = "deep";
const DEEP_TEXT = "[".repeat(50_000) + "]".repeat(50_000);

function textOf(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.replace(JSON.stringify(DEEP), DEEP_TEXT);
}

/** An event between two tokens. */
function between(name: string, event: unknown, told: Told = accepted("ab", { tokens: 2 })): HostileCase {
  return kept(name, STREAM_HEAD + chunk(`${A}data: ${textOf(event)}\n\n${B}${DONE}`) + LAST_CHUNK, told);
}

/** An event with one choice. */
function choice(name: string, value: unknown, told?: Told): HostileCase {
  return between(name, { choices: [value] }, told);
}

function usage(name: string, value: unknown, outputTokens: number | null): HostileCase {
  return between(name, { choices: [], usage: value }, accepted("ab", { tokens: 2, outputTokens }));
}

/** A whole response. */
function whole(name: string, body: unknown, told: Told): HostileCase {
  return { ...kept(name, reply(200, textOf(body)), told), whole: true };
}

/** A text of length zero between tokens is one. */
const LIKE_EMPTY = accepted("ab", { tokens: 3 });
const UNUSABLE = failed("UNUSABLE", "validate", { status: 200 });
const MALFORMED = failed("MALFORMED", "body", { status: 200, text: "" });
const message = (value: unknown) => ({ choices: [{ message: value }] });

/** JSON whose values have other types than the API says, in events. */
export const EVENT_VALUES: readonly HostileCase[] = [
  ...[null, 5, true, "x", []].map((value) =>
    between(`event ${JSON.stringify(value)}`, JSON.stringify(value), failed("MALFORMED", "stream", { text: "a" })),
  ),
  between("event {}", {}),
  ...OTHER_TYPES.map((value) => between(`choices ${JSON.stringify(value)}`, { choices: value })),
  ...OTHER_TYPES.map((value) => choice(`choice ${JSON.stringify(value)}`, value)),
  choice("choices in choices", [{ delta: { content: "x" } }]),
  between("ten thousand choices", { choices: Array(10_000).fill(5) }),
  ...OTHER_TYPES.map((value) => choice(`delta ${JSON.stringify(value)}`, { delta: value })),
  ...[null, 5, true, {}].map((value) => choice(`content ${JSON.stringify(value)}`, { delta: { content: value } })),
  choice("content []", { delta: { content: [] } }, LIKE_EMPTY),
  choice('content ""', { delta: { content: "" } }, LIKE_EMPTY),
  choice(
    "content in parts",
    { delta: { content: [null, 5, { text: 5 }, { text: "x" }] } },
    accepted("axb", { tokens: 3 }),
  ),
  ...[null, 5, true, {}].map((value) =>
    choice(`reasoning ${JSON.stringify(value)}`, { delta: { reasoning: value, reasoning_content: value } }),
  ),
  ...[null, 5, true, [], {}, ""].map((value) =>
    choice(`finish reason ${JSON.stringify(value)}`, { delta: {}, finish_reason: value }),
  ),
  ...[true, "x", [], {}, 1, -1, 0.5].map((value) =>
    choice(`index ${JSON.stringify(value)}`, { index: value, delta: { content: "x" } }, accepted("ab", { tokens: 3 })),
  ),
  ...[null, 5, "x", {}, [], [null], [5], [[]]].map((value) =>
    choice(`tool calls ${JSON.stringify(value)}`, { delta: { tool_calls: value } }),
  ),
  ...[{}, { index: -1 }, { index: "x", function: 5 }, { id: 5, function: { name: [], arguments: 5 } }].map((value) =>
    choice(`tool call ${JSON.stringify(value)}`, { delta: { tool_calls: [value] } }, accepted("ab", { tokens: 3 })),
  ),
  choice(
    "tool call with deep arguments",
    { delta: { tool_calls: [{ function: { name: "f", arguments: { x: DEEP } } }] } },
    accepted("ab", { tokens: 3 }),
  ),
  ...OTHER_TYPES.map((value) => between(`id ${JSON.stringify(value)}`, { id: value, choices: [] })),
  ...OTHER_TYPES.map((value) => between(`metrics ${JSON.stringify(value)}`, { metrics: value, choices: [] })),
  ...OTHER_TYPES.map((value) => usage(`usage ${JSON.stringify(value)}`, value, null)),
  ...[null, "2", true, [], {}, -2, 1.5, -0.1, 1e300].map((value) =>
    usage(`output tokens ${JSON.stringify(value)}`, { completion_tokens: value }, null),
  ),
  usage("output tokens 0", { completion_tokens: 0 }, 0),
  usage("output tokens 2", { completion_tokens: 2 }, 2),
  usage("details of other types", { completion_tokens: 2, completion_tokens_details: 5, prompt_tokens_details: [] }, 2),
  usage("more media than tokens", { completion_tokens: 2, completion_tokens_details: { audio_tokens: 5 } }, 2),
  between(
    "usage twice",
    `${JSON.stringify({ choices: [], usage: { completion_tokens: 9 } })}\n\ndata: ${JSON.stringify({ choices: [], usage: { completion_tokens: 2 } })}`,
    accepted("ab", { outputTokens: 2 }),
  ),
  between(
    "usage that shrinks",
    `${JSON.stringify({ choices: [{ delta: { content: "" } }], usage: { completion_tokens: 9 } })}\n\ndata: ${JSON.stringify({ choices: [{ delta: { content: "" } }], usage: { completion_tokens: -9 } })}`,
    accepted("ab"),
  ),
];

/** JSON whose values have other types than the API says, as a whole response. */
export const WHOLE_VALUES: readonly HostileCase[] = [
  whole("empty", "", MALFORMED),
  ...[null, 5, true, "x", []].map((value) => whole(`body ${JSON.stringify(value)}`, JSON.stringify(value), MALFORMED)),
  whole("half a body", '{"choices":[', MALFORMED),
  whole("two bodies", "{}{}", MALFORMED),
  whole("an event", A, MALFORMED),
  whole("NUL", "\0", MALFORMED),
  whole("byte order mark", `\uFEFF${JSON.stringify(message({ content: "ab" }))}`, accepted("ab")),
  whole("{}", {}, UNUSABLE),
  ...OTHER_TYPES.map((value) => whole(`choices ${JSON.stringify(value)}`, { choices: value }, UNUSABLE)),
  ...OTHER_TYPES.map((value) => whole(`choice ${JSON.stringify(value)}`, { choices: [value] }, UNUSABLE)),
  ...OTHER_TYPES.map((value) => whole(`message ${JSON.stringify(value)}`, message(value), UNUSABLE)),
  ...[null, 5, true, [], {}, " \n"].map((value) =>
    whole(`content ${JSON.stringify(value)}`, message({ content: value }), UNUSABLE),
  ),
  whole("usage without text", { choices: [], usage: { completion_tokens: 2 } }, accepted("", { outputTokens: 2 })),
  whole("negative usage without text", { choices: [], usage: { completion_tokens: -2 } }, UNUSABLE),
  whole("error as a string", { error: "boom" }, failed("BODY_ERROR", "body", { status: 200 })),
  whole("error as an object", { error: { message: "boom" } }, failed("BODY_ERROR", "body", { status: 200 })),
  whole(
    "error beside an answer",
    { ...message({ content: "ab" }), error: { message: "boom" } },
    failed("BODY_ERROR", "body"),
  ),
  whole("deep error", { error: { x: DEEP } }, failed("BODY_ERROR", "body")),
  whole("deep arguments", message({ tool_calls: [{ function: { arguments: { x: DEEP } } }] }), accepted(null)),
  whole("deep metrics", { ...message({ content: "ab" }), metrics: { x: DEEP } }, accepted("ab")),
  whole("body of 5 MB", message({ content: "x".repeat(5 << 20) }), accepted("x".repeat(5 << 20))),
];
