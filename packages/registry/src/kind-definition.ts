import type * as v from "valibot";

/** What a plugin registers for one kind. Frozen plain data plus one factory; nothing runs at import. */
export interface KindDefinition<K extends string, A extends { readonly kind: string }, I, D> {
  /** Version of this shape. */
  readonly contract: 1;
  /** Stable name, `snake_case`. */
  readonly kind: K;
  /** Other spellings of the kind. */
  readonly aliases?: readonly string[];
  /** Package that registers it, for messages and `goodput kinds`. */
  readonly packageName: string;
  readonly packageVersion: string;
  /** One line for `goodput kinds` and `--help`. */
  readonly summary: string;
  /** Strict object schema with a `kind` literal; every other field has a description. */
  readonly argsSchema: v.GenericSchema<unknown, A>;
  /** Builds the part from validated args. */
  readonly create: (args: A, dependencies: D) => I;
  /** False when the fields are known but the part cannot be built yet. */
  readonly available?: boolean;
}

/** A definition whose own types are not known here. */
export type AnyKindDefinition<I, D> = KindDefinition<string, { readonly kind: string }, I, D>;
