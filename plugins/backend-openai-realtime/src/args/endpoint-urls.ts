/** URL of a path below the target for HTTP requests: `ws` becomes `http`, `wss` `https`; a path prefix is kept. */
export function httpUrl(target: string, path: string): URL {
  return below(target.replace(/^ws/i, "http"), path);
}

/** URL of a path below the target for a WebSocket: `http` becomes `ws`, `https` `wss`; a path prefix is kept. */
export function webSocketUrl(target: string, path: string): URL {
  return below(target.replace(/^http/i, "ws"), path);
}

function below(base: string, path: string): URL {
  return new URL(`${base.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}`);
}
