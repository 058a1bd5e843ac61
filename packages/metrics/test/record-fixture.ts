import { RequestTimings, UNKNOWN_USAGE, type UsageMetrics } from "@core/backend";
import { RECORD_STATUS, type RecordStatus } from "../src/record-layout.js";
import { RecordTable } from "../src/record-table.js";
import { RecordWriter } from "../src/record-writer.js";

/** A request as a test states it: times in seconds, left out where they did not happen. */
export interface GivenRequest {
  readonly status?: RecordStatus;
  readonly queued?: number;
  readonly dequeued?: number;
  readonly intended?: number;
  readonly predecessorCompleted?: number;
  readonly connectStart?: number;
  readonly connectEnd?: number;
  readonly resolveStart?: number;
  readonly send?: number;
  readonly firstToken?: number;
  readonly firstOutputToken?: number;
  readonly lastToken?: number;
  readonly end?: number;
  readonly resolveEnd?: number;
  readonly iterations?: number;
  readonly tokenIterations?: number;
  /** Seconds; evenly between first and last token when left out. */
  readonly tokenTimes?: readonly number[];
  /** Seconds, of a request that consists of several messages. */
  readonly messageTimes?: readonly number[];
  readonly input?: number | null;
  readonly output?: number | null;
  /** Counters of the input beside text. */
  readonly media?: Partial<UsageMetrics>;
  readonly toolCalls?: number;
  readonly turn?: number;
  readonly trafficClass?: string;
  readonly preceding?: number;
  readonly errorCode?: string;
}

const ns = (seconds: number | undefined): number => (seconds === undefined ? Number.NaN : Math.round(seconds * 1e9));

/** A table that holds the given requests, written by a real writer. */
export function tableOf(requests: readonly GivenRequest[]): RecordTable {
  const writer = new RecordWriter();
  const classes = [...new Set(requests.flatMap(({ trafficClass }) => trafficClass ?? []))];
  for (const [index, given] of requests.entries()) {
    writer.append({
      index,
      conversationIndex: index,
      worker: 0,
      status: given.status ?? RECORD_STATUS.completed,
      turnIndex: given.turn ?? 0,
      classId: given.trafficClass === undefined ? undefined : classes.indexOf(given.trafficClass),
      precedingNodes: given.preceding ?? 0,
      queuedNs: ns(given.queued),
      predecessorCompletedNs: ns(given.predecessorCompleted),
      timings: timingsOf(given),
      usage: {
        input: { ...UNKNOWN_USAGE, text_tokens: given.input ?? null, ...given.media },
        output: { ...UNKNOWN_USAGE, text_tokens: given.output ?? null, tool_call_count: given.toolCalls ?? null },
        outputEstimated: false,
      },
      expectedOutputTokens: null,
      truncated: false,
      errorCode: given.errorCode ?? null,
    });
  }
  const table = new RecordTable();
  table.nameClasses(classes);
  const batch = writer.take();
  if (batch !== null) table.append(batch);
  return table;
}

function timingsOf(given: GivenRequest): RequestTimings {
  const timings = new RequestTimings();
  const count = given.tokenTimes?.length ?? given.tokenIterations ?? 0;
  const first = ns(given.firstToken);
  const step = count > 1 ? (ns(given.lastToken) - first) / (count - 1) : 0;
  for (let at = 0; at < count; at += 1) {
    timings.token(given.tokenTimes === undefined ? first + at * step : ns(given.tokenTimes[at]), true);
  }
  for (const time of given.messageTimes ?? []) timings.messageSent(ns(time));
  timings.dequeuedNs = ns(given.dequeued);
  timings.intendedStartNs = ns(given.intended);
  timings.connectStartNs = ns(given.connectStart);
  timings.connectEndNs = ns(given.connectEnd);
  timings.resolveStartNs = ns(given.resolveStart);
  timings.sendNs = ns(given.send);
  if (given.tokenTimes === undefined) {
    timings.firstTokenNs = first;
    timings.firstOutputTokenNs = ns(given.firstOutputToken ?? given.firstToken);
    timings.lastTokenNs = ns(given.lastToken);
  }
  timings.endNs = ns(given.end);
  timings.resolveEndNs = ns(given.resolveEnd ?? given.end);
  timings.iterations = given.iterations ?? 0;
  return timings;
}

/** Four requests of every kind, window 1000 to 1003 s. */
export const FOUR_REQUESTS: readonly GivenRequest[] = [
  {
    send: 1000,
    firstToken: 1000.2,
    lastToken: 1001.2,
    end: 1001.3,
    resolveEnd: 1001.31,
    tokenIterations: 6,
    iterations: 8,
    input: 10,
    output: 11,
  },
  {
    send: 1000.5,
    firstToken: 1000.8,
    firstOutputToken: 1001.1,
    lastToken: 1002,
    end: 1002.1,
    resolveEnd: 1002.11,
    tokenIterations: 21,
    iterations: 23,
    input: 20,
    output: 21,
  },
  { status: RECORD_STATUS.errored, send: 1001, resolveEnd: 1001.5, input: 10, errorCode: "HTTP_500" },
  {
    status: RECORD_STATUS.cancelledStarted,
    send: 1002,
    firstToken: 1002.4,
    lastToken: 1002.8,
    resolveEnd: 1003,
    tokenIterations: 5,
    iterations: 6,
    input: 10,
  },
];

/** The four requests with intended starts, the second one being the second turn of a conversation. */
export const FOUR_SCHEDULED: readonly GivenRequest[] = [
  { ...FOUR_REQUESTS[0], intended: 999.9 },
  { ...FOUR_REQUESTS[1], intended: 1000, predecessorCompleted: 1000.3, turn: 1, preceding: 1 },
  { ...FOUR_REQUESTS[2], intended: 1000.9 },
  { ...FOUR_REQUESTS[3], intended: 1002 },
];

/** Six sequential requests that start every second from 100 s. */
export const SIX_SEQUENTIAL: readonly GivenRequest[] = [0, 1, 2, 3, 4, 5].map((at) => ({
  resolveStart: 99.99 + at,
  send: 100 + at,
  firstToken: 100.2 + at,
  lastToken: 100.8 + at,
  end: 100.9 + at,
  tokenIterations: 4,
  iterations: 5,
  input: 10,
  output: 4,
}));

/** A window given in seconds. */
export const windowOf = (start: number, end: number) => ({ startNs: start * 1e9, endNs: end * 1e9 });
