import { describe, expect, test } from "@jest/globals";
import { usesProxy } from "./proxy-environment.js";

describe("usesProxy", () => {
  test.each<[string, Readonly<Record<string, string>>, boolean]>([
    ["http://h", {}, false],
    ["http://h", { http_proxy: "http://p" }, true],
    ["http://h", { HTTP_PROXY: "http://p" }, true],
    ["https://h", { HTTP_PROXY: "http://p" }, false],
    ["https://h", { HTTPS_PROXY: "http://p" }, true],
    ["http://127.0.0.1:8000", { http_proxy: "http://p" }, false],
    ["http://localhost:8000", { http_proxy: "http://p" }, false],
    ["http://[::1]:8000", { http_proxy: "http://p" }, false],
    ["http://a.example.com", { http_proxy: "http://p", no_proxy: "example.com" }, false],
    ["http://a.example.com", { http_proxy: "http://p", NO_PROXY: "x, .example.com" }, false],
    ["http://a.example.com", { http_proxy: "http://p", NO_PROXY: "*.example.com" }, false],
    ["http://notexample.com", { http_proxy: "http://p", NO_PROXY: "example.com" }, true],
    ["http://h:81", { http_proxy: "http://p", NO_PROXY: "h:80" }, true],
    ["http://h:80", { http_proxy: "http://p", NO_PROXY: "h:80" }, false],
    ["http://h", { http_proxy: "http://p", NO_PROXY: "*" }, false],
  ])("%s with %j: %s", (url, environment, expected) => {
    expect(usesProxy(new URL(url), environment)).toBe(expected);
  });
});
