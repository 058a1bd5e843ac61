import { objectivesField } from "@core/metrics";
import {
  booleanField,
  describeFields,
  formatIssues,
  integerField,
  nullable,
  numberField,
  withDefault,
} from "@core/registry";
import * as v from "valibot";

/** Fields of `spec` that are plain values. */
export const SpecSettingsSchema = v.strictObject({
  objectives: withDefault(
    objectivesField(
      "Targets such as ttft.p99<=200ms, e2el.mean<=2s, tpot<=50ms@99%, ttft[turn=0]<=150ms, ttft[class=chat]<=1s, errors<=1%.",
    ),
    [],
  ),
  workers: nullable(
    integerField("Request worker threads; null chooses by cores and load.", { minimum: 1, maximum: 256 }),
  ),
  grace_seconds: v.optional(
    v.nullable(
      numberField(
        "Seconds that requests in flight may take to end after sending has stopped; 0 cuts them at once, null never.",
        { minimum: 0 },
      ),
    ),
    10,
  ),
  fail_on_invalid: withDefault(
    booleanField("Whether a benchmark whose verdict is invalid ends the command with exit code 7."),
    true,
  ),
  canary: withDefault(
    booleanField("Whether each worker reads streams of known timing from a mock server on this host beside its load."),
    false,
  ),
});

/** Values of {@link SpecSettingsSchema}. */
export type SpecSettings = v.InferOutput<typeof SpecSettingsSchema>;

/** Names of the settings. */
export const SETTING_NAMES: readonly string[] = describeFields(SpecSettingsSchema).map(({ name }) => name);

/** Option that gives a setting; a list is given value by value. */
export function settingOptionName(name: string): string {
  return name === "objectives" ? "--objective" : `--${name.replaceAll("_", "-")}`;
}

/** Validates the settings. @returns The values, or one line per problem. */
export function parseSettings(
  input: unknown,
): { readonly value: SpecSettings } | { readonly problems: readonly string[] } {
  const result = v.safeParse(SpecSettingsSchema, input);
  if (result.success) return { value: result.output };
  return {
    problems: formatIssues(result.issues, SpecSettingsSchema, "spec")
      .replaceAll(/^spec\./gm, "")
      .split("\n"),
  };
}
