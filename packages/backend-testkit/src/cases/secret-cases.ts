import assert from "node:assert/strict";
import { inspect } from "node:util";
import { CoreError, createBackend, parseBackendArgs } from "@core/backend";
import type { BackendContractCase, BackendHarness } from "../contract-case.js";
import { exchange, withBackend } from "../exchange.js";

/** Secrets stay inside. */
export const SECRET_CASES: readonly BackendContractCase[] = [
  {
    name: "keeps secrets out of info, args and errors",
    behaviour: "normal",
    needs: ["secrets"],
    run: async (harness) => {
      const backend = createBackend(harness.args);
      assertSilent(harness, "info", backend.info);
      assertSilent(harness, "args", backend.args);
      assert.throws(
        () => parseBackendArgs({ ...harness.args, no_such_field: harness.secrets?.[0] }),
        (error: unknown) => {
          assertSilent(harness, "the error of a bad field", error);
          return true;
        },
      );
    },
  },
  {
    name: "refuses the mask of an earlier report",
    behaviour: "normal",
    needs: ["secrets"],
    run: async ({ args }) => {
      const masked: unknown = JSON.parse(JSON.stringify(parseBackendArgs(args)));
      assert.throws(() => parseBackendArgs(masked), CoreError.isInstance.bind(CoreError));
    },
  },
  {
    name: "keeps secrets out of the events of a request that completes",
    behaviour: "normal",
    needs: ["secrets"],
    run: (harness) =>
      withBackend(harness, async (subject) => assertSilent(harness, "events", (await exchange(subject)).events)),
  },
  {
    name: "keeps secrets out of the events of a request that fails",
    behaviour: "failing",
    needs: ["secrets", "failing"],
    run: (harness) =>
      withBackend(harness, async (subject) => assertSilent(harness, "events", (await exchange(subject)).events)),
  },
  {
    name: "keeps secrets out of the error of a check that fails",
    behaviour: "unreachable",
    needs: ["secrets", "unreachable"],
    run: (harness) =>
      withBackend(harness, async ({ backend }) => {
        const error: unknown = await backend.validate().then(
          () => null,
          (reason: unknown) => reason,
        );
        assertSilent(harness, "the error of validate", error);
      }),
  },
];

function assertSilent(harness: BackendHarness, what: string, value: unknown): void {
  const secrets = harness.secrets ?? [];
  assert.ok(secrets.length > 0, "the harness lists its secrets");
  const shown = `${JSON.stringify(value)}\n${inspect(value, { depth: 10, showHidden: true })}`;
  for (const secret of secrets) assert.ok(!shown.includes(secret), `${what} shows a secret`);
}
