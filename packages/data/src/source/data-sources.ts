import { KindRegistry } from "@core/registry";
import type { DataSource, DataSourceDependencies } from "./data-source.js";

/** The table of data kinds. */
export const dataSources: KindRegistry<Promise<DataSource>, DataSourceDependencies> = new KindRegistry({
  name: "data",
  label: "data",
  option: "--data",
});
