import type * as v from "valibot";
import { ConsoleOutput } from "./console/console-output.js";
import { CsvOutput } from "./csv/csv-output.js";
import { JsonOutput } from "./json/json-output.js";
import * as schemas from "./output-schemas.js";
import { outputs } from "./outputs.js";
import { VERSION } from "./version.js";

const origin = { contract: 1, packageName: "@core/output", packageVersion: VERSION } as const;

outputs.register({
  ...origin,
  kind: "console",
  summary: "Tables on stdout.",
  argsSchema: schemas.ConsoleOutputSchema,
  create: () => new ConsoleOutput(),
});

outputs.register({
  ...origin,
  kind: "csv",
  summary: "One row per benchmark, three header rows.",
  argsSchema: schemas.CsvOutputSchema,
  create: (args) => new CsvOutput(args),
});

registerUnbuilt("html", "A page to look at, without network.", schemas.HtmlOutputSchema);

outputs.register({
  ...origin,
  kind: "json",
  summary: "The whole report.",
  argsSchema: schemas.JsonOutputSchema,
  create: (args) => new JsonOutput(args),
});

registerUnbuilt("yaml", "The whole report, easier to read.", schemas.YamlOutputSchema);
registerUnbuilt("plot", "A picture of latency over load.", schemas.PlotOutputSchema);

function registerUnbuilt<K extends string>(
  kind: K,
  summary: string,
  argsSchema: v.GenericSchema<unknown, { readonly kind: K }>,
): void {
  outputs.register<K, { readonly kind: K }>({
    ...origin,
    kind,
    summary,
    argsSchema,
    available: false,
    create: () => {
      throw new Error(`The output ${kind} is registered as not built, so the registry never calls this.`);
    },
  });
}
