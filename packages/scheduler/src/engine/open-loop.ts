import type { OpenSchedule } from "../strategy/schedule.js";
import type { Launch } from "./request-slot.js";
import type { SendingEnd, SendLoop, SendLoopContext, SendLoopReport } from "./send-loop.js";
import type { Work } from "./work-queue.js";

/** Sends in one turn of the event loop; a longer backlog goes on in the next turn. */
const SENDS_PER_TURN = 64;
const MAX_DUE_COUNTED = 1_000_000;

/** A worker's part of an open schedule. */
export interface OpenSlice {
  readonly schedule: OpenSchedule;
  /** First global index. */
  readonly first: number;
  /** Distance to the next one: the number of workers. */
  readonly stride: number;
  /** Most requests of this worker in flight. */
  readonly cap: number;
}

interface ReadyTurn {
  readonly work: Work;
  readonly readyNs: number;
}

/**
 * Sends at the instants of a schedule, whatever the server does. A later turn of a conversation takes the place of a new
 * conversation, so that the rate counts requests. A send that cannot happen in time happens as soon as it can and keeps
 * its intended instant.
 */
export class OpenLoop implements SendLoop {
  readonly #context: SendLoopContext;
  readonly #slice: OpenSlice;
  readonly #turns: ReadyTurn[] = [];
  #index: number;
  #startNs = 0;
  #sendUntilNs = Number.POSITIVE_INFINITY;
  #waiting: "cap" | "data" | "turn" | null = null;
  #lateIndex = -1;
  #conversations = 0;
  #delayedByCap = 0;
  #delayedByData = 0;
  #delayedByHistory = 0;
  #dueNotSent = 0;
  #endedBy: SendingEnd | null = null;
  #sendingEndedNs = Number.NaN;

  constructor(context: SendLoopContext, slice: OpenSlice) {
    this.#context = context;
    this.#slice = slice;
    this.#index = slice.first;
  }

  get ended(): boolean {
    return this.#endedBy !== null;
  }

  start(startNs: number, sendUntilNs: number): void {
    this.#startNs = startNs;
    this.#sendUntilNs = sendUntilNs;
    this.#dispatch();
  }

  stop(): void {
    this.#end("stop");
  }

  onWork(): void {
    if (this.#waiting === "data") this.#dispatch();
  }

  onFinished(launch: Launch, endNs: number): void {
    if (this.ended) return;
    const next = this.#context.nextTurn(launch.work);
    if (next === null) this.#conversations -= 1;
    else this.#turns.push({ work: next, readyNs: endNs });
    if (this.#waiting !== null) this.#dispatch();
  }

  report(): SendLoopReport {
    return {
      delayedByCap: this.#delayedByCap,
      delayedByData: this.#delayedByData,
      delayedByHistory: this.#delayedByHistory,
      dueNotSent: this.#dueNotSent,
      endedBy: this.#endedBy,
      sendingEndedNs: this.#sendingEndedNs,
    };
  }

  readonly #dispatch = (): void => {
    this.#waiting = null;
    for (let sent = 0; !this.ended; sent += 1) {
      const reason = this.#reasonToEnd();
      if (reason !== null) this.#end(reason);
      else if (!this.#sendIfDue(sent)) return;
    }
  };

  #reasonToEnd(): SendingEnd | null {
    const { clock, control, limits } = this.#context;
    if (control.stopRequested) return "stop";
    if (clock.nowNs() >= this.#sendUntilNs) return "duration";
    return this.#index >= limits.issuedRequests ? "limit" : null;
  }

  #sendIfDue(sent: number): boolean {
    const { clock, timers } = this.#context;
    const intendedNs = this.#intendedNs(this.#index);
    const due = intendedNs <= clock.nowNs();
    if (due && sent < SENDS_PER_TURN) return this.#sendOne(intendedNs);
    if (due) timers.soon(this.#dispatch);
    else timers.at(Math.min(intendedNs, this.#sendUntilNs), this.#dispatch);
    return false;
  }

  #sendOne(intendedNs: number): boolean {
    const { queue, inFlight, launch, limits, onLastIssued } = this.#context;
    if (inFlight() >= this.#slice.cap) return this.#wait("cap");
    const turn = this.#turns.shift();
    const work = turn?.work ?? queue.take();
    if (work === null) return this.#waitForWork();
    if (turn === undefined) this.#conversations += 1;
    const index = this.#index;
    this.#index += this.#slice.stride;
    // A turn cannot be meant to start before the one that it answers has ended.
    launch({ work, index, intendedNs: Math.max(intendedNs, turn?.readyNs ?? intendedNs), stream: null });
    if (index === limits.issuedRequests - 1) onLastIssued();
    return true;
  }

  #waitForWork(): false {
    if (!this.#context.queue.exhausted) return this.#wait("data");
    if (this.#conversations > 0) return this.#wait("turn");
    this.#end("data");
    return false;
  }

  #wait(reason: "cap" | "data" | "turn"): false {
    this.#waiting = reason;
    if (this.#lateIndex !== this.#index) {
      this.#lateIndex = this.#index;
      if (reason === "cap") this.#delayedByCap += 1;
      if (reason === "data") this.#delayedByData += 1;
      if (reason === "turn") this.#delayedByHistory += 1;
    }
    if (Number.isFinite(this.#sendUntilNs)) this.#context.timers.at(this.#sendUntilNs, this.#dispatch);
    return false;
  }

  #end(reason: SendingEnd): void {
    if (this.ended) return;
    this.#endedBy = reason;
    this.#sendingEndedNs = Math.min(this.#context.clock.nowNs(), this.#sendUntilNs);
    if (reason === "stop" || reason === "duration") this.#dueNotSent = this.#countDue();
    this.#context.timers.clear();
    this.#context.onEnded();
  }

  #countDue(): number {
    let due = 0;
    for (let index = this.#index; due < MAX_DUE_COUNTED && index < this.#context.limits.issuedRequests; due += 1) {
      if (this.#intendedNs(index) >= this.#sendingEndedNs) break;
      index += this.#slice.stride;
    }
    return due;
  }

  #intendedNs(index: number): number {
    return this.#startNs + this.#slice.schedule.startOffsetNs(index);
  }
}
