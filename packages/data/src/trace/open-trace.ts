import type { Tokenizer } from "@core/tokenizer";
import { DataError } from "../errors.js";
import { badRow } from "../finalizer/read-cells.js";
import type { DataSource, DataSourceDependencies } from "../source/data-source.js";
import { dataSources } from "../source/data-sources.js";
import { CONVERSATION_COLUMN } from "../synthetic/synthetic-text.js";
import { placeSessions } from "./place-sessions.js";
import type { RecordedTurn } from "./session-timing.js";
import type { TraceArgs } from "./trace-fields.js";

/** A conversation of a trace, or why it cannot be replayed. */
export type ReadSession<T extends RecordedTurn> =
  | { readonly turns: readonly T[]; readonly trafficClass: string | null }
  | { readonly problem: string };

/** Which replay of which conversation is written. */
export interface TracePlace {
  readonly epoch: number;
  readonly copy: number;
  /** Number of the conversation in the trace. */
  readonly session: number;
}

/** A turn as a packed conversation holds it. */
export interface WrittenTurn {
  readonly node_id: string;
  readonly agent_id: string;
  readonly parents: readonly { readonly parent_node_id: string; readonly history_context: "full" | "last" | "new" }[];
  readonly columns: Readonly<Record<string, readonly unknown[]>>;
}

/** How one kind of trace is read and written. */
export interface TraceFormat<T extends RecordedTurn> {
  readonly kind: string;
  /** Conversations in the order in which they are replayed, times from the zero of the trace. */
  readonly read: (source: DataSource) => readonly ReadSession<T>[];
  /** One turn for each of `turns`, in their order. */
  readonly write: (turns: readonly T[], place: TracePlace) => readonly WrittenTurn[];
}

/**
 * Opens a trace: recorded lengths and times, generated prompts. What cannot be read comes last and is skipped and counted like
 * other bad rows; it does not end the trace.
 *
 * @param create - Makes the format from the tokenizer and the seed of this source.
 * @throws {DataError} CORE_DATA_NO_COLUMNS, CORE_DATA_EMPTY, and those of the source that holds it.
 */
export async function openTrace<T extends RecordedTurn>(
  args: TraceArgs,
  dependencies: DataSourceDependencies,
  create: (tokenizer: Tokenizer, seed: string) => TraceFormat<T>,
): Promise<DataSource> {
  const source = await openSource(args, dependencies);
  const format = create(await dependencies.tokenizer(), `${dependencies.seed}/${dependencies.sourceIndex}`);
  const read = format.read(source);
  const sessions = read.filter((session) => "turns" in session);
  const problems = read.filter((session) => "problem" in session);
  const placed = placeSessions(sessions, args);
  return {
    name: `${format.kind}[${dependencies.sourceIndex}]`,
    columns: [CONVERSATION_COLUMN],
    rowCount: placed.length + problems.length,
    classes: [...new Set(sessions.flatMap(({ trafficClass }) => trafficClass ?? []))],
    row: (index, epoch) => {
      const place = placed[index];
      if (place === undefined) throw badRow(problems[index - placed.length]?.problem ?? "the trace has ended");
      const { turns, trafficClass } = sessions[place.session] ?? { turns: [], trafficClass: null };
      const moved = turns.map((turn, at) => ({ ...turn, ...place.times[at] }));
      const written = format.write(moved, { epoch, copy: place.copy, session: place.session });
      return { [CONVERSATION_COLUMN]: { turns: written.map((turn, at) => packed(turn, moved[at], trafficClass)) } };
    },
  };
}

function packed(turn: WrittenTurn, time: RecordedTurn | undefined, trafficClass: string | null) {
  return {
    ...turn,
    columns: trafficClass === null ? turn.columns : { ...turn.columns, class_column: [trafficClass] },
    settings: {
      relative_timestamp: time?.timestamp ?? null,
      requeue_delay: null,
      trace_duration: time?.duration ?? null,
    },
  };
}

async function openSource(args: TraceArgs, dependencies: DataSourceDependencies): Promise<DataSource> {
  const given = args.source as { readonly load_kwargs?: Readonly<Record<string, unknown>> };
  const load_kwargs = { ...given.load_kwargs, ...args.load_kwargs };
  const config = Object.keys(load_kwargs).length === 0 ? args.source : { ...args.source, load_kwargs };
  const source = await dataSources.create(dataSources.parseArgs(config, "source"), dependencies);
  if (source.rowCount === null) {
    throw new DataError(`The trace comes from ${source.name}, which never ends.`, {
      code: "CORE_DATA_BAD_ROW",
      hint: "Read it from a file: source.kind=json_file,source.path=trace.jsonl.",
    });
  }
  if (source.rowCount === 0) throw new DataError(`The trace in ${source.name} is empty.`, { code: "CORE_DATA_EMPTY" });
  return source;
}
