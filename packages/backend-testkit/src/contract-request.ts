import { type GenerationRequest, measureText, UNKNOWN_USAGE } from "@core/backend";

/** What a case asks for. */
export interface ContractRequestOptions {
  readonly text?: string;
  /** Requested number of output tokens; null lets the other side decide. */
  readonly outputTokens?: number | null;
}

let nextRequest = 0;

/** A text request, frozen to its depths: a backend that changes what it is given fails. */
export function createContractRequest(options: ContractRequestOptions = {}): GenerationRequest {
  const { text = "one two three four five six", outputTokens = null } = options;
  nextRequest += 1;
  return Object.freeze({
    requestId: `contract-${nextRequest}`,
    columns: Object.freeze({ text_column: Object.freeze([text]) }),
    turnType: "standard",
    inputMetrics: Object.freeze({ ...UNKNOWN_USAGE, ...measureText(text) }),
    outputMetrics: Object.freeze({ ...UNKNOWN_USAGE, text_tokens: outputTokens }),
  });
}
