import { isMapping, show } from "@core/registry";
import { badRow } from "../finalizer/read-cells.js";
import type { DataRow } from "../source/data-source.js";

/** A message of a chat as servers take it. */
export interface ChatMessage {
  readonly role: string;
  readonly content: unknown;
  readonly tool_calls?: readonly ChatToolCall[];
  readonly tool_call_id?: string;
  readonly name?: string;
}

/** A call of a function as servers take it. */
export interface ChatToolCall {
  readonly id: string | null;
  readonly type: "function";
  readonly function: { readonly name: string; readonly arguments: string };
}

/**
 * Messages of an attribute: a list, or JSON text of one; null where there is none.
 *
 * @throws {DataError} CORE_DATA_BAD_ROW.
 */
export function readMessages(given: unknown, name: string): readonly ChatMessage[] | null {
  const list = readList(given, name);
  return (
    list?.flatMap((message) => {
      if (!isMapping(message)) throw badRow(`${name} must hold mappings, got ${show(message)}`);
      return Array.isArray(message["parts"]) ? fromParts(message, message["parts"]) : [fromPlain(message)];
    }) ?? null
  );
}

/** A list, or JSON text of one; null where there is none. @throws {DataError} CORE_DATA_BAD_ROW. */
export function readList(given: unknown, name: string): readonly unknown[] | null {
  if (given === undefined || given === null || given === "") return null;
  const value = typeof given === "string" ? parsed(given, name) : given;
  if (Array.isArray(value)) return value;
  throw badRow(`${name} must be a list or JSON text of one, got ${show(given)}`);
}

/** Text of a message or a result; what is no text as JSON. */
export function contentText(content: unknown): string {
  return typeof content === "string" ? content : JSON.stringify(content ?? null);
}

/** Text and calls become one message, each result of a tool one of its own; other parts are left out. */
function fromParts(message: DataRow, given: readonly unknown[]): readonly ChatMessage[] {
  const parts = given.filter(isMapping);
  const texts = parts.filter(({ type }) => type === "text").map(({ content, text }) => contentText(content ?? text));
  const calls = parts.filter(({ type }) => type === "tool_call").map(toCall);
  const results = parts
    .filter(({ type }) => type === "tool_call_response")
    .map(({ id, result, response, content }) => toResult(id, contentText(result ?? response ?? content)));
  if (texts.length === 0 && calls.length === 0) return results;
  const role = typeof message["role"] === "string" ? message["role"] : calls.length > 0 ? "assistant" : "user";
  const content = texts.length === 0 ? null : texts.join("");
  return [{ role, content, ...(calls.length === 0 ? {} : { tool_calls: calls }) }, ...results];
}

function fromPlain(message: DataRow): ChatMessage {
  const role = typeof message["role"] === "string" ? message["role"] : "user";
  const content = message["content"] ?? message["result"] ?? null;
  if (role === "tool") {
    const result = toResult(message["tool_call_id"] ?? message["id"], contentText(content));
    return typeof message["name"] === "string" ? { ...result, name: message["name"] } : result;
  }
  const calls = Array.isArray(message["tool_calls"]) ? message["tool_calls"].filter(isMapping).map(toCall) : [];
  return { role, content, ...(calls.length === 0 ? {} : { tool_calls: calls }) };
}

function toCall(call: DataRow): ChatToolCall {
  const definition = isMapping(call["function"]) ? call["function"] : call;
  return {
    id: typeof call["id"] === "string" ? call["id"] : null,
    type: "function",
    function: { name: String(definition["name"] ?? ""), arguments: contentText(definition["arguments"] ?? {}) },
  };
}

function toResult(id: unknown, content: string): ChatMessage {
  return { role: "tool", content, ...(typeof id === "string" ? { tool_call_id: id } : {}) };
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badRow(`${name} is not JSON: ${(cause as Error).message}`);
  }
}
