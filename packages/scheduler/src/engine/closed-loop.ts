import type { ClosedSchedule } from "../strategy/schedule.js";
import type { Launch } from "./request-slot.js";
import type { SendingEnd, SendLoop, SendLoopContext, SendLoopReport } from "./send-loop.js";
import type { Work } from "./work-queue.js";

/** A worker's part of a closed schedule. */
export interface ClosedSlice {
  readonly schedule: ClosedSchedule;
  /** Number of streams of all workers together. */
  readonly streams: number;
  /** First stream of this worker. */
  readonly first: number;
  /** Distance to its next stream: the number of workers. */
  readonly stride: number;
}

interface StreamWait {
  readonly stream: number;
  readonly intendedNs: number;
}

/** Runs streams: each sends its next request when its last one has ended, and takes whole conversations. */
export class ClosedLoop implements SendLoop {
  readonly #context: SendLoopContext;
  readonly #slice: ClosedSlice;
  readonly #waiting: StreamWait[] = [];
  #nextStream: number;
  #running = 0;
  #startNs = 0;
  #sendUntilNs = Number.POSITIVE_INFINITY;
  #delayedByData = 0;
  #endedBy: SendingEnd | null = null;
  #sendingEndedNs = Number.NaN;

  constructor(context: SendLoopContext, slice: ClosedSlice) {
    this.#context = context;
    this.#slice = slice;
    this.#nextStream = slice.first;
  }

  get ended(): boolean {
    return this.#endedBy !== null;
  }

  start(startNs: number, sendUntilNs: number): void {
    this.#startNs = startNs;
    this.#sendUntilNs = sendUntilNs;
    this.#startStreams();
  }

  stop(): void {
    this.#end("stop");
  }

  onWork(): void {
    const { queue } = this.#context;
    while (!this.ended && (queue.hasWork || queue.exhausted)) {
      const wait = this.#waiting.shift();
      if (wait === undefined) return;
      this.#takeConversation(wait);
    }
  }

  onFinished(launch: Launch, endNs: number): void {
    if (this.ended) return;
    const stream = launch.stream ?? 0;
    const next = this.#context.nextTurn(launch.work);
    if (next === null) this.#takeConversation({ stream, intendedNs: endNs });
    else this.#send(next, { stream, intendedNs: endNs });
  }

  report(): SendLoopReport {
    return {
      delayedByCap: 0,
      delayedByData: this.#delayedByData,
      delayedByHistory: 0,
      dueNotSent: 0,
      endedBy: this.#endedBy,
      sendingEndedNs: this.#sendingEndedNs,
    };
  }

  /** One stream after the other, with reads in between: the first tokens of the first streams come before the last ones start. */
  readonly #startStreams = (): void => {
    const { clock, timers } = this.#context;
    const { schedule, streams, stride } = this.#slice;
    if (!this.#mustEnd() && this.#nextStream < streams) {
      const intendedNs = this.#startNs + schedule.streamOffsetNs(this.#nextStream, streams);
      if (intendedNs > clock.nowNs()) {
        timers.at(Math.min(intendedNs, this.#sendUntilNs), this.#startStreams);
        return;
      }
      this.#running += 1;
      const stream = this.#nextStream;
      this.#nextStream += stride;
      this.#takeConversation({ stream, intendedNs });
      timers.spare(this.#startStreams);
      return;
    }
    if (!this.ended && Number.isFinite(this.#sendUntilNs)) timers.at(this.#sendUntilNs, () => this.#end("duration"));
  };

  #takeConversation(wait: StreamWait): void {
    if (this.#mustEnd()) return;
    const { queue } = this.#context;
    const work = queue.take();
    if (work !== null) {
      if (!this.#send(work, wait)) queue.putBack(work);
    } else if (queue.exhausted) {
      this.#endStream("data");
    } else {
      this.#delayedByData += 1;
      this.#waiting.push(wait);
    }
  }

  #send(work: Work, wait: StreamWait): boolean {
    if (this.#mustEnd()) return false;
    const { control, limits, launch, onLastIssued } = this.#context;
    const ticket = control.claim(limits.issuedRequests);
    if (ticket === null) {
      this.#end("limit");
      return false;
    }
    launch({ work, index: ticket, intendedNs: wait.intendedNs, stream: wait.stream });
    if (ticket === limits.issuedRequests - 1) {
      control.requestStop(); // streams of other workers that wait for data need not wait any longer
      onLastIssued();
      this.#end("limit");
    }
    return true;
  }

  #mustEnd(): boolean {
    if (this.ended) return true;
    if (this.#context.control.stopRequested) this.#end("stop");
    else if (this.#context.clock.nowNs() >= this.#sendUntilNs) this.#end("duration");
    return this.ended;
  }

  /** A stream without data ends; the loop ends with its last stream. */
  #endStream(reason: SendingEnd): void {
    this.#running -= 1;
    if (this.#running === 0) this.#end(reason);
  }

  #end(reason: SendingEnd): void {
    if (this.ended) return;
    this.#endedBy = reason;
    this.#sendingEndedNs = Math.min(this.#context.clock.nowNs(), this.#sendUntilNs);
    this.#context.timers.clear();
    this.#context.onEnded();
  }
}
