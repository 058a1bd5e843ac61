import type { Tokenizer } from "@core/tokenizer";
import { DataError } from "../errors.js";
import { seededRandom } from "../seeded-random.js";
import type { DataRow, DataSource } from "../source/data-source.js";
import { distributionOf } from "./count-fields.js";
import { type CountDistribution, sampleCount, sampleReal } from "./count-sampler.js";
import { PrefixBuckets } from "./prefix-buckets.js";
import { PromptWriter } from "./prompt-writer.js";
import type { SyntheticTextArgs } from "./synthetic-text-schema.js";

/** Column in which a whole conversation travels through the column mapper. */
export const CONVERSATION_COLUMN = "conversation_turns";

/** Endless source of generated conversations; row `i` of epoch `e` depends on the seed, `e` and `i` alone. */
export class SyntheticTextSource implements DataSource {
  readonly name: string;
  readonly columns = [CONVERSATION_COLUMN];
  readonly rowCount = null;
  readonly #args: SyntheticTextArgs;
  readonly #writer: PromptWriter;
  readonly #prefixes: PrefixBuckets | null;
  readonly #seed: string;
  readonly #sourceIndex: number;

  constructor(args: SyntheticTextArgs, tokenizer: Tokenizer, seed: number, sourceIndex: number) {
    refuseUnbuilt(args);
    this.name = `synthetic_text[${sourceIndex}]`;
    this.#args = args;
    this.#writer = new PromptWriter(tokenizer);
    this.#seed = `${seed}/${sourceIndex}`;
    this.#sourceIndex = sourceIndex;
    const buckets = args.prefix_buckets ?? [];
    this.#prefixes = buckets.length === 0 ? null : new PrefixBuckets(buckets, this.#writer, this.#seed);
  }

  row(index: number, epoch: number): DataRow {
    const turns = Array.from({ length: this.#args.turns }, (_, turn) => this.#turn(index, epoch, turn));
    return { [CONVERSATION_COLUMN]: { turns } };
  }

  #turn(index: number, epoch: number, turn: number): unknown {
    const random = (purpose: string) => seededRandom(this.#seed, purpose, epoch, index, turn);
    // Numbers up to three digits are one token in most vocabularies, so that counts agree between tokenizers.
    const source = this.#sourceIndex === 0 ? "" : ` ${this.#sourceIndex}`;
    const marker = `${epoch + 1} ${index + 1} ${turn}${source}`;
    const promptTokens = sampleCount(this.#distribution("prompt_tokens", turn) ?? unreachable(), random("prompt"));
    const prompt = this.#writer.write(promptTokens, marker, random("text"));
    const output = this.#distribution("output_tokens", turn);
    const prefix = turn === 0 ? (this.#prefixes?.choose(this.#seed, epoch, index) ?? "") : "";
    const delay = distributionOf(this.#args, "delay");
    const seconds = delay === null ? 0 : sampleReal(delay, random("delay"));
    return {
      node_id: `main_${turn}`,
      agent_id: "default",
      parents: turn === 0 ? [] : [{ parent_node_id: `main_${turn - 1}`, history_context: "full" }],
      columns: {
        text_column: [prompt.text],
        prompt_tokens_count_column: [prompt.tokenCount],
        ...(prefix === "" ? {} : { prefix_column: [prefix] }),
        ...(output === null ? {} : { output_tokens_count_column: [sampleCount(output, random("output"))] }),
      },
      settings: { relative_timestamp: null, requeue_delay: seconds > 0 ? seconds : null },
    };
  }

  #distribution(name: string, turn: number): CountDistribution | null {
    return (turn === 0 ? distributionOf(this.#args, `first_${name}`) : null) ?? distributionOf(this.#args, name);
  }
}

function refuseUnbuilt(args: SyntheticTextArgs): void {
  const some = (turns: readonly number[] | number): boolean =>
    typeof turns === "number" ? turns !== 0 : turns.length > 0;
  const wanted = [
    args.branches.length > 0 ? "branches" : null,
    some(args.tool_call_turns) ? "tool_call_turns" : null,
    some(args.server_tool_call_turns) ? "server_tool_call_turns" : null,
  ].filter((name) => name !== null);
  if (wanted.length === 0) return;
  throw new DataError(`synthetic_text cannot generate ${wanted.join(" and ")} yet in this version.`, {
    code: "CORE_DATA_NOT_BUILT",
    hint: "Leave the field out.",
  });
}

function unreachable(): never {
  throw new Error("prompt_tokens is required by the schema");
}
