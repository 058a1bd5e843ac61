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
    const { messages, media } = buildPrompt(
      requestOf({
        prefix_column: ["be", "", "kind"],
        text_column: ["a", "b"],
        image_column: [IMAGE, IMAGE.image],
        audio_column: [SOUND, SOUND, "no object", { audio: new Uint8Array() }],
      }),
      null,
    );
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
});
