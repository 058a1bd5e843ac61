import { type GenerationRequest, type GenerationResponse, type HistoryTurn, UNKNOWN_USAGE } from "@core/backend";
import { SERVER_DIALECTS } from "../../src/api/server-dialect.js";
import type { BodyInput } from "../../src/api/wire-format.js";

/** Input of a body builder: model `tiny`, streaming, nothing extra. */
export function bodyInput(overrides: Partial<BodyInput> = {}): BodyInput {
  return {
    model: "tiny",
    stream: true,
    maxTokens: null,
    extraBody: {},
    extraContent: {},
    multiturnReasoning: false,
    serverHistory: false,
    dialect: SERVER_DIALECTS.vllm,
    ...overrides,
  };
}

/** An earlier turn; null for a response that never came. */
export function answered(request: GenerationRequest, response: Partial<GenerationResponse> | null): HistoryTurn {
  if (response === null) return { request, response: null };
  return {
    request,
    response: {
      requestId: request.requestId,
      responseId: null,
      requestArgs: null,
      text: "",
      reasoningText: null,
      toolCalls: null,
      finishReason: "stop",
      inputMetrics: UNKNOWN_USAGE,
      outputMetrics: UNKNOWN_USAGE,
      responseMetrics: null,
      ...response,
    },
  };
}
