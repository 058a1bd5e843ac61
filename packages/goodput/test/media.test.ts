import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type MockServer, startMockServer } from "@core/mock-server";
import { afterAll, afterEach, expect, jest, test } from "@jest/globals";
import { removeFolders, runGoodput } from "./support/run-goodput.js";

jest.setTimeout(60_000); // a whole process is started, beside the tests of other packages

const REQUESTS = 4;
/** One red pixel. */
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";
const MP4 = Buffer.from("\0\0\0\x18ftypmp42\0\0\0\0", "latin1");
const WAV = Buffer.concat([
  Buffer.from("524946462c00000057415645666d74201000000001000100803e0000007d00000200100064617461", "hex"),
  Buffer.from([8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
]);

let server: MockServer;

afterEach(() => server.close());
afterAll(removeFolders);

interface Captured {
  readonly method: string;
  readonly body: { readonly messages: readonly { readonly role: string; readonly content: unknown }[] };
}

type Modality = Readonly<Record<string, { readonly input: { readonly successful: { readonly mean: number } } }>>;

/** What a run of these data sent, and the metrics of its report. */
async function run(data: readonly string[], setUp: (folder: string) => Promise<void> = async () => {}) {
  server = await startMockServer({ port: 0, ttft_ms: 1, itl_ms: 1, output_tokens: 3, capture_requests: 50 });
  const finished = await runGoodput(
    [
      ...["run", "--backend", `kind=openai_http,target=${server.url},validate_request=never`],
      ...["--profile", "kind=synchronous", "--constraint", `kind=max_requests,count=${REQUESTS}`],
      ...["--output-dir", "out", ...data],
    ],
    { setUp },
  );
  expect([finished.code, finished.stderr.includes("failed")]).toEqual([0, false]);
  const captured = (await (await fetch(`${server.url}/captured`)).json()) as readonly Captured[];
  const contents = captured.flatMap(({ method, body }) => (method === "POST" ? [body.messages.at(-1)?.content] : []));
  const report = await readFile(join(finished.folder, "out/benchmarks.json"), "utf8");
  const metrics = JSON.parse(report).benchmarks[0].metrics as Readonly<Record<"image" | "video" | "audio", Modality>>;
  return { contents, metrics, report };
}

test("images, video and sound of a file of rows become parts of the requests, and are counted", async () => {
  const { contents, metrics } = await run(["--data", "kind=json_file,path=rows.jsonl"], async (folder) => {
    await writeFile(join(folder, "red.png"), Buffer.from(PNG, "base64"));
    await writeFile(join(folder, "clip.mp4"), MP4);
    const row = { question: "What is it?", images: ["red.png", PNG], video: "clip.mp4", audio: WAV.toString("base64") };
    await writeFile(join(folder, "rows.jsonl"), Array(REQUESTS).fill(JSON.stringify(row)).join("\n"));
  });
  const image = { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } };
  expect(contents).toHaveLength(REQUESTS);
  expect(contents[0]).toEqual([
    { type: "text", text: "What is it?" },
    image,
    { type: "video_url", video_url: { url: `data:video/mp4;base64,${MP4.toString("base64")}` } },
    { type: "input_audio", input_audio: { data: WAV.toString("base64"), format: "wav" } },
    image,
  ]);
  const bytes = Buffer.from(PNG, "base64").length;
  const mean = (modality: Modality, name: string) => modality[name]?.input.successful.mean;
  expect(mean(metrics.image, "images")).toBe(2);
  expect(mean(metrics.image, "pixels")).toBe(2);
  expect(mean(metrics.image, "bytes")).toBe(2 * bytes);
  expect(mean(metrics.image, "tokens")).toBe(2 * 576);
  expect(mean(metrics.video, "bytes")).toBe(MP4.length);
  expect(mean(metrics.audio, "bytes")).toBe(WAV.length);
  expect(mean(metrics.audio, "samples")).toBe(4);
});

test("generated images join generated prompts, and none is sent twice", async () => {
  const { contents, metrics, report } = await run([
    ...["--data", "kind=synthetic_text,prompt_tokens=8,output_tokens=3"],
    ...["--data", "kind=synthetic_image,width=16,height=16,format=png,images_per_request=2"],
  ]);
  const parts = contents as readonly (readonly {
    readonly type: string;
    readonly image_url?: { readonly url: string };
  }[])[];
  expect(parts.map((content) => content.map(({ type }) => type))).toEqual(
    Array(REQUESTS).fill(["text", "image_url", "image_url"]),
  );
  const urls = parts.flat().flatMap(({ image_url }) => image_url?.url ?? []);
  expect(new Set(urls).size).toBe(2 * REQUESTS);
  expect(metrics.image["pixels"]?.input.successful.mean).toBe(2 * 16 * 16);
  for (const url of urls) expect(report.includes(url)).toBe(url.length <= 1024); // longer ones are told by their digest
});
