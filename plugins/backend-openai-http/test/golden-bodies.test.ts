import { readFileSync } from "node:fs";
import { type GenerationRequest, type GenerationResponse, type HistoryTurn, UNKNOWN_USAGE } from "@core/backend";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { OpenAIHttpArgsInput } from "../src/args/openai-http-args.js";
import type { OpenAIHttpBackend } from "../src/openai-http-backend.js";
import { answered } from "./support/body-input.js";
import { type RawServer, reply, startRawServer } from "./support/raw-server.js";
import { sendRequest, startBackend, textRequest } from "./support/send-request.js";

interface GoldenRequest {
  readonly columns: GenerationRequest["columns"];
  readonly turn_type?: GenerationRequest["turnType"];
  readonly output_tokens?: number;
}

interface GoldenResponse {
  readonly response_id?: string;
  readonly text?: string | null;
  readonly reasoning_text?: string;
  readonly tool_calls?: NonNullable<GenerationResponse["toolCalls"]>;
}

interface GoldenCase {
  readonly name: string;
  readonly args: Partial<OpenAIHttpArgsInput>;
  readonly request: GoldenRequest;
  readonly history?: readonly { readonly request: GoldenRequest; readonly response: GoldenResponse | null }[];
  /** The body as the server gets it, the order of its fields included. */
  readonly body: object;
}

interface GoldenFormat {
  readonly request_format: string;
  readonly model: string;
  readonly cases: readonly GoldenCase[];
}

const FORMATS = ["completions", "chat-completions", "responses", "embeddings", "pooling"].map(
  (name) => JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), "utf8")) as GoldenFormat,
);

const open: (OpenAIHttpBackend | RawServer)[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse())
    await ("shutdown" in resource ? resource.shutdown() : resource.close());
});

function toRequest({ columns, turn_type, output_tokens }: GoldenRequest): GenerationRequest {
  const outputMetrics = { ...UNKNOWN_USAGE, text_tokens: output_tokens ?? null };
  return textRequest({ columns, turnType: turn_type ?? "standard", outputMetrics });
}

function toTurn({ request, response }: NonNullable<GoldenCase["history"]>[number]): HistoryTurn {
  if (response === null) return answered(toRequest(request), null);
  return answered(toRequest(request), {
    responseId: response.response_id ?? null,
    text: response.text ?? null,
    reasoningText: response.reasoning_text ?? null,
    toolCalls: response.tool_calls ?? null,
  });
}

describe.each(FORMATS)("acceptance 3: bodies of $request_format", ({ request_format, model, cases }) => {
  test.each(cases)("$name", async ({ args, request, history, body }) => {
    const server = await startRawServer((socket) => socket.write(reply(200, "{}")));
    const backend = await startBackend(server.url, { model, request_format, server: "vllm", ...args });
    open.push(server, backend);
    await sendRequest(backend, { request: toRequest(request), ...(history && { history: history.map(toTurn) }) });
    expect(server.requests.map(({ body: sent }) => sent)).toEqual([JSON.stringify(body)]);
  });
});
