import { integerField, nullable, numberField } from "@core/registry";
import { boundsOf, type CountDistribution } from "./count-sampler.js";

/** The optional fields `X`, `X_stdev`, `X_min`, `X_max` of a token count. */
export function countFields<const N extends string>(name: N, what: string) {
  return {
    [name]: nullable(integerField(`Mean ${what}.`, { exclusiveMinimum: 0 })),
    ...spreadFields(name, what),
  } as { [K in N | Spread<N>]: ReturnType<typeof nullable<number>> };
}

/** The optional fields `X_stdev`, `X_min`, `X_max` alone. */
export function spreadFields<const N extends string>(name: N, what: string) {
  return {
    [`${name}_stdev`]: nullable(integerField(`Standard deviation of ${what}.`, { exclusiveMinimum: 0 })),
    [`${name}_min`]: nullable(integerField(`Fewest ${what}.`, { exclusiveMinimum: 0 })),
    [`${name}_max`]: nullable(integerField(`Most ${what}.`, { exclusiveMinimum: 0 })),
  } as { [K in Spread<N>]: ReturnType<typeof nullable<number>> };
}

/** The optional fields of a time in seconds. */
export function secondsFields<const N extends string>(name: N, what: string) {
  return {
    [name]: nullable(numberField(`Mean ${what}, seconds.`, { exclusiveMinimum: 0 })),
    [`${name}_stdev`]: nullable(numberField(`Standard deviation of ${what}, seconds.`, { exclusiveMinimum: 0 })),
    [`${name}_min`]: nullable(numberField(`Shortest ${what}, seconds.`, { minimum: 0 })),
    [`${name}_max`]: nullable(numberField(`Longest ${what}, seconds.`, { exclusiveMinimum: 0 })),
  } as { [K in N | Spread<N>]: ReturnType<typeof nullable<number>> };
}

type Spread<N extends string> = `${N}_stdev` | `${N}_min` | `${N}_max`;

/** The distribution that the four fields of `name` describe; null when the mean is not given. */
export function distributionOf(args: Readonly<Record<string, unknown>>, name: string): CountDistribution | null {
  const number = (key: string): number | null => (typeof args[key] === "number" ? args[key] : null);
  const mean = number(name);
  if (mean === null) return null;
  return { mean, stdev: number(`${name}_stdev`), min: number(`${name}_min`), max: number(`${name}_max`) };
}

/** What is wrong with the four fields of `name`, or null: a spread without a mean, or bounds out of order. */
export function distributionProblem(args: Readonly<Record<string, unknown>>, name: string): string | null {
  const distribution = distributionOf(args, name);
  const spread = ["stdev", "min", "max"].filter((part) => typeof args[`${name}_${part}`] === "number");
  if (distribution === null) return spread.length === 0 ? null : `${name}_${spread[0]} needs ${name}`;
  const { low, high } = boundsOf(distribution, 0);
  return low > high ? `${name}: the lower bound ${low} exceeds the upper bound ${high}` : null;
}
