import { describe, expect, test } from "@jest/globals";
import { errorMessageOf } from "./server-error.js";

describe("errorMessageOf", () => {
  test.each<[unknown, string | null]>([
    [{ choices: [] }, null],
    [{ error: null }, null],
    [{ error: {} }, null],
    [{ error: "" }, null],
    [{ error: "Unauthorized" }, "Unauthorized"],
    [{ error: { message: "no", type: "BadRequestError", code: 400 } }, "no (BadRequestError 400)"],
    [{ error: { message: "no" } }, "no"],
    [{ error: { type: "t" } }, "t"],
    [{ error: { detail: 1 } }, '{"detail":1}'],
    [{ object: "error", message: "old", code: 5 }, "old (5)"],
  ])("%j: %s", (payload, expected) => {
    expect(errorMessageOf(payload as Readonly<Record<string, unknown>>)).toBe(expected);
  });
});
