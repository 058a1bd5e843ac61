import {
  BACKEND_CONTRACT,
  type BackendCapabilities,
  type BackendHarnessFactory,
  type ContractTest,
  runBackendContract,
} from "@core/backend-testkit";

/** How many cases there were of each outcome. */
export interface ContractCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Runs the contract of backends without a test runner and prints each case that did not pass. */
export async function runContract(
  name: string,
  factory: BackendHarnessFactory,
  capabilities: BackendCapabilities,
): Promise<ContractCounts> {
  const cases: (() => Promise<boolean>)[] = [];
  const declare = (title: string, run: () => Promise<void>): void => {
    cases.push(async () => {
      try {
        await run();
        return true;
      } catch (error) {
        console.log(`FAILED ${name}: ${title}\n       ${String(error).replaceAll("\n", "\n       ")}`);
        return false;
      }
    });
  };
  const skip = (title: string): void => console.log(`skip   ${name}: ${title}`);
  runBackendContract({ test: Object.assign(declare, { skip }) as ContractTest, factory, capabilities });
  let passed = 0;
  for (const run of cases) if (await run()) passed += 1;
  const counts = { passed, failed: cases.length - passed, skipped: BACKEND_CONTRACT.length - cases.length };
  console.log(
    `${counts.failed === 0 ? "ok    " : "FAILED"} ${name}: ${passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
  );
  return counts;
}
