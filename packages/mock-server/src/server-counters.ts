import { decimal, Histogram } from "./histogram.js";

/** Why a request ended, as vLLM's counter calls it. */
export type FinishedReason = "stop" | "length" | "abort" | "error";

/** What is known of a request that ended. */
export interface EndedRequest {
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** From its arrival. */
  readonly seconds: number;
  /** Part of it in which the request waited to be let in. */
  readonly queuedSeconds: number;
}

/** What somebody else counts. */
export interface AdmissionCounts {
  readonly waiting: number;
  readonly rejected: number;
}

const FIRST_TOKEN_SECONDS = [
  ...[0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640],
  2560,
];
const GAP_SECONDS = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80];
const REQUEST_SECONDS = [
  ...[0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680],
];
const TOKENS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

/** What `/metrics` shows: only what this server really knows, under the names and with the labels of vLLM. */
export class ServerCounters {
  running = 0;
  promptTokens = 0;
  generationTokens = 0;
  /** Prompt tokens that were looked for in the prefix cache, and that were found. */
  prefixCache = { queried: 0, hit: 0 };
  #totals = noTotals();

  /** Starts again at 0, as a process that was restarted; what runs goes on. */
  reset(): void {
    this.promptTokens = 0;
    this.generationTokens = 0;
    this.prefixCache = { queried: 0, hit: 0 };
    this.#totals = noTotals();
  }

  /** Counts a first token, seconds after the arrival of its request. */
  firstToken(seconds: number): void {
    this.#totals.firstToken.observe(seconds);
  }

  /** Counts a write of tokens, seconds after the one before. */
  gap(seconds: number): void {
    this.#totals.gap.observe(seconds);
  }

  /** Counts the end of a request. */
  ended(reason: FinishedReason, { promptTokens, outputTokens, seconds, queuedSeconds }: EndedRequest): void {
    this.#totals.finished[reason] += 1;
    this.#totals.request.observe(seconds);
    this.#totals.queued.observe(queuedSeconds);
    this.#totals.prompt.observe(promptTokens);
    this.#totals.generated.observe(outputTokens);
  }

  /** Text format of Prometheus. */
  toPrometheus(model: string, admission: AdmissionCounts): string {
    const escaped = model.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));
    const engine = 'engine="0"';
    const name = `model_name="${escaped}"`;
    const series = (metric: string, type: string, help: string, lines: readonly string[]) =>
      [`# HELP vllm:${metric} ${help}`, `# TYPE vllm:${metric} ${type}`, ...lines].join("\n");
    const single = (metric: string, type: string, help: string, value: number) =>
      series(metric, type, help, [`vllm:${metric}{${engine},${name}} ${decimal(value)}`]);
    const histogram = (metric: string, help: string, values: Histogram) =>
      series(metric, "histogram", help, values.lines(`vllm:${metric}`, engine, name));
    const ends = Object.entries(this.#totals.finished).map(
      ([reason, count]) =>
        `vllm:request_success_total{${engine},finished_reason="${reason}",${name}} ${decimal(count)}`,
    );
    const rejected = `vllm:admission_rejections_total{${name},reason="max_num_queued_reqs"} ${decimal(admission.rejected)}`;
    const { running, promptTokens, generationTokens } = this;
    const parts = [
      single("num_requests_running", "gauge", "Number of requests in model execution batches.", running),
      single("num_requests_waiting", "gauge", "Number of requests waiting to be processed.", admission.waiting),
      single("prompt_tokens_total", "counter", "Number of prefill tokens processed.", promptTokens),
      single("generation_tokens_total", "counter", "Number of generation tokens processed.", generationTokens),
      single(
        "prefix_cache_queries_total",
        "counter",
        "Prefix cache queries, in terms of number of queried tokens.",
        this.prefixCache.queried,
      ),
      single(
        "prefix_cache_hits_total",
        "counter",
        "Prefix cache hits, in terms of number of cached tokens.",
        this.prefixCache.hit,
      ),
      series("request_success_total", "counter", "Count of successfully processed requests.", ends),
      series(
        "admission_rejections_total",
        "counter",
        "Number of admission attempts rejected by a queue limit, by reason.",
        [rejected],
      ),
      histogram("request_prompt_tokens", "Number of prefill tokens processed.", this.#totals.prompt),
      histogram("request_generation_tokens", "Number of generation tokens processed.", this.#totals.generated),
      histogram("time_to_first_token_seconds", "Histogram of time to first token in seconds.", this.#totals.firstToken),
      histogram("inter_token_latency_seconds", "Histogram of inter-token latency in seconds.", this.#totals.gap),
      histogram("e2e_request_latency_seconds", "Histogram of e2e request latency in seconds.", this.#totals.request),
      histogram(
        "request_queue_time_seconds",
        "Histogram of time spent in WAITING phase for request.",
        this.#totals.queued,
      ),
    ];
    return `${parts.join("\n")}\n`;
  }
}

function noTotals() {
  const finished: Record<FinishedReason, number> = { stop: 0, length: 0, abort: 0, error: 0 };
  return {
    finished,
    firstToken: new Histogram(FIRST_TOKEN_SECONDS),
    gap: new Histogram(GAP_SECONDS),
    request: new Histogram(REQUEST_SECONDS),
    queued: new Histogram(REQUEST_SECONDS),
    prompt: new Histogram(TOKENS),
    generated: new Histogram(TOKENS),
  };
}
