import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type MockServer, startMockServer } from "@core/mock-server";
import { afterAll, afterEach, expect, jest, test } from "@jest/globals";
import { type Finished, removeFolders, runGoodput } from "./support/run-goodput.js";

jest.setTimeout(60_000); // whole processes are started, beside the tests of other packages

const KEY = "sk-do-not-show";
const DATA = ["--data", "kind=json_file,path=speech.jsonl"];

interface Info {
  readonly info: { readonly timings: { readonly request_sent_count: number } };
}

let server: MockServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});
afterAll(removeFolders);

/** Two sounds (0.5 s at 16 kHz, 0.25 s at 8 kHz) and a file that names them eight times. */
async function writeSpeech(folder: string): Promise<void> {
  await writeFile(join(folder, "one.wav"), silence(8000, 16_000));
  await writeFile(join(folder, "two.wav"), silence(2000, 8000));
  const rows = Array.from({ length: 8 }, (_, index) =>
    JSON.stringify({ audio: index % 2 === 0 ? "one.wav" : "two.wav" }),
  );
  await writeFile(join(folder, "speech.jsonl"), rows.join("\n"));
}

/** A WAV file of silence, one channel of 16 bits. */
function silence(samples: number, sampleRate: number): Uint8Array {
  const head = Buffer.alloc(44);
  head.write("RIFF\0\0\0\0WAVEfmt ", "latin1");
  head.writeUInt32LE(36 + samples * 2, 4);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(sampleRate, 24);
  head.writeUInt32LE(sampleRate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(samples * 2, 40);
  return Buffer.concat([head, Buffer.alloc(samples * 2)]);
}

async function transcribe(...words: readonly string[]): Promise<Finished> {
  server = await startMockServer({ port: 0, ttft_ms: 4, itl_ms: 2, output_tokens: 5, api_key: KEY });
  return runGoodput(
    [
      ...[
        "run",
        "--backend",
        `kind=openai_websocket,target=${server.url}`,
        ...DATA,
        "--output-dir",
        "out",
        "--workers",
        "2",
      ],
      ...["--profile", "kind=concurrent,streams=3", "--constraint", "kind=max_requests,count=8", ...words],
    ],
    { setUp: writeSpeech, env: { GOODPUT__SPEC__BACKEND__API_KEY: KEY } },
  );
}

test("a run of transcriptions counts what the server counted, on connections that are used again", async () => {
  const finished = await transcribe();
  expect(finished.stderr).toContain("Wrote ");
  expect(finished.code).toBe(0);
  const text = await readFile(join(finished.folder, "out", "benchmarks.json"), "utf8");
  expect(text).not.toContain(KEY);
  const { benchmarks, config } = JSON.parse(text);
  expect(config.spec.backend).toMatchObject({ kind: "openai_websocket", model: "goodput-mock" });
  const requests = benchmarks[0].requests.successful;
  expect(requests).toHaveLength(8);
  expect(server?.truthLog().map(({ outcome, path }) => `${path} ${outcome}`)).toEqual(
    Array.from({ length: 8 }, () => "/v1/realtime completed"),
  );
  for (const request of requests) {
    expect(request.output_metrics.text_tokens).toBe(5);
    expect(request.time_to_last_round_trip_ms).toBeGreaterThanOrEqual(12); // 4 + 4 gaps of 2, from the end of the audio
    expect(request.time_to_first_token_ms).toBeGreaterThanOrEqual(4);
    expect(JSON.parse(request.request_args)).toEqual({
      model: "goodput-mock",
      path: "/v1/realtime",
      chunk_samples: 3200,
    });
  }
  const audio = server?.truthLog().map(({ promptTokens }) => promptTokens) ?? [];
  expect(new Set(audio)).toEqual(new Set([7, 13])); // 25 a second, rounded up
  const { time_to_last_round_trip_ms: roundTrip } = benchmarks[0].metrics;
  expect(roundTrip.successful.count).toBe(8);
  expect(requests.every(({ info }: Info) => info.timings.request_sent_count > 3)).toBe(true);
  expect(requests.filter(({ fresh_connection }: { fresh_connection: boolean }) => fresh_connection)).toEqual([]);
});

test("earlier turns cannot be transcribed, and text without audio neither: the requests fail, with the reason", async () => {
  server = await startMockServer({ port: 0 });
  const finished = await runGoodput([
    ...["run", "--backend", `kind=openai_websocket,target=${server.url}`, "--output-dir", "out"],
    ...["--data", "kind=synthetic_text,prompt_tokens=8,output_tokens=4"],
    ...["--profile", "kind=synchronous", "--constraint", "kind=max_requests,count=2"],
  ]);
  expect(finished.code).toBe(4);
  expect(finished.stdout + finished.stderr).toContain("CORE_BACKEND_UNUSABLE_REQUEST");
  expect(server.truthLog()).toEqual([]);
});
