import { describe, expect, test } from "@jest/globals";
import { BetweenReads } from "./between-reads.js";

/** What happened, turn by turn of the event loop, until a turn in which nothing did. */
async function turns(log: string[]): Promise<readonly (readonly string[])[]> {
  const seen: string[][] = [];
  for (;;) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (log.length === 0) return seen;
    seen.push(log.splice(0));
  }
}

/** A clock that only moves when it is told to. */
function stoppedClock() {
  let nowMs = 0;
  const pass = (durationMs: number): void => {
    nowMs += durationMs;
  };
  return { nowMs: () => nowMs, pass };
}

/** Work of a known duration. */
function pieceOf(durationMs: number, note: () => void, clock: { pass(durationMs: number): void }) {
  return {
    run: () => {
      note();
      clock.pass(durationMs);
    },
  };
}

describe("BetweenReads", () => {
  test("runs in order, one piece in a turn that leaves no time", async () => {
    const clock = stoppedClock();
    const between = new BetweenReads(clock.nowMs);
    const log: string[] = [];
    for (const name of "abc") between.add(pieceOf(1, () => log.push(name), clock));
    expect(await turns(log)).toEqual([["a"], ["b"], ["c"]]);
  });

  test("runs more when the rest of a turn takes long", async () => {
    const clock = stoppedClock();
    const between = new BetweenReads(clock.nowMs);
    const log: string[] = [];
    for (const name of "abcde") between.add(pieceOf(0.1, () => log.push(name), clock));
    clock.pass(1); // reads before the first turn: 0.3 ms may be spent
    expect(await turns(log)).toEqual([["a", "b", "c"], ["d"], ["e"]]);
  });

  test("never takes more than its bound, however long a turn was", async () => {
    const clock = stoppedClock();
    const between = new BetweenReads(clock.nowMs);
    const log: string[] = [];
    for (const name of "abcdefgh") between.add(pieceOf(0.125, () => log.push(name), clock));
    clock.pass(1000);
    expect((await turns(log))[0]).toEqual(["a", "b", "c", "d"]);
  });

  test("idle work comes when nothing else waits", async () => {
    const clock = stoppedClock();
    const between = new BetweenReads(clock.nowMs);
    const log: string[] = [];
    between.addIdle(pieceOf(1, () => log.push("idle 1"), clock));
    between.addIdle(pieceOf(1, () => log.push("idle 2"), clock));
    between.add({
      run: () => {
        log.push("a");
        between.add(pieceOf(1, () => log.push("b"), clock));
        clock.pass(1);
      },
    });
    expect((await turns(log)).flat()).toEqual(["a", "b", "idle 1", "idle 2"]);
  });

  test("what a piece leaves to microtasks comes before the next piece", async () => {
    const between = new BetweenReads(stoppedClock().nowMs);
    const log: string[] = [];
    const piece = (name: string) => ({
      run: async () => {
        log.push(`${name}1`);
        for (let hop = 0; hop < 20; hop += 1) await null;
        log.push(`${name}2`);
      },
    });
    between.add(piece("a"));
    between.add(piece("b"));
    expect((await turns(log)).flat()).toEqual(["a1", "a2", "b1", "b2"]);
  });

  test("work that adds work goes on, and so does work after thousands of pieces", async () => {
    const between = new BetweenReads(stoppedClock().nowMs);
    let done = 0;
    const piece = {
      run: () => {
        done += 1;
        if (done < 5000) between.add(piece);
      },
    };
    between.add(piece);
    while (done < 5000) await new Promise<void>((resolve) => setImmediate(resolve));
    between.add(piece);
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(done).toBe(5001);
  });
});
