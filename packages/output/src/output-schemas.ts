import { integerField, nullable, textField, withDefault } from "@core/registry";
import * as v from "valibot";

const path = (name: string) =>
  nullable(textField(`File or folder, from the working directory; null is ${name} in the folder of the run.`));

/** Tables on stdout. */
export const ConsoleOutputSchema = v.strictObject({ kind: v.literal("console") });

/** The whole report. */
export const JsonOutputSchema = v.strictObject({ kind: v.literal("json"), path: path("benchmarks.json") });

/** One row per benchmark. */
export const CsvOutputSchema = v.strictObject({ kind: v.literal("csv"), path: path("benchmarks.csv") });

/** The whole report, easier to read. */
export const YamlOutputSchema = v.strictObject({ kind: v.literal("yaml"), path: path("benchmarks.yaml") });

/** A page to look at. */
export const HtmlOutputSchema = v.strictObject({ kind: v.literal("html"), path: path("benchmarks.html") });

/** A picture of latency over load. */
export const PlotOutputSchema = v.strictObject({
  kind: v.literal("plot"),
  path: path("benchmarks.png"),
  dpi: withDefault(integerField("Dots per inch of the picture.", { exclusiveMinimum: 0 }), 100),
});
