import { expect, test } from "@jest/globals";
import { assertClasses } from "./assert-classes.js";

const objectives = ["ttft.p99<=200ms", "ttft[class=chta].p99<=200ms"];

test("a class that the data cannot have is refused with the nearest one that it has", () => {
  expect(() => assertClasses(objectives, ["batch", "chat"])).toThrow(
    'The objective ttft[class=chta].p99<=200ms cannot be measured: no request is of the class "chta"; classes of the data: batch, chat (did you mean chat?).',
  );
  expect(() => assertClasses(objectives, [])).toThrow("no request has a class");
});

test("nothing is refused where only the conversations will tell, nor what is there", () => {
  expect(() => assertClasses(objectives, null)).not.toThrow();
  expect(() => assertClasses(objectives, ["chta"])).not.toThrow();
});
