import { describe, expect, test } from "@jest/globals";
import { TrendWindow } from "./trend-window.js";

const X = [10, 20, 30, 40, 50, 60];

function windowOf(y: readonly number[], ratio = 1): TrendWindow {
  const window = new TrendWindow({ ratio, maxSeconds: 120 });
  for (const [at, x] of X.entries()) window.add(x, y[at] ?? Number.NaN);
  return window;
}

describe("the trend of GuideLLM", () => {
  test("of a rising series", () => {
    const trend = windowOf([4, 5, 7, 8, 11, 12]).trend(6, 0.95);
    expect(trend?.slope).toBeCloseTo(0.168571, 6);
    expect(trend?.relativeMargin).toBeCloseTo(0.200313, 5);
  });

  test("of a series that goes up and down", () => {
    const trend = windowOf([5, 9, 4, 8, 6, 10]).trend(6, 0.95);
    expect(trend?.slope).toBeCloseTo(0.057143, 6);
    expect(trend?.relativeMargin).toBeCloseTo(2.654, 3);
  });

  test("of a level and of a falling series", () => {
    expect(windowOf([5, 5, 5, 5, 5, 5]).trend(6, 0.95)).toEqual({ slope: 0, relativeMargin: 0 });
    const falling = windowOf([12, 11, 8, 7, 5, 4]).trend(6, 0.95);
    expect(falling?.slope).toBeCloseTo(-0.168571, 6);
    expect(falling?.relativeMargin).toBeGreaterThan(1e10);
  });

  test("needs three independent points", () => {
    expect(windowOf([4, 5, 7, 8, 11, 12]).trend(2.9, 0.95)).toBeNull();
  });

  test("at full confidence is sure of nothing, at none of everything", () => {
    const window = windowOf([4, 5, 7, 8, 11, 12]);
    expect(window.trend(6, 1)?.relativeMargin).toBe(Number.POSITIVE_INFINITY);
    expect(window.trend(6, 0)?.relativeMargin).toBeCloseTo(0, 3);
  });
});

test("three quarters of all points ever seen are kept", () => {
  const window = new TrendWindow({ ratio: 0.75, maxSeconds: 120 });
  const sizes = Array.from({ length: 10 }, (_, x) => {
    window.add(x, 0);
    window.prune(x);
    return window.size;
  });
  expect(sizes).toEqual([0, 1, 2, 3, 3, 4, 5, 6, 6, 7]);
});

test("points older than the window are given up", () => {
  const window = new TrendWindow({ ratio: 1, maxSeconds: 30 });
  for (const x of X) window.add(x, x);
  window.prune(60);
  expect([window.size, window.countAbove(30), window.countAbove(59)]).toEqual([4, 3, 1]);
});
