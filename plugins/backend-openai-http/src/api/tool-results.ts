import type { GenerationRequest, GenerationResponse, ToolCall } from "@core/backend";

/** Stands in for the result of a tool when the data gives none. */
const SYNTHETIC_TOOL_RESPONSE = '{"status": "ok"}';

/** What a tool call of the model gave. */
export interface ToolResult {
  readonly call: ToolCall;
  readonly output: string;
}

/** Results for the calls of the response before, by position; results that no call asked for are left out. */
export function toolResults(request: GenerationRequest, previous: GenerationResponse | null): readonly ToolResult[] {
  const results = request.columns["tool_response_column"] ?? [];
  return (previous?.toolCalls ?? []).map((call, index) => ({ call, output: toText(results[index]) }));
}

function toText(value: unknown): string {
  if (typeof value === "string") return value;
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8");
  if (value === null || value === undefined) return SYNTHETIC_TOOL_RESPONSE;
  return JSON.stringify(value);
}
