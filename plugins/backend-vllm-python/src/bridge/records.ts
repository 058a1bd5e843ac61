import type { EngineFailure } from "./engine-failure.js";

/** Instants are nanoseconds since the epoch of the session, on the clock of this process. */
export interface RequestUsage {
  readonly prompt_tokens: number | null;
  readonly completion_tokens: number;
  readonly cached_tokens: number | null;
  readonly aborted: boolean;
}

/** The engine's own stamps of a request; null where it does not tell. */
export interface EngineMetrics {
  readonly queued?: number | null;
  readonly scheduled?: number | null;
  readonly first_token?: number | null;
  readonly last_token?: number | null;
  readonly gen_tokens?: number | null;
  readonly first_token_latency_ms?: number | null;
  readonly corrupted?: boolean | null;
  /** Of a batch: its size, and nanoseconds that the request waited for it. */
  readonly batch_size?: number;
  readonly batch_wait?: number;
}

/** A failure as the bridge describes it. */
export interface BridgeFailure {
  readonly code: string;
  readonly message: string;
  readonly type?: string;
  readonly cause?: string | null;
  readonly trace?: string | null;
}

/** What records are made for: one request. Exactly one of `ended` and `failed` is the last call. */
export interface RecordSink {
  /** Taken from the channel, and handed to the engine. */
  started(receivedNs: number, submittedNs: number): void;
  prompt(tokens: number, cachedTokens: number | null): void;
  /** Tokens that arrived together. */
  delta(atNs: number, coreNs: number | null, tokens: number, text: string): void;
  choiceEnded(finishReason: string): void;
  ended(atNs: number, usage: RequestUsage, metrics: EngineMetrics | null): void;
  failed(atNs: number, failure: BridgeFailure): void;
  /** The engine is gone before the request had ended; then it is the last call. */
  lost(atNs: number, failure: EngineFailure): void;
}

/** A record as it comes: its kind, the number of its request, then what the kind says. */
export type BridgeRecord = readonly [kind: number, rid: number, ...values: readonly unknown[]];

/** Hands one record to its request. @throws {RangeError} for an unknown kind. */
export function readRecord(record: BridgeRecord, sink: RecordSink): void {
  switch (record[0]) {
    case 0:
      sink.started(record[2] as number, record[3] as number);
      break;
    case 1:
      sink.prompt(record[2] as number, record[3] as number | null);
      break;
    case 2:
      sink.delta(record[3] as number, record[4] as number | null, record[5] as number, record[6] as string);
      break;
    case 3:
      sink.choiceEnded(record[3] as string);
      break;
    case 4:
      sink.ended(record[2] as number, record[3] as RequestUsage, record[4] as EngineMetrics | null);
      break;
    case 5:
      sink.failed(record[2] as number, record[3] as BridgeFailure);
      break;
    default:
      throw new RangeError(`a record of kind ${record[0]}`);
  }
}

/** Tells whether a record of this kind is the last of its request. */
export function isLastRecord(kind: number): boolean {
  return kind === 4 || kind === 5;
}
