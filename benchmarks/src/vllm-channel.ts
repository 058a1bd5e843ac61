// How many tokens a second go through the bridge to vLLM's Python engine, Python and Node together on one core, each token a
// record of its own; and how far the stamps that this process records are from those that Python took. The engine is the
// stand-in, which gives tokens as fast as they are taken.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createBackend, createClock, RequestTimings, UNKNOWN_USAGE } from "@core/backend";
import { pinned } from "./command.ts";
import type { Measure } from "./measures/measure.ts";
import { printMeasure } from "./print-measure.ts";
import { median, quantile } from "./statistics.ts";

/** Loaded as users do: by name, at run time. */
const PLUGIN = "@plugin/backend-vllm-python";

const STAND_IN = fileURLToPath(new URL("../../plugins/backend-vllm-python/test/standin", import.meta.url));
const LOOSE = "--loose";

const { values } = parseArgs({
  options: {
    tokens: { type: "string", default: "400000" },
    rounds: { type: "string", default: "7" },
    python: { type: "string", default: "python3" },
    cpu: { type: "string", default: "0" },
    loose: { type: "boolean", default: false },
  },
});

if (values.loose) await measure();
else await pinnedRun();

/** Runs this file again, with everything that it starts, on one core. */
async function pinnedRun(): Promise<void> {
  const words = [
    ...pinned(Number(values.cpu)),
    process.execPath,
    import.meta.filename,
    LOOSE,
    ...process.argv.slice(2),
  ];
  const child = spawn(words[0] ?? "", words.slice(1), { stdio: "inherit" });
  const [code] = await once(child, "exit");
  process.exitCode = code ?? 1;
}

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "vllm-channel-"));
  const file = join(folder, "stamps");
  const tokens = Number(values.tokens);
  await import(PLUGIN);
  const epochNs = process.hrtime.bigint();
  const clock = createClock(epochNs);
  const backend = createBackend({
    kind: "vllm_python_async",
    model: "stand-in",
    python: values.python,
    request_format: "plain",
    env: { PYTHONPATH: STAND_IN },
    vllm_config: { max_model_len: 2 * tokens, standin: { burst_file: file, core: "none" } },
  });
  await backend.startup();
  const rates: number[] = [];
  const errorsUs: number[] = [];
  try {
    for (let round = 0; round < Number(values.rounds); round += 1) {
      rmSync(file, { force: true });
      const timings = new RequestTimings();
      const prepared = backend.prepare(
        {
          requestId: String(round),
          columns: { text_column: ["tokens please"] },
          turnType: "standard",
          inputMetrics: UNKNOWN_USAGE,
          outputMetrics: { ...UNKNOWN_USAGE, text_tokens: tokens },
        },
        null,
      );
      const began = performance.now();
      const context = { signal: new AbortController().signal, timings, clock, keepText: false };
      for await (const event of backend.resolve(prepared, context)) {
        if (event.type === "partial") throw new Error(event.failure.message);
      }
      rates.push(tokens / ((performance.now() - began) / 1000));
      const bytes = readFileSync(file);
      const stamps = new BigInt64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
      const { tokenTimesNs } = timings;
      for (let at = 0; at < tokens; at += 1) {
        errorsUs.push(((tokenTimesNs[at] ?? Number.NaN) - Number((stamps[at] ?? 0n) - epochNs)) / 1000);
      }
    }
  } finally {
    await backend.shutdown();
    rmSync(folder, { recursive: true });
  }
  const sizes = errorsUs.map(Math.abs);
  const measure: Measure = {
    id: "vllm-channel",
    title: `bridge to vLLM, one core, one record per token; Node ${process.version}, ${values.rounds} rounds of ${tokens} tokens`,
    header: ["bridge", "tokens/s, median", "worst", "stamp error µs, median", "p99.9", "worst", "over 50 µs, %"],
    rows: [
      {
        name: "stand-in engine",
        figures: [
          Math.round(median(rates)),
          Math.round(Math.min(...rates)),
          median(sizes),
          quantile(sizes, 0.999),
          sizes.reduce((most, size) => Math.max(most, size), 0),
          (100 * sizes.filter((size) => size > 50).length) / sizes.length,
        ],
      },
    ],
  };
  printMeasure(measure, null);
}
