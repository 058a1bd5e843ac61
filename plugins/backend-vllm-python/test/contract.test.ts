import type { BackendBehaviour } from "@core/backend-testkit";
import { runBackendContract } from "@core/backend-testkit";
import "../src/index.js";
import { pythonTest, standInArgs } from "./support/stand-in.js";

/** What makes the stand-in behave as a case wants. */
const SCRIPTS: Readonly<Record<BackendBehaviour, Readonly<Record<string, unknown>>>> = {
  normal: {},
  whole: {},
  unreachable: { dead: true },
  failing: { fail_with: "no luck" },
  silent: { silent: true },
  stalling: { stall_after: 2 },
};

const SECRET = "hf-contract-1";

runBackendContract({
  test: pythonTest,
  factory: async (behaviour) => ({
    args: standInArgs(SCRIPTS[behaviour], { stream: behaviour !== "whole", env: { HF_TOKEN: SECRET } }),
    secrets: [SECRET],
    close: async () => {},
  }),
  capabilities: {
    streaming: true,
    whole: true,
    unreachable: true,
    failing: true,
    silent: true,
    stalling: true,
    usage: true,
    "output-length": true,
    secrets: true,
  },
});
