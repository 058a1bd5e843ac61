import { MockServerError } from "./errors.js";
import { type MockServerOptions, parseMockServerOptions } from "./mock-server-options.js";

/**
 * Options from command-line words: `--ttft-ms 5` or `--ttft-ms=5` for `ttft_ms`; an option without a value is true; one
 * word that is a JSON object gives several options. Of an option given twice the last counts.
 *
 * @throws {MockServerError} CORE_MOCK_SERVER_INVALID_OPTIONS when a word is neither, or the options do not validate.
 */
export function parseServeArguments(words: readonly string[]): MockServerOptions {
  const input: Record<string, unknown> = {};
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word.startsWith("{")) {
      Object.assign(input, parseObject(word));
      continue;
    }
    const match = /^--([a-z][a-z-]*)(?:=(.*))?$/s.exec(word);
    if (match === null) throw invalid(`cannot be read: ${JSON.stringify(word)}; options look like --ttft-ms 5`);
    const next = words[index + 1];
    const takesNext = match[2] === undefined && next !== undefined && !/^(--|\{)/.test(next);
    if (takesNext) index += 1;
    input[(match[1] ?? "").replaceAll("-", "_")] = match[2] ?? (takesNext ? next : "true");
  }
  return parseMockServerOptions(input);
}

function parseObject(word: string): object {
  try {
    return JSON.parse(word) as object;
  } catch (error) {
    throw invalid(`hold a word that begins like a JSON object and is none: ${(error as Error).message}`);
  }
}

function invalid(problem: string): MockServerError {
  return new MockServerError(`The words of the command line ${problem}.`, { code: "CORE_MOCK_SERVER_INVALID_OPTIONS" });
}
