import { describe, expect, test } from "@jest/globals";
import { parseServeArguments } from "./serve-arguments.js";

describe("parseServeArguments", () => {
  test("reads kebab-case options, values after = or a space, flags, and a JSON object", () => {
    const words = ["--ttft-ms", "5", "--itl-ms=2.5", "--omit-done", '{"port":0,"seed":3}', "--seed", "4"];
    expect(parseServeArguments(words)).toMatchObject({ ttft_ms: 5, itl_ms: 2.5, omit_done: true, port: 0, seed: 4 });
  });

  test("an option without a value before another option is true; values may hold =", () => {
    expect(parseServeArguments(["--omit-done", "--model=a=b"])).toMatchObject({ omit_done: true, model: "a=b" });
  });

  test("no words: the defaults", () => {
    expect(parseServeArguments([])).toMatchObject({ port: 8000 });
  });

  test.each([
    [["ttft"], "cannot be read"],
    [["-p", "1"], "cannot be read"],
    [["{broken"], "a word that begins like a JSON object"],
    [["--ttft", "5"], 'did you mean "ttft_ms"?'],
    [["--port"], "must be a whole number"],
  ])("refuses %j", (words, message) => {
    expect(() => parseServeArguments(words)).toThrow(message);
  });
});
