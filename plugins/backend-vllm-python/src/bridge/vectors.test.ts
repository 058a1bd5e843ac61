import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { decode, encode } from "@msgpack/msgpack";

/** Vectors that the tests of the Python part read too. */
const vectors = JSON.parse(
  readFileSync(new URL("../../test/vectors/msgpack.json", import.meta.url), "utf8"),
) as readonly {
  readonly hex: string;
  readonly value: unknown;
}[];

test.each(vectors)("both sides agree on $hex", ({ hex, value }) => {
  expect(decode(Buffer.from(hex, "hex"))).toEqual(value);
  expect(Buffer.from(encode(value)).toString("hex")).toBe(hex);
});
