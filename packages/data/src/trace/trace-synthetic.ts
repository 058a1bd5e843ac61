import { DataError } from "../errors.js";
import { badRow, isEmptyCell, readCount, readSeconds } from "../finalizer/read-cells.js";
import { seededRandom } from "../seeded-random.js";
import type { DataRow, DataSource, DataSourceDependencies } from "../source/data-source.js";
import { dataSources } from "../source/data-sources.js";
import { PromptWriter } from "../synthetic/prompt-writer.js";
import { CONVERSATION_COLUMN } from "../synthetic/synthetic-text.js";
import { SessionTiming } from "./session-timing.js";
import type { TraceSyntheticArgs } from "./trace-fields.js";

/** A line of the trace. */
interface TraceLine {
  readonly timestamp: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly duration: number | null;
}

/** A line at its place in the replayed time, or why it has none. */
type PlacedLine = TraceLine | { readonly problem: string };

/**
 * Opens a trace whose every line is a conversation of one request: recorded lengths, generated prompts, recorded times.
 * Lines that cannot be read come last and are skipped and counted like other bad rows; they do not end the trace.
 *
 * @throws {DataError} CORE_DATA_NO_COLUMNS, CORE_DATA_EMPTY, CORE_DATA_NOT_BUILT, and those of the source that holds it.
 */
export async function openTraceSynthetic(
  args: TraceSyntheticArgs,
  dependencies: DataSourceDependencies,
): Promise<DataSource> {
  if (args.conversation_id_column !== null) {
    throw new DataError("trace_synthetic cannot make conversations of several lines yet in this version.", {
      code: "CORE_DATA_NOT_BUILT",
      hint: "Leave conversation_id_column out: each line is a request of its own.",
    });
  }
  const source = await openSource(args, dependencies);
  const lines = placeLines(readLines(source, args), args);
  const writer = new PromptWriter(await dependencies.tokenizer());
  const seed = `${dependencies.seed}/${dependencies.sourceIndex}`;
  return {
    name: `trace_synthetic[${dependencies.sourceIndex}]`,
    columns: [CONVERSATION_COLUMN],
    rowCount: lines.length,
    row: (index, epoch) => {
      const line = lines[index];
      if (line === undefined) return {};
      if ("problem" in line) throw badRow(line.problem);
      return toRow(line, writer.write(line.promptTokens, "", seededRandom(seed, "trace", epoch, index)));
    },
  };
}

async function openSource(args: TraceSyntheticArgs, dependencies: DataSourceDependencies): Promise<DataSource> {
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

function readLines(source: DataSource, args: TraceSyntheticArgs): readonly PlacedLine[] {
  const needed = [args.timestamp_column, args.prompt_tokens_column, args.output_tokens_column];
  const missing = needed.filter((name) => !source.columns.includes(name));
  if (missing.length > 0) {
    throw new DataError(`The trace in ${source.name} has no column ${missing.join(", ")}.`, {
      code: "CORE_DATA_NO_COLUMNS",
      hint: `It has ${source.columns.join(", ")}; name them with timestamp_column, prompt_tokens_column and output_tokens_column.`,
    });
  }
  return Array.from({ length: source.rowCount ?? 0 }, (_, index) => readLine(source.row(index, 0), index, args));
}

function readLine(row: DataRow, index: number, args: TraceSyntheticArgs): PlacedLine {
  const cell = (column: string): unknown => {
    if (isEmptyCell(row[column])) throw badRow(`${column} is empty`);
    return row[column];
  };
  try {
    return {
      timestamp: readSeconds(cell(args.timestamp_column), args.timestamp_column) ?? 0,
      promptTokens: readCount(cell(args.prompt_tokens_column), args.prompt_tokens_column),
      outputTokens: readCount(cell(args.output_tokens_column), args.output_tokens_column),
      duration: readSeconds(row[args.duration_column], args.duration_column),
    };
  } catch (error) {
    if (!DataError.isInstance(error)) throw error;
    return { problem: `line ${index + 1} of the trace: ${error.message}` };
  }
}

/** Lines by time, all copies after each other, then what cannot be placed. */
function placeLines(read: readonly PlacedLine[], args: TraceSyntheticArgs): readonly PlacedLine[] {
  const lines = read
    .filter((line): line is TraceLine => !("problem" in line))
    .sort((left, right) => left.timestamp - right.timestamp);
  const start = lines[0]?.timestamp ?? 0;
  const timing = new SessionTiming({
    maxWait: args.max_wait,
    maxSessionWait: args.max_session_wait,
    minConcurrentSessions: args.min_concurrent_sessions,
    timeScale: args.time_scale,
  });
  const placed: PlacedLine[] = [];
  for (let copy = 0; copy < args.copies; copy += 1) {
    const offset = copy === 0 ? 0 : timing.beginCopy(args.copy_offset);
    for (const line of lines) {
      const [turn] = timing.place([{ timestamp: line.timestamp - start, duration: line.duration }], offset);
      placed.push({ ...line, ...turn });
    }
  }
  return [...placed, ...read.filter((line) => "problem" in line)];
}

function toRow(line: TraceLine, prompt: { readonly text: string; readonly tokenCount: number }): DataRow {
  const columns = {
    text_column: [prompt.text],
    prompt_tokens_count_column: [prompt.tokenCount],
    output_tokens_count_column: [line.outputTokens],
  };
  const settings = { relative_timestamp: line.timestamp, requeue_delay: null, trace_duration: line.duration };
  return {
    [CONVERSATION_COLUMN]: { turns: [{ node_id: "main_0", agent_id: "default", parents: [], columns, settings }] },
  };
}
