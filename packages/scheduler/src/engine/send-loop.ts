import type { Clock } from "@core/backend";
import type { RunLimits } from "../constraint/constraint.js";
import type { ControlBlock } from "../control/control-block.js";
import type { Launch } from "./request-slot.js";
import type { Timers } from "./timers.js";
import type { Work, WorkQueue } from "./work-queue.js";

/** Why a worker sends nothing more. */
export type SendingEnd = "limit" | "data" | "stop" | "duration";

/** What a loop did, for diagnosis. */
export interface SendLoopReport {
  /** Sends that waited for the cap on requests in flight. */
  readonly delayedByCap: number;
  /** Sends that waited for data. */
  readonly delayedByData: number;
  /** Sends of an open loop that waited for an answer that their conversation goes on from. */
  readonly delayedByHistory: number;
  /** Requests of an open loop that were due when sending ended and were not sent. */
  readonly dueNotSent: number;
  /** Instants of an open loop that were given up because they had passed. */
  readonly dropped: number;
  /** How often an open loop moved the rest of its schedule because it was behind. */
  readonly reanchored: number;
  readonly endedBy: SendingEnd | null;
  readonly sendingEndedNs: number;
}

/** What a loop works with. */
export interface SendLoopContext {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly queue: WorkQueue;
  readonly control: ControlBlock;
  readonly limits: RunLimits;
  readonly inFlight: () => number;
  /**
   * Sends now, unless the limit of requests is used up by all workers together.
   *
   * @returns Whether more may be sent.
   */
  readonly send: (work: Work, intendedNs: number, stream: number | null) => boolean;
  /** Requests of the conversation that became ready by the end of this one, prepared. */
  readonly following: (work: Work) => readonly Work[];
  /** Called once, when nothing more will be sent. */
  readonly onEnded: () => void;
}

/** Decides when a worker sends. */
export interface SendLoop {
  /** Whether nothing more will be sent. */
  readonly ended: boolean;
  /** Begins sending; nothing is sent before `startNs` or from `sendUntilNs` on. */
  start(startNs: number, sendUntilNs: number): void;
  /** Sends nothing more. */
  stop(): void;
  /** Work may have become ready, or none will, or the limit may be used up. */
  onWork(): void;
  /** A launched request has ended. */
  onFinished(launch: Launch, endNs: number): void;
  report(): SendLoopReport;
}
