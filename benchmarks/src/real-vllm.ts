// The real vLLM, without a GPU and with random weights: the contract of backends through the bridge and through HTTP, then
// the same load through both and in batches, where the report must count what the engine counted. `npm run test:vllm`
// builds and runs it; what it needs is set up once, see real-vllm/environment.ts.
//
//   --only bridge,http,batch   some of the ways
//   --skip-contract            the load alone
//   --out FILE                 the figures as JSON
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { createBackend } from "@core/backend";
import "@plugin/backend-openai-http";
import type { BackendBehaviour } from "@core/backend-testkit";
import { type EngineSource, VllmPythonBackend } from "@plugin/backend-vllm-python";
import { run } from "./command.ts";
import type { Measure } from "./measures/measure.ts";
import { printMeasure } from "./print-measure.ts";
import { servedTotals } from "./real-vllm/engine-count.ts";
import { CORES, ENGINE_ARGS, SERVE_OPTIONS } from "./real-vllm/engine-options.ts";
import { ENGINE_ENVIRONMENT, realVllm, VLLM } from "./real-vllm/environment.ts";
import { countMeasure, LOAD_HEADER, type LoadOutcome, load, REQUESTS, STREAMS } from "./real-vllm/load.ts";
import { runContract } from "./real-vllm/run-contract.ts";
import { serve } from "./real-vllm/serve.ts";
import { describeResults, writeResults } from "./results.ts";

/** The package's folder: nothing is installed by name where the command runs. */
const PLUGIN = dirname(fileURLToPath(import.meta.resolve("@plugin/backend-vllm-python/package.json")));
/** Looks whether the installed vLLM has what the bridge uses. */
const CANARY = fileURLToPath(new URL("real-vllm/canary.py", import.meta.url));
const CAPABILITIES = {
  streaming: true,
  whole: true,
  unreachable: false,
  failing: false,
  silent: false,
  stalling: false,
  usage: true,
  "output-length": true,
  secrets: false,
};

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "bridge,http,batch" },
    "skip-contract": { type: "boolean", default: false },
    out: { type: "string" },
  },
});
const WAYS: Readonly<Record<string, () => Promise<LoadOutcome>>> = { bridge, http, batch };
const ways = values.only.split(",").map((name) => {
  const way = WAYS[name];
  if (way === undefined) throw new Error(`there is no way "${name}"; there are ${Object.keys(WAYS).join(", ")}`);
  return way;
});
let failed = 0;

const vllm = await realVllm();
const canary = await run([vllm.python, CANARY]);
console.log(`${canary.code === 0 ? "ok    " : "FAILED"} ${canary.stdout.trim()}`);
failed += canary.code;
const outcomes: LoadOutcome[] = [];
for (const way of ways) {
  const outcome = await way();
  for (const problem of outcome.problems) console.log(`FAILED ${outcome.row.name}: ${problem}`);
  failed += outcome.problems.length;
  outcomes.push(outcome);
}
if (outcomes.some(({ counted }) => !isDeepStrictEqual(counted, outcomes[0]?.counted))) {
  console.log("FAILED the engines did not get the same load");
  failed += 1;
}
const figures: Measure = {
  id: "real-vllm",
  title: `${REQUESTS} requests at ${STREAMS} streams, after as many to warm up${CORES === null ? "; not pinned" : ""}`,
  header: LOAD_HEADER,
  rows: outcomes.map(({ row }) => row),
};
const measures = [figures, countMeasure(outcomes)];
for (const measure of measures) printMeasure(measure, null);
if (values.out !== undefined) await writeResults(values.out, describeResults(measures, `vLLM ${VLLM}`));
process.exitCode = failed === 0 ? 0 : 1;

function bridgeArgs(kind: string, more: object = {}) {
  const engine = { model: vllm.model, python: vllm.python, env: ENGINE_ENVIRONMENT, vllm_config: ENGINE_ARGS };
  return { kind, ...engine, ...more };
}

/** The load through the bridge. Plain prompts, as `/v1/completions` takes them. */
function bridgeLoad(kind: string, more: object = {}): Promise<LoadOutcome> {
  const counting = { vllm_config: { ...ENGINE_ARGS, disable_log_stats: false }, request_format: "plain" };
  const placed = { cpu_affinity: CORES === null ? "inherit" : String(CORES.engine) };
  const backend = JSON.stringify(bridgeArgs(kind, { ...counting, ...placed, ...more }));
  return load(kind, { model: vllm.model, words: ["--plugin", PLUGIN, "--backend", backend], readTotals: null });
}

async function bridge(): Promise<LoadOutcome> {
  if (!values["skip-contract"]) await bridgeContract();
  return bridgeLoad("vllm_python_async");
}

/** As many in a batch as there are streams, so that no request waits for others that do not come. */
function batch(): Promise<LoadOutcome> {
  return bridgeLoad("vllm_python_batch", { batch_size: STREAMS });
}

/**
 * One engine serves all cases: loading it takes longer than they do. It keeps no statistics, so that answers that come as a
 * whole have no token times, as the contract expects.
 */
async function bridgeContract(): Promise<void> {
  const own = VllmPythonBackend.engineSource;
  let engine: Awaited<ReturnType<EngineSource["start"]>> | null = null;
  VllmPythonBackend.engineSource = {
    start: async (settings, logger) => {
      engine ??= await own.start(settings, logger);
      return engine;
    },
    stop: async () => {},
  };
  const greedy = { ...ENGINE_ARGS, override_generation_config: { temperature: 0 } }; // answers of one length
  const args = bridgeArgs("vllm_python_async", { vllm_config: greedy, sampling_defaults: "model" });
  await createBackend(args as Parameters<typeof createBackend>[0]).startup(); // outside of the contract's time limit
  const factory = async (behaviour: BackendBehaviour) => ({
    args: { ...args, stream: behaviour !== "whole" },
    close: async () => {},
  });
  failed += (await runContract("bridge", factory, CAPABILITIES)).failed;
  VllmPythonBackend.engineSource = own;
  if (engine !== null) await own.stop(engine);
}

async function http(): Promise<LoadOutcome> {
  const server = await serve(vllm, SERVE_OPTIONS);
  try {
    if (!values["skip-contract"]) await httpContract(server.url);
    const backend = { kind: "openai_http", target: server.url, model: "tiny", request_format: "/v1/completions" };
    return await load("openai_http", {
      model: vllm.model,
      words: ["--backend", JSON.stringify(backend)],
      readTotals: () => servedTotals(server.url),
    });
  } finally {
    await server.close();
  }
}

async function httpContract(target: string): Promise<void> {
  // the likeliest token: other texts may have other numbers of tokens without text, which a stream does not show
  const extras = { body: { temperature: 0 } };
  const args = { kind: "openai_http", target, model: "tiny", max_tokens: 16, extras };
  const factory = async (behaviour: BackendBehaviour) => ({
    args: {
      ...args,
      stream: behaviour !== "whole",
      ...(behaviour === "failing" ? { model: "nope" } : {}),
      ...(behaviour === "unreachable" ? { target: "http://127.0.0.1:9" } : {}),
    },
    close: async () => {},
  });
  failed += (await runContract("HTTP", factory, { ...CAPABILITIES, failing: true, unreachable: true })).failed;
}
