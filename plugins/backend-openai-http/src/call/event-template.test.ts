import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { SimpleText } from "../api/response-reader.js";
import { EventTemplate } from "./event-template.js";

const eventOf = (text: string, rest = '"logprobs":null'): string =>
  `{"id":"a","choices":[{"index":0,"text":${JSON.stringify(text)},${rest}}],"usage":null}`;

const textOf = (key: string, text: string, more: Partial<SimpleText> = {}): SimpleText => ({
  ...{ key, text, content: "output", numbers: [], strings: [], usage: null },
  ...more,
});

function templateOf(event: string, simple: SimpleText, type = ""): EventTemplate | null {
  return EventTemplate.of(Buffer.from(event), simple, type, { matches: 0 });
}

/** A template of an event with the text " the". */
function learned(event = eventOf(" the"), text = " the"): EventTemplate | null {
  return templateOf(event, textOf("text", text));
}

/** Text that is recognised in an event, null when it has to be parsed. */
function recognise(template: EventTemplate | null, event: string, framed: boolean, head = "data: "): string | null {
  const frame = Buffer.from(framed ? `xx${head}${event}\n\nyy` : `xx${event}yy`);
  const found = framed
    ? template?.matchesFrame(frame, 2, frame.length - 2)
    : template?.matches(frame, 2, frame.length - 2);
  return found ? Buffer.from(template?.bytes ?? []).toString("utf8", template?.start, template?.end) : null;
}

describe.each([
  ["in its frame", true],
  ["by itself", false],
])("an event %s", (_, framed) => {
  test("is recognised when only its text differs, and its text is the one that JSON.parse gives", () => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 20 }), (texts) => {
        const template = learned();
        for (const given of texts) {
          const found = recognise(template, eventOf(given), framed);
          const isPlain = JSON.stringify(given) === `"${given}"`;
          expect(found).toBe(isPlain ? given : null);
          if (found !== null) expect(template?.isAscii).toBe([...given].every((sign) => sign < "\u0080"));
        }
      }),
    );
  });

  test.each([
    ["a finish reason", eventOf(" the", '"finish_reason":"stop"')],
    ["another identifier", eventOf(" the").replace('"a"', '"b"')],
    ["a second field of text", eventOf(" the").replace('"index":0', '"index":0,"reasoning":"x"')],
    ["an empty text", eventOf("")],
    ["an escape", eventOf('say "hi"')],
    ["a text of another type", eventOf(" the").replace('" the"', "null")],
    ["nothing", ""],
    ["the part before the text", eventOf(" the").slice(0, 36)],
  ])("with %s has to be parsed", (__, event) => {
    expect(recognise(learned(), event, framed)).toBeNull();
    expect(recognise(learned(), eventOf(" of"), framed)).toBe(" of");
  });

  test("learned with a field that occurs twice or may have another name, or with an escape or line ends, is no template", () => {
    const twice = `{"text":" the","more":{"text":" the"}}`;
    const twiceSpaced = `{"text":" the","text" : " the"}`;
    const escapedName = `{"text":" the","te\\u0078t":" the"}`;
    const asValue = `{"type":"text","text":" the"}`;
    const doubtful = [twice, twiceSpaced, escapedName, asValue];
    for (const event of [...doubtful, eventOf('"'), `{\n"text":" the"}`, `{"texts":" the"}`, `{"text" :" the"}`]) {
      expect(learned(event)).toBeNull();
    }
  });
});

test("numbers and strings on both sides of the text are read", () => {
  const event = (text: string, [a, b, c]: readonly unknown[], [id, item]: readonly string[]): string =>
    `{"id":"${id}","a":${a},"text":"${text}","c":${c},"item": "${item}","b":${b}}`;
  const simple = textOf("text", "x", { numbers: ["a", "b", "c"], strings: ["id", "item"] });
  const template = templateOf(event("x", [1, 2, 3], ["i", "j"]), simple);
  const numbers = fc.tuple(fc.maxSafeNat(), fc.nat(), fc.nat({ max: 9 }));
  const string = fc.string({ unit: "binary", maxLength: 8 });
  fc.assert(
    fc.property(numbers, fc.tuple(string, string), (given, ids) => {
      const arePlain = ids.every((id) => JSON.stringify(id) === `"${id}"`);
      const isMatch = arePlain && String(given[0]).length <= 15;
      for (const framed of [true, false]) {
        expect(recognise(template, event("word", given, ids), framed)).toBe(isMatch ? "word" : null);
        if (!isMatch) continue;
        expect([0, 1, 2].map((index) => template?.number(index))).toEqual(given);
        expect([0, 1].map((index) => template?.string(index))).toEqual(ids);
      }
    }),
  );
});

test("whatever is recognised, JSON.parse gives the same values", () => {
  const base = `{"id":"a","n":1,"text":"the","more":{"m":2},"end":"b"}`;
  const simple = textOf("text", "the", { numbers: ["n", "m"], strings: ["id", "end"] });
  const template = templateOf(base, simple);
  const change = fc.tuple(fc.nat(base.length), fc.nat(4), fc.constantFrom("", '"', "\\", "1", "0", ".", "x", "}", "é"));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      let event = base;
      for (const [at, cut, added] of changes) event = event.slice(0, at) + added + event.slice(at + cut);
      const text = recognise(template, event, true);
      if (text === null) return;
      const found = { id: template?.string(0), n: template?.number(0), text, more: { m: template?.number(1) } };
      expect(JSON.parse(event)).toEqual({ ...found, end: template?.string(1) });
    }),
    { numRuns: 3000 },
  );
});

test("a string or a number that is not found beyond doubt has to stay the same, and a count keeps its value", () => {
  const event = (id: string, count: string): string => `{"id":"${id}","x":{"id":"q"},"n":${count},"text":"a"}`;
  const simple = textOf("text", "a", { numbers: ["n"], strings: ["id"], usage: { n: 1.5 } });
  const template = templateOf(event("i", "1.5"), simple);
  expect(recognise(template, event("j", "1.5"), true)).toBeNull();
  expect(recognise(template, event("i", "2.5"), true)).toBeNull();
  expect(recognise(template, event("i", "1.5"), true)).toBe("a");
  expect(template?.number(0)).toBe(1.5);
});

describe("a number that counts the events", () => {
  const orders: readonly [string, (text: string, number: string) => string][] = [
    ["behind the text", (text, number) => `{"delta":"${text}","logprobs":[],"sequence_number":${number},"type":"d"}`],
    ["before the text", (text, number) => `{"type":"d","sequence_number": ${number},"delta":"${text}"}`],
    ["at the end", (text, number) => `{"delta":"${text}","sequence_number":${number}}`],
  ];
  const HEAD = "event: d\ndata: ";

  function learnedCounting(event: string): EventTemplate | null {
    return templateOf(event, textOf("delta", "a", { numbers: ["sequence_number"] }), "d");
  }

  test.each(orders)("%s may be any", (_, eventWith) => {
    const numbers = fc.array(fc.tuple(fc.string({ unit: "grapheme-ascii", minLength: 1 }), fc.nat()), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(numbers, (given) => {
        const template = learnedCounting(eventWith("a", "9"));
        for (const [text, number] of given) {
          const isPlain = JSON.stringify(text) === `"${text}"`;
          expect(recognise(template, eventWith(text, String(number)), true, HEAD)).toBe(isPlain ? text : null);
        }
      }),
    );
  });

  test.each(["", "-1", "1.5", "01", "1e3", "null", '"1"', "9,"])("%j in its place has to be parsed", (number) => {
    for (const [, eventWith] of orders) {
      const template = learnedCounting(eventWith("a", "9"));
      expect(recognise(template, eventWith("b", "0"), true, HEAD)).toBe("b");
      expect(recognise(template, eventWith("b", number), true, HEAD)).toBeNull();
      expect(recognise(template, eventWith("b", number), false)).toBeNull();
    }
  });

  test("that occurs twice, or is no whole number, has to stay the same", () => {
    for (const more of [
      '"sequence_number":1,"x":{"sequence_number":1}',
      '"sequence_number":null',
      '"sequence_number" :1',
      '"sequence_number":1.5',
      '"sequence_number":1e3',
    ]) {
      const template = learnedCounting(`{"delta":"a",${more}}`);
      expect(recognise(template, `{"delta":"b",${more}}`, true, HEAD)).toBe("b");
      const other = more.replaceAll("1", "2").replace("null", "3");
      expect(recognise(template, `{"delta":"b",${other}}`, true, HEAD)).toBeNull();
    }
  });
});
