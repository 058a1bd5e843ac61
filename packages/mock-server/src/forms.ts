import { ChoiceFrames } from "./frames/choice-frames.js";
import { MessagesFrames } from "./frames/messages-frames.js";
import { ResponsesFrames } from "./frames/responses-frames.js";
import type { GenerationForm, GenerationRequest } from "./generation-request.js";
import type { MockServerOptions } from "./mock-server-options.js";
import type { ReplyContents, ReplyFrames } from "./reply-frames.js";
import { readChatRequest, readCompletionRequest } from "./requests/choice-request.js";
import { readMessagesRequest } from "./requests/messages-request.js";
import { readResponsesRequest } from "./requests/responses-request.js";

/** How one form of a request for text is read and answered. */
export interface Form {
  readonly idPrefix: string;
  readonly read: (input: unknown, options: MockServerOptions) => GenerationRequest;
  readonly frames: (contents: ReplyContents) => ReplyFrames;
}

const choices = (contents: ReplyContents) => new ChoiceFrames(contents);

/** A form whose requests are JSON. */
export type JsonForm = Exclude<GenerationForm, "audio">;

/** All of them. */
export const FORMS: Readonly<Record<JsonForm, Form>> = {
  chat: { idPrefix: "chatcmpl-", read: readChatRequest, frames: choices },
  completion: { idPrefix: "cmpl-", read: readCompletionRequest, frames: choices },
  responses: {
    idPrefix: "resp_",
    read: readResponsesRequest,
    frames: (contents) => new ResponsesFrames(contents),
  },
  messages: { idPrefix: "msg_", read: readMessagesRequest, frames: (contents) => new MessagesFrames(contents) },
};
