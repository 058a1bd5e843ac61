import { BackendError, type GenerationRequest, isMapping } from "@core/backend";
import { parseJsonList } from "../json-object.js";

/** Fields that would keep a model from calling a tool, or from ending its call. */
const LIMITS_DROPPED = ["ignore_eos", "stop", "max_completion_tokens"] as const;

/**
 * Applies what a turn says about tools to a chat body: tools of the data, whether one must be called, and no forced
 * length where one is to be called.
 *
 * @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST for tools that are no list, an empty list or an unknown choice.
 */
export function applyToolRules(body: Record<string, unknown>, request: GenerationRequest): void {
  const tools = toolsOf(request);
  if (tools !== null) {
    body["tools"] = tools.map(toChatTool);
    body["tool_choice"] ??= toolChoiceOf(request);
  }
  if (body["tools"] === undefined || body["tools"] === null) {
    delete body["tool_choice"];
    return;
  }
  const mayCallTools =
    request.turnType === "client_tool_call" || (request.turnType === "tool_response_injection" && tools !== null);
  if (mayCallTools) {
    for (const field of LIMITS_DROPPED) delete body[field];
  } else if (request.turnType !== "server_tool_call") {
    body["tool_choice"] = "none";
  }
}

function toolsOf(request: GenerationRequest): readonly unknown[] | null {
  const cell = request.columns["tools_column"]?.[0];
  if (cell === undefined || cell === null) return null;
  const tools = ArrayBuffer.isView(cell)
    ? parseJsonList(Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength).toString("utf8"))
    : typeof cell === "string"
      ? parseJsonList(cell)
      : cell;
  if (!Array.isArray(tools) || tools.length === 0) return refuse("tools_column must hold a list of at least one tool");
  return tools;
}

function toolChoiceOf(request: GenerationRequest): string {
  const choice = request.columns["tool_choice_column"]?.[0] ?? "required";
  if (choice === "required" || choice === "auto") return choice;
  return refuse('tool_choice_column must hold "required" or "auto"');
}

/** A tool in the shape of the responses API has its fields at the top; chat wants them under `function`. */
function toChatTool(tool: unknown): unknown {
  if (!isMapping(tool) || isMapping(tool["function"])) return tool;
  const definition: Record<string, unknown> = {};
  for (const field of ["name", "description", "parameters", "strict"]) {
    if (tool[field] !== undefined) definition[field] = tool[field];
  }
  return { type: "function", function: definition };
}

function refuse(problem: string): never {
  throw new BackendError(`The request cannot be sent: ${problem}.`, { code: "CORE_BACKEND_UNUSABLE_REQUEST" });
}
