/** An option of a command: the one source of what is accepted and of its help. */
export interface Option {
  /** Long name with dashes, for example `--backend`. */
  readonly name: string;
  /** Other names, for example `-c`. */
  readonly aliases?: readonly string[];
  /** Placeholders of the words it takes; none makes it a flag. */
  readonly values: readonly string[];
  /** What a second use means: an error, one more value, or a replacement. */
  readonly again: "error" | "add" | "replace";
  readonly description: string;
  /** Text after the description, such as the default. */
  readonly detail?: string;
}

/** Makes an option that takes one value and may be given once. */
export function valueOption(
  name: string,
  placeholder: string,
  description: string,
  rest: Partial<Option> = {},
): Option {
  return { name, values: [placeholder], again: "error", description, ...rest };
}

/** Makes an option that takes no value. */
export function flagOption(name: string, description: string, rest: Partial<Option> = {}): Option {
  return { name, values: [], again: "replace", description, ...rest };
}

/** `--help`, which every command has. */
export const HELP_OPTION: Option = flagOption("--help", "Shows this help.", { aliases: ["-h"] });
