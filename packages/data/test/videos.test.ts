import { describe, expect, test } from "@jest/globals";
import { planOf } from "./support/data-plan.js";
import { firstRequest, jsonLines } from "./support/first-request.js";
import { temporaryFolder, writeFile } from "./support/temporary-folder.js";

const MP4 = Buffer.from("\0\0\0\x18ftypmp42\0\0\0\0", "latin1");
const urlOf = (type: string, bytes: Buffer) => `data:video/${type};base64,${bytes.toString("base64")}`;
const part = (video: string, video_bytes: number | null) => ({
  ...{ type: video_bytes === null ? "video_url" : "video_base64", video },
  ...{ video_frames: null, video_seconds: null, video_bytes },
});

describe("a video", () => {
  const mp4 = part(urlOf("mp4", MP4), MP4.length);
  const text = Buffer.from("text");

  test.each<[string, unknown, object]>([
    ["a path", writeFile(".mp4", MP4), mp4],
    ["a path of another container", writeFile(".MKV", text), part(urlOf("mkv", text), 4)],
    ["a path without a suffix", writeFile("", text), part(urlOf("unknown", text), 4)],
    ["a path of an empty file", writeFile(".mp4", ""), part("data:video/mp4;base64,", 0)],
    ["a data URL, whatever it holds", urlOf("x", text), part(urlOf("x", text), 4)],
    ["base64", MP4.toString("base64"), mp4],
    ["an object", { bytes: MP4.toString("base64") }, mp4],
    ["encoded already", { type: "video_url", video: "v" }, { type: "video_url", video: "v" }],
    ["a URL, which the server fetches", "https://example.org/a.mp4", part("https://example.org/a.mp4", null)],
  ])("may be %s", async (_name, clip, expected) => {
    const { columns, inputMetrics } = await firstRequest(planOf([jsonLines([{ clip }])]));
    expect(columns).toEqual({ video_column: [expected] });
    const { video_bytes = null } = expected as { readonly video_bytes?: number | null };
    expect(inputMetrics).toMatchObject({ video_bytes, video_frames: null, video_seconds: null });
  });

  test("of known length is measured", async () => {
    const clip = { type: "video_base64", video: "data:video/mp4;base64,", video_frames: 8, video_seconds: 4 };
    const { inputMetrics } = await firstRequest(planOf([jsonLines([{ video: [clip, clip] }])]));
    expect(inputMetrics).toMatchObject({ video_frames: 16, video_seconds: 8, video_bytes: null });
  });

  test.each([
    [`${temporaryFolder}/none.mp4`, {}, "cannot be read: ENOENT"],
    ["https://example.org/a.mp4", { encode_type: "base64" }, "a video at a URL is not fetched"],
    ["data:image/png;base64,AAAA", {}, "is no data URL of type video"],
    [true, {}, "video must be a path"],
  ])("%j with %j makes the row a bad one", async (video, video_kwargs, message) => {
    const plan = planOf([jsonLines([{ video }])], { media: { video_kwargs } });
    await expect(firstRequest(plan)).rejects.toMatchObject({
      code: "CORE_DATA_EMPTY",
      message: expect.stringContaining(message),
    });
  });
});
