import {
  defineField,
  type Field,
  formatIssues,
  integerField,
  type Reading,
  textField,
  withDefault,
} from "@core/registry";
import * as v from "valibot";
import { countFields, distributionProblem, secondsFields } from "./count-fields.js";

const DISTRIBUTIONS = ["first_prompt_tokens", "first_output_tokens", "delay"];

const BranchSchema = v.strictObject({
  at_turn: integerField("Turn after which the branch starts, from 0.", { minimum: 0 }),
  turns: integerField("Turns of the branch.", { exclusiveMinimum: 0 }),
  agent_id: withDefault(textField("Name of the sub-agent."), "worker"),
  merge_after: withDefault(
    integerField("How many turns later its last answer comes back to the main conversation.", { minimum: 1 }),
    1,
  ),
  ...countFields("first_prompt_tokens", "prompt tokens of its first turn"),
  ...countFields("first_output_tokens", "output tokens asked for in its first turn"),
  ...secondsFields("delay", "think time between its turns"),
});

/** A sub-agent that works beside the main conversation. */
export type BranchSpec = v.InferOutput<typeof BranchSchema>;

/** The branches of a generated conversation. */
export const branchesField: Field<readonly BranchSpec[]> = defineField(
  "Sub-agents: at_turn, turns, agent_id, merge_after, first_prompt_tokens, first_output_tokens, delay.",
  { typeText: "list of branches", jsonSchema: { type: "array", items: { type: "object" } } },
  (input) => {
    if (!Array.isArray(input)) return { problem: "must be a list of branches" };
    const readings = input.map(readBranch);
    const problems = readings.flatMap((reading) => ("problem" in reading ? [reading.problem] : []));
    const specs = readings.flatMap((reading) => ("value" in reading ? [reading.value] : []));
    return problems.length > 0 ? { problem: problems.join("; ") } : { value: specs };
  },
);

function readBranch(input: unknown, at: number): Reading<BranchSpec> {
  const result = v.safeParse(BranchSchema, input);
  if (!result.success) return { problem: formatIssues(result.issues, BranchSchema, `[${at}]`).replaceAll("\n", "; ") };
  const problem = DISTRIBUTIONS.map((name) => distributionProblem(result.output, name)).find((text) => text !== null);
  return problem === undefined ? { value: result.output } : { problem: `[${at}].${problem}` };
}

/** Turn of the main conversation that shows the last answer of a branch. */
export function mergeTurn({ at_turn, merge_after }: BranchSpec): number {
  return at_turn + merge_after;
}

/** What is wrong with the branches of a conversation of so many turns, or null. */
export function branchesProblem(branches: readonly BranchSpec[], turns: number): string | null {
  const at = branches.findIndex((branch) => mergeTurn(branch) >= turns);
  const branch = branches[at];
  if (branch === undefined) return null;
  const merge = `merges at turn ${mergeTurn(branch)} (at_turn + merge_after)`;
  return `branches: [${at}] ${merge}, and the conversation has ${turns} turns, counted from 0; raise turns or merge earlier`;
}
