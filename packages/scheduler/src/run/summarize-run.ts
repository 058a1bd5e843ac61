import type { RecordTable } from "@core/metrics";
import { combineProgress, evaluateAll } from "../constraint/combine.js";
import type { Constraint, ConstraintAction } from "../constraint/constraint.js";
import type { RequestCounts } from "../control/control-block.js";
import type { SchedulerState, StopReason } from "./run-result.js";
import type { WorkerReport } from "./worker-link.js";

/** What is known at the end of a run. */
export interface RunFacts {
  readonly workers: number;
  readonly constraints: readonly Constraint[];
  readonly counts: RequestCounts;
  readonly table: RecordTable;
  readonly startNs: number;
  readonly endNs: number;
  /** When the run was stopped; null when it came to its end by itself. */
  readonly stoppedNs: number | null;
  readonly reports: readonly WorkerReport[];
}

/** Final state of a run. */
export function summarizeRun(facts: RunFacts): SchedulerState {
  const { counts, table, startNs, endNs } = facts;
  const endRequestsNs = lastEnd(table);
  const endProcessingNs = facts.stoppedNs ?? endRequestsNs ?? endNs;
  const processed = counts.issued - counts.inFlight;
  const schedulerConstraints = evaluateAll(facts.constraints, {
    created: counts.issued,
    processed,
    errored: counts.errored,
    startNs,
    nowNs: endProcessingNs,
  });
  const sendingEnds = facts.reports.map((report) => report.sendingEndedNs);
  return {
    nodeId: 0,
    numProcesses: facts.workers,
    startNs,
    endNs,
    startRequestsNs: firstSend(table),
    endRequestsNs,
    endQueuingNs: sendingEnds.length === 0 ? endProcessingNs : Math.max(...sendingEnds),
    endQueuingConstraints: pick(schedulerConstraints, (action) => action.requestQueuing === "stop"),
    endProcessingNs,
    endProcessingConstraints: pick(schedulerConstraints, (action) => action.requestProcessing !== "continue"),
    schedulerConstraints,
    progress: combineProgress(Object.values(schedulerConstraints).map((action) => action.progress)),
    createdRequests: counts.issued,
    queuedRequests: 0,
    pendingRequests: 0,
    processingRequests: counts.inFlight,
    processedRequests: processed,
    successfulRequests: counts.completed,
    erroredRequests: counts.errored,
    cancelledRequests: counts.cancelled,
  };
}

/** Constraints that asked for an end. Unlike GuideLLM, also those that fired after sending had already stopped. */
export function triggeredConstraints(state: SchedulerState): readonly StopReason[] {
  const triggered = { ...state.endQueuingConstraints, ...state.endProcessingConstraints };
  return Object.entries(triggered).map(([kind, action]) => ({ kind, stoppingScope: action.stoppingScope }));
}

function pick(
  actions: Readonly<Record<string, ConstraintAction>>,
  accept: (action: ConstraintAction) => boolean,
): Readonly<Record<string, ConstraintAction>> {
  return Object.fromEntries(Object.entries(actions).filter(([, action]) => accept(action)));
}

function firstSend(table: RecordTable): number | null {
  const sends = table.column("send_ns").sort(); // undefined ones last
  const first = sends[0] ?? Number.NaN;
  return Number.isNaN(first) ? null : first;
}

function lastEnd(table: RecordTable): number | null {
  const ends = table.column("end_ns");
  const resolved = table.column("resolve_end_ns");
  let last = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < ends.length; row += 1) {
    const end = ends[row] ?? Number.NaN;
    const atNs = Number.isNaN(end) ? (resolved[row] ?? Number.NaN) : end;
    if (atNs > last) last = atNs;
  }
  return Number.isFinite(last) ? last : null;
}
