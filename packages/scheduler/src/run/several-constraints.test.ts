import { describe, expect, test } from "@jest/globals";
import { runVirtually } from "../../test/support/virtual-run.js";

const paced = { max_concurrency: null, rampup_duration: 0 };
const MS = 1e6;

describe("a run with several constraints of one kind", () => {
  test("of several max_errors the first that is reached stops, and its scope is what counts", async () => {
    const { run } = await runVirtually({
      strategy: { type_: "concurrent", streams: 4, rampup_duration: 0 },
      workers: 2,
      constraints: [
        { kind: "max_errors", count: 50, stopping_scope: "all" },
        { kind: "max_errors", count: 3 },
        { kind: "max_duration", seconds: 60, stopping_scope: "all" },
        { kind: "max_duration", seconds: 30 },
      ],
      script: () => ({ latencyNs: 10 * MS, ending: "errored" }),
    });
    expect(run.state).toMatchObject({ createdRequests: 6, erroredRequests: 3, cancelledRequests: 3 });
    expect(run.stopReasons).toEqual([{ kind: "max_errors#2", stoppingScope: "current" }]);
    expect(run.stopAll).toBe(false);
    expect(Object.keys(run.state.schedulerConstraints)).toEqual([
      ...["max_errors", "max_errors#2", "max_duration", "max_duration#2"],
    ]);
  });

  test("a constraint of the same kind that is reached while requests drain is named and its scope holds", async () => {
    const { run } = await runVirtually({
      strategy: { type_: "concurrent", streams: 4, rampup_duration: 0 },
      constraints: [
        { kind: "max_errors", count: 1 },
        { kind: "max_errors", count: 4, stopping_scope: "all" },
      ],
      graceSeconds: 10,
      script: (requestId) => ({ latencyNs: (10 + Number.parseInt(requestId, 10)) * MS, ending: "errored" }),
    });
    expect(run.state).toMatchObject({ createdRequests: 4, erroredRequests: 4 });
    expect(run.stopReasons).toEqual([
      { kind: "max_errors", stoppingScope: "current" },
      { kind: "max_errors#2", stoppingScope: "all" },
    ]);
    expect(run.stopAll).toBe(true);
  });

  test("of several max_duration the shortest ends the run at its instant", async () => {
    const { run } = await runVirtually({
      strategy: { type_: "constant", rate: 10, ...paced },
      constraints: [
        { kind: "max_duration", seconds: 9, stopping_scope: "all" },
        { kind: "max_duration", seconds: 2 },
      ],
    });
    expect(run.stopReasons).toEqual([{ kind: "max_duration#2", stoppingScope: "current" }]);
    expect(run.state.endProcessingNs - run.startNs).toBe(2e9);
  });
});
