import type { Tokenizer } from "@core/tokenizer";
import { seededRandom } from "../seeded-random.js";
import type { DataRow, DataSource } from "../source/data-source.js";
import { PLACEHOLDER_RESPONSE, PLACEHOLDER_TOOLS, toolResult } from "../tools/placeholder-tool.js";
import { type BranchSpec, mergeTurn } from "./branch-spec.js";
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
  readonly classes: readonly string[] = [];
  readonly #args: SyntheticTextArgs;
  readonly #writer: PromptWriter;
  readonly #prefixes: PrefixBuckets | null;
  readonly #distributions = new Map<string, CountDistribution | null>();
  readonly #seed: string;
  readonly #sourceIndex: number;
  /** JSON of the tool definitions. */
  readonly #tools: string;

  constructor(args: SyntheticTextArgs, tokenizer: Tokenizer, seed: number, sourceIndex: number) {
    this.name = `synthetic_text[${sourceIndex}]`;
    this.#args = args;
    this.#writer = new PromptWriter(tokenizer);
    this.#seed = `${seed}/${sourceIndex}`;
    this.#sourceIndex = sourceIndex;
    this.#tools = JSON.stringify(args.tools ?? PLACEHOLDER_TOOLS);
    const buckets = args.prefix_buckets ?? [];
    this.#prefixes = buckets.length === 0 ? null : new PrefixBuckets(buckets, this.#writer, this.#seed);
  }

  row(index: number, epoch: number): DataRow {
    const { turns: count, branches } = this.#args;
    const row = { index, epoch };
    const main = Array.from({ length: count }, (_, turn) => this.#mainTurn(row, turn));
    let node = count;
    const others = branches.flatMap((branch, number) =>
      Array.from({ length: branch.turns }, (_, turn) => {
        node += 1;
        return this.#branchTurn(row, { branch, number, turn, node: node - 1 });
      }),
    );
    return { [CONVERSATION_COLUMN]: { turns: [...main, ...others] } };
  }

  #mainTurn(row: Row, turn: number): unknown {
    const first = turn === 0 ? "first_" : "";
    const before = turn === 0 ? [] : [{ parent_node_id: `main_${turn - 1}`, history_context: "full" }];
    const merged = this.#args.branches.flatMap((branch, number) =>
      mergeTurn(branch) === turn
        ? [{ parent_node_id: `branch_${number}_${branch.turns - 1}`, history_context: "last" }]
        : [],
    );
    const prefix = turn === 0 ? (this.#prefixes?.choose(this.#seed, row.epoch, row.index) ?? "") : "";
    const { columns, settings } = this.#node(row, turn, {
      prompt: this.#main(`${first}prompt_tokens`) ?? this.#main("prompt_tokens") ?? unreachable(),
      output: this.#main(`${first}output_tokens`) ?? this.#main("output_tokens"),
      delay: this.#main("delay"),
      prefix,
    });
    return {
      node_id: `main_${turn}`,
      agent_id: "default",
      parents: [...before, ...merged],
      columns: { ...columns, ...this.#toolColumns(row, turn) },
      settings,
    };
  }

  /** What a turn of the main agent says about tools. */
  #toolColumns({ index, epoch }: Row, turn: number): Readonly<Record<string, readonly string[]>> {
    if (this.#args.server_tool_call_turns.includes(turn)) return { turn_type_column: ["server_tool_call"] };
    if (!this.#args.tool_call_turns.includes(turn)) return {};
    const tokens = this.#main("tool_response_tokens");
    const random = (purpose: string) => seededRandom(this.#seed, purpose, epoch, index, turn);
    const result =
      tokens === null
        ? PLACEHOLDER_RESPONSE
        : toolResult(this.#writer.write(sampleCount(tokens, random("tool-response")), "", random("tool-text")).text);
    return { tools_column: [this.#tools], tool_response_column: [result] };
  }

  #branchTurn(row: Row, { branch, number, turn, node }: BranchTurn): unknown {
    const first = (name: string) =>
      turn === 0 ? (distributionOf(branch, `first_${name}`) ?? this.#main(`first_${name}`)) : null;
    return {
      node_id: `branch_${number}_${turn}`,
      agent_id: branch.agent_id,
      parents:
        turn === 0
          ? [{ parent_node_id: `main_${branch.at_turn}`, history_context: "new" }]
          : [{ parent_node_id: `branch_${number}_${turn - 1}`, history_context: "full" }],
      ...this.#node(row, node, {
        prompt: first("prompt_tokens") ?? this.#main("prompt_tokens") ?? unreachable(),
        output: first("output_tokens") ?? this.#main("output_tokens"),
        delay: turn === branch.turns - 1 ? null : distributionOf(branch, "delay"),
        prefix: "",
      }),
    };
  }

  #main(name: string): CountDistribution | null {
    let distribution = this.#distributions.get(name);
    if (distribution === undefined) {
      distribution = distributionOf(this.#args, name);
      this.#distributions.set(name, distribution);
    }
    return distribution;
  }

  /** @param node - Number of the turn among all of the conversation, those of branches after those of the main agent. */
  #node({ index, epoch }: Row, node: number, { prompt, output, delay, prefix }: TurnShape) {
    const random = (purpose: string) => seededRandom(this.#seed, purpose, epoch, index, node);
    // Numbers up to three digits are one token in most vocabularies, so that counts agree between tokenizers.
    const source = this.#sourceIndex === 0 ? "" : ` ${this.#sourceIndex}`;
    const marker = `${epoch + 1} ${index + 1} ${node}${source}`;
    const written = this.#writer.write(sampleCount(prompt, random("prompt")), marker, random("text"));
    const seconds = delay === null ? 0 : sampleReal(delay, random("delay"));
    return {
      columns: {
        text_column: [written.text],
        prompt_tokens_count_column: [written.tokenCount],
        ...(prefix === "" ? {} : { prefix_column: [prefix] }),
        ...(output === null ? {} : { output_tokens_count_column: [sampleCount(output, random("output"))] }),
      },
      settings: { relative_timestamp: null, requeue_delay: seconds > 0 ? seconds : null },
    };
  }
}

/** Which conversation. */
interface Row {
  readonly index: number;
  readonly epoch: number;
}

interface BranchTurn {
  readonly branch: BranchSpec;
  readonly number: number;
  readonly turn: number;
  readonly node: number;
}

/** What a turn is drawn from. */
interface TurnShape {
  readonly prompt: CountDistribution;
  readonly output: CountDistribution | null;
  readonly delay: CountDistribution | null;
  readonly prefix: string;
}

function unreachable(): never {
  throw new Error("prompt_tokens is required by the schema");
}
