/** The parts of a valibot schema that are looked into; a plugin's copy of valibot may be another one. */
export interface SchemaShape {
  readonly type?: string;
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly item?: unknown;
  readonly wrapped?: unknown;
  readonly pipe?: readonly unknown[];
}

/**
 * The object or list schema inside a schema: through optional and nullable wrappers, and through a pipe to its first
 * object or list, which need not be its first step (a step before it may rename keys). Undefined when there is none.
 */
export function findContainer(schema: unknown): SchemaShape | undefined {
  const shape = schema as SchemaShape | undefined;
  if (shape === undefined) return undefined;
  if (shape.pipe !== undefined) {
    return shape.pipe.map(findContainer).find((found) => found !== undefined);
  }
  if (shape.entries !== undefined || shape.item !== undefined) return shape;
  return findContainer(shape.wrapped);
}
