/** The module that the data thread runs. Stands at the top, since bundling moves modules and keeps the name of this one. */
export const WORKER_ENTRY: URL = new URL("./worker.js", import.meta.url);
