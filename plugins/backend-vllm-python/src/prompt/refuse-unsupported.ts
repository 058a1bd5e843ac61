import { BackendError, type GenerationRequest } from "@core/backend";

/** Columns with content that the engine is not given, and what they hold. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  video_column: "a video",
  raw_messages_column: "whole messages",
  tools_column: "tools",
  tool_response_column: "results of tools",
  pooling_column: "data for a pooling model",
  query_column: "a query to rank by",
  documents_column: "documents to rank",
};

/**
 * Refuses what would be left out of the prompt without a word: the figures would be those of another request.
 *
 * @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST.
 */
export function refuseUnsupported(request: GenerationRequest): void {
  for (const [column, what] of Object.entries(UNSUPPORTED)) {
    if ((request.columns[column] ?? []).some((value) => value !== null && value !== undefined && value !== "")) {
      refuse(`The request has ${what} (${column})`);
    }
  }
  if (request.turnType === "client_tool_call") refuse("The turn is to end with a call of a tool");
}

function refuse(what: string): never {
  throw new BackendError(`${what}, which this backend does not give to the engine.`, {
    code: "CORE_BACKEND_UNUSABLE_REQUEST",
    hint: "Leave it out with data_column_mapper, or serve the model with vllm serve and use kind=openai_http.",
  });
}
