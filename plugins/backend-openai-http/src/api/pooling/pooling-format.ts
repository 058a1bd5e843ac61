import { type GenerationRequest, type HistoryTurn, isMapping } from "@core/backend";
import { countInputs, textInput } from "../embeddings/text-input.js";
import type { JsonObject } from "../json-object.js";
import { ListReader } from "../list-reader.js";
import { mergeJson } from "../merge-json.js";
import { refuseEmpty, textsOf } from "../request-columns.js";
import type { BodyInput, WireFormat } from "../wire-format.js";

/** Fields of an item of `pooling_column` that are sent. */
const SENT_FIELDS = ["data", "priority"] as const;

/**
 * `/pooling` of vLLM: what the first item of `pooling_column` says for models that read other things than text, else
 * `input` as embeddings have it. The answer to the former is an object of the model's own.
 */
export const POOLING_FORMAT: WireFormat = {
  neverStreams: true,
  buildBody: buildPoolingBody,
  createReader: ({ input }) => new PoolingReader(input === undefined ? null : countInputs(input)),
  sampleEvents: () => [JSON.stringify({ id: "pool-rehearsal", data: [{ index: 0, object: "pooling", data: [0, 1] }] })],
};

/** Reads `data`, which may be one object in place of a list. */
class PoolingReader extends ListReader {
  constructor(count: number | null) {
    super({ field: "data", items: "pooled outputs", count });
  }

  override readBody(payload: JsonObject): void {
    const { data } = payload;
    const isOne = isMapping(data) || (typeof data === "string" && data !== "");
    super.readBody(isOne ? { ...payload, data: [data] } : payload);
  }
}

function buildPoolingBody(
  request: GenerationRequest,
  _history: readonly HistoryTurn[] | null,
  { model, extraBody }: BodyInput,
): JsonObject {
  const [item] = request.columns["pooling_column"] ?? [];
  const input = item === undefined ? textInput(textsOf(request, "text_column")) : {};
  const body = mergeJson({ model, ...input }, extraBody);
  if (isMapping(item)) {
    for (const field of SENT_FIELDS) if (item[field] !== undefined) body[field] = item[field];
  }
  if (isAbsent(body["data"]) && isAbsent(body["input"]))
    refuseEmpty(request, "data", ["pooling_column", "text_column"]);
  return body;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}
