import type { BackendArgs } from "./backend.js";

/**
 * The args with the model that {@link Backend.defaultModel} gave, so that every worker uses the same one. Args without a
 * `model` field, or with one that is filled in, stay as they are.
 */
export function withModel<A extends BackendArgs>(args: A, model: string): A {
  const given: unknown = (args as { readonly model?: unknown }).model;
  return "model" in args && (given === "" || given === null) ? { ...args, model } : args;
}
