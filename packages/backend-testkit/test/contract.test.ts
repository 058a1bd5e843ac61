import { describe, expect, test } from "@jest/globals";
import {
  type BackendBehaviour,
  type BackendCapabilities,
  type BackendHarness,
  runBackendContract,
} from "../src/index.js";
import "./scripted-backend.js";

const SECRET = "s3cret-key";
const ALL: BackendCapabilities = {
  streaming: true,
  whole: true,
  unreachable: true,
  failing: true,
  silent: true,
  stalling: true,
  usage: true,
  "output-length": true,
  secrets: true,
  history: true,
  connecting: true,
};

let closed = 0;

function factoryFor(flaw: string | null): (behaviour: BackendBehaviour) => Promise<BackendHarness> {
  return async (behaviour) => {
    const args = { kind: "scripted", behaviour, flaw, api_key: SECRET };
    return {
      args,
      secrets: [SECRET],
      close: async () => {
        closed += 1;
      },
    };
  };
}

/** Runs the cases whose name fits against the scripted backend; resolves to the messages of those that fail. */
async function failures(flaw: string, names: RegExp): Promise<readonly string[]> {
  const cases: (() => Promise<void>)[] = [];
  const collect = (name: string, run: () => Promise<void>): void => {
    if (names.test(name)) cases.push(run);
  };
  runBackendContract({ test: Object.assign(collect, { skip: collect }), factory: factoryFor(flaw), capabilities: ALL });
  const outcomes = await Promise.allSettled(cases.map((run) => run()));
  return outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [String(outcome.reason)] : []));
}

describe("a backend without flaws", () => {
  runBackendContract({ test, factory: factoryFor(null), capabilities: ALL });
});

describe("a flaw is found", () => {
  test.each([
    ["secret-in-info", /keeps secrets out of info/],
    ["secret-in-request-args", /secrets out of the events of a request that completes/],
    ["secret-in-failure", /secrets out of the events of a request that fails/],
    ["validate-before-startup", /refuses calls before startup/],
    ["resolve-before-startup", /refuses to resolve after shutdown/],
    ["validates-nothing", /says that the other side is not there/],
    ["async-prepare", /prepares synchronously/],
    ["changes-the-request", /leaves the request as it is/],
    ["throws", /reports a failed request as a partial event/],
    ["no-end-stamp", /reports an unreachable other side/],
    ["drops-partial-text", /keeps what had arrived/],
    ["end-before-token", /stamps a streamed request in order/],
    ["no-terminal", /answers with text in one final event/],
    ["two-terminals", /answers with text in one final event/],
    ["sends-when-cut", /sends nothing when cut before it begins/],
    ["invents-tokens", /without inventing token times/],
    ["no-first-token", /streams: a first token/],
    ["counts-need-text", /same counts when texts are not kept/],
    ["mixes-requests", /overlapping requests without mixing/],
    ["no-usage", /tells the numbers of tokens/],
    ["not-plain-data", /yields plain data/],
    ["random-info", /through a message to another thread/],
    ["changing-info", /keeps its limits and its info/],
    ["shared-state", /two instances side by side/],
    ["takes-nothing", /refuses a request that holds nothing/],
    ["secret-in-check", /secrets out of the error of a check/],
    ["wrong-phase", /reports a failed request as a partial event/],
    ["whole-body", /reports a failed request as a partial event/],
    ["function-in-failure", /reports a failure as plain data/],
    ["stamps-of-the-host", /leaves the stamps of the host alone/],
    ["connect-stamps", /stamps the opening of a connection/],
    ["mixes-requests", /overlapping requests, each with its own answer/],
    ["sends-unconnected", /ends when cut while it connects/],
    ["errors-when-cut", /ends once, completed or cancelled/],
    ["late-cut", /takes no notice of a cut after the end/],
    ["keeps-listening", /lets go of the signal/],
  ])("%s", async (flaw, expected) => {
    expect(await failures(flaw, expected)).toHaveLength(1);
  });
});

test("a case that needs what is missing is skipped under a name that says so", () => {
  const ran: string[] = [];
  const skipped: string[] = [];
  const runner = Object.assign((name: string) => ran.push(name), { skip: (name: string) => skipped.push(name) });
  runBackendContract({
    test: runner,
    factory: factoryFor(null),
    capabilities: { ...ALL, streaming: false, stalling: false },
  });
  expect(skipped).toContain(
    "backend contract: keeps what had arrived when cut in mid-stream (not supported: streaming, stalling)",
  );
  expect(ran).toContain("backend contract: answers with text in one final event");
  expect(ran.join()).not.toMatch(/first token, then/);
});

test("the harness is closed after a case that fails, too", async () => {
  closed = 0;
  expect(await failures("throws", /reports a failed request/)).toHaveLength(1);
  expect(closed).toBe(1);
});
