import { createFakeClock, type FakeClock, type RequestFailure, RequestTimings } from "@core/backend";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { type CallLimitArgs, CallLimits } from "./call-limits.js";
import type { HttpCall } from "./http-call.js";

const NO_LIMITS: CallLimitArgs = { timeout_first_token: null, timeout_stall: null, timeout_total: null };

let clock: FakeClock;
let expired: RequestFailure[];

beforeEach(() => {
  jest.useFakeTimers();
  clock = createFakeClock(0);
  expired = [];
});

afterEach(() => {
  jest.useRealTimers();
});

/** A call begun now; sent at once unless told otherwise. */
function call(stream: boolean, isSent = true): HttpCall {
  const timings = new RequestTimings();
  timings.resolveStartNs = clock.nowNs();
  if (isSent) timings.sendNs = clock.nowNs();
  const made = {
    timings,
    stream,
    clock,
    get lastTokenNs() {
      return timings.lastTokenNs;
    },
    expire: (failure: RequestFailure) => expired.push(failure),
  };
  return made as unknown as HttpCall;
}

function pass(ms: number): void {
  clock.advanceNs(ms * 1e6);
  jest.advanceTimersByTime(ms);
}

const codes = (): string[] => [...new Set(expired.map(({ code }) => code))];

test.each([
  [{ timeout_first_token: 1 }, "OPENAI_HTTP_FIRST_TOKEN_TIMEOUT"],
  [{ timeout_total: 1 }, "OPENAI_HTTP_TOTAL_TIMEOUT"],
])("%j counts from the send", (limits, code) => {
  const watch = new CallLimits({ ...NO_LIMITS, ...limits });
  watch.add(call(true));
  pass(1000);
  expect(codes()).toEqual([]);
  pass(50);
  expect(codes()).toEqual([code]);
});

test("timeout_total counts what comes before the send too, while it was not sent", () => {
  new CallLimits({ ...NO_LIMITS, timeout_total: 1 }).add(call(true, false));
  pass(1100);
  expect(codes()).toEqual(["OPENAI_HTTP_TOTAL_TIMEOUT"]);
});

test("a response that is no stream has no first token to wait for, a request that was not sent neither", () => {
  const watch = new CallLimits({ ...NO_LIMITS, timeout_first_token: 1 });
  watch.add(call(false));
  watch.add(call(true, false));
  pass(5000);
  expect(codes()).toEqual([]);
});

test("timeout_stall counts from the latest token, and not before the first", () => {
  const watch = new CallLimits({ ...NO_LIMITS, timeout_stall: 1 });
  const slow = call(true);
  watch.add(slow);
  pass(5000);
  slow.timings.token(clock.nowNs(), true);
  pass(900);
  slow.timings.token(clock.nowNs(), true);
  pass(900);
  expect(codes()).toEqual([]);
  pass(200);
  expect(codes()).toEqual(["OPENAI_HTTP_STALL_TIMEOUT"]);
});

test("nothing is looked at without limits or calls", () => {
  const off = new CallLimits(NO_LIMITS);
  off.add(call(true));
  expect(jest.getTimerCount()).toBe(0);
  const watch = new CallLimits({ ...NO_LIMITS, timeout_total: 1 });
  const [one, other] = [call(true), call(true)];
  watch.add(one);
  watch.add(other);
  expect(jest.getTimerCount()).toBe(1);
  watch.delete(one);
  watch.delete(other);
  watch.delete(other);
  expect(jest.getTimerCount()).toBe(0);
});
