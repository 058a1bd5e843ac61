import { StampMemory, type StampRoom } from "./stamp-memory.js";

const INITIAL_TOKENS = 128;

/**
 * Stamps and counts of one request, made once per slot and reused: stamping allocates nothing. All instants are
 * nanoseconds of the run's {@link Clock}; NaN means "did not happen". Fields marked B are written by the backend, the
 * others by the scheduler.
 */
export class RequestTimings {
  // Perf: what each token touches comes first, so that it shares a cache line
  /** B: events of the response stream, whatever they carried. */
  iterations = 0;
  /** B: events that carried tokens. */
  tokenIterations = 0;
  /** B: bytes of the response body. */
  responseBytes = 0;
  #hasOutput = false;
  /** Where the stamps of token events lie. */
  #room: StampRoom;
  /** When the schedule wanted the request to be sent. */
  intendedStartNs = Number.NaN;
  /** When a slot took the request. */
  dequeuedNs = Number.NaN;
  /** Directly before `resolve`. */
  resolveStartNs = Number.NaN;
  /** B: a new connection was begun for this request. */
  connectStartNs = Number.NaN;
  /** B: that connection (TLS included) was ready. */
  connectEndNs = Number.NaN;
  /** B: the request's first bytes were handed to the socket; latency and TTFT count from here. */
  sendNs = Number.NaN;
  /** B: first bytes of the response arrived. */
  firstByteNs = Number.NaN;
  /** B: first event of the response stream. */
  firstIterationNs = Number.NaN;
  /** B: first event that carried a token (reasoning and tool calls included). */
  firstTokenNs = Number.NaN;
  /** B: first such event that was not reasoning. */
  firstOutputTokenNs = Number.NaN;
  /** B: the response had ended. */
  endNs = Number.NaN;
  /** `resolve` had given its terminal event. */
  resolveEndNs = Number.NaN;
  /** B: the latest of the messages that a request consists of was handed to the socket; realtime backends alone. */
  lastMessageSentNs = Number.NaN;
  /** B: mean of the instants of these messages. */
  meanMessageSentNs = Number.NaN;
  /** B: number of these messages. */
  messagesSent = 0;
  /** B: the request opened its own connection. */
  freshConnection = false;
  /** B: sent again because a reused connection had died before answering a byte. */
  retried = false;
  /** B: bytes of the request body. */
  requestBytes = 0;
  /** Latest event that {@link tokenEvent} was not called for; NaN when there was none. */
  #lastOtherNs = Number.NaN;
  /** What {@link lastTokenNs} was set to; NaN when it follows from the tokens. */
  #lastTokenNs = Number.NaN;
  readonly #memory: StampMemory;

  /** @param memory - Shared by requests that are in flight together; its own when left out. */
  constructor(memory: StampMemory = new StampMemory(INITIAL_TOKENS)) {
    this.#memory = memory;
    this.#room = memory.take(INITIAL_TOKENS);
  }

  /** Instants of the token events; the first `tokenIterations` entries are valid, until the next {@link reset}. */
  get tokenTimesNs(): Float64Array {
    return this.#room.stamps.subarray(this.#room.start, this.#room.end);
  }

  /** B: latest event of the response stream. */
  get lastIterationNs(): number {
    const tokenNs = this.lastTokenNs;
    return tokenNs > this.#lastOtherNs || Number.isNaN(this.#lastOtherNs) ? tokenNs : this.#lastOtherNs;
  }

  /** B: latest event that carried a token; backends that do not see the events set it. */
  get lastTokenNs(): number {
    if (this.tokenIterations === 0 || !Number.isNaN(this.#lastTokenNs)) return this.#lastTokenNs;
    return this.#room.stamps[this.#room.start + this.tokenIterations - 1] as number;
  }

  set lastTokenNs(atNs: number) {
    this.#lastTokenNs = atNs;
  }

  /** Counts a message that a request consists of, where there are several: in a realtime session. */
  messageSent(atNs: number): void {
    this.messagesSent += 1;
    this.lastMessageSentNs = atNs;
    if (this.messagesSent === 1) this.meanMessageSentNs = atNs;
    else this.meanMessageSentNs += (atNs - this.meanMessageSentNs) / this.messagesSent;
  }

  /** Counts an event of the response stream. */
  iteration(atNs: number): void {
    if (this.iterations === 0) this.firstIterationNs = atNs;
    this.#lastOtherNs = atNs;
    this.iterations += 1;
  }

  /**
   * Counts an event that carried one or more tokens; call {@link iteration} for it too.
   *
   * @param isOutput - False for an event that carried nothing but reasoning.
   */
  token(atNs: number, isOutput: boolean): void {
    const at = this.tokenIterations;
    if (at === 0) this.firstTokenNs = atNs;
    if (isOutput && !this.#hasOutput) {
      this.#hasOutput = true;
      this.firstOutputTokenNs = atNs;
    }
    if (this.#room.start + at === this.#room.end) this.#grow();
    this.#room.stamps[this.#room.start + at] = atNs;
    this.tokenIterations = at + 1;
  }

  /** Does what {@link iteration} and {@link token} do. Perf: writes each stamp once. */
  tokenEvent(atNs: number, isOutput: boolean): void {
    if (this.iterations === 0) this.firstIterationNs = atNs;
    this.iterations += 1;
    this.token(atNs, isOutput);
  }

  /** B: room for the stamps of further token events, from {@link nextStamp} on; call {@link stamped} for those written. */
  get stampRoom(): StampRoom {
    return this.#room;
  }

  /** B: where in {@link stampRoom} the stamp of the next token event goes; its end when there is no room left. */
  get nextStamp(): number {
    return this.#room.start + this.tokenIterations;
  }

  /** B: counts `count` events whose stamps were written to {@link stampRoom}, each like the one before that had a token. */
  stamped(count: number): void {
    this.iterations += count;
    this.tokenIterations += count;
  }

  /** Forgets everything, keeping the buffer, so that the slot can serve the next request. */
  reset(): void {
    this.intendedStartNs = Number.NaN;
    this.dequeuedNs = Number.NaN;
    this.resolveStartNs = Number.NaN;
    this.resolveEndNs = Number.NaN;
    this.resetExchange();
  }

  /** Forgets what the backend wrote, for a second try of the same request. */
  resetExchange(): void {
    this.connectStartNs = Number.NaN;
    this.connectEndNs = Number.NaN;
    this.sendNs = Number.NaN;
    this.firstByteNs = Number.NaN;
    this.firstIterationNs = Number.NaN;
    this.#lastOtherNs = Number.NaN;
    this.#hasOutput = false;
    this.firstTokenNs = Number.NaN;
    this.firstOutputTokenNs = Number.NaN;
    this.#lastTokenNs = Number.NaN;
    this.endNs = Number.NaN;
    this.lastMessageSentNs = Number.NaN;
    this.meanMessageSentNs = Number.NaN;
    this.messagesSent = 0;
    this.iterations = 0;
    this.tokenIterations = 0;
    this.freshConnection = false;
    this.retried = false;
    this.requestBytes = 0;
    this.responseBytes = 0;
  }

  #grow(): void {
    const { stamps, start, end } = this.#room;
    const grown = this.#memory.take((end - start) * 2);
    grown.stamps.set(stamps.subarray(start, end), grown.start);
    this.#memory.giveBack(this.#room);
    this.#room = grown;
  }
}
