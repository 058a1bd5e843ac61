import type { BackendBehaviour, BackendCapabilities, BackendHarnessFactory } from "@core/backend-testkit";
import { standInArgs } from "./stand-in.js";

const SECRET = "hf-contract-1";

/** What makes the stand-in behave as a case wants. */
const SCRIPTS: Readonly<Record<BackendBehaviour, Readonly<Record<string, unknown>>>> = {
  normal: {},
  whole: {},
  unreachable: { dead: true },
  failing: { fail_with: "no luck" },
  silent: { silent: true },
  stalling: { stall_after: 2 },
  connecting: {}, // never asked for: a process has no connection to come up
};

/** What both kinds can do. */
export const COMMON_CAPABILITIES: BackendCapabilities = {
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
  connecting: false,
};

/** Harnesses whose other side is the stand-in. @param argsOf - Fields beside those of every engine. */
export function contractFactory(
  argsOf: (behaviour: BackendBehaviour) => Readonly<Record<string, unknown>>,
): BackendHarnessFactory {
  return async (behaviour) => ({
    args: standInArgs(SCRIPTS[behaviour], { env: { HF_TOKEN: SECRET }, ...argsOf(behaviour) }),
    secrets: [SECRET],
    close: async () => {},
  });
}
