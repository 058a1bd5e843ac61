import type { EndpointCall } from "./endpoint.js";
import { chooseFailure } from "./failures/choose-failure.js";
import { FORMS, type JsonForm } from "./forms.js";
import { GenerationReply, replyId } from "./generation-reply.js";
import { type GenerationRequest, parseJson } from "./generation-request.js";
import { readBody } from "./read-body.js";
import { RequestRefusal } from "./request-refusal.js";
import type { ResponseStore } from "./response-store.js";

/** Answers a request for text with the tokens of its plan. */
export async function answerGeneration(form: JsonForm, call: EndpointCall): Promise<void> {
  const { scope, path, arrivalNs } = call;
  const ordinal = scope.takeOrdinal();
  const failure = chooseFailure(scope.options, ordinal, call.request.headers);
  const body = await readBody(call.request);
  refuseAfterLimit(scope.options.fail_after_requests, ordinal);
  const read = FORMS[form].read(parseJson(body), scope.options);
  const request = goOn(read, scope.responses);
  const id = `${FORMS[form].idPrefix}${replyId(scope.options.seed, ordinal)}`;
  const accepted = { form, frames: FORMS[form].frames, path, ordinal, arrivalNs, request, id, failure };
  const reply = new GenerationReply(scope, accepted, call.response);
  if (request.isStored) scope.responses.keep(id, request.promptTokens + reply.outputTokens);
  reply.begin();
}

function refuseAfterLimit(limit: number | null, ordinal: number): void {
  if (limit === null || ordinal < limit) return;
  const message = `This server answers ${limit} requests and then fails.`;
  throw new RequestRefusal(500, message, { type: "server_error", code: "fail_after_requests" });
}

/** The request with the conversation that it goes on with. @throws {RequestRefusal} 404 when that is not known. */
function goOn(request: GenerationRequest, responses: ResponseStore): GenerationRequest {
  if (request.previousResponseId === null) return request;
  const before = responses.tokensOf(request.previousResponseId);
  if (before !== null) return { ...request, promptTokens: request.promptTokens + before };
  throw new RequestRefusal(404, `Response with id '${request.previousResponseId.slice(0, 100)}' not found.`, {
    param: "previous_response_id",
    code: "response_not_found",
  });
}
