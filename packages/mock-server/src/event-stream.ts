import type { ServerResponse } from "node:http";

/**
 * Streamed body of one response. Each write goes to the socket within the call as one packet of complete HTTP chunks;
 * what a slow reader does not take is buffered and keeps nobody else waiting.
 */
export class EventStream {
  readonly #response: ServerResponse;

  /** Sends the headers at once. */
  constructor(response: ServerResponse) {
    this.#response = response;
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "transfer-encoding": "chunked" });
    response.flushHeaders();
  }

  /** Writes events (ASCII), one HTTP chunk each. */
  write(events: readonly string[]): void {
    const { socket } = this.#response;
    if (socket === null) {
      // An earlier request of the same connection is still being answered: Node keeps this reply until then.
      for (const event of events) this.#response.write(event, "latin1");
      return;
    }
    // Perf: `response.write` would send the parts of a chunk one by one and only after the current turn.
    let packet = "";
    for (const event of events) packet += `${event.length.toString(16)}\r\n${event}\r\n`;
    socket.write(packet, "latin1");
  }

  /** Writes the last events and the end of the body. */
  end(events: readonly string[]): void {
    const { socket } = this.#response;
    socket?.cork();
    this.write(events);
    this.#response.end();
    socket?.uncork();
  }
}
