import { type Field, isMapping, listField, type Reading, readNumber } from "@core/registry";
import type { RateSegment } from "./rate-curve.js";

const JSON_SCHEMA = {
  type: "object",
  properties: {
    seconds: { type: "number", exclusiveMinimum: 0 },
    rate: { type: "number", minimum: 0 },
    end_rate: { type: "number", minimum: 0 },
  },
  required: ["seconds", "rate"],
  additionalProperties: false,
};

/** A list of rate segments; `end_rate` left out is `rate`. */
export function rateSegmentsField(description: string): Field<readonly RateSegment[]> {
  return listField(description, {
    typeText: "{seconds, rate, end_rate}",
    jsonSchema: JSON_SCHEMA,
    read: readSegment,
  });
}

function readSegment(input: unknown): Reading<RateSegment> {
  if (!isMapping(input)) return { problem: "must be a mapping with seconds and rate" };
  const unknown = Object.keys(input).filter((key) => !(key in JSON_SCHEMA.properties));
  if (unknown.length > 0)
    return { problem: `must have no field but seconds, rate and end_rate (${unknown.join(", ")})` };
  const seconds = readNumber(input["seconds"], { exclusiveMinimum: 0 });
  if ("problem" in seconds) return { problem: `has seconds that ${seconds.problem}` };
  const rate = readNumber(input["rate"], { minimum: 0 });
  if ("problem" in rate) return { problem: `has a rate that ${rate.problem}` };
  const end = readNumber(input["end_rate"] ?? rate.value, { minimum: 0 });
  if ("problem" in end) return { problem: `has an end_rate that ${end.problem}` };
  return { value: { seconds: seconds.value, rate: rate.value, end_rate: end.value } };
}
