import { KindRegistry } from "@core/registry";
import type { ClassNames } from "./finalizer/class-names.js";
import type { ConversationGraph } from "./graph.js";
import type { ColumnMapper, MappedTurn } from "./mapper/column-mapper.js";
import type { DataSource } from "./source/data-source.js";

/** Makes a mapper for opened sources. */
export type CreateColumnMapper = (sources: readonly DataSource[]) => ColumnMapper;

/** Changes the turns of a row. */
export type DataPreprocessor = (turns: readonly MappedTurn[]) => readonly MappedTurn[];

/** Makes a conversation of the turns of a row; null when there is nothing to send. */
export type DataFinalizer = (turns: readonly MappedTurn[], graphId: string) => ConversationGraph | null;

/** What a finalizer is given. */
export interface FinalizerDependencies {
  /** Numbers the classes of traffic that the turns name. */
  readonly classes: ClassNames;
}

/** How conversations are handed out. */
export interface LoaderSettings {
  readonly samples: number | null;
  readonly shuffle: boolean;
  readonly prefetch: number;
}

/** The table of column mapper kinds. */
export const columnMappers: KindRegistry<CreateColumnMapper> = new KindRegistry({
  name: "data_column_mapper",
  label: "column mapper",
  option: "--data-column-mapper",
});

/** The table of preprocessor kinds. */
export const preprocessors: KindRegistry<Promise<DataPreprocessor>> = new KindRegistry({
  name: "data_preprocessor",
  label: "preprocessor",
  option: "--data-preprocessor",
});

/** The table of finalizer kinds. */
export const finalizers: KindRegistry<DataFinalizer, FinalizerDependencies> = new KindRegistry({
  name: "data_finalizer",
  label: "finalizer",
  option: "--data-finalizer",
});

/** The table of loader kinds. */
export const loaders: KindRegistry<LoaderSettings> = new KindRegistry({
  name: "data_loader",
  label: "loader",
  option: "--data-loader",
});

/** The table of seed kinds. */
export const seeds: KindRegistry<number> = new KindRegistry({ name: "seed", label: "seed", option: "--seed" });
