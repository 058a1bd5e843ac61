import * as v from "valibot";

/** Any number. */
export const NumberSchema = v.number();

/** A whole number, at least 0. */
export const CountSchema = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A number, or null where there is none. */
export const NullableNumberSchema = v.nullable(v.number());

/** A whole number, or null where nobody knows. */
export const NullableCountSchema = v.nullable(CountSchema);

/** An object with the same value under each of some keys, and no other key. */
export function sameForEach<K extends string, S extends v.GenericSchema>(keys: readonly K[], schema: S) {
  return v.strictObject(Object.fromEntries(keys.map((key) => [key, schema])) as Record<K, S>);
}
