import { AUDIO_FORMAT } from "./audio/audio-format.js";
import { CHAT_FORMAT } from "./chat-completions/chat-format.js";
import { COMPLETIONS_FORMAT } from "./completions/completions-format.js";
import { EMBEDDINGS_FORMAT } from "./embeddings/embeddings-format.js";
import type { RequestFormatDefinition } from "./formats.js";
import { MESSAGES_FORMAT } from "./messages/messages-format.js";
import { POOLING_FORMAT } from "./pooling/pooling-format.js";
import { RERANK_FORMAT } from "./ranking/rerank-format.js";
import { SCORE_FORMAT } from "./ranking/score-format.js";
import { RESPONSES_FORMAT } from "./responses/responses-format.js";

/** The formats of this package, in the order in which help lists them. */
export const BUILT_IN_FORMATS: readonly Omit<RequestFormatDefinition, "packageName" | "packageVersion">[] = [
  { name: "/v1/chat/completions", summary: "Chat messages, streamed or whole.", format: CHAT_FORMAT },
  { name: "/v1/completions", summary: "One prompt, streamed or whole.", format: COMPLETIONS_FORMAT },
  { name: "/v1/responses", summary: "Responses with typed events.", format: RESPONSES_FORMAT },
  { name: "/v1/messages", summary: "Messages of the API of Anthropic.", format: MESSAGES_FORMAT },
  { name: "/v1/embeddings", summary: "Vectors of texts.", format: EMBEDDINGS_FORMAT },
  { name: "/v1/audio/transcriptions", summary: "Text of speech.", format: AUDIO_FORMAT },
  { name: "/v1/audio/translations", summary: "English text of speech.", format: AUDIO_FORMAT },
  { name: "/pooling", summary: "Pooled outputs of a model.", format: POOLING_FORMAT },
  { name: "/rerank", summary: "Documents in the order of their relevance to a query.", format: RERANK_FORMAT },
  { name: "/score", summary: "Scores of documents against a query.", format: SCORE_FORMAT },
];
