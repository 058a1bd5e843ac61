import { describe, expect, test } from "@jest/globals";
import { buildRequestColumns } from "../src/request-columns.js";
import { summarizeRate } from "../src/summarize-rate.js";
import { collectTokenEvents } from "../src/token-events.js";
import { tableOf } from "./record-fixture.js";

const WINDOW = { start: 2, end: 9 };

/** Requests that begin 10 ms apart and make 100 tokens in a second each. */
function events(requests: number) {
  const table = tableOf(
    Array.from({ length: requests }, (_, at) => {
      const send = (at * 10) / requests;
      return { send, firstToken: send + 0.1, lastToken: send + 1.1, end: send + 1.2, tokenIterations: 100, input: 7 };
    }),
  );
  const columns = buildRequestColumns(table);
  return { columns, found: collectTokenEvents(columns, Uint32Array.from(columns.row.keys()), WINDOW) };
}

const sum = (weights: ArrayLike<number> = []): number => Array.from(weights).reduce((all, weight) => all + weight, 0);

describe("collectTokenEvents", () => {
  test("keeps every event of a small run", () => {
    const { found } = events(10);
    expect(found.output[0]?.times).toHaveLength(1000);
    expect(found.output[1]?.times).toHaveLength(0);
    expect(sum(found.prompt[0]?.weights)).toBe(70);
  });

  test("adds up the events of a large run in cells, with the sums inside the window exact", () => {
    const requests = 1000;
    const { columns, found } = events(requests);
    const times = Array.from({ length: requests }, (_, at) => (at * 10) / requests).flatMap((send) =>
      Array.from({ length: 100 }, (_, token) => send + 0.1 + token / 99),
    );
    const inside = times.filter((time) => time >= WINDOW.start && time <= WINDOW.end).length;
    const output = found.output[0] ?? { times: new Float64Array(), weights: new Float64Array() };
    expect(output.times.length).toBeLessThanOrEqual(70_001);
    expect(Math.abs(sum(output.weights) - inside)).toBeLessThanOrEqual(2); // an event on the edge may round to either side
    expect(output.times.every((time) => time >= WINDOW.start && time <= WINDOW.end)).toBe(true);
    const summary = summarizeRate(output, WINDOW);
    expect(summary.mean).toBeCloseTo(inside / 7, -1);
    expect(columns.count).toBe(requests);
  });
});
