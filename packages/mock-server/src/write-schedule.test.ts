import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { TURN_NS, VirtualClock } from "../test/support/virtual-clock.js";
import { WriteSchedule } from "./write-schedule.js";

describe("WriteSchedule", () => {
  test("runs every action once, in order, never early, at most one turn late, with one waking at a time", () => {
    const dues = fc.array(fc.integer({ min: 0, max: 40_000_000 }), { minLength: 1, maxLength: 60 });
    const lateness = fc.infiniteStream(fc.integer({ min: 0, max: 1_000_000 }));
    fc.assert(
      fc.property(dues, lateness, (dueNs, late) => {
        const clock = new VirtualClock(() => late.next().value ?? 0);
        const schedule = new WriteSchedule(clock);
        const ran: number[] = [];
        for (const due of dueNs) {
          schedule.at(due, () => {
            expect(clock.now).toBeGreaterThanOrEqual(due);
            expect(clock.now - due).toBeLessThanOrEqual(TURN_NS);
            ran.push(due);
          });
          expect(clock.waiting).toBe(1);
        }
        while (clock.step()) expect(clock.waiting).toBeLessThanOrEqual(1);
        expect(ran).toEqual([...dueNs].sort((a, b) => a - b));
      }),
    );
  });

  test("a chain of writes does not drift: every one is late by less than a turn", () => {
    const clock = new VirtualClock(() => 900_000);
    const schedule = new WriteSchedule(clock);
    const lateNs: number[] = [];
    const write = (index: number) =>
      schedule.at(index * 5_300_000, () => {
        lateNs.push(clock.now - index * 5_300_000);
        if (index < 500) write(index + 1);
      });
    write(1);
    while (clock.step());
    expect(lateNs).toHaveLength(500);
    expect(Math.max(...lateNs)).toBeLessThanOrEqual(TURN_NS);
    expect(Math.min(...lateNs)).toBeGreaterThanOrEqual(0);
  });

  test("waits for what is far off with one timer and takes turns only at the end", () => {
    const clock = new VirtualClock();
    const schedule = new WriteSchedule(clock);
    let ran = false;
    schedule.at(1_000_000_000, () => {
      ran = true;
    });
    let steps = 0;
    while (clock.step()) steps += 1;
    expect(ran).toBe(true);
    expect(clock.timersSet).toBe(1);
    expect(steps).toBeLessThanOrEqual(2 + 3_000_000 / TURN_NS);
  });

  test("overdue writes let the event loop take its turn", () => {
    const clock = new VirtualClock();
    const schedule = new WriteSchedule(clock);
    let ran = 0;
    for (let index = 0; index < 1000; index += 1) {
      schedule.at(0, () => {
        ran += 1;
      });
    }
    clock.step();
    expect(ran).toBe(256);
    while (clock.step());
    expect(ran).toBe(1000);
  });

  test("an earlier action added later is run first; clear drops the rest and stops waiting", () => {
    const clock = new VirtualClock();
    const schedule = new WriteSchedule(clock);
    const ran: string[] = [];
    schedule.at(50_000_000, () => ran.push("late"));
    schedule.at(10_000_000, () => ran.push("early"));
    while (ran.length === 0) clock.step();
    expect(ran).toEqual(["early"]);
    schedule.clear();
    expect([clock.waiting, clock.step()]).toEqual([0, false]);
    schedule.at(clock.now, () => ran.push("again"));
    while (clock.step());
    expect(ran).toEqual(["early", "again"]);
  });
});
