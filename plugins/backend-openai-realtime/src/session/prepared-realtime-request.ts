import type { PreparedRequest } from "@core/backend";

/** A request with its messages, ready to be written. */
export interface PreparedRealtimeRequest extends PreparedRequest {
  readonly messages: RealtimeMessages;
  readonly audio: AudioSize;
}

/** The messages of one request in order; each is JSON as UTF-8. */
export interface RealtimeMessages {
  readonly all: readonly Buffer[];
  /** Milliseconds after the first message at which each one is due; null sends all at once. */
  readonly dueMs: Float64Array | null;
  readonly bytes: number;
}

/** How much audio a request holds. */
export interface AudioSize {
  /** At 16 kHz. */
  readonly samples: number;
  readonly seconds: number;
  /** As it was given, encoded. */
  readonly bytes: number;
}
