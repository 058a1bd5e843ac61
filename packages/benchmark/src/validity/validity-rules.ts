import { ACCOUNTING_RULES } from "./accounting-rules.js";
import type { ClientSignals } from "./client-signals.js";

/** What a rule sees. */
export interface Observed {
  readonly value: number;
  readonly sampleCount: number;
  readonly message: string;
  readonly note: string;
  /** Most that may be made of it, where the client is not to blame. */
  readonly atMost?: "info" | "suspect";
}

/** One line of the table of limits. A limit that is null is never passed. */
export interface ValidityRule {
  readonly code: string;
  /** What is observed, for the documentation. */
  readonly signal: string;
  readonly unit: "ratio" | "ms";
  readonly direction: "above" | "below";
  readonly info: number | null;
  readonly suspect: number | null;
  readonly invalid: number | null;
  /** Reads the signal; null where it says nothing. */
  readonly observe: (signals: ClientSignals) => Observed | null;
}

/** Delays shorter than this are nobody's concern, however short the latencies are. */
const LEAST_LAG_MS = 0.25;
/** Single delays count from this share of the median latency on. */
const SHARE_OF_LATENCY = 0.1;
/** From this share of the time without a core on, a client is short of processor time. */
const STARVED_WAIT_SHARE = 0.1;

/** All limits, in one place. */
export const VALIDITY_RULES: readonly ValidityRule[] = Object.freeze<ValidityRule[]>([
  {
    code: "broken_off",
    signal: "The run broke off",
    unit: "ratio",
    direction: "above",
    info: null,
    suspect: null,
    invalid: 0,
    observe: ({ brokenBy, created }) =>
      brokenBy === null
        ? null
        : {
            value: 1,
            sampleCount: created,
            message: `The run broke off: ${brokenBy}`,
            note: "What was measured until then is not the load that was asked for.",
          },
  },
  {
    code: "ttft_error",
    signal: "Bound of the client's own part of the mean time to first token, over that time",
    unit: "ratio",
    direction: "above",
    info: null,
    suspect: 0.02,
    invalid: 0.05,
    observe: ({ readLag, latencyMs, waitShare }) => {
      if (readLag === null || latencyMs === null || readLag.boundMs < LEAST_LAG_MS) return null;
      return {
        value: readLag.boundMs / latencyMs.mean,
        sampleCount: readLag.count,
        message: `Up to ${readLag.boundMs.toFixed(2)} ms of the mean latency to the first token (${latencyMs.mean.toFixed(1)} ms) are this client's own.`,
        note:
          (waitShare ?? 0) >= STARVED_WAIT_SHARE
            ? `Its threads waited for a core ${percent(waitShare ?? 0)} of the time: give it cores of its own.`
            : "Its threads were late to read: use fewer streams, more workers, or a faster machine.",
      };
    },
  },
  {
    code: "read_at_once",
    signal: "Streams of four or more events that were read in one piece",
    unit: "ratio",
    direction: "above",
    info: 0.01,
    suspect: 0.01,
    invalid: 0.05,
    observe: ({ streams, ...client }) => {
      if (streams.count === 0) return null;
      const starved = isStarved(client);
      return {
        value: streams.readAtOnce / streams.count,
        sampleCount: streams.count,
        message: `${streams.readAtOnce} of ${streams.count} streams were read in one piece: their time to first token is their latency.`,
        note: starved
          ? "This client got too little processor time to read them as they came."
          : "The server, or a proxy before it, sent them in one piece.",
        ...(starved ? {} : { atMost: "info" as const }),
      };
    },
  },
  {
    code: "rate_not_reached",
    signal: "Requests sent, of those that were due (rates only)",
    unit: "ratio",
    direction: "below",
    info: null,
    suspect: 0.99,
    invalid: null,
    observe: (signals) =>
      signals.sentShare === null
        ? null
        : {
            value: signals.sentShare,
            sampleCount: signals.created,
            message: `Only ${percent(signals.sentShare)} of the requests that were due could be sent.`,
            note: causeOfMissedRate(signals),
          },
  },
  {
    code: "sent_late",
    signal: "Send after the intended instant, 99th percentile of the worst worker, opening burst left out",
    unit: "ms",
    direction: "above",
    info: null,
    suspect: 10,
    invalid: null,
    observe: ({ sendLagP99Ms, lateSends, openingBurst, sendLagSamples, ...signals }) => {
      if (sendLagP99Ms === null || lateSends <= openingBurst) return null;
      const held = signals.delayedByCap + signals.delayedByData + signals.delayedByHistory;
      return {
        value: sendLagP99Ms,
        sampleCount: sendLagSamples,
        message: `One request in a hundred was sent ${sendLagP99Ms.toFixed(1)} ms or more after it was due.`,
        note:
          held === 0
            ? "This client was too busy."
            : `Held back: ${signals.delayedByCap} by the cap on requests in flight, ${signals.delayedByData} by the data, ${signals.delayedByHistory} by the answer before them.`,
        ...(lateSends <= held ? { atMost: "info" as const } : {}),
      };
    },
  },
  {
    code: "event_loop_delay",
    signal: "Delay of a worker's event loop, 99th percentile, where it is a tenth of the median latency",
    unit: "ms",
    direction: "above",
    info: null,
    suspect: 5,
    invalid: null,
    observe: ({ loopDelayP99Ms, latencyMs, created }) =>
      matters(loopDelayP99Ms, latencyMs) && {
        value: loopDelayP99Ms ?? 0,
        sampleCount: created,
        message: `The event loop of a worker was ${(loopDelayP99Ms ?? 0).toFixed(1)} ms late or more in one of a hundred looks.`,
        note: "High percentiles of latencies and gaps hold delays of this client.",
      },
  },
  {
    code: "garbage_collection",
    signal: "Longest pause for the collection of garbage, where it is a tenth of the median latency",
    unit: "ms",
    direction: "above",
    info: 10,
    suspect: null,
    invalid: null,
    observe: ({ longestCollectionMs, latencyMs, created }) =>
      matters(longestCollectionMs, latencyMs) && {
        value: longestCollectionMs ?? 0,
        sampleCount: created,
        message: `A worker stood still for ${(longestCollectionMs ?? 0).toFixed(1)} ms to collect garbage.`,
        note: "The largest latencies and gaps may hold this pause.",
      },
  },
  {
    code: "client_busy",
    signal: "Time that the event loop of the busiest worker worked, polling left out",
    unit: "ratio",
    direction: "above",
    info: null,
    suspect: 0.8,
    invalid: null,
    observe: ({ busyShare, created }) =>
      busyShare === null
        ? null
        : {
            value: busyShare,
            sampleCount: created,
            message: `A worker of this client was busy ${percent(busyShare)} of the time.`,
            note: "The load is near the limit of this client: use more workers or machines.",
          },
  },
  {
    code: "waited_for_data",
    signal: "Requests that waited for their prompts",
    unit: "ratio",
    direction: "above",
    info: 0,
    suspect: 0.01,
    invalid: null,
    observe: ({ delayedByData, created }) => ({
      value: delayedByData / Math.max(1, created),
      sampleCount: created,
      message: `${delayedByData === 1 ? "1 request waited for its prompt" : `${delayedByData} requests waited for their prompts`} to be made.`,
      note: "Producing the data limited the load.",
    }),
  },
  {
    code: "saturation_unseen",
    signal: "`over_saturation` in a closed loop, whose number of requests is fixed",
    unit: "ratio",
    direction: "above",
    info: 0,
    suspect: null,
    invalid: null,
    observe: ({ saturationUnseen, created }) =>
      saturationUnseen
        ? {
            value: 1,
            sampleCount: created,
            message: "The constraint over_saturation could not see anything: this load is a closed loop.",
            note: "Ask for a rate (constant, poisson), or for the test of GuideLLM with detector=slope.",
          }
        : null,
  },
  {
    code: "requests_errored",
    signal: "Failed requests",
    unit: "ratio",
    direction: "above",
    info: 0,
    suspect: null,
    invalid: null,
    observe: ({ errored, processed, mostFrequentFailure }) => ({
      value: errored / Math.max(1, processed),
      sampleCount: processed,
      message: `${errored} of ${processed} requests failed${mostFrequentFailure === null ? "" : `; most often ${mostFrequentFailure}`}.`,
      note: "Latencies describe the successful requests only.",
    }),
  },
  ...ACCOUNTING_RULES,
]);

/** Whether a client was so short of processor time that it cannot have read in time. */
function isStarved({
  readLag,
  latencyMs,
  waitShare,
  loopDelayP99Ms,
}: Pick<ClientSignals, "readLag" | "latencyMs" | "waitShare" | "loopDelayP99Ms">): boolean {
  const lagShare = readLag === null || latencyMs === null ? 0 : readLag.boundMs / latencyMs.mean;
  return lagShare > 0.02 || (waitShare ?? 0) >= STARVED_WAIT_SHARE || matters(loopDelayP99Ms, latencyMs) !== null;
}

function matters(delayMs: number | null, latencyMs: ClientSignals["latencyMs"]): true | null {
  return delayMs === null || latencyMs === null || delayMs < SHARE_OF_LATENCY * latencyMs.median ? null : true;
}

function causeOfMissedRate({ delayedByCap, delayedByData }: ClientSignals): string {
  if (delayedByData > delayedByCap) return "The data could not be made fast enough.";
  return delayedByCap > 0
    ? "The cap on requests in flight held them back: the server does not keep up with this rate."
    : "This client was too busy to send them.";
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
