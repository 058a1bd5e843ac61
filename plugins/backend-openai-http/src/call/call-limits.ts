import type { RequestFailure } from "@core/backend";
import type { HttpCall } from "./http-call.js";

/** How long requests may take, in seconds; null is for ever. */
export interface CallLimitArgs {
  readonly timeout_first_token: number | null;
  readonly timeout_stall: number | null;
  readonly timeout_total: number | null;
}

/** Calls are looked at this often: nothing of it is on the way of an event. */
const LOOK_MS = 50;

/** Ends calls that take too long, at most one look after their time. */
export class CallLimits {
  readonly #limits: CallLimitArgs;
  readonly #calls = new Set<HttpCall>();
  readonly #hasLimits: boolean;
  #looking: NodeJS.Timeout | null = null;

  constructor(limits: CallLimitArgs) {
    this.#limits = limits;
    this.#hasLimits = [limits.timeout_first_token, limits.timeout_stall, limits.timeout_total].some(
      (seconds) => seconds !== null,
    );
  }

  /** Watches a call that was started. */
  add(call: HttpCall): void {
    if (!this.#hasLimits) return;
    this.#calls.add(call);
    this.#looking ??= setInterval(this.#look, LOOK_MS).unref();
  }

  /** Watches a call no longer. */
  delete(call: HttpCall): void {
    if (!this.#calls.delete(call) || this.#calls.size > 0 || this.#looking === null) return;
    clearInterval(this.#looking);
    this.#looking = null;
  }

  readonly #look = (): void => {
    for (const call of [...this.#calls]) {
      const failure = overdue(call, this.#limits);
      if (failure !== null) call.expire(failure);
    }
  };
}

function overdue({ timings, lastTokenNs, stream, clock }: HttpCall, limits: CallLimitArgs): RequestFailure | null {
  const nowNs = clock.nowNs();
  const startNs = Number.isNaN(timings.sendNs) ? timings.resolveStartNs : timings.sendNs;
  const past = (seconds: number | null, sinceNs: number): boolean =>
    seconds !== null && nowNs - sinceNs > seconds * 1e9;
  const { timeout_total: total, timeout_first_token: first, timeout_stall: stall } = limits;
  if (past(total, startNs)) {
    const message = `The request did not end within ${total} s (timeout_total)`;
    return { code: "OPENAI_HTTP_TOTAL_TIMEOUT", message, phase: "stream" };
  }
  if (stream && timings.tokenIterations === 0 && past(first, timings.sendNs)) {
    const message = `No token came within ${first} s of the send (timeout_first_token)`;
    return { code: "OPENAI_HTTP_FIRST_TOKEN_TIMEOUT", message, phase: "first_byte" };
  }
  if (timings.tokenIterations > 0 && past(stall, lastTokenNs)) {
    const message = `No further token came for ${stall} s (timeout_stall)`;
    return { code: "OPENAI_HTTP_STALL_TIMEOUT", message, phase: "stream" };
  }
  return null;
}
