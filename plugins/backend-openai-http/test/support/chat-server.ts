import type { Socket } from "node:net";
import {
  chunk,
  delta,
  LAST_CHUNK,
  type RawRequest,
  type RawServer,
  reply,
  STREAM_HEAD,
  startRawServer,
} from "./raw-server.js";

/** How a {@link startChatServer} treats chat requests. */
export type ChatServerMode = "normal" | "failing" | "silent" | "stalling";

const DEFAULT_TOKENS = 8;

/** A server with health, models and chat, which keeps requested lengths and tells usage. */
export function startChatServer(mode: ChatServerMode): Promise<RawServer> {
  return startRawServer((socket, request) => {
    if (request.head.startsWith("GET /health ")) socket.write(reply(200, ""));
    else if (request.head.startsWith("GET /v1/models ")) socket.write(reply(200, '{"data":[{"id":"tiny"}]}'));
    else if (mode === "failing")
      socket.write(reply(500, '{"error":{"message":"broken","type":"InternalServerError"}}'));
    else if (mode === "stalling") socket.write(STREAM_HEAD + chunk(delta({ content: "stuck" })));
    else if (mode === "normal") answer(socket, request);
  });
}

function answer(socket: Socket, request: RawRequest): void {
  const body = JSON.parse(request.body) as { stream?: boolean; max_completion_tokens?: number };
  const tokens = body.max_completion_tokens ?? DEFAULT_TOKENS;
  const usage = { prompt_tokens: 6, completion_tokens: tokens, total_tokens: tokens + 6 };
  if (body.stream !== true) {
    const message = { role: "assistant", content: "t ".repeat(tokens) };
    socket.write(
      reply(200, JSON.stringify({ id: "1", choices: [{ index: 0, message, finish_reason: "length" }], usage })),
    );
    return;
  }
  socket.write(STREAM_HEAD + chunk(delta({ role: "assistant", content: "" })));
  let sent = 0;
  const next = () => {
    sent += 1;
    socket.write(chunk(delta({ content: "t " }, sent === tokens ? "length" : null)));
    if (sent < tokens) setImmediate(next);
    else
      socket.write(
        chunk(`data: ${JSON.stringify({ choices: [], usage })}\n\n`) + chunk("data: [DONE]\n\n") + LAST_CHUNK,
      );
  };
  setImmediate(next);
}
