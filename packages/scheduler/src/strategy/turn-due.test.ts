import { describe, expect, test } from "@jest/globals";
import { type RecordedParent, rootDueNs, type TraceTiming, turnDueNs } from "./turn-due.js";

const T0 = 1000e9;
const recorded = (t: number | null, duration: number | null = null) => ({
  relativeTimestampSeconds: t,
  traceDurationSeconds: duration,
});
const ended = (t: number | null, duration: number | null, end: number): RecordedParent => ({
  ...recorded(t, duration),
  endedNs: end * 1e9,
});

describe("vectors of GuideLLM", () => {
  const a = ended(0, 2, 1005);
  const b = ended(10, 3, 1014);
  const c = ended(12, null, 1016);
  const unknown = ended(5, null, Number.NaN);

  test.each<[TraceTiming["scheduleTurn"], number, readonly number[]]>([
    ["idle_gap", 1, [1000, 1013, 1014, 1034, 1040, 1034]],
    ["idle_gap", 2, [1000, 1021, 1014, 1052, 1080, 1052]],
    ["timestamp", 1, [1000, 1010, 1012, 1030, 1040, 1030]],
    ["timestamp", 2, [1000, 1020, 1024, 1060, 1080, 1060]],
  ])("%s, scale %d", (scheduleTurn, timeScale, expected) => {
    const place = { startNs: T0, timing: { scheduleTurn, timeScale } };
    const due = [
      turnDueNs(recorded(0, 2), [], place),
      turnDueNs(recorded(10, 3), [a], place),
      turnDueNs(recorded(12), [b], place),
      turnDueNs(recorded(30), [c], place),
      turnDueNs(recorded(40), [unknown], place),
      turnDueNs(recorded(30), [b, c], place),
    ];
    expect(due.map((ns) => ns / 1e9)).toEqual(expected);
  });

  test("roots at scale 2, duplicates together; without a time at the start", () => {
    const timing = { scheduleTurn: "idle_gap", timeScale: 2 } as const;
    const offsets = [0, 0, 0, 0.1, 0.1, 1.5, 2, 2, 3.5, 7];
    expect(offsets.map((offset) => rootDueNs(recorded(offset), T0, timing) / 1e9)).toEqual(
      offsets.map((offset) => 1000 + 2 * offset),
    );
    expect(rootDueNs(recorded(null), T0, timing)).toBe(T0);
  });
});

test("a turn without a recorded time comes when its parents allow it", () => {
  const place = { startNs: T0, timing: { scheduleTurn: "idle_gap", timeScale: 1 } as const };
  expect(turnDueNs(recorded(null), [ended(0, 1, 1005)], place)).toBe(T0);
});
