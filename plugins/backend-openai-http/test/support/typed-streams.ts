import fc from "fast-check";
import { type EventStream, text, WRITERS } from "./event-streams.js";

type Typed = { readonly type: string } & Readonly<Record<string, unknown>>;

const place = { content_index: 0, item_id: "msg_1", output_index: 0 };

/** Makes an event of the responses API; the order of the fields is that of vLLM or that of OpenAI. */
function responsesEvent(type: string, more: object, number: unknown, numberFirst: boolean): Typed {
  if (numberFirst) return { type, sequence_number: number, ...place, ...more } as Typed;
  return { ...place, ...more, sequence_number: number, type } as Typed;
}

const RESPONSES_KINDS: readonly ((own: string) => readonly [type: string, more: object])[] = [
  (own) => ["response.reasoning_text.delta", { delta: own }],
  (own) => ["response.refusal.delta", { delta: own }],
  (own) => ["response.output_text.delta", { delta: own, logprobs: [{ token: own }] }],
  (own) => ["response.output_text.delta", { delta: own, sequence_number_: 1, item_id: "sequence_number" }],
  (own) => ["response.function_call_arguments.delta", { delta: own }],
  (own) => ["response.output_item.added", { item: { type: "function_call", call_id: "c", name: own } }],
  (own) => ["response.output_text.done", { text: own }],
  () => ["response.output_text.delta", { delta: "" }],
];

const MESSAGES_KINDS: readonly ((own: string) => Typed)[] = [
  (own) => ({ type: "content_block_delta", delta: { type: "thinking_delta", thinking: own }, index: 0 }),
  (own) => ({ type: "content_block_delta", delta: { type: "text_delta", text: own }, index: 1 }),
  (own) => ({ type: "content_block_delta", delta: { type: "input_json_delta", partial_json: own }, index: 2 }),
  (own) => ({ type: "content_block_start", content_block: { type: "tool_use", id: "t", name: own }, index: 2 }),
  (own) => ({ type: "message_delta", delta: { stop_reason: own }, usage: { output_tokens: 3 } }),
  () => ({ type: "ping" }),
];

/** How the numbers of the events run. */
const numbers = fc.constantFrom<(index: number) => unknown>(
  (index) => index,
  (index) => index + 7,
  (index) => 10 ** (index % 8),
  () => 0,
  (index) => -index,
  (index) => index + 0.5,
  (index) => String(index),
  (index) => (index % 3 === 0 ? null : index),
);

/** One of ten events has another kind. */
const kinds = fc.array(fc.tuple(fc.oneof({ weight: 9, arbitrary: fc.constant(-1) }, fc.nat(7)), text), {
  minLength: 1,
  maxLength: 25,
});

const responsesStream = fc
  .tuple(kinds, numbers, fc.boolean(), fc.constantFrom(...WRITERS))
  .map(([given, numberOf, numberFirst, writer]) => {
    const events = given.map(([at, own], index) => {
      const [type, more] = RESPONSES_KINDS[at]?.(own) ?? ["response.output_text.delta", { delta: own, logprobs: [] }];
      return responsesEvent(type, more, numberOf(index), numberFirst);
    });
    return toStream("/v1/responses", events, writer);
  });

const messagesStream = fc.tuple(kinds, fc.constantFrom(...WRITERS)).map(([given, writer]) => {
  const events = given.map(
    ([at, own]): Typed =>
      MESSAGES_KINDS[at]?.(own) ?? {
        type: "content_block_delta",
        delta: { type: "text_delta", text: own },
        index: 0,
      },
  );
  return toStream("/v1/messages", events, writer);
});

function toStream(
  route: EventStream["route"],
  events: readonly Typed[],
  writer: (value: unknown) => string,
): EventStream {
  return {
    route,
    events: events.map((event) => Buffer.from(writer(event))),
    types: events.map(({ type }) => type),
  };
}

/** Streams whose events have a type, and perhaps a number. */
export const typedStream: fc.Arbitrary<EventStream> = fc.oneof(responsesStream, messagesStream);
