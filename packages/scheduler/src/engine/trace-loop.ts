import type { TraceSchedule } from "../strategy/schedule.js";
import { rootDueNs, turnDueNs } from "../strategy/turn-due.js";
import { DueQueue } from "./due-queue.js";
import type { DueWork } from "./due-work.js";
import { reasonToEnd, reasonToStop } from "./reason-to-end.js";
import type { Launch } from "./request-slot.js";
import type { SendingEnd, SendLoop, SendLoopContext, SendLoopReport } from "./send-loop.js";
import type { Work } from "./work-queue.js";

/** Sends in one turn of the event loop; a longer backlog goes on in the next turn. */
const SENDS_PER_TURN = 64;
/** How far ahead of their time conversations are taken from the data, which may be slightly out of order. */
const TAKE_AHEAD_NS = 2e9;

/**
 * Sends at the recorded instants of the data. A request waits for its time without holding a place among those in flight;
 * what cannot be sent in time is sent as soon as it can, and keeps its intended instant.
 */
export class TraceLoop implements SendLoop {
  readonly #context: SendLoopContext;
  readonly #schedule: TraceSchedule;
  readonly #cap: number;
  readonly #due = new DueQueue<DueWork>();
  readonly #late = new Set<Work>();
  #startNs = 0;
  #sendUntilNs = Number.POSITIVE_INFINITY;
  #takenUpToNs = Number.NEGATIVE_INFINITY;
  #inConversations = 0;
  #delayedByCap = 0;
  #delayedByHistory = 0;
  #dueNotSent = 0;
  #endedBy: SendingEnd | null = null;
  #sendingEndedNs = Number.NaN;

  /** @param cap - Most requests of this worker in flight. */
  constructor(context: SendLoopContext, schedule: TraceSchedule, cap: number) {
    this.#context = context;
    this.#schedule = schedule;
    this.#cap = cap;
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
    this.#end(reasonToStop(this.#context));
  }

  onWork(): void {
    if (!this.ended) this.#dispatch();
  }

  onFinished(launch: Launch): void {
    if (this.ended) return;
    for (const next of this.#context.following(launch.work)) this.#pushTurn(next);
    if (launch.work.conversation.close()) this.#inConversations -= 1;
    if (!this.ended) this.#dispatch();
  }

  #pushTurn(work: Work): void {
    const dueNs = this.#turnDueNs(work);
    if (dueNs < work.readyNs) this.#delayedByHistory += 1;
    this.#due.push({ work, dueNs: Math.max(dueNs, work.readyNs), stream: null });
  }

  report(): SendLoopReport {
    return {
      delayedByCap: this.#delayedByCap,
      delayedByData: 0, // what is not there yet has no time that it could miss
      delayedByHistory: this.#delayedByHistory,
      dueNotSent: this.#dueNotSent,
      dropped: 0,
      reanchored: 0,
      endedBy: this.#endedBy,
      sendingEndedNs: this.#sendingEndedNs,
    };
  }

  readonly #dispatch = (): void => {
    for (let sent = 0; !this.ended; sent += 1) {
      const reason = this.#reasonToEnd();
      if (reason !== null) this.#end(reason);
      else if (!this.#sendIfDue(sent)) return;
    }
  };

  #reasonToEnd(): SendingEnd | null {
    const { clock, queue } = this.#context;
    const reason = reasonToEnd(this.#context, this.#sendUntilNs);
    if (reason !== null) return reason;
    this.#takeAhead(clock.nowNs());
    return queue.exhausted && this.#inConversations === 0 ? "data" : null;
  }

  #sendIfDue(sent: number): boolean {
    const { clock, timers, inFlight } = this.#context;
    const next = this.#due.peek();
    if (next === undefined) this.#wakeAtEnd();
    else if (next.dueNs > clock.nowNs()) this.#wakeFor(next.dueNs);
    else if (inFlight() >= this.#cap) this.#waitForPlace(next.work);
    else if (sent >= SENDS_PER_TURN) timers.soon(this.#dispatch);
    else return this.#sendNext();
    return false;
  }

  #takeAhead(nowNs: number): void {
    const { queue } = this.#context;
    while (this.#takenUpToNs <= nowNs + TAKE_AHEAD_NS && queue.hasWork) {
      const work = queue.take();
      if (work === null) return;
      this.#inConversations += 1;
      this.#takenUpToNs = Math.max(this.#takenUpToNs, this.#pushRoot(work));
      for (const other of work.alongside) this.#pushRoot(other);
    }
  }

  #pushRoot(work: Work): number {
    const { settings } = work.conversation.node(work.position);
    const dueNs = rootDueNs(settings, this.#startNs, this.#schedule);
    this.#due.push({ work, dueNs, stream: null });
    return dueNs;
  }

  #wakeFor(dueNs: number): void {
    const { clock, timers, queue } = this.#context;
    // Before this one is due, what comes next in the data may have to be taken.
    const takeNs = queue.hasWork ? Math.max(clock.nowNs() + 1e6, this.#takenUpToNs - TAKE_AHEAD_NS) : dueNs;
    timers.at(Math.min(dueNs, takeNs, this.#sendUntilNs), this.#dispatch);
  }

  #waitForPlace(work: Work): void {
    if (!this.#late.has(work)) {
      this.#late.add(work);
      this.#delayedByCap += 1;
    }
    this.#wakeAtEnd();
  }

  #wakeAtEnd(): void {
    if (Number.isFinite(this.#sendUntilNs)) this.#context.timers.at(this.#sendUntilNs, this.#dispatch);
  }

  #sendNext(): boolean {
    const next = this.#due.pop();
    if (next === undefined) return false;
    this.#late.delete(next.work);
    const mayGoOn = this.#context.send(next.work, next.dueNs, null);
    if (!mayGoOn) this.#end("limit");
    return mayGoOn;
  }

  #turnDueNs({ conversation, position }: Work): number {
    const parents = (conversation.plan.incoming[position] ?? []).map(({ source }) => ({
      ...conversation.node(source).settings,
      endedNs: conversation.endedNs(source),
    }));
    const { settings } = conversation.node(position);
    return turnDueNs(settings, parents, { startNs: this.#startNs, timing: this.#schedule });
  }

  #end(reason: SendingEnd): void {
    if (this.ended) return;
    this.#endedBy = reason;
    this.#sendingEndedNs = Math.min(this.#context.clock.nowNs(), this.#sendUntilNs);
    if (reason === "stop" || reason === "duration") this.#dueNotSent = this.#due.countBefore(this.#sendingEndedNs);
    this.#context.timers.clear();
    this.#context.onEnded();
  }
}
