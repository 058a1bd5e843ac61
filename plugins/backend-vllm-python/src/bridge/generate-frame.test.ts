import { expect, test } from "@jest/globals";
import { decode } from "@msgpack/msgpack";
import { generateFrame, numberFrame } from "./generate-frame.js";

test.each([0, 1, 300, 2 ** 32 - 1])("the number %d is written into a frame that is encoded already", (rid) => {
  const body = {
    prompt: { messages: [{ role: "user", content: [{ type: "text", text: "é" }] }], media: [] },
    sampling: { max_tokens: 5 },
    stream: true,
  } as const;
  const frame = generateFrame(body);
  numberFrame(frame, rid);
  expect(frame.readUInt32LE(0)).toBe(frame.length - 4);
  expect(decode(frame.subarray(4))).toEqual(["gen", { rid, ...body }]);
});
