import { BackendError, type GenerationRequest, isMapping } from "@core/backend";
import type { JsonObject } from "./json-object.js";
import { parseJsonList } from "./json-object.js";

/** How a format writes tools. */
export interface ToolDialect {
  /** A tool in the shape of the format; one that has it already stays as it is. */
  readonly toTool: (tool: JsonObject) => unknown;
  /** The field `tool_choice` for a choice. */
  readonly toChoice: (choice: "required" | "auto" | "none") => unknown;
  /** Fields that would keep a model from calling a tool, or from ending its call. */
  readonly limits: readonly string[];
}

/**
 * Applies what a turn says about tools to a body: tools of the data, whether one must be called, and no forced length
 * where one is to be called.
 *
 * @throws {BackendError} CORE_BACKEND_UNUSABLE_REQUEST for tools that are no list, an empty list or an unknown choice.
 */
export function applyToolRules(body: Record<string, unknown>, request: GenerationRequest, dialect: ToolDialect): void {
  const tools = toolsOf(request);
  if (tools !== null) {
    body["tools"] = tools.map((tool) => (isMapping(tool) ? dialect.toTool(tool) : tool));
    body["tool_choice"] ??= dialect.toChoice(toolChoiceOf(request));
  }
  if (body["tools"] === undefined || body["tools"] === null) {
    delete body["tool_choice"];
    return;
  }
  if (mayCallTools(request)) {
    for (const field of dialect.limits) delete body[field];
  } else if (request.turnType !== "server_tool_call") {
    body["tool_choice"] = dialect.toChoice("none");
  }
}

/** Whether a turn lets the model ask the client for tools. */
export function mayCallTools({ turnType, columns }: GenerationRequest): boolean {
  if (turnType === "client_tool_call") return true;
  return turnType === "tool_response_injection" && (columns["tools_column"]?.[0] ?? null) !== null;
}

/** Fields of a definition of a function, in the order in which they are written. */
const DEFINITION_FIELDS = ["name", "description", "parameters", "strict"] as const;

/** What a tool says about its function, wherever its fields are: at the top or under `function`. */
export function toolDefinition(tool: JsonObject): JsonObject {
  const source = isMapping(tool["function"]) ? tool["function"] : tool;
  const definition: Record<string, unknown> = {};
  for (const field of DEFINITION_FIELDS) {
    if (source[field] !== undefined) definition[field] = source[field];
  }
  return definition;
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

function toolChoiceOf(request: GenerationRequest): "required" | "auto" {
  const choice = request.columns["tool_choice_column"]?.[0] ?? "required";
  if (choice === "required" || choice === "auto") return choice;
  return refuse('tool_choice_column must hold "required" or "auto"');
}

function refuse(problem: string): never {
  throw new BackendError(`The request cannot be sent: ${problem}.`, { code: "CORE_BACKEND_UNUSABLE_REQUEST" });
}
