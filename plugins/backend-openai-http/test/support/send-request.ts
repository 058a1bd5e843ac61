import {
  createBackend,
  createClock,
  type GenerationRequest,
  type HistoryTurn,
  type PartialEvent,
  RequestTimings,
  type ResolveEvent,
  UNKNOWN_USAGE,
} from "@core/backend";
import "../../src/register.js";
import type { OpenAIHttpArgsInput } from "../../src/args/openai-http-args.js";
import type { OpenAIHttpBackend } from "../../src/openai-http-backend.js";

/** A started backend for a server; model `tiny` unless given. */
export async function startBackend(
  target: string,
  args: Partial<Omit<OpenAIHttpArgsInput, "kind" | "target">> = {},
): Promise<OpenAIHttpBackend> {
  const backend = createBackend({ kind: "openai_http", model: "tiny", ...args, target });
  await backend.startup();
  return backend;
}

/** A request with one text. */
export function textRequest(overrides: Partial<GenerationRequest> = {}): GenerationRequest {
  return {
    requestId: "request-1",
    columns: { text_column: ["hello"] },
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
  readonly history?: readonly HistoryTurn[];
  readonly signal?: AbortSignal;
  readonly keepText?: boolean;
  readonly onEvent?: (event: ResolveEvent) => void;
}

/** Sends one request and collects everything. */
export async function sendRequest(backend: OpenAIHttpBackend, options: SendOptions = {}): Promise<Outcome> {
  const timings = new RequestTimings();
  const prepared = backend.prepare(options.request ?? textRequest(), options.history ?? null);
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
  const terminals = events.filter((event) => event.type !== "first-token");
  const [terminal] = terminals;
  if (terminal === undefined || terminals.length !== 1 || events.at(-1) !== terminal) {
    throw new Error(
      `expected exactly one terminal event, at the end; got ${events.map(({ type }) => type).join(", ")}`,
    );
  }
  return { events, terminal, timings };
}

/** The terminal event, which must be a partial one. */
export function failureOf(outcome: Outcome): PartialEvent {
  if (outcome.terminal.type !== "partial")
    throw new Error(`expected a failure, got ${JSON.stringify(outcome.terminal)}`);
  return outcome.terminal;
}
