import type { IncomingHttpHeaders } from "node:http";
import type { MockServerOptions } from "../mock-server-options.js";
import { RequestRefusal } from "../request-refusal.js";
import { seededRandom } from "../seeded-random.js";
import { type Failure, readFailure } from "./failure.js";

/** Header of a request that says how it fails; `none` lets it pass. */
export const FAILURE_HEADER = "x-mock-failure";

const PLAIN = { rate: 1, status: null, retry_after: null, after_tokens: null, stall_ms: null } as const;

/**
 * How a request fails: as its header says, else by an incident, else as drawn from the seed and its ordinal; null when it
 * does not.
 *
 * @throws {RequestRefusal} 400 for a header that cannot be read.
 */
export function chooseFailure(
  options: MockServerOptions,
  ordinal: number,
  { headers, incident }: { readonly headers: IncomingHttpHeaders; readonly incident: Failure | null },
): Failure | null {
  const named = headerFailure(headers);
  if (named !== undefined) return named;
  if (incident !== null) return incident;
  const { error_rate, cut_rate, hang_rate } = options;
  const all: readonly Failure[] = [
    { ...PLAIN, rate: error_rate, at: "headers", do: "status" },
    { ...PLAIN, rate: cut_rate, at: "tokens", do: "cut" },
    { ...PLAIN, rate: hang_rate, at: "headers", do: "stall" },
    ...options.failures.filter(({ at }) => at !== "connect"),
  ];
  return pick(all, seededRandom(options.seed, ordinal, "fate").uniform());
}

/** How a connection fails when it is opened; null when it does not. */
export function chooseConnectFailure({ seed, failures }: MockServerOptions, connection: number): Failure | null {
  const own = failures.filter(({ at }) => at === "connect");
  return own.length === 0 ? null : pick(own, seededRandom(seed, connection, "connect").uniform());
}

/**
 * What the header says; undefined without one.
 *
 * @throws {RequestRefusal} 400 when it cannot be read.
 */
export function headerFailure(headers: IncomingHttpHeaders): Failure | null | undefined {
  const header = headers[FAILURE_HEADER];
  if (header === undefined) return undefined;
  const text = String(header);
  if (text === "none") return null;
  const reading = readFailure(text);
  if ("value" in reading) return reading.value;
  throw new RequestRefusal(400, `${FAILURE_HEADER}: ${reading.problem}`, { code: "invalid_failure" });
}

function pick(failures: readonly Failure[], uniform: number): Failure | null {
  let upTo = 0;
  for (const failure of failures) {
    upTo += failure.rate;
    if (uniform < upTo) return failure;
  }
  return null;
}
