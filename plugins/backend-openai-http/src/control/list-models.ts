import { BackendError, isMapping } from "@core/backend";
import { parseJsonObject } from "../api/json-object.js";
import type { ControlClient, ControlFailure, ControlReply } from "./control-client.js";

/** A model that the server lists. */
export interface ListedModel {
  readonly id: string;
  /** Field `owned_by`; empty when there is none. */
  readonly owner: string;
}

/**
 * Models that the server lists.
 *
 * @throws {BackendError} CORE_BACKEND_UNREACHABLE when there is no reply, no status 2xx, or no list.
 */
export async function listModels(client: ControlClient, url: URL): Promise<readonly ListedModel[]> {
  const reply = await client.get(url);
  const models = modelsIn(reply);
  if (models !== null) return models;
  throw new BackendError(`The list of models cannot be read: ${describeReply("GET", url, reply)}.`, {
    code: "CORE_BACKEND_UNREACHABLE",
    hint: adviceFor(reply, "Name the model with model=…, or set api_routes./v1/models."),
  });
}

/** Models in a reply; null when it is none or has no list. */
export function modelsIn(reply: ControlReply | ControlFailure): readonly ListedModel[] | null {
  if (!isSuccess(reply)) return null;
  const data = parseJsonObject(reply.body)?.["data"];
  if (!Array.isArray(data)) return null;
  return (data as readonly unknown[]).flatMap((entry) => {
    if (!isMapping(entry) || typeof entry["id"] !== "string" || entry["id"] === "") return [];
    return [{ id: entry["id"], owner: typeof entry["owned_by"] === "string" ? entry["owned_by"] : "" }];
  });
}

/** Tells whether a reply has a status of 200 to 299. */
export function isSuccess(reply: ControlReply | ControlFailure): reply is ControlReply {
  return "status" in reply && reply.status >= 200 && reply.status < 300;
}

/** Tells whether a reply refuses the key, or the lack of one. */
export function isRefusal(reply: ControlReply | ControlFailure): boolean {
  return "status" in reply && (reply.status === 401 || reply.status === 403);
}

/** One line about a reply, with the beginning of its body. */
export function describeReply(method: string, url: URL, reply: ControlReply | ControlFailure): string {
  const where = `${method} ${url.origin}${url.pathname}`; // no query: it may hold a key
  if ("failure" in reply) return `${where} failed: ${reply.failure}`;
  const body = reply.body.trim().replace(/\s+/g, " ").slice(0, 200);
  return `${where} answered with status ${reply.status}${body === "" ? "" : ` (${body})`}`;
}

/** What to change, by what came back. */
export function adviceFor(reply: ControlReply | ControlFailure, otherwise: string): string {
  if ("failure" in reply) return "Check that the server runs and that target has the right host and port.";
  if (isRefusal(reply)) return "Give a key with api_key, or a header with extras.headers.";
  if (reply.status === 404 || reply.status === 405) return `Check the path in target. ${otherwise}`;
  return otherwise;
}
