import type { FailurePhase } from "@core/backend";
import type { OpenAIHttpErrorCode } from "../../src/errors.js";
import { chunk, delta, LAST_CHUNK } from "../support/raw-server.js";

/** What a request must end with: a response, or a failure and what had arrived. */
export interface Told {
  readonly code: OpenAIHttpErrorCode | null;
  readonly phase?: FailurePhase;
  readonly status?: number;
  readonly text?: string | null;
  readonly tokens?: number;
  readonly outputTokens?: number | null;
  readonly retryAfterSeconds?: number | undefined;
}

/** One answer of a server and what it must be taken for. */
export interface HostileCase {
  readonly name: string;
  /** Every byte that is sent; `url` is the server's own. */
  readonly sends: string | Buffer | ((head: string, url: string) => string);
  /** What the server does afterwards. */
  readonly afterwards: "keeps" | "closes" | "resets";
  readonly told: Told;
  /** What undici makes of it, where it cannot be brought to say the same, and why. */
  readonly overUndici: OverUndici | null;
  /** A whole response is asked for. */
  readonly whole?: boolean;
}

type Sends = HostileCase["sends"];

/** A difference of undici that cannot be helped. */
export interface OverUndici {
  readonly told: Told;
  readonly because: string;
}

/** An answer after which the connection is kept open. */
export function kept(name: string, sends: Sends, told: Told, overUndici: OverUndici | null = null): HostileCase {
  return { name, sends, afterwards: "keeps", told, overUndici };
}

/** An answer after which the connection is closed. */
export function closed(name: string, sends: Sends, told: Told, overUndici: OverUndici | null = null): HostileCase {
  return { name, sends, afterwards: "closes", told, overUndici };
}

/** An answer after which the connection is reset. */
export function reset(name: string, sends: Sends, told: Told, overUndici: OverUndici | null = null): HostileCase {
  return { name, sends, afterwards: "resets", told, overUndici };
}

/** A response was accepted. */
export function accepted(text: string | null, more: Omit<Told, "code" | "text"> = {}): Told {
  return { code: null, text, ...more };
}

/** A failure by its code, without the prefix that all of them have. */
export function failed(code: string, phase: FailurePhase, more: Omit<Told, "code" | "phase"> = {}): Told {
  return { code: `OPENAI_HTTP_${code}` as OpenAIHttpErrorCode, phase, ...more };
}

/** A head of the given lines and what follows it. */
export function withHead(lines: readonly string[], body = ""): string {
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** A whole chat response with the text "ab". */
export const WHOLE = JSON.stringify({
  id: "chatcmpl-1",
  choices: [{ index: 0, message: { role: "assistant", content: "ab" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
});

/** Header lines of {@link WHOLE}. */
export const WHOLE_LINES = ["content-type: application/json", `content-length: ${WHOLE.length}`] as const;

/** {@link WHOLE} under other header lines. */
export function wholeWith(lines: readonly string[], body = WHOLE): string {
  return withHead(["HTTP/1.1 200 OK", "content-type: application/json", ...lines], body);
}

/** Two tokens, "a" and "b", each in a chunk of its own. */
export const TWO_TOKENS = chunk(delta({ content: "a" })) + chunk(delta({ content: "b" }));

/** End marker. */
export const DONE = "data: [DONE]\n\n";

/** End marker and zero chunk. */
export const END = chunk(DONE) + LAST_CHUNK;
