import type { PartialEvent, TurnType } from "@core/backend";
import type { ResponseReader } from "../api/response-reader.js";
import type { OpenAIHttpArgs } from "../args/openai-http-args.js";

/**
 * Judges a complete response: one without text, tool call and counted tokens is unusable; one without the tool call that
 * its turn asks for ends as configured. Null accepts it.
 */
export function judgeResponse(
  reader: ResponseReader,
  turnType: TurnType,
  whenToolCallMissing: OpenAIHttpArgs["tool_call_missing_behavior"],
): Pick<PartialEvent, "reason" | "failure"> | null {
  if (!reader.isUsable) {
    const failure = {
      code: "OPENAI_HTTP_UNUSABLE",
      message: `The response holds ${reader.shortfall ?? "no text, no tool call and no output tokens"}`,
      phase: "validate",
    } as const;
    return { reason: "errored", failure };
  }
  if (turnType !== "client_tool_call" || whenToolCallMissing === "ignore_continue") return null;
  if (reader.parts().toolCalls !== null) return null;
  const failure = {
    code: "OPENAI_HTTP_TOOL_CALL_MISSING",
    message: "The response holds no tool call, although the turn asks for one",
    phase: "validate",
  } as const;
  return { reason: whenToolCallMissing === "error_stop" ? "errored" : "cancelled", failure };
}
