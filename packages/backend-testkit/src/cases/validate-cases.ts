import assert from "node:assert/strict";
import { CoreError } from "@core/backend";
import type { BackendContractCase } from "../contract-case.js";
import { beforeDeadline } from "../deadline.js";
import { withBackend } from "../exchange.js";

/** Ready or not, and with which models. */
export const VALIDATE_CASES: readonly BackendContractCase[] = [
  {
    name: "validates when the other side is there",
    behaviour: "normal",
    needs: [],
    run: (harness) => withBackend(harness, ({ backend }) => beforeDeadline(backend.validate(), "validate")),
  },
  {
    name: "says that the other side is not there",
    behaviour: "unreachable",
    needs: ["unreachable"],
    run: (harness) =>
      withBackend(harness, async ({ backend }) => {
        const error: unknown = await beforeDeadline(
          backend.validate().then(
            () => null,
            (reason: unknown) => reason,
          ),
          "validate",
        );
        assert.ok(CoreError.isInstance(error), `validate rejects with a CoreError, got ${String(error)}`);
        assert.ok(error.hint !== undefined && error.hint !== "", "the error has a hint: what to change");
      }),
  },
  {
    name: "names its models and keeps to one default",
    behaviour: "normal",
    needs: [],
    run: (harness) =>
      withBackend(harness, async ({ backend }) => {
        const models = await beforeDeadline(backend.models(), "models");
        assert.ok(models.length > 0, "at least one model");
        for (const model of models) assert.ok(typeof model === "string" && model !== "", "names are texts");
        const chosen = await beforeDeadline(backend.defaultModel(), "defaultModel");
        assert.notEqual(chosen, "");
        assert.equal(await beforeDeadline(backend.defaultModel(), "defaultModel"), chosen, "the same every time");
      }),
  },
];
