import { orElse } from "./column-arithmetic.js";
import { type PhaseConfig, type PhaseLimits, type RunSize, resolvePhase } from "./phase-limits.js";
import { RECORD_STATUS } from "./record-layout.js";
import type { RecordTable } from "./record-table.js";
import { type SteadySpan, steadySpan } from "./steady-state.js";
import type { MeasurementWindow } from "./window-members.js";

/** What {@link deriveWindow} needs. Instants are nanoseconds of the run's clock. */
export interface DeriveWindowInput extends RunSize {
  readonly table: RecordTable;
  readonly schedulerStartNs: number;
  /** When a constraint stopped the run; null when it came to its end by itself. */
  readonly stopTimeNs: number | null;
  /** When the scheduler was done; used only when no request ended. */
  readonly schedulerEndNs: number;
  readonly warmup: PhaseConfig | null;
  readonly cooldown: PhaseConfig | null;
}

/** The measurement window with the span of the whole load around it. */
export interface DerivedWindow extends MeasurementWindow {
  /** First send; the scheduler's start when nothing was sent. */
  readonly requestStartNs: number;
  /** Stop of the run, else the last end of a request. */
  readonly requestEndNs: number;
  /** Sentences on phases that could not be applied as configured. */
  readonly notes: readonly string[];
}

/**
 * Derives the measurement window. Phases in seconds count from the scheduler's start and back from the end of the run
 * (its duration limit, or its actual end when that came earlier). Phases in requests cut off exactly that many ends of
 * requests: the window begins right after the n-th end and stops at the n-th end before the last. Phases to be found
 * leave the steady part of the load.
 */
export function deriveWindow(input: DeriveWindowInput): DerivedWindow {
  const ends = sortedEnds(input.table);
  const requestStartNs = firstSend(input.table) ?? input.schedulerStartNs;
  const requestEndNs = input.stopTimeNs ?? ends.at(-1) ?? input.schedulerEndNs;
  const notes: string[] = [];
  const warmup = limitsOf("warmup", input.warmup, input, notes);
  const cooldown = limitsOf("cooldown", input.cooldown, input, notes);
  const steady = steadyPart(input, { startNs: requestStartNs, endNs: requestEndNs }, notes);
  const startNs = steady.fromNs ?? measureStart(warmup, { input, ends, requestStartNs });
  const endNs = steady.untilNs ?? measureEnd(cooldown, { input, ends, requestEndNs });
  if (startNs > endNs) notes.push("Warmup and cooldown leave no time to measure; every metric is empty.");
  return { startNs, endNs: Math.max(startNs, endNs), requestStartNs, requestEndNs, notes };
}

/** Where the load was steady, for the phases that are to be found. */
function steadyPart(
  { table, warmup, cooldown }: DeriveWindowInput,
  load: { readonly startNs: number; readonly endNs: number },
  notes: string[],
): SteadySpan {
  const [findsStart, findsEnd] = [warmup?.mode === "auto", cooldown?.mode === "auto"];
  if (!findsStart && !findsEnd) return { fromNs: null, untilNs: null };
  const { fromNs, untilNs } = steadySpan(table, load);
  if (findsStart && fromNs === null) {
    notes.push("The load did not become steady in the first half of the run; nothing was cut off as warmup.");
  }
  if (findsEnd && untilNs === null) {
    notes.push("The load did not stay steady in the second half of the run; nothing was cut off as cooldown.");
  }
  return { fromNs: findsStart ? fromNs : null, untilNs: findsEnd ? untilNs : null };
}

function limitsOf(name: string, phase: PhaseConfig | null, size: RunSize, notes: string[]): PhaseLimits {
  const limits = resolvePhase(phase, size);
  if (phase !== null && phase.mode !== "auto" && limits.seconds === null && limits.requests === null) {
    notes.push(`The ${name} is a share of a run whose ${missingTotal(phase)} is not limited; it was not applied.`);
  }
  return limits;
}

function missingTotal(phase: PhaseConfig): string {
  if (phase.mode === "duration") return "duration";
  return phase.mode === "requests" ? "number of requests" : "size";
}

function measureStart(
  limits: PhaseLimits,
  facts: { readonly input: DeriveWindowInput; readonly ends: Float64Array; readonly requestStartNs: number },
): number {
  const { input, ends, requestStartNs } = facts;
  const bySeconds = limits.seconds === null ? null : input.schedulerStartNs + limits.seconds * 1e9;
  // One nanosecond later, because a request that ends at the very start of the window belongs to it.
  const byRequests =
    limits.requests === null || limits.requests === 0
      ? null
      : (ends[limits.requests - 1] ?? ends.at(-1) ?? requestStartNs) + 1;
  return Math.max(requestStartNs, bySeconds ?? requestStartNs, byRequests ?? requestStartNs);
}

function measureEnd(
  limits: PhaseLimits,
  facts: { readonly input: DeriveWindowInput; readonly ends: Float64Array; readonly requestEndNs: number },
): number {
  const { input, ends, requestEndNs } = facts;
  const limitNs = input.schedulerStartNs + (input.maxDurationSeconds ?? Number.POSITIVE_INFINITY) * 1e9;
  const bySeconds = limits.seconds === null ? requestEndNs : Math.min(limitNs, requestEndNs) - limits.seconds * 1e9;
  const byRequests =
    limits.requests === null || limits.requests === 0
      ? requestEndNs
      : (ends[ends.length - 1 - limits.requests] ?? Number.NEGATIVE_INFINITY);
  return Math.min(requestEndNs, bySeconds, byRequests);
}

/** Ends of all started requests, ascending. */
function sortedEnds(table: RecordTable): Float64Array {
  const status = table.column("status");
  const ends = orElse(table.column("end_ns"), table.column("resolve_end_ns"));
  for (let row = 0; row < ends.length; row += 1) {
    if (status[row] === RECORD_STATUS.cancelledNeverStarted) ends[row] = Number.NaN;
  }
  return knownAscending(ends);
}

function firstSend(table: RecordTable): number | null {
  return knownAscending(table.column("send_ns"))[0] ?? null;
}

/** Defined numbers, the least first. The column is put in order. */
function knownAscending(column: Float64Array): Float64Array {
  column.sort(); // undefined ones last
  let count = column.length;
  while (count > 0 && Number.isNaN(column[count - 1])) count -= 1;
  return column.subarray(0, count);
}
