import { constraints } from "@core/scheduler";
import { expect, test } from "@jest/globals";
import { specOf } from "../../test/support/measured.js";
import { stretchLimits } from "./stretch-limits.js";

test("limits of time and requests are longer, all other constraints stay", () => {
  const given = [
    { kind: "max_duration", seconds: [10, 20] },
    { kind: "max_requests", count: 100 },
    { kind: "max_errors", count: 3 },
  ].map((args) => constraints.parseArgs(args));
  expect(stretchLimits({ ...specOf(), constraints: given }, 4).constraints).toMatchObject([
    { seconds: [40, 80] },
    { count: [400] },
    { count: [3] },
  ]);
});
