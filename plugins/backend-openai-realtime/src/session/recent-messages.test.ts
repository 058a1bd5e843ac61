import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { type AudioMessages, RecentMessages } from "./recent-messages.js";

function made(bytes: number): AudioMessages {
  return { messages: { all: [], dueMs: null, bytes }, audio: { samples: 1, seconds: 1, bytes } };
}

test("the same audio gives the same messages, another encoding or other bytes their own", () => {
  const recent = new RecentMessages();
  const first = recent.of(Uint8Array.of(1, 2), "16000", () => made(1));
  expect(recent.of(Uint8Array.of(1, 2), "16000", () => made(2))).toBe(first);
  expect(recent.of(Uint8Array.of(1, 2), "8000", () => made(3))).not.toBe(first);
  expect(recent.of(Uint8Array.of(1, 3), "16000", () => made(4))).not.toBe(first);
});

test("what was not used longest is forgotten once there is too much", () => {
  const limit = 10;
  fc.assert(
    fc.property(fc.array(fc.record({ item: fc.nat(7), size: fc.integer({ min: 1, max: 6 }) })), (uses) => {
      const recent = new RecentMessages(limit);
      let model: { readonly item: number; readonly size: number }[] = []; // least recently used first
      for (const { item, size } of uses) {
        const known = model.find((entry) => entry.item === item);
        let isMade = false;
        recent.of(Uint8Array.of(item), "", () => {
          isMade = true;
          return made(size);
        });
        expect(isMade).toBe(known === undefined);
        model = [...model.filter((entry) => entry !== known), known ?? { item, size }];
        while (model.reduce((sum, entry) => sum + entry.size, 0) > limit) model.shift();
      }
    }),
  );
});

test("audio that cannot be used is judged again each time", () => {
  const recent = new RecentMessages();
  const refuse = (): never => {
    throw new Error("no samples");
  };
  expect(() => recent.of(new Uint8Array(), "", refuse)).toThrow("no samples");
  expect(recent.of(new Uint8Array(), "", () => made(1))).toEqual(made(1));
});
