import { createTokenizer } from "@core/tokenizer";
import { dataSources } from "../../src/index.js";
import { writeFile } from "./temporary-folder.js";

/** A turn as a trace packs it. */
export interface Turn {
  readonly node_id: string;
  readonly agent_id: string;
  readonly parents: readonly { readonly parent_node_id: string; readonly history_context: string }[];
  readonly columns: Readonly<Record<string, readonly unknown[]>>;
  readonly settings: { readonly relative_timestamp: number | null; readonly trace_duration: number | null };
}

const tokenizer = await createTokenizer({ kind: "builtin" });

/** Tokens of a text as the built-in tokenizer has them. */
export const encode = (text: unknown): number[] => tokenizer.encode(String(text));

/** Opens rows as a trace of a kind. */
export async function openTrace(kind: string, rows: readonly unknown[], more: Readonly<Record<string, unknown>> = {}) {
  const path = writeFile(".jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
  const args = dataSources.parseArgs({ kind, source: { kind: "json_file", path }, ...more });
  const source = await dataSources.create(args, { seed: 42, sourceIndex: 0, tokenizer: async () => tokenizer });
  const turns = (index: number, epoch = 0): readonly Turn[] =>
    (source.row(index, epoch)["conversation_turns"] as { readonly turns: readonly Turn[] }).turns;
  return {
    source,
    turns,
    text: (index: number, epoch = 0) => String(turns(index, epoch)[0]?.columns["text_column"]?.[0]),
  };
}

/** `parent > node context` of every edge. */
export function edgesOf(turns: readonly Turn[]): readonly string[] {
  return turns.flatMap(({ node_id, parents }) =>
    parents.map(({ parent_node_id, history_context }) => `${parent_node_id} > ${node_id} ${history_context}`),
  );
}
