import type { Pacing } from "../strategy/pacing.js";
import type { OpenSchedule } from "../strategy/schedule.js";
import { DueQueue } from "./due-queue.js";
import type { DueWork } from "./due-work.js";
import { Instants } from "./instants.js";
import { reasonToEnd, reasonToStop } from "./reason-to-end.js";
import type { Launch } from "./request-slot.js";
import type { SendingEnd, SendLoop, SendLoopContext, SendLoopReport } from "./send-loop.js";
import type { Work } from "./work-queue.js";

/** Sends in one turn of the event loop; a longer backlog goes on in the next turn. */
const SENDS_PER_TURN = 64;

/** A worker's part of an open schedule. */
export interface OpenSlice {
  readonly schedule: OpenSchedule;
  readonly worker: number;
  /** Most requests of this worker in flight, or most of its conversations that are not over. */
  readonly cap: number;
}

/** Why a send that is due cannot happen. */
type Hindrance = "cap" | "data" | "turn";

/**
 * Sends at the instants of a schedule, whatever the server does. With the rate in requests, a later turn of a conversation
 * takes the place of a new conversation; with the rate in conversations, it follows by itself. A send that cannot happen
 * in time happens as soon as it can and keeps its intended instant, unless the pacing says otherwise.
 */
export class OpenLoop implements SendLoop {
  readonly #context: SendLoopContext;
  readonly #cap: number;
  readonly #pacing: Pacing;
  readonly #instants: Instants;
  readonly #turns = new DueQueue<DueWork>();
  readonly #delayed: Record<Hindrance, number> = { cap: 0, data: 0, turn: 0 };
  #sendUntilNs = Number.POSITIVE_INFINITY;
  #waiting: Hindrance | null = null;
  #hindered: Hindrance | null = null;
  #conversations = 0;
  #dueNotSent = 0;
  #dropped = 0;
  #reanchored = 0;
  #endedBy: SendingEnd | null = null;
  #sendingEndedNs = Number.NaN;

  constructor(context: SendLoopContext, { schedule, cap, worker }: OpenSlice) {
    this.#context = context;
    this.#cap = cap;
    this.#pacing = schedule.pacing;
    this.#instants = new Instants(schedule, context.control, worker);
  }

  get ended(): boolean {
    return this.#endedBy !== null;
  }

  start(startNs: number, sendUntilNs: number): void {
    this.#instants.start(startNs);
    this.#sendUntilNs = sendUntilNs;
    this.#dispatch();
  }

  stop(): void {
    this.#end(reasonToStop(this.#context));
  }

  onWork(): void {
    if (this.#waiting !== null) this.#dispatch();
  }

  onFinished(launch: Launch): void {
    if (this.ended) return;
    const following = this.#context.following(launch.work);
    for (const work of following) this.#turns.push({ work, dueNs: work.readyNs, stream: null });
    if (launch.work.conversation.close()) this.#conversations -= 1;
    if (this.#waiting !== null || following.length > 0) this.#dispatch();
  }

  report(): SendLoopReport {
    return {
      delayedByCap: this.#delayed.cap,
      delayedByData: this.#delayed.data,
      delayedByHistory: this.#delayed.turn,
      dueNotSent: this.#dueNotSent,
      dropped: this.#dropped,
      reanchored: this.#reanchored,
      endedBy: this.#endedBy,
      sendingEndedNs: this.#sendingEndedNs,
    };
  }

  readonly #dispatch = (): void => {
    this.#hindered = this.#waiting ?? this.#hindered;
    this.#waiting = null;
    for (let sent = 0; !this.ended; sent += 1) {
      const reason = reasonToEnd(this.#context, this.#sendUntilNs);
      if (reason !== null) this.#end(reason);
      else if (!this.#sendIfDue(sent)) return;
    }
  };

  #sendIfDue(sent: number): boolean {
    const nowNs = this.#context.clock.nowNs();
    const turnNs = this.#pacing.turnsAreFree ? this.#nextTurnNs() : Number.POSITIVE_INFINITY;
    const turnIsDue = turnNs <= nowNs;
    if (!turnIsDue) {
      if (this.#context.queue.exhausted) this.#instants.share();
      if (this.#scheduleIsOver()) return this.#waitForTurns();
      const { nextNs } = this.#instants;
      const hindrance = this.#hindranceAt(Math.max(nextNs, nowNs));
      if (hindrance !== null) return this.#waitForWork(hindrance);
      if (nextNs > nowNs) return this.#sleep(Math.min(turnNs, nextNs));
    }
    if (sent >= SENDS_PER_TURN) {
      this.#context.timers.soon(this.#dispatch);
      return false;
    }
    if (this.#isFull()) return this.#wait("cap");
    return turnIsDue ? this.#sendTurn() : this.#sendAtInstant(nowNs);
  }

  /** Whether no instant is left that nobody has taken. */
  #scheduleIsOver(): boolean {
    const oneEach = !this.#pacing.turnsAreFree && this.#pacing.whenBehind !== "drop"; // an instant is a request
    if (oneEach && this.#instants.nextIndex >= this.#context.limits.issuedRequests) return true;
    return this.#instants.nextNs === Number.POSITIVE_INFINITY;
  }

  #waitForTurns(): false {
    if (this.#pacing.turnsAreFree && this.#conversations > 0) return this.#wait("turn");
    this.#end("limit");
    return false;
  }

  /** Whether nothing can be sent at an instant, and why. */
  #hindranceAt(atNs: number): Hindrance | null {
    const { queue } = this.#context;
    if (!this.#pacing.turnsAreFree && this.#nextTurnNs() <= atNs) return null;
    if (!queue.hasWork) return queue.exhausted ? "turn" : "data";
    return this.#pacing.boundsConversations && this.#conversations >= this.#cap ? "cap" : null;
  }

  #isFull(): boolean {
    return !this.#pacing.boundsConversations && this.#context.inFlight() >= this.#cap;
  }

  #sendTurn(): boolean {
    const turn = this.#turns.pop();
    return turn !== undefined && this.#send(turn.work, turn.dueNs);
  }

  #sendAtInstant(nowNs: number): boolean {
    const intendedNs = this.#instants.take();
    if (Number.isNaN(intendedNs)) return true;
    this.#noteDelay(intendedNs, nowNs);
    if (this.#isGivenUp(intendedNs, nowNs)) return true;
    if (!this.#pacing.turnsAreFree && this.#nextTurnNs() <= nowNs) {
      const turn = this.#turns.pop();
      // A turn cannot be meant to start before the one that it answers has ended.
      return turn !== undefined && this.#send(turn.work, Math.max(intendedNs, turn.dueNs));
    }
    const work = this.#context.queue.take();
    return work === null ? this.#waitForWork("data") : this.#open(work, intendedNs);
  }

  #open(work: Work, intendedNs: number): boolean {
    this.#conversations += 1;
    for (const other of work.alongside) this.#turns.push({ work: other, dueNs: intendedNs, stream: null });
    return this.#send(work, intendedNs);
  }

  #send(work: Work, intendedNs: number): boolean {
    const mayGoOn = this.#context.send(work, intendedNs, null);
    if (!mayGoOn) this.#end("limit");
    return mayGoOn;
  }

  #noteDelay(intendedNs: number, nowNs: number): void {
    if (this.#hindered !== null && intendedNs < nowNs) this.#delayed[this.#hindered] += 1;
    this.#hindered = null;
  }

  /** Gives a late instant up, or moves those after it, if the pacing wants it so. */
  #isGivenUp(intendedNs: number, nowNs: number): boolean {
    const { whenBehind, windowNs } = this.#pacing;
    if (whenBehind === "keep" || nowNs - intendedNs <= windowNs) return false;
    if (whenBehind === "catch_up") {
      if (this.#instants.move(nowNs - intendedNs)) this.#reanchored += 1;
      return false;
    }
    this.#dropped += 1;
    return true;
  }

  #waitForWork(hindrance: Hindrance): false {
    if (!this.#context.queue.exhausted || this.#conversations > 0) return this.#wait(hindrance);
    this.#end("data");
    return false;
  }

  #wait(hindrance: Hindrance): false {
    this.#waiting = hindrance;
    return this.#sleepUntil(this.#isFull() ? Number.POSITIVE_INFINITY : this.#nextTurnNs());
  }

  /** Nothing stands in the way of what comes next. */
  #sleep(untilNs: number): false {
    this.#hindered = null;
    return this.#sleepUntil(untilNs);
  }

  #sleepUntil(instantNs: number): false {
    const wakeNs = Math.min(instantNs, this.#sendUntilNs);
    if (Number.isFinite(wakeNs)) this.#context.timers.at(wakeNs, this.#dispatch);
    return false;
  }

  #nextTurnNs(): number {
    return this.#turns.peek()?.dueNs ?? Number.POSITIVE_INFINITY;
  }

  #end(reason: SendingEnd): void {
    if (this.ended) return;
    this.#endedBy = reason;
    this.#sendingEndedNs = Math.min(this.#context.clock.nowNs(), this.#sendUntilNs);
    if (reason === "stop" || reason === "duration") this.#countDue();
    this.#context.timers.clear();
    this.#context.onEnded();
  }

  #countDue(): void {
    const hindrance = this.#waiting ?? this.#hindered;
    this.#dueNotSent = this.#instants.countBefore(this.#sendingEndedNs, this.#context.limits.issuedRequests);
    if (hindrance !== null && this.#dueNotSent > 0) this.#delayed[hindrance] += 1;
  }
}
