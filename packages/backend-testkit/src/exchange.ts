import assert from "node:assert/strict";
import {
  type Backend,
  createBackend,
  createClock,
  type FinalEvent,
  type GenerationRequest,
  type PartialEvent,
  RequestTimings,
  type ResolveEvent,
} from "@core/backend";
import type { BackendHarness } from "./contract-case.js";
import { type ContractRequestOptions, createContractRequest } from "./contract-request.js";
import { beforeDeadline } from "./deadline.js";

/** One request served, with all that it gave. */
export interface Exchange {
  readonly request: GenerationRequest;
  readonly events: readonly ResolveEvent[];
  readonly terminal: FinalEvent | PartialEvent;
  readonly timings: RequestTimings;
  readonly startNs: number;
  readonly finishNs: number;
}

/** How to serve it. */
export interface ExchangeOptions {
  readonly request?: GenerationRequest;
  readonly keepText?: boolean;
  readonly signal?: AbortSignal;
  /** Stamps, when the case watches them while the request runs. */
  readonly timings?: RequestTimings;
  /** Sees each event as it comes. */
  readonly onEvent?: (event: ResolveEvent) => void;
}

/** A backend under test and requests that it can serve. */
export interface Subject {
  readonly backend: Backend;
  readonly createRequest: (options?: ContractRequestOptions) => GenerationRequest;
}

/** A new backend of the harness's args, not started. */
export function createSubject({ args, createRequest = createContractRequest }: BackendHarness): Subject {
  return { backend: createBackend(args), createRequest: (options = {}) => createRequest(options) };
}

/** Starts a backend of the harness's args, hands it to `use`, and shuts it down. */
export async function withBackend(harness: BackendHarness, use: (subject: Subject) => Promise<void>): Promise<void> {
  const subject = createSubject(harness);
  await beforeDeadline(subject.backend.startup(), "startup");
  try {
    await use(subject);
  } finally {
    await beforeDeadline(subject.backend.shutdown(), "shutdown");
  }
}

/** Serves one request and checks the order of its events: at most one first token, one terminal event, at the end. */
export async function exchange({ backend, createRequest }: Subject, options: ExchangeOptions = {}): Promise<Exchange> {
  const { request = createRequest(), keepText = true, timings = new RequestTimings(), onEvent } = options;
  const signal = options.signal ?? new AbortController().signal;
  const clock = createClock(process.hrtime.bigint());
  const events: ResolveEvent[] = [];
  const prepared = backend.prepare(request, null);
  const startNs = clock.nowNs();
  await beforeDeadline(
    (async () => {
      for await (const event of backend.resolve(prepared, { signal, timings, clock, keepText })) {
        events.push(event);
        onEvent?.(event);
      }
    })(),
    "the end of resolve",
  );
  const finishNs = clock.nowNs();
  const terminal = checkOrder(events);
  assert.equal(terminal.response.requestId, request.requestId, "the response belongs to the request");
  return { request, events, terminal, timings, startNs, finishNs };
}

/** The exchange, which must have completed. */
export async function completedExchange(subject: Subject, options: ExchangeOptions = {}): Promise<Exchange> {
  const result = await exchange(subject, options);
  const { terminal } = result;
  assert.equal(terminal.type, "final", `expected a final event, got ${JSON.stringify(terminal)}`);
  return result;
}

/** The exchange's partial event, which must have the given reason. */
export function partialOf(result: Exchange, reason: PartialEvent["reason"]): PartialEvent {
  const { terminal } = result;
  if (terminal.type !== "partial")
    throw new assert.AssertionError({ message: "expected a partial event, got a final" });
  assert.equal(terminal.reason, reason, "reason of the partial event");
  assert.match(terminal.failure.code, /^[A-Z][A-Z0-9_]+$/, "failure.code is an identifier");
  assert.notEqual(terminal.failure.message, "", "failure.message says what happened");
  return terminal;
}

function checkOrder(events: readonly ResolveEvent[]): FinalEvent | PartialEvent {
  const types = events.map((event) => event.type);
  const last = events.at(-1);
  if (last === undefined || last.type === "first-token") {
    throw new assert.AssertionError({ message: `the last event is terminal, got [${types.join(", ")}]` });
  }
  assert.equal(
    types.filter((type) => type !== "first-token").length,
    1,
    `one terminal event, got [${types.join(", ")}]`,
  );
  assert.ok(types.length <= 2, `at most one first token, got [${types.join(", ")}]`);
  return last;
}
