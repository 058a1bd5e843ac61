import { describe, expect, test } from "@jest/globals";
import { SlopeDetector, type SlopeLimits } from "./slope-detector.js";

const DEFAULTS: SlopeLimits = {
  minSeconds: 30,
  maxWindowSeconds: 120,
  moeThreshold: 2,
  minimumTtft: 2.5,
  maximumWindowRatio: 0.75,
  minimumWindowSize: 5,
  confidence: 0.95,
};

/** Sends every 1/λ s to one server of rate μ; the first token comes 0.2 s after the wait, the end 2 s later. */
function firstAlert(arrivals: number, services: number, limits: SlopeLimits, until = 120) {
  const detector = new SlopeDetector(limits);
  const events: { readonly at: number; readonly run: () => void }[] = [];
  let inFlight = 0;
  let freeAt = 0;
  for (let sent = 0; sent / arrivals <= until; sent += 1) {
    const at = sent / arrivals;
    const start = Math.max(at, freeAt);
    freeAt = start + 1 / services;
    const ttft = start - at + 0.2;
    events.push({
      at,
      run: () => {
        inFlight += 1;
        detector.addConcurrency(at, inFlight);
      },
    });
    events.push({ at: at + ttft, run: () => detector.addTtft(at + ttft, ttft) });
    events.push({
      at: at + ttft + 2,
      run: () => {
        inFlight -= 1;
      },
    });
  }
  events.sort((one, other) => one.at - other.at);
  for (const { at, run } of events) {
    if (at > until) return null;
    run();
    if (detector.decide(at)) return { at, ...detector.figures };
  }
  return null;
}

describe("the test of GuideLLM on a deterministic queue", () => {
  test.each([
    [4, 2, 30, 1.999, 0.5],
    [4, 3, 30, 1, 0.25],
    [10, 9, 37.2, 0.999, 0.1],
    [4, 3.8, 73.9, 0.199, 0.05],
  ])("%d/s to a server of %d/s alerts at %d s", (arrivals, services, seconds, concurrencySlope, ttftSlope) => {
    const alert = firstAlert(arrivals, services, DEFAULTS);
    expect(Math.abs((alert?.at ?? Number.NaN) - seconds)).toBeLessThan(0.3);
    expect(alert).toMatchObject({ concurrent_slope: expect.closeTo(concurrencySlope, 2) });
    expect(alert).toMatchObject({ ttft_slope: expect.closeTo(ttftSlope, 2) });
  });

  test("a server with room never alerts", () => {
    expect(firstAlert(4, 5, DEFAULTS)).toBeNull();
  });

  test("without first tokens the requests in flight decide alone", () => {
    const detector = new SlopeDetector(DEFAULTS);
    for (let at = 0; at < 30; at += 0.1) detector.addConcurrency(at, 4 * at);
    expect(detector.decide(29.9)).toBe(false);
    expect(detector.decide(30)).toBe(true);
    expect(detector.figures).toMatchObject({ ttft_slope: null, ttft_n: 0, ttft_violations: 0 });
  });
});
