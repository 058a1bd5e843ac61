import { expect, test } from "@jest/globals";
import { runVirtually } from "../../test/support/virtual-run.js";

const paced = { max_concurrency: null, rampup_duration: 0 };

test("connections are opened ahead for each worker's share", async () => {
  const { backends } = await runVirtually({
    strategy: { type_: "concurrent", streams: 5, rampup_duration: 0 },
    workers: 2,
    constraints: [{ kind: "max_requests", count: 1 }],
  });
  expect(backends.map((backend) => backend.warmed)).toEqual([[3], [2]]);
});

test.each([
  ["a rate opens what one second needs", { type_: "constant", rate: 25, ...paced }, [13, 13]],
  [
    "a cap below that is enough",
    { type_: "poisson", rate: 25, random_seed: 1, max_concurrency: 4, rampup_duration: 0 },
    [2, 2],
  ],
  [
    "a burst without a bound opens its beginning",
    { type_: "throughput", max_concurrency: 10_240, rampup_duration: 0 },
    [1024, 1024],
  ],
] as const)("connections ahead: %s", async (_name, strategy, expected) => {
  const { backends } = await runVirtually({
    strategy,
    workers: 2,
    constraints: [{ kind: "max_requests", count: 2 }],
  });
  expect(backends.map((backend) => backend.warmed)).toEqual(expected.map((count) => [count]));
});
