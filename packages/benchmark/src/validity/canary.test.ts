import { expect, test } from "@jest/globals";
import { type CanaryTruth, canaryRecord } from "./canary.js";

const EPOCH_NS = 7e12;
const MS = 1e6;

/** A stream sent at `sentMs` whose tokens are read `lagsMs` after they were written, each 20 ms after the other. */
function stream(sentMs: number, lagsMs: readonly number[]) {
  const writes = lagsMs.map((_, at) => (sentMs + 0.1 + 40 + 20 * at) * MS);
  return {
    reading: {
      sendNs: sentMs * MS,
      tokenTimesNs: Float64Array.from(lagsMs, (lag, at) => (writes[at] ?? Number.NaN) + lag * MS),
    },
    truth: {
      arrivalNs: EPOCH_NS + (sentMs + 0.1) * MS,
      tokenWritesNs: writes.map((at) => EPOCH_NS + at),
    } satisfies CanaryTruth,
  };
}

test("each token is compared with its write", () => {
  const streams = [stream(0, [1, 2, 3]), stream(200, [2, 2, 8])];
  const record = canaryRecord(
    streams.map(({ reading }) => reading),
    streams.map(({ truth }) => truth),
    EPOCH_NS,
  );
  expect(record?.streams).toBe(2);
  expect(record?.read_lag_ms).toMatchObject({ count: 6, p50: expect.closeTo(2, 6), p99: expect.closeTo(8, 6) });
  expect(record?.read_lag_ms.mean).toBeCloseTo(3, 6);
  expect(record?.read_lag_ms.std_dev).toBeCloseTo(Math.sqrt((4 + 1 + 0 + 1 + 1 + 25) / 6), 6);
});

test("a stream read before the server had stamped its write is not early", () => {
  const { reading, truth } = stream(0, [-0.01, -0.02]);
  expect(canaryRecord([reading], [truth], EPOCH_NS)?.read_lag_ms).toMatchObject({ count: 2, mean: 0, max: 0 });
});

test("streams that cannot be told apart, or that nobody wrote, are left out", () => {
  const [one, twin, other] = [stream(0, [1, 1]), stream(0.01, [1, 1]), stream(500, [1, 1])];
  const readings = [one.reading, twin.reading, other.reading];
  expect(canaryRecord(readings, [one.truth, twin.truth, other.truth], EPOCH_NS)?.streams).toBe(1);
  expect(canaryRecord(readings, [], EPOCH_NS)).toBeNull();
  expect(canaryRecord([], [one.truth], EPOCH_NS)).toBeNull();
});

test("a stream of which a token is missing is left out", () => {
  const { reading, truth } = stream(0, [1, 1, 1]);
  const cut = { ...truth, tokenWritesNs: truth.tokenWritesNs.slice(0, 2) };
  expect(canaryRecord([reading], [cut], EPOCH_NS)).toBeNull();
});
