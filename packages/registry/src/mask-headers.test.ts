import { describe, expect, test } from "@jest/globals";
import { isCredentialHeader, maskHeaders } from "./mask-headers.js";
import { SECRET_MASK } from "./secret.js";

describe("isCredentialHeader", () => {
  test.each([
    "Authorization",
    "proxy-authorization",
    "api-key",
    "X-API-Key",
    "apikey",
    "Cookie",
    "x-amz-security-token",
    "Ocp-Apim-Subscription-Key",
    "X-Auth-Request",
    "client_secret",
  ])("takes %s for a credential", (name) => expect(isCredentialHeader(name)).toBe(true));

  test.each(["accept", "content-type", "user-agent", "x-request-id", "author", "x-max-tokens", "keyboard"])(
    "does not take %s for one",
    (name) => expect(isCredentialHeader(name)).toBe(false),
  );
});

test("maskHeaders masks values of credentials only", () => {
  expect(maskHeaders({ Authorization: "Bearer x", accept: "*/*" })).toEqual({
    Authorization: SECRET_MASK,
    accept: "*/*",
  });
});
