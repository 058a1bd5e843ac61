/**
 * The shape of a JSON value: names of fields in order and types in place of values, a list by its first item.
 * Two answers that a client reads in the same way have the same shape.
 */
export function shapeOf(value: unknown): unknown {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
  if (typeof value !== "object") return typeof value;
  return Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]);
}
