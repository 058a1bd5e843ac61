import { CoreError, isBackendArgs, parseBackendArgs, revealArgs } from "@core/backend";
import { describe, expect, test } from "@jest/globals";
import "../register.js";
import type { OpenAIHttpArgs } from "./openai-http-args.js";

function parse(input: Readonly<Record<string, unknown>>): OpenAIHttpArgs {
  const args = parseBackendArgs({ kind: "openai_http", target: "http://h:8000", ...input });
  if (!isBackendArgs(args, "openai_http")) throw new Error("wrong kind");
  return args;
}

function messageOf(input: Readonly<Record<string, unknown>>): string {
  try {
    parse(input);
  } catch (error) {
    if (CoreError.isInstance(error)) return error.message;
    throw error;
  }
  throw new Error("expected a refusal");
}

describe("OpenAIHttpArgsSchema", () => {
  test("fills in every default", () => {
    expect(parse({})).toEqual({
      kind: "openai_http",
      target: "http://h:8000",
      model: "",
      request_format: "/v1/chat/completions",
      api_key: null,
      api_routes: {},
      timeout: null,
      timeout_connect: 5,
      timeout_first_token: null,
      timeout_stall: null,
      timeout_total: null,
      http2: true,
      transport: "auto",
      keep_alive: true,
      follow_redirects: true,
      verify: true,
      validate_backend: true,
      validate_request: "auto",
      server: "auto",
      stream: true,
      extras: null,
      max_tokens: null,
      server_history: false,
      tool_call_missing_behavior: "error_stop",
      multiturn_reasoning: false,
    });
  });

  test.each([
    ["http://h:8000/", "http://h:8000"],
    ["http://h:8000/v1", "http://h:8000"],
    ["http://h:8000/v1/", "http://h:8000"],
    ["http://h/v1/v1", "http://h/v1"],
    ["http://h//v1", "http://h/"],
    ["http://h/api/v1/chat/completions", "http://h/api/v1/chat/completions"],
    [" https://h ", "https://h"],
  ])("target %s is stored as %s", (given, stored) => {
    expect(parse({ target: given }).target).toBe(stored);
  });

  test.each([
    ["h:8000", 'backend.target: must begin with http:// or https:// (did you mean "http://h:8000"?), got "h:8000"'],
    ["ftp://h", 'backend.target: must begin with http:// or https://, got "ftp://h"'],
    ["http://", 'backend.target: must be a valid URL, got "http://"'],
    ["", 'backend.target: must be a URL such as http://localhost:8000, got ""'],
    ["http://u:KEY@h", "backend.target: must not hold a user name or password: use api_key or extras.headers"],
    ["u:KEY@h", "backend.target: must begin with http:// or https://"],
    ["http://h?key=KEY", "backend.target: must not hold a query or fragment: use extras.params"],
  ])("target %s is refused, a key in it not shown", (target, message) => {
    expect(messageOf({ target: target.replace("KEY", "hunter2") })).toBe(message);
  });

  test("takes loose spellings", () => {
    const args = parse({
      timeout: "10",
      http2: "no",
      max_tokens: "5",
      timeout_connect: null,
      multiturn_reasoning: "yes",
    });
    expect(args).toMatchObject({
      timeout: 10,
      http2: false,
      max_tokens: 5,
      timeout_connect: null,
      multiturn_reasoning: true,
    });
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ["unknown key", { modle: "m" }, 'backend.modle: unknown key (did you mean "model"?)'],
    ["null model", { model: null }, "backend.model: must be text"],
    ["half a token", { max_tokens: 5.5 }, "backend.max_tokens: must be a whole number"],
    ["no tokens", { max_tokens: 0 }, "backend.max_tokens: must be > 0"],
    ["negative timeout", { timeout: -1 }, "backend.timeout: must be > 0"],
    ["NaN", { timeout: Number.NaN }, "backend.timeout: must be a finite number"],
    [
      "old alias",
      { request_format: "chat_completions" },
      "backend.request_format: must be one of /v1/chat/completions",
    ],
    ["flag as text", { validate_backend: "/health" }, "backend.validate_backend: must be true or false"],
    ["template without place", { multiturn_reasoning: "<t>" }, "a template that contains {reasoning}"],
    ["empty template", { multiturn_reasoning: "" }, "a template that contains {reasoning}"],
    ["server history in chat", { server_history: true }, "server_history needs request_format /v1/responses"],
    ["unknown route", { api_routes: { health: "x" } }, 'has the unknown route "health"'],
    ["unknown extra", { extras: { temperature: 0.6 } }, "backend.extras.temperature: unknown key"],
    ["bad header name", { extras: { headers: { "a b": "x" } } }, '"a b" is not a header name'],
    ["bad header value", { extras: { headers: { a: "x\r\ny: z" } } }, "the value of a has characters"],
    ["computed header", { extras: { headers: { Connection: "close" } } }, "Connection is set by the client"],
    ["files in chat", { extras: { files: { a: "b" } } }, "extras.files has no effect"],
    [
      "content in completions",
      { request_format: "/v1/completions", extras: { content: { a: 1 } } },
      "extras.content has no effect",
    ],
    [
      "files of audio",
      { request_format: "/v1/audio/transcriptions", extras: { files: { file: "a.wav" } } },
      "extras.files has no effect: the file of an audio request comes from the data",
    ],
    [
      "a stream of vectors",
      { request_format: "/v1/embeddings", extras: { stream: true } },
      "/v1/embeddings is never streamed",
    ],
    [
      "a stream of scores",
      { request_format: "/score", extras: { body: { stream: true } } },
      "/score is never streamed",
    ],
    ["both limit names", { max_tokens: 1, max_completion_tokens: 2 }, "they are the same field"],
    ["masked key", { api_key: "**********" }, "is the mask of an earlier report"],
    ["masked header", { extras: { headers: { "x-api-key": "**********" } } }, "is the mask of an earlier report"],
  ])("%s is refused", (_name, input, message) => {
    expect(messageOf(input)).toContain(message);
  });

  test("max_completion_tokens is another name of max_tokens", () => {
    const args = parse({ max_completion_tokens: 7 });
    expect(args.max_tokens).toBe(7);
    expect(args).not.toHaveProperty("max_completion_tokens");
  });

  test("no secret is in the JSON of the args, and a revealed copy parses to the same", () => {
    const args = parse({ api_key: "sk-hunter2", extras: { headers: { "X-API-Key": "hunter3", "x-team": "blue" } } });
    expect(JSON.stringify(args)).not.toMatch(/hunter/);
    expect(JSON.stringify(args)).toContain('"x-team":"blue"');
    const again = parse(revealArgs(args));
    expect(again.api_key?.reveal()).toBe("sk-hunter2");
    expect(JSON.stringify(again)).toBe(JSON.stringify(args));
  });

  test("a key from the environment keeps its reference", () => {
    process.env["GOODPUT_TEST_KEY"] = "hunter2";
    const args = parse({ api_key: { env: "GOODPUT_TEST_KEY" } });
    delete process.env["GOODPUT_TEST_KEY"];
    expect(args.api_key?.reveal()).toBe("hunter2");
    expect(JSON.parse(JSON.stringify(args)).api_key).toEqual({ env: "GOODPUT_TEST_KEY" });
  });
});
