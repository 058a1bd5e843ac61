import { afterEach, describe, expect, test } from "@jest/globals";
import type { OpenAIHttpArgsInput } from "../src/args/openai-http-args.js";
import type { OpenAIHttpBackend } from "../src/openai-http-backend.js";
import { chunk, delta, LAST_CHUNK, type RawServer, reply, STREAM_HEAD, startRawServer } from "./support/raw-server.js";
import { sendRequest, startBackend, textRequest } from "./support/send-request.js";

const open: (OpenAIHttpBackend | RawServer)[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse())
    await ("shutdown" in resource ? resource.shutdown() : resource.close());
});

const GOOD = STREAM_HEAD + chunk(delta({ content: "a" }, "stop")) + chunk("data: [DONE]\n\n") + LAST_CHUNK;

type Args = Partial<Omit<OpenAIHttpArgsInput, "kind" | "target">>;

interface Started {
  readonly backend: OpenAIHttpBackend;
  /** Bodies of the requests other than for health and models. */
  readonly bodies: () => readonly Record<string, unknown>[];
}

/** A server with this list of models (null: none), no health, and this answer to everything else. */
async function serve(models: object | null, answer: string, args: Args = {}): Promise<Started> {
  const server = await startRawServer((socket, { head }) => {
    if (head.startsWith("GET /v1/models ") && models !== null) socket.write(reply(200, JSON.stringify(models)));
    else socket.write(head.startsWith("GET ") ? reply(404, "") : answer);
  });
  const backend = await startBackend(server.url, args);
  open.push(server, backend);
  const bodies = () => server.requests.flatMap(({ head, body }) => (head.startsWith("GET ") ? [] : [JSON.parse(body)]));
  return { backend, bodies };
}

const listed = (owned_by: string, id = "tiny") => ({ data: [{ id, owned_by }] });

describe("the trial request", () => {
  test("auto: is not sent where the models were read", async () => {
    const { backend, bodies } = await serve(listed("vllm"), GOOD);
    await backend.validate();
    expect(bodies()).toEqual([]);
  });

  test("auto: decides where health and models tell nothing", async () => {
    const { backend, bodies } = await serve(null, GOOD);
    await backend.validate();
    expect(bodies()).toEqual([
      {
        model: "tiny",
        stream: true,
        stream_options: { include_usage: true, continuous_usage_stats: true },
        max_completion_tokens: 1,
        ignore_eos: true,
        messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
      },
    ]);
  });

  test("auto: without a model there is nothing to try", async () => {
    const { backend, bodies } = await serve(null, GOOD, { model: "" });
    await expect(backend.validate()).rejects.toThrow("The server cannot be validated: GET ");
    expect(bodies()).toEqual([]);
  });

  test("always: is sent with the first listed model", async () => {
    const { backend, bodies } = await serve(listed("vllm"), GOOD, { model: "", validate_request: "always" });
    await backend.validate();
    expect(bodies()).toMatchObject([{ model: "tiny" }]);
  });

  test("a format that needs data has none", async () => {
    const args = { request_format: "/v1/audio/transcriptions", validate_request: "always" } as const;
    const { backend, bodies } = await serve(listed("vllm"), GOOD, args);
    await backend.validate();
    expect(bodies()).toEqual([]);
  });

  test.each([
    ["/v1/completions", { prompt: "Hi", max_tokens: 1 }],
    ["/v1/responses", { input: [{ role: "user" }], max_output_tokens: 16 }],
    ["/v1/messages", { messages: [{ role: "user" }], max_tokens: 1 }],
  ] as const)("of %s", async (request_format, body) => {
    const { backend, bodies } = await serve(listed("vllm"), reply(404, ""), {
      request_format,
      validate_request: "always",
    });
    await expect(backend.validate()).rejects.toMatchObject({
      message: "The trial request failed: The server answered with status 404.",
      hint: expect.stringMatching(/^Choose a request_format .* validate_backend=false skips this check\.$/),
    });
    expect(bodies()).toMatchObject([body]);
  });

  const refusal = (field: string) =>
    reply(400, `{"error":{"message":"Unrecognized request argument supplied: ${field}"}}`);

  test.each([
    [reply(401, '{"error":"Unauthorized"}'), "401: Unauthorized", "api_key"],
    [reply(429, ""), "429", "try later"],
    [reply(500, "{}"), "500", "log of the server"],
    [reply(200, "<html>", { "content-type": "text/html" }), "not a JSON object", "target and request_format"],
    [STREAM_HEAD + LAST_CHUNK, "without an end marker", "stream=false"],
    [STREAM_HEAD + chunk("data: [DONE]\n\n") + LAST_CHUNK, "holds no text", "by hand"],
    [refusal("ignore_eos"), "set server=openai", "validate_backend=false"],
    [refusal("continuous_usage_stats"), "extras.body.stream_options.continuous_usage_stats=null", ""],
    [refusal("seed"), "argument supplied: seed", "at extras"],
  ])("that fails with %j says why and what to change", async (answer, message, hint) => {
    const { backend } = await serve(null, answer);
    await expect(backend.validate()).rejects.toMatchObject({
      code: "CORE_BACKEND_UNREACHABLE",
      message: expect.stringMatching(/^GET http.*answered with status 404; GET .* 404; the trial request failed: /),
      hint: expect.stringContaining(hint),
    });
    await expect(backend.validate()).rejects.toThrow(message);
  });
});

describe("the dialect of the server", () => {
  const length = textRequest({ outputMetrics: { ...textRequest().outputMetrics, text_tokens: 5 } });

  test.each([
    ["vllm", "vllm", ["ignore_eos", "max_completion_tokens", "continuous_usage_stats"]],
    ["sglang", "sglang", ["ignore_eos", "max_completion_tokens", "continuous_usage_stats"]],
    ["llamacpp", "llama.cpp", ["ignore_eos", "max_tokens"]],
    ["tiny", "tgi", ["max_tokens"]],
    ["openai", "auto", ["ignore_eos", "max_completion_tokens", "continuous_usage_stats"]], // gateways say so, too
  ])("models owned by %s: %s", async (owner, server, fields) => {
    const { backend, bodies } = await serve(listed(owner), GOOD);
    await backend.validate();
    expect(backend.resolvedArgs.server).toBe(server);
    await sendRequest(backend, { request: length });
    const sent = JSON.stringify(bodies()[0]);
    for (const field of ["ignore_eos", "max_completion_tokens", "max_tokens", "continuous_usage_stats"])
      expect([field, sent.includes(`"${field}"`)]).toEqual([field, fields.includes(field)]);
  });

  test("that is chosen goes before the one that is recognised", async () => {
    const { backend, bodies } = await serve(listed("vllm"), GOOD, { server: "openai" });
    await backend.validate();
    expect(backend.resolvedArgs.server).toBe("openai");
    await sendRequest(backend, { request: length });
    expect(bodies()).toEqual([
      {
        model: "tiny",
        stream: true,
        stream_options: { include_usage: true },
        max_completion_tokens: 5,
        messages: [{ role: "user", content: [{ type: "text", text: "hello" }] }],
      },
    ]);
  });

  test("a worker that is told it takes it over", async () => {
    const first = await serve(listed("tiny"), GOOD, { model: "" });
    expect(await first.backend.defaultModel()).toBe("tiny");
    expect(first.backend.resolvedArgs).toMatchObject({ server: "tgi", model: "" });
  });
});
