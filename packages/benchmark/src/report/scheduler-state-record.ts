import type { SchedulerState } from "@core/scheduler";

/** Action of a constraint at the end of a run. */
export interface ConstraintActionRecord {
  readonly request_queuing: string;
  readonly request_processing: string;
  readonly stopping_scope: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly progress: ProgressRecord;
}

/** What is left of a run; null where nothing bounds it. `stop_time` in epoch seconds. */
export interface ProgressRecord {
  readonly remaining_requests: number | null;
  readonly total_requests: number | null;
  readonly remaining_duration: number | null;
  readonly total_duration: number | null;
  readonly stop_time: number | null;
}

/** Counters and instants of the scheduler under GuideLLM's keys; instants are epoch seconds, null is "never". */
export interface SchedulerStateRecord {
  readonly node_id: number;
  readonly num_processes: number;
  readonly start_time: number;
  readonly end_time: number;
  readonly start_requests_time: number | null;
  readonly end_requests_time: number | null;
  readonly end_queuing_time: number;
  readonly end_queuing_constraints: Readonly<Record<string, ConstraintActionRecord>>;
  readonly end_processing_time: number;
  readonly end_processing_constraints: Readonly<Record<string, ConstraintActionRecord>>;
  readonly scheduler_constraints: Readonly<Record<string, ConstraintActionRecord>>;
  readonly progress: ProgressRecord;
  readonly created_requests: number;
  readonly queued_requests: number;
  readonly pending_requests: number;
  readonly processing_requests: number;
  readonly processed_requests: number;
  readonly successful_requests: number;
  readonly errored_requests: number;
  readonly cancelled_requests: number;
}

type Actions = SchedulerState["schedulerConstraints"];

/** Writes a state under the report's keys. */
export function toSchedulerStateRecord(state: SchedulerState, epochWallSeconds: number): SchedulerStateRecord {
  const wall = (atNs: number): number => epochWallSeconds + atNs / 1e9;
  const wallOrNull = (atNs: number | null): number | null => (atNs === null ? null : wall(atNs));
  const progress = (from: SchedulerState["progress"]): ProgressRecord => ({
    remaining_requests: from.remainingRequests,
    total_requests: from.totalRequests,
    remaining_duration: from.remainingDurationSeconds,
    total_duration: from.totalDurationSeconds,
    stop_time: wallOrNull(from.stopNs),
  });
  const actions = (from: Actions): Record<string, ConstraintActionRecord> =>
    Object.fromEntries(
      Object.entries(from).map(([kind, action]) => [
        kind,
        {
          request_queuing: action.requestQueuing,
          request_processing: action.requestProcessing,
          stopping_scope: action.stoppingScope,
          metadata: action.metadata,
          progress: progress(action.progress),
        },
      ]),
    );
  return {
    node_id: state.nodeId,
    num_processes: state.numProcesses,
    start_time: wall(state.startNs),
    end_time: wall(state.endNs),
    start_requests_time: wallOrNull(state.startRequestsNs),
    end_requests_time: wallOrNull(state.endRequestsNs),
    end_queuing_time: wall(state.endQueuingNs),
    end_queuing_constraints: actions(state.endQueuingConstraints),
    end_processing_time: wall(state.endProcessingNs),
    end_processing_constraints: actions(state.endProcessingConstraints),
    scheduler_constraints: actions(state.schedulerConstraints),
    progress: progress(state.progress),
    created_requests: state.createdRequests,
    queued_requests: state.queuedRequests,
    pending_requests: state.pendingRequests,
    processing_requests: state.processingRequests,
    processed_requests: state.processedRequests,
    successful_requests: state.successfulRequests,
    errored_requests: state.erroredRequests,
    cancelled_requests: state.cancelledRequests,
  };
}
