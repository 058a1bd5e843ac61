import {
  type Constraint,
  type ConstraintAction,
  NO_PROGRESS,
  type RunCounts,
  type RunObservation,
  type StoppingScope,
} from "./constraint.js";

interface ErrorRateRule {
  /** Share of requests, inside (0, 1), from which on a run is stopped. */
  readonly rate: number;
  readonly stoppingScope: StoppingScope;
}

/**
 * Stops everything when the share of failed ones among the latest `window` requests reaches `rate`; not before `window`
 * requests have ended. Judged in the order of their ends, so that nothing depends on how often it is looked at.
 */
export class MaxErrorRate implements Constraint {
  readonly kind = "max_error_rate";
  readonly limits = {};
  readonly #rule: ErrorRateRule & { readonly window: number };
  readonly #latest: boolean[] = [];
  #processed = 0;
  #failed = 0;
  #reachedNs: number | null = null;

  constructor(rule: ErrorRateRule & { readonly window: number }) {
    this.#rule = rule;
  }

  get stoppingScope(): StoppingScope {
    return this.#rule.stoppingScope;
  }

  watch({ ended }: RunObservation): void {
    for (const { atNs, failed } of ended) {
      if (this.#reachedNs !== null) return;
      this.#add(failed);
      const isLongEnough = this.#processed >= this.#rule.window;
      if (isLongEnough && this.#failed / this.#latest.length >= this.#rule.rate) this.#reachedNs = atNs;
    }
  }

  evaluate(): ConstraintAction {
    const { rate, window, stoppingScope } = this.#rule;
    const size = this.#latest.length;
    return stopIf(this.#reachedNs, stoppingScope, {
      max_error_rate: rate,
      window_size: window,
      error_count: this.#failed,
      processed_count: this.#processed,
      current_window_size: size,
      current_error_rate: size === 0 ? 0 : this.#failed / size,
      exceeded_min_processed: this.#processed >= window,
    });
  }

  #add(failed: boolean): void {
    this.#processed += 1;
    this.#latest.push(failed);
    this.#failed += failed ? 1 : 0;
    while (this.#latest.length > this.#rule.window) this.#failed -= this.#latest.shift() === true ? 1 : 0;
  }
}

/** Stops everything when the share of failed ones among all requests reaches `rate`; not before `minimum` have ended. */
export class MaxGlobalErrorRate implements Constraint {
  readonly kind = "max_global_error_rate";
  readonly limits = {};
  readonly #rule: ErrorRateRule & { readonly minimum: number | null };
  #processed = 0;
  #errored = 0;
  #reachedNs: number | null = null;

  constructor(rule: ErrorRateRule & { readonly minimum: number | null }) {
    this.#rule = rule;
  }

  get stoppingScope(): StoppingScope {
    return this.#rule.stoppingScope;
  }

  watch({ ended }: RunObservation): void {
    for (const { atNs, failed } of ended) {
      if (this.#reachedNs !== null) return;
      this.#processed += 1;
      this.#errored += failed ? 1 : 0;
      if (this.#isLongEnough() && this.#errored / this.#processed >= this.#rule.rate) this.#reachedNs = atNs;
    }
  }

  evaluate({ processed, errored }: RunCounts): ConstraintAction {
    const { rate, minimum, stoppingScope } = this.#rule;
    return stopIf(this.#reachedNs, stoppingScope, {
      max_error_rate: rate,
      min_processed: minimum,
      processed_requests: processed,
      errored_requests: errored,
      error_rate: processed === 0 ? 0 : errored / processed,
      exceeded_min_processed: this.#isLongEnough(),
    });
  }

  #isLongEnough(): boolean {
    return this.#processed >= (this.#rule.minimum ?? 0);
  }
}

/** What stays true once the rate was reached: requests that end later cannot take it back. */
function stopIf(
  reachedNs: number | null,
  stoppingScope: StoppingScope,
  metadata: Readonly<Record<string, unknown>>,
): ConstraintAction {
  const exceeded = reachedNs !== null;
  return {
    requestQueuing: exceeded ? "stop" : "continue",
    requestProcessing: exceeded ? "stop_all" : "continue",
    stoppingScope,
    metadata: { ...metadata, exceeded_error_rate: exceeded, exceeded },
    progress: { ...NO_PROGRESS, stopNs: reachedNs },
  };
}
