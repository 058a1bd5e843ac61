import { basename } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { planOf } from "./support/data-plan.js";
import { firstRequest, jsonLines } from "./support/first-request.js";
import { temporaryFolder, writeFile } from "./support/temporary-folder.js";
import { waveFile } from "./support/wave-file.js";

const wave = waveFile({ rate: 16_000, channels: 1, frames: 32_000 });
const dataUrl = `data:audio/wav;base64,${wave.toString("base64")}`;

describe("audio", () => {
  test("of a file is sent as it is, with its name, type and length", async () => {
    const path = writeFile(".wav", wave);
    const { columns, inputMetrics } = await firstRequest(
      planOf([jsonLines([{ audio: path, output_tokens_count: 5 }])]),
    );
    expect(columns).toEqual({
      audio_column: [
        {
          type: "audio_file",
          audio: new Uint8Array(wave),
          file_name: basename(path),
          format: "wav",
          mimetype: "audio/wav",
          audio_samples: 32_000,
          audio_seconds: 2,
          audio_bytes: wave.length,
        },
      ],
    });
    expect(inputMetrics).toMatchObject({ audio_seconds: 2, audio_samples: 32_000, audio_bytes: wave.length });
    const [item] = columns["audio_column"] as readonly { readonly audio: Uint8Array }[];
    expect(item?.audio.buffer.byteLength).toBe(wave.length);
  });

  test("may be a path in a CSV file", async () => {
    const csv = writeFile(".csv", `id,speech\n1,${writeFile(".wav", wave)}\n`);
    const { columns } = await firstRequest(planOf([{ kind: "csv_file", path: csv }]));
    expect(columns["audio_column"]).toMatchObject([{ format: "wav", audio_seconds: 2 }]);
  });

  test.each([
    ["a data URL", dataUrl, "audio.wav"],
    ["base64", wave.toString("base64"), "audio.wav"],
    ["a list of one", [dataUrl], "audio.wav"],
    ["an object with a path", { path: "FILE" }, "BASE"],
    ["an object with a name", { data: dataUrl, file_name: "said.wav" }, "said.wav"],
  ])("may be %s", async (_name, cell, expected) => {
    const path = writeFile(".wav", wave);
    const audio = JSON.parse(JSON.stringify(cell).replace("FILE", path));
    const { columns } = await firstRequest(planOf([jsonLines([{ audio }])]));
    const name = expected.replace("BASE", basename(path));
    expect(columns["audio_column"]).toMatchObject([{ file_name: name, audio_bytes: wave.length }]);
  });

  test("may be given another name", async () => {
    const media = { audio_kwargs: { file_name: "x.wav", mono: null } };
    const { columns } = await firstRequest(planOf([jsonLines([{ audio: dataUrl }])], { media }));
    expect(columns["audio_column"]).toMatchObject([{ file_name: "x.wav" }]);
  });

  test.each([
    [`${temporaryFolder}/none.wav`, 'none.wav" cannot be read: ENOENT'],
    ["https://example.org/a.wav", "audio at a URL is not fetched"],
    ["data:audio/wav;base64,AAAA", "is not audio that is known"],
    [5, "audio must be a path, encoded bytes or a data URL, got 5"],
    [{ other: 1 }, "audio must be a path"],
  ])("%j makes the row a bad one", async (audio, message) => {
    await expect(firstRequest(planOf([jsonLines([{ audio }])]))).rejects.toMatchObject({
      code: "CORE_DATA_EMPTY",
      message: expect.stringContaining(message),
    });
  });

  test.each([
    [{ audio_kwargs: { encode_sample_rate: 8000 } }, "audio_kwargs.encode_sample_rate"],
    [{ audio_kwargs: { file_name: 5 } }, "audio_kwargs.file_name"],
    [{ image_kwargs: { quality: 8 } }, "image_kwargs.quality"],
    [{ image_kwargs: { width: 0 } }, "image_kwargs.width must be a whole number of pixels > 0, got 0"],
    [{ image_kwargs: { encode_type: "url", max_size: 8 } }, "image_kwargs.encode_type must be base64 where"],
    [{ image_kwargs: { encode_type: "file" } }, "image_kwargs.encode_type must be url or base64"],
    [{ video_kwargs: { fps: 1 } }, "video_kwargs.fps"],
  ])("options that are not built are refused: %j", async (media, option) => {
    await expect(firstRequest(planOf([jsonLines([{ audio: dataUrl }])], { media }))).rejects.toMatchObject({
      code: "CORE_DATA_NOT_BUILT",
      message: expect.stringContaining(option),
    });
  });
});

describe("the pooling mapper", () => {
  const mapper = { kind: "pooling_column_mapper" };

  test("maps prompt and nothing else", async () => {
    const body = { data: { data: "https://example.org/tile.tif", indices: [1, 2, 3] }, priority: 0 };
    const row = { prompt: body, text: "not mapped", output_tokens_count: 5 };
    const { columns, outputMetrics } = await firstRequest(planOf([jsonLines([row])], { mapper }));
    expect(columns).toEqual({ pooling_column: [body] });
    expect(outputMetrics.text_tokens).toBeNull();
  });

  test("may be told another name, and says which one is missing", async () => {
    const body = { data: "x" };
    const named = { ...mapper, column_mappings: { pooling_column: "body" } };
    expect((await firstRequest(planOf([jsonLines([{ body }])], { mapper: named }))).columns).toEqual({
      pooling_column: [body],
    });
    await expect(firstRequest(planOf([jsonLines([{ body }])], { mapper }))).rejects.toMatchObject({
      code: "CORE_DATA_NO_COLUMNS",
      message: expect.stringContaining('No column of the data is "prompt" (pooling_column)'),
      hint: "Name it with --data-column-mapper kind=pooling_column_mapper,column_mappings.pooling_column=NAME.",
    });
  });
});

test("a query and its documents are mapped by their names", async () => {
  const { columns } = await firstRequest(planOf([jsonLines([{ query: "when?", documents: ["day", "night"] }])]));
  expect(columns).toEqual({ query_column: ["when?"], documents_column: [["day", "night"]] });
});
