import type { EndpointCall } from "./endpoint.js";
import { GenerationReply } from "./generation-reply.js";
import { type GenerationForm, readGenerationRequest } from "./generation-request.js";
import { readBody } from "./read-body.js";

/** Answers a request for text with the tokens of its plan. */
export async function answerGeneration(form: GenerationForm, call: EndpointCall): Promise<void> {
  const { scope, path, arrivalNs } = call;
  const ordinal = scope.takeOrdinal();
  const body = await readBody(call.request);
  const request = readGenerationRequest(form, body, scope.options.model);
  new GenerationReply(scope, { form, path, ordinal, arrivalNs, request }, call.response).begin();
}
