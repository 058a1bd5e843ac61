import { type Field, isMapping, listField, type Reading, readNumber } from "@core/registry";
import { SEVERITIES } from "./severity.js";
import { WARNING_DIRECTIONS, WARNING_STATISTICS, type WarningMetric, type WarningRule } from "./warning-rule.js";

const METRIC_JSON_SCHEMA = {
  type: "object",
  required: ["name"],
  additionalProperties: false,
  properties: {
    name: { type: "string" },
    statistic: { type: "string", enum: WARNING_STATISTICS },
    scale: { type: "number" },
  },
};

const RULE_JSON_SCHEMA = {
  type: "object",
  required: ["code", "metric", "threshold"],
  additionalProperties: false,
  properties: {
    enabled: { type: "boolean" },
    code: { type: "string" },
    metric: METRIC_JSON_SCHEMA,
    relative_to: { anyOf: [METRIC_JSON_SCHEMA, { type: "null" }] },
    threshold: { type: "number", minimum: 0 },
    direction: { type: "string", enum: WARNING_DIRECTIONS },
    severity: { type: "string", enum: SEVERITIES },
    note: { type: "string" },
    when: {
      anyOf: [
        {
          type: "object",
          required: ["name", "equals"],
          additionalProperties: false,
          properties: { name: { type: "string" }, equals: { type: ["string", "number", "boolean"] } },
        },
        { type: "null" },
      ],
    },
  },
};

type Mapping = Readonly<Record<string, unknown>>;

/** A list of warning rules. A missing list is a matter of the schema around it. */
export function warningRulesField(description: string): Field<readonly WarningRule[]> {
  return listField<WarningRule>(description, { typeText: "rules", jsonSchema: RULE_JSON_SCHEMA, read: readRule });
}

function readRule(input: unknown): Reading<WarningRule> {
  if (!isMapping(input)) return { problem: "must be a mapping" };
  const { enabled = true, code, metric, relative_to = null, threshold, note = "", when = null, ...more } = input;
  const { direction = "above", severity = "info", ...rest } = more;
  const unknown = unknownKeys(rest);
  if (unknown !== null) return unknown;
  if (typeof enabled !== "boolean") return { problem: "must have enabled true or false" };
  if (typeof code !== "string" || code === "") return { problem: "must have a code" };
  if (typeof note !== "string") return { problem: "must have a note that is text" };
  const side = WARNING_DIRECTIONS.find((candidate) => candidate === direction);
  if (side === undefined) return { problem: `must have direction ${WARNING_DIRECTIONS.join(" or ")}` };
  const weight = SEVERITIES.find((candidate) => candidate === severity);
  if (weight === undefined) return { problem: `must have severity ${SEVERITIES.join(", ")}` };
  const limit = readNumber(threshold, { minimum: 0 });
  if ("problem" in limit) return { problem: `must have a threshold that ${limit.problem}` };
  const primary = readMetric(metric, "metric");
  if ("problem" in primary) return primary;
  const baseline = relative_to === null ? { value: null } : readMetric(relative_to, "relative_to");
  if ("problem" in baseline) return baseline;
  const condition = readWhen(when);
  if ("problem" in condition) return condition;
  return {
    value: {
      enabled,
      code,
      metric: primary.value,
      relative_to: baseline.value,
      threshold: limit.value,
      direction: side,
      severity: weight,
      note,
      when: condition.value,
    },
  };
}

function readMetric(input: unknown, key: string): Reading<WarningMetric> {
  if (!isMapping(input)) return { problem: `must have ${key}, a mapping with a name` };
  const { name, statistic = "mean", scale = 1, ...rest } = input;
  const unknown = unknownKeys(rest);
  if (unknown !== null) return unknown;
  if (typeof name !== "string" || name === "") return { problem: `must have ${key}.name` };
  const known = WARNING_STATISTICS.find((candidate) => candidate === statistic);
  if (known === undefined) return { problem: `must have ${key}.statistic ${WARNING_STATISTICS.join(", ")}` };
  const factor = readNumber(scale, {});
  if ("problem" in factor) return { problem: `must have ${key}.scale that ${factor.problem}` };
  return { value: { name, statistic: known, scale: factor.value } };
}

function readWhen(input: unknown): Reading<WarningRule["when"]> {
  if (input === null) return { value: null };
  if (!isMapping(input)) return { problem: "must have when, a mapping with name and equals" };
  const { name, equals, ...rest } = input;
  const unknown = unknownKeys(rest);
  if (unknown !== null) return unknown;
  if (typeof name !== "string" || name === "") return { problem: "must have when.name" };
  if (typeof equals !== "string" && typeof equals !== "number" && typeof equals !== "boolean") {
    return { problem: "must have when.equals: text, a number, true or false" };
  }
  return { value: { name, equals } };
}

function unknownKeys(rest: Mapping): { readonly problem: string } | null {
  const names = Object.keys(rest);
  return names.length === 0 ? null : { problem: `has the unknown key ${names.join(", ")}` };
}
