import { expect, test } from "@jest/globals";
import type { SimpleText } from "../api/response-reader.js";
import { EventTemplates } from "./event-templates.js";

const simpleOf = (key: string): SimpleText => ({
  ...{ key, text: "a", content: "output", numbers: [], strings: [], usage: null },
});
const eventOf = (key: string, text: string, rest = 0): Buffer => Buffer.from(`{"${key}":"${text}","rest":${rest}}`);

function find(templates: EventTemplates, event: Buffer, type = ""): string | null {
  return templates.find(event, 0, event.length, type)?.simple.key ?? null;
}

function findFrame(templates: EventTemplates, event: Buffer): string | null {
  const frame = Buffer.from(`data: ${event}\n\n`);
  return templates.findFrame(frame, 0, frame.length)?.simple.key ?? null;
}

test("several kinds of events are told apart, and the one seen last is tried first", () => {
  const templates = new EventTemplates();
  expect(templates.latest).toBeNull();
  for (const key of ["text", "reasoning"]) templates.learn(eventOf(key, "a"), simpleOf(key), "");
  for (const key of ["text", "reasoning", "reasoning", "text"]) {
    expect(find(templates, eventOf(key, "word"))).toBe(key);
    expect(templates.latest?.simple.key).toBe(key);
    expect(findFrame(templates, eventOf(key, "other"))).toBe(key);
  }
  expect(find(templates, eventOf("refusal", "word"))).toBeNull();
  expect(find(templates, eventOf("text", "word"), "delta")).toBeNull();
});

test("an event of another type is another kind", () => {
  const templates = new EventTemplates();
  templates.learn(eventOf("text", "a"), simpleOf("text"), "delta");
  expect(find(templates, eventOf("text", "word"))).toBeNull();
  expect(find(templates, eventOf("text", "word"), "delta")).toBe("text");
});

test("only so many are kept: those used last", () => {
  const templates = new EventTemplates();
  for (let rest = 0; rest < 10; rest += 1) {
    templates.learn(eventOf("text", "a", rest), simpleOf("text"), "");
    expect(find(templates, eventOf("text", "b", 0))).toBe("text");
  }
  const kept = Array.from({ length: 10 }, (_, rest) => find(templates, eventOf("text", "b", rest)) !== null);
  expect(kept).toEqual([true, false, false, ...Array<boolean>(7).fill(true)]);
});

test("templates that never fit are given up, those that pay are not", () => {
  const useless = new EventTemplates();
  let made = 0;
  for (; useless.wantsEvent; made += 1) {
    expect(made).toBeLessThan(100);
    useless.learn(eventOf("text", "a", made), simpleOf("text"), "");
  }
  expect(made).toBe(16);
  const useful = new EventTemplates();
  for (let rest = 0; rest < 100; rest += 1) {
    expect(useful.wantsEvent).toBe(true);
    useful.learn(eventOf("text", "a", rest), simpleOf("text"), "");
    for (let event = 0; event < 20; event += 1) expect(findFrame(useful, eventOf("text", "b", rest))).toBe("text");
  }
});
