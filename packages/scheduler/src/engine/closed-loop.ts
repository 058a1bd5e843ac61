import type { ClosedSchedule } from "../strategy/schedule.js";
import { DueQueue } from "./due-queue.js";
import type { DueWork } from "./due-work.js";
import { reasonToEnd, reasonToStop } from "./reason-to-end.js";
import type { Launch } from "./request-slot.js";
import type { SendingEnd, SendLoop, SendLoopContext, SendLoopReport } from "./send-loop.js";

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

/** A stream that sends nothing, and since when. */
interface FreeStream {
  readonly stream: number;
  readonly sinceNs: number;
  waitsForData: boolean;
}

/**
 * Runs streams: a free stream takes the next request that is ready, those of conversations on their way before those of
 * new ones. A request that waits out its think time holds no stream, unless the streams are conversations.
 */
export class ClosedLoop implements SendLoop {
  readonly #context: SendLoopContext;
  readonly #slice: ClosedSlice;
  readonly #free: FreeStream[] = [];
  readonly #turns = new DueQueue<DueWork>();
  #nextStream: number;
  #nextStreamNs = Number.POSITIVE_INFINITY;
  #isStarting = false;
  #conversations = 0;
  #startNs = 0;
  #sendUntilNs = Number.POSITIVE_INFINITY;
  #wakeNs = Number.POSITIVE_INFINITY;
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
    this.#nextStreamNs = this.#streamStartNs();
    this.#wake();
  }

  stop(): void {
    this.#end(reasonToStop(this.#context));
  }

  onWork(): void {
    if (this.#free.length > 0) this.#dispatch();
  }

  onFinished({ work, stream }: Launch, endNs: number): void {
    if (this.ended) return;
    for (const next of this.#context.following(work)) this.#turns.push({ work: next, dueNs: next.readyNs, stream });
    const isOver = work.conversation.close();
    if (isOver) this.#conversations -= 1;
    if (isOver || !this.#slice.schedule.holdsConversations) this.#setFree(stream ?? 0, endNs);
    this.#dispatch();
  }

  report(): SendLoopReport {
    return {
      delayedByCap: 0,
      delayedByData: this.#delayedByData,
      delayedByHistory: 0,
      dueNotSent: 0,
      dropped: 0,
      reanchored: 0,
      endedBy: this.#endedBy,
      sendingEndedNs: this.#sendingEndedNs,
    };
  }

  readonly #wake = (): void => {
    this.#wakeNs = Number.POSITIVE_INFINITY;
    if (!this.#isStarting) this.#startStream();
    this.#dispatch();
  };

  readonly #startNext = (): void => {
    this.#isStarting = false;
    this.#startStream();
    this.#dispatch();
  };

  /** One stream after the other, with reads in between: the first tokens of the first streams come before the last ones start. */
  #startStream(): void {
    if (this.ended || this.#nextStreamNs > this.#context.clock.nowNs()) return;
    this.#setFree(this.#nextStream, this.#nextStreamNs);
    this.#nextStream += this.#slice.stride;
    this.#nextStreamNs = this.#streamStartNs();
    if (this.#nextStreamNs > this.#context.clock.nowNs()) return;
    this.#isStarting = true;
    this.#context.timers.spare(this.#startNext);
  }

  #streamStartNs(): number {
    const { schedule, streams } = this.#slice;
    if (this.#nextStream >= streams) return Number.POSITIVE_INFINITY;
    return this.#startNs + schedule.streamOffsetNs(this.#nextStream, streams);
  }

  #setFree(stream: number, sinceNs: number): void {
    this.#free.push({ stream, sinceNs, waitsForData: false });
  }

  #dispatch(): void {
    for (;;) {
      if (this.ended) return;
      const reason = reasonToEnd(this.#context, this.#sendUntilNs);
      if (reason !== null) this.#end(reason);
      else if (!this.#sendTurn() && !this.#openConversation()) break;
    }
    if (this.#context.queue.exhausted && this.#conversations === 0) {
      this.#end("data");
      return;
    }
    this.#countWaiting();
    this.#setTimer();
  }

  #sendTurn(): boolean {
    const turn = this.#turns.peek();
    if (turn === undefined || turn.dueNs > this.#context.clock.nowNs()) return false;
    if (this.#slice.schedule.holdsConversations) {
      this.#turns.pop();
      return this.#send(turn);
    }
    const free = this.#free.shift();
    if (free === undefined) return false;
    this.#turns.pop();
    return this.#send({ work: turn.work, dueNs: Math.max(turn.dueNs, free.sinceNs), stream: free.stream });
  }

  #openConversation(): boolean {
    if (this.#free.length === 0) return false;
    const work = this.#context.queue.take();
    const free = work === null ? undefined : this.#free.shift();
    if (work === null || free === undefined) return false;
    this.#conversations += 1;
    const { stream, sinceNs } = free;
    for (const other of work.alongside) this.#turns.push({ work: other, dueNs: sinceNs, stream });
    return this.#send({ work, dueNs: sinceNs, stream });
  }

  #send({ work, dueNs, stream }: DueWork): boolean {
    if (!this.#context.send(work, dueNs, stream)) this.#end("limit");
    return true;
  }

  /** At most the stream that came free last has not been counted yet. */
  #countWaiting(): void {
    const last = this.#free.at(-1);
    if (last === undefined || last.waitsForData || this.#context.queue.exhausted) return;
    last.waitsForData = true;
    this.#delayedByData += 1;
  }

  #setTimer(): void {
    const turnNs = this.#turns.peek()?.dueNs ?? Number.POSITIVE_INFINITY;
    const canSend = this.#slice.schedule.holdsConversations || this.#free.length > 0;
    const startNs = this.#isStarting ? Number.POSITIVE_INFINITY : this.#nextStreamNs;
    const wakeNs = Math.min(this.#sendUntilNs, startNs, canSend ? turnNs : Number.POSITIVE_INFINITY);
    // Perf: an end that changes nothing about the next instant sets no timer.
    if (wakeNs >= this.#wakeNs) return;
    this.#wakeNs = wakeNs;
    this.#context.timers.at(wakeNs, this.#wake);
  }

  #end(reason: SendingEnd): void {
    if (this.ended) return;
    this.#endedBy = reason;
    this.#sendingEndedNs = Math.min(this.#context.clock.nowNs(), this.#sendUntilNs);
    this.#context.timers.clear();
    this.#context.onEnded();
  }
}
