import {
  choiceField,
  type Field,
  formatIssues,
  integerField,
  nullable,
  numberField,
  withDefault,
} from "@core/registry";
import * as v from "valibot";
import { mappingListField, readMapping } from "../mapping-text.js";

/** What can happen to the whole server. */
const ACTIONS = ["stall", "slow", "status", "drop", "restart"] as const;

const schema = v.pipe(
  v.strictObject({
    at: numberField("Seconds after the first request for an answer.", { minimum: 0 }),
    for: numberField("How many seconds it lasts.", { exclusiveMinimum: 0 }),
    do: choiceField("What happens.", ACTIONS),
    factor: withDefault(numberField("How many times longer everything takes under `slow`.", { minimum: 1 }), 2),
    status: withDefault(integerField("Status of `status`.", { minimum: 400, maximum: 599 }), 503),
    retry_after: nullable(integerField("Seconds in a `retry-after` header beside the status.", { minimum: 0 })),
  }),
);

/** Something that happens to the whole server for a while. */
export type Incident = v.InferOutput<typeof schema>;

/** An incident as it may be given. */
export type IncidentInput = v.InferInput<typeof schema>;

/** A list of incidents; one alone, and JSON text, are read too. */
export function incidentsField(description: string): Field<readonly Incident[]> {
  return mappingListField(description, {
    typeText: "list of incidents",
    required: ["at", "for", "do"],
    read(input) {
      const given = readMapping(input);
      if (given === null) return { problem: "must be a mapping such as at=30,for=5,do=stall" };
      const result = v.safeParse(schema, given);
      if (result.success) return { value: result.output };
      return { problem: formatIssues(result.issues, schema, "incident") };
    },
  });
}

/** When it is over, seconds after the first request. */
export function endOf(incident: Incident): number {
  return incident.at + incident.for;
}
