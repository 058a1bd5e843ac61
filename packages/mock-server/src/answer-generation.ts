import type { EndpointCall } from "./endpoint.js";
import { chooseFailure } from "./failures/choose-failure.js";
import { FORMS, type JsonForm } from "./forms.js";
import { GenerationReply, replyId } from "./generation-reply.js";
import { type GenerationRequest, parseJson } from "./generation-request.js";
import { readBody } from "./read-body.js";
import { RequestRefusal } from "./request-refusal.js";
import type { ResponseStore } from "./response-store.js";

/** Header of a request that says how many of its prompt tokens take no time. */
const CACHED_TOKENS_HEADER = "x-mock-cached-tokens";

/** Answers a request for text with the tokens of its plan. */
export async function answerGeneration(form: JsonForm, call: EndpointCall): Promise<void> {
  const { scope, path, arrivalNs } = call;
  const ordinal = scope.takeOrdinal(arrivalNs);
  const incident = scope.incidents.failureAt(arrivalNs);
  const failure = chooseFailure(scope.options, ordinal, { headers: call.request.headers, incident });
  const body = await readBody(call.request);
  refuseAfterLimit(scope.options.fail_after_requests, ordinal);
  const read = FORMS[form].read(parseJson(body), scope.options);
  const goingOn = goOn(read, scope.responses);
  const request = { ...goingOn, cachedTokens: cachedTokensOf(goingOn, call) };
  const id = `${FORMS[form].idPrefix}${replyId(scope.options.seed, ordinal)}`;
  const accepted = { form, frames: FORMS[form].frames, path, ordinal, arrivalNs, request, id, failure };
  const reply = new GenerationReply(scope, accepted, call.response);
  if (request.isStored) scope.responses.keep(id, reply.conversation());
  reply.begin();
}

function refuseAfterLimit(limit: number | null, ordinal: number): void {
  if (limit === null || ordinal < limit) return;
  const message = `This server answers ${limit} requests and then fails.`;
  throw new RequestRefusal(500, message, { type: "server_error", code: "fail_after_requests" });
}

/**
 * Prompt tokens that take no time: as many as the header says, else what the cache finds; null without either.
 *
 * @throws {RequestRefusal} 400 for a header that is no number.
 */
function cachedTokensOf(
  { promptPieces, promptTokens }: GenerationRequest,
  { request, scope }: EndpointCall,
): number | null {
  const told = request.headers[CACHED_TOKENS_HEADER];
  if (told === undefined) return scope.prefixCache?.find(promptPieces, promptTokens) ?? null;
  if (!/^\d{1,9}$/.test(String(told))) {
    throw new RequestRefusal(400, `${CACHED_TOKENS_HEADER}: must be a whole number of tokens.`, {
      code: "invalid_header",
    });
  }
  return Math.min(Number(told), Math.max(0, promptTokens - 1));
}

/** The request with the conversation that it goes on with. @throws {RequestRefusal} 404 when that is not known. */
function goOn(request: GenerationRequest, responses: ResponseStore): GenerationRequest {
  if (request.previousResponseId === null) return request;
  const before = responses.find(request.previousResponseId);
  if (before !== null) {
    const promptPieces = [...before.pieces, ...request.promptPieces];
    return { ...request, promptTokens: request.promptTokens + before.tokens, promptPieces };
  }
  throw new RequestRefusal(404, `Response with id '${request.previousResponseId.slice(0, 100)}' not found.`, {
    param: "previous_response_id",
    code: "response_not_found",
  });
}
