import { nearestName } from "@core/registry";
import { CliError } from "../errors.js";
import { insteadOf } from "./familiar-options.js";
import type { Option } from "./option.js";

/** Options and words of a command line. */
export interface ReadOptions {
  /** Words given to an option, one list for each use; empty when it was not given. */
  uses(name: string): readonly (readonly string[])[];
  /** First word of the last use, or null. */
  value(name: string): string | null;
  has(name: string): boolean;
  readonly words: readonly string[];
}

/**
 * Reads the words after a command: `--name value`, `--name=value`, `-x value`; `--` ends the options.
 *
 * @throws {CliError} CORE_CLI_UNKNOWN_OPTION or CORE_CLI_BAD_OPTION.
 */
export function readOptions(given: readonly string[], options: readonly Option[], command: string): ReadOptions {
  const uses = new Map<string, string[][]>();
  const words: string[] = [];
  for (let at = 0; at < given.length; at += 1) {
    const word = given[at] ?? "";
    if (word === "--") {
      words.push(...given.slice(at + 1));
      break;
    }
    if (!/^-./.test(word) || /^-[\d.]/.test(word)) {
      words.push(word);
      continue;
    }
    const { name, attached } = splitAttached(word);
    const option = findOption(name, options, command);
    const values = takeValues(option, name, attached, given.slice(at + 1));
    at += values.length - (attached === null || option.values.length === 0 ? 0 : 1);
    addUse(uses, option, values);
  }
  const of = (name: string): readonly (readonly string[])[] => uses.get(name) ?? [];
  return { words, uses: of, has: (name) => of(name).length > 0, value: (name) => of(name).at(-1)?.[0] ?? null };
}

function splitAttached(word: string): { readonly name: string; readonly attached: string | null } {
  const equals = word.startsWith("--") ? word.indexOf("=") : -1;
  return equals === -1
    ? { name: word, attached: null }
    : { name: word.slice(0, equals), attached: word.slice(equals + 1) };
}

function findOption(name: string, options: readonly Option[], command: string): Option {
  const names = (option: Option): readonly string[] => [option.name, ...(option.aliases ?? [])];
  const found = options.find((option) => names(option).includes(name));
  if (found !== undefined) return found;
  const instead = insteadOf(name);
  if (instead !== null && options.some((option) => names(option).includes(optionOf(instead)))) {
    throw new CliError(`There is no option ${name}; here it is ${instead}.`, {
      code: "CORE_CLI_UNKNOWN_OPTION",
      hint: `${command} --help lists the options.`,
    });
  }
  const near = name.startsWith("--") ? nearestName(name, options.flatMap(names)) : null;
  throw new CliError(`There is no option ${name}.${near === null ? "" : ` Did you mean "${near}"?`}`, {
    code: "CORE_CLI_UNKNOWN_OPTION",
    hint: `${command} --help lists the options.`,
  });
}

function optionOf(words: string): string {
  return words.split(" ")[0] as string;
}

function takeValues(option: Option, name: string, attached: string | null, rest: readonly string[]): string[] {
  const wanted = option.values.length;
  if (wanted === 0) {
    if (attached === null) return [];
    throw badOption(`${name} takes no value`);
  }
  const values = [...(attached === null ? [] : [attached]), ...rest].slice(0, wanted);
  // A word like --data is the next option, not a value; a value that begins so is written --name=value.
  const own = attached === null ? values : values.slice(1);
  if (values.length < wanted || own.some((value) => /^--[a-z]/.test(value))) {
    throw badOption(
      `${name} needs ${wanted === 1 ? "a value" : `${wanted} values`}: ${name} ${option.values.join(" ")}`,
    );
  }
  return values;
}

function addUse(uses: Map<string, string[][]>, option: Option, values: string[]): void {
  const before = uses.get(option.name) ?? [];
  if (before.length > 0 && option.again === "error") throw badOption(`${option.name} may be given only once`);
  uses.set(option.name, option.again === "add" ? [...before, values] : [values]);
}

function badOption(message: string): CliError {
  return new CliError(message, { code: "CORE_CLI_BAD_OPTION" });
}
