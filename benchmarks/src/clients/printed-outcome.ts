import type { CommandResult } from "../command.ts";
import type { ClientReport } from "./client.ts";

/**
 * Reads what a client printed: the last line of its stdout that is a JSON object, with any of `ttft_mean_ms`,
 * `gap_mean_ms`, `gap_p99_ms`, `requests`, `tokens`. Throws when the command failed.
 */
export function outcomeOf(command: CommandResult, name: string): ClientReport {
  if (command.code !== 0) throw new Error(`${name} ended with ${command.code}: ${command.stderr.slice(-2000)}`);
  const printed = lastObject(command.stdout);
  const number = (key: string): number => (typeof printed[key] === "number" ? printed[key] : Number.NaN);
  return {
    command,
    ttftMeanMs: number("ttft_mean_ms"),
    gapMeanMs: number("gap_mean_ms"),
    gapP99Ms: number("gap_p99_ms"),
    requests: number("requests"),
    tokens: number("tokens"),
  };
}

function lastObject(text: string): Readonly<Record<string, unknown>> {
  for (const line of text.trim().split("\n").reverse()) {
    if (line.startsWith("{")) return JSON.parse(line) as Record<string, unknown>;
  }
  return {};
}
