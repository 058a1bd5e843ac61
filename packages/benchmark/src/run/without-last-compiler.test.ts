import { setFlagsFromString } from "node:v8";
import { expect, test } from "@jest/globals";
import { withoutLastCompiler } from "./without-last-compiler.js";

setFlagsFromString("--allow-natives-syntax");

/** Asks V8's last compiler for a function. @returns Whether it was compiled. */
function isOptimised(): boolean {
  return new Function(`
    const add = (left, right) => left + right;
    %PrepareFunctionForOptimization(add);
    add(1, 2);
    %OptimizeFunctionOnNextCall(add);
    add(1, 2);
    return %ActiveTierIsTurbofan(add);
  `)() as boolean;
}

test("the last compiler is out of use while the work is done, and only then", () => {
  expect(isOptimised()).toBe(true);
  expect(withoutLastCompiler(isOptimised)).toBe(false);
  expect(isOptimised()).toBe(true);
});

test("work that fails gives it back", () => {
  const fail = (): never => {
    throw new Error("no");
  };
  expect(() => withoutLastCompiler(fail)).toThrow("no");
  expect(isOptimised()).toBe(true);
});
