import {
  type Constraint,
  type ConstraintAction,
  NO_PROGRESS,
  type RunObservation,
  type StoppingScope,
} from "../constraint.js";
import type { OverSaturationDetector } from "./over-saturation-detector.js";

/** Stops everything, or only says so, once a detector finds that the server falls behind. */
export class OverSaturationConstraint implements Constraint {
  readonly kind = "over_saturation";
  readonly limits = {};
  readonly stoppingScope: StoppingScope;
  readonly #detector: OverSaturationDetector;
  readonly #enforces: boolean;
  #isSaturated = false;
  #firstSeconds: number | null = null;
  #firstNs: number | null = null;

  constructor(
    detector: OverSaturationDetector,
    options: { readonly mode: "enforce" | "monitor"; readonly stoppingScope: StoppingScope },
  ) {
    this.#detector = detector;
    this.#enforces = options.mode === "enforce";
    this.stoppingScope = options.stoppingScope;
  }

  watch(observation: RunObservation): void {
    const { nowNs, startNs } = observation.counts;
    this.#isSaturated = this.#detector.observe(observation);
    if (!this.#isSaturated || this.#firstNs !== null) return;
    this.#firstNs = nowNs;
    this.#firstSeconds = (nowNs - startNs) / 1e9;
  }

  evaluate(): ConstraintAction {
    const stops = this.#enforces && this.#firstNs !== null;
    return {
      requestQueuing: stops ? "stop" : "continue",
      requestProcessing: stops ? "stop_all" : "continue",
      stoppingScope: this.stoppingScope,
      metadata: {
        ...this.#detector.figures,
        is_over_saturated: this.#firstNs !== null,
        is_over_saturated_now: this.#isSaturated,
        first_over_saturated_seconds: this.#firstSeconds,
      },
      progress: { ...NO_PROGRESS, stopNs: stops ? this.#firstNs : null },
    };
  }
}
