import type { RunObservation } from "../constraint.js";

/** Judges from what it is told of a run whether the server falls behind. */
export interface OverSaturationDetector {
  /** Takes an observation. @returns Whether the server falls behind now. */
  observe(observation: RunObservation): boolean;
  /** Figures behind the latest judgement, under the names of the report. */
  readonly figures: Readonly<Record<string, unknown>>;
}
