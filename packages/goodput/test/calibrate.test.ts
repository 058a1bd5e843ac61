import { mkdir, readFile, writeFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { startMockServer } from "@core/mock-server";
import { afterAll, expect, jest, test } from "@jest/globals";
import { removeFolders, runGoodput } from "./support/run-goodput.js";

jest.setTimeout(120_000); // whole processes are started, beside the tests of other packages

afterAll(removeFolders);

const FILE = join("cache", "goodput", "calibration.json");

test("goodput calibrate measures this host and keeps it, unless it is too busy", async () => {
  const finished = await runGoodput(["calibrate", "--seconds", "0.5"], { env: { XDG_CACHE_HOME: "cache" } });
  expect(finished.stdout).toMatch(/^ {2}concurrent@4 /m);
  expect(finished.stdout).toMatch(/^ {2}constant@25/m);
  if (finished.code === 3) {
    expect(finished.stderr).toMatch(/Even the least load .*nothing was kept.*\n.*\n\(CORE_CLI_CALIBRATION\)/);
    expect(finished.files).not.toContain(FILE);
    return;
  }
  expect(finished.stderr).toBe("");
  expect(finished.code).toBe(0);
  expect(finished.stdout).toMatch(/^Good for [1-9]\d* streams \(\d+ tokens\/s\) and [1-9]\d* requests\/s\.$/m);
  const file = JSON.parse(await readFile(join(finished.folder, FILE), "utf8"));
  expect(file).toMatchObject({
    version: 1,
    entries: [{ node_version: process.versions.node, cpu_count: availableParallelism() }],
  });
});

test("a run that plans past it is told", async () => {
  const server = await startMockServer({ port: 0, ttft_ms: 2, itl_ms: 1 });
  const calibration = {
    measured_at: "2026-01-02T03:04:05.000Z",
    goodput_version: "0.0.0",
    node_version: "24.0.0",
    cpu_model: cpus()[0]?.model ?? null,
    cpu_count: availableParallelism(),
    workers: 1,
    streams: { ceiling: 1, limited_by: null, output_tokens_per_second: 50 },
    rate: { ceiling: 25, limited_by: null },
  };
  const finished = await runGoodput(
    [
      ...["run", "--backend", `kind=openai_http,target=${server.url}`, "--output-dir", "out"],
      ...["--data", "kind=synthetic_text,prompt_tokens=16,output_tokens=4"],
      ...["--profile", "kind=concurrent,streams=2", "--constraint", "kind=max_requests,count=2"],
    ],
    {
      env: { XDG_CACHE_HOME: "cache" },
      setUp: async (folder) => {
        await mkdir(join(folder, "cache", "goodput"), { recursive: true });
        await writeFile(join(folder, FILE), JSON.stringify({ version: 1, entries: [calibration] }));
      },
    },
  );
  await server.close();
  expect(finished.code).toBe(0);
  expect(finished.stderr).toContain(
    "Warning: 2 streams are planned; this host was found good for 1 (goodput calibrate, 2026-01-02).",
  );
});
