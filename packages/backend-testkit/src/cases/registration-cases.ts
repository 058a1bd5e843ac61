import assert from "node:assert/strict";
import {
  Backend,
  backends,
  CoreError,
  createBackend,
  describeFields,
  parseBackendArgs,
  revealArgs,
  toJsonSchema,
} from "@core/backend";
import type { BackendContractCase } from "../contract-case.js";

/** The kind, its schema, its args. */
export const REGISTRATION_CASES: readonly BackendContractCase[] = [
  {
    name: "is registered, with a description for every field",
    behaviour: "normal",
    needs: [],
    run: async ({ args }) => {
      const definition = backends.find(args.kind);
      assert.ok(definition, `the kind ${args.kind} is registered (import the plugin's index first)`);
      assert.notEqual(definition.summary, "", "a summary for help");
      for (const field of describeFields(definition.argsSchema)) {
        assert.notEqual(field.description, "", `a description of the field ${field.name}`);
      }
      assert.ok(toJsonSchema(definition.argsSchema), "a JSON Schema");
    },
  },
  {
    name: "creates a backend of its kind from args, recognised by brand",
    behaviour: "normal",
    needs: [],
    run: async ({ args }) => {
      const backend: unknown = createBackend(args);
      assert.ok(backend instanceof Backend);
      assert.equal(backend.kind, backends.find(args.kind)?.kind);
      const limits = backend.limits();
      for (const limit of [limits.workers, limits.requests]) {
        assert.ok(limit === null || (Number.isInteger(limit) && limit > 0), "limits are null or positive integers");
      }
    },
  },
  {
    name: "refuses an unknown field by its name",
    behaviour: "normal",
    needs: [],
    run: async ({ args }) => {
      const given = { ...args, no_such_field: 1 };
      assert.throws(
        () => parseBackendArgs(given),
        (error: unknown) => CoreError.isInstance(error) && error.message.includes("no_such_field"),
      );
    },
  },
  {
    name: "takes args through JSON and back",
    behaviour: "normal",
    needs: [],
    run: async ({ args }) => {
      const first = JSON.stringify(revealArgs(parseBackendArgs(args)));
      const second = JSON.stringify(revealArgs(parseBackendArgs(JSON.parse(first))));
      assert.equal(second, first, "validated args validate to themselves");
    },
  },
  {
    name: "takes args through a message to another thread",
    behaviour: "normal",
    needs: [],
    run: async ({ args }) => {
      const given = parseBackendArgs(args);
      const there = parseBackendArgs(structuredClone(revealArgs(given)));
      assert.equal(JSON.stringify(revealArgs(there)), JSON.stringify(revealArgs(given)), "the same args");
      assert.equal(
        JSON.stringify(createBackend(there).info),
        JSON.stringify(createBackend(given).info),
        "the same info",
      );
    },
  },
  {
    name: "gives JSON-safe info with its kind",
    behaviour: "normal",
    needs: [],
    run: async ({ args }) => {
      const { info, kind } = createBackend(args);
      assert.equal((info as { readonly kind?: unknown }).kind, kind);
      assert.equal(JSON.stringify(JSON.parse(JSON.stringify(info))), JSON.stringify(info));
    },
  },
];
