import type { GenerationRequest, HistoryTurn } from "@core/backend";
import type { JsonObject } from "./json-object.js";
import type { ResponseReader } from "./response-reader.js";
import type { ServerDialect } from "./server-dialect.js";

/** A file of a form. */
export interface FormFile {
  /** Name of the field. */
  readonly field: string;
  readonly fileName: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

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
  /** The server keeps the conversation. */
  readonly serverHistory: boolean;
  readonly dialect: ServerDialect;
}

/** A request that tells whether a server serves a format. */
export interface TrialRequest {
  readonly columns: GenerationRequest["columns"];
  /** Requested length; null where there is none. */
  readonly outputTokens: number | null;
}

/** One request format: how its bodies are built and its responses are read. */
export interface WireFormat {
  /** Set when answers are never streamed: then none is asked for as a stream, whatever the configuration says. */
  readonly neverStreams?: true;
  /** Set when {@link BodyInput.extraContent} has an effect. */
  readonly usesExtraContent?: true;
  /** A request that costs next to nothing; left out where it would need data. */
  readonly trial?: TrialRequest;
  /**
   * The JSON body, null values still in it.
   *
   * @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST when the request has nothing to send.
   */
  buildBody(request: GenerationRequest, history: readonly HistoryTurn[] | null, input: BodyInput): JsonObject;
  /** Headers that every request of the format has. @param key - The API key; empty when there is none. */
  headers?(key: string): Readonly<Record<string, string>>;
  /**
   * The files of a request, which is then sent as a form: the fields of the body first, then the files.
   *
   * @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST when the request has not what is needed.
   */
  buildFiles?(request: GenerationRequest): readonly FormFile[];
  /**
   * A reader for one response.
   *
   * @param body - What was sent.
   * @param keepText - False when nobody will ask for the texts of the response: then it may count them alone. True when left out.
   */
  createReader(body: JsonObject, keepText?: boolean): ResponseReader;
  /** What servers send, to rehearse its reading: the events of a stream, or the one body of a format without streams. */
  sampleEvents(): readonly string[];
}
