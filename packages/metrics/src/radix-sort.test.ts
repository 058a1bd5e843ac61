import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { sortIndicesByValue } from "./radix-sort.js";

describe("sortIndicesByValue", () => {
  test("sorts long arrays of any finite numbers", () => {
    const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer());
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), (few) => {
        const values = Float64Array.from({ length: 4200 }, (_, at) => few[at % few.length] as number);
        const sorted = Float64Array.from(sortIndicesByValue(values), (index) => values[index] as number);
        expect(sorted).toEqual(values.slice().sort());
      }),
      { numRuns: 30 },
    );
  });

  test("keeps the order of equal values", () => {
    const values = Float64Array.from({ length: 10_000 }, (_, at) => at % 3);
    const order = sortIndicesByValue(values);
    expect([...order.subarray(0, 3)]).toEqual([0, 3, 6]);
  });
});
