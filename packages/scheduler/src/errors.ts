import { CoreError, type CoreErrorOptions } from "@core/registry";

/** Error codes of this package and what each one means. */
export const SCHEDULER_ERRORS = Object.freeze({
  CORE_SCHEDULER_NO_DATA: "The data source gave no conversation at all, so nothing could be sent.",
  CORE_SCHEDULER_BAD_GRAPH: "A conversation graph has no nodes, a cycle, an edge to nowhere or two full parents.",
  CORE_SCHEDULER_WORKER_FAILED: "A request worker could not start, or an error of its own code ended its work.",
  CORE_SCHEDULER_WORKER_DIED: "A request worker ended in the middle of its work; its requests are counted as errored.",
  CORE_SCHEDULER_WORKER_HUNG: "A request worker did not react to the end of the run and was ended by force.",
  CORE_SCHEDULER_ABORT_IGNORED: "The backend did not end a request after it was cut; the request is cancelled.",
  CORE_SCHEDULER_PREDECESSOR_FAILED: "The request was never sent, because one that it depends on did not complete.",
  CORE_SCHEDULER_PREPARE_FAILED: "The backend could not prepare the request and gave no code of its own.",
  CORE_SCHEDULER_TOO_MANY_WORKERS: "More request workers were asked for than the backend allows.",
  CORE_SCHEDULER_BUSY: "The scheduler is running a strategy, or has been shut down.",
  CORE_SCHEDULER_LOST_REQUESTS: "Issued requests and received records do not add up; a defect of the scheduler.",
});

/** A code of {@link SCHEDULER_ERRORS}. */
export type SchedulerErrorCode = keyof typeof SCHEDULER_ERRORS;

/** An error of scheduling that ends the run. */
export class SchedulerError extends CoreError {
  constructor(message: string, options: CoreErrorOptions & { readonly code: SchedulerErrorCode }) {
    super(message, options);
  }
}
