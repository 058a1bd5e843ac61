import { AudioFrames, type AudioFramesOptions } from "../audio/audio-frames.js";
import { readAudioRequest } from "../audio/audio-request.js";
import type { Endpoint, EndpointCall } from "../endpoint.js";
import { chooseFailure } from "../failures/choose-failure.js";
import { GenerationReply, replyId } from "../generation-reply.js";
import { readBytes } from "../read-body.js";

/** The text of speech, streamed or whole. */
export const TRANSCRIPTIONS: Endpoint = {
  method: "POST",
  path: "/v1/audio/transcriptions",
  answer: (call) => answerAudio(call, "trsc-", "transcribe"),
};

/** The English text of speech, streamed or whole. */
export const TRANSLATIONS: Endpoint = {
  method: "POST",
  path: "/v1/audio/translations",
  answer: (call) => answerAudio(call, "trsl-", "translate"),
};

async function answerAudio(call: EndpointCall, idPrefix: string, task: AudioFramesOptions["task"]): Promise<void> {
  const { scope, path, arrivalNs } = call;
  const { seed, audio_dialect: dialect } = scope.options;
  const ordinal = scope.takeOrdinal(arrivalNs);
  const incident = scope.incidents.failureAt(arrivalNs);
  const failure = chooseFailure(scope.options, ordinal, { headers: call.request.headers, incident });
  const body = await readBytes(call.request);
  const contentType = call.request.headers["content-type"] ?? "";
  const { request, audio } = await readAudioRequest(body, contentType, scope.options);
  new GenerationReply(
    scope,
    {
      ...{ form: "audio", path, ordinal, arrivalNs, request, failure, id: `${idPrefix}${replyId(seed, ordinal)}` },
      frames: (contents) => new AudioFrames(contents, { dialect, task, audio }),
    },
    call.response,
  ).begin();
}
