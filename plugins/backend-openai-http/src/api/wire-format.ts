import type { GenerationRequest, HistoryTurn } from "@core/backend";
import type { JsonObject } from "./json-object.js";
import type { ResponseReader } from "./response-reader.js";

/** What a body is built from, besides the request. */
export interface BodyInput {
  readonly model: string;
  readonly stream: boolean;
  /** Output limit for requests without a length of their own. */
  readonly maxTokens: number | null;
  /** `extras.body`. */
  readonly extraBody: JsonObject;
  /** `extras.content`. */
  readonly extraContent: JsonObject;
  readonly multiturnReasoning: boolean | string;
}

/** One request format: how its bodies are built and its responses are read. */
export interface WireFormat {
  /**
   * The JSON body, null values still in it.
   *
   * @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST when the request has nothing to send.
   */
  buildBody(request: GenerationRequest, history: readonly HistoryTurn[] | null, input: BodyInput): JsonObject;
  /** A reader for one response. */
  createReader(): ResponseReader;
  /** Events of a stream as servers send it, to rehearse its reading. */
  sampleEvents(): readonly string[];
}
