import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { SessionTiming, type SessionTimingArgs } from "./session-timing.js";

const KEPT: SessionTimingArgs = { maxWait: null, maxSessionWait: null, minConcurrentSessions: null, timeScale: 1 };

function place(args: Partial<SessionTimingArgs>, sessions: readonly (readonly number[])[]): number[][] {
  const timing = new SessionTiming({ ...KEPT, ...args });
  return sessions.map((times) =>
    timing.place(times.map((timestamp) => ({ timestamp, duration: null }))).map(({ timestamp }) => timestamp),
  );
}

const THREE = [
  [0, 2, 50],
  [100, 101, 130],
  [131, 140, 141],
];

describe("vectors of GuideLLM", () => {
  test.each<[Partial<SessionTimingArgs>, number[][]]>([
    [{}, THREE],
    [
      { maxWait: 10 },
      [
        [0, 2, 12],
        [100, 101, 111],
        [131, 140, 141],
      ],
    ],
    [
      { maxSessionWait: 5 },
      [
        [0, 2, 50],
        [55, 56, 85],
        [90, 99, 100],
      ],
    ],
    [
      { maxWait: 10, maxSessionWait: 5 },
      [
        [0, 2, 12],
        [17, 18, 28],
        [33, 42, 43],
      ],
    ],
    [
      { minConcurrentSessions: 1 },
      [
        [0, 2, 50],
        [50, 51, 80],
        [80, 89, 90],
      ],
    ],
    [
      { minConcurrentSessions: 2 },
      [
        [0, 2, 50],
        [0, 1, 30],
        [50, 59, 60],
      ],
    ],
    [
      { minConcurrentSessions: 3 },
      [
        [0, 2, 50],
        [0, 1, 30],
        [0, 9, 10],
      ],
    ],
    [
      { timeScale: 0.5 },
      [
        [0, 1, 25],
        [50, 50.5, 65],
        [65.5, 70, 70.5],
      ],
    ],
    [
      { maxWait: 10, maxSessionWait: 5, minConcurrentSessions: 2, timeScale: 2 },
      [
        [0, 4, 24],
        [0, 2, 22],
        [24, 42, 44],
      ],
    ],
  ])("%j", (args, expected) => {
    expect(place(args, THREE)).toEqual(expected);
  });

  test("single turns: gaps are cut, and there is nothing to draw forward", () => {
    const rows = [[0], [10], [20], [100]];
    expect(place({ maxSessionWait: 5 }, rows)).toEqual([[0], [5], [10], [15]]);
    expect(place({ minConcurrentSessions: 2 }, rows)).toEqual(rows);
  });

  test("the gap is counted from the latest end of all sessions before", () => {
    expect(
      place({ maxSessionWait: 5 }, [
        [0, 100],
        [10, 20],
        [200, 210],
      ]),
    ).toEqual([
      [0, 100],
      [10, 20],
      [105, 115],
    ]);
  });

  test("turns out of order keep their places", () => {
    expect(place({ maxWait: 10 }, [[0, 50, 20]])).toEqual([[0, 20, 10]]);
  });
});

test("durations are scaled with the times, and a copy is moved by its offset", () => {
  const timing = new SessionTiming({ ...KEPT, timeScale: 2 });
  expect(timing.place([{ timestamp: 1, duration: 3 }], 10)).toEqual([{ timestamp: 22, duration: 6 }]);
});

test("no limit moves a session later, nor changes the order of its turns", () => {
  const session = fc.array(fc.nat(1000), { minLength: 1, maxLength: 6 });
  const limit = fc.option(fc.integer({ min: 1, max: 50 }));
  fc.assert(
    fc.property(
      fc.array(session, { maxLength: 8 }),
      limit,
      limit,
      limit,
      (sessions, maxWait, maxSessionWait, lanes) => {
        const placed = place({ maxWait, maxSessionWait, minConcurrentSessions: lanes }, sessions);
        for (const [index, times] of sessions.entries()) {
          const moved = placed[index] ?? [];
          for (const [at, time] of times.entries()) {
            expect(moved[at]).toBeLessThanOrEqual(time);
            const before = times[at - 1];
            if (before === undefined) continue;
            expect(Math.sign((moved[at] ?? 0) - (moved[at - 1] ?? 0))).toBe(Math.sign(time - before));
          }
        }
      },
    ),
  );
});
