import type { EndpointCall } from "../endpoint.js";
import { ownPace } from "../engine/reply-pace.js";
import { chooseFailure } from "../failures/choose-failure.js";
import { failBeforeHeaders } from "../failures/fail-before-headers.js";
import { replyId } from "../generation-reply.js";
import { parseJson } from "../generation-request.js";
import type { MockServerOptions } from "../mock-server-options.js";
import { readBody } from "../read-body.js";
import { planReply } from "../reply-plan.js";
import { RequestRecord } from "../request-record.js";
import { sendWhole } from "../whole-reply.js";

/** A request that is answered from one pass over its input: no tokens are made. */
export interface PooledRequest {
  readonly promptTokens: number;
  /** The reply, made when it is due. */
  readonly reply: (id: string) => object;
}

/** Reads the JSON of a body. @throws {RequestRefusal}. */
export type ReadPooled = (input: unknown, options: MockServerOptions) => PooledRequest;

/**
 * Answers one pass after the time to the first token; failures as in requests for text.
 *
 * @param idPrefix - Beginning of the reply's identifier.
 */
export async function answerPooled(call: EndpointCall, idPrefix: string, read: ReadPooled): Promise<void> {
  const { scope, path, arrivalNs, response } = call;
  const ordinal = scope.takeOrdinal(arrivalNs);
  const incident = scope.incidents.failureAt(arrivalNs);
  const failure = chooseFailure(scope.options, ordinal, { headers: call.request.headers, incident });
  const { promptTokens, reply } = read(parseJson(await readBody(call.request)), scope.options);
  const plan = planReply(scope.options, ordinal, { maxTokens: 1, minTokens: 0, ignoreEos: true });
  const record = new RequestRecord(scope, { path, ordinal, arrivalNs, promptTokens, cachedTokens: null, failure });
  response.once("close", () => record.end("client_left", "abort"));
  const delayNs = failBeforeHeaders(failure, record, response);
  if (delayNs === null) return;
  const prefillNs = promptTokens * scope.options.prefill_ms_per_token * 1e6;
  record.admit(false, () => {
    const pace = ownPace(record, plan, delayNs + prefillNs);
    sendWhole({
      ...{ response, record, failure },
      whenDue: (laterNs, write) => pace.whenDue(0, laterNs, write),
      body: () => JSON.stringify(reply(`${idPrefix}${replyId(scope.options.seed, ordinal)}`)),
      written: () => record.end("completed", "stop"),
    });
  });
}
