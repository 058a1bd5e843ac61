import { CoreError, createBackend, parseBackendArgs, UNKNOWN_USAGE } from "@core/backend";
import { afterEach, describe, expect, test } from "@jest/globals";
import { formatOf } from "../src/api/formats.js";
import { withoutNulls } from "../src/api/merge-json.js";
import type { OpenAIHttpErrorCode } from "../src/errors.js";
import type { OpenAIHttpBackend } from "../src/openai-http-backend.js";
import { answered, bodyInput } from "./support/body-input.js";
import { chunk, LAST_CHUNK, type RawServer, reply, STREAM_HEAD, startRawServer } from "./support/raw-server.js";
import { failureOf, sendRequest, startBackend, textRequest } from "./support/send-request.js";

/**
 * What a client of these servers must do, point by point. Points that cross several formats are tested here; the others
 * where their part is:
 *
 * | Point                                                   | Tested in                                                |
 * | ------------------------------------------------------- | -------------------------------------------------------- |
 * | 1. errors of the configuration                          | here; src/args/openai-http-args.test.ts                  |
 * | 2. spellings of the target                              | src/args/openai-http-args.test.ts                        |
 * | 3. bodies of the formats                                | golden-bodies.test.ts, with golden/*.json                |
 * | 4. nulls in bodies                                      | golden-bodies.test.ts; src/api/merge-json.test.ts        |
 * | 5. forced lengths                                       | here                                                     |
 * | 6. tool_choice                                          | here; src/api/*-format.test.ts                           |
 * | 7. first token and first output token                   | language-formats.test.ts; src/api/response-reader.test.ts |
 * | 8. pieces of tool calls                                 | src/api/response-reader.test.ts                          |
 * | 9. usage                                                | src/api/response-reader.test.ts; src/api/read-usage.test.ts |
 * | 10. one error for each fault                            | here; faults.test.ts, hostile-responses.test.ts          |
 * | 11. cut requests                                        | streaming.test.ts; language-formats.test.ts              |
 * | 12. unusable responses                                  | src/api/audio/audio-format.test.ts; src/api/response-reader.test.ts |
 * | 13. embeddings                                          | golden-bodies.test.ts; src/api/embeddings                |
 * | 14. forms with a file                                   | here; request-formats.test.ts                            |
 * | 15. realtime transcription                              | backend-openai-realtime/test/exchange.test.ts            |
 * | 16. missing tool calls                                  | language-formats.test.ts; faults.test.ts                 |
 * | 17. secrets                                             | here; contract.test.ts, openai-http-backend.test.ts      |
 */
const open: (OpenAIHttpBackend | RawServer)[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse())
    await ("shutdown" in resource ? resource.shutdown() : resource.close());
});

const TOOLS_FORMATS = ["/v1/chat/completions", "/v1/responses"] as const;
const TOOLS = [{ type: "function", function: { name: "f" } }];
const CALL = { id: "c1", type: "function", function: { name: "f", arguments: "{}" } } as const;
const ASKED = [answered(textRequest({ turnType: "client_tool_call" }), { text: null, toolCalls: [CALL] })];

describe("acceptance 1: errors of the configuration", () => {
  const target = "http://h:8000";

  test.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    [
      "unknown kind",
      { kind: "openai_htp", target },
      ['"openai_htp"', '"openai_http"', "Registered kinds: openai_http"],
    ],
    ["no kind", { target }, ['needs a "kind"', "openai_http"]],
    ["unknown field", { kind: "openai_http", target, modell: "m" }, ["backend.modell", '"model"']],
    ["no target", { kind: "openai_http" }, ["backend.target: is required"]],
    [
      "unknown format",
      { kind: "openai_http", target, request_format: "/v1/chat" },
      ["backend.request_format", "/v1/chat/completions", "/pooling"],
    ],
    [
      "unknown value",
      { kind: "openai_http", target, tool_call_missing_behavior: "stop" },
      ["ignore_continue", "ignore_stop", "error_stop"],
    ],
  ])("%s", (_name, args, said) => {
    let message = "";
    try {
      parseBackendArgs(args);
    } catch (error) {
      if (CoreError.isInstance(error)) message = `${error.message} ${error.hint}`;
    }
    for (const part of said) expect(message).toContain(part);
  });
});

/** Every combination. */
const LENGTHS = [null, 0, 48].flatMap((length) => [null, 9].map((maxTokens) => ({ length, maxTokens })));

describe("acceptance 5: a length is forced exactly when it is requested", () => {
  const LIMITS = {
    "/v1/chat/completions": "max_completion_tokens",
    "/v1/completions": "max_tokens",
    "/v1/responses": "max_output_tokens",
  } as const;

  function sent(format: keyof typeof LIMITS, length: number | null, maxTokens: number | null, tools = false) {
    const request = textRequest({
      turnType: tools ? "client_tool_call" : "standard",
      columns: { text_column: ["q"], ...(tools ? { tools_column: [TOOLS] } : {}) },
      outputMetrics: { ...UNKNOWN_USAGE, text_tokens: length },
    });
    const body = withoutNulls(formatOf(format).buildBody(request, null, bodyInput({ maxTokens })));
    return { limit: body[LIMITS[format]], ignore_eos: body["ignore_eos"] };
  }

  describe.each(Object.keys(LIMITS) as (keyof typeof LIMITS)[])("%s", (format) => {
    test.each(LENGTHS)("%j", ({ length, maxTokens }) => {
      const forced = length === 48;
      expect(sent(format, length, maxTokens)).toEqual({
        limit: forced ? 48 : (maxTokens ?? undefined),
        ignore_eos: forced ? true : undefined,
      });
      if (format === "/v1/completions") return;
      expect(sent(format, length, maxTokens, true)).toEqual({ limit: undefined, ignore_eos: undefined });
    });
  });
});

describe.each(TOOLS_FORMATS)("acceptance 6: tool_choice of %s", (format) => {
  const build = (...given: Parameters<ReturnType<typeof formatOf>["buildBody"]>) =>
    formatOf(format).buildBody(...given);

  test.each([
    // tools of the data, choice of the data, choice of extras, turn, expected
    [true, null, null, "client_tool_call", "required"],
    [true, "auto", null, "client_tool_call", "auto"],
    [true, "required", "auto", "client_tool_call", "auto"],
    [true, null, null, "standard", "none"],
    [true, null, "required", "standard", "none"],
    [true, null, null, "tool_response_injection", "required"],
    [true, "auto", null, "tool_response_injection", "auto"],
    [true, null, null, "server_tool_call", "required"],
    [false, null, "auto", "client_tool_call", undefined],
    [false, "auto", null, "server_tool_call", undefined],
    [false, null, "auto", "tool_response_injection", undefined],
  ] as const)(
    "tools %j, choice %j, of extras %j, in a turn %s: %j",
    (hasTools, ofData, ofExtras, turnType, expected) => {
      const columns = {
        text_column: ["q"],
        ...(hasTools ? { tools_column: [JSON.stringify(TOOLS)] } : {}),
        ...(ofData === null ? {} : { tool_choice_column: [ofData] }),
      };
      const input = bodyInput({ extraBody: ofExtras === null ? {} : { tool_choice: ofExtras } });
      expect(build(textRequest({ columns, turnType }), ASKED, input)["tool_choice"]).toBe(expected);
    },
  );

  test.each([
    ["standard", "none", true],
    ["tool_response_injection", "none", true],
    ["server_tool_call", "auto", true],
    ["client_tool_call", "auto", false],
  ] as const)("tools of extras in a turn %s: %s, length forced %j", (turnType, expected, forced) => {
    const request = textRequest({ turnType, outputMetrics: { ...UNKNOWN_USAGE, text_tokens: 5 } });
    const body = build(request, ASKED, bodyInput({ extraBody: { tools: TOOLS, tool_choice: "auto", stop: ["x"] } }));
    expect(body).toMatchObject({ tools: TOOLS, tool_choice: expected });
    expect([body["ignore_eos"] ?? false, "stop" in body]).toEqual([forced, forced]);
  });
});

/** How a stream of a format says one token, and an error. */
const STREAMS = {
  "/v1/chat/completions": [{ choices: [{ delta: { content: "a" } }] }, { error: { message: "boom" } }],
  "/v1/completions": [{ choices: [{ text: "a" }] }, { error: { message: "boom" } }],
  "/v1/responses": [
    { type: "response.output_text.delta", delta: "a" },
    { type: "error", message: "boom" },
  ],
  "/v1/messages": [
    { type: "content_block_delta", delta: { type: "text_delta", text: "a" } },
    { type: "error", error: { message: "boom" } },
  ],
} as const;

describe.each(["direct", "undici"] as const)("acceptance 10: one error for each fault, over %s", (transport) => {
  test.each(Object.keys(STREAMS) as (keyof typeof STREAMS)[])("%s", async (request_format) => {
    const [token, error] = STREAMS[request_format].map((event) => chunk(`data: ${JSON.stringify(event)}\n\n`));
    const FAULTS: readonly (readonly [OpenAIHttpErrorCode, string, "keeps" | "resets"])[] = [
      ["OPENAI_HTTP_STREAM_ERROR", STREAM_HEAD + token + error + LAST_CHUNK, "keeps"],
      ["OPENAI_HTTP_BODY_ERROR", reply(200, '{"error":{"message":"boom"}}'), "keeps"],
      ["OPENAI_HTTP_CLIENT_ERROR", reply(400, '{"error":{"message":"boom"}}'), "keeps"],
      ["OPENAI_HTTP_RATE_LIMITED", reply(429, '{"error":{"message":"boom"}}'), "keeps"],
      ["OPENAI_HTTP_SERVER_ERROR", reply(500, '{"error":{"message":"boom"}}'), "keeps"],
      ["OPENAI_HTTP_CONNECTION_LOST", STREAM_HEAD + token, "resets"],
      ["OPENAI_HTTP_READ_TIMEOUT", STREAM_HEAD + token, "keeps"],
      ["OPENAI_HTTP_FIRST_BYTE_TIMEOUT", "", "keeps"],
      ["OPENAI_HTTP_MALFORMED", STREAM_HEAD + token + chunk("data: {\n\n") + LAST_CHUNK, "keeps"],
      ["OPENAI_HTTP_TRUNCATED", STREAM_HEAD + LAST_CHUNK, "keeps"],
      ["OPENAI_HTTP_UNUSABLE", STREAM_HEAD + chunk("data: [DONE]\n\n") + LAST_CHUNK, "keeps"],
    ];
    let at = 0;
    const server = await startRawServer((socket) => {
      const [, bytes, afterwards] = FAULTS[at] as (typeof FAULTS)[number];
      socket.write(bytes, () => afterwards === "resets" && socket.resetAndDestroy());
    });
    const backend = await startBackend(server.url, { transport, request_format, timeout: 0.1 });
    open.push(server, backend);
    const codes: string[] = [];
    for (; at < FAULTS.length; at += 1) codes.push(failureOf(await sendRequest(backend)).failure.code);
    expect(codes).toEqual(FAULTS.map(([code]) => code));
  });
});

describe("acceptance 14: forms with a file", () => {
  test.each([
    [{ audio: "UklGRg==", file_name: "a.flac", mimetype: "audio/x-flac" }, 'filename="a.flac"', "audio/x-flac"],
    [{ audio: "UklGRg==", file_name: "", mimetype: "audio/mpeg" }, 'filename="audio_input"', "audio/mpeg"],
    [{ audio: "UklGRg==", format: "wav" }, 'filename="audio_input"', "audio/wav"],
  ])("%j", async (item, name, type) => {
    const server = await startRawServer((socket) => socket.write(reply(200, '{"text":""}')));
    const backend = await startBackend(server.url, { request_format: "/v1/audio/translations" });
    open.push(server, backend);
    const { terminal } = await sendRequest(backend, { request: textRequest({ columns: { audio_column: [item] } }) });
    expect(terminal).toMatchObject({ type: "final", response: { text: "" } });
    expect(server.requests[0]?.body).toContain(`name="file"; ${name}\r\nContent-Type: ${type}\r\n\r\nRIFF\r\n`);
  });
});

describe("acceptance 17: secrets", () => {
  const KEYS = ["sk-one-123456", "header-two-123456", "cookie-three-123456"];

  test.each(Object.keys(STREAMS))("none is in what %s tells, whatever the server says", async (request_format) => {
    const headers = { "X-Api-Token": KEYS[1] as string, cookie: KEYS[2] as string };
    const answers = [reply(200, '{"error":"no"}'), reply(401, JSON.stringify({ error: KEYS.join(" ") })), "no HTTP"];
    let at = 0;
    const server = await startRawServer((socket) => socket.end(answers[at] ?? ""));
    const args = { api_key: KEYS[0] as string, extras: { headers }, request_format } as const;
    const backend = createBackend({ kind: "openai_http", model: "tiny", target: server.url, ...args });
    await backend.startup();
    open.push(server, backend as OpenAIHttpBackend);
    const told: unknown[] = [backend.info, backend.args, await backend.validate().catch(String)];
    for (; at < answers.length; at += 1) told.push((await sendRequest(backend as OpenAIHttpBackend)).events);
    expect(server.requests.some(({ head }) => KEYS.every((key) => head.includes(key)))).toBe(true);
    for (const key of KEYS) expect(JSON.stringify(told)).not.toContain(key);
  });
});
