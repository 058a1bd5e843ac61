import { createFakeClock, RequestTimings } from "@core/backend";
import { beforeEach, expect, test } from "@jest/globals";
import { CompletionsReader } from "../api/completions/completions-reader.js";
import { parseJsonObject } from "../api/json-object.js";
import { EventTemplates } from "./event-templates.js";
import { TokenLane } from "./token-lane.js";

const CLOCK = createFakeClock(0);

let timings: RequestTimings;
let reader: CompletionsReader;
let lane: TokenLane;
/** Bytes of the events that `lane` took. */
let taken: number;

beforeEach(() => {
  timings = new RequestTimings();
  reader = new CompletionsReader(false);
  lane = new TokenLane(timings, reader, CLOCK);
  taken = 0;
});

function json(text: string, tokens: number | null = null): string {
  const usage =
    tokens === null ? {} : { usage: { prompt_tokens: 7, completion_tokens: tokens, total_tokens: tokens + 7 } };
  return JSON.stringify({ id: "x", choices: [{ index: 0, text, finish_reason: null }], ...usage });
}

/** Reads a first event as a call does, and opens the lane for those like it. */
function begin(text: string, tokens: number | null = null): boolean {
  const event = Buffer.from(json(text, tokens));
  const payload = parseJsonObject(event.toString()) ?? {};
  expect(reader.readEvent(payload)).toBe("output");
  timings.tokenEvent(1, true);
  const simple = reader.simpleText(payload);
  const template = simple === null ? null : new EventTemplates().learn(event, simple, "");
  if (template === null) throw new Error("the event should have been learned");
  return lane.open(template);
}

function take(text: string, atNs: number, tokens: number | null = null): boolean {
  const bytes = Buffer.from(`5\r\ndata: ${json(text, tokens)}\n\n\r\n`);
  const isTaken = lane.eventLike(bytes, 3, bytes.length - 2, atNs);
  if (isTaken) taken += bytes.length - 5;
  return isTaken;
}

test("what it took is told when it is closed, and once", () => {
  expect(begin("Hel")).toBe(true);
  expect([take("lo wor", 2), take("ld é", 3)]).toEqual([true, true]);
  expect(timings).toMatchObject({ iterations: 1, tokenIterations: 1, responseBytes: 0, lastTokenNs: 1 });
  expect(lane.lastTokenNs).toBe(3);
  lane.close();
  lane.close();
  expect(timings).toMatchObject({ iterations: 3, tokenIterations: 3, responseBytes: taken, lastTokenNs: 3 });
  expect([...timings.tokenTimesNs.subarray(0, 3)]).toEqual([1, 2, 3]);
  expect(reader.parts()).toMatchObject({ text: null, outputMetrics: { text_words: 3, text_characters: 13 } });
});

test("takes nothing once it is closed, and other events never", () => {
  begin("a");
  const other = Buffer.from('data: {"id":"x","choices":[]}\n\n');
  expect(lane.eventLike(other, 0, other.length, 2)).toBe(false);
  lane.close();
  expect(take("b", 3)).toBe(false);
  expect(lane.lastTokenNs).toBe(1);
});

test("goes on after it was closed", () => {
  begin("a");
  take("b", 2);
  lane.close();
  begin(" c");
  take(" d", 4);
  lane.close();
  expect([...timings.tokenTimesNs.subarray(0, timings.tokenIterations)]).toEqual([1, 2, 1, 4]);
  expect(reader.parts().outputMetrics).toMatchObject({ text_words: 3, text_characters: 6 });
});

test("follows a running usage", () => {
  begin("a", 1);
  take("b", 2, 2);
  take("c", 3, 5);
  lane.close();
  const { inputMetrics, outputMetrics } = reader.parts();
  expect([inputMetrics.text_tokens, outputMetrics.text_tokens]).toEqual([7, 5]);
});

test("stops where the room for stamps ends, which then grows", () => {
  begin("a");
  let atNs = 2;
  while (take("b", atNs)) atNs += 1;
  expect(atNs - 1).toBe(timings.tokenTimesNs.length);
  lane.close();
  expect(timings.tokenIterations).toBe(atNs - 1);
  timings.tokenEvent(atNs, true);
  expect(begin("c")).toBe(true);
  expect([take("d", atNs + 1), lane.lastTokenNs]).toEqual([true, atNs + 1]);
});

test.each([
  ["texts that are kept", () => new CompletionsReader(true)],
  ["a reader that does not offer it", () => Object.assign(new CompletionsReader(false), { meterOf: undefined })],
])("is not opened for %s", (_name, create) => {
  reader = create();
  lane = new TokenLane(timings, reader, CLOCK);
  expect(begin("a")).toBe(false);
  expect(take("b", 2)).toBe(false);
});
