import type { Option } from "../options/option.js";
import { twoColumns, wrapLines } from "./wrap-text.js";

/** What the help of a command consists of. */
export interface CommandHelp {
  /** For example `goodput run [OPTIONS]`. */
  readonly usage: string;
  readonly description: string;
  readonly options: readonly Option[];
  /** Blocks after the options; long lines are wrapped. */
  readonly more?: readonly string[];
}

/** Text of `--help`. */
export function commandHelp({ usage, description, options, more = [] }: CommandHelp): string {
  const rows = options.map((option) => [optionNames(option), optionText(option)] as const);
  const blocks = [`Usage: ${usage}`, description, `Options:\n${twoColumns(rows)}`, ...more];
  return blocks
    .map((block) => wrapLines(block))
    .join("\n\n")
    .concat("\n");
}

function optionNames({ name, aliases = [], values }: Option): string {
  return [[...aliases, name].sort((left, right) => left.length - right.length).join(", "), ...values].join(" ");
}

function optionText({ description, detail = "", again }: Option): string {
  return [description, detail, again === "add" ? "Repeatable." : ""].filter((piece) => piece !== "").join(" ");
}
