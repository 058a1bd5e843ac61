import { type GenerationRequest, UNKNOWN_USAGE } from "@core/backend";
import { describe, expect, test } from "@jest/globals";
import { buildPrompt } from "./build-prompt.js";

function requestOf(columns: GenerationRequest["columns"]): GenerationRequest {
  const usage = { inputMetrics: UNKNOWN_USAGE, outputMetrics: UNKNOWN_USAGE };
  return { requestId: "r", columns, turnType: "standard", ...usage };
}

const IMAGE = { type: "image_url", image: "data:image/png;base64,AQI=" };
const SOUND = { type: "audio_file", audio: new Uint8Array([3, 4]), format: "wav" };

describe("buildPrompt", () => {
  test("text, images and sounds take turns; bytes are kept in the same order", () => {
    const remarks: string[] = [];
    const { messages, media } = buildPrompt(
      requestOf({
        prefix_column: ["be", "", "kind"],
        text_column: ["a", "b"],
        image_column: [IMAGE, IMAGE.image],
        audio_column: [SOUND, SOUND, "no object", { audio: new Uint8Array() }],
      }),
      null,
      (text) => remarks.push(text),
    );
    expect(remarks).toEqual([expect.stringContaining("first sound of a turn only")]);
    expect(messages).toEqual([
      { role: "system", content: [{ type: "text", text: "be kind" }] },
      {
        role: "user",
        content: [
          { type: "text", text: "a" },
          { type: "image" },
          { type: "audio" },
          { type: "text", text: "b" },
          { type: "image" },
        ],
      },
    ]);
    expect(media.map(({ kind, data }) => [kind, [...data]])).toEqual([
      ["image", [1, 2]],
      ["image", [1, 2]],
      ["audio", [3, 4]],
    ]);
  });

  test.each([
    [{ image_column: [{ image: "http://host/x.png" }] }, "fetches nothing"],
    [{ image_column: [7] }, "data URL"],
    [{ audio_column: [{ audio: 7 }] }, "encoded bytes"],
    [{ text_column: ["", null], other_column: [1] }, "Columns present and not empty: text_column, other_column"],
  ])("refuses %j", (columns, message) => {
    expect(() => buildPrompt(requestOf(columns), null)).toThrow(message);
  });

  test.each([
    ["video_column", [{ video: "data:video/mp4;base64,AQI=" }], "a video (video_column)"],
    ["raw_messages_column", [[{ role: "user", content: "a" }]], "whole messages"],
    ["tools_column", ['[{"type":"function"}]'], "tools (tools_column)"],
    ["tool_response_column", ["ok"], "results of tools"],
    ["pooling_column", [{ data: 1 }], "a pooling model"],
    ["query_column", ["q"], "a query"],
    ["documents_column", ["d"], "documents"],
  ])("refuses a request with %s instead of leaving it out", (column, items, message) => {
    expect(() => buildPrompt(requestOf({ text_column: ["a"], [column]: items }), null)).toThrow(
      expect.objectContaining({ code: "CORE_BACKEND_UNUSABLE_REQUEST", message: expect.stringContaining(message) }),
    );
  });

  test("refuses a turn that is to call a tool", () => {
    const turn = { ...requestOf({ text_column: ["a"] }), turnType: "client_tool_call" as const };
    expect(() => buildPrompt(turn, null)).toThrow("call of a tool");
  });

  test("takes columns that are there and empty", () => {
    const { messages } = buildPrompt(requestOf({ text_column: ["a"], video_column: [null], tools_column: [""] }), null);
    expect(messages).toHaveLength(1);
  });
});
