import { createTokenizer, type Tokenizer } from "@core/tokenizer";
import { DataError } from "./errors.js";
import { ClassNames, classOf } from "./finalizer/class-names.js";
import type { ConversationGraph } from "./graph.js";
import { shuffledIndices } from "./loader/shuffle.js";
import type { ColumnMapper } from "./mapper/column-mapper.js";
import {
  columnMappers,
  type DataFinalizer,
  type DataPreprocessor,
  finalizers,
  type LoaderSettings,
  loaders,
  preprocessors,
  seeds,
} from "./pipeline-registries.js";
import type { DataSource } from "./source/data-source.js";
import { dataSources } from "./source/data-sources.js";

/** Classes that the cells of a finite source name. */
function* cellClasses(source: DataSource, columns: readonly string[]): Generator<string> {
  for (let index = 0; index < (source.rowCount ?? 0); index += 1) {
    const row = source.row(index, 0);
    for (const column of columns) {
      const name = classOf(row[column]);
      if (name !== null) yield name;
    }
  }
}

/** Args of a part; validated by its registry. */
interface KindArgs {
  readonly kind: string;
}

/** Everything that decides which conversations there are. */
export interface DataPlan {
  readonly data: readonly KindArgs[];
  readonly data_column_mapper: KindArgs;
  readonly data_preprocessors: readonly KindArgs[];
  readonly data_finalizer: KindArgs;
  readonly data_loader: KindArgs;
  readonly tokenizer: KindArgs;
  readonly seed: KindArgs;
}

/** Bad rows in a row after which the data is judged unusable. */
const MOST_BAD_ROWS = 100;

/** A conversation and its number. */
export interface NumberedGraph {
  readonly index: number;
  readonly graph: ConversationGraph;
}

/** Opened sources with their mapping, ready to produce conversations. Runs in whatever thread it is made in. */
export class DataPipeline {
  readonly #sources: readonly DataSource[];
  readonly #mapper: ColumnMapper;
  readonly #preprocessors: readonly DataPreprocessor[];
  readonly #finalizer: DataFinalizer;
  readonly #loader: LoaderSettings;
  readonly #seed: number;
  readonly #classes = new ClassNames();
  #skippedRows = 0;

  private constructor(sources: readonly DataSource[], preprocessing: readonly DataPreprocessor[], plan: DataPlan) {
    this.#sources = sources;
    this.#mapper = columnMappers.create(plan.data_column_mapper, undefined)(sources);
    this.#preprocessors = preprocessing;
    this.#finalizer = finalizers.create(plan.data_finalizer, { classes: this.#classes });
    this.#loader = loaders.create(plan.data_loader, undefined);
    this.#seed = seeds.create(plan.seed, undefined);
    this.#assertSamples();
  }

  /** Opens all sources. @throws {DataError} or {TokenizerError} when one cannot be opened or holds nothing. */
  static async create(plan: DataPlan): Promise<DataPipeline> {
    const seed = seeds.create(plan.seed, undefined);
    let tokenizer: Promise<Tokenizer> | null = null;
    const load = (): Promise<Tokenizer> => {
      tokenizer ??= createTokenizer(plan.tokenizer);
      return tokenizer;
    };
    const sources = await Promise.all(
      plan.data.map((args, sourceIndex) => dataSources.create(args, { sourceIndex, seed, tokenizer: load })),
    );
    for (const source of sources) {
      if (source.rowCount !== 0) continue;
      throw new DataError(`The data source ${source.name} holds no rows.`, {
        code: "CORE_DATA_EMPTY",
        hint: "Give data with at least one row.",
      });
    }
    const preprocessing = await Promise.all(
      plan.data_preprocessors.map((args) => preprocessors.create(args, undefined)),
    );
    return new DataPipeline(sources, preprocessing, plan);
  }

  /** Rows that could not be used so far, in all epochs. */
  get skippedRows(): number {
    return this.#skippedRows;
  }

  /** Most conversations made ahead for each request worker. */
  get prefetch(): number {
    return this.#loader.prefetch;
  }

  /** Most conversations of one pass; null when there is no end to them. */
  get mostConversations(): number | null {
    return this.#loader.samples ?? this.#rowCount();
  }

  /** Names of the classes of traffic met so far; conversations hold their positions. */
  get classNames(): readonly string[] {
    return this.#classes.list();
  }

  /** All classes of traffic that there can be; null where only the conversations will tell. */
  knownClasses(): readonly string[] | null {
    const known = new Set<string>();
    for (const [at, source] of this.#sources.entries()) {
      const columns = this.#mapper.columnsOf(at, "class_column");
      const isPacked = this.#mapper.columnsOf(at, "conversation_turns_column").length > 0;
      if ((isPacked && source.classes === undefined) || (columns.length > 0 && source.rowCount === null)) return null;
      for (const name of isPacked ? (source.classes ?? []) : []) known.add(name);
      for (const name of columns.length > 0 ? cellClasses(source, columns) : []) known.add(name);
    }
    return [...known];
  }

  /**
   * Conversations of one pass over the data, numbered from 0 without gaps. With `samples` every epoch is the first.
   *
   * @throws {DataError} CORE_DATA_TOO_MANY_BAD_ROWS, CORE_DATA_EMPTY, CORE_DATA_NOT_BUILT.
   */
  *open(epoch: number): Generator<NumberedGraph, void, undefined> {
    const pass = this.#loader.samples === null ? epoch : 0;
    const count = this.#rowCount();
    const order = this.#loader.shuffle && count !== null ? shuffledIndices(count, this.#seed, pass) : null;
    const most = this.#loader.samples ?? Number.POSITIVE_INFINITY;
    let index = 0;
    let badInARow = 0;
    let lastError: unknown;
    for (let row = 0; (count === null || row < count) && index < most; row += 1) {
      let graph: ConversationGraph | null = null;
      try {
        graph = this.#conversation(order?.[row] ?? row, pass);
        badInARow = 0;
      } catch (error) {
        if (!(DataError.isInstance(error) && error.code === "CORE_DATA_BAD_ROW")) throw error;
        lastError = error;
        this.#skippedRows += 1;
        badInARow += 1;
        if (badInARow >= MOST_BAD_ROWS) throw this.#tooManyBadRows(lastError);
      }
      if (graph !== null) yield { index: index++, graph };
      else if (badInARow === 0) this.#skippedRows += 1;
    }
    if (index === 0) throw this.#nothing(lastError);
  }

  #conversation(row: number, epoch: number): ConversationGraph | null {
    let turns = this.#mapper.map(this.#sources.map((source) => source.row(row, epoch)));
    for (const preprocess of this.#preprocessors) turns = preprocess(turns);
    return this.#finalizer(turns, `${epoch}-${row}`);
  }

  /** Rows that every source has; null when all are endless. */
  #rowCount(): number | null {
    const counts = this.#sources.map((source) => source.rowCount).filter((count) => count !== null);
    return counts.length === 0 ? null : Math.min(...counts);
  }

  #assertSamples(): void {
    const count = this.#rowCount();
    const { samples } = this.#loader;
    if (samples === null || count === null || samples <= count) return;
    throw new DataError(`The loader asks for ${samples} samples and the data holds ${count} rows.`, {
      code: "CORE_DATA_TOO_FEW",
      hint: `Give samples=${count} or fewer.`,
    });
  }

  #tooManyBadRows(cause: unknown): DataError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new DataError(`${MOST_BAD_ROWS} rows one after another could not be used; the last one: ${reason}`, {
      code: "CORE_DATA_TOO_MANY_BAD_ROWS",
      hint: "Check the columns and their mapping.",
      cause,
    });
  }

  #nothing(cause: unknown): DataError {
    const reason = cause instanceof Error ? `; the last bad row: ${cause.message}` : "";
    return new DataError(`The data gave no request${reason}.`, {
      code: "CORE_DATA_EMPTY",
      hint: "Check the columns and their mapping.",
      cause,
    });
  }
}
