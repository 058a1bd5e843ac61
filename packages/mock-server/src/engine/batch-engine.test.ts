import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { VirtualClock } from "../../test/support/virtual-clock.js";
import { type MockServerOptionsInput, parseMockServerOptions } from "../mock-server-options.js";
import { ServerTime, type SpeedStretch } from "../server-time.js";
import { WriteSchedule } from "../write-schedule.js";
import { BatchEngine } from "./batch-engine.js";

function engineOf(options: MockServerOptionsInput, stretches: readonly SpeedStretch[] = []) {
  const clock = new VirtualClock(() => 700_000); // timers that are late, as real ones are
  const schedule = new WriteSchedule(clock);
  const time = new ServerTime(stretches);
  time.begin(0);
  const engine = new BatchEngine(parseMockServerOptions({ ttft_ms: 0, ...options }), { schedule, time });
  /** Instants of the tokens of a sequence, ms. */
  const tokensOf = (readyMs: number, prefillTokens: number, outputTokens: number): number[] => {
    const tokens: number[] = [];
    const onToken = (_token: number, atNs: number) => void tokens.push(Math.round(atNs) / 1e6);
    engine.join({ readyNs: readyMs * 1e6, prefillTokens, outputTokens, onToken });
    return tokens;
  };
  const run = () => {
    while (clock.step());
  };
  return { engine, clock, tokensOf, run };
}

const COSTS = { itl_ms: 10, itl_ms_per_sequence: 1, prefill_ms_per_token: 0.1 };

test("alone a sequence has its prompt in the first iteration and one token in each", () => {
  const { tokensOf, run } = engineOf(COSTS);
  const tokens = tokensOf(5, 200, 4);
  run();
  expect(tokens).toEqual([35, 45, 55, 65]);
});

test("who comes later waits for the end of the iteration, and its prompt holds up the other", () => {
  const { tokensOf, run } = engineOf(COSTS);
  const first = tokensOf(0, 0, 6);
  const second = tokensOf(12, 300, 2);
  run();
  // 0–10, 10–20 alone; 20–61 with the prompt of 30 ms; 61–72 both; then alone again
  expect(first).toEqual([10, 20, 61, 72, 82, 92]);
  expect(second).toEqual([61, 72]);
});

test("chunks of a long prompt share the iterations with the tokens of others", () => {
  const { tokensOf, run } = engineOf({ ...COSTS, prefill_chunk_tokens: 100 });
  const first = tokensOf(0, 0, 6);
  const second = tokensOf(5, 250, 2);
  run();
  // 10 alone; 11 + 10, 11 + 10, 11 + 5 with its three chunks; 11 both; 10 alone
  expect(first).toEqual([10, 31, 52, 68, 79, 89]);
  expect(second).toEqual([68, 79]);
});

test("a sequence that leaves makes room and gets no more tokens", () => {
  const { engine, clock, tokensOf } = engineOf(COSTS);
  const seen: number[] = [];
  const leave = engine.join({ readyNs: 0, prefillTokens: 0, outputTokens: 100, onToken: (token) => seen.push(token) });
  const other = tokensOf(0, 0, 4);
  while (other.length < 2) clock.step();
  leave();
  while (clock.step());
  expect(other).toEqual([11, 22, 33, 43]); // the third iteration had begun
  expect(seen).toEqual([0, 1]);
});

describe("B sequences that follow one another", () => {
  test.each([
    [1, 0, 16],
    [8, 0, 16],
    [8, 40, 16],
    [32, 120, 5],
  ])("%d at once, %d prompt and %d output tokens: the capacity of the formula", (batch, prompt, output) => {
    const { engine, run } = engineOf(COSTS);
    const rounds = 20;
    let ended = 0;
    let lastNs = 0;
    const follow = (round: number, readyNs: number) => {
      if (round === rounds) return;
      engine.join({
        readyNs,
        prefillTokens: prompt,
        outputTokens: output,
        onToken: (token, atNs) => {
          if (token < output - 1) return;
          ended += 1;
          lastNs = atNs;
          follow(round + 1, engine.nowOr(Number.NaN));
        },
      });
    };
    for (let sequence = 0; sequence < batch; sequence += 1) follow(0, 0);
    run();
    const formula = batch / (output * (10 + (batch - 1)) + batch * prompt * 0.1);
    expect(ended).toBe(rounds * batch);
    expect(ended / (lastNs / 1e6)).toBeCloseTo(formula, 9);
  });
});

test("a stall of the server stops all sequences for its length, and slowness stretches them", () => {
  const stall = engineOf(COSTS, [{ fromSeconds: 0.025, toSeconds: 0.125, speed: 0 }]);
  const stalled = stall.tokensOf(0, 0, 4);
  stall.run();
  expect(stalled).toEqual([10, 20, 130, 140]);
  const slow = engineOf(COSTS, [{ fromSeconds: 0.02, toSeconds: 0.08, speed: 1 / 3 }]);
  const slowed = slow.tokensOf(0, 0, 6);
  slow.run();
  expect(slowed).toEqual([10, 20, 50, 80, 90, 100]);
});

test("everybody gets all tokens, in order, none before its time, whatever comes when", () => {
  const sequence = fc.record({
    readyMs: fc.integer({ min: 0, max: 300 }),
    prompt: fc.integer({ min: 0, max: 500 }),
    output: fc.integer({ min: 1, max: 20 }),
  });
  const chunk = fc.option(fc.integer({ min: 1, max: 200 }));
  fc.assert(
    fc.property(fc.array(sequence, { minLength: 1, maxLength: 20 }), chunk, (given, prefill_chunk_tokens) => {
      const { tokensOf, run } = engineOf({ ...COSTS, prefill_chunk_tokens });
      const all = given.map(({ readyMs, prompt, output }) => tokensOf(readyMs, prompt, output));
      run();
      for (const [at, { readyMs, prompt, output }] of given.entries()) {
        const tokens = all[at] ?? [];
        expect(tokens).toHaveLength(output);
        expect(tokens[0]).toBeGreaterThanOrEqual(readyMs + 10 + prompt * 0.1 - 1e-6);
        expect(tokens.every((token, index) => index === 0 || token - (tokens[index - 1] ?? 0) >= 10 - 1e-6)).toBe(true);
      }
    }),
  );
});
