import { createBackend, isBackendArgs, parseBackendArgs } from "@core/backend";
import type { EchoBackend } from "../src/index.js";

const backend: EchoBackend = createBackend({ kind: "echo", delay_ms: 5 });
const delayMs: number = backend.args.delay_ms;

// @ts-expect-error a field has the wrong type
createBackend({ kind: "echo", delay_ms: "5" });
// @ts-expect-error no such field
createBackend({ kind: "echo", delay: 5 });
// @ts-expect-error no such kind
createBackend({ kind: "ecco" });

const args = parseBackendArgs({ kind: "echo" });
if (isBackendArgs(args, "echo")) {
  const tokens: number | null = args.tokens;
  void tokens;
}
void delayMs;
