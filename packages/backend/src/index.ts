export {
  booleanField,
  CoreError,
  type CoreErrorOptions,
  choiceField,
  defineField,
  describeFields,
  type Field,
  headersField,
  integerField,
  isCredentialHeader,
  isMapping,
  type KindDefinition,
  KindRegistry,
  listFamily,
  listField,
  mappingField,
  maskHeaders,
  nullable,
  numberField,
  numberListField,
  type Reading,
  revealArgs,
  SECRET_MASK,
  Secret,
  secretField,
  show,
  textField,
  toJsonSchema,
  withDefault,
} from "@core/registry";
export { ArrivalClock, type Arrivals, arrivalClock } from "./arrival-clock.js";
export { Backend, type BackendArgs, type BackendLimits } from "./backend.js";
export {
  type BackendArgsByKind,
  type BackendClassByKind,
  type BackendDefinition,
  type BackendKind,
  type BackendOfKind,
  backends,
  createBackend,
  type GivenArgsOfKind,
  isBackendArgs,
  type ParsedArgsOfKind,
  parseBackendArgs,
  registerBackend,
} from "./backend-registry.js";
export { betweenReads, type SpareWork } from "./between-reads.js";
export { type Clock, createClock, createFakeClock, type FakeClock } from "./clock.js";
export { CLOCK, createScope, type DependencyContainer, inject, injectable, LOGGER } from "./di.js";
export { countedBetween, type EngineCounters } from "./engine-counters.js";
export { BACKEND_ERRORS, BackendError, type BackendErrorCode } from "./errors.js";
export { EventQueue } from "./event-queue.js";
export { type Logger, SILENT_LOGGER } from "./logger.js";
export type { GenerationRequest, HistoryTurn, PreparedRequest, TurnType } from "./request.js";
export { RequestTimings } from "./request-timings.js";
export type {
  FailurePhase,
  FinalEvent,
  FirstTokenEvent,
  PartialEvent,
  RequestFailure,
  ResolveContext,
  ResolveEvent,
} from "./resolve-event.js";
export type { GenerationResponse, ToolCall } from "./response.js";
export { StampMemory, type StampRoom } from "./stamp-memory.js";
export { TextMeter } from "./text-meter.js";
export { measureText, totalTokens, UNKNOWN_USAGE, type UsageMetrics, unknownUsage } from "./usage-metrics.js";
export { withModel } from "./with-model.js";
