import { type BackendBehaviour, type BackendHarness, runBackendContract } from "@core/backend-testkit";
import { test } from "@jest/globals";
import "../src/index.js";

const NEVER_MS = 3_600_000;

/** What makes the echo backend behave as a case wants; there is no server, so the args do it. */
const ARGS: Partial<Record<BackendBehaviour, Readonly<Record<string, unknown>>>> = {
  normal: {},
  whole: { stream: false },
  silent: { delay_ms: NEVER_MS },
  stalling: { token_gap_ms: NEVER_MS },
};

async function createHarness(behaviour: BackendBehaviour): Promise<BackendHarness> {
  const args = ARGS[behaviour];
  if (args === undefined) throw new Error(`the echo backend cannot be made ${behaviour}`);
  return { args: { kind: "echo", ...args }, close: async () => {} };
}

runBackendContract({
  test,
  factory: createHarness,
  pluginModule: import.meta.resolve("goodput-backend-echo"), // as built: worker threads import it
  capabilities: {
    streaming: true,
    whole: true,
    silent: true,
    stalling: true,
    usage: true,
    "output-length": true,
    history: true,
    unreachable: false, // there is nothing to reach
    connecting: false,
    failing: false,
    secrets: false,
  },
});
