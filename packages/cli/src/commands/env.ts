import { isCredentialHeader, SECRET_MASK } from "@core/registry";
import type { Command } from "../command.js";
import { configVariables, unknownVariables } from "../config/environment.js";
import { EXIT_CODES } from "../exit-codes.js";
import { commandHelp } from "../help/command-help.js";
import { HELP_OPTION } from "../options/option.js";
import { readOptions } from "../options/read-options.js";

/** `goodput env`: which variables of this environment configure a run, and which mean nothing. */
export const envCommand: Command = async (words, { stdout, environment, distribution }) => {
  const options = readOptions(words, [HELP_OPTION], `${distribution.name} env`);
  if (options.has("--help")) {
    stdout.write(
      commandHelp({
        usage: `${distribution.name} env`,
        description: "Lists the variables that configure a run.",
        options: [HELP_OPTION],
        more: [
          `Each place of the configuration has one: GOODPUT__SPEC__BACKEND__TARGET=http://localhost:8000, GOODPUT__SPEC__PROFILE='{"kind": "sweep"}' (lists and mappings as JSON). GUIDELLM__... is read too; GOODPUT__... wins.`,
          "GOODPUT_DEBUG=1 shows the stack of every error.",
        ],
      }),
    );
    return EXIT_CODES.ok.code;
  }
  const known = configVariables(environment).map(({ name, path, text }) => {
    const isSecret = path.some((step) => isCredentialHeader(step)) || /key|secret|token|header/i.test(name);
    return `${name}=${isSecret ? SECRET_MASK : JSON.stringify(text)}  # ${path.join(".")}\n`;
  });
  const unknown = unknownVariables(environment).map((name) => `# ${name} is set and means nothing here\n`);
  stdout.write([...known, ...unknown].join("") || "# No variable configures a run.\n");
  return EXIT_CODES.ok.code;
};
