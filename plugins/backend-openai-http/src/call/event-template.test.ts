import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { EventTemplate } from "./event-template.js";

const eventOf = (text: string, rest = '"logprobs":null'): string =>
  `{"id":"a","choices":[{"index":0,"text":${JSON.stringify(text)},${rest}}],"usage":null}`;

/** A template of an event with the text " the". */
function learned(event = eventOf(" the"), text = " the"): EventTemplate {
  const template = new EventTemplate();
  const bytes = Buffer.from(`before${event}behind`);
  template.learn(bytes, 6, bytes.length - 6, { key: "text", text }, "");
  return template;
}

/** Text that is recognised in an event, null when it has to be parsed. */
function recognise(template: EventTemplate, event: string, framed: boolean): string | null {
  const frame = Buffer.from(framed ? `xxdata: ${event}\n\nyy` : `xx${event}yy`);
  const found = framed
    ? template.matchesFrame(frame, 2, frame.length - 2)
    : template.matches(frame, 2, frame.length - 2);
  return found ? Buffer.from(template.bytes).toString("utf8", template.start, template.end) : null;
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
          if (found !== null) expect(template.isAscii).toBe([...given].every((sign) => sign < "\u0080"));
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
  });

  test("learned with a field that occurs twice or may have another name, or with an escape or line ends, is no template", () => {
    const twice = `{"text":" the","more":{"text":" the"}}`;
    const twiceSpaced = `{"text":" the","text" : " the"}`;
    const escapedName = `{"text":" the","te\\u0078t":" the"}`;
    const asValue = `{"type":"text","text":" the"}`;
    const doubtful = [twice, twiceSpaced, escapedName, asValue];
    for (const event of [...doubtful, eventOf('"'), `{\n"text":" the"}`, `{"texts":" the"}`, `{"text" :" the"}`]) {
      expect(recognise(learned(event), event, framed)).toBeNull();
    }
  });
});

test("a frame of another shape does not drop the template, an event of another shape does", () => {
  const template = learned();
  expect(recognise(template, `${eventOf(" of")}\n\ndata: ${eventOf(" to")}`, true)).toBeNull();
  expect(recognise(template, eventOf(" of"), true)).toBe(" of");
  expect(recognise(template, eventOf(" of", '"x":1'), false)).toBeNull();
  expect(recognise(template, eventOf(" of"), true)).toBeNull();
  expect(template.wantsEvent).toBe(true);
});

test("templates that never fit are given up", () => {
  const template = new EventTemplate();
  for (let count = 1; template.wantsEvent; count += 1) {
    expect(count).toBeLessThan(10);
    const bytes = Buffer.from(eventOf(" the", `"count":${count}`));
    template.learn(bytes, 0, bytes.length, { key: "text", text: " the" }, "");
    expect(recognise(template, eventOf(" of", `"count":${count + 1}`), false)).toBeNull();
  }
});

test("numbers on both sides of the text are read", () => {
  const template = new EventTemplate();
  const event = (text: string, [a, b, c]: readonly number[]) =>
    Buffer.from(`{"a":${a},"text":"${text}","c":${c},"b":${b}}`);
  const numbers = fc.tuple(fc.maxSafeNat(), fc.nat(), fc.nat({ max: 9 }));
  template.learn(
    event("x", [1, 2, 3]),
    0,
    event("x", [1, 2, 3]).length,
    { key: "text", text: "x", counts: { a: 1, b: 2, c: 3 } },
    "",
  );
  fc.assert(
    fc.property(numbers, (given) => {
      const bytes = event("word", given);
      const isMatch = String(given[0]).length <= 15;
      expect(
        template.matchesFrame(Buffer.concat([Buffer.from("data: "), bytes, Buffer.from("\n\n")]), 0, bytes.length + 8),
      ).toBe(isMatch);
      if (isMatch) expect([template.count(0), template.count(1), template.count(2)]).toEqual(given);
    }),
  );
});

describe("a number that counts the events", () => {
  const orders: readonly [string, (text: string, number: string) => string][] = [
    ["behind the text", (text, number) => `{"delta":"${text}","logprobs":[],"sequence_number":${number},"type":"d"}`],
    ["before the text", (text, number) => `{"type":"d","sequence_number": ${number},"delta":"${text}"}`],
    ["at the end", (text, number) => `{"delta":"${text}","sequence_number":${number}}`],
  ];

  function learnedCounting(event: string): EventTemplate {
    const template = new EventTemplate();
    const bytes = Buffer.from(event);
    template.learn(bytes, 0, bytes.length, { key: "delta", text: "a", counts: { sequence_number: 9 } }, "d");
    return template;
  }

  function recogniseTyped(template: EventTemplate, event: string): string | null {
    const frame = Buffer.from(`event: d\ndata: ${event}\n\n`);
    if (!template.matchesFrame(frame, 0, frame.length)) return null;
    return Buffer.from(template.bytes).toString("utf8", template.start, template.end);
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
          expect(recogniseTyped(template, eventWith(text, String(number)))).toBe(isPlain ? text : null);
        }
      }),
    );
  });

  test.each(["", "-1", "1.5", "01", "1e3", "null", '"1"', "9,"])("%j in its place has to be parsed", (number) => {
    for (const [, eventWith] of orders) {
      const template = learnedCounting(eventWith("a", "9"));
      expect(recogniseTyped(template, eventWith("b", "0"))).toBe("b");
      expect(recogniseTyped(template, eventWith("b", number))).toBeNull();
      expect(recognise(template, eventWith("b", number), false)).toBeNull();
    }
  });

  test("that occurs twice, or is no whole number, has to stay the same", () => {
    for (const more of [
      '"sequence_number":1,"x":{"sequence_number":1}',
      '"sequence_number":null',
      '"sequence_number" :1',
    ]) {
      const template = learnedCounting(`{"delta":"a",${more}}`);
      expect(recogniseTyped(template, `{"delta":"b",${more}}`)).toBe("b");
      expect(recogniseTyped(template, `{"delta":"b",${more.replaceAll("1", "2").replace("null", "3")}}`)).toBeNull();
    }
  });
});
