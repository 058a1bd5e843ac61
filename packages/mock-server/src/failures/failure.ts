import { choiceField, formatIssues, integerField, nullable, numberField, withDefault } from "@core/registry";
import * as v from "valibot";
import { readMapping } from "../mapping-text.js";

/** Where a request fails, and what can happen there. */
const ACTIONS = {
  connect: ["reset", "cut"],
  headers: ["status", "redirect", "html", "reset", "cut", "stall"],
  tokens: ["reset", "cut", "finish", "stall", "drip", "error", "garbage"],
  end: ["reset", "cut", "finish", "stall", "error", "garbage"],
} as const;

type Point = keyof typeof ACTIONS;

const POINTS = Object.keys(ACTIONS) as Point[];
const ALL_ACTIONS = [...new Set(POINTS.flatMap((point) => [...ACTIONS[point]]))];

const failureSchema = v.pipe(
  v.strictObject({
    rate: withDefault(numberField("Share of the requests that fail like this.", { minimum: 0, maximum: 1 }), 1),
    at: choiceField("Where: on connect, before headers, after some tokens, or in place of the end.", POINTS),
    do: choiceField("What happens there.", ALL_ACTIONS),
    status: nullable(integerField("Status of `status` and `redirect`.", { minimum: 300, maximum: 599 })),
    retry_after: nullable(integerField("Seconds in a `retry-after` header beside a status.", { minimum: 0 })),
    after_tokens: nullable(integerField("Tokens written before; null draws a place within the reply.", { minimum: 0 })),
    stall_ms: nullable(
      numberField("Length of `stall`, null for ever; time between two bytes of `drip`.", { minimum: 0 }),
    ),
  }),
  v.check(
    ({ at, do: action }) => (ACTIONS[at] as readonly string[]).includes(action),
    ({ input }) => `at ${input.at} one of ${ACTIONS[input.at].join(", ")} can happen, not ${input.do}`,
  ),
);

/** One way in which requests fail. */
export type Failure = v.InferOutput<typeof failureSchema>;

/** A failure as it may be given. */
export type FailureInput = v.InferInput<typeof failureSchema>;

/** What reading a failure gave. */
export type FailureReading = { readonly value: Failure } | { readonly problem: string };

/** Reads a mapping, JSON text of one, or `at=tokens,do=reset,after_tokens=3`. */
export function readFailure(input: unknown): FailureReading {
  const given = readMapping(input);
  if (given === null) return { problem: "must be a mapping such as at=tokens,do=reset,after_tokens=3" };
  const result = v.safeParse(failureSchema, given);
  return result.success ? { value: result.output } : { problem: formatIssues(result.issues, failureSchema, "failure") };
}

/** Short name of a failure for the log, for example `tokens:reset`. */
export function failureName({ at, do: action }: Failure): string {
  return `${at}:${action}`;
}
