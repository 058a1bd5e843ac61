import { seededRandom } from "../seeded-random.js";
import type { DataSource, DataSourceDependencies } from "../source/data-source.js";
import { PromptWriter } from "../synthetic/prompt-writer.js";
import { openTrace, type WrittenTurn } from "./open-trace.js";
import { type RecordedLengths, readLines } from "./read-lines.js";
import { refuseConversations, type TraceSyntheticArgs } from "./trace-fields.js";

/**
 * Opens a trace whose every line is a conversation of one request: recorded lengths, generated prompts, recorded times.
 *
 * @throws {DataError} CORE_DATA_NOT_BUILT for `conversation_id_column`, and those of {@link openTrace}.
 */
export function openTraceSynthetic(
  args: TraceSyntheticArgs,
  dependencies: DataSourceDependencies,
): Promise<DataSource> {
  refuseConversations(args);
  return openTrace<RecordedLengths>(args, dependencies, (tokenizer, seed) => {
    const writer = new PromptWriter(tokenizer);
    return {
      kind: args.kind,
      read: (source) => readLines(source, args, { columns: [], read: () => ({}) }),
      write: ([line], { epoch, copy, session }) => {
        const random = seededRandom(seed, "trace", epoch, copy, session);
        return line === undefined ? [] : [singleTurn(line, writer.write(line.promptTokens, "", random))];
      },
    };
  });
}

/** The only turn of a conversation. */
export function singleTurn(
  { outputTokens }: RecordedLengths,
  prompt: { readonly text: string; readonly tokenCount: number },
): WrittenTurn {
  const columns = {
    text_column: [prompt.text],
    prompt_tokens_count_column: [prompt.tokenCount],
    output_tokens_count_column: [outputTokens],
  };
  return { node_id: "main_0", agent_id: "default", parents: [], columns };
}
