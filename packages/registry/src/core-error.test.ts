import { describe, expect, test } from "@jest/globals";
import { CoreError } from "./core-error.js";
import { RegistryError } from "./errors.js";

class OtherError extends CoreError {}

describe("CoreError", () => {
  const error = new RegistryError("What failed.", { code: "CORE_REGISTRY_UNKNOWN_KIND", hint: "Do this.", cause: 1 });

  test("carries code, hint and cause, and its class as name", () => {
    expect(error).toMatchObject({
      name: "RegistryError",
      code: "CORE_REGISTRY_UNKNOWN_KIND",
      hint: "Do this.",
      cause: 1,
    });
  });

  test("is recognised by its own class and the base, not by another family", () => {
    expect(RegistryError.isInstance(error)).toBe(true);
    expect(CoreError.isInstance(error)).toBe(true);
    expect(OtherError.isInstance(error)).toBe(false);
    expect(RegistryError.isInstance(new OtherError("x", { code: "X" }))).toBe(false);
  });

  test.each([null, undefined, "text", {}, new Error("plain")])("does not take %p for one", (value) => {
    expect(CoreError.isInstance(value)).toBe(false);
  });
});
