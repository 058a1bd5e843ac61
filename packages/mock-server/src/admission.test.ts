import { expect, test } from "@jest/globals";
import { Admission } from "./admission.js";

test("only so many run, the others in the order of their arrival, and one that leaves early keeps no place", () => {
  const admission = new Admission({ running: 2, waiting: null });
  const begun: string[] = [];
  const leave = Object.fromEntries(
    ["a", "b", "c", "d", "e"].map((name) => [name, admission.enter(() => begun.push(name))]),
  );
  expect([begun.join(""), admission.waiting]).toEqual(["ab", 3]);
  leave["d"]?.();
  expect([begun.join(""), admission.waiting]).toEqual(["ab", 2]);
  leave["a"]?.();
  leave["a"]?.();
  expect([begun.join(""), admission.waiting]).toEqual(["abc", 1]);
  leave["c"]?.();
  leave["b"]?.();
  leave["e"]?.();
  expect([begun.join(""), admission.waiting]).toEqual(["abce", 0]);
  admission.enter(() => begun.push("f"));
  admission.enter(() => begun.push("g"));
  expect(begun.join("")).toBe("abcefg");
});

test("more than may wait are refused as vLLM does", () => {
  const admission = new Admission({ running: 1, waiting: 1 });
  admission.enter(() => {});
  admission.enter(() => {});
  expect(() => admission.enter(() => {})).toThrow("The engine is currently busy");
  expect([admission.waiting, admission.rejected]).toEqual([1, 1]);
});

test("without a limit everybody runs", () => {
  const admission = new Admission({ running: null, waiting: 0 });
  let begun = 0;
  for (let count = 0; count < 100; count += 1) admission.enter(() => (begun += 1));
  expect([begun, admission.waiting]).toEqual([100, 0]);
});
