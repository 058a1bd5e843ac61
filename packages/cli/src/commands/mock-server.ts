import { mockServerOptionsSchema, parseMockServerOptions, startMockServer } from "@core/mock-server";
import { describeFields, show } from "@core/registry";
import type { Command, CommandContext } from "../command.js";
import { EXIT_CODES } from "../exit-codes.js";
import { commandHelp } from "../help/command-help.js";
import { HELP_OPTION, type Option, valueOption } from "../options/option.js";
import { readOptions } from "../options/read-options.js";

/** Options of `mock-server`, from the schema of the server's own options. */
function mockServerOptions(): readonly Option[] {
  const own = describeFields(mockServerOptionsSchema).map(({ name, typeText, description, defaultValue }) =>
    valueOption(`--${name.replaceAll("_", "-")}`, placeholder(typeText), description, {
      again: "replace",
      detail: defaultValue === null || defaultValue === undefined ? "" : `Default: ${show(defaultValue)}.`,
    }),
  );
  return [...own, HELP_OPTION];
}

function placeholder(typeText: string): string {
  if (typeText.startsWith("int")) return "N";
  if (typeText.includes(" | ")) return typeText.replaceAll(" ", "");
  return typeText.startsWith("number") ? "NUMBER" : typeText.startsWith("bool") ? "true|false" : "TEXT";
}

/** `goodput mock-server`: serves until it is interrupted. */
export const mockServerCommand: Command = async (words, context) => {
  const { name } = context.distribution;
  const options = mockServerOptions();
  const given = readOptions(words, options, `${name} mock-server`);
  if (given.has("--help")) {
    const description = "An OpenAI-compatible server with known timing, for trying and for checking measurements.";
    context.stdout.write(commandHelp({ usage: `${name} mock-server [OPTIONS]`, description, options }));
    return EXIT_CODES.ok.code;
  }
  const values = options.flatMap(({ name: option }) => {
    const value = given.value(option);
    return value === null ? [] : [[option.slice(2).replaceAll("-", "_"), value] as const];
  });
  const server = await startMockServer(parseMockServerOptions(Object.fromEntries(values)));
  context.stdout.write(`listening on ${server.url}\n`);
  await interrupted(context);
  await server.close();
  return EXIT_CODES.ok.code;
};

function interrupted(context: CommandContext): Promise<void> {
  return new Promise((resolve) => {
    const release = context.onInterrupt(() => {
      release();
      resolve();
    });
  });
}
