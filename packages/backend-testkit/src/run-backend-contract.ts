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
  /**
   * The built module that registers the backend (`new URL("../dist/index.js", import.meta.url)`), which worker threads
   * import as goodput's do. Without it the cases of worker threads are shown as skipped.
   */
  readonly pluginModule?: URL | string;
}

/**
 * Declares one test per case of the contract. The plugin's `register.ts` must have been imported.
 *
 * ```ts
 * import { test } from "@jest/globals";
 * runBackendContract({ test, factory, capabilities: { streaming: true, … } });
 * ```
 */
export function runBackendContract({ test, factory, capabilities, pluginModule = "" }: BackendContractOptions): void {
  const url = String(pluginModule);
  const abilities = { ...capabilities, pluginModule: url !== "" };
  for (const entry of BACKEND_CONTRACT) {
    const missing = entry.needs.filter((ability) => !abilities[ability]);
    const run = (): Promise<void> => runCase(entry, factory, url);
    if (missing.length === 0) test(`backend contract: ${entry.name}`, run);
    else test.skip(`backend contract: ${entry.name} (not supported: ${missing.join(", ")})`, run);
  }
}

async function runCase(
  entry: BackendContractCase,
  factory: BackendHarnessFactory,
  pluginModule: string,
): Promise<void> {
  const harness = await factory(entry.behaviour);
  try {
    await entry.run(harness, pluginModule);
  } finally {
    await harness.close();
  }
}
