// The real vLLM, without a GPU and with random weights: the contract of backends through the bridge and through HTTP, and
// what both report of the same load. `npm run test:vllm` builds and runs it. What it needs is set up once, see
// real-vllm/environment.ts.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { createBackend } from "@core/backend";
import "@plugin/backend-openai-http";
import type { BackendBehaviour } from "@core/backend-testkit";
import { type EngineSource, VllmPythonBackend } from "@plugin/backend-vllm-python";
import { runGoodput } from "./clients/goodput.ts";
import { run } from "./command.ts";
import type { MeasureRow } from "./measures/measure.ts";
import { printMeasure } from "./print-measure.ts";
import { ENGINE_ENVIRONMENT, realVllm } from "./real-vllm/environment.ts";
import { runContract } from "./real-vllm/run-contract.ts";
import { serve } from "./real-vllm/serve.ts";

/** The package's folder: nothing is installed by name where the command runs. */
const PLUGIN = dirname(fileURLToPath(import.meta.resolve("@plugin/backend-vllm-python/package.json")));
/** Looks whether the installed vLLM has what the bridge uses. */
const CANARY = fileURLToPath(new URL("real-vllm/canary.py", import.meta.url));
const REQUESTS = 200;
const STREAMS = 4;
/** Short, so that an answer of no requested length ends within the contract's time. */
const CONTEXT = 160;
const CONFIG = {
  load_format: "dummy",
  dtype: "float32",
  max_model_len: CONTEXT,
  max_num_seqs: 16,
  enforce_eager: true,
};
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

const vllm = await realVllm();
const canary = await run([vllm.python, CANARY]);
console.log(`${canary.code === 0 ? "ok    " : "FAILED"} ${canary.stdout.trim()}`);
const bridgeArgs = {
  kind: "vllm_python_async",
  model: vllm.model,
  python: vllm.python,
  env: ENGINE_ENVIRONMENT,
  vllm_config: { ...CONFIG, generation_config: "vllm" },
};
const bridge = await throughBridge();
const http = await throughHttp();
printMeasure(
  {
    id: "real-vllm",
    title: `${REQUESTS} requests at ${STREAMS} streams`,
    header: ["through", "done", "tokens/s", "TTFT ms mean", "p95", "gap ms mean", "latency s mean"],
    rows: [bridge.row, http.row],
  },
  null,
);
process.exitCode = canary.code + bridge.failed + http.failed === 0 ? 0 : 1;

/** One engine serves all cases: loading it takes longer than they do. */
async function throughBridge() {
  const own = VllmPythonBackend.engineSource;
  let engine: Awaited<ReturnType<EngineSource["start"]>> | null = null;
  VllmPythonBackend.engineSource = {
    start: async (settings, logger) => {
      engine ??= await own.start(settings, logger);
      return engine;
    },
    stop: async () => {},
  };
  await createBackend(bridgeArgs).startup(); // outside of the contract's time limit
  const factory = async (behaviour: BackendBehaviour) => ({
    args: { ...bridgeArgs, stream: behaviour !== "whole" },
    close: async () => {},
  });
  const counts = await runContract("bridge", factory, CAPABILITIES);
  VllmPythonBackend.engineSource = own;
  if (engine !== null) await own.stop(engine);
  const row = await load("bridge", [
    ...["--plugin", PLUGIN],
    ...["--backend", JSON.stringify({ ...bridgeArgs, cpu_affinity: "0" })],
  ]);
  return { row, failed: counts.failed };
}

async function throughHttp() {
  const options = Object.entries(CONFIG).flatMap(([name, value]) => {
    const option = `--${name.replaceAll("_", "-")}`;
    return value === true ? [option] : [option, String(value)];
  });
  const server = await serve(vllm, [...options, "--generation-config", "vllm"]);
  try {
    // the likeliest token: other texts may have other numbers of tokens without text, which a stream does not show
    const args = {
      kind: "openai_http",
      target: server.url,
      model: "tiny",
      max_tokens: 16,
      extras: { body: { temperature: 0 } },
    };
    const factory = async (behaviour: BackendBehaviour) => ({
      args: {
        ...args,
        stream: behaviour !== "whole",
        ...(behaviour === "failing" ? { model: "nope" } : {}),
        ...(behaviour === "unreachable" ? { target: "http://127.0.0.1:9" } : {}),
      },
      close: async () => {},
    });
    const counts = await runContract("HTTP", factory, { ...CAPABILITIES, failing: true, unreachable: true });
    const row = await load("HTTP", ["--backend", JSON.stringify({ ...args, request_format: "/v1/completions" })]);
    return { row, failed: counts.failed };
  } finally {
    await server.close();
  }
}

/** The same load for both; what the report says of it. */
async function load(name: string, words: readonly string[]): Promise<MeasureRow> {
  const { benchmarks } = await runGoodput(
    [
      ...words,
      ...["--profile", `kind=concurrent,streams=${STREAMS}`, "--constraint", `kind=max_requests,count=${REQUESTS}`],
      ...["--data", "kind=synthetic_text,prompt_tokens=32,output_tokens=64"],
    ],
    null,
  );
  const metrics = benchmarks[0]?.metrics;
  if (metrics === undefined) throw new Error("the report holds no benchmark");
  const { output_tokens_per_second: rate, time_to_first_token_ms: ttft, request_latency: latency } = metrics;
  return {
    name,
    figures: [
      metrics.request_totals.successful,
      rate.successful.mean,
      ttft.successful.mean,
      ttft.successful.percentiles.p95,
      metrics.inter_token_gap_ms.successful.mean,
      latency.successful.mean,
    ],
  };
}
