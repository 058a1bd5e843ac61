import { describe, expect, test } from "@jest/globals";
import { routeUrl } from "./route-url.js";

describe("routeUrl", () => {
  test.each([
    ["http://h:1", undefined, "http://h:1/v1/chat/completions"],
    ["http://h/", undefined, "http://h/v1/chat/completions"],
    ["http://h/base", "/chat", "http://h/base/chat"],
    ["http://h/base", "chat", "http://h/base/chat"],
    ["http://h", "http://other:2/x", "http://other:2/x"],
  ])("%s with route %s", (target, route, expected) => {
    const api_routes = route === undefined ? {} : { "/v1/chat/completions": route };
    expect(routeUrl("/v1/chat/completions", { target, api_routes, params: null }).href).toBe(expected);
  });

  test("adds parameters, lists as repeated names", () => {
    const params = { a: 1, b: ["x", "y"], c: null, d: "ä&" };
    expect(routeUrl("/health", { target: "http://h", api_routes: {}, params }).href).toBe(
      "http://h/health?a=1&b=x&b=y&d=%C3%A4%26",
    );
  });
});
