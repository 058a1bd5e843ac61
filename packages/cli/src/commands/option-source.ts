import { CONFIG_PARTS } from "../config/config-parts.js";
import { type ConfigSource, type Mapping, readSource } from "../config/config-source.js";
import { SETTING_NAMES, settingOptionName } from "../config/spec-settings.js";
import { CliError } from "../errors.js";
import { parseArgsText } from "../grammar/parse-args-text.js";
import { readOverrides } from "../grammar/read-overrides.js";
import type { ReadOptions } from "../options/read-options.js";

/**
 * The configuration that the options of `run` give, one source for each option, so that messages can name it.
 *
 * @throws {CliError} CORE_CLI_BAD_VALUE.
 */
export function optionSources(options: ReadOptions, directory: string): readonly ConfigSource[] {
  const sources: ConfigSource[] = [];
  const add = (origin: string, content: Mapping): void => {
    sources.push(readSource(content, origin, directory));
  };
  const report = options.value("--replay-schedule");
  // The schedule ends by itself: limits of the earlier run could only cut it short. Limits given beside it hold.
  if (report !== null) {
    add("--replay-schedule", { spec: { profile: { kind: "recorded", path: report }, constraints: [] } });
  }
  for (const { field, registry, repeat } of CONFIG_PARTS) {
    const { option } = registry.family;
    const parts = options.uses(option).map(([text = ""]) => readPartText(option, text, registry.names()));
    if (parts.length > 0) add(option, { spec: { [field]: repeat ? parts : parts[0] } });
  }
  for (const name of SETTING_NAMES) {
    const option = settingOptionName(name);
    const texts = options.uses(option).map(([text = ""]) => (text === "null" ? null : text));
    if (texts.length > 0) add(option, { spec: { [name]: name === "objectives" ? texts : texts[0] } });
  }
  const plugins = options.uses("--plugin").map(([specifier = ""]) => specifier);
  if (plugins.length > 0) add("--plugin", { plugins });
  const labels = options.uses("--label").map(([text = ""]) => readLabel(text));
  if (labels.length > 0) add("--label", { metadata: { labels: Object.fromEntries(labels) } });
  const overrides = options.uses("--override");
  if (overrides.length > 0) add("--override", { benchmarks: readOverrides(overrides) });
  return sources;
}

function readPartText(option: string, text: string, kinds: readonly string[]): unknown {
  const reading = parseArgsText(text);
  if ("value" in reading) return reading.value;
  throw new CliError(`${option}: ${reading.problem}`, {
    code: "CORE_CLI_BAD_VALUE",
    hint: `Expected kind=NAME,key=value,... or a mapping in JSON or YAML. Kinds: ${kinds.join(", ")}.`,
  });
}

/** Labels are text, whatever they look like. */
function readLabel(text: string): readonly [string, string] {
  const equals = text.indexOf("=");
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw new CliError(`--label: "${text}" is not NAME=TEXT`, { code: "CORE_CLI_BAD_VALUE" });
}
