import { describe, expect, test } from "@jest/globals";
import * as v from "valibot";
import { phaseField } from "./phase.js";

const schema = phaseField("A phase.");
const read = (input: unknown) => v.safeParse(schema, input);

describe("phaseField", () => {
  test.each([
    [0.1, { percent: 0.1, value: null, mode: "prefer_duration" }],
    [0, { percent: 0, value: null, mode: "prefer_duration" }],
    [1, { percent: null, value: 1, mode: "prefer_duration" }],
    ["5", { percent: null, value: 5, mode: "prefer_duration" }],
    ['{"percent": 0.2, "mode": "both"}', { percent: 0.2, value: null, mode: "both" }],
    [
      { value: 3, mode: "requests" },
      { percent: null, value: 3, mode: "requests" },
    ],
    ["auto", { percent: null, value: null, mode: "auto" }],
    [{ mode: "auto" }, { percent: null, value: null, mode: "auto" }],
    [null, null],
  ])("%j", (input, expected) => {
    expect(read(input).output).toEqual(expected);
  });

  test.each([
    [-1, /finite number >= 0/],
    [Number.NaN, /finite number >= 0/],
    [{ percent: 1 }, /percent in \[0, 1\)/],
    [{ percent: 0.1, extra: 1 }, /found extra/],
    [{ mode: "percent" }, /must have mode duration/],
    ["soon", /must be a number, auto, null or a mapping/],
    [{ mode: "auto", percent: 0.1 }, /neither percent nor value with mode auto/],
  ])("refuses %j", (input, message) => {
    expect(read(input).issues?.[0]?.message).toMatch(message);
  });
});
