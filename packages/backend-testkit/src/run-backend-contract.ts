import { BACKEND_CONTRACT } from "./backend-contract.js";
import type { BackendCapabilities, BackendContractCase, BackendHarnessFactory } from "./contract-case.js";

/** The two calls of a test runner that the contract needs; those of jest, vitest and `node:test` fit. */
export interface ContractTest {
  (name: string, run: () => Promise<void>): unknown;
  skip(name: string, run: () => Promise<void>): unknown;
}

/** What {@link runBackendContract} needs. */
export interface BackendContractOptions {
  /** The runner's `test`. */
  readonly test: ContractTest;
  readonly factory: BackendHarnessFactory;
  /** What the backend can do; a case that needs more is shown as skipped with the names of what is missing. */
  readonly capabilities: BackendCapabilities;
}

/**
 * Declares one test per case of the contract. The plugin's `register.ts` must have been imported.
 *
 * ```ts
 * import { test } from "@jest/globals";
 * runBackendContract({ test, factory, capabilities: { streaming: true, … } });
 * ```
 */
export function runBackendContract({ test, factory, capabilities }: BackendContractOptions): void {
  for (const entry of BACKEND_CONTRACT) {
    const missing = entry.needs.filter((capability) => !capabilities[capability]);
    const run = (): Promise<void> => runCase(entry, factory);
    if (missing.length === 0) test(`backend contract: ${entry.name}`, run);
    else test.skip(`backend contract: ${entry.name} (not supported: ${missing.join(", ")})`, run);
  }
}

async function runCase(entry: BackendContractCase, factory: BackendHarnessFactory): Promise<void> {
  const harness = await factory(entry.behaviour);
  try {
    await entry.run(harness);
  } finally {
    await harness.close();
  }
}
