import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { nearestName } from "./nearest-name.js";

describe("nearestName", () => {
  const names = ["openai_http", "openai_websocket", "vllm_python", "echo"];

  test.each([
    ["openai-http", "openai_http"],
    ["OPENAI_HTTP", "openai_http"],
    ["openai_htpt", "openai_http"],
    ["openai_webscket", "openai_websocket"],
    ["vllm", "vllm_python"],
    ["eco", "echo"],
    ["something_else", null],
    ["", null],
  ])("%p is near %p", (input, name) => expect(nearestName(input, names)).toBe(name));

  test("finds a name again after one typing mistake", () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), (name, position) => {
        const at = position % name.length;
        expect(nearestName(name.slice(0, at) + name.slice(at + 1), names)).toBe(name);
      }),
    );
  });
});
