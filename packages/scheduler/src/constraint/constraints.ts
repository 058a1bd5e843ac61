import { KindRegistry } from "@core/registry";
import type { Constraint } from "./constraint.js";

/** Validated configuration of one constraint. */
export interface ConstraintArgs {
  readonly kind: string;
}

/** What a constraint may know when it is made. */
export interface ConstraintDependencies {
  /** Which benchmark of the profile this is, from 0: the position in a list of values. */
  readonly stepIndex: number;
}

/** The table of constraint kinds. */
export const constraints: KindRegistry<Constraint, ConstraintDependencies> = new KindRegistry({
  name: "constraint",
  label: "constraint",
  option: "--constraint",
});

/**
 * Builds the constraints of one benchmark from validated args. Several of one kind each count for themselves; in GuideLLM
 * the last one wins without a word.
 *
 * @throws {RegistryError} CORE_REGISTRY_NOT_BUILT.
 */
export function createConstraints(args: readonly ConstraintArgs[], stepIndex: number): readonly Constraint[] {
  return args.map((entry) => constraints.create(entry, { stepIndex }));
}

/**
 * Whether constraints end a benchmark of a server that answers every request: those on errors alone do not.
 *
 * @throws {RegistryError} CORE_REGISTRY_NOT_BUILT.
 */
export function endHealthyRun(args: readonly ConstraintArgs[]): boolean {
  return createConstraints(args, 0).some(
    ({ limits: { issuedRequests, processedRequests, durationSeconds } }) =>
      issuedRequests !== undefined || processedRequests !== undefined || durationSeconds !== undefined,
  );
}

/** Value of a list for one benchmark: its own, or the last. */
export function valueAtStep(values: readonly number[], stepIndex: number): number {
  return values[Math.min(stepIndex, values.length - 1)] ?? Number.NaN;
}
