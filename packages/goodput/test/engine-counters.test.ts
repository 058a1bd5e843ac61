import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type MockServer, startMockServer } from "@core/mock-server";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { removeFolders, runGoodput } from "./support/run-goodput.js";

jest.setTimeout(60_000); // a whole process is started, beside the tests of other packages

const OPENAI_HTTP = import.meta.resolve("@plugin/backend-openai-http");

/** A backend that counts like an engine that had work before this run. */
const COUNTING = `
  import { OpenAIHttpBackend } from ${JSON.stringify(OPENAI_HTTP)};
  const { resolve } = OpenAIHttpBackend.prototype;
  let requests = 7;
  OpenAIHttpBackend.prototype.resolve = function (...given) {
    requests += 1;
    return resolve.apply(this, given);
  };
  OpenAIHttpBackend.prototype.engineCounters = async function () {
    if (process.env.ENGINE_IS === "dead") throw new Error("dead");
    return { requests, promptTokens: requests * 10, outputTokens: requests * 5 };
  };`;

let server: MockServer;

beforeAll(async () => {
  server = await startMockServer({ port: 0, ttft_ms: 1, itl_ms: 0, output_tokens: 5 });
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

async function enginesOf(state: string): Promise<readonly unknown[]> {
  const finished = await runGoodput(
    [
      ...["run", "--plugin", "./counting.mjs", "--workers", "1", "--disable-console"],
      ...["--backend", `kind=openai_http,target=${server.url}`],
      ...["--profile", "kind=concurrent,streams=[1,2]", "--constraint", "kind=max_requests,count=10"],
      ...["--data", "kind=synthetic_text,prompt_tokens=5,output_tokens=5", "--output", "kind=json,path=out.json"],
    ],
    { setUp: (folder) => writeFile(join(folder, "counting.mjs"), COUNTING), env: { ENGINE_IS: state } },
  );
  expect(finished).toMatchObject({ code: 0 });
  const { benchmarks } = JSON.parse(await readFile(join(finished.folder, "out.json"), "utf8")) as {
    readonly benchmarks: readonly { readonly token_accounting: { readonly engine: unknown } }[];
  };
  return benchmarks.map(({ token_accounting }) => token_accounting.engine);
}

test("each benchmark has what the engine counted while it ran", async () => {
  const each = { requests: 10, prompt_tokens: 100, output_tokens: 50 };
  expect(await enginesOf("alive")).toEqual([each, each]);
});

test("an engine that cannot answer has counted nothing, and the run goes on", async () => {
  expect(await enginesOf("dead")).toEqual([null, null]);
});
