import {
  createBackend,
  createClock,
  type GenerationRequest,
  type PartialEvent,
  RequestTimings,
  type ResolveEvent,
  UNKNOWN_USAGE,
} from "@core/backend";
import "../../src/register.js";
import type { OpenAIWebSocketArgsInput } from "../../src/args/openai-websocket-args.js";
import type { OpenAIWebSocketBackend } from "../../src/openai-websocket-backend.js";
import { wavFile } from "./wav.js";

/** A started backend for a server; model `tiny` unless given. */
export async function startBackend(
  target: string,
  args: Partial<Omit<OpenAIWebSocketArgsInput, "kind" | "target">> = {},
): Promise<OpenAIWebSocketBackend> {
  const backend = createBackend({ kind: "openai_websocket", model: "tiny", ...args, target });
  await backend.startup();
  return backend;
}

/** Half a second of sound. */
export const SOUND = wavFile(Array.from({ length: 8000 }, (_, at) => Math.sin(at / 10)));

/** A request with one item of audio. */
export function audioRequest(overrides: Partial<GenerationRequest> = {}): GenerationRequest {
  return {
    requestId: "request-1",
    columns: { audio_column: [{ type: "audio_file", audio: SOUND, format: "wav" }] },
    turnType: "standard",
    inputMetrics: UNKNOWN_USAGE,
    outputMetrics: UNKNOWN_USAGE,
    ...overrides,
  };
}

/** What one request gave. */
export interface Outcome {
  readonly events: readonly ResolveEvent[];
  readonly terminal: Exclude<ResolveEvent, { readonly type: "first-token" }>;
  readonly timings: RequestTimings;
}

/** How {@link sendRequest} sends. */
export interface SendOptions {
  readonly request?: GenerationRequest;
  readonly signal?: AbortSignal;
  readonly keepText?: boolean;
  readonly timings?: RequestTimings;
  readonly onEvent?: (event: ResolveEvent) => void;
}

/** Sends one request and collects everything. */
export async function sendRequest(backend: OpenAIWebSocketBackend, options: SendOptions = {}): Promise<Outcome> {
  const { timings = new RequestTimings() } = options;
  const prepared = backend.prepare(options.request ?? audioRequest(), null);
  const events: ResolveEvent[] = [];
  const context = {
    signal: options.signal ?? new AbortController().signal,
    timings,
    clock: createClock(process.hrtime.bigint()),
    keepText: options.keepText ?? true,
  };
  for await (const event of backend.resolve(prepared, context)) {
    events.push(event);
    options.onEvent?.(event);
  }
  const terminal = events.at(-1);
  if (terminal === undefined || terminal.type === "first-token") throw new Error("no terminal event");
  return { events, terminal, timings };
}

/** The terminal event, which must be a partial one. */
export function failureOf({ terminal }: Outcome): PartialEvent {
  if (terminal.type !== "partial") throw new Error(`expected a failure, got ${JSON.stringify(terminal)}`);
  return terminal;
}
