import { describe, expect, test } from "@jest/globals";
import { bodyInput } from "../../../test/support/body-input.js";
import { textRequest } from "../../../test/support/send-request.js";
import type { JsonObject } from "../json-object.js";
import { POOLING_FORMAT } from "./pooling-format.js";

function bodyOf(columns: Readonly<Record<string, readonly unknown[]>>, extraBody: JsonObject = {}): string {
  const input = bodyInput({ model: "demo-geo", stream: true, extraBody });
  return JSON.stringify(POOLING_FORMAT.buildBody(textRequest({ columns }), null, input));
}

const DATA = {
  data: "https://example.org/tile.tif",
  data_format: "url",
  out_data_format: "b64_json",
  indices: [1, 2, 3],
};

describe("pooling body", () => {
  test("data and priority of the first item, which override extras; nothing asks for a stream", () => {
    const columns = { pooling_column: [{ data: DATA, priority: 0, other: "dropped" }, { data: "second" }] };
    const expected =
      '{"model":"demo-geo","data":{"data":"https://example.org/tile.tif","data_format":"url",' +
      '"out_data_format":"b64_json","indices":[1,2,3]},"priority":0}';
    expect(bodyOf(columns)).toBe(expected);
    expect(JSON.parse(bodyOf(columns, { data: "x", priority: 5, softmax: true }))).toEqual({
      ...JSON.parse(expected),
      softmax: true,
    });
  });

  test("an item without priority leaves it out", () => {
    expect(bodyOf({ pooling_column: [{ data: "abc" }] })).toBe('{"model":"demo-geo","data":"abc"}');
  });

  test("texts are the input of models that read text", () => {
    expect(bodyOf({ text_column: ["one"] })).toBe('{"model":"demo-geo","input":"one"}');
    expect(bodyOf({ text_column: ["one", "two"] })).toBe('{"model":"demo-geo","input":["one","two"]}');
  });

  test.each([[{}], [{ pooling_column: ["text"] }], [{ pooling_column: [{ priority: 1 }] }]])(
    "%j has nothing to send",
    (columns) => {
      expect(() => bodyOf(columns)).toThrow('The request has nothing for "data"');
      expect(bodyOf(columns, { data: "from extras" })).toContain('"data":"from extras"');
    },
  );
});

test.each([
  [{ data: [{ index: 0, object: "pooling", data: [0.5] }] }, true],
  [{ data: { data: "b64", data_format: "b64_json" } }, true],
  [{ data: "b64" }, true],
  [{ data: [] }, false],
  [{ data: "" }, false],
  [{ data: null }, false],
  [{}, false],
])("an answer with %j is usable: %j", (payload, usable) => {
  const reader = POOLING_FORMAT.createReader({ data: DATA });
  reader.readBody(payload);
  expect(reader.isUsable).toBe(usable);
});
