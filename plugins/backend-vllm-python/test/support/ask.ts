import {
  type Backend,
  type Clock,
  createBackend,
  createClock,
  type FinalEvent,
  type PartialEvent,
  RequestTimings,
} from "@core/backend";
import { createContractRequest } from "@core/backend-testkit";

/** What one request gave. */
export interface Answer {
  readonly terminal: FinalEvent | PartialEvent;
  readonly timings: RequestTimings;
}

/** How to ask. */
export interface AskOptions {
  readonly text?: string;
  readonly outputTokens?: number | null;
  readonly signal?: AbortSignal;
  readonly columns?: Readonly<Record<string, readonly unknown[]>>;
  readonly onFirstToken?: () => void;
  /** Stamps, when they are watched while the request runs. */
  readonly timings?: RequestTimings;
  /** Clock of the stamps, when they are compared with others. */
  readonly clock?: Clock;
}

/** Serves one request. */
export async function ask(backend: Backend, options: AskOptions = {}): Promise<Answer> {
  const { signal = new AbortController().signal, columns, onFirstToken, ...wanted } = options;
  const { clock = createClock(process.hrtime.bigint()), timings = new RequestTimings() } = options;
  const request = createContractRequest(wanted);
  const prepared = backend.prepare(columns === undefined ? request : { ...request, columns }, null);
  const context = { signal, timings, clock, keepText: true };
  for await (const event of backend.resolve(prepared, context)) {
    if (event.type === "first-token") onFirstToken?.();
    else return { terminal: event, timings };
  }
  throw new Error("no terminal event");
}

/** Starts a backend, hands it to `use`, and shuts it down. */
export async function withStarted(
  args: Readonly<Record<string, unknown>>,
  use: (backend: Backend) => Promise<void>,
): Promise<void> {
  const backend: Backend = createBackend(args as { kind: string });
  await backend.startup();
  try {
    await use(backend);
  } finally {
    await backend.shutdown();
  }
}
