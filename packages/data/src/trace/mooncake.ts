import { badRow } from "../finalizer/read-cells.js";
import type { DataSource, DataSourceDependencies } from "../source/data-source.js";
import { BlockNumbers, readBlockIds } from "./block-ids.js";
import { BlockText } from "./block-text.js";
import { openTrace } from "./open-trace.js";
import { type RecordedLengths, readLines } from "./read-lines.js";
import { type MooncakeArgs, refuseConversations } from "./trace-fields.js";
import { singleTurn } from "./trace-synthetic.js";

interface MooncakeLine extends RecordedLengths {
  readonly blocks: readonly number[];
}

/**
 * Opens a trace in the format of Mooncake: like `trace_synthetic`, with identifiers of the blocks that make up each prompt. An
 * identifier names a block of `hash_id_block_size` tokens, so that prompts share the prefixes that the recorded ones shared.
 *
 * @throws {DataError} CORE_DATA_NOT_BUILT for `conversation_id_column`, and those of {@link openTrace}.
 */
export function openMooncake(args: MooncakeArgs, dependencies: DataSourceDependencies): Promise<DataSource> {
  refuseConversations(args);
  const { hash_ids_column: column, hash_id_block_size: size } = args;
  return openTrace<MooncakeLine>(args, dependencies, (tokenizer, seed) => {
    const writer = new BlockText(tokenizer, seed);
    const numbers = new BlockNumbers();
    return {
      kind: args.kind,
      read: (source) =>
        readLines(source, args, {
          columns: [column],
          read: (row, { promptTokens }) => {
            const ids = readBlockIds(row[column], column);
            const needed = Math.ceil(promptTokens / size);
            if (ids.length === needed) return { blocks: ids.map((id) => numbers.of(id)) };
            throw badRow(`${promptTokens} tokens in blocks of ${size} need ${needed} ${column}, got ${ids.length}`);
          },
        }),
      write: ([line], { epoch, copy, session }) => {
        if (line === undefined) return [];
        const scope = { name: `${epoch}/${copy}`, size };
        const part = { from: 0, to: line.promptTokens, own: `${scope.name}/${session}` };
        return [singleTurn(line, writer.write(line.blocks, scope, part))];
      },
    };
  });
}
