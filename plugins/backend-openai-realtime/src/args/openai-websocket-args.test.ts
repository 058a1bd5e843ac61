import { createBackend, parseBackendArgs, revealArgs } from "@core/backend";
import { describe, expect, test } from "@jest/globals";
import "../register.js";
import { httpUrl, webSocketUrl } from "./endpoint-urls.js";
import type { OpenAIWebSocketArgs } from "./openai-websocket-args.js";

function parse(fields: Readonly<Record<string, unknown>>): OpenAIWebSocketArgs {
  return parseBackendArgs({ kind: "openai_websocket", target: "http://h:1", ...fields }) as OpenAIWebSocketArgs;
}

describe("args of openai_websocket", () => {
  test("have these defaults", () => {
    expect(parse({})).toEqual({
      ...{ kind: "openai_websocket", target: "http://h:1", model: "", request_format: "/v1/realtime" },
      ...{ chunk_samples: 3200, pace: null, api_key: null, keep_alive: true, verify: true, timeout: null },
      ...{ timeout_connect: 5, validate_backend: true, extras: null },
    });
  });

  test("read loose spellings", () => {
    const loose = { model: " m ", chunk_samples: "160", verify: "no", timeout: "1.5", pace: "2" };
    expect(parse(loose)).toMatchObject({ model: "m", chunk_samples: 160, verify: false, timeout: 1.5, pace: 2 });
  });

  test.each<[Readonly<Record<string, unknown>>, string]>([
    [{ request_format: "/v1/chat/completions" }, "request_format"],
    [{ chunk_samples: 0 }, "chunk_samples"],
    [{ chunk_samples: 1.5 }, "chunk_samples"],
    [{ pace: 0 }, "pace"],
    [{ timeout: 0 }, "timeout"],
    [{ model: 5 }, "model"],
    [{ target: "" }, "target"],
    [{ target: "http://" }, "target"],
    [{ target: "http:///v1" }, "target"],
    [{ target: "ftp://h" }, "target"],
    [{ target: "http://user:pass@h" }, "target"],
    [{ target: "http://h?key=1" }, "target"],
    [{ validate_backend: {} }, "validate_backend"],
    [{ validate_backend: { method: "GET" } }, "validate_backend"],
    [{ validate_backend: { url: "http://h", methods: "GET" } }, "methods"],
    [{ validate_backend: { url: "http://h", method: "G T" } }, "validate_backend"],
    [{ validate_backend: { url: "http://h", headers: 5 } }, "headers"],
    [{ validate_backend: "nowhere" }, "validate_backend"],
    [{ stream: true }, "stream"],
  ])("refuse %j", (fields, message) => expect(() => parse(fields)).toThrow(message));

  test("never show a password of a refused target", () => {
    expect(() => parse({ target: "http://user:hunter2@h" })).toThrow(/^(?!.*hunter2)/s);
  });

  test.each([
    [false, false],
    ["", false],
    ["no", false],
    ["true", true],
    ["health", "/health"],
    ["v1/models", "/v1/models"],
    ["/health", "/health"],
    ["https://other/ready", "https://other/ready"],
    [{ url: "/ready" }, { url: "/ready", method: "GET", headers: null, body: null }],
    [
      { url: "http://h/x", method: "post", body: [1] },
      { url: "http://h/x", method: "POST", headers: null, body: [1] },
    ],
  ])("validate_backend %j is read as %j", (given, read) => {
    expect(parse({ validate_backend: given }).validate_backend).toEqual(read);
  });

  test("headers of validate_backend with credentials are masked, and travel to workers", () => {
    const args = parse({
      validate_backend: { url: "/health", headers: { Authorization: "Basic s3cret", "X-A": "1" } },
    });
    const { info } = createBackend(args);
    expect(JSON.stringify(info)).not.toContain("s3cret");
    expect(info).toMatchObject({ validate_backend: { headers: { "X-A": "1" } } });
    const again = parseBackendArgs(revealArgs(args));
    expect(revealArgs(again)).toEqual(revealArgs(args));
    expect(JSON.stringify(revealArgs(args))).toContain("s3cret");
  });
});

describe("URLs", () => {
  test.each([
    ["h:8000", "ws://h:8000/v1/realtime", "http://h:8000/health"],
    ["http://h:8000/", "ws://h:8000/v1/realtime", "http://h:8000/health"],
    ["http://h:8000/v1", "ws://h:8000/v1/realtime", "http://h:8000/health"],
    ["http://h:8000/v1/", "ws://h:8000/v1/realtime", "http://h:8000/health"],
    ["ws://h", "ws://h/v1/realtime", "http://h/health"],
    ["https://h", "wss://h/v1/realtime", "https://h/health"],
    ["WSS://h:1", "wss://h:1/v1/realtime", "https://h:1/health"],
    ["https://h/gateway/v1", "wss://h/gateway/v1/realtime", "https://h/gateway/health"],
    ["http://[::1]:8000", "ws://[::1]:8000/v1/realtime", "http://[::1]:8000/health"],
  ])("%s", (target, webSocket, health) => {
    const { target: base } = parse({ target });
    expect(webSocketUrl(base, "/v1/realtime").href).toBe(webSocket);
    expect(httpUrl(base, "/health").href).toBe(health);
  });
});
