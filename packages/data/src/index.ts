import "./register.js";

export { DATA_ERRORS, DataError, type DataErrorCode } from "./errors.js";
export type { ConversationEdge, ConversationGraph, ConversationNode, NodeSettings } from "./graph.js";
export { DataPipeline, type DataPlan, type NumberedGraph } from "./pipeline.js";
export {
  columnMappers,
  finalizers,
  type LoaderSettings,
  loaders,
  preprocessors,
  seeds,
} from "./pipeline-registries.js";
export type { DataRow, DataSource, DataSourceDependencies } from "./source/data-source.js";
export { dataSources } from "./source/data-sources.js";
export { DataWorker } from "./worker/data-worker.js";
export { GraphFeed } from "./worker/graph-feed.js";
export type { Distribution, EpochReport } from "./worker/messages.js";
export { compilersYieldToLoad, yieldToLoad } from "./worker/thread-priority.js";
