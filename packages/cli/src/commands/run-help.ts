import { EXIT_CODES } from "../exit-codes.js";
import { commandHelp } from "../help/command-help.js";
import { twoColumns } from "../help/wrap-text.js";
import { runOptions } from "./run-options.js";

/** Text of `goodput run --help`. */
export function runHelp(name: string): string {
  const codes = Object.values(EXIT_CODES).map(({ code, meaning }) => [String(code), meaning] as const);
  return commandHelp({
    usage: `${name} run [OPTIONS]`,
    description: "Sends load to a server and reports what its users would feel.",
    options: runOptions(),
    more: [
      "Values are kind=NAME,key=value,... (lists in brackets, text with commas in quotes), or a mapping in JSON or YAML.",
      `${name} kinds lists every kind, ${name} kinds profile sweep the fields of one.`,
      "Options win over variables (GOODPUT__SPEC__BACKEND__TARGET=...), those over the file.",
      `Exit codes:\n${twoColumns(codes)}`,
    ],
  });
}
