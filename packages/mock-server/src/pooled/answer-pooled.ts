import type { EndpointCall } from "../endpoint.js";
import { replyId } from "../generation-reply.js";
import { parseJson } from "../generation-request.js";
import type { MockServerOptions } from "../mock-server-options.js";
import { readBody } from "../read-body.js";
import { planReply } from "../reply-plan.js";
import { RequestRecord } from "../request-record.js";
import { RequestRefusal } from "../request-refusal.js";
import { sendJson } from "../send-json.js";

/** A request that is answered from one pass over its input: no tokens are made. */
export interface PooledRequest {
  readonly promptTokens: number;
  /** The reply, made when it is due. */
  readonly reply: (id: string) => object;
}

/** Reads the JSON of a body. @throws {RequestRefusal}. */
export type ReadPooled = (input: unknown, options: MockServerOptions) => PooledRequest;

/**
 * Answers one pass after the time to the first token; errors, cuts and hangs as in requests for text.
 *
 * @param idPrefix - Beginning of the reply's identifier.
 */
export async function answerPooled(call: EndpointCall, idPrefix: string, read: ReadPooled): Promise<void> {
  const { scope, path, arrivalNs, response } = call;
  const ordinal = scope.takeOrdinal();
  const { promptTokens, reply } = read(parseJson(await readBody(call.request)), scope.options);
  const plan = planReply(scope.options, ordinal, { maxTokens: 1, minTokens: 0, ignoreEos: true });
  const record = new RequestRecord(scope, { path, ordinal, arrivalNs, promptTokens }, response);
  if (plan.fate === "error") {
    record.end("error", "error");
    throw new RequestRefusal(500, "An error was injected.", { type: "server_error", code: "injected_error" });
  }
  if (plan.fate === "hang") return;
  record.at(plan.chunks[0]?.offsetNs ?? 0, () => {
    if (plan.fate === "cut") {
      record.end("cut", "error");
      response.destroy();
      return;
    }
    sendJson(response, 200, reply(`${idPrefix}${replyId(scope.options.seed, ordinal)}`));
    record.end("completed", "stop");
  });
}
