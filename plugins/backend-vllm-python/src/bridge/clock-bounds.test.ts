import { describe, expect, test } from "@jest/globals";
import { ClockBounds } from "./clock-bounds.js";

describe("ClockBounds", () => {
  test("takes clocks for one when the round trips allow it", () => {
    const bounds = new ClockBounds();
    bounds.add(0, 30, 31, 60);
    bounds.add(100, 110, 111, 150);
    expect(bounds.offsetNs).toBe(0);
    expect(bounds.uncertaintyNs).toBe(19.5); // between -29 and 10
  });

  test("sees when a later round trip contradicts", () => {
    const bounds = new ClockBounds();
    bounds.add(0, 30, 31, 60);
    expect(bounds.isPossible(1_000, 1_020, 1_021, 1_050)).toBe(true);
    expect(bounds.isPossible(1_000, 900, 901, 1_050)).toBe(false);
    expect(bounds.isPossible(1_000, 1_200, 1_201, 1_050)).toBe(false);
  });

  test("takes the middle of the bounds when they exclude zero", () => {
    const bounds = new ClockBounds();
    bounds.add(0, 1030, 1031, 60);
    expect(bounds.offsetNs).toBe(Math.round((971 + 1030) / 2));
  });
});
