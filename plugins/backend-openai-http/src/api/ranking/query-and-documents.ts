import type { GenerationRequest } from "@core/backend";
import { refuseEmpty, textsOf } from "../request-columns.js";

/** What is ranked against what. */
export interface QueryAndDocuments {
  readonly query: string;
  /** At least one. */
  readonly documents: readonly string[];
}

const COLUMNS = ["query_column and documents_column", "prefix_column and text_column", "text_column (query first)"];

/**
 * Query and documents of a request. Data without columns of these names uses what it has: a prefix is the query and texts
 * are the documents; without a prefix the first text is the query.
 *
 * @param field - The field that would be empty, for the message.
 * @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST without either.
 */
export function queryAndDocuments(request: GenerationRequest, field: string): QueryAndDocuments {
  const texts = textsOf(request, "text_column");
  const own = (request.columns["documents_column"] ?? []).flat().filter(isText);
  const queries = [...textsOf(request, "query_column"), ...textsOf(request, "prefix_column")];
  const query = queries[0] ?? texts[0];
  const documents = own.length > 0 ? own : queries.length > 0 ? texts : texts.slice(1);
  if (query === undefined || documents.length === 0) refuseEmpty(request, field, COLUMNS);
  return { query, documents };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
