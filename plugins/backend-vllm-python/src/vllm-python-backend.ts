import {
  Backend,
  BackendError,
  type BackendLimits,
  type EngineCounters,
  type GenerationRequest,
  type HistoryTurn,
  type Logger,
  type PreparedRequest,
  type ResolveContext,
  type ResolveEvent,
  revealArgs,
} from "@core/backend";
import type { VllmPythonAsyncArgs } from "./args/vllm-python-async-args.js";
import type { VllmPythonBatchArgs } from "./args/vllm-python-batch-args.js";
import { Engine } from "./bridge/engine.js";
import type { EngineStats, EngineTotals } from "./bridge/engine-info.js";
import type { EngineSettings } from "./bridge/engine-settings.js";
import { generateFrame, type Sampling } from "./bridge/generate-frame.js";
import type { PreparedVllmRequest } from "./call/prepared-vllm-request.js";
import { VllmCall } from "./call/vllm-call.js";
import { buildPrompt } from "./prompt/build-prompt.js";
import { templateSetting } from "./prompt/template-setting.js";

const COUNTERS_LIMIT_MS = 5_000;

/** Where an engine comes from, and what becomes of it. Tests that load a real model keep one for all cases. */
export interface EngineSource {
  start(settings: EngineSettings, logger: Logger): Promise<Engine>;
  stop(engine: Engine): Promise<void>;
}

/** vLLM's Python engine in a child process, without HTTP; one instance in a run, because each loads the model. */
export class VllmPythonBackend extends Backend<VllmPythonAsyncArgs | VllmPythonBatchArgs> {
  /** Where the engines of all instances come from. */
  static engineSource: EngineSource = { start: Engine.start, stop: (engine) => engine.stop() };
  readonly #logger: Logger;
  readonly #source: EngineSource;
  readonly #remarks = new Set<string>();
  #engine: Engine | null = null;
  #statistics: NodeJS.Timeout | null = null;

  constructor(args: VllmPythonAsyncArgs | VllmPythonBatchArgs, logger: Logger) {
    super(args);
    this.#logger = logger;
    this.#source = VllmPythonBackend.engineSource;
  }

  override get startsInParent(): boolean {
    return false;
  }

  override limits(): BackendLimits {
    return { workers: 1, requests: null };
  }

  /** Asks the engine for its health. @throws {BackendError} CORE_BACKEND_NOT_STARTED, or why the engine cannot serve. */
  override async validate(): Promise<void> {
    await this.#started("validate").ask("health");
  }

  override async models(): Promise<readonly string[]> {
    this.assertStarted("models");
    return [this.args.model];
  }

  override async defaultModel(): Promise<string> {
    return this.args.model;
  }

  /**
   * Statistics of the engine; null before it reported any, and when `vllm_config.disable_log_stats` is not false.
   *
   * @throws {BackendError} CORE_BACKEND_NOT_STARTED, or why the engine cannot answer.
   */
  async engineStats(): Promise<EngineStats | null> {
    return (await this.#started("engineStats").ask("stats")) as EngineStats | null;
  }

  /** Null when `vllm_config.disable_log_stats` is not false, and when the engine does not answer within five seconds. */
  override async engineCounters(): Promise<EngineCounters | null> {
    const asked = this.#started("engineCounters").ask("totals") as Promise<EngineTotals | null>;
    const totals = await withinLimit(asked, COUNTERS_LIMIT_MS);
    if (totals === null) return null;
    const { requests, prompt_tokens: promptTokens, gen_tokens: outputTokens } = totals;
    return { requests, promptTokens, outputTokens };
  }

  /** @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST. */
  override prepare(request: GenerationRequest, history: readonly HistoryTurn[] | null): PreparedVllmRequest {
    const prompt = buildPrompt(request, history, this.#remark);
    const sampling = samplingOf(request);
    const stream = this.args.kind === "vllm_python_async" && this.args.stream;
    return { request, history, prompt, sampling, stream, frame: generateFrame({ prompt, sampling, stream }) };
  }

  /** @throws {BackendError} CORE_BACKEND_NOT_STARTED. */
  override async *resolve(prepared: PreparedRequest, context: ResolveContext): AsyncGenerator<ResolveEvent, void> {
    const engine = this.#started("resolve");
    const call = new VllmCall(prepared as PreparedVllmRequest, context, engine); // made by prepare
    try {
      call.start();
      let event = await call.events.next();
      if (event.type === "first-token") {
        yield event;
        event = await call.events.next();
      }
      yield event;
    } finally {
      call.cancel(); // when the caller stopped listening; else it has ended
    }
  }

  protected override async start(): Promise<void> {
    if (process.platform === "win32") {
      throw new BackendError("The bridge to vLLM's Python engine needs Linux or macOS.", {
        code: "CORE_BACKEND_NOT_BUILT",
        hint: "Run goodput inside WSL, or serve the model and use kind=openai_http.",
      });
    }
    const { vllm_config, model } = this.args;
    if (vllm_config["model"] !== undefined && vllm_config["model"] !== model) {
      this.#logger.warn(`vllm_config.model is ignored: model=${model} says which model is loaded.`);
    }
    if (vllm_config["enable_lora"] === true) {
      this.#logger.warn("vllm_config.enable_lora: no request names an adapter, so the model itself is measured.");
    }
    this.#engine = await this.#source.start(engineSettings(this.args), this.#logger);
    const { info } = this.#engine;
    this.#logger.info(`vLLM ${info.vllm ?? "of unknown version"} is ready after ${(info.load_ms / 1000).toFixed(1)} s`);
    this.#startStatistics();
  }

  protected override async stop(): Promise<void> {
    if (this.#statistics !== null) clearInterval(this.#statistics);
    this.#statistics = null;
    const engine = this.#engine;
    this.#engine = null;
    if (engine !== null) await this.#source.stop(engine);
  }

  #started(caller: string): Engine {
    this.assertStarted(caller);
    return this.#engine as Engine; // set by start
  }

  /** Warns, once in the life of this instance. */
  readonly #remark = (text: string): void => {
    if (this.#remarks.has(text)) return;
    this.#remarks.add(text);
    this.#logger.warn(text);
  };

  #startStatistics(): void {
    const { stats_interval } = this.args;
    if (stats_interval === null) return;
    const write = async (): Promise<void> => {
      const stats = await this.engineStats().catch(() => null);
      if (stats !== null) this.#logger.info(`vLLM: ${statisticsLine(stats)}`);
    };
    this.#statistics = setInterval(() => void write(), stats_interval * 1000);
  }
}

/** What was promised, or null when it does not come in time. */
async function withinLimit<T>(promised: Promise<T>, limitMs: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, limitMs, null);
  });
  try {
    return await Promise.race([promised, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Exactly as many tokens as asked for, else up to the end of the text or of the context. */
function samplingOf(request: GenerationRequest): Sampling {
  const tokens = request.outputMetrics.text_tokens;
  if (tokens === null || tokens <= 0) return { max_tokens: null };
  return { max_tokens: tokens, min_tokens: tokens, ignore_eos: true };
}

function engineSettings(args: VllmPythonAsyncArgs | VllmPythonBatchArgs): EngineSettings {
  const isBatch = args.kind === "vllm_python_batch";
  return {
    python: args.python,
    env: revealArgs(args.env) as Readonly<Record<string, string>>,
    engineArgs: { ...args.vllm_config, model: args.model },
    templateSetting: templateSetting(args.request_format),
    imagePlaceholder: args.image_placeholder,
    audioPlaceholder: args.audio_placeholder,
    samplingDefaults: args.sampling_defaults,
    cpuAffinity: args.cpu_affinity,
    batch: isBatch ? { size: args.batch_size, timeoutMs: args.batch_timeout * 1000 } : null,
    startupTimeoutMs: args.startup_timeout * 1000,
  };
}

function statisticsLine({ running, waiting, kv_usage, prefix }: EngineStats): string {
  const hits = prefix === null || prefix.queries === 0 ? null : prefix.hits / prefix.queries;
  return [
    `running ${running ?? "?"}`,
    `waiting ${waiting ?? "?"}`,
    kv_usage === null ? "" : `KV cache ${percent(kv_usage)}`,
    hits === null ? "" : `prefix cache hits ${percent(hits)}`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
