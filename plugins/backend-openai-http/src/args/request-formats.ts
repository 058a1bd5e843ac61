/** Request formats by the path they are named after. */
export const REQUEST_FORMATS = [
  "/v1/chat/completions",
  "/v1/completions",
  "/v1/responses",
  "/v1/embeddings",
  "/v1/audio/transcriptions",
  "/v1/audio/translations",
  "/pooling",
] as const;

/** A request format. */
export type RequestFormat = (typeof REQUEST_FORMATS)[number];

/** Paths relative to the target, by the key under which `api_routes` can replace them. */
export const DEFAULT_ROUTES: Readonly<Record<RequestFormat | "/health" | "/v1/models", string>> = {
  "/health": "health",
  "/v1/models": "v1/models",
  "/v1/chat/completions": "v1/chat/completions",
  "/v1/completions": "v1/completions",
  "/v1/responses": "v1/responses",
  "/v1/embeddings": "v1/embeddings",
  "/v1/audio/transcriptions": "v1/audio/transcriptions",
  "/v1/audio/translations": "v1/audio/translations",
  "/pooling": "pooling",
};

/** A key of `api_routes`. */
export type RouteKey = keyof typeof DEFAULT_ROUTES;
