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

describe("BetweenReads", () => {
  test("runs in order, as much in a turn as fits", async () => {
    const clock = stoppedClock();
    const between = new BetweenReads(clock.nowMs);
    const log: string[] = [];
    for (const name of "abcde") {
      between.add({
        run: () => {
          log.push(name);
          clock.pass(0.2);
        },
      });
    }
    expect(await turns(log)).toEqual([["a", "b"], ["c", "d"], ["e"]]);
  });

  test("gives more time when the rest of a turn takes long, up to a bound", async () => {
    const clock = stoppedClock();
    const between = new BetweenReads(clock.nowMs);
    const log: string[] = [];
    for (let count = 0; count < 20; count += 1) {
      between.add({
        run: () => {
          log.push("work");
          clock.pass(1);
        },
      });
    }
    clock.pass(4); // reads before the first turn
    const [first = [], ...rest] = await turns(log);
    expect(first).toHaveLength(2);
    expect(rest.flat()).toHaveLength(18);
  });

  test("never takes more than its bound, however long a turn was", async () => {
    const clock = stoppedClock();
    const between = new BetweenReads(clock.nowMs);
    const log: string[] = [];
    for (let count = 0; count < 9; count += 1) {
      between.add({
        run: () => {
          log.push("work");
          clock.pass(1);
        },
      });
    }
    clock.pass(1000);
    expect((await turns(log))[0]).toHaveLength(3);
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
