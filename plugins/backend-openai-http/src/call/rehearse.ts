import { createClock, RequestTimings } from "@core/backend";
import type { WireFormat } from "../api/wire-format.js";
import { cannedReply, cannedSockets, cannedStream } from "../transport/direct/canned-socket.js";
import { DirectTransport } from "../transport/direct/direct-transport.js";
import type { TransportOptions, WireRequest } from "../transport/transport.js";
import { createStats } from "../transport/transport-stats.js";
import { EventTemplates } from "./event-templates.js";
import { HttpCall } from "./http-call.js";

/** As many as V8 needs to compile the code with its quick compilers: 200 kept its slow one busy for 30 ms, and streams were read no earlier. */
const REQUESTS = 50;

/**
 * Runs requests over connections that exist in memory alone, so that the code of a request is loaded and compiled before
 * the first measured one. Without it the first burst of 100 streams is read 15 ms late. Nothing is sent to anybody.
 */
export async function rehearse(
  format: WireFormat,
  options: TransportOptions,
  wire: Omit<WireRequest, "body">,
): Promise<void> {
  const pieces = format.neverStreams
    ? cannedReply(format.sampleEvents().join(""))
    : cannedStream(format.sampleEvents());
  // Perf: two read buffers, and texts that are kept and that are not: code compiled for one of them would be compiled again
  const stages = [false, true].map((keepText) => {
    const transport = new DirectTransport(
      { ...options, origin: "http://rehearsal.invalid", useProxyEnvironment: false },
      createStats(),
      cannedSockets(pieces),
    );
    return { keepText, transport, request: transport.ready({ ...wire, body: Buffer.alloc(256, "{") }) };
  });
  const timings = new RequestTimings();
  const clock = createClock(process.hrtime.bigint());
  const { signal } = new AbortController();
  const templates = new EventTemplates();
  for (const { keepText, transport, request } of Array.from(
    { length: REQUESTS / stages.length },
    () => stages,
  ).flat()) {
    timings.reset();
    const call = new HttpCall({
      context: { signal, timings, clock, keepText },
      reader: format.createReader({}, keepText),
      stream: format.neverStreams !== true,
      redact: (text) => text,
      toResponse: (reader) => ({ ...reader.parts(), requestId: "", requestArgs: null }),
      judge: () => null,
      templates,
    });
    call.start((sink) => transport.exchange(request, sink));
    let event = await call.events.next();
    if (event.type === "first-token") event = await call.events.next();
    if (event.type !== "final") throw new Error(`the rehearsal failed: ${JSON.stringify(event)}`);
  }
  await Promise.all(stages.map(({ transport }) => transport.close()));
}
