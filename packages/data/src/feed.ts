// What a request worker needs of this package: without the sources, columns and tokenizers, which only the data thread uses.
export { GraphFeed } from "./worker/graph-feed.js";
