import { UNKNOWN_USAGE } from "@core/backend";
import { describe, expect, test } from "@jest/globals";
import { answered, bodyInput } from "../../../test/support/body-input.js";
import { textRequest } from "../../../test/support/send-request.js";
import type { JsonObject } from "../json-object.js";
import { withoutNulls } from "../merge-json.js";
import { EMBEDDINGS_FORMAT } from "./embeddings-format.js";

function bodyOf(texts: readonly unknown[], extraBody: JsonObject = {}): string {
  const request = textRequest({
    columns: { text_column: texts, prefix_column: ["not used"] },
    outputMetrics: { ...UNKNOWN_USAGE, text_tokens: 64 },
  });
  const history = [answered(textRequest(), { text: "earlier" })];
  const input = bodyInput({ model: "demo-embed", maxTokens: 9, extraBody });
  return JSON.stringify(withoutNulls(EMBEDDINGS_FORMAT.buildBody(request, history, input)));
}

describe("embeddings body", () => {
  test.each([
    [["first text"], {}, '{"model":"demo-embed","input":"first text"}'],
    [["first text", "", null, "second text"], {}, '{"model":"demo-embed","input":["first text","second text"]}'],
    [
      ["first text", "second text"],
      { encoding_format: "float" },
      '{"model":"demo-embed","input":["first text","second text"],"encoding_format":"float"}',
    ],
    [["x"], { model: "other", input: [1, 2], dimensions: 8 }, '{"model":"other","input":[1,2],"dimensions":8}'],
    [[], { input: "from extras" }, '{"model":"demo-embed","input":"from extras"}'],
  ])("texts %j with extras %j", (texts, extras, expected) => {
    expect(bodyOf(texts, extras)).toBe(expected);
  });

  test.each([
    [[], {}],
    [[""], {}],
    [["x"], { input: null }],
    [["x"], { input: [] }],
  ])("texts %j with extras %j leave nothing to send", (texts, extras) => {
    expect(() => bodyOf(texts, extras)).toThrow(
      expect.objectContaining({
        code: "CORE_BACKEND_UNUSABLE_REQUEST",
        message: expect.stringContaining(
          'nothing for "input". Columns that can fill it: text_column. Columns present and not empty: ',
        ),
      }),
    );
  });
});

describe("embeddings reader", () => {
  const vectors = (count: number) => ({ data: Array.from({ length: count }, () => ({ embedding: [0.1] })) });

  test.each([
    ["a text", "one", 1],
    ["texts", ["one", "two"], 2],
    ["token ids", [1, 2, 3], 1],
    ["lists of token ids", [[1], [2], [3]], 3],
  ])("%s: one vector each, no more and no less", (_name, input, expected) => {
    for (const count of [0, expected - 1, expected, expected + 1]) {
      const reader = EMBEDDINGS_FORMAT.createReader({ input });
      reader.readBody(vectors(count));
      expect(reader.isUsable).toBe(count === expected);
      expect(reader.shortfall).toBe(`${count} vectors in place of ${expected}`);
    }
  });

  test.each([
    [{}, null],
    [{ usage: null }, null],
    [{ usage: {} }, null],
    [{ usage: { prompt_tokens: 7, total_tokens: 7, completion_tokens: 0 } }, 7],
  ])("usage of %j: input tokens %j, never output tokens", (payload, tokens) => {
    const reader = EMBEDDINGS_FORMAT.createReader({ input: "a" });
    reader.readBody({ ...vectors(1), ...payload });
    const { inputMetrics, outputMetrics, text } = reader.parts();
    expect(inputMetrics.text_tokens).toBe(tokens);
    expect(outputMetrics).toEqual(UNKNOWN_USAGE);
    expect(text).toBeNull();
  });
});
