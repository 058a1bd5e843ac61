import { readFileSync } from "node:fs";
import { backends, createBackend } from "@core/backend";
import { afterEach, describe, expect, test } from "@jest/globals";
import { OpenAIHttpBackend, registerRequestFormat } from "../src/index.js";
import {
  chunk,
  delta,
  LAST_CHUNK,
  type RawRequest,
  type RawServer,
  reply,
  STREAM_HEAD,
  startRawServer,
} from "./support/raw-server.js";
import { sendRequest, startBackend, textRequest } from "./support/send-request.js";

const open: (OpenAIHttpBackend | RawServer)[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse())
    await ("shutdown" in resource ? resource.shutdown() : resource.close());
});

const GOOD = STREAM_HEAD + chunk(delta({ content: "a" }, "stop")) + chunk("data: [DONE]\n\n") + LAST_CHUNK;
const MODELS = '{"object":"list","data":[{"id":"tiny"},{"id":"other"}]}';

/** A server that answers by path; a path that is not given gets 404. */
async function startPaths(paths: Readonly<Record<string, string>>): Promise<RawServer> {
  const server = await startRawServer((socket, { head }) => {
    const path = head.split(" ")[1]?.split("?")[0] ?? "";
    socket.write(paths[path] ?? reply(404, '{"detail":"Not Found"}'));
  });
  open.push(server);
  return server;
}

async function started(server: RawServer, args: Parameters<typeof startBackend>[1] = {}): Promise<OpenAIHttpBackend> {
  const backend = await startBackend(server.url, args);
  open.push(backend);
  return backend;
}

function pathsOf(requests: readonly RawRequest[]): string[] {
  return requests.map(({ head }) => head.split(" HTTP", 1)[0] ?? "");
}

describe("registration", () => {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

  test("is what the manifest announces", () => {
    const entry = backends.find("openai_http");
    expect(manifest.coreBackend).toEqual({ contract: entry?.contract, kinds: [entry?.kind] });
    expect(entry).toMatchObject({ packageName: manifest.name, packageVersion: manifest.version });
    expect(manifest.sideEffects).toBe(true);
  });

  test("createBackend gives the class", () => {
    const backend = createBackend({ kind: "openai_http", target: "http://127.0.0.1:1" });
    expect(backend).toBeInstanceOf(OpenAIHttpBackend);
    expect(backend.limits()).toEqual({ workers: null, requests: null });
  });
});

describe("life cycle", () => {
  test("every call before startup says so, and shutdown allows another startup", async () => {
    const backend = createBackend({ kind: "openai_http", target: "http://127.0.0.1:1", model: "m" });
    const notStarted = { code: "CORE_BACKEND_NOT_STARTED" };
    await expect(backend.validate()).rejects.toMatchObject(notStarted);
    await expect(backend.models()).rejects.toMatchObject(notStarted);
    await expect(backend.warm(1)).rejects.toMatchObject(notStarted);
    expect(() => backend.prepare(textRequest(), null)).toThrow(expect.objectContaining(notStarted));
    for (let count = 0; count < 2; count += 1) {
      await backend.startup();
      await expect(backend.startup()).rejects.toMatchObject({ code: "CORE_BACKEND_ALREADY_STARTED" });
      await backend.shutdown();
      await backend.shutdown();
    }
  });

  test("a request format that is not built is refused at startup", async () => {
    const request_format = "/v1/later";
    const origin = { packageName: "p", packageVersion: "1.0.0", summary: "s" };
    registerRequestFormat({ ...origin, name: request_format, format: null });
    const backend = createBackend({ kind: "openai_http", target: "http://127.0.0.1:1", request_format });
    await expect(backend.startup()).rejects.toMatchObject({
      code: "CORE_REGISTRY_NOT_BUILT",
      message: 'The request format kind "/v1/later" is not built yet in this version.',
    });
  });
});

describe("validate", () => {
  test("asks for the health and the models, once", async () => {
    const server = await startPaths({ "/health": reply(200, ""), "/v1/models": reply(200, MODELS) });
    const backend = await started(server, { model: "" });
    await backend.validate();
    expect(await backend.defaultModel()).toBe("tiny");
    expect(pathsOf(server.requests).sort()).toEqual(["GET /health", "GET /v1/models"]);
  });

  test("a healthy server need not list models", async () => {
    const server = await startPaths({ "/health": reply(200, "") });
    await expect((await started(server)).validate()).resolves.toBeUndefined();
  });

  test("accepts a server without a health route that lists models", async () => {
    const server = await startPaths({ "/v1/models": reply(200, MODELS) });
    await (await started(server, { model: "" })).validate();
    expect(pathsOf(server.requests).sort()).toEqual(["GET /health", "GET /v1/models"]);
  });

  test("sends all headers and parameters, and uses other routes", async () => {
    const server = await startPaths({ "/base/ping": reply(200, "") });
    const backend = await startBackend(`${server.url}/base/v1/`, {
      model: "",
      api_key: "sk-1",
      api_routes: { "/health": "/ping" },
      extras: { headers: { "X-Gateway-Token": "t-2" }, params: { version: 3 } },
    });
    open.push(backend);
    await backend.validate();
    const request = server.requests.find(({ head }) => head.includes("/ping"));
    expect(request?.head).toMatch(/^GET \/base\/ping\?version=3 /);
    expect(request?.head).toMatch(/^authorization: Bearer sk-1$/im);
    expect(request?.head).toMatch(/^x-gateway-token: t-2$/im);
  });

  test.each([401, 403])("a key that is refused with %d, although the server is healthy", async (status) => {
    const server = await startPaths({
      "/health": reply(200, ""),
      "/v1/models": reply(status, '{"error":"Unauthorized"}'),
    });
    await expect((await started(server)).validate()).rejects.toMatchObject({
      code: "CORE_BACKEND_UNREACHABLE",
      message:
        `The server refuses the key: GET ${server.url}/v1/models answered with status ${status} ` +
        `({"error":"Unauthorized"}).`,
      hint: "Give a key with api_key, or a header with extras.headers. validate_backend=false skips this check.",
    });
  });

  test("says what came back and what to change", async () => {
    const server = await startPaths({ "/health": reply(500, "down"), "/v1/models": reply(404, "") });
    const backend = await started(server, { validate_request: "never" });
    await expect(backend.validate()).rejects.toMatchObject({
      code: "CORE_BACKEND_UNREACHABLE",
      message:
        `The server cannot be validated: GET ${server.url}/health answered with status 500 (down); ` +
        `GET ${server.url}/v1/models answered with status 404.`,
      hint: "Check the path in target. Set api_routes for other paths, or validate_backend=false to skip this check.",
    });
  });

  test("says that nothing listens", async () => {
    const server = await startRawServer(() => {});
    await server.close();
    const backend = await startBackend(server.url);
    open.push(backend);
    await expect(backend.validate()).rejects.toMatchObject({
      code: "CORE_BACKEND_UNREACHABLE",
      message: expect.stringMatching(/cannot be reached: GET http.*\/health failed: .*ECONNREFUSED/),
      hint: "Check that the server runs and that target has the right host and port.",
    });
  });

  test("validate_backend=false asks nothing", async () => {
    const server = await startPaths({});
    await (await started(server, { validate_backend: false })).validate();
    expect(server.requests).toHaveLength(0);
  });

  test("a model that the server does not list", async () => {
    const server = await startPaths({ "/health": reply(200, ""), "/v1/models": reply(200, MODELS) });
    await expect((await started(server, { model: "tinny" })).validate()).rejects.toMatchObject({
      code: "CORE_BACKEND_NO_MODEL",
      message: 'The server does not serve the model "tinny"; it lists tiny, other.',
      hint: expect.stringContaining("Give one of them with model=…"),
    });
  });
});

describe("models", () => {
  test("the first listed one is the default, asked for once", async () => {
    const server = await startPaths({ "/v1/models": reply(200, MODELS), "/v1/chat/completions": GOOD });
    const backend = await started(server, { model: "" });
    expect(() => backend.prepare(textRequest(), null)).toThrow(
      expect.objectContaining({ code: "CORE_BACKEND_NO_MODEL" }),
    );
    expect(await backend.models()).toEqual(["tiny", "other"]);
    expect(await backend.defaultModel()).toBe("tiny");
    expect(await backend.defaultModel()).toBe("tiny");
    await sendRequest(backend);
    expect(JSON.parse(server.requests.at(-1)?.body ?? "").model).toBe("tiny");
    expect(server.requests).toHaveLength(2);
  });

  test("a configured one needs no request", async () => {
    const server = await startPaths({});
    expect(await (await started(server)).defaultModel()).toBe("tiny");
    expect(server.requests).toHaveLength(0);
  });

  test.each([
    ["an empty list", reply(200, '{"data":[]}'), "CORE_BACKEND_NO_MODEL"],
    ["no list", reply(200, "{}"), "CORE_BACKEND_UNREACHABLE"],
    ["no JSON", reply(200, "<html>"), "CORE_BACKEND_UNREACHABLE"],
    ["an error", reply(500, "{}"), "CORE_BACKEND_UNREACHABLE"],
  ])("%s fails early", async (_name, answer, code) => {
    const backend = await started(await startPaths({ "/v1/models": answer }), { model: "" });
    await expect(backend.defaultModel()).rejects.toMatchObject({ code });
  });
});

describe("what is sent and told", () => {
  test("path, headers and body", async () => {
    const server = await startPaths({ "/api/chat": GOOD });
    const backend = await started(server, {
      api_key: "sk-1",
      api_routes: { "/v1/chat/completions": "/api/chat" },
      extras: {
        method: "PUT",
        params: { a: [1, 2] },
        headers: { AUTHORIZATION: "Basic x", "Content-Type": "application/x" },
      },
    });
    await sendRequest(backend);
    const [request] = server.requests;
    expect(request?.head).toMatch(/^PUT \/api\/chat\?a=1&a=2 HTTP/);
    expect(request?.head.match(/^authorization:/gim)).toHaveLength(1);
    expect(request?.head).toMatch(/^authorization: Basic x$/im);
    expect(request?.head).toMatch(/^content-type: application\/x$/im);
    expect(request?.head).toMatch(/^content-length: \d+$/im);
    expect(request?.head).toMatch(/^connection: keep-alive$/im);
    expect(JSON.parse(request?.body ?? "")).toMatchObject({ model: "tiny", messages: [{ role: "user" }] });
  });

  test("no secret is in the info or the told request", async () => {
    const server = await startPaths({ "/v1/chat/completions": GOOD });
    const backend = await started(server, {
      api_key: "hunter2",
      extras: { headers: { "x-api-key": "hunter3", "x-team": "blue" } },
    });
    const { terminal } = await sendRequest(backend);
    const told = JSON.stringify([backend.info, terminal]);
    expect(told).not.toMatch(/hunter/);
    expect(JSON.parse(terminal.response.requestArgs ?? "")).toEqual({
      method: "POST",
      stream: true,
      headers: { "x-api-key": "**********", "x-team": "blue" },
      params: null,
      body: expect.objectContaining({ model: "tiny" }),
      files: null,
      content: null,
    });
  });

  test("no secret that the server echoes is in a failure", async () => {
    const echo = reply(401, '{"error":{"message":"wrong key hunter2-long, header hunter3-long"}}');
    const server = await startPaths({ "/v1/chat/completions": echo, "/health": echo, "/v1/models": echo });
    const headers = { "x-authorization": "Token hunter3-long" };
    const backend = await started(server, { api_key: "hunter2-long", extras: { headers } });
    const { terminal } = await sendRequest(backend);
    expect(JSON.stringify(terminal)).not.toMatch(/hunter/);
    expect(terminal).toMatchObject({
      failure: { message: expect.stringContaining("wrong key **********, header **********") },
    });
    const error: unknown = await backend.validate().catch((reason: unknown) => reason);
    expect(String(error)).toContain("wrong key");
    expect(String(error)).not.toMatch(/hunter/);
  });

  test.each(["", '{"error":'])("half of a secret is not in a failure either: %s", async (before) => {
    const echo = `${before}"${"x".repeat(1015 - before.length)}hunter2-long"${before === "" ? "" : "}"}`;
    const server = await startPaths({ "/v1/chat/completions": reply(400, echo) });
    const { terminal } = await sendRequest(await started(server, { api_key: "hunter2-long" }));
    expect(JSON.stringify(terminal)).not.toMatch(/hun/);
  });

  test("the message of an error object is told although its body is too long to be shown", async () => {
    const error = { error: { message: "the reason", param: "x".repeat(2000) } };
    const server = await startPaths({ "/v1/chat/completions": reply(400, JSON.stringify(error)) });
    const { terminal } = await sendRequest(await started(server));
    expect(terminal).toMatchObject({
      failure: { message: "The server answered with status 400: the reason", body: expect.stringMatching(/x$/) },
    });
  });

  test("long media is told by its size and digest", async () => {
    const server = await startPaths({ "/v1/chat/completions": GOOD });
    const image = `data:image/png;base64,${"A".repeat(5000)}`;
    const request = textRequest({ columns: { image_column: [{ image }] } });
    const { terminal } = await sendRequest(await started(server), { request });
    expect(server.requests[0]?.body).toContain(image);
    expect(terminal.response.requestArgs).not.toContain("AAAA");
    expect(terminal.response.requestArgs).toMatch(/data:image\/png;base64,<5022 characters, sha256 [0-9a-f]{64}>/);
  });

  test("bytes of the request are counted and made by prepare", async () => {
    const server = await startPaths({ "/v1/chat/completions": GOOD });
    const request = textRequest({ columns: { text_column: ["é\u2028"] } });
    const { timings } = await sendRequest(await started(server), { request });
    expect(timings.requestBytes).toBe(Buffer.byteLength(server.requests[0]?.body ?? ""));
  });
});
