import type { Endpoint } from "./endpoint.js";
import { TRANSCRIPTIONS, TRANSLATIONS } from "./endpoints/audio.js";
import { CAPTURED } from "./endpoints/captured.js";
import { CHAT_COMPLETIONS } from "./endpoints/chat-completions.js";
import { COMPLETIONS } from "./endpoints/completions.js";
import { EMBEDDINGS } from "./endpoints/embeddings.js";
import { HEALTH } from "./endpoints/health.js";
import { MESSAGES } from "./endpoints/messages.js";
import { METRICS } from "./endpoints/metrics.js";
import { MODEL, MODELS } from "./endpoints/models.js";
import { POOLING } from "./endpoints/pooling.js";
import { RERANK } from "./endpoints/rerank.js";
import { RESPONSES } from "./endpoints/responses.js";
import { SCORE } from "./endpoints/score.js";
import { TRUTH, TRUTH_RESET } from "./endpoints/truth.js";

/** Everything that is answered; a new endpoint is one file in `endpoints/` and its line here. */
export const ENDPOINTS: readonly Endpoint[] = [
  CAPTURED,
  CHAT_COMPLETIONS,
  COMPLETIONS,
  EMBEDDINGS,
  HEALTH,
  MESSAGES,
  METRICS,
  MODEL,
  MODELS,
  POOLING,
  ...RERANK,
  RESPONSES,
  ...SCORE,
  TRANSCRIPTIONS,
  TRANSLATIONS,
  TRUTH,
  TRUTH_RESET,
];

/** The endpoint of a path; null when there is none. */
export function endpointOf(path: string): Endpoint | null {
  return EXACT.get(path) ?? BELOW.find((endpoint) => path.startsWith(endpoint.path)) ?? null;
}

const EXACT: ReadonlyMap<string, Endpoint> = new Map(ENDPOINTS.map((endpoint) => [endpoint.path, endpoint]));
const BELOW: readonly Endpoint[] = ENDPOINTS.filter(({ path }) => path.endsWith("/"));
