import type { RunObservation } from "../constraint.js";
import type { OverSaturationDetector } from "./over-saturation-detector.js";
import { type Trend, TrendWindow } from "./trend-window.js";

/** Limits of a {@link SlopeDetector}, the fields of GuideLLM. */
export interface SlopeLimits {
  readonly minSeconds: number;
  readonly maxWindowSeconds: number;
  readonly moeThreshold: number;
  readonly minimumTtft: number;
  readonly maximumWindowRatio: number;
  readonly minimumWindowSize: number;
  readonly confidence: number;
}

/**
 * The test of GuideLLM 0.8.1: at least half of the times to first token above a fixed limit, and both these times and
 * the requests in flight rise. Requests in flight are looked at ten times a second instead of with each send; the test
 * counts at most one independent point per second, so that this makes no difference.
 */
export class SlopeDetector implements OverSaturationDetector {
  readonly #limits: SlopeLimits;
  readonly #concurrency: TrendWindow;
  readonly #ttft: TrendWindow;
  #concurrencyTrend: Trend | null = null;
  #ttftTrend: Trend | null = null;
  #slowRequests = 0;

  constructor(limits: SlopeLimits) {
    const window = { ratio: limits.maximumWindowRatio, maxSeconds: limits.maxWindowSeconds };
    this.#limits = limits;
    this.#concurrency = new TrendWindow(window);
    this.#ttft = new TrendWindow(window);
  }

  get figures(): Readonly<Record<string, unknown>> {
    return {
      ttft_slope: this.#ttftTrend?.slope ?? null,
      ttft_slope_moe: this.#ttftTrend?.relativeMargin ?? null,
      ttft_n: this.#ttft.size,
      ttft_violations: this.#slowRequests,
      concurrent_slope: this.#concurrencyTrend?.slope ?? null,
      concurrent_slope_moe: this.#concurrencyTrend?.relativeMargin ?? null,
      concurrent_n: this.#concurrency.size,
    };
  }

  observe({ counts, inFlight, firstTokens }: RunObservation): boolean {
    const seconds = (atNs: number): number => (atNs - counts.startNs) / 1e9;
    const now = seconds(counts.nowNs);
    for (const { atNs, ttftSeconds } of firstTokens) this.addTtft(seconds(atNs), ttftSeconds);
    if (inFlight > 0) this.addConcurrency(now, inFlight);
    return this.decide(now);
  }

  /** Adds the requests in flight at an instant. */
  addConcurrency(seconds: number, requests: number): void {
    this.#concurrency.add(seconds, requests);
    this.#concurrency.prune(seconds);
  }

  /** Adds a time to first token, at the instant of the token. */
  addTtft(seconds: number, ttftSeconds: number): void {
    this.#ttft.add(seconds, ttftSeconds);
    this.#ttft.prune(seconds);
  }

  /** The decision at an instant. */
  decide(elapsed: number): boolean {
    const { minSeconds, minimumTtft, minimumWindowSize, confidence } = this.#limits;
    this.#slowRequests = this.#ttft.countAbove(minimumTtft);
    if (elapsed < minSeconds || elapsed < minimumTtft || this.#ttft.size > 2 * this.#slowRequests) return false;
    const effective = {
      concurrency: Math.min(elapsed, this.#concurrency.size),
      ttft: Math.min(elapsed, this.#ttft.size),
    };
    if (effective.concurrency < minimumWindowSize) return false;
    this.#concurrencyTrend = this.#concurrency.trend(effective.concurrency, confidence);
    if (effective.ttft < minimumWindowSize) return this.#rises(this.#concurrencyTrend);
    this.#ttftTrend = this.#ttft.trend(effective.ttft, confidence);
    return this.#rises(this.#concurrencyTrend) && this.#rises(this.#ttftTrend);
  }

  #rises(trend: Trend | null): boolean {
    return trend !== null && trend.slope > 0 && trend.relativeMargin < this.#limits.moeThreshold;
  }
}
