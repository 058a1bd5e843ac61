import { EventEmitter } from "node:events";
import type { MessagePort } from "node:worker_threads";
import { describe, expect, test } from "@jest/globals";
import { GraphFeed } from "./graph-feed.js";
import type { Demand, Supply } from "./messages.js";
import { toWire } from "./wire-graph.js";

/** A port that keeps what is sent and delivers at once what is supplied. */
class FakePort extends EventEmitter {
  readonly demands: Demand[] = [];
  isReferenced = true;
  postMessage(demand: Demand): void {
    this.demands.push(demand);
  }
  ref(): void {
    this.isReferenced = true;
  }
  unref(): void {
    this.isReferenced = false;
  }
  supply(epoch: number, from: number, count: number, rest: Partial<Supply> = {}): void {
    const items = Array.from({ length: count }, (_, at) => {
      return toWire({ index: from + at, graph: { graphId: `${epoch}-${from + at}`, nodes: [], edges: [] } });
    });
    this.emit("message", { epoch, items, exhausted: false, error: null, ...rest } satisfies Supply);
  }
}

function open(highWater: number) {
  const port = new FakePort();
  return { port, feed: new GraphFeed(port as unknown as MessagePort, highWater) };
}

describe("GraphFeed", () => {
  test("asks for as many as it may hold, and again when half of them are gone", () => {
    const { port, feed } = open(8);
    feed.begin(3);
    expect(port.demands).toEqual([{ epoch: 3, count: 8 }]);
    port.supply(3, 0, 8);
    for (let taken = 0; taken < 3; taken += 1) feed.tryNext();
    expect(port.demands).toHaveLength(1);
    feed.tryNext();
    expect(port.demands.slice(1)).toEqual([{ epoch: 3, count: 4 }]);
    for (let taken = 0; taken < 4; taken += 1) feed.tryNext();
    expect(feed.tryNext()).toBeNull();
    expect(port.demands.slice(2)).toEqual([{ epoch: 3, count: 4 }]);
  });

  test("drops what still arrives of an earlier pass, its end and its error included", async () => {
    const { port, feed } = open(4);
    feed.begin(0);
    port.supply(0, 0, 2);
    feed.begin(1);
    port.supply(0, 2, 2, { exhausted: true, error: { message: "old", code: null, hint: null } });
    const waiting = feed.next();
    port.supply(1, 0, 1);
    expect(await waiting).toMatchObject({ index: 0, graph: { graphId: "1-0" } });
    expect(feed.tryNext()).toBeNull();
  });

  test("keeps the thread alive only while somebody waits", async () => {
    const { port, feed } = open(4);
    feed.begin(0);
    expect(port.isReferenced).toBe(false);
    const waiting = feed.next();
    expect(port.isReferenced).toBe(true);
    port.supply(0, 0, 0); // nothing yet
    expect(port.isReferenced).toBe(true);
    port.supply(0, 0, 1);
    expect(await waiting).toMatchObject({ index: 0 });
    expect(port.isReferenced).toBe(false);
  });

  test("gives what it has before it tells of an error, and asks for no more after the end", async () => {
    const { port, feed } = open(4);
    feed.begin(0);
    port.supply(0, 0, 4, { exhausted: true, error: { message: "broken", code: "CORE_X", hint: null } });
    for (let taken = 0; taken < 4; taken += 1) expect(await feed.next()).toMatchObject({ index: taken });
    await expect(feed.next()).rejects.toMatchObject({ message: "broken", code: "CORE_X" });
    expect(port.demands).toHaveLength(1);
  });

  test("a closed port is an error, unless the data had ended", async () => {
    const died = open(4);
    died.feed.begin(0);
    const waiting = expect(died.feed.next()).rejects.toMatchObject({ code: "CORE_DATA_WORKER_DIED" });
    died.port.emit("close");
    await waiting;
    const ended = open(4);
    ended.feed.begin(0);
    ended.port.supply(0, 0, 0, { exhausted: true });
    ended.port.emit("close");
    expect(await ended.feed.next()).toBeNull();
  });
});
