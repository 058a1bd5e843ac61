/** Why a request ended, as vLLM's counter calls it. */
export type FinishedReason = "stop" | "length" | "abort" | "error";

/** What `/metrics` shows: only what this server really knows, under vLLM's names. */
export class ServerCounters {
  running = 0;
  promptTokens = 0;
  generationTokens = 0;
  readonly #finished: Record<FinishedReason, number> = { stop: 0, length: 0, abort: 0, error: 0 };

  /** Counts the end of a request. */
  countEnd(reason: FinishedReason): void {
    this.running -= 1;
    this.#finished[reason] += 1;
  }

  /** Prometheus text, version 0.0.4. */
  toPrometheus(model: string): string {
    const name = model.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));
    const labels = `engine="0",model_name="${name}"`;
    const series = (metric: string, type: string, help: string, lines: readonly string[]) =>
      [`# HELP vllm:${metric} ${help}`, `# TYPE vllm:${metric} ${type}`, ...lines.map((line) => `vllm:${line}`)].join(
        "\n",
      );
    const single = (metric: string, type: string, help: string, value: number) =>
      series(metric, type, help, [`${metric}{${labels}} ${value}`]);
    const ends = Object.entries(this.#finished).map(
      ([reason, count]) => `request_success_total{${labels},finished_reason="${reason}"} ${count}`,
    );
    const parts = [
      single("num_requests_running", "gauge", "Requests that are being answered.", this.running),
      single("num_requests_waiting", "gauge", "Requests that wait: none ever does.", 0),
      single("prompt_tokens_total", "counter", "Prompt tokens of accepted requests.", this.promptTokens),
      single("generation_tokens_total", "counter", "Tokens written.", this.generationTokens),
      series("request_success_total", "counter", "Ended requests by reason.", ends),
    ];
    return `${parts.join("\n")}\n`;
  }
}
