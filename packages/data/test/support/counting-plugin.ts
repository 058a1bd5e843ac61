import { writeFile } from "./temporary-folder.js";

/** Where plugins find the package; a plugin of its own would import it by name. */
const DATA = new URL("../../bundle/index.js", import.meta.url).href;

/**
 * URL of a plugin that registers the endless data kind `counting`, whose row `i` is `{prompt: "i"}`.
 *
 * @param beforeRow - Statements that run before each row is made; may use `index`, `epoch` and `DataError`.
 */
export function writeCountingPlugin(beforeRow = ""): string {
  const source = `
    import { dataSources, DataError } from ${JSON.stringify(DATA)};
    import * as v from ${JSON.stringify(import.meta.resolve("valibot"))};
    dataSources.register({
      contract: 1, kind: "counting", packageName: "counting-plugin", packageVersion: "1.0.0", summary: "Counts.",
      argsSchema: v.strictObject({ kind: v.literal("counting") }),
      create: async () => ({
        name: "counting", columns: ["prompt"], rowCount: null,
        row(index, epoch) { ${beforeRow}; return { prompt: String(index) }; },
      }),
    });`;
  return new URL(`file://${writeFile(".mjs", source)}`).href;
}
